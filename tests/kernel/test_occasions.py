"""What stands in a calendar has a beginning and an end of one kind."""

from datetime import UTC, date, datetime

import pytest

from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.time.calendar_events import CalendarEvent

DAY, MOMENT = date(2026, 3, 10), datetime(2026, 3, 10, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (DAY, MOMENT),
        (MOMENT, DAY),
        (MOMENT.replace(tzinfo=None), MOMENT),
        (MOMENT, MOMENT.replace(tzinfo=None)),
        (MOMENT, MOMENT.replace(hour=1)),
        (DAY, date(2026, 3, 9)),
    ],
)
def test_an_occasion_that_cannot_be_is_misdeclared(start: date, end: date) -> None:
    with pytest.raises(Misdeclared, match="an occasion has two aware"):
        CalendarEvent(start, end, "会议")


def test_one_moment_and_one_day_are_occasions() -> None:
    assert CalendarEvent(DAY, DAY, "值班").end == DAY
    assert CalendarEvent(MOMENT, MOMENT, "报到").start == MOMENT
