"""A refusal that rests on several rules is told line by line; last year's numbers come in from a sheet."""

from pathlib import Path

import pytest

from qingfeng.mechanisms.restraint.meetings.baselines import Baseline
from tests import cast
from tests.faces.cli.conftest import Command
from tests.mechanisms.restraint.meetings.gatherings import wanted

pytestmark = pytest.mark.django_db
HEAD = "单位,月份,会议数,会议总时长（人·小时）,发文数\n"


def test_every_rule_in_the_way_is_a_line_with_its_clause(qingfeng: Command) -> None:
    raw = wanted(starts="2026-03-16 09:00", agenda=[])
    options = [
        part
        for name, value in raw.items()
        if value != []
        for part in (f"--{name.replace('_', '-')}", str(value))
    ]
    said = qingfeng("act", "meetings.ask", *options, who="clerk_housing")
    assert said.code != 0
    lines = [line for line in said.err.splitlines() if line.startswith("  ·")]
    assert [line.partition("(《")[2] for line in lines] == [
        "清风区会议文件管理示范办法》第五条第一款)",
        "清风区会议文件管理示范办法》第五条第二款)",
    ], said.err


def test_last_years_numbers_come_in_from_a_sheet_and_wrong_rows_are_named(
    qingfeng: Command, tmp_path: Path
) -> None:
    sheet = tmp_path / "上年.csv"
    sheet.write_text(f"{HEAD}住建局,1,3,120,4\n住建局,1,2,80,5\n", encoding="utf-8")
    named = ("import", "meeting_baselines.record", str(sheet), "--set", "year=2025")
    wrong = qingfeng(*named, who="office_a")
    assert wrong.code != 0
    assert "3    Month of the year  This unit's month stands here twice." in wrong.out
    assert Baseline.objects.count() == 0
    sheet.write_text(f"{HEAD}住建局,1,3,120,4\n教育局,1,2,80,5\n", encoding="utf-8")
    assert qingfeng(*named, who="office_a").code == 0
    assert Baseline.objects.get().months == [
        [cast.unit("housing").pk, 1, 3, 120, 4],
        [cast.unit("education").pk, 1, 2, 80, 5],
    ]
