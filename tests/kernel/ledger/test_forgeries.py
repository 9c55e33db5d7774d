"""History forged by whoever holds the database, and some of it by whoever holds the keys too: found, and named.

The forger takes the triggers away, recomputes every digest, and runs the program itself where that helps.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings as django_settings
from django.db import connection

from bench.tampering import unguard
from qingfeng.kernel.ledger import keychain, known_heads
from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.checkpoints import newest_heads, seal_all, signer
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.keychain import stated
from qingfeng.kernel.ledger.known_heads import Head
from qingfeng.kernel.ledger.merkle import leaf_hash, root
from qingfeng.kernel.ledger.models import Checkpoint, Entry, HistoryNode, Leaf, SealedUpTo, SigningKey
from qingfeng.kernel.ledger.signing import HeadSigner, Signer
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.record.journal import JournalEntry, JournalHead
from qingfeng.kernel.refusals import Barred
from tests.cast import BESIDE, COUNTY, NOW, do

pytestmark = pytest.mark.django_db

FOUND = {"title": "井盖缺失", "kind": "inaction", "topic": "not_acting", "description": "北街井盖缺失三日。"}


@dataclass
class Ground:
    """A ledger of two counties, its key changed once, and the letter that left the machine before the last head."""

    letter: list[Head]
    folder: Path
    key: HeadSigner = field(default_factory=signer)
    stranger: Signer = field(default_factory=lambda: Signer(Ed25519PrivateKey.generate()))


@pytest.fixture
def ground(settings: Any, tmp_path: Path) -> Ground:
    settings.HEADS = tmp_path / "ledger-heads.json"
    sealed()
    for number in range(3):
        do("rectification.register", "office_a", **FOUND)
        do("rectification.register", "linan_office", **FOUND)
        if number == 1:
            asked = do("ledger_keys.ask", "system_administrator", reason="例行更换")
            do("ledger_keys.carry_out", "security_administrator", asked.matter)
        if number == 2:
            letter = newest_heads()
        sealed()
    unguard()
    made = Ground(letter, tmp_path)
    assert list(verify(made.letter)) == []
    assert last().number == 4
    return made


def sealed() -> None:
    """Seal, and keep the heads as is done after a commit."""
    seal_all(NOW, signer())
    known_heads.advance(django_settings.HEADS, newest_heads(), keychain.standing())


def at(number: int, code: str = COUNTY) -> Checkpoint:
    return Checkpoint.objects.get(jurisdiction__code=code, number=number)


def last() -> Checkpoint:
    return Checkpoint.objects.filter(jurisdiction__code=COUNTY).latest("number")


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def rewritten(checkpoint: Checkpoint) -> Entry:
    """The last sheet of a checkpoint: another hand in it, its digest made anew."""
    entry = Entry.objects.filter(leaf__checkpoint=checkpoint, matter__mechanism="rectification").latest("pk")
    content = {**entry.content, "input": {**entry.content["input"], "kind": "forged"}}
    body = encode(content)
    Entry.objects.filter(pk=entry.pk).update(body=body.decode(), hash=leaf_hash(body).hex())
    return entry


def signed_anew(checkpoint: Checkpoint, by: HeadSigner, **changes: Any) -> None:
    """Its header with other content, signed by this key, in place of the one that was there."""
    header = {**json.loads(checkpoint.header), **changes}
    raw = encode(header)
    Checkpoint.objects.filter(pk=checkpoint.pk).update(
        header=raw.decode(), hash=sm3(raw).hex(), signature=by.sign(raw).hex(), public_key=by.public_key.hex()
    )


def root_of(checkpoint: Checkpoint) -> str:
    leaves = checkpoint.leaves.order_by("position").values_list("entry__hash", flat=True)
    return root([bytes.fromhex(leaf) for leaf in leaves]).hex()


def truncated(number: int, entries: bool = False) -> None:
    """All checkpoints from a number on taken out, with leaves, nodes and marks; the entries too where asked."""
    gone = Checkpoint.objects.filter(jurisdiction__code=COUNTY, number__gte=number)
    leaves = Leaf.objects.filter(checkpoint__in=gone)
    pks = list(leaves.values_list("entry_id", flat=True))
    leaves.delete()
    gone.delete()
    for node in HistoryNode.objects.filter(jurisdiction__code=COUNTY):
        if (node.place + 1) << node.level > number - 1:
            node.delete()
    SealedUpTo.objects.update(settled=0, seen=0, horizon=0)
    if entries:
        marks = ", ".join(["%s"] * len(pks))
        for table in ("kernel_fact", "kernel_sealedvalue", "kernel_link"):
            sql(f"DELETE FROM {table} WHERE entry_id IN ({marks})", *pks)


def wiped() -> None:
    """All leaves, checkpoints, keys and marks."""
    Leaf.objects.all().delete()
    for model in (Checkpoint, HistoryNode, SigningKey, SealedUpTo):
        model.objects.all().delete()


@contextmanager
def elsewhere(ground: Ground, heads: bool = True, keys: bool = True) -> Iterator[None]:
    """The program run by the forger, with another folder of keys, or with a file of heads of their own."""
    before = django_settings.KEYS, django_settings.HEADS
    other = ground.folder / "forger"
    other.mkdir(mode=0o700, exist_ok=True)
    if keys:
        django_settings.KEYS = other
    if heads:
        django_settings.HEADS = other / "ledger-heads.json"
    try:
        yield
    finally:
        django_settings.KEYS, django_settings.HEADS = before


def made_anew(ground: Ground, keys: bool) -> None:
    rewritten(at(2))
    wiped()
    with elsewhere(ground, keys=keys):
        sealed()


def pinned_anew(ground: Ground, journal: bool) -> None:
    """The stranger's key in the place of the first, which signs the heads as well."""
    statement = stated(ground.stranger, None, ground.stranger, NOW)
    SigningKey.objects.all().delete()
    SigningKey.objects.create(number=1, statement=statement.body, signature=statement.signature)
    for checkpoint in Checkpoint.objects.order_by("pk"):
        following = Checkpoint.objects.filter(
            jurisdiction=checkpoint.jurisdiction, number=checkpoint.number - 1
        )
        before = following.first()
        signed_anew(
            checkpoint,
            ground.stranger,
            keys=[1, statement.hash],
            key=ground.stranger.key_id,
            prev=before.hash if before else "",
        )
    if journal:
        line = JournalEntry.objects.filter(kind="administer").earliest("seq")
        about = {**json.loads(line.body)["about"], "key": ground.stranger.key_id, "statement": statement.hash}
        journal_anew({line.seq: {"about": about}})


