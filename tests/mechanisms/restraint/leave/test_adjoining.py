"""Leave that goes on from other leave counts with it for the approver, whatever its kind."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.acts.steps import Step
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.time.workdays import Workdays
from qingfeng.mechanisms.restraint.leave.rules import AFTERNOON, MORNING, adjoining, after, before, halves
from tests import cast
from tests.leaves import approved, request

DAYS = Workdays()


def is_off(day: date) -> bool:
    return not DAYS.is_workday(day)


def steps(leave: Matter) -> int:
    return Step.objects.filter(matter=leave.pk).values("order").distinct().count()


@given(st.dates(date(2025, 1, 1), date(2026, 11, 1)), st.sampled_from([MORNING, AFTERNOON]))
def test_the_half_day_before_the_one_after_is_itself(day: date, part: int) -> None:
    assert before(after((day, part))) == (day, part) == after(before((day, part)))


@given(st.dates(date(2026, 1, 5), date(2026, 10, 1)), st.integers(1, 6), st.integers(1, 6))
def test_split_in_two_it_counts_as_in_one(day: date, first: int, second: int) -> None:
    every = halves((day, MORNING), (day + timedelta(days=first + second - 1), AFTERNOON))
    counted = {half: not is_off(half[0]) for half in every}
    cut = 2 * first
    mine, theirs = every[:cut], {half: counted[half] for half in every[cut:]}
    own = sum(counted[half] for half in mine)
    assert own + adjoining(mine[0], mine[-1], theirs, is_off) == sum(counted.values())


def test_a_working_day_between_parts_them_and_a_weekend_or_a_holiday_does_not() -> None:
    friday = dict.fromkeys(halves((date(2026, 4, 24), MORNING), (date(2026, 4, 24), AFTERNOON)), True)
    monday, tuesday = (date(2026, 4, 27), MORNING), (date(2026, 4, 28), MORNING)
    assert adjoining(monday, (monday[0], AFTERNOON), friday, is_off) == 2
    assert adjoining(tuesday, (tuesday[0], AFTERNOON), friday, is_off) == 0
    before_may = dict.fromkeys(halves((date(2026, 4, 30), AFTERNOON), (date(2026, 4, 30), AFTERNOON)), True)
    assert adjoining((date(2026, 5, 6), MORNING), (date(2026, 5, 6), AFTERNOON), before_may, is_off) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "first", "last", "seats"),
    [
        ("personal", "2026-03-16", "2026-03-16", 2),  # behind the weekend
        ("sick", "2026-03-14", "2026-03-15", 2),  # another kind, on the weekend itself
        ("personal", "2026-03-17", "2026-03-18", 1),  # Monday was worked
    ],
)
def test_two_days_and_then_more_go_where_the_whole_would_go(
    kind: str, first: str, last: str, seats: int
) -> None:
    earlier = approved(first_day="2026-03-11", last_day="2026-03-13")
    assert steps(earlier) == 1
    assert steps(request(kind=kind, first_day=first, last_day=last)) == seats


@pytest.mark.django_db
def test_the_part_before_asked_for_later_counts_too_and_refused_leave_does_not() -> None:
    later = request(first_day="2026-03-18", last_day="2026-03-20")
    assert steps(request(first_day="2026-03-16", last_day="2026-03-17", last_half="am")) == 1
    assert steps(request(first_day="2026-03-17", first_half="pm", last_day="2026-03-17")) == 2
    cast.do("leave.withdraw", "cadre", later)
    assert steps(request(first_day="2026-03-18", last_day="2026-03-18")) == 1
