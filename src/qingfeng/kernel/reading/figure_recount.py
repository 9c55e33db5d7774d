"""Recounts 复核: kept figures held against what is counted anew, by sample or all of them."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from itertools import chain

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.access import Reach
from qingfeng.kernel.reading.figure_keeping import add_parts, parts_of
from qingfeng.kernel.reading.kept_figures import (
    BLOCK,
    WHOLE,
    KeptSum,
    KeptUpTo,
    Part,
    Place,
    ReadershipHolder,
    counted,
    in_blocks,
    kinds,
    moved_since,
    name_of,
    parts_kept,
    standing,
)
from qingfeng.kernel.reading.tallies import FACTS, add, tallies_of
from qingfeng.kernel.text.words import Words

SAMPLE = 24
"""Blocks that are counted anew for a sample."""
AT_ONCE = 512


def sampled() -> Iterator[Words]:
    """What a sample finds wrong: of some blocks, of the sums of one tally, of the figures of one holder."""
    upto = standing()
    if upto is None:
        return
    blocks = range(upto.matters // BLOCK)
    yield from _said(_blocks_differing(random.sample(blocks, min(SAMPLE, len(blocks)))))
    place = _any()
    if place is None:
        return
    rows = KeptSum.objects.filter(tally=place.tally, year=place.year)
    sums: dict[tuple[int, str], list[int]] = {}
    for jurisdiction, readership, key, figures in rows.values_list(
        "jurisdiction", "readership", "key", "figures"
    ):
        signed = [-one for one in figures] if readership == WHOLE else figures
        add(sums, (jurisdiction, key), signed)
    if any(map(any, sums.values())) and _still(upto):
        yield from _said([place.tally])
    yield from _said(_of_holder(place))


def recounted() -> Iterator[Words]:
    """All that is wrong: every block and every sum is counted anew, which takes as long as keeping them did."""
    upto = standing()
    if upto is None:
        yield _("No figures are kept; the worker keeps them anew.")
        return
    sums: dict[Place, list[int]] = {}
    last = upto.matters // BLOCK
    for first in range(0, last, AT_ONCE):
        blocks = range(first, min(last, first + AT_ONCE))
        yield from _said(_blocks_differing(blocks))
        for by_tally in parts_kept(blocks).values():
            add_parts(sums, chain.from_iterable(by_tally.values()))
    wanted = {place: figures for place, figures in sums.items() if any(figures)}
    rows = KeptSum.objects.values_list(*Place._fields, "figures")
    kept: dict[Place, list[int]] = {Place(*row[:-1]): row[-1] for row in rows.iterator()}
    if not _still(upto):
        yield _("The worker kept figures meanwhile; run it once more.")
        return
    yield from _said(
        sorted({place[0] for place in kept.keys() | wanted.keys() if kept.get(place) != wanted.get(place)})
    )


def _blocks_differing(blocks: Iterable[int]) -> list[str]:
    """The tallies that some blocks have otherwise than they should; those in which acts were entered since have no say."""
    blocks = list(blocks)
    kept, anew = parts_kept(blocks), parts_of(in_blocks(blocks), blocks)
    upto = standing()
    moved = moved_since(upto) if upto is not None else None
    if upto is None or moved is None:
        return []
    found = set()
    for block in set(blocks) - set(moved.blocks):
        if block not in kept:
            found.add(str(_("block {}")).format(block))
            continue
        found |= {part.tally for part in _differing(chain.from_iterable(kept[block].values()), anew[block])}
    return sorted(found)


def _differing(kept: Iterable[Part], anew: Iterable[Part]) -> Iterator[Part]:
    def comparable(parts: Iterable[Part]) -> dict[tuple[object, ...], Part]:
        return {(*part[:-1], tuple(part.figures)): part for part in parts}

    one, other = comparable(kept), comparable(anew)
    return iter({key: part for key, part in (one | other).items() if (key in one) != (key in other)}.values())


def _any() -> KeptSum | None:
    """A sum drawn by lot."""
    found = KeptSum.objects.filter(place__gte=f"{random.getrandbits(256):064x}").order_by("place").first()
    return found or KeptSum.objects.order_by("place").first()


def _of_holder(place: KeptSum) -> list[str]:
    """The tally of a sum, where a holder of its readership has other figures than are counted anew."""
    holder = (
        ReadershipHolder.objects.filter(readership=place.readership).values_list("holder", flat=True).first()
    )
    for kind in kinds()[1:]:
        for tally in [*tallies_of(kind).values(), FACTS.part(place.tally.partition(f".{FACTS.name}.")[2])]:
            if holder is not None and name_of(kind, tally.name) == place.tally:
                reach = Reach((), (holder,))
                kept = counted(tally, kind, reach, place.year)
                anew: dict[str, list[int]] = {}
                matters = reach.narrow(kind._default_manager.all(), to_count=True)
                for _name, key, figures in tally.counted(matters, place.year):
                    add(anew, key, figures)
                return [place.tally] if kept != anew else []
    return []


def _still(upto: KeptUpTo) -> bool:
    again = standing()
    return again is not None and again.mark == upto.mark


def _said(tallies: Iterable[str]) -> Iterator[Words]:
    for name in tallies:
        yield format_lazy(
            _("The kept figures “{}” are not what is counted anew; run “qingfeng figures --anew”."), name
        )