def journal_anew(changes: dict[int, dict[str, Any] | None]) -> None:
    """The journal with lines changed or taken out, numbered and chained as if nothing had been."""
    seq, before = 0, ""
    for line in JournalEntry.objects.order_by("seq"):
        change = changes.get(line.seq, {})
        if change is None:
            line.delete()
            continue
        seq += 1
        body = encode({**json.loads(line.body), **change, "seq": seq, "prev": before})
        before = leaf_hash(body).hex()
        JournalEntry.objects.filter(pk=line.pk).update(seq=seq, body=body.decode(), hash=before)
    JournalHead.objects.update(seq=seq, hash=before)


def further_key(ground: Ground, by: HeadSigner) -> None:
    statement = stated(
        ground.stranger, keychain.standing()[-1], by, NOW, keychain.standing()[-1].content["chain"]
    )
    keychain.pin(statement, NOW)


def appended(ground: Ground, by: HeadSigner, code: str = COUNTY, **changes: Any) -> None:
    """A further checkpoint of nothing, at the end of the chain."""
    before = last()
    header = {
        **json.loads(before.header),
        "number": before.number + 1,
        "prev": before.hash,
        "root": root([]).hex(),
        "size": 0,
        "history": [before.number, _history().hex()],
        **changes,
    }
    raw = encode(header)
    Checkpoint.objects.create(
        jurisdiction=before.jurisdiction,
        number=header["number"],
        header=raw.decode(),
        hash=sm3(raw).hex(),
        signature=by.sign(raw).hex(),
        public_key=by.public_key.hex(),
    )


def _history() -> bytes:
    heads = (
        Checkpoint.objects.filter(jurisdiction__code=COUNTY).order_by("number").values_list("hash", flat=True)
    )
    return root([leaf_hash(bytes.fromhex(head)) for head in heads])


def file_of_heads(**numbers: int) -> None:
    """The file of heads put back to the checkpoints of these numbers."""
    content = json.loads(django_settings.HEADS.read_text())
    content["heads"] = [[code, number, at(number, code).hash] for code, number in numbers.items()]
    django_settings.HEADS.write_text(json.dumps(content))


