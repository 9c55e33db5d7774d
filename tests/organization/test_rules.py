"""Years of service are full years; ranks are compared by the regime's order."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.organization.rules import at_least, years_of_service

RANKS = ["unranked", "clerk", "deputy_section", "section"]


@pytest.mark.parametrize(
    ("since", "on", "years"),
    [
        (date(2016, 3, 10), date(2026, 3, 9), 9),
        (date(2016, 3, 10), date(2026, 3, 10), 10),
        (date(2016, 3, 10), date(2026, 3, 11), 10),
        (date(2026, 3, 10), date(2026, 3, 10), 0),
        (date(2026, 3, 11), date(2026, 3, 10), 0),
        (date(2016, 2, 29), date(2026, 2, 28), 9),
        (date(2016, 2, 29), date(2026, 3, 1), 10),
        (date(2016, 2, 29), date(2024, 2, 28), 7),
        (date(2016, 2, 29), date(2024, 2, 29), 8),
        (date(2015, 12, 31), date(2026, 1, 1), 10),
        (date(2025, 12, 31), date(2026, 12, 30), 0),
    ],
)
def test_a_year_counts_once_it_is_full(since: date, on: date, years: int) -> None:
    assert years_of_service(since, on) == years


@given(st.dates(date(1960, 1, 1), date(2060, 1, 1)), st.integers(0, 20_000))
def test_a_day_more_adds_a_year_at_most_and_never_takes_one(since: date, days: int) -> None:
    on = since + timedelta(days=days)
    grown = years_of_service(since, on + timedelta(days=1)) - years_of_service(since, on)
    assert grown in (0, 1)


def test_a_rank_is_at_least_itself_and_what_stands_before_it() -> None:
    assert [at_least(RANKS, rank, "deputy_section") for rank in RANKS] == [False, False, True, True]
    assert not at_least(RANKS, "", "unranked")
    with pytest.raises(ValueError, match="minister"):
        at_least(RANKS, "clerk", "minister")
