"""What comes onto an agenda, and in which order."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.text.translatable import TranslatableError
from qingfeng.kernel.time.recurrence import Every, Recurrence
from qingfeng.kernel.time.workdays import Workdays
from qingfeng.mechanisms.duty.dispatch.rules import (
    ORDER,
    AgendaCandidate,
    AgendaSection,
    drawn,
    period_words,
    section,
)
from tests.cast import NOW, TODAY

DAY = timedelta(days=1)
HOURS = st.integers(-2000, 2000)
OPEN = st.builds(
    lambda pk, due, touched: AgendaCandidate(
        pk, None if due is None else NOW + timedelta(hours=due), NOW - timedelta(hours=touched)
    ),
    st.integers(1, 10_000),
    st.none() | HOURS,
    st.integers(0, 4000),
)
FOUND = st.lists(OPEN, max_size=30, unique_by=lambda one: one.matter)


@pytest.mark.parametrize(
    ("due", "touched", "where"),
    [
        (-1, 1, AgendaSection.OVERDUE),
        (0, 1, AgendaSection.OVERDUE),
        (5, 1, AgendaSection.NEAR),
        (6, 1, None),
        (None, 14, None),
        (None, 15, AgendaSection.IDLE),
        (6, 15, AgendaSection.IDLE),
        (-1, 30, AgendaSection.OVERDUE),
    ],
)
def test_a_matter_is_overdue_near_or_idle_or_not_on_the_agenda(
    due: int | None, touched: int, where: AgendaSection | None
) -> None:
    one = AgendaCandidate(1, None if due is None else NOW + due * DAY, NOW - touched * DAY)
    assert section(one, NOW, near=5, idle=15) is where


@given(found=FOUND, near=st.integers(0, 30), idle=st.integers(1, 60), most=st.integers(0, 40))
def test_the_agenda_takes_the_most_pressing_first_and_never_too_many(
    found: list[AgendaCandidate], near: int, idle: int, most: int
) -> None:
    rows = drawn(found, NOW, near, idle, most)
    whole = drawn(found, NOW, near, idle, len(found))
    assert rows == whole[:most]
    assert {one.matter for one, _where in whole} == {
        one.matter for one in found if section(one, NOW, near, idle) is not None
    }
    places = [ORDER.index(where) for _one, where in whole]
    assert places == sorted(places)
    for where in AgendaSection:
        ends = [
            one.touched if where is AgendaSection.IDLE else one.due
            for one, placed in whole
            if placed is where
        ]
        assert ends == sorted(ends)  # type: ignore[type-var]  # what is overdue or near has a day


@given(found=FOUND, near=st.integers(0, 30), idle=st.integers(1, 60))
def test_the_agenda_is_the_same_in_whatever_order_matters_are_found(
    found: list[AgendaCandidate], near: int, idle: int
) -> None:
    assert drawn(found, NOW, near, idle, 40) == drawn(found[::-1], NOW, near, idle, 40)


@given(every=st.sampled_from(Every))
def test_every_period_of_a_duty_has_a_name_in_words(every: Every) -> None:
    rule = Recurrence(every, 1, on_workday=False)
    periods = rule.periods_between(TODAY, TODAY + timedelta(days=800), Workdays())
    named = [words % parts for words, parts in (period_words(period) for period, _day in periods)]
    assert len(set(named)) == len(periods) > 1


def test_what_is_no_period_is_refused() -> None:
    with pytest.raises(TranslatableError, match="March"):
        period_words("March")
