"""The problem sheet and its acts."""

from __future__ import annotations

from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.declaring import (
    NEW,
    Attachment,
    Choice,
    Did,
    Do,
    Files,
    Holds,
    Line,
    Matter,
    Office,
    Prose,
    Role,
    State,
    System,
    Unit,
    act,
)
from qingfeng.mechanisms.rectification.declared import (
    PROBLEM_ASSIGNED,
    PROBLEM_OVERDUE,
    PROBLEM_SENT_BACK,
    PROBLEM_WRITTEN_OFF,
    RECTIFYING_CLOCK,
    SIGNING,
)
from qingfeng.mechanisms.rectification.statistics import STATISTICS
from qingfeng.organization.topics import PROBLEM_KINDS

OFFICE = Office(Role.SUPERVISION_OFFICE)
CLERK = Holds(Role.UNIT_CLERK, of="responsible")

FOUND = State("found", _("found"))
ASSIGNED = State("assigned", _("assigned"))
RECTIFYING = State("rectifying", _("being put right"))
REPORTED = State("reported", _("reported put right"))
WRITTEN_OFF = State("written_off", _("written off"), final=True)


class Problem(Matter):
    """A problem carried on one sheet until it is written off (一事一表、逐一销号)."""

    code = "rectification"
    series = "整改"
    reads: ClassVar = OFFICE | CLERK
    filters = ("kind", "responsible")
    statistics = STATISTICS

    kind = models.CharField(_("kind"), max_length=60)
    description = models.TextField(_("what was found"))
    responsible = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="problems", verbose_name=_("responsible unit")
    )
    requirement = models.TextField(_("requirement"), blank=True)
    result = models.TextField(_("how it was put right"), blank=True)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")

    @act(NEW, to=FOUND, by=OFFICE, label=_("Register a problem"))
    def register(
        self,
        do: Do,
        title: Annotated[str, Line(100)],
        kind: Annotated[str, Choice(PROBLEM_KINDS)],
        description: Annotated[str, Prose(2000)],
    ) -> None:
        """Put a problem the office has heard of on a sheet of its own."""
        self.title, self.kind, self.description = title, kind, description

    @act(FOUND, to=ASSIGNED, by=OFFICE, owed=True, starts=SIGNING, label=_("Assign"))
    def assign(self, do: Do, responsible: Unit, requirement: Annotated[str, Prose(500)]) -> None:
        """Hand the problem to the unit that must put it right."""
        self.responsible, self.requirement = responsible, requirement
        do.leave(PROBLEM_ASSIGNED, subject=responsible)

    @act(
        ASSIGNED, to=RECTIFYING, by=CLERK, owed=True, stops=SIGNING, starts=RECTIFYING_CLOCK, label=_("Sign")
    )
    def sign(self, do: Do) -> None:
        """Sign for the problem on behalf of the unit."""

    @act(RECTIFYING, to=REPORTED, by=CLERK, owed=True, stops=RECTIFYING_CLOCK, label=_("Report put right"))
    def report(
        self,
        do: Do,
        result: Annotated[str, Prose(2000)],
        evidence: Annotated[list[Attachment], Files(9), _("Evidence")] = [],  # noqa: B006
    ) -> None:
        """Report how the problem was put right, with evidence."""
        self.result = result

    @act(
        REPORTED,
        to=RECTIFYING,
        by=OFFICE & ~Did("report"),
        owed=True,
        starts=RECTIFYING_CLOCK,
        label=_("Send back"),
    )
    def send_back(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")]) -> None:
        """Send the report back: the problem is not put right yet."""
        do.leave(PROBLEM_SENT_BACK, subject=self.responsible)

    @act(REPORTED, to=WRITTEN_OFF, by=OFFICE & ~Did("report"), owed=True, label=_("Write off"))
    def write_off(self, do: Do, finding: Annotated[str, Prose(500), _("What was checked")]) -> None:
        """Write the problem off, having checked that it is put right; never by who reported it."""
        do.leave(PROBLEM_WRITTEN_OFF, subject=self.responsible)

    @act(ASSIGNED, by=System("clock"), expires=SIGNING, label=_("Mark signing overdue"))
    def sign_overdue(self, do: Do) -> None:
        """Note that the unit has not signed in time."""
        do.leave(PROBLEM_OVERDUE, subject=self.responsible)

    @act(RECTIFYING, by=System("clock"), expires=RECTIFYING_CLOCK, label=_("Mark as overdue"))
    def rectify_overdue(self, do: Do) -> None:
        """Note that the problem was not reported put right in time."""
        do.leave(PROBLEM_OVERDUE, subject=self.responsible)
