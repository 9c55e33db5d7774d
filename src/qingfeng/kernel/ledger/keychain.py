"""The installation's signing keys 签名密钥: the first is pinned, and the key before signs for each that follows.

A statement names a key and its place. Whoever holds one statement, or a head that names it, holds all before it by
their hashes, and knows those after it by their signatures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Q

from qingfeng.kernel.ledger.canonical import encode, entry_of
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.faults import Fault
from qingfeng.kernel.ledger.models import Checkpoint, Entry, SigningKey
from qingfeng.kernel.ledger.signing import HeadSigner, Verifier, key_id_of
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.record import journal
from qingfeng.kernel.refusals import Conflict


@dataclass(frozen=True)
class KeyStatement:
    """That a key is the installation's: ``body`` is canonical JSON, signed by the key before (the first by itself)."""

    body: str
    signature: str

    @cached_property
    def content(self) -> dict[str, Any]:
        """What it says. Raises ValueError if it is none."""
        return entry_of(self.body.encode())

    @cached_property
    def hash(self) -> str:
        """SM3 of the body, by which headers and the next statement name it."""
        return sm3(self.body.encode()).hex()

    @property
    def public_key(self) -> bytes:
        return bytes.fromhex(self.content["public_key"])

    @property
    def key_id(self) -> str:
        return key_id_of(self.public_key)

    def follows(self, before: KeyStatement | None) -> bool:
        """Whether it stands at the place after ``before`` and is signed by that key; without one, whether it is a first."""
        try:
            place = (self.content["number"], self.content["prev"])
            expected = (before.content["number"] + 1, before.hash) if before else (1, "")
            signer = Verifier(before.public_key if before else self.public_key)
            return place == expected and signer.verify(bytes.fromhex(self.signature), self.body.encode())
        except (ValueError, TypeError, KeyError):
            return False


def stated(
    key: HeadSigner, before: KeyStatement | None, by: HeadSigner, now: datetime, chain: str = ""
) -> KeyStatement:
    """The statement for a key, signed by ``by``; ``chain`` is that of the matter in which two people decided it."""
    body = encode(
        {
            "v": 1,
            "number": before.content["number"] + 1 if before else 1,
            "prev": before.hash if before else "",
            "algorithm": key.algorithm,
            "public_key": key.public_key.hex(),
            "at": plain(now),
            "chain": chain,
        }
    )
    return KeyStatement(body.decode(), by.sign(body).hex())


def standing() -> list[KeyStatement]:
    """The statements that are there, in their order."""
    return [
        KeyStatement(*row)
        for row in SigningKey.objects.order_by("number").values_list("statement", "signature")
    ]


def pin(statement: KeyStatement, now: datetime) -> None:
    """Keep a statement, and a line in the journal that names it; nothing if it is there.

    :raises Conflict: another stands at its place
    """
    number = statement.content["number"]
    row, made = SigningKey.objects.get_or_create(
        number=number, defaults={"statement": statement.body, "signature": statement.signature}
    )
    # Two workers that start at once pin the same statement; another at its place is another key.
    if row.statement != statement.body:
        raise Conflict
    if made:
        kind = journal.JournalEntry.Kind.ADMINISTRATION
        about = {"number": number, "key": statement.key_id, "statement": statement.hash}
        journal.write(kind, system("ledger"), now, did="signing key", **about)


def faults(chain: Sequence[KeyStatement], kept: Sequence[KeyStatement]) -> Iterator[Fault]:
    """Keys that nobody signed for, that the journal or an act of two does not name, or that ``keys/`` knows otherwise."""
    before: KeyStatement | None = None
    gap = Q(header__contains='"gap":{')  # the act may have been lost in one
    numbers = SigningKey.objects.order_by("number").values_list("number", flat=True)
    for number, statement in zip(numbers, chain, strict=True):
        where = f"signing_key:{number}"
        if not statement.follows(before) or statement.content["number"] != number:
            yield Fault(where, "the key before it did not sign for it")
            return
        pins = journal.JournalEntry.objects.filter(kind=journal.JournalEntry.Kind.ADMINISTRATION)
        if not pins.filter(body__contains=f'"statement":"{statement.hash}"').exists():
            yield Fault(where, "no line of the journal pins it")
        if before is not None and not _decided(statement) and not Checkpoint.objects.filter(gap).exists():
            yield Fault(where, "no act of two people decided upon it")
        before = statement
    for number, (statement, other) in enumerate(zip(chain, kept, strict=False), 1):
        if statement != other:
            yield Fault(f"signing_key:{number}", "it is not the one that keys/ knows")
    for number in range(len(chain) + 1, len(kept) + 1):
        yield Fault(f"signing_key:{number}", "keys/ knows it, and it is gone")


def _decided(statement: KeyStatement) -> bool:
    entries = Entry.objects.filter(chain=statement.content["chain"]).values_list("body", flat=True)
    return any(f'"signing_key":"{statement.hash}"' in body for body in entries)
