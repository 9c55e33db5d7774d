from datetime import UTC, datetime, timedelta

import pytest

from qingfeng.kernel.time.timekeeper import ZONE, FixedTime, SystemTime, Timekeeper


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    clock = FixedTime(datetime(2026, 1, 1, 8, tzinfo=ZONE))
    asked: Timekeeper = clock
    assert asked.now() == datetime(2026, 1, 1, tzinfo=UTC)
    assert asked.now().tzinfo is UTC
    clock.advance(timedelta(minutes=5))
    assert asked.now() == datetime(2026, 1, 1, 0, 5, tzinfo=UTC)


def test_a_fixed_clock_refuses_a_naive_moment_and_going_back() -> None:
    with pytest.raises(ValueError, match="time zone"):
        FixedTime(datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="backward"):
        FixedTime(datetime(2026, 1, 1, tzinfo=UTC)).advance(timedelta(seconds=-1))


def test_the_system_clock_tells_aware_time_in_utc() -> None:
    assert SystemTime().now().tzinfo is UTC