def old_key() -> HeadSigner:
    return Signer.load(django_settings.KEYS, keychain.standing()[0].key_id)


def swapped(model: Any, one: Any, other: Any, column: str) -> None:
    first, second = getattr(one, column), getattr(other, column)
    passing = 0 if column == "position" else first
    model.objects.filter(pk=one.pk).update(
        **{column: passing + 1_000_000 if isinstance(passing, int) else "passing"}
    )
    model.objects.filter(pk=other.pk).update(**{column: first})
    model.objects.filter(pk=one.pk).update(**{column: second})


# What the forger does, and what a fault's place must be one of.


def root_and_any_key(ground: Ground) -> None:
    rewritten(at(2))
    signed_anew(at(2), ground.stranger, root=root_of(at(2)))


def root_and_named_key(ground: Ground) -> None:
    rewritten(last())
    signed_anew(last(), ground.stranger, root=root_of(last()), key=ground.stranger.key_id)


def whole_chain_with_any_key(ground: Ground) -> None:
    rewritten(at(2))
    signed_anew(at(2), ground.stranger, root=root_of(at(2)), key=ground.stranger.key_id)
    for number in (3, 4):
        signed_anew(at(number), ground.stranger, prev=at(number - 1).hash, key=ground.stranger.key_id)


def root_by_the_old_key(ground: Ground) -> None:
    rewritten(last())
    signed_anew(last(), old_key(), root=root_of(last()), key=old_key().key_id)


def root_by_the_true_key(ground: Ground) -> None:
    rewritten(at(3))
    signed_anew(at(3), ground.key, root=root_of(at(3)))


def all_seals_deleted(ground: Ground) -> None:
    rewritten(at(2))
    Leaf.objects.all().delete()
    Checkpoint.objects.all().delete()
    HistoryNode.objects.all().delete()
    SealedUpTo.objects.all().delete()


def everything_anew_and_the_file(ground: Ground) -> None:
    rewritten(at(2))
    wiped()
    django_settings.HEADS.unlink()
    sealed()


def tail_and_the_file(ground: Ground) -> None:
    truncated(3)
    file_of_heads(**{COUNTY: 2, BESIDE: 4})


def lines_of_keys(ground: Ground) -> None:
    lines = JournalEntry.objects.filter(kind="administer").values_list("seq", flat=True)
    journal_anew(dict.fromkeys(lines))


def act_of_two_rewritten(ground: Ground) -> None:
    entry = Entry.objects.get(matter__mechanism="ledger_keys", act="carry_out")
    content = {key: value for key, value in entry.content.items() if key != "notes"}
    body = encode(content)
    Entry.objects.filter(pk=entry.pk).update(body=body.decode(), hash=leaf_hash(body).hex())


def gap_by_a_stranger(ground: Ground) -> None:
    gone = last()
    truncated(4)
    gap = {"from": [3, at(3).hash], "to": [4, gone.hash], "entry": "00" * 32}
    appended(ground, ground.stranger, number=5, gap=gap, key=ground.stranger.key_id)


def gap_by_one_with_the_key(ground: Ground) -> None:
    gone = last()
    truncated(4)
    gap = {"from": [3, at(3).hash], "to": [4, gone.hash], "entry": "00" * 32}
    appended(ground, ground.key, number=5, gap=gap)


def entry_never_sealed(ground: Ground) -> None:
    do("rectification.register", "office_b", **FOUND)
    far = Entry.objects.latest("pk").pk
    SealedUpTo.objects.update(settled=far, seen=far)
    with pytest.raises(Barred, match="封存标记超前"):
        seal_all(NOW, signer())


def renamed(ground: Ground) -> None:
    truncated(1)
    Jurisdiction.objects.filter(code=COUNTY).update(code="qingfeng2")


def leaf_moved(ground: Ground) -> None:
    leaf = Leaf.objects.filter(checkpoint=at(2)).latest("position")
    Leaf.objects.filter(pk=leaf.pk).update(checkpoint=at(4), position=9)


