"""The rules on meetings, apart from Django, clock and database: what breaks which cap, and the nearest lawful day.

Lengths are whole minutes, speaking times whole seconds, money is in fen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from qingfeng.kernel.time.workdays import Workdays

HORIZON = 400
"""So many days either way a lawful day is looked for: past a year's end and a year's number with it."""


class CapKind(StrEnum):
    """What a meeting can be too much of."""

    PEOPLE = "people"
    LENGTH = "length"
    DAYS = "days"
    LEADERS = "leaders"
    NUMBER = "number"
    MONTH = "month"
    SECOND_HALF = "second_half"
    SPEECH = "speech"
    MAIN_SPEECH = "main_speech"
    BUDGET = "budget"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Cap:
    """A number in force, with the clause it stands in."""

    value: int
    clause: str


@dataclass(frozen=True, slots=True)
class FreeMonths:
    """Months without meetings 无会月, with their clause."""

    months: frozenset[int]
    clause: str


@dataclass(frozen=True, slots=True)
class Caps:
    """Every cap in force for one kind of meeting; none where there is no such cap.

    ``length`` is in minutes and ``days`` in days, both of the same half days; ``speech`` and ``main_speech`` are
    in minutes, ``budget`` in fen a person and day, ``half_day`` says how many minutes make half a day,
    ``blocked_from`` the day of the month from which working days are kept free of meetings, ``leaders`` how many
    leaders attend at most (规格).
    """

    people: Cap | None
    length: Cap | None
    a_year: Cap | None
    free: FreeMonths | None
    blocked_from: Cap | None
    speech: Cap | None
    main_speech: Cap | None
    budget: Cap | None
    half_day: int
    days: Cap | None = None
    leaders: Cap | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """A speech as planned: by the main leader 主要领导 or another, in minutes."""

    main: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class MeetingProfile:
    """A meeting as asked for, or as it was held: ``days`` in a row from ``day``, ``minutes`` and ``cost`` in all."""

    day: date
    days: int
    minutes: int
    people: int
    cost: int
    speeches: tuple[Speech, ...] = ()
    leaders: int = 0


@dataclass(frozen=True, slots=True)
class CapBreach:
    """A cap that is broken: what was asked, what is allowed, and the clause; ``day`` where a day breaks it."""

    what: CapKind
    asked: int
    allowed: int
    clause: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class NearestDay:
    """The nearest lawful day; where that is a day off, the nearest working day besides.

    ``open`` says that nobody can know yet whether the day is worked; ``unknown`` names a year whose calendar is not
    out, if days of it were left out because a rule turns on it.
    """

    day: date | None
    workday: date | None
    unknown: int | None
    open: bool = False


def span(day: date, days: int) -> Iterator[date]:
    """The days of a meeting."""
    return (day + timedelta(days=number) for number in range(days))


def half_days(minutes: int, half_day: int) -> int:
    """How many half days a length fills, a begun one counted whole."""
    return -(-minutes // half_day)


def days_of(half_days: int) -> int:
    """Over how many days so many half days may be spread, a begun one counted whole."""
    return -(-half_days // 2)


def ceiling(rate: int, people: int, minutes: int, half_day: int) -> int:
    """The most a meeting may cost (fen): the rate a person and day, for its people and half days."""
    return rate * people * half_days(minutes, half_day) // 2


def by_day(day: date, caps: Caps, workdays: Workdays) -> list[CapBreach]:
    """What one day breaks; a day that turns on working days nobody has published yet is broken by that."""
    found = []
    if caps.free and day.month in caps.free.months:
        found.append(CapBreach(CapKind.MONTH, day.month, 0, caps.free.clause, day))
    blocked = caps.blocked_from
    if blocked and day.day >= blocked.value:
        if day.year not in workdays.years:
            found.append(CapBreach(CapKind.CALENDAR, day.year, 0, blocked.clause, day))
        elif workdays.is_workday(day):
            found.append(CapBreach(CapKind.SECOND_HALF, day.day, blocked.value - 1, blocked.clause, day))
    return found


def by_days(day: date, days: int, caps: Caps, workdays: Workdays) -> list[CapBreach]:
    """What the days of a meeting break, each rule told once, by the first day that breaks it."""
    first: dict[CapKind, CapBreach] = {}
    for one in span(day, days):
        for broken in by_day(one, caps, workdays):
            first.setdefault(broken.what, broken)
    return list(first.values())


def by_size(asked: MeetingProfile, caps: Caps) -> list[CapBreach]:
    """What people, length, days, rank, cost and speeches of a meeting break."""
    found = []
    if caps.people and asked.people > caps.people.value:
        found.append(CapBreach(CapKind.PEOPLE, asked.people, caps.people.value, caps.people.clause))
    if caps.length and asked.minutes > caps.length.value:
        found.append(CapBreach(CapKind.LENGTH, asked.minutes, caps.length.value, caps.length.clause))
    if caps.days and asked.days > caps.days.value:
        found.append(CapBreach(CapKind.DAYS, asked.days, caps.days.value, caps.days.clause))
    if caps.leaders and asked.leaders > caps.leaders.value:
        found.append(CapBreach(CapKind.LEADERS, asked.leaders, caps.leaders.value, caps.leaders.clause))
    if caps.budget:
        most = ceiling(caps.budget.value, asked.people, asked.minutes, caps.half_day)
        if asked.cost > most:
            found.append(CapBreach(CapKind.BUDGET, asked.cost, most, caps.budget.clause))
    for what, main, limit in (
        (CapKind.SPEECH, False, caps.speech),
        (CapKind.MAIN_SPEECH, True, caps.main_speech),
    ):
        longest = max((speech.minutes for speech in asked.speeches if speech.main is main), default=0)
        if limit and longest > limit.value:
            found.append(CapBreach(what, longest, limit.value, limit.clause))
    return found


def by_number(year: int, used: Callable[[int], int], caps: Caps) -> list[CapBreach]:
    """Whether one more in a year is one too many; ``used`` tells how many that year has."""
    if caps.a_year and used(year) >= caps.a_year.value:
        return [CapBreach(CapKind.NUMBER, used(year) + 1, caps.a_year.value, caps.a_year.clause)]
    return []


def broken(
    asked: MeetingProfile, caps: Caps, used: Callable[[int], int], workdays: Workdays
) -> list[CapBreach]:
    """Every cap a meeting breaks, all together."""
    return [
        *by_size(asked, caps),
        *by_days(asked.day, asked.days, caps, workdays),
        *by_number(asked.day.year, used, caps),
    ]


def on(day: date, days: int, caps: Caps, used: Callable[[int], int], workdays: Workdays) -> list[CapBreach]:
    """What a meeting of so many days breaks by beginning on a day."""
    return [*by_number(day.year, used, caps), *by_days(day, days, caps, workdays)]


def nearest(
    day: date, days: int, earliest: date, caps: Caps, used: Callable[[int], int], workdays: Workdays
) -> NearestDay:
    """The lawful day nearest to the one asked for, never before ``earliest``; of two as near, the later.

    A day of a year whose calendar is not out is lawful like any other where no rule in force turns on the calendar.
    """
    found: date | None = None
    unknown: int | None = None
    for candidate in _outwards(day, earliest):
        wrong = on(candidate, days, caps, used, workdays)
        unknown = unknown or next((one.asked for one in wrong if one.what is CapKind.CALENDAR), None)
        if wrong:
            continue
        known = {one.year for one in span(candidate, days)} <= workdays.years
        if known and all(workdays.is_workday(one) for one in span(candidate, days)):
            return NearestDay(found or candidate, candidate, unknown)
        if found is None and not known:
            return NearestDay(candidate, None, unknown, open=True)
        found = found or candidate
    return NearestDay(found, None, unknown)


def spoken(began: datetime, ended: datetime) -> int:
    """How long a speech took, in whole seconds begun and ended by the server's clock."""
    return int((ended - began).total_seconds())


def over(seconds: int, minutes: int) -> int:
    """By how many seconds a speech is longer than its limit in minutes; 0 where it is not."""
    return max(seconds - minutes * 60, 0)


def _outwards(day: date, earliest: date) -> Iterator[date]:
    yield from (day,) if day >= earliest else ()
    for away in range(1, HORIZON + max((earliest - day).days, 0)):
        later, earlier = day + timedelta(days=away), day - timedelta(days=away)
        if later >= earliest:
            yield later
        if earlier >= earliest:
            yield earlier
