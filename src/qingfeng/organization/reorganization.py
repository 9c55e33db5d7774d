"""Reorganization 机构改革: a unit ends, its successor takes over, and its open matters follow."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.following import carry_over
from qingfeng.kernel.declaring import NEW, Did, Do, Matter, Office, Register, Role, State, Unit, act
from qingfeng.kernel.parties.models import Succession
from qingfeng.kernel.parties.roles import Portfolio, RoleHolding
from qingfeng.organization.cadres import CadreRecord

R = TypeVar("R", bound=Register)

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
    portfolios = models.TextField(_("portfolios that follow"), blank=True)

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
        covering = _lasting(Portfolio, on).filter(unit=predecessor).select_related("holding__unit")
        self.portfolios = "\n".join(str(row.holding) for row in covering)

    @act(PREPARED, to=CARRIED_OUT, by=DEPARTMENT & ~Did("prepare"), owed=True, label=_("Carry out"))
    def carry_out(self, do: Do) -> None:
        """End the unit; roles in it end with it; open matters, portfolios and cadre records follow to the successor."""
        if do.today < self.on:
            do.refuse(_("Its day has not come."), remedy=_("Carry it out on the day, or prepare another."))
        do.note("followed", carry_over(self.predecessor, self.successor, do.now, self))
        last = self.on - timedelta(days=1)
        do.record(Succession(predecessor=self.predecessor, successor=self.successor, valid_from=self.on))
        for holding in _lasting(RoleHolding, self.on).filter(unit=self.predecessor):
            holding.valid_to = last
            do.record(holding)
        for row in _lasting(Portfolio, self.on).filter(unit=self.predecessor):
            _go_on(do, row, self.on, unit=self.successor)
        for cadre in _lasting(CadreRecord, self.on).filter(
            Q(unit=self.predecessor) | Q(managed_by=self.predecessor)
        ):
            named = [name for name in ("unit", "managed_by") if getattr(cadre, name) == self.predecessor]
            _go_on(do, cadre, self.on, **dict.fromkeys(named, self.successor))
        self.predecessor.valid_to = last
        do.record(self.predecessor)


def _lasting(register: type[R], on: date) -> models.QuerySet[R]:
    """The rows that hold on a day or after it."""
    return register._default_manager.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("id")


def _go_on(do: Do, row: Register, on: date, **changed: Unit) -> None:
    """End a row the day before, and let another go on in its place to where it was to end."""
    values = {
        field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name != "id"
    }
    heir = type(row)(**{**values, **changed, "valid_from": max(on, row.valid_from)})
    row.valid_to = on - timedelta(days=1)
    do.record(row)
    do.record(heir)