def leaves_exchanged(ground: Ground) -> None:
    one, other = (at(3, code).leaves.latest("position") for code in (COUNTY, BESIDE))
    Leaf.objects.filter(pk=one.pk).update(position=99)
    Leaf.objects.filter(pk=other.pk).update(checkpoint=at(3), position=one.position)
    Leaf.objects.filter(pk=one.pk).update(checkpoint=at(3, BESIDE), position=other.position)


def leaf_added(ground: Ground) -> None:
    entry = do("rectification.register", "office_b", **FOUND).entry
    Leaf.objects.create(entry=entry, checkpoint=at(2), position=Leaf.objects.filter(checkpoint=at(2)).count())


def replayed(ground: Ground) -> None:
    row = at(2)
    Checkpoint.objects.create(
        jurisdiction=row.jurisdiction,
        number=5,
        header=row.header,
        hash="f" * 64,
        signature=row.signature,
        public_key=row.public_key,
    )


def borrowed(ground: Ground) -> None:
    """The other county's newest checkpoint as this one's next."""
    row = at(4, BESIDE)
    Checkpoint.objects.filter(pk=row.pk).update(jurisdiction=last().jurisdiction, number=5)


def file_with_a_head_of_its_own(ground: Ground) -> None:
    content = json.loads(django_settings.HEADS.read_text())
    content["heads"].append([COUNTY, 9, "ab" * 32])
    django_settings.HEADS.write_text(json.dumps(content))


