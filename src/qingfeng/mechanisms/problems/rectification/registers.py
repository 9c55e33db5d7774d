"""The registers of rectification: the steps of a plan, slips in three colours, clues handed over."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.vocabulary import STAYS, Register, RowColumn, Rows, RowState, Unit


class Milestone(Register):
    """A step of the road map of a plan 路线图节点, with its day; it stands until another plan takes its place."""

    problem = models.ForeignKey("rectification.Problem", models.PROTECT, related_name="milestones")
    place = models.PositiveSmallIntegerField(_("no."))
    what = models.CharField(_("step"), max_length=100)
    day = models.DateField(_("day"))
    done_on = models.DateField(_("done on"), null=True)

    class Meta:
        verbose_name = _("step of a plan")


class Colour(models.TextChoices):
    """Blue: the end is near. Yellow: behind the plan, or poor work. Red: overdue."""

    BLUE = "blue", _("blue slip")
    YELLOW = "yellow", _("yellow slip")
    RED = "red", _("red slip")


class Cause(models.TextChoices):
    """What a slip warns of."""

    NEAR = "near", _("the end is near")
    PLAN = "plan", _("no plan in time")
    BEHIND = "behind", _("a step of the plan is behind")
    SENT_BACK = "sent_back", _("sent back")
    UNSIGNED = "unsigned", _("not acknowledged in time")
    OVERDUE = "overdue", _("not rectified in time")


class Slip(Register):
    """A slip in a colour 蓝黄红单 to the unit that puts a problem right; it stands until what it warns of is done.

    It is the unit's, never a person's.
    """

    becomes: ClassVar = {"unit": STAYS}

    problem = models.ForeignKey("rectification.Problem", models.PROTECT, related_name="slips")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    colour = models.CharField(_("colour"), max_length=10, choices=Colour.choices)
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)

    class Meta:
        verbose_name = _("slip")


class ClueOutcome(models.TextChoices):
    """What the discipline organ tells the office of a clue: that it was looked into, and no more."""

    DEALT_WITH = "dealt_with", _("looked into and dealt with")
    NOTHING_FOUND = "nothing_found", _("looked into, nothing found")
    GIVEN_BACK = "given_back", _("looked into, for the office to deal with")


class Clue(Register):
    """A sheet with a clue in a transfer 移送的问题线索, and what became of it. It has no words of its own."""

    transfer = models.ForeignKey("rectification.Transfer", models.PROTECT, related_name="clues")
    sheet = models.ForeignKey("rectification.Problem", models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField(_("no."))
    outcome = models.CharField(_("outcome"), max_length=20, choices=ClueOutcome.choices, blank=True)

    told_by: ClassVar = ("sheet",)

    class Meta:
        verbose_name = _("clue")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["transfer", "place"], name="clue_once_a_place"),
        ]


DONE = RowState("done", _("done"), models.Q(done_on__isnull=False))
TO_DO = RowState("to_do", _("to be done"), models.Q(done_on=None))
MILESTONES = Rows(
    Milestone,
    label=_("Road map"),
    columns=("what", "day", "done_on"),
    states=(DONE, TO_DO),
    by="place",
    # A later plan counts its steps from 1 again; those of the one before stand in the history.
    only=models.Q(valid_to=None),
    name="milestones",
    drawn_on="slip",
)
SLIPS = Rows(
    Slip,
    label=_("Slips"),
    columns=(
        "colour",
        RowColumn("unit", _("Unit"), Unit, null=False),
        "cause",
        RowColumn("valid_from", _("Issued"), date, null=False),
        RowColumn("valid_to", _("Lifted"), date),
    ),
    by="pk",
    name="slips",
    drawn_on="slip",
)
OUTCOME_OWED = RowState("owed", pgettext_lazy("clue", "to be answered"), models.Q(outcome=""))
OUTCOME_TOLD = RowState("told", pgettext_lazy("clue", "answered"), ~models.Q(outcome=""))
CLUES = Rows(
    Clue,
    label=_("Clues"),
    columns=(RowColumn("sheet", _("Problem sheet"), of=lambda row: row.sheet.number), "outcome"),
    states=(OUTCOME_OWED, OUTCOME_TOLD),
    by="place",
    name="clues",
    drawn_on="clues",
)
