"""What the minute's seal costs and finds, what verification holds in memory, and what was sealed by the older form."""

import gc
import json
import sqlite3
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, connections, transaction

from bench.history import enter
from qingfeng.kernel.ledger import verify_heads
from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.checkpoints import seal, seal_all, signer
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.merkle import root
from qingfeng.kernel.ledger.models import Checkpoint, Entry, HistoryNode, Leaf, SealedUpTo
from qingfeng.kernel.ledger.proofs import proof
from qingfeng.kernel.ledger.signing import HeadSigner, Signer
from qingfeng.kernel.ledger.standalone import qingfeng_verify
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.record import journal
from qingfeng.kernel.refusals import Barred, NotFound
from tests.cast import COUNTY, NOW, do, jurisdiction

FOUND = {"title": "公厕无人保洁", "kind": "inaction", "topic": "not_acting", "description": "连日无人打扫。"}


def register(who: str = "office_a") -> Entry:
    return do("rectification.register", who, **FOUND).entry


def test_an_entry_that_commits_after_a_later_one_was_sealed_is_sealed_next(fresh_database: str) -> None:
    early = register()
    seal_all(NOW, signer())
    if connection.vendor == "sqlite":  # whoever writes, writes alone: no id is seen before a lower one
        assert {mark.settled for mark in SealedUpTo.objects.all()} == {Entry.objects.latest("pk").pk}
        return
    began, may_end, entries = threading.Event(), threading.Event(), []

    def slow() -> None:
        with transaction.atomic():
            entries.append(register())
            began.set()
            may_end.wait(60)
        connections.close_all()

    late = threading.Thread(target=slow)
    late.start()
    began.wait(60)
    quick = do("rectification.verify", "office_a", early.matter, finding="属实。").entry
    assert entries[0].pk < quick.pk
    for _each in range(3):
        seal(jurisdiction(), NOW, signer())
    assert Leaf.objects.filter(entry=quick).exists()
    assert not Leaf.objects.filter(entry=entries[0]).exists()
    may_end.set()
    late.join(60)
    seal(jurisdiction(), NOW, signer())
    assert Leaf.objects.filter(entry=entries[0]).exists()
    assert settled_in_time(quick.pk)
    assert list(verify()) == []


def settled_in_time(entry_id: int) -> bool:
    """Whether sealing settles an entry: once nothing runs that is older, in other databases of the server too."""
    deadline, pause = time.monotonic() + 60, threading.Event()
    while SealedUpTo.objects.get(jurisdiction=jurisdiction()).settled < entry_id:
        if time.monotonic() > deadline:
            return False
        pause.wait(0.1)
        seal(jurisdiction(), NOW, signer())
    return True


