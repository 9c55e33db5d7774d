"""The registers of the three public expenses 三公经费: headcount with budget lines, and what was spent."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import STAYS, FenField, Register, Unit, by_hand

RECEPTION = _("Reception expenses")  # 公务接待费
VEHICLES = _("Vehicle expenses")  # 公务用车购置及运行费
OVERSEAS = _("Expenses abroad")  # 因公出国(境)费
LINES: dict[str, Words] = {"reception": RECEPTION, "vehicles": VEHICLES, "overseas": OVERSEAS}
"""The three lines by the name of their column."""


class ExpensePeriod(models.TextChoices):
    """The stretch of a year a return speaks of."""

    YEAR = "year", _("whole year")
    Q1 = "q1", _("first quarter")
    Q2 = "q2", _("second quarter")
    Q3 = "q3", _("third quarter")
    Q4 = "q4", _("fourth quarter")

    def last_day(self, year: int) -> date:
        """The last day of the stretch."""
        month = 12 if self is ExpensePeriod.YEAR else 3 * int(self.value[1])
        return date(year, month, monthrange(year, month)[1])


class ThreeLines(Register):
    """One unit's row 三公经费: reception, official vehicles, travel abroad; each in fen and never lumped together."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    reception = FenField(RECEPTION)
    vehicles = FenField(VEHICLES)
    overseas = FenField(OVERSEAS)

    class Meta:
        abstract = True


class Allotment(ThreeLines):
    """A unit's headcount and budget lines 核定的编制与预算, from the day they hold; the last put in force counts."""

    becomes: ClassVar = {"unit": by_hand("expense_budget.enter")}

    budget = models.ForeignKey("reception.ExpenseBudget", models.PROTECT, related_name="allotments")
    headcount = models.PositiveIntegerField(_("headcount"))

    class Meta:
        verbose_name = _("budget line")


class Spent(ThreeLines):
    """What a unit spent in a stretch of a year 支出数; of several published for the same stretch the last counts."""

    becomes: ClassVar = {"unit": STAYS}

    reported = models.ForeignKey("reception.ExpenseReturn", models.PROTECT, related_name="spent")

    class Meta:
        verbose_name = _("expense")


def in_force(unit: Unit, on: date) -> Allotment | None:
    """A unit's headcount and budget lines that hold on a day, of that day's year."""
    held = Allotment.objects.filter(standing(on), unit=unit, budget__year=on.year)
    return held.order_by("-pk").first()
