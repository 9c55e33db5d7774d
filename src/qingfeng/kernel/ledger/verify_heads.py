"""Verification of what covers the entries: checkpoints with their trees and signatures, and the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from qingfeng.kernel.journal import JournalEntry, JournalHead
from qingfeng.kernel.ledger.canonical import entry_of
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.faults import Fault
from qingfeng.kernel.ledger.merkle import leaf_hash, root
from qingfeng.kernel.ledger.models import Checkpoint, Leaf
from qingfeng.kernel.ledger.signing import Verifier, key_id_of
from qingfeng.kernel.ledger.values import plain


def heads(hashes: Mapping[int, str]) -> Iterator[Fault]:
    """Checkpoints whose tree, chain or signature does not hold.

    :param hashes: the hash (hex) of every entry that is there, made anew from its body
    """
    leaves: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for entry_id, checkpoint_id, position in (
        Leaf.objects.order_by("checkpoint_id", "position")
        .values_list("entry_id", "checkpoint_id", "position")
        .iterator(5000)
    ):
        leaves[checkpoint_id].append((position, entry_id))
    before: dict[int, tuple[int, str]] = {}
    lines = dict(JournalEntry.objects.values_list("seq", "hash").iterator(5000))
    for checkpoint in Checkpoint.objects.select_related("jurisdiction").order_by("jurisdiction_id", "number"):
        where = f"checkpoint:{checkpoint.jurisdiction.code}/{checkpoint.number}"
        raw = checkpoint.header.encode()
        hashed = sm3(raw).hex()
        number, prev = before.get(checkpoint.jurisdiction_id, (0, ""))
        before[checkpoint.jurisdiction_id] = (checkpoint.number, hashed)
        try:
            header = entry_of(raw)
            signed = Verifier(bytes.fromhex(checkpoint.public_key)).verify(
                bytes.fromhex(checkpoint.signature), raw
            )
        except ValueError:
            yield Fault(where, "the header, signature or key can't be read")
            continue
        if hashed != checkpoint.hash or header["prev"] != prev or header["number"] != number + 1:
            yield Fault(where, "it does not follow the checkpoint before it")
        if header["number"] != checkpoint.number or header["jurisdiction"] != checkpoint.jurisdiction.code:
            yield Fault(where, "its columns are not what its header says")
        if not signed or key_id_of(bytes.fromhex(checkpoint.public_key)) != header["key"]:
            yield Fault(where, "its signature does not hold")
        seen, line = header["journal"]
        if lines.get(seen, "") != line:
            yield Fault(where, "the journal it saw is not the one that is there")
        places = leaves.pop(checkpoint.pk, [])
        if [place for place, _entry in places] != list(range(header["size"])):
            yield Fault(where, "a leaf of its tree is missing, or one too many")
            continue
        missing = [entry for _place, entry in places if entry not in hashes]
        for entry in missing:
            yield Fault(f"kernel_entry:{entry}, {where}", "the entry is sealed here, and it is gone")
        if (
            not missing
            and root([bytes.fromhex(hashes[entry]) for _place, entry in places]).hex() != header["root"]
        ):
            yield Fault(where, "the entries are not the ones it sealed")
    for checkpoint_id in leaves:
        yield Fault(f"kernel_checkpoint:{checkpoint_id}", "leaves hang on a checkpoint that is gone")


def journal() -> Iterator[Fault]:
    """Lines of the journal that are changed, missing or out of place."""
    seq, before = 0, ""
    lines = JournalEntry.objects.order_by("seq").values_list(
        "seq", "kind", "account_id", "at", "body", "hash"
    )
    for number, kind, account, at, body, stored in lines.iterator(5000):
        where = f"journal:{number}"
        raw = body.encode()
        try:
            content = entry_of(raw)
        except ValueError:
            yield Fault(where, "the line can't be read")
            continue
        if number != seq + 1 or content["prev"] != before or leaf_hash(raw).hex() != stored:
            yield Fault(where, "the line was changed, or one before it is missing")
        told = (content["seq"], content["kind"], content["actor"].get("account"), content["at"])
        if told != (number, kind, account, plain(at)):
            yield Fault(where, "its columns are not what its body says")
        seq, before = number, stored
    head = JournalHead.objects.first()
    if ((head.seq, head.hash) if head else (0, "")) != (seq, before):
        yield Fault("journal", "its last lines are missing")
