"""Heads that left the machine at the command line: compared, remembered, and proofs that lead to them."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from qingfeng.kernel.background import worker
from qingfeng.kernel.ledger import known_heads
from qingfeng.kernel.ledger.checkpoints import newest_heads
from qingfeng.kernel.ledger.known_heads import Head
from qingfeng.kernel.ledger.models import Checkpoint, Entry
from qingfeng.kernel.ledger.standalone import qingfeng_verify
from qingfeng.kernel.record.journal import JournalEntry
from tests.cast import COUNTY, NOW, do
from tests.faces.cli.conftest import Command

pytestmark = pytest.mark.django_db

FOUND = {"title": "垃圾未清运", "kind": "inaction", "topic": "not_acting", "description": "集贸市场北门。"}


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    """A letter with the heads of the second of three checkpoints."""
    file = tmp_path / "letter.txt"
    for number in range(3):
        do("rectification.register", "office_a", **FOUND)
        worker.seal(NOW)
        if number == 1:
            file.write_text(
                "".join(f"{head.jurisdiction}/{head.number} {head.hash}\n" for head in newest_heads())
            )
    return file


def test_the_history_is_held_against_a_letter(qingfeng: Command, letter: Path) -> None:
    assert qingfeng("ledger", "verify", "--head", str(letter)).code == 0
    letter.write_text(f"{letter.read_text()}\n{COUNTY}/2 {'cd' * 32}\n")
    said = qingfeng("ledger", "verify", "--head", str(letter))
    assert (said.code, f"head:{COUNTY}/2" in said.out) == (1, True)
    letter.write_text("Dear colleague")
    assert qingfeng("ledger", "verify", "--head", str(letter)).code == 2
    assert qingfeng("ledger", "verify", "--head", str(letter) + "x").code == 2


def test_heads_that_came_back_are_remembered_and_what_lacks_them_is_sealed_no_more(
    qingfeng: Command, letter: Path
) -> None:
    assert qingfeng("ledger", "remember", str(letter)).code == 0
    letter.write_text(f"> {COUNTY}/9\n> {'cd' * 32}\n")
    said = qingfeng("ledger", "remember", str(letter))
    assert (said.code, f"{COUNTY}: checkpoint 9" in said.out) == (0, True)
    assert JournalEntry.objects.filter(kind="export", body__contains="remembered").count() == 2
    assert qingfeng("ledger", "verify").code == 1
    sealed = qingfeng("ledger", "checkpoint")
    assert (sealed.code, "does not go on from head 9" in sealed.err) == (1, True)
    assert "does not go on from head 9" in qingfeng("check").out


def test_a_head_without_its_number_that_is_not_there_can_not_be_remembered(
    qingfeng: Command, letter: Path
) -> None:
    known_one = Checkpoint.objects.get(jurisdiction__code=COUNTY, number=2).hash
    letter.write_text(f"{known_one}\n")
    assert qingfeng("ledger", "remember", str(letter)).code == 0
    letter.write_text(f"{'cd' * 32}\n")
    assert qingfeng("ledger", "remember", str(letter)).code == 1
    kept = known_heads.read(settings.HEADS)
    assert kept is not None
    assert kept.heads[COUNTY] == Head(COUNTY, 2, known_one)


def test_a_proof_leads_to_the_head_of_the_letter(qingfeng: Command, letter: Path, tmp_path: Path) -> None:
    first = Entry.objects.filter(jurisdiction__code=COUNTY).earliest("pk")
    held = Checkpoint.objects.get(jurisdiction__code=COUNTY, number=2).hash
    file = tmp_path / "proof.json"
    file.write_text(qingfeng("ledger", "prove", str(first.pk), "--head", held).out, encoding="utf-8")
    assert qingfeng_verify.main([str(file), "--head", str(letter)], lambda _said: None) == 0
    file.write_text(qingfeng("ledger", "prove", str(first.pk)).out, encoding="utf-8")
    assert qingfeng_verify.main([str(file), "--head", str(letter)], lambda _said: None) == 1
    newest = Entry.objects.filter(jurisdiction__code=COUNTY).latest("pk")
    assert qingfeng("ledger", "prove", str(newest.pk), "--head", held).code == 1


def test_an_export_carries_the_keys_and_holds_against_the_letter(
    qingfeng: Command, letter: Path, tmp_path: Path
) -> None:
    file = tmp_path / "ledger.jsonl"
    assert qingfeng("ledger", "export", str(file)).code == 0
    assert json.loads(file.read_text(encoding="utf-8").splitlines()[0])["kind"] == "key"
    said: list[str] = []
    assert qingfeng_verify.main([str(file), "--head", str(letter)], said.append) == 0, said
