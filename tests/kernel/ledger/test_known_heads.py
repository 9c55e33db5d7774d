"""Nothing is signed that does not go on from the last head known; what was lost, two people declare for ever."""

import json
import sqlite3
from argparse import Namespace
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.db import connection

from qingfeng.faces.cli import ledger
from qingfeng.kernel.background import worker
from qingfeng.kernel.ledger import keychain, known_heads
from qingfeng.kernel.ledger.checkpoints import seal, seal_all, signer
from qingfeng.kernel.ledger.continuity import gap_of
from qingfeng.kernel.ledger.known_heads import Head, heads_in
from qingfeng.kernel.ledger.models import Checkpoint, Entry, Leaf
from qingfeng.kernel.ledger.signing import KeyUnusable, Signer
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.ledger.verify_heads import gaps
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.refusals import Barred
from tests.cast import COUNTY, NOW, actor, do, jurisdiction
from tests.databases import administer, leave

FOUND = {"title": "路灯不亮", "kind": "inaction", "topic": "not_acting", "description": "村口路灯三日不亮。"}
Heads = dict[str, Head]


class Backups:
    """Whole copies of the database, and it put back from one of them, as a restore does."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.taken: list[int] = []

    def take(self, number: int) -> None:
        self._copy(self.name, self._of(number))
        self.taken.append(number)

    def put_back(self, number: int) -> None:
        self._copy(self._of(number), self.name)

    def drop(self) -> None:
        leave()
        for number in self.taken:
            if connection.vendor == "postgresql":
                administer(f'DROP DATABASE "{self._of(number)}" WITH (FORCE)')

    def _of(self, number: int) -> str:
        return f"{self.name}_{number}"

    def _copy(self, source: str, target: str) -> None:
        leave()
        if connection.vendor == "postgresql":
            administer(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
            administer(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
            return
        for beside in ("", "-wal", "-shm"):
            Path(target + beside).unlink(missing_ok=True)
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)


@pytest.fixture
def at_work(fresh_database: str) -> Iterator[Backups]:
    """Three checkpoints of the county, the last two of one sheet each, with a backup of every one."""
    backups = Backups(fresh_database)
    seal_all(NOW, signer())
    for number in (1, 2, 3):
        backups.take(number)
        if number < 3:
            sheet_and_seal()
    yield backups
    backups.drop()


def sheet_and_seal() -> Checkpoint:
    do("rectification.register", "office_a", **FOUND)
    made = seal(jurisdiction(), NOW, signer())
    assert made is not None
    return made


def head(number: int) -> Head:
    return Head(COUNTY, number, Checkpoint.objects.get(jurisdiction__code=COUNTY, number=number).hash)


def kept() -> Heads:
    read = known_heads.read(django_settings.HEADS)
    assert read is not None
    return dict(read.heads)


def declared(lost: str = "三月十日上午登记的一件问题", why: str = "磁盘损坏，恢复了前一日的备份") -> Entry:
    opened = do("ledger_gaps.declare", "system_administrator", lost=lost, why=why)
    return do("ledger_gaps.confirm", "security_administrator", opened.matter).entry


def where() -> list[str]:
    return [fault.where for fault in verify()]


def test_what_was_signed_is_kept_right_after_and_verifies(at_work: Backups) -> None:
    assert kept()[COUNTY] == head(3)
    assert where() == []


def test_a_history_put_back_is_not_sealed_on_and_the_other_jurisdictions_are(at_work: Backups) -> None:
    last = head(3)
    at_work.put_back(2)
    assert where() == [f"head:{COUNTY}/3"]
    do("rectification.register", "office_a", **FOUND)
    do("rectification.register", "linan_office", **FOUND)
    with pytest.raises(Barred, match="第 3 号"):
        seal_all(NOW, signer())
    assert not Checkpoint.objects.filter(jurisdiction__code=COUNTY, number__gt=2).exists()
    assert Checkpoint.objects.filter(jurisdiction__code="linan").count() == 2
    assert kept()[COUNTY] == last


def test_a_gap_declared_by_two_is_the_first_of_the_new_history_and_shown_for_ever(at_work: Backups) -> None:
    last = head(3)
    at_work.put_back(2)
    early = do("rectification.register", "office_a", **FOUND).entry
    entry = declared()
    made = seal(jurisdiction(), NOW, signer())
    assert made is not None
    assert made.number == 4
    assert next(leaf.entry for leaf in made.leaves.order_by("position")) == entry
    assert Leaf.objects.get(entry=early).checkpoint == made
    header = json.loads(made.header)
    assert header["gap"] == {"from": [2, head(2).hash], "to": [3, last.hash], "entry": entry.hash}
    assert where() == []
    (gap,) = gaps()
    assert (gap.after[0], gap.upto) == (2, (3, last.hash))
    assert (gap.lost, gap.why) == ("三月十日上午登记的一件问题", "磁盘损坏，恢复了前一日的备份")
    for _each in range(3):
        sheet_and_seal()
    assert where() == []
    assert len(list(gaps())) == 1
    assert kept()[COUNTY] == head(7)


def test_a_declared_gap_is_said_each_time_the_command_verifies(
    at_work: Backups, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ledger.check(Namespace(head=[])) == 0
    assert "请注意" not in capsys.readouterr().out
    at_work.put_back(2)
    declared(lost="三月九日的一张问题单", why="恢复了前一日的备份")
    for _each in range(2):
        sheet_and_seal()
        assert ledger.check(Namespace(head=[])) == 0
        (line,) = (line for line in capsys.readouterr().out.splitlines() if "三月九日的一张问题单" in line)
        assert "恢复了前一日的备份" in line


def test_a_lost_head_that_comes_back_lies_in_the_gap_and_any_other_does_not(at_work: Backups) -> None:
    before, last = head(2), head(3)
    at_work.put_back(1)
    declared()
    seal(jurisdiction(), NOW, signer())
    assert list(verify([before, last, head(1)])) == []
    foreign = Head(COUNTY, 1, "00" * 32)
    beside = Head("linan", 2, before.hash)
    assert [fault.where for fault in verify([foreign, beside])] == [f"head:{COUNTY}/1", "head:linan/2"]


def test_two_who_are_one_can_not_declare_and_nothing_is_declared_without_need(at_work: Backups) -> None:
    with pytest.raises(Barred, match="没有缺失"):
        declared()
    at_work.put_back(2)
    opened = do("ledger_gaps.declare", "both_system", lost="x", why="y")
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("ledger_gaps.confirm", "both_security", opened.matter)
    with pytest.raises(Barred, match="qingfeng 的台账与本系统签署的第"):
        seal(jurisdiction(), NOW, signer())
    do("ledger_gaps.confirm", "security_administrator", opened.matter)
    assert seal(jurisdiction(), NOW, signer()) is not None
    assert gap_of(jurisdiction()) is None


def test_a_declaration_for_other_heads_than_are_missing_is_refused(at_work: Backups) -> None:
    at_work.put_back(2)
    opened = do("ledger_gaps.declare", "system_administrator", lost="x", why="y")
    later = Head(COUNTY, 9, "ab" * 32)
    known_heads.advance(django_settings.HEADS, [later])
    with pytest.raises(Barred, match="现在缺失的链头与所声明的不同"):
        do("ledger_gaps.confirm", "security_administrator", opened.matter)


@pytest.mark.parametrize("lost", ["nothing kept", "one behind", "two behind"])
def test_a_worker_that_died_before_it_kept_the_head_goes_on(at_work: Backups, lost: str) -> None:
    behind = {"nothing kept": 1, "one behind": 2, "two behind": 1}[lost]
    content = json.loads(django_settings.HEADS.read_text())
    content["heads"] = [list(head(behind)) if row[0] == COUNTY else row for row in content["heads"]]
    if lost == "nothing kept":
        content["heads"] = [row for row in content["heads"] if row[0] != COUNTY]
    django_settings.HEADS.write_text(json.dumps(content))
    assert where() == []
    assert sheet_and_seal().number == 4
    assert kept()[COUNTY] == head(4)
    assert where() == []


def test_a_worker_that_died_after_the_gap_was_sealed_and_before_it_kept_its_head_goes_on(
    at_work: Backups,
) -> None:
    at_work.put_back(2)
    before = django_settings.HEADS.read_text()
    declared()
    seal(jurisdiction(), NOW, signer())
    django_settings.HEADS.write_text(before)
    assert where() == []
    assert sheet_and_seal().number == 5
    assert where() == []


def test_of_two_that_keep_heads_the_newer_stays(at_work: Backups) -> None:
    known_heads.advance(django_settings.HEADS, [head(2)])
    assert kept()[COUNTY] == head(3)
    other = Head("elsewhere", 1, "aa" * 32)
    known_heads.advance(django_settings.HEADS, [other])
    assert {COUNTY, "elsewhere"} <= kept().keys()


def test_without_the_file_nothing_is_signed_until_heads_from_outside_are_remembered(at_work: Backups) -> None:
    last = head(3)
    django_settings.HEADS.unlink()
    assert where() == ["keys/ledger-heads.json"]
    with pytest.raises(Barred, match="keys/ 中缺少记载最近链头的文件"):
        sheet_and_seal()
    known_heads.advance(django_settings.HEADS, [last], keychain.standing())
    assert seal(jurisdiction(), NOW, signer()) is not None
    assert where() == []


@pytest.mark.parametrize("text", ["", "{", "[]", '{"heads":[["a","1","b"]],"keys":[]}', '{"heads":{}}'])
def test_a_damaged_file_stops_signing_and_is_named(at_work: Backups, text: str) -> None:
    django_settings.HEADS.write_text(text)
    with pytest.raises(KeyUnusable, match="is damaged"):
        sheet_and_seal()
    assert "keys/ledger-heads.json" in where()


def test_the_first_key_is_pinned_in_the_journal_and_beside_the_heads(at_work: Backups) -> None:
    (first,) = keychain.standing()
    line = JournalEntry.objects.get(kind="administer")
    about = json.loads(line.body)["about"]
    assert about == {"did": "signing key", "number": 1, "key": signer().key_id, "statement": first.hash}
    read = known_heads.read(django_settings.HEADS)
    assert read is not None
    assert list(read.keys) == [first]


def test_a_key_is_changed_by_two_and_the_old_one_signs_for_it_and_for_nothing_after(at_work: Backups) -> None:
    old = signer()
    asked = do("ledger_keys.ask", "both_system", reason="旧密钥所在磁盘送修")
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("ledger_keys.carry_out", "both_security", asked.matter)
    do("ledger_keys.carry_out", "security_administrator", asked.matter)
    first, second = keychain.standing()
    assert second.follows(first)
    assert signer().key_id == second.key_id != old.key_id
    with pytest.raises(Barred, match="不是签署本台账的密钥"):
        seal(jurisdiction(), NOW, old)
    seal_all(NOW, signer())
    header = json.loads(Checkpoint.objects.filter(jurisdiction__code="linan").latest("number").header)
    assert header["keys"] == [2, second.hash]  # though nothing else was new there
    assert where() == []
    read = known_heads.read(django_settings.HEADS)
    assert read is not None
    assert list(read.keys) == [first, second]


def test_a_key_changed_after_the_backup_is_known_again_after_the_restore(at_work: Backups) -> None:
    asked = do("ledger_keys.ask", "system_administrator", reason="例行更换")
    do("ledger_keys.carry_out", "security_administrator", asked.matter)
    second = keychain.standing()[1]
    sheet_and_seal()
    at_work.put_back(3)
    assert f"head:{COUNTY}/4" in where()
    declared()
    made = seal(jurisdiction(), NOW, signer())
    assert made is not None
    assert json.loads(made.header)["keys"] == [2, second.hash]
    assert where() == []


def test_another_key_in_the_folder_signs_nothing(at_work: Backups, tmp_path: Path) -> None:
    with pytest.raises(Barred, match="不是签署本台账的密钥"):
        seal(jurisdiction(), NOW, Signer.load_or_create(tmp_path / "other"))


def test_the_letter_to_the_witnesses_carries_heads_that_verify_takes_and_every_gap(
    at_work: Backups, settings: Any
) -> None:
    settings.WITNESSES = ("witness@example.invalid",)
    worker.send_heads(NOW)
    assert worker.send_heads(NOW) == 0
    worker.deliver(NOW)
    worker.post(NOW)
    last = head(3)
    at_work.put_back(2)
    declared()
    seal(jurisdiction(), NOW, signer())
    assert worker.send_heads(NOW) == 1
    worker.deliver(NOW)
    worker.post(NOW)
    letters = [letter for letter in mail.outbox if letter.to == ["witness@example.invalid"]]
    first, second = sorted(letters, key=lambda letter: "磁盘损坏" in str(letter.body))
    assert set(heads_in(str(first.body).encode())) >= {last}
    assert "磁盘损坏" in str(second.body)
    (key,) = keychain.standing()
    assert key.hash in str(first.body)
    assert key.hash not in {head.hash for head in heads_in(str(first.body).encode())}
    assert last.hash in str(second.body)
    quoted = "".join(f"> {line}\r\n" for line in str(first.body).splitlines())
    assert set(heads_in(quoted.encode())) == set(heads_in(str(first.body).encode()))
    assert set(heads_in(first.message().as_bytes())) == set(heads_in(str(first.body).encode()))
    assert list(verify(heads_in(str(second.body).encode()))) == []


def test_a_letter_of_the_older_form_is_taken_by_its_hashes() -> None:
    letter = f"请妥善保存本信。\n\n清风区，第 7 号检查点\n{'ab' * 32}\n"
    assert heads_in(letter.encode()) == [Head("", 0, "ab" * 32)]


def test_whoever_acts_waits_for_nobody_while_the_gap_is_open(at_work: Backups) -> None:
    at_work.put_back(1)
    assert do("rectification.register", actor("office_b"), **FOUND).entry.seq == 1
