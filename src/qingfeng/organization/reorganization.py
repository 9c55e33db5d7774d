"""Reorganization 机构改革: a unit ends, its successor takes over, and its open matters follow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.following import carry_over
from qingfeng.kernel.declaring import NEW, Did, Do, Matter, Office, Role, State, Unit, act
from qingfeng.kernel.parties.models import Succession
from qingfeng.kernel.parties.roles import RoleHolding

DEPARTMENT = Office(Role.ORGANIZATION_DEPARTMENT)

PREPARED = State("prepared", _("prepared"))
CARRIED_OUT = State("carried_out", _("carried out"), final=True)


class Reorganization(Matter):
    """A unit merged into another 撤并, prepared by one person and carried out by a second."""

    code = "reorganization"
    series = "机构"
    ground = True
    reads: ClassVar = DEPARTMENT | Office(Role.SYSTEM_ADMINISTRATOR)

    predecessor = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit that ends"))
    successor = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("successor"))
    on = models.DateField(_("first day of the successor"))

    class Meta:
        verbose_name = _("reorganization")
        verbose_name_plural = _("reorganizations")

    @act(NEW, to=PREPARED, by=DEPARTMENT, label=_("Prepare a merger"))
    def prepare(self, do: Do, predecessor: Unit, successor: Unit, on: date) -> None:
        """Prepare that one unit be merged into another on a day."""
        if predecessor == successor:
            do.refuse(_("A unit can't be merged into itself."), remedy=_("Choose another successor."))
        self.predecessor, self.successor, self.on = predecessor, successor, on
        self.title = f"{predecessor} → {successor}"

    @act(PREPARED, to=CARRIED_OUT, by=DEPARTMENT & ~Did("prepare"), owed=True, label=_("Carry out"))
    def carry_out(self, do: Do) -> None:
        """End the unit; roles in it end with it, and every open matter of it follows to the successor."""
        if do.today < self.on:
            do.refuse(_("Its day has not come."), remedy=_("Carry it out on the day, or prepare another."))
        do.note("followed", carry_over(self.predecessor, self.successor, do.now, self))
        last = self.on - timedelta(days=1)
        do.record(Succession(predecessor=self.predecessor, successor=self.successor, valid_from=self.on))
        for holding in RoleHolding.objects.filter(unit=self.predecessor, valid_to=None).order_by("id"):
            holding.valid_to = last
            do.record(holding)
        self.predecessor.valid_to = last
        do.record(self.predecessor)
