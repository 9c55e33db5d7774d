"""Scenarios of the kernel, written so that a clerk can read them: calendar, periods, a problem sheet's life."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingfeng.kernel.clocks import Running
from qingfeng.kernel.facts import Fact
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Refusal
from qingfeng.kernel.time.periods import Pause, Period, Unit, due, last_day
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.kernel.time.workdays import CalendarNotPublished, Workdays
from tests import cast
from tests.sheets import FOUND

Case = Mapping[str, Any]
HERE = Path(__file__).parent / "kernel"
INPUT: dict[str, dict[str, Any]] = {
    "register": FOUND,
    "assign": {"requirement": "整改并报告。"},
    "report": {"result": "已整改。"},
    "send_back": {"reason": "再查。"},
    "write_off": {"finding": "核查属实。"},
}


def cases(name: str) -> list[Any]:
    said = yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return [pytest.param(case, id=case.get("id", case["name"])) for case in said]


def moment(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZONE)


def period(said: Case) -> Period:
    return Period(int(said["n"]), Unit(said["unit"]), said.get("roll_forward", "true") == "true")


@pytest.mark.parametrize("case", cases("calendar"))
def test_calendar(case: Case) -> None:
    workdays = Workdays()
    for day, worked in case["then"].get("workdays", {}).items():
        assert workdays.is_workday(date.fromisoformat(day)) is (worked == "true"), day
    for day in case["then"].get("unknown", []):
        with pytest.raises(CalendarNotPublished):
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


@pytest.mark.django_db
@pytest.mark.parametrize("case", cases("rectification"))
def test_rectification(case: Case) -> None:
    sheets: dict[str, Matter] = {}
    for step in case["when"]:
        _perform(step, sheets)
    for name, expected in case["then"].items():
        assert _found(name, sheets) == expected, name


def _perform(step: Case, sheets: dict[str, Matter]) -> None:
    who = cast.the_system("clock") if step["who"] == "the clock" else step["who"]
    raw = dict(INPUT.get(step["does"], {}))
    if step["does"] == "assign":
        raw["responsible"] = cast.unit("housing").pk
    refused = ""
    try:
        done = cast.do(
            f"rectification.{step['does']}", who, sheets.get(step["sheet"]), moment(step["at"]), **raw
        )
        sheets[step["sheet"]] = done.matter
    except Refusal as refusal:
        refused = refusal.code
    assert refused == step.get("refused", ""), step


def _found(name: str, sheets: dict[str, Matter]) -> Any:
    stored = {sheet: Matter.objects.get(pk=matter.pk) for sheet, matter in sheets.items()}
    own = list(stored.values())
    running = {row.matter_id: row for row in Running.objects.filter(matter__in=own, stopped_at=None)}
    facts = Counter(Fact.objects.filter(entry__matter__in=own).values_list("name", flat=True))
    found = {
        "numbers": {sheet: matter.number for sheet, matter in stored.items()},
        "states": {sheet: matter.state for sheet, matter in stored.items()},
        "open": str(sum(not matter.closed for matter in own)),
        "facts": {fact: str(count) for fact, count in facts.items()},
        "last_days": {
            sheet: last_day(running[matter.pk].due_at).isoformat()
            for sheet, matter in stored.items()
            if matter.pk in running
        },
    }
    return found[name]
