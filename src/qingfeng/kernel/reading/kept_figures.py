"""Kept figures 留存的统计数: the sums of tallies, kept by the worker, and what moved since added when they are asked for.

Acts write none of it. Of each block of sixteen matters it is kept what they add to the sums; a reading takes the sums,
takes off what the blocks added in which an act was entered since, and counts these blocks anew. So the figures are those
of this moment, whether the worker was here just now or never, and all of it can be deleted at any time.

Sums are kept of the whole of a jurisdiction, and by readership: the holders that the rows of a matter name. What a
reader of some keys may read is then the sum over the readerships that have one of them, each matter counted once.
"""

from __future__ import annotations

import logging
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import ClassVar, NamedTuple, TypeAlias

import orjson
from django.db import connections, models
from django.db.models import Q, QuerySet

from qingfeng.kernel.acts.access import Reach, readable_everywhere
from qingfeng.kernel.guards.base import NOTHING
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.reading.compiled import compiled, int_slot, text_slot
from qingfeng.kernel.reading.tallies import Key, Sums, Tally, add, tallies_of

log = logging.getLogger(__name__)

BLOCK = 16
"""Matters whose part in the sums is kept together: what an act moves is counted anew with its neighbours."""
MOST_MOVED = 500
"""Matters; where acts were entered in more since the worker came, everything is counted."""


WHOLE = 0
"""In place of a readership: all matters of a jurisdiction, whoever has a row of them."""


class Place(NamedTuple):
    """Where a sum is kept."""

    tally: str
    jurisdiction: int
    readership: int
    year: int
    key: str


class Part(NamedTuple):
    """What matters of one block add to the sums at a place."""

    tally: str
    jurisdiction: int
    readership: int
    year: int
    key: str
    figures: list[int]


class Readership(models.Model):
    """The holders that may read a matter by its rows 知悉范围; many matters have the same."""

    no_record: ClassVar[str] = "made from the access rows, which are held against entries"

    digest = models.CharField(max_length=64, unique=True)


class ReadershipHolder(models.Model):
    """One of the holders of a readership."""

    no_record: ClassVar[str] = Readership.no_record

    readership = models.ForeignKey(Readership, models.CASCADE, related_name="holders", db_index=False)
    holder = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["holder", "readership"], name="one_holder_a_readership"),
        ]


class KeptUpTo(models.Model):
    """How far figures are kept: the entries up to ``upto``, the matters before ``matters``; ``whole``: no others were there.

    ``seen`` and ``horizon`` are what is asked of entries that can't be seen yet, as for checkpoints. ``tallies`` is the
    digest of what is counted, ``made`` is drawn when keeping begins anew.
    """

    no_record: ClassVar[str] = "what is kept is counted anew at any time"

    upto = models.PositiveBigIntegerField(default=0)
    seen = models.PositiveBigIntegerField(default=0)
    horizon = models.PositiveBigIntegerField(default=0)
    matters = models.PositiveBigIntegerField(default=0)
    whole = models.BooleanField(default=False)
    tallies = models.CharField(max_length=64)
    made = models.PositiveBigIntegerField()

    @property
    def mark(self) -> tuple[int, ...]:
        """What is another whenever anything was kept."""
        return self.made, self.upto, self.seen, self.horizon, self.matters, self.whole


class KeptBlock(models.Model):
    """What each matter of a block adds to the sums, packed; the block's id is a sixteenth of theirs."""

    no_record: ClassVar[str] = KeptUpTo.no_record

    id = models.PositiveBigIntegerField(primary_key=True)
    packed = models.BinaryField()


class KeptSum(models.Model):
    """The figures of a tally at one place, whose digest is its key."""

    no_record: ClassVar[str] = KeptUpTo.no_record

    place = models.CharField(max_length=64, primary_key=True)
    tally = models.CharField(max_length=120)
    jurisdiction = models.PositiveBigIntegerField()
    readership = models.PositiveBigIntegerField()
    year = models.PositiveSmallIntegerField()
    key = models.TextField()
    figures = models.JSONField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["tally", "year", "readership"], name="kept_sum_read"),
        ]


