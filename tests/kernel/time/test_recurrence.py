from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.time.recurrence import Every, Recurrence, days_of
from qingfeng.kernel.time.workdays import Workdays

CALENDAR = Workdays()
days = st.dates(date(2005, 1, 1), date(2024, 12, 31))


@st.composite
def rules(draw: st.DrawFn) -> Recurrence:
    every = draw(st.sampled_from(Every))
    return Recurrence(
        every, draw(st.integers(1, {Every.WEEK: 7, Every.HALF_MONTH: 15}.get(every, 31))), draw(st.booleans())
    )


def in_year(rule: Recurrence, year: int) -> list[tuple[str, date]]:
    return rule.periods_between(date(year - 1, 12, 31), date(year, 12, 31), CALENDAR)


def test_s2_r10_a_monthly_meeting_is_held_twelve_times_a_year() -> None:
    assert [key for key, _ in in_year(Recurrence(Every.MONTH, 5), 2013)] == [
        f"2013-{m:02}" for m in range(1, 13)
    ]


def test_s1_r09_half_monthly_dispatch_and_monthly_check_make_24_and_12() -> None:
    dispatches = in_year(Recurrence(Every.HALF_MONTH), 2019)
    assert len(dispatches) == 24
    assert dispatches[4:6] == [("2019-03-H1", date(2019, 3, 1)), ("2019-03-H2", date(2019, 3, 18))]
    assert len(in_year(Recurrence(Every.MONTH), 2019)) == 12


@pytest.mark.parametrize(("year", "weeks"), [(2015, 53), (2016, 52), (2020, 53), (2026, 53), (2019, 52)])
def test_s3_r08_a_weekly_meeting_is_held_in_every_week_of_the_year(year: int, weeks: int) -> None:
    thursdays = in_year(Recurrence(Every.WEEK, 4, on_workday=False), year)
    assert [key for key, _ in thursdays] == [f"{year}-W{week:02}" for week in range(1, weeks + 1)]


def test_a_duty_on_a_day_off_opens_on_the_next_working_day_and_keeps_its_key() -> None:
    weeks = dict(in_year(Recurrence(Every.WEEK, 1), 2026))
    assert weeks["2026-W08"] == date(2026, 2, 24)
    assert weeks["2026-W40"] == date(2026, 9, 28)
    assert dict(in_year(Recurrence(Every.MONTH, 1), 2026))["2026-10"] == date(2026, 10, 8)


@pytest.mark.parametrize(
    ("every", "keys"),
    [
        (Every.QUARTER, ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]),
        (Every.HALF_YEAR, ["2026-S1", "2026-S2"]),
        (Every.YEAR, ["2026"]),
    ],
)
def test_longer_periods_carry_their_keys(every: Every, keys: list[str]) -> None:
    assert [key for key, _ in in_year(Recurrence(every, 10), 2026)] == keys


def test_a_day_the_month_lacks_becomes_its_last() -> None:
    rule = Recurrence(Every.MONTH, 31, on_workday=False)
    assert dict(in_year(rule, 2024))["2024-02"] == date(2024, 2, 29)
    half = Recurrence(Every.HALF_MONTH, 15, on_workday=False)
    assert dict(in_year(half, 2025))["2025-02-H2"] == date(2025, 2, 28)


@given(rules(), days, st.integers(0, 200), st.integers(0, 200))
def test_asking_in_two_steps_finds_the_same_as_asking_once(
    rule: Recurrence, day: date, a: int, b: int
) -> None:
    middle, end = day + timedelta(days=a), day + timedelta(days=a + b)
    stepwise = rule.periods_between(day, middle, CALENDAR) + rule.periods_between(middle, end, CALENDAR)
    assert sorted(stepwise) == sorted(rule.periods_between(day, end, CALENDAR))


@given(rules(), days)
def test_keys_are_unique_and_days_in_order_within_the_stretch_asked_for(rule: Recurrence, day: date) -> None:
    found = rule.periods_between(day, day + timedelta(days=400), CALENDAR)
    opens = [opening for _, opening in found]
    assert len({key for key, _ in found}) == len(found)
    assert opens == sorted(opens)
    assert all(day < opening <= day + timedelta(days=400) for opening in opens)
    assert not rule.on_workday or all(CALENDAR.is_workday(opening) for opening in opens)


@pytest.mark.parametrize(
    ("every", "day"), [(Every.WEEK, 8), (Every.HALF_MONTH, 16), (Every.MONTH, 32), (Every.YEAR, 0)]
)
def test_a_day_outside_the_period_is_refused(every: Every, day: int) -> None:
    with pytest.raises(ValueError, match="The day within a"):
        Recurrence(every, day)


@given(rules(), days)
def test_a_key_names_the_days_of_its_period_and_periods_follow_each_other(
    rule: Recurrence, day: date
) -> None:
    plain = Recurrence(rule.every, rule.day, on_workday=False)
    found = plain.periods_between(day, day + timedelta(days=800), CALENDAR)
    spans = [days_of(key) for key, _nominal in found]
    for (_key, nominal), (first, last) in zip(found, spans, strict=True):
        assert first <= nominal <= last
    assert all(later[0] - before[1] == timedelta(days=1) for before, later in pairwise(spans))


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026-W53", (2026, 12, 28), (2027, 1, 3)),
        ("2028-02-H2", (2028, 2, 16), (2028, 2, 29)),
        ("2027-02-H1", (2027, 2, 1), (2027, 2, 15)),
        ("2026-Q4", (2026, 10, 1), (2026, 12, 31)),
        ("2026-S1", (2026, 1, 1), (2026, 6, 30)),
        ("2024", (2024, 1, 1), (2024, 12, 31)),
    ],
)
def test_the_days_that_a_key_names(key: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert days_of(key) == (date(*first), date(*last))


@pytest.mark.parametrize(
    "key", ["", "26", "2026-13", "2026-Q5", "2026-S3", "2026-W54", "2026-01-H3", "2026-W1-H1", "x"]
)
def test_what_names_no_period_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r"names no period|must be in|Invalid week"):
        days_of(key)
