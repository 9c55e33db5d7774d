"""When a unit is reminded of its own timetable."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qingfeng.mechanisms.problems.problem_lists.rules import next_reminder, reminded

DAYS = st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=20)
TODAY = st.dates(date(2026, 1, 1), date(2026, 12, 31))
BEFORE = st.integers(0, 60)


@given(days=DAYS, before=BEFORE, today=TODAY)
def test_the_next_reminder_lies_ahead_and_nothing_comes_due_between(
    days: list[date], before: int, today: date
) -> None:
    found = next_reminder(days, before, today)
    if found is None:
        assert reminded(days, before, today) == len(days)
        return
    assert found > today
    assert reminded(days, before, found) > reminded(days, before, found - timedelta(days=1))
    assert reminded(days, before, found - timedelta(days=1)) == reminded(days, before, today)


@given(days=DAYS, before=BEFORE, today=TODAY)
def test_from_reminder_to_reminder_every_problem_is_told_of(
    days: list[date], before: int, today: date
) -> None:
    steps = 0
    while (found := next_reminder(days, before, today)) is not None:
        today, steps = found, steps + 1
    assert reminded(days, before, today) == len(days)
    assert steps <= len(set(days))
