"""Scenarios of the kernel, written so that a clerk can read them: calendar and periods."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingfeng.kernel.time.periods import Pause, Period, PeriodUnit, due, last_day
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.kernel.time.workdays import CalendarNotPublished, Workdays

Case = Mapping[str, Any]
HERE = Path(__file__).parent / "kernel"


def cases(name: str) -> list[Any]:
    said = yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return [pytest.param(case, id=case.get("id", case["name"])) for case in said]


def moment(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZONE)


def period(said: Case) -> Period:
    return Period(int(said["n"]), PeriodUnit(said["unit"]), said.get("roll_forward", "true") == "true")


@pytest.mark.parametrize("case", cases("calendar"))
def test_calendar(case: Case) -> None:
    workdays = Workdays()
    for day, worked in case["then"].get("workdays", {}).items():
        assert workdays.is_workday(date.fromisoformat(day)) is (worked == "true"), day
    for day in case["then"].get("unknown", []):
        with pytest.raises(CalendarNotPublished, match="The working days of"):
            workdays.is_workday(date.fromisoformat(day))


@pytest.mark.parametrize("case", cases("periods"))
def test_periods(case: Case) -> None:
    when, then = case["when"], case["then"]
    ends = due(
        moment(when["start"]),
        period(when),
        Workdays(),
        extensions=[period(said) for said in when.get("extended", [])],
        pauses=[Pause(moment(said["since"]), moment(said["until"])) for said in when.get("paused", [])],
    )
    assert set(then) <= {"last_day", "ends"}
    if "last_day" in then:
        assert last_day(ends).isoformat() == then["last_day"]
    if "ends" in then:
        assert ends == moment(then["ends"])
