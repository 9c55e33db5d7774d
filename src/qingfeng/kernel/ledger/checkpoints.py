"""Checkpoints 检查点: each minute, every entry not sealed yet goes into a signed Merkle tree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.journal import JournalHead
from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.merkle import inclusion_path, root
from qingfeng.kernel.ledger.models import Checkpoint, Entry, Leaf
from qingfeng.kernel.ledger.signing import HeadSigner, Signer
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.parties.models import Jurisdiction
from qingfeng.kernel.refusals import NotFound
from qingfeng.kernel.sealing.keystore import KeysMissing
from qingfeng.kernel.sealing.models import signing_key_missing


def signer() -> HeadSigner:
    """The installation's signer. Raises ``KeysMissing`` where heads were signed and the key is gone: none is made anew."""
    if signing_key_missing():
        raise KeysMissing(_("The key that signs the ledger is missing, so no checkpoint is signed."))
    return Signer.load_or_create(settings.KEYS)


def unsealed(jurisdiction: Jurisdiction) -> list[Entry]:
    """The entries no checkpoint holds yet. By anti-join: a lower id may commit later than a higher."""
    sealed = Leaf.objects.filter(entry_id=OuterRef("pk"))
    return list(
        Entry.objects.filter(~Exists(sealed), jurisdiction=jurisdiction).only("id", "hash").order_by("id")
    )


def seal(jurisdiction: Jurisdiction, now: datetime, by: HeadSigner) -> Checkpoint | None:
    """Seal what is not sealed yet; none when there is nothing."""
    with transaction.atomic():
        Jurisdiction.objects.select_for_update(no_key=True).get(pk=jurisdiction.pk)
        entries = unsealed(jurisdiction)
        if not entries:
            return None
        last = jurisdiction.checkpoints.order_by("-number").first()
        journal = JournalHead.objects.first()
        header = encode(
            {
                "v": 1,
                "jurisdiction": jurisdiction.code,
                "number": last.number + 1 if last else 1,
                "prev": last.hash if last else "",
                "root": root([bytes.fromhex(entry.hash) for entry in entries]).hex(),
                "size": len(entries),
                "journal": [journal.seq, journal.hash] if journal else [0, ""],
                "at": plain(now),
                "hash": "SM3",
                "signature": by.algorithm,
                "key": by.key_id,
            }
        )
        checkpoint = Checkpoint.objects.create(
            jurisdiction=jurisdiction,
            number=last.number + 1 if last else 1,
            header=header.decode(),
            hash=sm3(header).hex(),
            signature=by.sign(header).hex(),
            public_key=by.public_key.hex(),
        )
        Leaf.objects.bulk_create(
            (
                Leaf(entry=entry, checkpoint=checkpoint, position=position)
                for position, entry in enumerate(entries)
            ),
            batch_size=5000,
        )
        return checkpoint


def seal_all(now: datetime, by: HeadSigner) -> list[Checkpoint]:
    """Seal every jurisdiction's entries; returns the checkpoints made."""
    made = [seal(jurisdiction, now, by) for jurisdiction in Jurisdiction.objects.order_by("id")]
    return [checkpoint for checkpoint in made if checkpoint is not None]


def proof(entry: Entry) -> dict[str, Any]:
    """The proof bundle of an entry, for the stand-alone verifier: path, signed header, and the headers since.

    :raises NotFound: no checkpoint holds it yet; the next one does within a minute
    """
    leaf = Leaf.objects.filter(entry=entry).select_related("checkpoint").first()
    if leaf is None:
        raise NotFound
    checkpoint = leaf.checkpoint
    later = Checkpoint.objects.filter(
        jurisdiction_id=checkpoint.jurisdiction_id, number__gt=checkpoint.number
    )
    leaves = leaf_hashes(checkpoint)
    return {
        "entry": entry.body,
        "index": leaf.position,
        "size": len(leaves),
        "path": [step.hex() for step in inclusion_path(leaves, leaf.position)],
        "checkpoint": checkpoint.header,
        "signature": checkpoint.signature,
        "public_key": checkpoint.public_key,
        "later": [
            {"header": after.header, "signature": after.signature, "public_key": after.public_key}
            for after in later.order_by("number")
        ],
    }


def leaf_hashes(checkpoint: Checkpoint) -> Sequence[bytes]:
    """The leaf hashes of a checkpoint in their order."""
    hashes = checkpoint.leaves.order_by("position").values_list("entry__hash", flat=True)
    return [bytes.fromhex(leaf) for leaf in hashes]
