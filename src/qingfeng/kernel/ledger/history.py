"""The tree over all checkpoints of a jurisdiction 检查点树: each head commits to it, so that a proof grows as its logarithm.

The complete subtrees are kept (RFC 9162, 2.1); a path, or the tree's root, is joined of a few of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.canonical import entry_of
from qingfeng.kernel.ledger.merkle import GrowingTree, Place, joined, leaf_hash, peaks, sisters
from qingfeng.kernel.ledger.models import Checkpoint, HistoryNode
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.refusals import Barred

PIECE = 2_000


def leaf_of(head: str) -> bytes:
    """The leaf hash of a checkpoint with this hash (hex)."""
    return leaf_hash(bytes.fromhex(head))


def place_of(header: Mapping[str, Any]) -> int:
    """How many checkpoints of its jurisdiction came before; the first version left no number out."""
    place: int = header["history"][0] if header["v"] == 2 else header["number"] - 1
    return place


def path(jurisdiction_id: int, index: int, size: int) -> list[bytes]:
    """The path from the checkpoint at a place up to the root over the first ``size``, lowest step first."""
    steps = sisters(index, size)
    kept = _nodes(jurisdiction_id, [place for step in steps for place in step])
    return [joined([kept[place] for place in step]) for step in steps]


def grown(jurisdiction: Jurisdiction, last: Checkpoint | None) -> GrowingTree:
    """The tree over all checkpoints up to ``last``, made of kept subtrees that agree with what the last header says.

    :raises Barred: they don't
    """
    if last is None:
        return GrowingTree()
    header = entry_of(last.header.encode())
    size = place_of(header) + 1
    try:
        kept = _nodes(jurisdiction.pk, [*peaks(size), *peaks(size - 1)])
        tree = GrowingTree(size - 1, [kept[place] for place in peaks(size - 1)])
        agrees = header["v"] == 1 or tree.root().hex() == header["history"][1]
        tree.add(leaf_of(last.hash))
        agrees = agrees and tree.root() == GrowingTree(size, [kept[place] for place in peaks(size)]).root()
    except KeyError:
        agrees = False
    if not agrees:
        raise Barred(
            format_lazy(
                _("The kept history of {} is not the one its last head commits to."), jurisdiction.code
            ),
            remedy=_("Keep the database as it is, and tell the audit administrator."),
        )
    return tree


def keep(jurisdiction: Jurisdiction, tree: GrowingTree, heads: Sequence[str]) -> None:
    """Add checkpoints by their hashes (hex) to the tree, and keep the subtrees that are complete then."""
    HistoryNode.objects.bulk_create(
        HistoryNode(jurisdiction=jurisdiction, level=level, place=index, hash=digest.hex())
        for head in heads
        for (level, index), digest in tree.add(leaf_of(head))
    )


def grow(jurisdiction: Jurisdiction) -> None:
    """Keep the subtrees of the checkpoints made before there was such a tree, a piece at a time."""
    heads = (
        Checkpoint.objects.filter(jurisdiction=jurisdiction).order_by("number").values_list("hash", flat=True)
    )
    while True:
        with transaction.atomic():
            Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction.pk)
            leaves = HistoryNode.objects.filter(jurisdiction=jurisdiction, level=0)
            newest = leaves.order_by("-place").values_list("place", flat=True).first()
            size = 0 if newest is None else newest + 1
            waiting = list(heads[size : size + PIECE])
            if not waiting:
                return
            kept = _nodes(jurisdiction.pk, peaks(size))
            keep(jurisdiction, GrowingTree(size, [kept[place] for place in peaks(size)]), waiting)


def _nodes(jurisdiction_id: int, places: Iterable[Place]) -> dict[Place, bytes]:
    levels: dict[int, set[int]] = defaultdict(set)
    for level, index in places:
        levels[level].add(index)
    if not levels:
        return {}
    wanted = Q(pk__in=())
    for level, indices in levels.items():
        wanted |= Q(level=level, place__in=indices)
    rows = HistoryNode.objects.filter(wanted, jurisdiction_id=jurisdiction_id)
    return {
        (level, index): bytes.fromhex(digest)
        for level, index, digest in rows.values_list("level", "place", "hash")
    }
