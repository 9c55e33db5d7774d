"""Celebrations and their acts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Choice,
    Do,
    FenField,
    Holds,
    Input,
    Line,
    Matter,
    Office,
    Prose,
    Reason,
    Role,
    State,
    Unit,
    Yuan,
    act,
)
from qingfeng.mechanisms.restraint.meetings.declarations import CELEBRATION_HELD
from qingfeng.mechanisms.restraint.meetings.policy import CELEBRATIONS
from qingfeng.mechanisms.restraint.meetings.savings import leave_saved
from qingfeng.mechanisms.restraint.meetings.statistics import CELEBRATED

LEADER = Holds(Role.LEADER, of="unit")
OFFICE = Office(Role.SUPERVISION_OFFICE)
CLERK = Holds(Role.UNIT_CLERK, of="unit")
HEAD = Holds(Role.UNIT_HEAD, of="unit")
FEN = Yuan(most=10**11)

ASKED = State("asked", _("asked for"))
APPROVED = State("approved", _("approved"))
HELD = State("held", _("held"), final=True)
REFUSED = State("refused", _("refused"), final=True, void=True)
CANCELLED = State("cancelled", _("cancelled"), final=True, void=True)


class CelebrationRequest(Input):
    """A celebration as it is asked for."""

    title: Annotated[str, Line(100)]
    kind: Annotated[str, Choice(CELEBRATIONS)]
    day: date
    budget: Annotated[int, FEN]
    purpose: Annotated[str, Prose(1000)]


class Celebration(Matter):
    """A festival, ceremony or gathering, held only under an approval number (节庆活动审批)."""

    code = "celebrations"
    series = "节庆"
    reads: ClassVar = OFFICE | LEADER | CLERK | HEAD
    becomes: ClassVar = {"unit": FOLLOWS}
    filters = ("kind", "unit")
    statistics = CELEBRATED

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="celebrations", verbose_name=_("organizing unit")
    )
    kind = models.CharField(_("kind of celebration"), max_length=60)
    day = models.DateField(_("day"))
    budget = FenField(_("budget"))
    purpose = models.TextField(_("why it is held"))
    approval = models.CharField(_("approval number"), max_length=60, blank=True)
    cost = models.BigIntegerField(_("cost"), null=True)

    class Meta:
        verbose_name = _("celebration")
        verbose_name_plural = _("celebrations")

    @act(NEW, to=ASKED, by=CLERK, label=_("Ask for a celebration"))
    def ask(self, do: Do, wanted: CelebrationRequest) -> None:
        """Ask for a festival, ceremony or gathering, beforehand."""
        if wanted.day < do.today:
            raise Invalid({"day": [_("This day is past; celebrations are approved beforehand.")]})
        self.title, self.kind, self.day, self.budget = wanted.title, wanted.kind, wanted.day, wanted.budget
        self.purpose, self.unit = wanted.purpose, do.unit

    @act(ASKED, to=APPROVED, by=LEADER, owed=True, label=_("Approve"))
    def approve(self, do: Do, approval: Annotated[str, Line(60)]) -> None:
        """Approve the celebration, under the number of the approval document."""
        self.approval = approval

    @act(ASKED, to=REFUSED, by=LEADER, owed=True, label=_("Refuse"))
    def refuse(self, do: Do, why: Reason) -> None:
        """Refuse the celebration, with the reason."""

    @act(APPROVED, to=HELD, by=CLERK, owed=True, label=_("Report it held"))
    def hold(self, do: Do, cost: Annotated[int, FEN]) -> None:
        """Report the celebration held, and what it cost."""
        if do.today < self.day:
            do.refuse(_("The day of the celebration has not come."), remedy=_("Report it once it was held."))
        self.cost = cost
        do.leave(CELEBRATION_HELD, subject=self.unit, held_on=self.day)

    @act((ASKED, APPROVED), to=CANCELLED, by=CLERK | OFFICE | LEADER, label=_("Cancel the celebration"))
    def cancel(
        self,
        do: Do,
        why: Reason,
        saved: Annotated[int, FEN, _("Money saved")] = 0,
    ) -> None:
        """Cancel the celebration; of an approved one say what that saves."""
        leave_saved(do, self.unit, self.state == APPROVED.code, saved, self.budget)