FORGERIES: dict[str, tuple[Callable[[Ground], None], str]] = {
    "an entry and its root, signed with any key": (root_and_any_key, f"checkpoint:{COUNTY}/2"),
    "the same, with that key named in the header": (root_and_named_key, f"checkpoint:{COUNTY}/4"),
    "all headers since joined on, with any key": (whole_chain_with_any_key, f"checkpoint:{COUNTY}/3"),
    "an entry and its root, signed with the key before": (root_by_the_old_key, f"checkpoint:{COUNTY}/4"),
    "an entry and its root, signed with the true key": (root_by_the_true_key, f"checkpoint:{COUNTY}/4"),
    "another first key, every head signed by it": (lambda g: pinned_anew(g, journal=False), "signing_key:1"),
    "the same, with the line of the journal": (lambda g: pinned_anew(g, journal=True), "signing_key:1"),
    "a further key that signed for itself": (lambda g: further_key(g, g.stranger), "signing_key:3"),
    "a further key that the first one signed for": (lambda g: further_key(g, old_key()), "signing_key:3"),
    "a further key by the true one, decided by nobody": (lambda g: further_key(g, g.key), "signing_key:3"),
    "the newest key forgotten": (lambda g: SigningKey.objects.filter(number=2).delete(), "signing_key:2"),
    "all keys forgotten": (lambda g: SigningKey.objects.all().delete(), "signing_key:1"),
    "a statement of a key changed": (
        lambda g: sql(
            "UPDATE kernel_signingkey SET statement = replace(statement, '2026-03-10', '2026-03-11')"
        ),
        "signing_key:1",
    ),
    "the lines of the keys taken out of the journal": (lines_of_keys, "signing_key:2"),
    "the act of two taken out of its entry": (act_of_two_rewritten, "signing_key:2"),
    "all leaves and checkpoints deleted, a chain rewritten": (all_seals_deleted, f"head:{COUNTY}/4"),
    "the same, sealed anew with other keys": (lambda g: made_anew(g, keys=True), f"head:{COUNTY}/4"),
    "the same, sealed anew with the true key": (lambda g: made_anew(g, keys=False), f"head:{COUNTY}/4"),
    "the same, and the file of heads made anew": (everything_anew_and_the_file, f"head:{COUNTY}/3"),
    "the last checkpoint cut off": (lambda g: truncated(4), f"head:{COUNTY}/4"),
    "the last two cut off with what hung on their entries": (
        lambda g: truncated(3, entries=True),
        f"head:{COUNTY}/4",
    ),
    "the last two cut off, and the file of heads put back": (tail_and_the_file, f"head:{COUNTY}/3"),
    "the file of heads made away with": (lambda g: django_settings.HEADS.unlink(), "keys/ledger-heads.json"),
    "the file of heads filled with nonsense": (
        lambda g: django_settings.HEADS.write_text("{}") and None,
        "keys/ledger-heads.json",
    ),
    "a head in the file that was never signed": (file_with_a_head_of_its_own, f"head:{COUNTY}/9"),
    "checkpoints of two counties exchanged": (
        lambda g: swapped(Checkpoint, at(2), at(2, BESIDE), "header"),
        f"checkpoint:{COUNTY}/2",
    ),
    "leaves of two counties exchanged": (leaves_exchanged, f"checkpoint:{COUNTY}/3"),
    "two numbers of checkpoints exchanged": (
        lambda g: swapped(Checkpoint, at(2), at(3), "number"),
        f"checkpoint:{COUNTY}/2",
    ),
    "another county's head as the next": (borrowed, f"checkpoint:{COUNTY}/5"),
    "an old head as the next": (replayed, f"checkpoint:{COUNTY}/5"),
    "a head of the stranger's as the next": (
        lambda g: appended(g, g.stranger, key=g.stranger.key_id),
        f"checkpoint:{COUNTY}/5",
    ),
    "a head by the key before as the next": (
        lambda g: appended(g, old_key(), key=old_key().key_id, keys=[1, keychain.standing()[0].hash]),
        f"checkpoint:{COUNTY}/5",
    ),
    "a head by the true key whose history lies": (
        lambda g: appended(g, g.key, history=[4, "00" * 32]),
        f"checkpoint:{COUNTY}/5",
    ),
    "two signatures exchanged": (
        lambda g: swapped(Checkpoint, at(3), at(4), "signature"),
        f"checkpoint:{COUNTY}/3",
    ),
    "a public key beside a head changed": (
        lambda g: Checkpoint.objects.filter(pk=at(3).pk).update(public_key="ab" * 32) and None,
        f"checkpoint:{COUNTY}/3",
    ),
    "a gap declared by a stranger over what was cut off": (gap_by_a_stranger, f"checkpoint:{COUNTY}/5"),
    "a gap signed by one with the key, declared by nobody": (
        gap_by_one_with_the_key,
        f"checkpoint:{COUNTY}/5",
    ),
    "a leaf moved to another checkpoint": (leaf_moved, f"checkpoint:{COUNTY}/2"),
    "a leaf added to an old checkpoint": (leaf_added, f"checkpoint:{COUNTY}/2"),
    "an entry kept from being sealed": (entry_never_sealed, "matter:"),
    "a county wiped and given another code": (renamed, f"head:{COUNTY}/4"),
    "a kept node of the history changed": (
        lambda g: (
            HistoryNode.objects.filter(jurisdiction__code=COUNTY, level=1, place=0).update(hash="ab" * 32)
            and None
        ),
        f"history:{COUNTY}/1/0",
    ),
    "a kept node of the history dropped": (
        lambda g: HistoryNode.objects.filter(jurisdiction__code=COUNTY, level=2).delete() and None,
        f"history:{COUNTY}/2/0",
    ),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_each_forgery_is_found_and_named(name: str, ground: Ground) -> None:
    forge, place = FORGERIES[name]
    forge(ground)
    places = [fault.where for fault in verify(ground.letter)]
    assert any(where.startswith(place) for where in places), places


REFUSED = (
    "a county wiped and given another code",
    "all headers since joined on, with any key",
    "another first key, every head signed by it",
    "the same, with the line of the journal",
    "a further key that signed for itself",
    "all leaves and checkpoints deleted, a chain rewritten",
    "the same, sealed anew with other keys",
    "the same, sealed anew with the true key",
    "the last checkpoint cut off",
    "the last two cut off with what hung on their entries",
    "the file of heads made away with",
    "a head in the file that was never signed",
    "another county's head as the next",
    "an old head as the next",
    "a head of the stranger's as the next",
    "a head by the key before as the next",
    "a gap declared by a stranger over what was cut off",
    "a kept node of the history dropped",
)


@pytest.mark.parametrize("name", REFUSED)
def test_a_forged_history_is_not_signed(name: str, ground: Ground) -> None:
    do("rectification.register", "office_b", **FOUND)
    FORGERIES[name][0](ground)
    county = Jurisdiction.objects.filter(code__startswith=COUNTY)
    before = Checkpoint.objects.filter(jurisdiction__in=county).count()
    with pytest.raises(
        Barred, match=r"不再封存|不是本系统签署|不予签署|不是签署本台账|缺少记载|不符|现已不在"
    ):
        seal_all(NOW, ground.key)
    assert Checkpoint.objects.filter(jurisdiction__in=county).count() == before
