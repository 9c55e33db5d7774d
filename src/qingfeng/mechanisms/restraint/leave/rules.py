"""The pure rules of leave: half days, what counts, how much annual leave, who approves. No Django, no clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile

from qingfeng.kernel.time.periods import begin_of

MORNING, AFTERNOON = 0, 1
Half = tuple[date, int]
"""Half a day 半天: the day, and whether the morning or the afternoon of it."""

GROUPS = ("annual", "personal", "statutory")
"""Classes of leave 类别: annual leave, leave on personal business, and what the law grants for a reason of its own.

The last takes in sickness, childbirth, marriage and mourning alike, so that it says nothing of anyone's health.
"""
COUNTED = ("workday", "day")
APPROVERS = ("unit_head", "leader", "organization_department", "leadership")
"""Who may approve, the lowest first: the one after is the next above 上一级.

The head of the unit, the leader in charge of it, the organization department, any leader of the jurisdiction.
"""
ANYONE = "any"
LOOKED_AHEAD = timedelta(days=400)
"""How far ahead an absence that goes on is reckoned."""
LONGEST_ASKED = 3 * 366
"""Days that nobody asks for in one leave; more is a year mistyped, and its days are not counted one by one."""
REACH = timedelta(days=2 * 366)
"""How far on either side other leave is looked for that this one goes on from."""


@dataclass(frozen=True, slots=True)
class LeaveKind:
    """A kind of leave 假别 and what it needs.

    ``counted``: by working days or by calendar days. ``longest`` and ``proof_from`` are days; 0: no limit, no proof.
    """

    code: str
    zh: str
    en: str
    group: str
    counted: str
    longest: int = 0
    proof_from: int = 0

    def demands_proof(self, halves: int) -> bool:
        """Whether leave of so many half days needs proof 证明材料; the day named is included."""
        return 0 < self.proof_from * 2 <= halves


def chosen(kinds: Sequence[LeaveKind], code: str) -> LeaveKind:
    """The kind of a code; the form offers no other."""
    return next(kind for kind in kinds if kind.code == code)


@dataclass(frozen=True, slots=True)
class Band:
    """Annual leave 年休假 from a full number of years of service on: days a year (职工带薪年休假条例 art. 3)."""

    years: int
    days: int

    def __str__(self) -> str:
        return f"≥{self.years}: {self.days}"


@dataclass(frozen=True, slots=True)
class ApprovalLevel:
    """A rung of the ladder 审批权限: whose leave, up to how many days (0: of any length), and who approves, in order.

    ``applicant`` is a rank, a role, or "any".
    """

    applicant: str
    approvers: tuple[str, ...]
    upto: int = 0

    def __str__(self) -> str:
        length = f"≤{self.upto}" if self.upto else "∞"
        return f"{self.applicant} {length}: {' → '.join(self.approvers)}"


def halves(first: Half, last: Half) -> list[Half]:
    """Every half day from one to another, both included; none where the last lies before the first."""
    days = (first[0] + timedelta(days=n) for n in range((last[0] - first[0]).days + 1))
    return [half for day in days for half in ((day, MORNING), (day, AFTERNOON)) if first <= half <= last]


def before(half: Half) -> Half:
    """The half day before."""
    return (half[0], MORNING) if half[1] == AFTERNOON else (half[0] - timedelta(days=1), AFTERNOON)


def after(half: Half) -> Half:
    """The half day that follows."""
    return (half[0], AFTERNOON) if half[1] == MORNING else (half[0] + timedelta(days=1), MORNING)


def adjoining(first: Half, last: Half, taken: Mapping[Half, bool], is_off: Callable[[date], bool]) -> int:
    """How many half days of other leave count that lie before and after, with nothing but days off between 连续请假.

    :param taken: the half days of other leave, and whether each counts
    :param is_off: whether nobody works on a day
    """
    found = 0
    for half, step in ((before(first), before), (after(last), after)):
        while half in taken or is_off(half[0]):
            found += taken.get(half, False)
            half = step(half)
    return found


def begins(half: Half, day_begins: int, noon: int) -> datetime:
    """When half a day begins; the two times are minutes after midnight."""
    minutes = day_begins if half[1] == MORNING else noon
    return begin_of(half[0]) + timedelta(minutes=minutes)


def ends(half: Half, noon: int) -> datetime:
    """When half a day is over: at noon, or at 24:00."""
    minutes = noon if half[1] == MORNING else 24 * 60
    return begin_of(half[0]) + timedelta(minutes=minutes)


def last_begun(taken: Iterable[Half], day_begins: int, noon: int, now: datetime) -> Half | None:
    """The last of some half days, in their order, that has begun by a moment; none: none has."""
    return next(reversed([half for half in taken if begins(half, day_begins, noon) <= now]), None)


def day_over(day: date) -> datetime:
    """The moment a day is over."""
    return ends((day, AFTERNOON), 0)


def grows_long(
    first: date,
    last: date | None,
    others: Iterable[tuple[date, date]],
    counts: Callable[[date], bool],
    on_leave: Collection[date],
    on_end: int | None,
    a_year: int | None,
) -> date | None:
    """The first day on which an absence is more than so many days on end, or with others more than so many a year.

    :param last: its last day; none: it goes on
    :param on_leave: days of approved leave: none of them counts, and days on end begin anew behind them
    :param others: first and last days of the person's other absences
    :param on_end: the most days on end 连续; none: no limit
    :param a_year: the most days of a calendar year 一年内累计; none: no limit
    """
    absent: Counter[int] = Counter()
    for begun, over in others:
        days = (begun + timedelta(days=number) for number in range((over - begun).days + 1))
        absent.update(day.year for day in days if counts(day) and day not in on_leave)
    running, day = 0, first
    while day <= (last or first + LOOKED_AHEAD):
        if day in on_leave:
            running = 0
        elif counts(day):
            running += 1
            absent[day.year] += 1
        if (on_end is not None and running > on_end) or (a_year is not None and absent[day.year] > a_year):
            return day
        day += timedelta(days=1)
    return None


def counting(asked: Iterable[Half], kind: LeaveKind, is_workday: Callable[[date], bool]) -> dict[Half, bool]:
    """Which half days count as leave: of a kind counted by working days, holidays and rest days don't (art. 3)."""
    return {half: kind.counted == "day" or is_workday(half[0]) for half in asked}


