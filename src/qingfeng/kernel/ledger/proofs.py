"""Proofs 存证证明: an entry's path in its checkpoint's tree, that checkpoint's in a head's history, the head, the keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qingfeng.kernel.ledger import keychain
from qingfeng.kernel.ledger.canonical import entry_of
from qingfeng.kernel.ledger.history import path, place_of
from qingfeng.kernel.ledger.merkle import inclusion_path
from qingfeng.kernel.ledger.models import Checkpoint, Entry, Leaf
from qingfeng.kernel.refusals import NotFound


def proof(entry: Entry, held: str = "") -> dict[str, Any]:
    """The proof bundle of an entry, for the stand-alone verifier.

    :param held: the hash of the head the proof shall lead to, because its reader holds it; else the newest
    :raises NotFound: no checkpoint holds it yet, the next one does within a minute; or the head held is older than it
    """
    leaf = Leaf.objects.filter(entry=entry).select_related("checkpoint").first()
    if leaf is None:
        raise NotFound
    checkpoint = leaf.checkpoint
    heads = Checkpoint.objects.filter(
        jurisdiction_id=checkpoint.jurisdiction_id, number__gte=checkpoint.number
    )
    head = (heads.filter(hash=held) if held else heads).order_by("-number").first()
    if head is None or entry_of(head.header.encode())["v"] == 1:
        raise NotFound
    place, size = (place_of(entry_of(one.header.encode())) for one in (checkpoint, head))
    leaves = leaf_hashes(checkpoint)
    return {
        "v": 2,
        "entry": entry.body,
        "index": leaf.position,
        "size": len(leaves),
        "path": [step.hex() for step in inclusion_path(leaves, leaf.position)],
        "checkpoint": checkpoint.header,
        "signature": checkpoint.signature,
        "place": place,
        "history": [
            step.hex() for step in (path(checkpoint.jurisdiction_id, place, size) if place < size else ())
        ],
        "head": {"header": head.header, "signature": head.signature},
        "keys": [{"statement": key.body, "signature": key.signature} for key in keychain.standing()],
    }


def leaf_hashes(checkpoint: Checkpoint) -> Sequence[bytes]:
    """The leaf hashes of a checkpoint in their order."""
    hashes = checkpoint.leaves.order_by("position").values_list("entry__hash", flat=True)
    return [bytes.fromhex(leaf) for leaf in hashes]
