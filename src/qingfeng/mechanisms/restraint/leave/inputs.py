"""What is asked of who asks for leave, and of who records it for them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NoReturn

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.workdays import CalendarNotPublished
from qingfeng.kernel.vocabulary import Choice, Do, Given, Input, Line, Person, Prose, Sealed
from qingfeng.mechanisms.restraint.leave.policy import DAY_BEGINS, KINDS
from qingfeng.mechanisms.restraint.leave.rules import (
    AFTERNOON,
    LONGEST_ASKED,
    MORNING,
    Half,
    LeaveKind,
    counting,
    halves,
)

KEPT = Sealed("3_years", of="person")
"""Kind, reason and place of leave may tell of someone's health (个人信息保护法 art. 28)."""


def wrong(field: str, words: Words, clause: str = "", remedy: Words = "") -> NoReturn:
    """Refuse what was filled in, at its field, so that the form is kept: what is wrong, by which clause, what to do."""
    based = [format_lazy(_("Clause: {}."), clause)] if clause else []
    raise Invalid({field: [words, *based, remedy] if remedy else [words, *based]})


def field_of(do: Do, name: str) -> str:
    """The field of the act's form that says it: more leave is asked for with one day only."""
    return name if any(spec.name == name for spec in do.act.inputs.fields) else "more_day"


def role_in(do: Do, person: Person) -> str:
    """The role in which someone serves in the unit of who records. Refuses who does not serve there, and oneself."""
    held = RoleHolding.objects.filter(standing(do.today), person=person, unit=do.unit)
    holding = held.order_by("id").first()
    if holding is None or person.pk == do.actor.person_id:
        wrong(
            "person",
            _("You record leave for a colleague of your own unit, not for others and not for yourself."),
            remedy=_("For yourself, ask for leave in the system."),
        )
    return holding.role


def half_days(do: Do, kind: LeaveKind, first: Half, last: Half) -> dict[Half, bool]:
    """The half days from one to another, and whether each counts. Raises ``Invalid`` for what can't be counted."""
    if last < first:
        wrong(
            field_of(do, "last_day"),
            _("This leave would end before it begins."),
            do.clause(DAY_BEGINS),
            _("Check the first and the last day, and the halves of them."),
        )
    if kind.counted == "day":
        # Every day counts: no calendar is needed, only that the year is no slip of the pen.
        if (last[0] - first[0]).days > LONGEST_ASKED:
            wrong(
                field_of(do, "last_day"),
                _("This leave would last for more than three years."),
                do.clause(KINDS),
                _("Check the years of the first and the last day."),
            )
        return dict.fromkeys(halves(first, last), True)
    workdays = do.policy.workdays
    try:
        # The last day first: a slip of the pen in the year is told before its days are counted one by one.
        workdays.is_workday(last[0])
        for year in range(first[0].year, last[0].year):
            workdays.is_workday(date(year, 12, 31))
        return counting(halves(first, last), kind, workdays.is_workday)
    except CalendarNotPublished as fault:
        wrong(
            field_of(do, "last_day"),
            fault.told(say),
            do.clause(KINDS),
            _("Ask the supervision office to enter that year's notice."),
        )


class DayHalf(models.TextChoices):
    """Half of a day 上午、下午."""

    MORNING = "am", _("morning")
    AFTERNOON = "pm", _("afternoon")

    @property
    def number(self) -> int:
        """The half as the rules count it."""
        return MORNING if self == DayHalf.MORNING else AFTERNOON


class LeaveChannel(models.TextChoices):
    """How leave was asked for 请假方式."""

    SYSTEM = "system", _("in the system")
    PAPER = "paper", _("on paper")
    PHONE = "phone", _("by phone")


class OffSystemChannel(models.TextChoices):
    """How leave that someone else records was asked for."""

    PAPER = LeaveChannel.PAPER.value, LeaveChannel.PAPER.label
    PHONE = LeaveChannel.PHONE.value, LeaveChannel.PHONE.label


class LeaveDays(Input):
    """The days someone wants off."""

    kind: Annotated[str, Choice(KINDS), KEPT, _("Kind of leave")]
    first_day: Annotated[date, _("First day")]
    first_half: Annotated[DayHalf, _("First half day")] = DayHalf.MORNING
    last_day: Annotated[date, _("Last day")]
    last_half: Annotated[DayHalf, _("Last half day")] = DayHalf.AFTERNOON

    @property
    def first(self) -> Half:
        """The first half day."""
        return self.first_day, self.first_half.number

    @property
    def last(self) -> Half:
        """The last half day."""
        return self.last_day, self.last_half.number


class LeaveRequest(LeaveDays):
    """A request for oneself 请假申请."""

    reason: Annotated[str, Prose(500), KEPT, pgettext_lazy("leave", "Reason")]
    place: Annotated[str, Line(100), KEPT, _("Where to")] = ""
    stand_in: Annotated[Person | None, _("Who is asked to stand in")] = None


class LeaveApplicant(Input):
    """Whose leave someone else records, and how they asked."""

    person: Annotated[Person, _("Whose leave")]  # type: ignore[valid-type]  # mypy, before Person is analysed
    channel: Annotated[OffSystemChannel, _("How it was asked for")]
    urgent: Annotated[bool, Given("channel", (LeaveChannel.PHONE.value,)), _("It is an emergency")] = False


class LeaveRecord(LeaveDays, LeaveApplicant):
    """What someone else was told and records 代为登记."""

    reason: Annotated[str, Prose(500), KEPT, pgettext_lazy("leave", "Reason")]
    stand_in: Annotated[Person | None, _("Who is asked to stand in")] = None


class StandInRequest(Input):
    """Another colleague who is asked to stand in."""

    stand_in: Annotated[Person, _("Who is asked to stand in")]  # type: ignore[valid-type]  # as above
