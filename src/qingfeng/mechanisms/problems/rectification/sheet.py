"""The sheet of a problem: what stands on it, who reads it, who has a part in it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.guards import Guard
from qingfeng.kernel.guards.base import Not
from qingfeng.kernel.vocabulary import Concerns, Did, Holds, Matter, Office, Person, Role, SetOver, Unit
from qingfeng.mechanisms.problems.rectification.declarations import ProblemSource

OFFICE = Office(Role.SUPERVISION_OFFICE)
CLERK = Holds(Role.UNIT_CLERK, of="responsible")
HEAD = Holds(Role.UNIT_HEAD, of="responsible")
LEADER = Holds(Role.LEADER, of="responsible")
INDEPENDENT_OF_UNIT = Not(
    Did("report") | Concerns("rectifier") | SetOver("responsible"),
    _("Whoever put this right, or is set over those who did, does not check it."),
)
INDEPENDENT = OFFICE & INDEPENDENT_OF_UNIT
"""Of the office, and neither the rectifier nor set over them (DOMAIN C1, 核查人回避)."""
ANOTHER = Not(
    Concerns("assigner"),
    _("Whoever handed this out does not close it out; a second person of the office does."),
)
SECOND = INDEPENDENT & ANOTHER
"""Who closes out: another than who handed it out, where the regime says so; over an office of one, the office above."""


class Sheet(Matter):
    """What stands on the sheet of a problem 一事一表."""

    THE_UNIT: ClassVar[Guard] = CLERK | HEAD
    LEADER: ClassVar[Guard] = LEADER

    kind = models.CharField(_("kind"), max_length=60)
    topic = models.CharField(_("focus topic"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=ProblemSource.choices)
    description = models.TextField(_("what was found"))
    concerned = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit it concerns")
    )
    responsible = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="problems", verbose_name=_("responsible unit")
    )
    requirement = models.TextField(_("requirement"), blank=True)
    assigner = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("handed out by")
    )
    """Who handed it out last, where the regime has somebody else close it out; else none."""
    rectifier = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("responsible person")
    )
    measures = models.TextField(_("measures"), blank=True)
    finish_on = models.DateField(_("to be put right by"), null=True)
    more_days = models.PositiveSmallIntegerField(_("working days asked for"), null=True)
    extensions = models.PositiveSmallIntegerField(_("times extended"), default=0)
    asked = models.BooleanField(_("progress asked for"), default=False)
    result = models.TextField(_("how it was put right"), blank=True)
    late = models.BooleanField(_("was overdue"), default=False)
    returns = models.PositiveSmallIntegerField(_("times sent back"), default=0)
    rebound = models.BooleanField(_("rebound"), default=False)
    written_off_on = models.DateField(_("closed out on"), null=True)

    class Meta:
        abstract = True
