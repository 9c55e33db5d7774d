"""Recurring duties (周期性职责): a meeting a week, a check a month (半月一调度、一月一检查).

A duty is made once for each (rule, period). The period's key names the calendar period itself, so that a duty
moved by a holiday, or caught up after an outage, keeps its name: `2026-W05`, `2026-03-H1`, `2026-03`,
`2026-Q1`, `2026-S1`, `2026`.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .workdays import Workdays


class Every(StrEnum):
    """How often a duty returns."""

    WEEK = "week"
    HALF_MONTH = "half_month"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


_LONGEST_DAY = {Every.WEEK: 7, Every.HALF_MONTH: 15}
_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
_LONGEST_HOLIDAY = timedelta(days=31)
_KEY = re.compile(r"(\d{4})(?:-(?:([WSQ])(\d{1,2})|(\d\d)(?:-H([12]))?))?")


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule by which a duty returns.

    `day` counts from 1 within the period: Monday is 1 of a week (ISO 8601), the 16th is 1 of the second half
    of a month; in longer periods it is a day of the first month. A day the month lacks becomes its last.
    With `on_workday`, a duty that falls on a day off opens on the next working day.
    """

    every: Every
    day: int = 1
    on_workday: bool = True

    def __post_init__(self) -> None:
        longest = _LONGEST_DAY.get(self.every, 31)
        if not 1 <= self.day <= longest:
            raise ValueError(f"The day within a {self.every.value.replace('_', ' ')} is 1 to {longest}.")

    def periods_between(self, after: date, upto: date, workdays: Workdays) -> list[tuple[str, date]]:
        """Return (key, day it opens) of every period that opens after `after` and up to `upto`, in order.

        What is called with the last answered day as `after` neither loses nor repeats a period.

        Raises:
            CalendarNotPublished: if a day must be known to be worked in a year whose calendar is not held.
        """
        found: list[tuple[str, date]] = []
        for key, nominal in self._from(after - _LONGEST_HOLIDAY):
            if nominal > upto:
                return found
            opens = workdays.next_workday(nominal) if self.on_workday else nominal
            if after < opens <= upto:
                found.append((key, opens))
        return found

    def period_of(self, day: date) -> str:
        """Return the key of the period that holds a day."""
        return next(self._from(day))[0]

    def _from(self, day: date) -> Iterator[tuple[str, date]]:
        """Yield every period from the one that holds `day` on, with its nominal day."""
        if self.every is Every.WEEK:
            monday = day - timedelta(days=day.weekday())
            while True:
                year, week, _ = monday.isocalendar()
                yield f"{year}-W{week:02}", monday + timedelta(days=self.day - 1)
                monday += timedelta(days=7)
        step = _MONTHS.get(self.every, 1)
        months = (day.year * 12 + day.month - 1) // step * step
        while True:
            year, month = months // 12, months % 12 + 1
            if self.every is Every.HALF_MONTH:
                yield f"{year}-{month:02}-H1", date(year, month, self.day)
                yield f"{year}-{month:02}-H2", _in_month(year, month, self.day + 15)
            else:
                yield self._key(year, month), _in_month(year, month, self.day)
            months += step

    def _key(self, year: int, month: int) -> str:
        if self.every is Every.YEAR:
            return f"{year}"
        if self.every is Every.HALF_YEAR:
            return f"{year}-S{(month + 5) // 6}"
        if self.every is Every.QUARTER:
            return f"{year}-Q{(month + 2) // 3}"
        return f"{year}-{month:02}"


def days_of(key: str) -> tuple[date, date]:
    """Return the first and the last day of the calendar period that a key names.

    Raises:
        ValueError: if it names none.
    """
    found = _KEY.fullmatch(key)
    if found is None:
        raise ValueError(f"'{key}' names no period.")
    year, kind, number, month, half = int(found[1]), found[2], found[3], found[4], found[5]
    if kind == "W":
        return date.fromisocalendar(year, int(number), 1), date.fromisocalendar(year, int(number), 7)
    if half:
        first = date(year, int(month), 1 if half == "1" else 16)
        return first, _in_month(year, int(month), 15 if half == "1" else 31)
    length = {"S": 6, "Q": 3}.get(kind, 1 if month else 12)
    ends = int(number or month or 1) * length
    return date(year, ends - length + 1, 1), _in_month(year, ends, 31)


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