@dataclass(frozen=True)
class ReaderScope:
    """What a reader may read of a class of matters: how far they reach, and by which readerships."""

    reach: Reach
    readerships: frozenset[int]

    @classmethod
    def of(cls, reach: Reach) -> ReaderScope:
        if not reach.keys:
            return cls(reach, frozenset())
        return cls(reach, frozenset(pk for (pk,) in compiled(_held, len(reach.keys))(*reach.keys)))

    def has(self, jurisdiction: int, readership: int) -> bool:
        """Whether it has the matters of a jurisdiction and readership."""
        standing = self.reach.standing
        return standing is None or jurisdiction in standing or readership in self.readerships

    def condition(self) -> Q:
        """The sums that are those of all it has: of jurisdictions it has whole the whole, of others by readership."""
        standing = self.reach.standing
        if standing is None:
            return Q(readership=WHOLE)
        whole = Q(readership=WHOLE, jurisdiction__in=standing)
        if not self.readerships:
            return whole
        return whole | Q(readership__in=self.readerships) & ~Q(jurisdiction__in=standing)


class Moved(NamedTuple):
    """In which blocks acts were entered since, and whether there are matters beyond them that are not kept at all."""

    blocks: tuple[int, ...]
    beyond: bool


Anew: TypeAlias = Callable[[Q | None], Iterable[tuple[str, Key, list[int]]]]
"""Counts anew, of matters that meet a condition or of all: the name of a tally, the key, the figures."""


def counted(tally: Tally, kind: type[Matter], reach: Reach, year: int) -> Sums:
    """The figures of a tally over what a reader may read of a class of matters, as they are at this moment."""
    name = name_of(kind, tally.name)

    def anew(condition: Q | None) -> Iterator[tuple[str, Key, list[int]]]:
        matters = kind._default_manager.all()
        some = matters if condition is None else matters.filter(condition)
        narrowed = reach.narrow(some, to_count=condition is None)
        return ((name, key, figures) for _name, key, figures in tally.counted(narrowed, year))

    return _counted({name: ReaderScope.of(reach)}, (year,), anew)[name]


def counted_everywhere(
    tally: Tally, actor: Actor, classes: Collection[type[Matter]], years: Collection[int]
) -> dict[str, Sums]:
    """The figures of a tally of the table of all matters, over what an actor may read of some classes, by their codes."""
    names = {name_of(Matter, tally.part_named(kind.code)): kind.code for kind in classes}
    scopes: dict[Reach, ReaderScope] = {}
    wanted = {}
    for name, kind in zip(names, classes, strict=True):
        reach = Reach.of(actor, kind)
        wanted[name] = scopes.setdefault(reach, scopes.get(reach) or ReaderScope.of(reach))

    def anew(condition: Q | None) -> Iterator[tuple[str, Key, list[int]]]:
        matters = readable_everywhere(actor, classes).filter(mechanism__in=names.values())
        matters = matters if condition is None else matters.filter(condition)
        for year in years:
            for name, key, figures in tally.counted(matters, year):
                yield name_of(Matter, name), key, figures

    return {names[name]: sums for name, sums in _counted(wanted, years, anew).items()}


def _counted(wanted: Mapping[str, ReaderScope], years: Collection[int], anew: Anew) -> dict[str, Sums]:
    for _again in range(2):
        upto = standing()
        moved = moved_since(upto) if upto is not None else None
        if upto is None or moved is None:
            break
        found = _from_kept(upto, moved, wanted, years, anew)
        again = standing()
        if again is not None and again.mark == upto.mark:  # else the worker was here in between
            if found is None:
                log.error("blocks that figures are kept of are gone: see “qingfeng figures”")
                break
            return found
    every: dict[str, Sums] = {name: {} for name in wanted}
    for name, key, figures in anew(None):
        add(every[name], key, figures)
    return every


