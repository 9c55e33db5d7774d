"""The clocks of one matter, move by move: what each act changes of them, and what it leaves as it was."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from qingfeng.kernel.refusals import Barred, Misdeclared
from qingfeng.kernel.time.clocks import (
    Clock,
    Clockwork,
    Running,
    Unreckonable,
    differs,
    in_force,
    reckoned,
    unreckonable,
)
from qingfeng.kernel.time.periods import Period, PeriodUnit
from qingfeng.kernel.time.workdays import Workdays

BEGAN = datetime(2026, 6, 1, 1, 30, tzinfo=UTC)  # a Monday, 9:30
HOUR = timedelta(hours=1)
WORKDAYS = Workdays()
HOURS_5, HOURS_9, DAYS_3 = (
    Period(5, PeriodUnit.HOUR), Period(9, PeriodUnit.HOUR), Period(3, PeriodUnit.DAY, roll_forward=False)
)  # fmt: skip
ANSWER = Clock("answer", "answer", limit="a parameter")  # type: ignore[arg-type]
VISIT = Clock("visit", "visit")
DELIVERY = Clock("delivery", "delivery", deadline=True)
OBJECTION = Clock("objection", "objection", limit="a parameter", appoints=True)  # type: ignore[arg-type]


def wound(now: datetime = BEGAN, *rows: Running) -> Clockwork:
    return Clockwork(None, now, lambda: WORKDAYS, rows)


def running(clock: Clock = ANSWER, limit: Period | None = HOURS_5, **more: Any) -> Running:
    """A clock as it stands after it was started, changed as said."""
    clocks = wound()
    clocks.start(clock, limit, BEGAN + HOUR if limit is None else None)
    row = clocks.rows[clock.name]
    for name, value in more.items():
        setattr(row, name, value)
    return row


def done(clocks: Clockwork) -> list[str]:
    return [operation for _name, operation, *_more in clocks.operations]


def test_who_is_late_is_late_by_a_limit_or_a_day_by_which_something_is_to_be_done() -> None:
    assert [clock.binds for clock in (ANSWER, VISIT, DELIVERY, OBJECTION)] == [True, False, True, False]


@pytest.mark.parametrize("passing", [True, False, None])
def test_a_silent_clock_counts_days_as_they_pass(passing: bool | None) -> None:
    limit: Any = None if passing is None else SimpleNamespace(kind=SimpleNamespace(passing=passing))
    assert not Clock("silence", "", limit).silent
    if passing:
        assert Clock("silence", "", limit, silent=True).silent
    else:
        with pytest.raises(Misdeclared, match="silence is silent"):
            Clock("silence", "", limit, silent=True)


def test_it_starts_now_or_from_a_moment_and_starting_anew_forgets_what_was() -> None:
    clocks = wound()
    assert clocks.start(ANSWER, HOURS_5) == clocks.due(ANSWER) == BEGAN + 5 * HOUR
    assert clocks.start(VISIT, None, BEGAN + HOUR) == BEGAN + HOUR
    assert done(clocks) == ["start", "start"]
    row = clocks.rows["answer"]
    row.pauses, row.extensions = [[BEGAN.isoformat(), (BEGAN + HOUR).isoformat()]], [{"n": 1}]
    row.paused_at = row.stopped_at = row.expired_at = BEGAN
    row.set_aside = "failed"
    assert clocks.start(ANSWER, HOURS_9, BEGAN - HOUR) == BEGAN + 8 * HOUR
    assert clocks.rows["answer"] is row
    assert (row.pauses, row.extensions, row.set_aside, row.started_at) == ([], [], "", BEGAN - HOUR)
    assert not any(getattr(row, name) for name in ("paused_at", "stopped_at", "expired_at"))
    assert row.limit == {"n": 9, "unit": "hour", "roll_forward": True}
    with pytest.raises(Misdeclared, match=r"visit has no limit: say with do\.count_from"):
        clocks.start(VISIT, None)


def test_it_is_stopped_once() -> None:
    clocks = wound(BEGAN + HOUR, running(), running(VISIT, stopped_at=BEGAN))
    for clock in (ANSWER, ANSWER, VISIT, DELIVERY):
        clocks.stop(clock)
    assert done(clocks) == ["stop"]
    assert clocks.rows["answer"].stopped_at == BEGAN + HOUR
    assert clocks.rows["visit"].stopped_at == BEGAN
    assert clocks.due(ANSWER) is None
    assert clocks.due(DELIVERY) is None


@pytest.mark.parametrize(
    ("changed", "closed", "reopened", "said"),
    [
        ({}, False, False, ["start"]),
        ({}, True, False, ["stop"]),
        ({"stopped_at": BEGAN}, False, False, []),
        ({"stopped_at": BEGAN}, False, True, ["start"]),
        ({"stopped_at": BEGAN}, True, False, []),
        ({"paused_at": BEGAN}, False, False, []),
    ],
)
def test_what_waits_for_a_person_begins_anew_when_one_acts(
    changed: dict[str, Any], closed: bool, reopened: bool, said: list[str]
) -> None:
    clocks = wound(BEGAN + HOUR, running(**changed))
    clocks.hear([DELIVERY, ANSWER], closed, reopened)
    assert done(clocks) == said
    if said == ["start"]:
        assert clocks.due(ANSWER) == BEGAN + 6 * HOUR


def test_what_a_pause_took_is_added_when_it_runs_on() -> None:
    row = running()
    wound(BEGAN + HOUR, row).pause(ANSWER)
    assert row.paused_at == BEGAN + HOUR
    clocks = wound(BEGAN + 3 * HOUR, row)
    clocks.resume(ANSWER)
    assert row.ticking
    assert (clocks.due(ANSWER), done(clocks)) == (BEGAN + 7 * HOUR, ["resume"])
    wound(BEGAN + 4 * HOUR, row).pause(ANSWER)
    later = wound(BEGAN + 5 * HOUR, row)
    later.resume(ANSWER)
    assert later.due(ANSWER) == BEGAN + 8 * HOUR
    assert len(row.pauses) == 2


@pytest.mark.parametrize("changed", [{"stopped_at": BEGAN}, {"paused_at": BEGAN}])
def test_only_what_time_runs_on_is_paused(changed: dict[str, Any]) -> None:
    for row in (running(**changed), running(VISIT)):
        with pytest.raises(Misdeclared, match="answer is not running"):
            wound(BEGAN, row).pause(ANSWER)
    with pytest.raises(Misdeclared, match="visit runs out at a moment"):
        wound(BEGAN, running(VISIT, None)).pause(VISIT)


def test_only_what_is_paused_runs_on() -> None:
    for rows in ([running()], []):
        with pytest.raises(Misdeclared, match="answer is not paused"):
            wound(BEGAN, *rows).resume(ANSWER)


def test_the_system_lets_stand_still_what_was_named_runs_and_has_not_run_out() -> None:
    rows = [
        running(),
        running(Clock("other", "")),
        running(Clock("over", ""), expired_at=BEGAN),
        running(Clock("held", ""), paused_at=BEGAN),
        running(Clock("ended", ""), stopped_at=BEGAN),
    ]
    clocks = wound(BEGAN + HOUR, *rows)
    clocks.stand_still({"answer", "over", "held", "ended"})
    assert [(name, operation) for name, operation, *_more in clocks.operations] == [("answer", "stand_still")]
    assert rows[0].paused_at == BEGAN + HOUR
    assert (rows[2].paused_at, rows[3].paused_at) == (None, BEGAN)


def test_what_stood_still_since_a_moment_runs_on_and_a_pause_of_a_person_stays() -> None:
    rows = [
        running(paused_at=BEGAN + HOUR),
        running(Clock("hearing", ""), paused_at=BEGAN + 2 * HOUR),
        running(Clock("ended", ""), stopped_at=BEGAN + HOUR, paused_at=BEGAN + HOUR),
    ]
    clocks = wound(BEGAN + 3 * HOUR, *rows)
    assert clocks.reckon(BEGAN + HOUR) == [rows[0]]
    assert (rows[0].due_at, rows[0].paused_at) == (BEGAN + 7 * HOUR, None)
    assert (rows[1].due_at, rows[1].paused_at) == (BEGAN + 5 * HOUR, BEGAN + 2 * HOUR)
    assert done(clocks) == ["reckon"]


def test_reckoned_anew_nothing_moves_that_ends_as_before() -> None:
    rows = [
        running(),
        running(VISIT, None, due_at=BEGAN),
        running(DELIVERY, HOURS_5, expired_at=BEGAN, due_at=BEGAN),
    ]
    clocks = wound(BEGAN + HOUR, *rows)
    assert clocks.reckon(None) == []
    assert clocks.operations == []
    assert [row.due_at for row in rows] == [BEGAN + 5 * HOUR, BEGAN, BEGAN]
    rows[0].due_at = BEGAN
    assert clocks.reckon(None) == [rows[0]]
    assert rows[0].due_at == BEGAN + 5 * HOUR


def test_another_length_takes_the_place_of_the_one_it_began_with_but_makes_nobody_late() -> None:
    for limit, now, due in (
        (HOURS_9, HOUR, 9),
        (Period(2, PeriodUnit.HOUR), HOUR, 2),
        (Period(2, PeriodUnit.HOUR), 2 * HOUR, 5),
        (Period(2, PeriodUnit.HOUR), 3 * HOUR, 5),
    ):
        row = running()
        moved = wound(BEGAN + now, row).reckon(None, {"answer": limit})
        assert row.due_at == BEGAN + due * HOUR
        assert row.limit["n"] == due
        assert moved == ([] if due == 5 else [row])
    row = running()
    assert wound(BEGAN, row).reckon(None, {"other": HOURS_9}) == []


def test_an_end_put_off_goes_on_from_the_one_before_and_it_runs_again() -> None:
    row = running(expired_at=BEGAN + 5 * HOUR)
    clocks = wound(BEGAN + 6 * HOUR, row)
    clocks.extend(ANSWER, Period(2, PeriodUnit.HOUR))
    clocks.extend(ANSWER, Period(1, PeriodUnit.HOUR))
    assert (row.due_at, row.expired_at, done(clocks)) == (BEGAN + 8 * HOUR, None, ["extend", "extend"])
    assert [one["n"] for one in row.extensions] == [2, 1]


def test_of_what_stands_still_the_end_is_put_off_when_it_runs_on() -> None:
    row = running(paused_at=BEGAN + HOUR)
    wound(BEGAN + HOUR, row).extend(ANSWER, Period(2, PeriodUnit.HOUR))
    assert row.due_at == BEGAN + 5 * HOUR
    wound(BEGAN + 2 * HOUR, row).resume(ANSWER)
    assert row.due_at == BEGAN + 8 * HOUR


def test_what_does_not_run_or_has_no_length_is_not_put_off() -> None:
    for rows in ([running(stopped_at=BEGAN)], []):
        with pytest.raises(Misdeclared, match="answer is not running"):
            wound(BEGAN, *rows).extend(ANSWER, DAYS_3)
    with pytest.raises(Misdeclared, match="visit runs out at a moment"):
        wound(BEGAN, running(VISIT, None)).extend(VISIT, DAYS_3)


@pytest.mark.parametrize(
    ("changed", "hours"),
    [
        ({}, 4),
        ({"stopped_at": BEGAN}, 6),
        ({"paused_at": BEGAN}, 6),
        ({"expired_at": BEGAN}, 6),
        ({"due_at": BEGAN + 7 * HOUR}, 6),
    ],
)
def test_what_has_not_run_out_or_runs_no_more_is_not_marked(changed: dict[str, Any], hours: int) -> None:
    clocks = wound(BEGAN + hours * HOUR, running(**changed))
    assert clocks.expire(ANSWER) is False
    assert clocks.expire(DELIVERY) is False
    assert clocks.operations == []


def test_what_ran_out_is_marked_and_a_day_appointed_is_over_at_its_end() -> None:
    clocks = wound(
        BEGAN + 5 * HOUR, running(), running(VISIT, None), running(DELIVERY, None), running(OBJECTION)
    )
    assert all(clocks.expire(clock) for clock in (ANSWER, VISIT, DELIVERY, OBJECTION))
    assert {row.expired_at for row in clocks.rows.values()} == {BEGAN + 5 * HOUR}
    stopped = {row.name: row.stopped_at for row in clocks.rows.values()}
    assert stopped == {
        "answer": None,
        "visit": BEGAN + HOUR,
        "delivery": None,
        "objection": BEGAN + 5 * HOUR,
    }
    assert done(clocks) == ["expire"] * 4


def test_an_entry_names_clock_operation_end_and_a_digest_of_how_it_stands() -> None:
    clocks = wound()
    clocks.start(ANSWER, HOURS_5)
    clocks.extend(ANSWER, HOURS_5)
    (first, second) = clocks.operations
    assert first[:2] == ["answer", "start"]
    assert second[:2] == ["answer", "extend"]
    assert first[2] != second[2]
    assert len(first[3]) == 64
    assert first[3] != second[3]


# a length in force


@dataclass
class InForce:
    """A policy with one value, or none that holds."""

    length: Period | None
    workdays: Workdays = field(default_factory=Workdays)

    def value(self, _limit: Any) -> Period:
        if self.length is None:
            raise Barred("Nobody set it.")
        return self.length


def test_the_lengths_in_force_are_of_those_with_a_limit_that_has_a_value() -> None:
    assert in_force([ANSWER, VISIT, OBJECTION], InForce(HOURS_9)) == {"answer": HOURS_9, "objection": HOURS_9}  # type: ignore[arg-type]
    assert in_force([ANSWER], InForce(None)) == {}  # type: ignore[arg-type]


def test_another_length_is_one_by_which_it_is_not_over_by_now() -> None:
    row = running()
    assert differs(row, HOURS_5, WORKDAYS, BEGAN) is False
    assert differs(row, HOURS_9, WORKDAYS, BEGAN + 8 * HOUR)
    assert differs(row, HOURS_9, WORKDAYS, BEGAN + 9 * HOUR) is False
    row.extensions = [{"n": 1, "unit": "hour", "roll_forward": True}]
    row.pauses = [[(BEGAN + HOUR).isoformat(), (BEGAN + 2 * HOUR).isoformat()]]
    assert differs(row, HOURS_9, WORKDAYS, BEGAN + 10 * HOUR)
    assert differs(row, HOURS_9, WORKDAYS, BEGAN + 11 * HOUR) is False


FAR = Period(900, PeriodUnit.WORKDAY)


def test_into_a_year_without_calendar_nothing_is_reckoned_and_nothing_differs() -> None:
    row = running()
    assert differs(row, FAR, WORKDAYS, BEGAN) is False
    row.limit = {"n": 900, "unit": "workday", "roll_forward": True}
    with pytest.raises(Unreckonable) as refused:
        reckoned(row, WORKDAYS)
    assert str(refused.value.reason)
    assert str(refused.value.remedy)


@pytest.mark.parametrize(
    ("clock", "length", "able"),
    [(ANSWER, HOURS_5, True), (VISIT, None, True), (ANSWER, None, False), (ANSWER, FAR, False)],
)
def test_why_a_clock_could_not_be_started_is_said(clock: Clock, length: Period | None, able: bool) -> None:
    assert bool(unreckonable([clock], InForce(length), BEGAN)) is not able  # type: ignore[arg-type]


def test_the_last_day_may_be_a_day_off_where_the_rule_says_so() -> None:
    friday = datetime(2026, 6, 5, 1, tzinfo=UTC)
    for rolls, day in ((False, 8), (True, 9)):
        row = Running(
            started_at=friday, limit={"n": 2, "unit": "day", "roll_forward": rolls}, extensions=[], pauses=[]
        )
        midnight = datetime.combine(date(2026, 6, day), datetime.min.time(), UTC) - 8 * HOUR
        assert reckoned(row, WORKDAYS) == midnight
