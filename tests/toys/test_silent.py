"""A silent clock: it runs from the last act of a person, begins anew with each, and runs out as a clock does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.background import worker
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.registry import find_act
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.regime.parameters import UnfitValue
from qingfeng.kernel.time import duties
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.duties import open_due
from qingfeng.kernel.vocabulary import Clock, Span
from tests.toys.duty.models import REPORT_TURNS, REPORTS, SILENT_FOR, Report
from tests.toys.duty.place import Place, found, put_in_force

VALUES = """
toys_report.turns: (2026-01-01) {every: month, day: 10, on_workday: false}
toys_report.silent_for: (2026-01-01) {n: 20, unit: day, roll_forward: false}
"""


def on(month: int, day: int, year: int = 2026) -> datetime:
    """Nine in the morning, Shanghai."""
    return datetime(year, month, day, 1, 0, tzinfo=UTC)


def end(month: int, day: int, year: int = 2026) -> datetime:
    """24:00 of a day in Shanghai."""
    return datetime(year, month, day, 16, 0, tzinfo=UTC)


@pytest.fixture
def place(db: None, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(duties, "DUTIES", {REPORTS.code: REPORTS})
    place = found()
    put_in_force(place, VALUES)
    return place


@pytest.fixture
def report(place: Place) -> Report:
    open_due(on(3, 10))
    return Report.objects.get(unit__code="02")


def done(report: Report, name: str, actor: Any, now: datetime) -> None:
    perform(find_act(Report, name), actor, {}, now, matter_id=report.pk)


def clock(report: Report) -> Running:
    return Running.objects.get(matter=report, name="silent")


def reminded(report: Report) -> int:
    return Report.objects.get(pk=report.pk).reminded


def test_it_runs_from_the_opening_and_each_act_of_a_person_begins_it_anew(
    place: Place, report: Report
) -> None:
    assert clock(report).due_at == end(3, 30)
    done(report, "note", place.first, on(3, 29))
    assert clock(report).due_at == end(4, 18)
    worker.run_out(end(4, 18) - timedelta(microseconds=1))
    assert reminded(report) == 0
    worker.run_out(end(4, 18))
    worker.run_out(end(4, 19))
    assert reminded(report) == 1
    entry = Entry.objects.get(matter=report, act="overlooked")
    assert [line[:2] for line in entry.content["clocks"]] == [["silent", "expire"]]
    assert [fault for fault in verify() if "running" in fault.where or "matter" in fault.where] == []


def test_after_it_ran_out_the_next_act_begins_it_anew_and_it_is_told_again(
    place: Place, report: Report
) -> None:
    worker.run_out(on(5, 1))
    done(report, "note", place.second, on(5, 6))
    assert clock(report).expired_at is None
    worker.run_out(on(5, 20))
    assert reminded(report) == 1
    worker.run_out(on(5, 27))
    assert reminded(report) == 2


def test_what_the_system_does_breaks_no_silence(place: Place, report: Report) -> None:
    calendar = system("calendar", [place.jurisdiction.pk])
    perform(find_act(Report, "reckon"), calendar, {"why": "核对"}, on(3, 20), matter_id=report.pk)
    assert clock(report).due_at == end(3, 30)


def test_a_closed_matter_is_not_silent_and_one_opened_again_may_be(place: Place, report: Report) -> None:
    done(report, "finish", place.first, on(3, 20))
    assert clock(report).stopped_at == on(3, 20)
    worker.run_out(on(6, 1))
    assert reminded(report) == 0
    done(report, "reopen", place.first, on(6, 2))
    assert clock(report).due_at == end(6, 22)
    worker.run_out(on(6, 23))
    assert reminded(report) == 1


def test_no_act_waits_for_a_calendar_by_it(place: Place, report: Report) -> None:
    """The year 2098 has no calendar; the silence of a matter needs none."""
    done(report, "note", place.first, on(12, 28, 2098))
    assert clock(report).due_at == end(1, 17, 2099)


def test_the_length_it_began_with_holds(place: Place, report: Report) -> None:
    put_in_force(place, VALUES.replace("n: 20", "n: 5"), at=on(3, 12))
    done(report, "note", place.first, on(3, 15))
    assert clock(report).due_at == end(4, 4)


@pytest.mark.parametrize("limit", [None, REPORT_TURNS])
def test_a_silent_clock_has_a_limit_that_needs_no_calendar(limit: Any) -> None:
    with pytest.raises(Misdeclared, match="silent"):
        Clock("still", "静默", limit, silent=True)
    assert Clock("still", "静默", SILENT_FOR, silent=True).binds


@pytest.mark.parametrize(
    "raw",
    [
        {"n": 3, "unit": "workday"},
        {"n": 3, "unit": "day", "roll_forward": True},
        {"n": 1, "unit": "month", "roll_forward": True},
    ],
)
def test_days_as_they_pass_know_no_days_off(raw: dict[str, Any]) -> None:
    with pytest.raises(UnfitValue, match=r"one of hour, day, month|roll_forward"):
        Span(passing=True).read(raw)
    assert Span().read(raw).n == raw["n"]
    assert Span(passing=True).read({"n": 3, "unit": "day", "roll_forward": False}).n == 3
    assert Span(passing=True).read({"n": 48, "unit": "hour"}).n == 48
