"""The pure rules: the day of a blue slip, the order of a road map, the likest of several texts, shares."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.reading.likeness import likeness
from qingfeng.kernel.time.workdays import Workdays
from qingfeng.mechanisms.problems.rectification import rules

WORKDAYS = Workdays()
DAYS = st.dates(date(2026, 2, 1), date(2026, 11, 30))


@given(last=DAYS, ahead=st.integers(0, 12))
def test_as_many_working_days_lie_from_the_blue_slip_to_the_last_day_as_the_regime_says(
    last: date, ahead: int
) -> None:
    day = rules.near(last, ahead, WORKDAYS)
    worked = sum(WORKDAYS.is_workday(day + timedelta(days=gone)) for gone in range((last - day).days))
    assert worked == ahead
    assert day == last or WORKDAYS.is_workday(day)


def test_a_blue_slip_passes_over_holidays() -> None:
    # Qingming: 4 to 6 April 2026 are off.
    assert rules.near(date(2026, 4, 8), 3, WORKDAYS) == date(2026, 4, 2)


@given(today=DAYS, days=st.lists(DAYS, max_size=6))
def test_a_road_map_is_in_order_when_no_step_goes_back(today: date, days: list[date]) -> None:
    ordered = sorted(day for day in days if day >= today)
    assert rules.out_of_order(ordered, today) is None
    wrong = rules.out_of_order(days, today)
    assert (wrong is None) == ([today, *days] == sorted([today, *days]))
    if wrong is not None:
        assert days[wrong] < max([today, *days[:wrong]])


TEXTS = st.text("窗口无人值守电话", min_size=1, max_size=12)


@given(text=TEXTS, others=st.lists(TEXTS, max_size=6), threshold=st.integers(1, 1000))
def test_the_likest_reaches_the_threshold_and_none_is_liker(
    text: str, others: list[str], threshold: int
) -> None:
    found = rules.likest(text, enumerate(others), threshold)
    best = max((likeness(text, other) for other in others), default=0)
    if found is None:
        assert best < threshold
    else:
        assert likeness(text, others[found]) == best >= threshold
        assert found == next(place for place, other in enumerate(others) if likeness(text, other) == best)


@given(part=st.integers(0, 10_000), whole=st.integers(1, 10_000))
def test_a_share_is_rounded_once_half_up(part: int, whole: int) -> None:
    found = rules.share(part, whole)
    assert found is not None
    assert abs(found * whole - 1000 * part) * 2 <= whole
    assert rules.share(part, 0) is None


def test_half_a_thousandth_is_rounded_up() -> None:
    assert (rules.share(1, 2000), rules.share(2, 3), rules.share(3, 3)) == (1, 667, 1000)
