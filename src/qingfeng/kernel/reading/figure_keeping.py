"""The keeping of figures 统计数留存, which the worker does: what moved since is counted anew, a piece at a time.

What a piece holds is counted outside any transaction, and written in one that finds nothing else was kept meanwhile. A
count that saw an act half is no harm: the act's entry comes after what is kept, so readers count its block anew, and so
does the next piece, which takes off exactly what this one added.
"""

from __future__ import annotations

import logging
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain

import orjson
from django.db import connection, transaction
from django.db.models import Max, Q

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.ledger.checkpoints import running
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.reading.kept_figures import (
    BLOCK,
    WHOLE,
    KeptBlock,
    KeptSum,
    KeptUpTo,
    Part,
    Place,
    Readership,
    ReadershipHolder,
    declared,
    in_blocks,
    kinds,
    name_of,
    packed,
    parts_kept,
)
from qingfeng.kernel.reading.tallies import Sums, add, tallies_of

log = logging.getLogger(__name__)

ENTRIES_AT_ONCE = 1_000
BLOCKS_AT_ONCE = 512
"""A second's work, more or less."""


def keep(now: datetime) -> int:
    """Keep a piece of what is not kept yet or moved since; returns how many blocks it was."""
    upto = KeptUpTo.objects.first()
    if upto is None or upto.tallies != declared():
        upto = begin_anew()
    held = upto.mark
    last = upto.upto
    _settle(upto)
    moved: set[int] = set()
    if upto.matters:
        entries = (
            Entry.objects.filter(pk__gt=last, pk__lte=upto.upto).order_by("pk").values_list("pk", "matter")
        )
        some = list(entries[:ENTRIES_AT_ONCE])
        moved = {matter // BLOCK for _pk, matter in some if matter < upto.matters}
        if len(some) == ENTRIES_AT_ONCE:
            upto.upto = some[-1][0]
    top = (Matter.objects.aggregate(top=Max("pk"))["top"] or 0) if upto.upto else 0
    first, after = upto.matters // BLOCK, top // BLOCK + 1
    fresh = range(first, min(after, first + max(0, BLOCKS_AT_ONCE - len(moved))))
    upto.matters, upto.whole = max(upto.matters, fresh.stop * BLOCK), fresh.stop >= after
    parts = parts_of(in_blocks(moved), moved) if moved else {}
    if fresh:
        parts |= parts_of(Q(pk__gte=fresh.start * BLOCK, pk__lt=fresh.stop * BLOCK), fresh)
    if not parts and upto.mark == held:
        return 0
    return len(parts) if _write(upto, held, moved, parts) else 0


def begin_anew() -> KeptUpTo:
    """Forget all that is kept; readings count everything until it is kept again."""
    with transaction.atomic():
        for kept in (KeptUpTo, KeptSum, KeptBlock):
            kept.objects.all().delete()
        made: KeptUpTo = KeptUpTo.objects.create(pk=1, tallies=declared(), made=secrets.randbits(62))
    return made


def _settle(upto: KeptUpTo) -> None:
    """Go on to the last entry before which none is still to come."""
    seen = Entry.objects.aggregate(last=Max("pk"))["last"] or 0
    oldest, following = running()
    if connection.vendor == "sqlite" or oldest >= following:
        upto.upto = upto.seen = seen  # nothing runs that could enter one before it
    elif oldest >= upto.horizon:
        upto.upto, upto.seen, upto.horizon = upto.seen, seen, following


def parts_of(condition: Q, blocks: Collection[int]) -> dict[int, list[Part]]:
    """What the matters of some blocks add, block by block, as they stand."""
    matters = {
        pk: (code, jurisdiction)
        for pk, code, jurisdiction in Matter.objects.filter(condition).values_list(
            "pk", "mechanism", "jurisdiction"
        )
    }
    readerships = _readerships(matters)
    sums: dict[int, dict[tuple[str, int, int, int], Sums]] = {block: defaultdict(dict) for block in blocks}
    for kind in kinds():
        if kind is not Matter and all(code != kind.code for code, _jurisdiction in matters.values()):
            continue
        for tally in tallies_of(kind).values():
            for pk, name, year, key, figures in tally.of_each(kind._default_manager.filter(condition)):
                if pk in matters:
                    place = (name_of(kind, name), matters[pk][1], readerships[pk], year)
                    add(sums[pk // BLOCK][place], key, figures)
    return {
        block: [Part(*place, key, figures) for place, keys in of.items() for key, figures in keys.items()]
        for block, of in sums.items()
    }


def _readerships(matters: Collection[int]) -> dict[int, int]:
    """The readership of each of some matters; those nobody had before are made. That of no holder is one too."""
    if not matters:
        return {}
    holders: dict[int, set[str]] = {pk: set() for pk in matters}
    first, last = min(matters), max(matters)
    near = (
        Q(matter__gte=first, matter__lte=last) if last - first < 2 * len(matters) else Q(matter__in=matters)
    )
    for matter, holder in Access.objects.filter(near).order_by().values_list("matter", "holder"):
        if matter in holders:
            holders[matter].add(holder)
    named = {pk: " ".join(sorted(some)) for pk, some in holders.items()}
    digests = {words: sm3(words.encode()).hex() for words in set(named.values())}
    known = dict(Readership.objects.filter(digest__in=digests.values()).values_list("digest", "pk"))
    for words, digest in digests.items():
        if digest not in known:
            known[digest] = _made(digest, words.split())
    return {pk: known[digests[words]] for pk, words in named.items()}


def _made(digest: str, holders: Iterable[str]) -> int:
    with transaction.atomic():
        made, fresh = Readership.objects.get_or_create(digest=digest)
        if fresh:
            ReadershipHolder.objects.bulk_create(
                ReadershipHolder(readership=made, holder=holder) for holder in holders
            )
    return made.pk


def _write(
    upto: KeptUpTo, held: tuple[int, ...], moved: Collection[int], parts: Mapping[int, list[Part]]
) -> bool:
    """Keep parts in place of those of blocks that moved, if nothing was kept since; whether it was done."""
    with transaction.atomic():
        there = KeptUpTo.objects.select_for_update().first()
        if there is None or there.mark != held:
            return False
        before = parts_kept(moved) if moved else {}
        if len(before) < len(moved):
            log.error(
                "the kept figures of %s blocks are gone; all are counted anew", len(moved) - len(before)
            )
            begin_anew()
            return False
        upto.save()
        if parts:
            _add(_turned(before.values()), parts.values())
            KeptBlock.objects.bulk_create(
                (KeptBlock(pk=block, packed=packed(some)) for block, some in parts.items()),
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["packed"],
                batch_size=1_000,
            )
    return True


def _turned(blocks: Iterable[Mapping[str, Iterable[Part]]]) -> Iterator[list[Part]]:
    for by_tally in blocks:
        parts = chain.from_iterable(by_tally.values())
        yield [part._replace(figures=[-one for one in part.figures]) for part in parts]


def add_parts(sums: dict[Place, list[int]], parts: Iterable[Part]) -> None:
    """Add parts to the sums of their readership and of the whole."""
    for part in parts:
        for readership in (part.readership, WHOLE):
            add(sums, Place(part.tally, part.jurisdiction, readership, part.year, part.key), part.figures)


def _add(*blocks: Iterable[Iterable[Part]]) -> None:
    """Add parts to the sums that are kept."""
    change: dict[Place, list[int]] = {}
    for block in chain.from_iterable(blocks):
        add_parts(change, block)
    places = {sm3(orjson.dumps([*place])).hex(): place for place, figures in change.items() if any(figures)}
    for digest, figures in KeptSum.objects.filter(pk__in=places).values_list("pk", "figures"):
        add(change, places[digest], figures)
    KeptSum.objects.filter(
        pk__in=[digest for digest, place in places.items() if not any(change[place])]
    ).delete()
    KeptSum.objects.bulk_create(
        (
            KeptSum(place=digest, **place._asdict(), figures=change[place])
            for digest, place in places.items()
            if any(change[place])
        ),
        update_conflicts=True,
        unique_fields=["place"],
        update_fields=["figures"],
        batch_size=1_000,
    )