def _from_kept(
    upto: KeptUpTo, moved: Moved, wanted: Mapping[str, ReaderScope], years: Collection[int], anew: Anew
) -> dict[str, Sums] | None:
    found: dict[str, Sums] = {name: {} for name in wanted}
    named: dict[ReaderScope, list[str]] = defaultdict(list)
    for name, scope in wanted.items():
        named[scope].append(name)
    condition = NOTHING
    for scope, names in named.items():
        condition |= Q(tally__in=names) & scope.condition()
    rows = KeptSum.objects.filter(condition, year__in=years)
    for name, key, figures in rows.values_list("tally", "key", "figures"):
        add(found[name], key, figures)
    if moved.blocks:
        before = parts_kept(moved.blocks)
        if len(before) < len(moved.blocks):
            return None
        for by_tally in before.values():
            for name in wanted.keys() & by_tally.keys():
                for part in by_tally[name]:
                    if part.year in years and wanted[name].has(part.jurisdiction, part.readership):
                        add(found[name], part.key, [-one for one in part.figures])
    if moved.blocks or moved.beyond:
        there = in_blocks(moved.blocks)
        for name, key, figures in anew(there | Q(pk__gte=upto.matters) if moved.beyond else there):
            add(found[name], key, figures)
    return {
        name: {key: figures for key, figures in sums.items() if figures[0]} for name, sums in found.items()
    }


def name_of(kind: type[Matter], tally: str) -> str:
    """What the sums of a tally of a class of matters, or of all, are kept under."""
    return f"{kind.code}.{tally}"


def standing() -> KeptUpTo | None:
    """How far figures are kept that can be used: of what is counted today."""
    upto: KeptUpTo
    for upto in compiled(_kept_up_to)():
        if upto.matters and upto.tallies == declared():
            return upto
    return None


def moved_since(upto: KeptUpTo) -> Moved | None:
    """What acts moved since figures were kept; none where that is so much that all may as well be counted."""
    matters = [pk for (pk,) in compiled(_entered, MOST_MOVED + 1)(upto.upto)]
    beyond = not upto.whole or any(pk >= upto.matters for pk in matters)
    blocks = {pk // BLOCK for pk in matters if pk < upto.matters}
    return Moved(tuple(sorted(blocks)), beyond) if len(matters) <= MOST_MOVED else None


def _held(keys: int) -> QuerySet[ReadershipHolder, tuple[int]]:
    held = ReadershipHolder.objects.filter(holder__in=[text_slot(place) for place in range(keys)])
    return held.values_list("readership")


def _kept_up_to() -> QuerySet[KeptUpTo]:
    return KeptUpTo.objects.order_by("pk")[:1]


def _entered(most: int) -> QuerySet[Entry, tuple[int]]:
    return Entry.objects.filter(pk__gt=int_slot(0)).values_list("matter").distinct()[:most]


def in_blocks(blocks: Iterable[int], path: str = "pk") -> Q:
    return Q(**{f"{path}__in": [block * BLOCK + place for block in blocks for place in range(BLOCK)]})


def parts_kept(blocks: Collection[int]) -> dict[int, Mapping[str, Sequence[Part]]]:
    """What some blocks add to the sums as it is kept, by tally; those of which nothing is kept are left out."""
    rows = KeptBlock.objects.filter(pk__in=blocks).values_list("pk", "packed")
    return {block: _unpacked(bytes(packed)) for block, packed in rows}


def packed(parts: Iterable[Part]) -> bytes:
    """Parts as they are kept."""
    return zlib.compress(orjson.dumps([list(part) for part in parts]))


@lru_cache(maxsize=2_000)
def _unpacked(packed: bytes) -> Mapping[str, Sequence[Part]]:
    # Each figure of a page asks for the same blocks, and so does the next page.
    found: dict[str, list[Part]] = defaultdict(list)
    for one in orjson.loads(zlib.decompress(packed)):
        found[one[0]].append(Part(*one))
    return dict(found)


def kinds() -> list[type[Matter]]:
    """The table of all matters, and each class of them."""
    return [Matter, *mechanisms().values()]


@cache
def declared() -> str:
    """The digest of all that is counted: where a release counts otherwise, nothing of before is used."""
    statements = [
        [name_of(kind, tally.name), tally.statement(kind)]
        for kind in kinds()
        for tally in tallies_of(kind).values()
    ]
    return sm3(orjson.dumps([BLOCK, statements])).hex()


def forget(using: str) -> None:
    """Use nothing that was kept before: a migration may have changed what is counted."""
    if KeptUpTo._meta.db_table in connections[using].introspection.table_names():
        KeptUpTo.objects.using(using).all().delete()