def by_year(taken: Iterable[Half]) -> dict[int, int]:
    """How many half days fall into each year."""
    found: dict[int, int] = {}
    for day, _half in taken:
        found[day.year] = found.get(day.year, 0) + 1
    return found


def entitled(bands: Sequence[Band], years: int) -> int:
    """Half days of annual leave a year for full years of service: a band begins on the day its years are full."""
    return 2 * max((band.days for band in bands if band.years <= years), default=0)


def carried(left: int, granted: int) -> int:
    """Half days of a year that go over into the next 跨年度安排: what is left of that year's own, never of older ones."""
    return max(0, min(left, granted))


@dataclass(frozen=True, slots=True)
class Loss:
    """A case in which annual leave is not due (职工带薪年休假条例 art. 4 nos. 2-5).

    So much leave of a kind in the year, in days and months, by full years of service; of several rows of a kind the
    one with the most years reached holds.
    """

    kind: str
    years: int
    days: int = 0
    months: int = 0

    def __str__(self) -> str:
        return f"{self.kind} ≥{self.years}: {self.days} d + {self.months} m"


def loses(cases: Sequence[Loss], years: int, month: int, taken: Mapping[str, int]) -> bool:
    """Whether so many half days of leave, by kind, cost the annual leave of their year; just as many do 以上.

    :param month: how many days of leave make a month
    """
    reached = sorted((case for case in cases if case.years <= years), key=lambda case: case.years)
    return any(
        taken.get(case.kind, 0) >= 2 * (case.days + case.months * month)
        for case in {case.kind: case for case in reached}.values()
    )


def withheld(granted: int, left: int) -> tuple[int, int]:
    """Half days not due of the year itself and of the next: what is left of its own, and as many as were taken.

    One year's leave in all: who took it before has it taken off the next (机关事业单位工作人员带薪年休假实施办法 art. 4).
    """
    now = carried(left, granted)
    return now, granted - now


def rung(ladder: Sequence[ApprovalLevel], applicant: Sequence[str], taken: int) -> ApprovalLevel | None:
    """The rung for so many half days; ``applicant`` are the names they go by, the most particular first."""
    for name in (*applicant, ANYONE):
        own = sorted((one for one in ladder if one.applicant == name), key=lambda one: one.upto or 10**6)
        if own:
            return next((one for one in own if one.upto == 0 or taken <= one.upto * 2), None)
    return None


def route(approvers: Sequence[str], others: Callable[[str], Collection[int]]) -> list[str]:
    """Who approves in the end, in order: where nobody but the applicant holds an office, the next above does.

    :param others: the persons who hold an office for this leave, the applicant left out
    """
    found: list[str] = []
    for named in approvers:
        above = APPROVERS[APPROVERS.index(named) :]
        vacant = list(takewhile(lambda office: not others(office), above))
        if len(vacant) == len(above):
            return []
        found.append(above[len(vacant)])
    return list(dict.fromkeys(found))


def ladder_faults(ladder: Sequence[ApprovalLevel]) -> str:
    """What is wrong with a ladder, in a word: a length that nobody approves, for which somebody would ask."""
    for name in {one.applicant for one in ladder}:
        if all(one.upto for one in ladder if one.applicant == name):
            return name
    return ""
