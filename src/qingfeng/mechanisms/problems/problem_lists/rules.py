"""The pure rules of own problem lists: when the unit is reminded next, and of what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta


def next_reminder(days: Iterable[date], before: int, today: date) -> date | None:
    """The next day, after today, on which a reminder is due; none where nothing lies ahead.

    :param days: the days in the timetable of what is still open
    :param before: how many days ahead of each the unit is reminded
    """
    ahead = timedelta(days=before)
    return min((day - ahead for day in days if day - ahead > today), default=None)


def reminded(days: Iterable[date], before: int, today: date) -> int:
    """How many open problems the unit is to be reminded of today: those whose day is so near, or past."""
    return sum(day - timedelta(days=before) <= today for day in days)
