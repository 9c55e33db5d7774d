"""The pure rules of rectification: the day of a blue slip, a plan in its time, the rebound among several. No Django."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from qingfeng.kernel.reading.likeness import likeness
from qingfeng.kernel.time.periods import begin_of
from qingfeng.kernel.time.workdays import Workdays

DAY = timedelta(days=1)
SAME = 1000
"""The likeness of texts that say the same."""


def near(last: date, working_days: int, workdays: Workdays) -> date:
    """The day so many working days before a last day; for 0 the last day itself.

    Raises ``CalendarNotPublished``.
    """
    day = last
    while working_days:
        day -= DAY
        working_days -= workdays.is_workday(day)
    return day


def over(day: date) -> datetime:
    """The moment a day is over."""
    return begin_of(day + DAY)


def out_of_order(days: Sequence[date], today: date) -> int | None:
    """The place of the first step of a road map that lies before today or before the step above it; none: in order."""
    before = today
    for place, day in enumerate(days):
        if day < before:
            return place
        before = day
    return None


def likest(text: str, others: Iterable[tuple[int, str]], threshold: int) -> int | None:
    """The id of the text most like another one, of several equally like the first; none below the threshold.

    ``threshold`` is in thousandths.
    """
    best, found = threshold - 1, None
    for pk, other in others:
        alike = likeness(text, other)
        if alike > best:
            best, found = alike, pk
        if best == SAME:
            break
    return found


def share(part: int, whole: int) -> int | None:
    """A part of a whole in thousandths, half a thousandth rounded up; none of nothing."""
    return (2000 * part + whole) // (2 * whole) if whole else None
