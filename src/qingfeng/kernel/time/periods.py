"""Periods (期间) and the moment at which they end: 民法典 Arts. 201-203.

The day of the start is not counted (Art. 201). A period in months ends on the corresponding day, or on the
last day of a month that has none (Art. 202). If the last day is a statutory day off, the day after the
holiday is the last day; the last day ends at 24:00 (Art. 203). Hours run as they pass, by day and night
(Art. 201 II). A period "within three working days" is counted on the national calendar (`Workdays`).
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.kernel.time.workdays import Workdays


class PeriodUnit(StrEnum):
    """What a period is counted in."""

    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time as a rule states it: `n` units, at least one.

    `roll_forward` moves an end on a day off to the next working day (Art. 203), as is the law's default; it
    has a meaning for days and months only, since working days end on one anyway and hours never wait.
    """

    n: int
    unit: PeriodUnit
    roll_forward: bool = True

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError("A period lasts at least one unit.")


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of time that does not count (中止), such as a hearing (信访工作条例 Art. 36)."""

    since: datetime
    until: datetime

    def __post_init__(self) -> None:
        _demand_zone(self.since)
        _demand_zone(self.until)
        if self.until < self.since:
            raise ValueError("A pause cannot end before it begins.")


def due(
    start: datetime,
    period: Period,
    workdays: Workdays,
    *,
    extensions: Sequence[Period] = (),
    pauses: Sequence[Pause] = (),
) -> datetime:
    """Return the moment, in UTC, at which a period begun at `start` has run out.

    For days, working days and months it is 24:00 of the last day in Asia/Shanghai, that is 00:00 of the next.
    An act at exactly this moment is late; one a microsecond before is in time.

    `extensions` each go on from the last day as it stood. `pauses` don't count: an hour period is pushed by
    the time paused; a day or month period by the calendar days, a working-day period by the working days,
    that lie after the day the pause began and up to the day it ended. A pause that began when the period
    had already run out changes nothing, so that lateness is not undone by pausing.

    Raises:
        ValueError: if `start` is naive or two pauses overlap.
        CalendarNotPublished: if the end falls into a year whose working days are not known.
    """
    _demand_zone(start)
    ordered = sorted(pauses, key=lambda pause: (pause.since, pause.until))
    for earlier, later in pairwise(ordered):
        if later.since < earlier.until:
            raise ValueError("Two pauses overlap; end the first before the second begins.")
    counted: list[Pause] = []
    end = _end(start, period, workdays, extensions, counted)
    for pause in ordered:
        if pause.since < end:
            counted.append(pause)
            end = _end(start, period, workdays, extensions, counted)
    return end


def extend(due_at: datetime, by: Period, workdays: Workdays) -> datetime:
    """Return the moment at which a period that would end at `due_at` ends when extended (延长) by `by`.

    The extension is counted from the old last day, which is not counted again.
    """
    _demand_zone(due_at)
    if by.unit is PeriodUnit.HOUR:
        return due_at.astimezone(UTC) + timedelta(hours=by.n)
    return _close(_rolled(_later(last_day(due_at), by, workdays), by, workdays))


def last_day(due_at: datetime) -> date:
    """Return the last day, in Asia/Shanghai, on which an act is in time: what a notice shows."""
    _demand_zone(due_at)
    return (due_at - timedelta(microseconds=1)).astimezone(ZONE).date()


def day_of(moment: datetime) -> date:
    """Return the calendar day of `moment` in Asia/Shanghai; raises ValueError if it is naive."""
    _demand_zone(moment)
    return moment.astimezone(ZONE).date()


def begin_of(day: date) -> datetime:
    """Return the first moment of `day` in Asia/Shanghai."""
    return datetime.combine(day, time(), ZONE)


def _end(
    start: datetime, period: Period, workdays: Workdays, extensions: Sequence[Period], pauses: Sequence[Pause]
) -> datetime:
    if period.unit is PeriodUnit.HOUR:
        paused = sum((pause.until - pause.since for pause in pauses), timedelta(0))
        end = start.astimezone(UTC) + timedelta(hours=period.n) + paused
    else:
        # The day on which it begins is not counted in (民法典 art. 201).
        last = _later(day_of(start), period, workdays)
        for pause in pauses:
            since, until = day_of(pause.since), day_of(pause.until)
            if period.unit is PeriodUnit.WORKDAY:
                # The day the pause began was still a day to act on; the first one lost is the next.
                last = workdays.add(last, workdays.count(since, until))
            else:
                last += until - since
        end = _close(_rolled(last, period, workdays))
    for extension in extensions:
        end = extend(end, extension, workdays)
    return end


def _later(day: date, by: Period, workdays: Workdays) -> date:
    if by.unit is PeriodUnit.WORKDAY:
        return workdays.add(day, by.n)
    if by.unit is PeriodUnit.MONTH:
        return add_months(day, by.n)
    return day + timedelta(days=by.n)


def add_months(day: date, n: int) -> date:
    """Return the corresponding day `n` months on, or that month's last day if it has none (Art. 202)."""
    years, month = divmod(day.month - 1 + n, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _rolled(last: date, period: Period, workdays: Workdays) -> date:
    # An end on a statutory day off moves to the day after it (民法典 art. 203); working days end on none.
    return (
        workdays.next_workday(last) if period.roll_forward and period.unit is not PeriodUnit.WORKDAY else last
    )


def _close(last: date) -> datetime:
    # 24:00 is kept as 00:00 of the next day: one moment, which compares in any database (art. 203, second paragraph).
    return begin_of(last + timedelta(days=1)).astimezone(UTC)


def _demand_zone(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone is ambiguous; give one, such as UTC.")