@contextmanager
def written_to_by_another(name: str) -> Iterator[None]:
    """Somebody else holds what a sealing would wait for: SQLite's only writer; the jurisdictions' rows."""
    if connection.vendor == "sqlite":
        other: Any = sqlite3.connect(name, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
    else:
        described = connection.get_connection_params()
        wanted = ("dbname", "user", "password", "host", "port")
        other = psycopg.connect(**{key: described[key] for key in wanted if described.get(key)})
        other.execute("SELECT 1 FROM kernel_jurisdiction FOR UPDATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


def test_when_nothing_is_new_nobody_is_waited_for(fresh_database: str) -> None:
    for _each in range(3):
        seal_all(NOW, signer())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
    with written_to_by_another(fresh_database):
        assert seal_all(NOW, signer()) == []


def many(checkpoints: int) -> None:
    for _each in range(checkpoints):
        enter(20)
        assert seal(jurisdiction(), NOW, signer()) is not None
        for _line in range(10):
            journal.write(journal.JournalEntry.Kind.EXPORT, system("test"), NOW, what="x" * 500)


def peak() -> int:
    """The most that is held; what happens to wait for the collector only adds to it, so the least of three counts."""
    return min(_peak() for _again in range(3))


def _peak() -> int:
    gc.collect()
    tracemalloc.start()
    assert list(verify_heads.heads()) == []
    assert list(verify_heads.journal()) == []
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def test_what_verification_holds_in_memory_does_not_grow_with_the_history(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify_heads, "PIECE", 10)
    monkeypatch.setattr(verify_heads, "ROWS", 100)
    register()
    seal_all(NOW, signer())
    peak()
    many(66)  # seven pieces of each: what a part needs once is there
    few = peak()
    many(132)
    assert peak() < 1.1 * few


def sealed_by_the_older_form(by: HeadSigner, **forged: Any) -> None:
    """Everything that is not sealed, in a checkpoint of the first version: no history, no keys, no mark."""
    for one in Jurisdiction.objects.order_by("id"):
        entries = list(Entry.objects.filter(jurisdiction=one, leaf=None).order_by("id"))
        last = one.checkpoints.order_by("-number").first()
        if not entries:
            continue
        header = {
            "v": 1,
            "jurisdiction": one.code,
            "number": last.number + 1 if last else 1,
            "prev": last.hash if last else "",
            "root": root([bytes.fromhex(entry.hash) for entry in entries]).hex(),
            "size": len(entries),
            "journal": [0, ""],
            "at": "2026-03-10T02:00:00.000000Z",
            "hash": "SM3",
            "signature": by.algorithm,
            "key": by.key_id,
            **forged,
        }
        raw = encode(header)
        checkpoint = Checkpoint.objects.create(
            jurisdiction=one,
            number=header["number"],
            header=raw.decode(),
            hash=sm3(raw).hex(),
            signature=by.sign(raw).hex(),
            public_key=by.public_key.hex(),
        )
        Leaf.objects.bulk_create(
            Leaf(entry=entry, checkpoint=checkpoint, position=place) for place, entry in enumerate(entries)
        )


@pytest.mark.django_db
def test_what_was_sealed_by_the_older_form_is_covered_by_the_first_head_of_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qingfeng.kernel.ledger.history.PIECE", 2)
    sealed_by_the_older_form(signer())
    entries = []
    for _each in range(5):
        entries.append(register())
        sealed_by_the_older_form(signer())
    assert list(verify()) == []
    with pytest.raises(NotFound):
        proof(entries[0])
    made = {one.jurisdiction.code: one for one in seal_all(NOW, signer())}  # though no entry is new
    header = json.loads(made[COUNTY].header)
    assert (header["v"], header["number"], header["size"], header["history"][0]) == (2, 7, 0, 6)
    assert HistoryNode.objects.filter(jurisdiction=jurisdiction(), level=0).count() == 7
    for _each in range(3):
        entries.append(register())
        seal_all(NOW, signer())
    assert list(verify()) == []
    newest = Checkpoint.objects.filter(jurisdiction=jurisdiction()).latest("number")
    for entry in entries:
        file = tmp_path / "proof.json"
        file.write_text(json.dumps(proof(entry)), encoding="utf-8")
        assert qingfeng_verify.main([str(file), "--head", newest.hash], lambda _said: None) == 0


@pytest.mark.django_db
def test_nothing_is_pinned_over_older_heads_of_another_key() -> None:
    stranger = Signer(Ed25519PrivateKey.generate())
    sealed_by_the_older_form(stranger)
    assert {fault.words for fault in verify()} == {"it is not signed by the key of this installation"}
    register()
    with pytest.raises(Barred, match="台账签名密钥缺失"):
        seal_all(NOW, signer())
    assert not Checkpoint.objects.exclude(public_key=stranger.public_key.hex()).exists()


@pytest.mark.django_db
def test_each_jurisdiction_proves_its_own_by_its_own_history(tmp_path: Path) -> None:
    entries = [register(who) for who in ("office_a", "linan_office", "city_office")]
    for _each in range(3):
        seal_all(NOW, signer())
        register("linan_office")
    seal_all(NOW, signer())
    for entry in entries:
        newest = Checkpoint.objects.filter(jurisdiction=entry.jurisdiction).latest("number")
        file = tmp_path / "proof.json"
        file.write_text(json.dumps(proof(entry)), encoding="utf-8")
        assert qingfeng_verify.main([str(file), "--head", newest.hash], lambda _said: None) == 0


@pytest.mark.django_db
def test_a_proof_leads_to_the_head_that_its_reader_holds(tmp_path: Path) -> None:
    entry = register()
    seal_all(NOW, signer())
    for _each in range(4):
        register()
        seal_all(NOW, signer())
    held = Checkpoint.objects.get(jurisdiction=jurisdiction(), number=3).hash
    file = tmp_path / "proof.json"
    file.write_text(json.dumps(proof(entry, held)), encoding="utf-8")
    assert qingfeng_verify.main([str(file), "--head", held], lambda _said: None) == 0
    newest = Entry.objects.filter(jurisdiction=jurisdiction()).latest("pk")
    with pytest.raises(NotFound):
        proof(newest, held)  # older than the entry
