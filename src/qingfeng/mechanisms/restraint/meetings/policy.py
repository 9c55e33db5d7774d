"""What meetings, papers and celebrations read from the regime, and the caps in force for one kind of meeting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Ground
from qingfeng.kernel.regime.document import DEFAULTS
from qingfeng.kernel.regime.stack import ValueInForce
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import (
    Choices,
    Count,
    Do,
    Flag,
    Money,
    Months,
    OneOf,
    Parameter,
    Several,
    Span,
    Table,
    Text,
    Unit,
    parameter,
    reads,
)
from qingfeng.mechanisms.restraint.meetings.rules import Cap, Caps, FreeMonths, days_of


class MeetingKind(models.TextChoices):
    """The kinds of meeting that the caps tell apart 会议类别."""

    SESSIONS = "sessions", _("two annual sessions")  # 区党代会、人代会、政协会
    ANNUAL = "annual", _("annual meeting on a single topic")  # 全区单项年度工作会议
    DISTRICT = "district", _("other district meeting")  # 全区其他会议
    DEPARTMENT = "department", _("district-wide meeting of a department")  # 部门召开的全区性会议
    DISCUSSION = "discussion", _("discussion or study meeting")  # 座谈研讨会议


class FeeClass(models.TextChoices):
    """The classes by which meeting fees are capped 会议费类别 (中央和国家机关会议费管理办法)."""

    FIRST = "first", _("first class")
    SECOND = "second", _("second class")
    THIRD = "third", _("third class")
    FOURTH = "fourth", _("fourth class")


CONVENED = (MeetingKind.SESSIONS, MeetingKind.ANNUAL, MeetingKind.DISTRICT)
"""The kinds that only who is named may convene 按召集单位定类别."""


def _capped(name: str, label: Any, kind: Any, describes: Any) -> Parameter:
    return parameter(name, label, kind, describes, stricter="smaller")


ANNUAL_PEOPLE = _capped(
    "meetings.annual_people",
    _("People at an annual meeting on a single topic"),
    Count("people", least=1),
    _("How many people may attend a district's annual meeting on a single topic."),
)
DEPARTMENT_PEOPLE = _capped(
    "meetings.department_people",
    _("People at a department's district-wide meeting"),
    Count("people", least=1),
    _("How many people may attend a district-wide meeting that a department holds."),
)
DEPARTMENT_A_YEAR = _capped(
    "meetings.department_a_year",
    _("District-wide meetings of a department a year"),
    Count("meetings"),
    _("How many district-wide meetings one department may hold in a year."),
)
PEOPLE = {
    MeetingKind.ANNUAL: ANNUAL_PEOPLE,
    MeetingKind.DEPARTMENT: DEPARTMENT_PEOPLE,
    MeetingKind.DISTRICT: _capped(
        "meetings.district_people",
        _("People at another district meeting"),
        Count("people", least=1),
        _("How many people may attend any other district meeting; where nothing is said, there is no cap."),
    ),
    MeetingKind.DISCUSSION: _capped(
        "meetings.discussion_people",
        _("People at a discussion"),
        Count("people", least=1),
        _(
            "How many people may attend a discussion or study meeting; where nothing is said, there is no cap."
        ),
    ),
}
A_YEAR = {MeetingKind.DEPARTMENT: DEPARTMENT_A_YEAR} | {
    kind: _capped(
        f"meetings.{kind.value}_a_year",
        format_lazy(_("{}: number a year"), kind.label),
        Count("meetings"),
        _("How many such meetings one unit may hold in a year; where nothing is said, there is no cap."),
    )
    for kind in MeetingKind
    if kind is not MeetingKind.DEPARTMENT
}
LEADERS = {
    kind: _capped(
        f"meetings.{kind.value}_leaders",
        format_lazy(_("{}: leaders attending"), kind.label),
        Count("people"),
        _("How many leaders may attend such a meeting (its rank); where nothing is said, there is no cap."),
    )
    for kind in MeetingKind
}
HALF_DAY = _capped(
    "meetings.half_day",
    _("Minutes in half a day"),
    Count("minutes", least=1, most=720),
    _("How many minutes count as half a day of meeting."),
)
LONGEST = _capped(
    "meetings.longest",
    _("Longest meeting, in half days"),
    Count("half days", least=1, most=20),
    _("How many half days a meeting may last; the two annual sessions are not meant."),
)
DISCUSSION_LONGEST = _capped(
    "meetings.discussion_longest",
    _("Longest discussion, in half days"),
    Count("half days", least=1, most=20),
    _("How many half days a discussion or study meeting may last."),
)
FREE_MONTHS = parameter(
    "meetings.free_months",
    _("Months without meetings"),
    Months(),
    _("In these months no meeting is held; an empty list says that there are none."),
)
BLOCKED_FROM = _capped(
    "meetings.blocked_from",
    _("Working days kept free from this day of the month"),
    Count("day of the month", least=1, most=32),
    _("From this day of each month on, no meeting is held on working days; 32 says that none is kept free."),
)
SPEECH = _capped(
    "meetings.speech",
    _("Longest speech, in minutes"),
    Count("minutes", least=1, most=600),
    _("How long anybody but the main leader may speak before the bell rings."),
)
MAIN_SPEECH = _capped(
    "meetings.main_speech",
    _("Longest speech of the main leader, in minutes"),
    Count("minutes", least=1, most=600),
    _("How long the main leader's speech or report may be."),
)
EXPLAIN_WITHIN = parameter(
    "meetings.explain_within",
    _("Time to explain an emergency"),
    Span(),
    _("How long a unit has to explain a meeting it convened as an emergency."),
    stricter="smaller",
)
FEES = {
    fee: _capped(
        f"meetings.fee_{fee.value}",
        label,
        Money(),
        _("The most that such a meeting may cost a person and day, all together."),
    )
    for fee, label in (
        (FeeClass.FIRST, _("Meeting fee, first class")),
        (FeeClass.SECOND, _("Meeting fee, second class")),
        (FeeClass.THIRD, _("Meeting fee, third class")),
        (FeeClass.FOURTH, _("Meeting fee, fourth class")),
    )
}
PAPER_LENGTH = _capped(
    "issued_papers.general",
    _("Longest paper, in characters"),
    Count("characters", least=1),
    _("How many characters a paper may have."),
)
SPECIAL_LENGTH = _capped(
    "issued_papers.special",
    _("Longest paper on a single task, in characters"),
    Count("characters", least=1),
    _("How many characters a paper on a single task may have."),
)
ELECTRONIC_ONLY = parameter(
    "issued_papers.electronic_only",
    _("Papers that are not important go electronically"),
    Flag(),
    _("Whether a paper that is not important must not be printed."),
    stricter="larger",
)
ONLY_FALLS = parameter(
    "issued_papers.only_falls",
    _("The number of papers only falls"),
    Flag(),
    _("Whether a unit may issue no more papers in a year than in the year before, unless it explains why."),
    stricter="larger",
)


@dataclass(frozen=True, slots=True)
class ConveningUnits:
    """Which units, by their codes, may convene a kind of meeting 召集单位."""

    kind: str
    units: tuple[str, ...]


def _convening(row: ConveningUnits) -> Words:
    return format_lazy(_("{}: units {}"), MeetingKind(row.kind).label, say(", ").join(row.units))


CONVENERS = parameter(
    "meetings.conveners",
    _("Who convenes which meetings"),
    Table(
        ConveningUnits,
        {"kind": OneOf(tuple(CONVENED)), "units": Several(Text(60))},
        unique=("kind",),
        told=_convening,
    ),
    _(
        "The codes of the units that may convene a kind of meeting; a department's own meetings and discussions"
        " are anybody's, and a kind that no row names is nobody's."
    ),
)
CELEBRATIONS = parameter(
    "celebrations.kinds",
    _("Kinds of celebration"),
    Choices(),
    _("Festivals, ceremonies and gatherings that need approval; the locality's own list."),
)
MAY_LACK = (
    *LEADERS.values(),
    *(A_YEAR[kind] for kind in MeetingKind if kind is not MeetingKind.DEPARTMENT),
    PEOPLE[MeetingKind.DISTRICT],
    PEOPLE[MeetingKind.DISCUSSION],
)
"""Caps that a regime may leave out: there is none, then."""
CAPS = (
    ANNUAL_PEOPLE,
    DEPARTMENT_PEOPLE,
    DEPARTMENT_A_YEAR,
    HALF_DAY,
    LONGEST,
    DISCUSSION_LONGEST,
    FREE_MONTHS,
    BLOCKED_FROM,
    SPEECH,
    MAIN_SPEECH,
    *FEES.values(),
    *MAY_LACK,
)
"""All that a meeting is checked against."""

Read = Callable[[Parameter], ValueInForce | None]
"""How a parameter is read: what holds, or only what some levels of the regime say (none: they say nothing)."""

LENGTH = {
    MeetingKind.ANNUAL: LONGEST,
    MeetingKind.DISTRICT: LONGEST,
    MeetingKind.DEPARTMENT: LONGEST,
    MeetingKind.DISCUSSION: DISCUSSION_LONGEST,
}
"""Which kinds a cap holds for. The two annual sessions have no cap of length (S4: 除“两会”外)."""


@reads(*CAPS)
def caps(do: Do, kind: MeetingKind, fee: FeeClass, read: Read | None = None) -> Caps:
    """Every cap for a kind of meeting and a class of fees: all in force, or those that ``read`` gives."""
    read = read or in_force(do)
    half_day: int = do.value(HALF_DAY)
    free = read(FREE_MONTHS)
    length = _limit(read, LENGTH.get(kind))
    return Caps(
        people=_limit(read, PEOPLE.get(kind)),
        length=Cap(length.value * half_day, length.clause) if length else None,
        a_year=_limit(read, A_YEAR.get(kind)),
        free=FreeMonths(free.value, free.source.said) if free else None,  # type: ignore[arg-type]  # Months
        blocked_from=_limit(read, BLOCKED_FROM),
        speech=_limit(read, SPEECH),
        main_speech=_limit(read, MAIN_SPEECH),
        budget=_limit(read, FEES[fee]),
        half_day=half_day,
        days=Cap(days_of(length.value), length.clause) if length else None,
        leaders=_limit(read, LEADERS[kind]),
    )


def in_force(do: Do) -> Read:
    """Reads what holds; of a cap that a regime may leave out, nothing where it does."""

    def read(parameter: Parameter) -> ValueInForce | None:
        left_out = parameter in MAY_LACK and not do.policy.levels(parameter)
        return None if left_out else do.policy.valued(parameter)

    return read


def not_its_own(do: Do, kind: MeetingKind, unit: Unit) -> Ground | None:
    """Why a unit may not convene a kind of meeting, if so: the regime doesn't name it for it, or names nobody."""
    if kind not in CONVENED:
        return None
    said = do.policy.levels(CONVENERS)
    rows: tuple[ConveningUnits, ...] = do.value(CONVENERS) if said else ()
    codes = next((row.units for row in rows if row.kind == kind), ())
    if unit.code in codes:
        return None
    if not codes:
        return Ground(
            format_lazy(_("The regime doesn't say who convenes the kind of meeting “{}”."), kind.label)
        )
    named = Unit.objects.filter(jurisdiction=unit.jurisdiction_id, code__in=codes).order_by("code")
    return Ground(
        format_lazy(
            _("The kind of meeting “{}” is convened by {}, not by {}."),
            kind.label,
            "、".join(str(one) for one in named) or "—",
            unit,
        ),
        do.clause(CONVENERS),
    )


def set_above(do: Do) -> Read:
    """Reads only what was set above the locality: its own leaders can't except anybody from that."""

    def read(parameter: Parameter) -> ValueInForce | None:
        own = (do.matter.jurisdiction.code, DEFAULTS)
        levels = [level for level in do.policy.levels(parameter) if level.of not in own]
        if parameter.stricter is None:
            return levels[-1] if levels else None
        return min(levels, key=lambda level: level.value, default=None)  # type: ignore[arg-type,return-value]  # whole numbers

    return read


def _limit(read: Read, parameter: Parameter | None) -> Cap | None:
    valued = read(parameter) if parameter else None
    return Cap(valued.value, valued.source.said) if valued else None  # type: ignore[arg-type]  # a Count or Money
