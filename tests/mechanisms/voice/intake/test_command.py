"""A file of messages through the command line: looked at, handed in, taken in, handed out."""

from pathlib import Path

import pytest

from qingfeng.mechanisms.problems.rectification.models import Problem
from qingfeng.mechanisms.voice.intake.models import Batch
from tests.faces.cli.conftest import Command, logging_level, qingfeng, standing_time
from tests.messages import csv_of, gone_on

__all__ = ["logging_level", "qingfeng", "standing_time"]
pytestmark = pytest.mark.django_db
SAID = ("--set", "source=12345热线", "--set", "origin=hotline")


def test_a_file_is_looked_at_handed_in_and_handed_out(qingfeng: Command, tmp_path: Path) -> None:
    path = tmp_path / "来件.csv"
    path.write_bytes(csv_of())
    looked = qingfeng("import", "intake.receive", str(path), *SAID, "--check", who="clerk_housing")
    assert (looked.code, Batch.objects.count()) == (0, 0)
    assert "Nothing was done." in looked.out
    assert qingfeng("import", "intake.receive", str(path), *SAID, who="clerk_housing").code == 0
    matter = Batch.objects.get()
    assert qingfeng("act", "intake.take_in", str(matter.pk), who="clerk_housing").code == 0
    assert gone_on(matter).read == 5
    options = ("--row", "2", "--kind", "livelihood", "--topic", "peoples_livelihood")
    assert qingfeng("act", "intake.open_sheet", str(matter.pk), *options, who="clerk_housing").code == 0
    assert Problem.objects.get().source == "hotline"


def test_what_is_no_sheet_is_told_and_nothing_is_done(qingfeng: Command, tmp_path: Path) -> None:
    path = tmp_path / "来件.csv"
    path.write_bytes(b"\n\n")
    for more in ((), ("--check",)):
        said = qingfeng("import", "intake.receive", str(path), *SAID, *more, who="clerk_housing")
        assert said.code == 1, said.err
    assert qingfeng("import", "intake.receive", "nothing.csv", *SAID, who="clerk_housing").code == 2
    assert not Batch.objects.exists()


def test_a_look_carries_the_act_to_its_end_and_shows_heads_suggestions_and_faults(
    qingfeng: Command, tmp_path: Path
) -> None:
    path = tmp_path / "来件.csv"
    path.write_bytes(csv_of())
    looked = qingfeng("import", "intake.receive", str(path), *SAID, "--check", who="clerk_housing")
    assert looked.code == 0
    assert all(
        words in looked.out for words in ('"留言详情"', '"rows": 6', '"unread": 1', "neither title nor text")
    )
    assert qingfeng("import", "intake.receive", str(path), *SAID, who="clerk_housing").code == 0
    again = qingfeng("import", "intake.receive", str(path), *SAID, "--check", who="clerk_housing")
    assert again.code == 1
    assert "handed in before" in again.err
