"""The keeping of figures 统计数留存, which the worker does: what moved since is counted anew, a piece at a time.

What a piece holds is counted outside any transaction, and written in one that finds nothing else was kept meanwhile. A
count that saw an act half is no harm: the act's entry comes after what is kept, so readers count its block anew, and so
does the next piece, which takes off exactly what this one added.
"""

from __future__ import annotations

import logging
import secrets
import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime

import orjson
from django.db import connection, transaction
from django.db.models import Max, Q

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.ledger.checkpoints import running
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.reading.kept_figures import (
    BLOCK,
    KeptBlock,
    KeptSum,
    KeptUpTo,
    Part,
    Readership,
    ReadershipHolder,
    declared,
    in_blocks,
    name_of,
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
    parts = _parts_of(in_blocks(moved), moved) if moved else {}
    if fresh:
        parts |= _parts_of(Q(pk__gte=fresh.start * BLOCK, pk__lt=fresh.stop * BLOCK), fresh)
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
        upto.upto = seen  # nothing runs that could enter one before it
    elif oldest >= upto.horizon:
        upto.upto, upto.seen, upto.horizon = upto.seen, seen, following


def _parts_of(condition: Q, blocks: Collection[int]) -> dict[int, list[Part]]:
    """What the matters of some blocks add, block by block, as they stand."""
    matters = {
        pk: (code, jurisdiction)
        for pk, code, jurisdiction in Matter.objects.filter(condition).values_list(
            "pk", "mechanism", "jurisdiction"
        )
    }
    readerships = _readerships(matters)
    sums: dict[int, dict[tuple[str, int, int, int], Sums]] = {block: defaultdict(dict) for block in blocks}
    for kind in (Matter, *mechanisms().values()):
        if kind is not Matter and all(code != kind.code for code, _jurisdiction in matters.values()):
            continue
        for tally in tallies_of(kind).values():
            for pk, name, year, key, figures in tally.of_each(kind._default_manager.filter(condition)):
                if pk in matters:
                    place = (name_of(kind, name), matters[pk][1], readerships.get(pk, 0), year)
                    add(sums[pk // BLOCK][place], key, figures)
    return {
        block: [Part(*place, key, figures) for place, keys in of.items() for key, figures in keys.items()]
        for block, of in sums.items()
    }


def _readerships(matters: Collection[int]) -> dict[int, int]:
    """The readership of each of some matters that anybody has a row of; those nobody had before are made."""
    if not matters:
        return {}
    holders: dict[int, set[str]] = defaultdict(set)
    rows = Access.objects.filter(matter__gte=min(matters), matter__lte=max(matters))
    if len(matters) < (max(matters) - min(matters)) // 2:
        rows = Access.objects.filter(matter__in=matters)
    for matter, holder in rows.order_by().values_list("matter", "holder"):
        holders[matter].add(holder)
    named = {pk: " ".join(sorted(some)) for pk, some in holders.items() if pk in matters}
    digests = {words: sm3(words.encode()).hex() for words in set(named.values())}
    known = dict(Readership.objects.filter(digest__in=digests.values()).values_list("digest", "pk"))
    for words, digest in digests.items():
        if digest not in known:
            with transaction.atomic():
                made, created = Readership.objects.get_or_create(digest=digest)
                if created:
                    ReadershipHolder.objects.bulk_create(
                        ReadershipHolder(readership=made, holder=holder) for holder in words.split()
                    )
            known[digest] = made.pk
    return {pk: known[digests[words]] for pk, words in named.items()}


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
                (
                    KeptBlock(pk=block, packed=zlib.compress(orjson.dumps([list(part) for part in some])))
                    for block, some in parts.items()
                ),
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=["packed"],
                batch_size=1_000,
            )
    return True


def _turned(blocks: Iterable[Iterable[Part]]) -> Iterator[list[Part]]:
    for some in blocks:
        yield [part._replace(figures=[-one for one in part.figures]) for part in some]


def _add(*blocks: Iterable[Iterable[Part]]) -> None:
    """Add parts to the sums of their readership and of the whole."""
    change: dict[str, KeptSum] = {}
    for part in (part for some in blocks for block in some for part in block):
        for readership in {part.readership, 0}:
            place = sm3(orjson.dumps([part.tally, part.jurisdiction, readership, part.year, part.key])).hex()
            if place in change:
                held = change[place]
                held.figures = [a + b for a, b in zip(held.figures, part.figures, strict=True)]
            else:
                change[place] = KeptSum(
                    place=place,
                    tally=part.tally,
                    jurisdiction=part.jurisdiction,
                    readership=readership,
                    year=part.year,
                    key=part.key,
                    figures=part.figures,
                )
    change = {place: one for place, one in change.items() if any(one.figures)}
    for place, kept in KeptSum.objects.in_bulk(list(change)).items():
        change[place].figures = [a + b for a, b in zip(change[place].figures, kept.figures, strict=True)]
    gone = [place for place, one in change.items() if not any(one.figures)]
    KeptSum.objects.filter(pk__in=gone).delete()
    KeptSum.objects.bulk_create(
        (one for one in change.values() if any(one.figures)),
        update_conflicts=True,
        unique_fields=["place"],
        update_fields=["figures"],
        batch_size=1_000,
    )
