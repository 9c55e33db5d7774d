"""What is asked of who asks for leave, and of who records it for them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, NoReturn

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import BaseModel, ConfigDict

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Choice, Do, Given, Line, Person, Prose, Sealed
from qingfeng.mechanisms.restraint.leave.policy import KINDS
from qingfeng.mechanisms.restraint.leave.rules import AFTERNOON, MORNING, Half

KEPT = Sealed("3_years", of="person")
"""Kind, reason and place of leave may tell of someone's health (个人信息保护法 art. 28)."""


def wrong(field: str, words: Words, clause: str = "", remedy: Words = "") -> NoReturn:
    """Refuse what was filled in, at its field, so that the form is kept: what is wrong, by which clause, what to do."""
    based = [format_lazy(_("Clause: {}."), clause)] if clause else []
    raise Invalid({field: [words, *based, remedy] if remedy else [words, *based]})


def field_of(do: Do, name: str) -> str:
    """The field of the act's form that says it: more leave is asked for with one day only."""
    return name if any(spec.name == name for spec in do.act.inputs.fields) else "more_day"


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


class LeaveDays(BaseModel):
    """The days someone wants off."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

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


class LeaveApplicant(BaseModel):
    """Whose leave someone else records, and how they asked."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    person: Annotated[Person, _("Whose leave")]  # type: ignore[valid-type]  # mypy, before Person is analysed
    channel: Annotated[OffSystemChannel, _("How it was asked for")]
    urgent: Annotated[bool, Given("channel", (LeaveChannel.PHONE.value,)), _("It is an emergency")] = False


class LeaveRecord(LeaveDays, LeaveApplicant):
    """What someone else was told and records 代为登记."""

    reason: Annotated[str, Prose(500), KEPT, pgettext_lazy("leave", "Reason")]
    stand_in: Annotated[Person | None, _("Who is asked to stand in")] = None


class StandInRequest(BaseModel):
    """Another colleague who is asked to stand in."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    stand_in: Annotated[Person, _("Who is asked to stand in")]  # type: ignore[valid-type]  # as above
