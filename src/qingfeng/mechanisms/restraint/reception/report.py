"""The public report of the three expenses 三公经费公开: unit and line with budget, spent, growth, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.money import yuan
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Column, Page, Reading, Statistic
from qingfeng.mechanisms.restraint.reception.registers import LINES, Allotment, ExpensePeriod, Spent
from qingfeng.mechanisms.restraint.reception.rules import growth, like_before, percent

if TYPE_CHECKING:
    from qingfeng.mechanisms.restraint.reception.expenses import ExpenseReturn

SHORT: dict[str, Words] = {
    "reception": _("Reception"),
    "vehicles": _("Official vehicles"),
    "overseas": _("Travel abroad"),
}
"""The three lines in a few letters, for pictures."""


@dataclass(frozen=True)
class ExpenseFigures:
    """A budget, what was spent of it and what the year before, in fen. None: not known."""

    budget: int | None
    spent: int
    before: int | None

    @property
    def growth(self) -> int | None:
        """Growth on the year before in thousandths; none where nothing stood before."""
        return None if self.before is None else growth(self.spent, self.before)

    @property
    def said(self) -> str:
        """The growth as readers are told it, in words where no rate says it."""
        if self.before is None:
            return say("year before not returned")
        rate = self.growth
        return percent(rate) if rate is not None else say("nothing spent the year before")

    @property
    def row(self) -> tuple[str, str, str]:
        """Budget, spent and growth as written."""
        return yuan(self.budget) if self.budget is not None else "–", yuan(self.spent), self.said


def summed(some: Sequence[ExpenseFigures]) -> ExpenseFigures:
    """Several as one; what is not known of one is not known of all."""
    budgets, befores = [one.budget for one in some], [one.before for one in some]
    return ExpenseFigures(
        None if None in budgets else sum(filter(None, budgets)),
        sum(one.spent for one in some),
        None if None in befores else sum(filter(None, befores)),
    )


def by_unit_and_line(returns: QuerySet[ExpenseReturn], year: int) -> dict[str, dict[str, ExpenseFigures]]:
    """The report of a year from the published ones among some returns; of several for a stretch the last counts."""
    known: Mapping[tuple[int, str, int], dict[str, int]] = defaultdict(dict)
    names: dict[int, str] = {}
    spent = Spent.objects.filter(reported__in=returns, reported__year__in=(year - 1, year))
    for row in spent.select_related("unit", "reported").order_by("pk"):
        if row.reported.year == year:
            names[row.unit_id] = row.unit.name
        for line in LINES:
            known[row.unit_id, line, row.reported.year][row.reported.period] = getattr(row, line)
    allotted = Allotment.objects.filter(unit__in=names, budget__year=year).order_by("pk")
    budgets = {row.unit_id: row for row in allotted}
    report: dict[str, dict[str, ExpenseFigures]] = {}
    for unit, name in names.items():
        own = report.setdefault(name, {})
        for line in LINES:
            now, before = like_before(known[unit, line, year], known[unit, line, year - 1])
            budget = getattr(budgets[unit], line) if unit in budgets else None
            own[line] = ExpenseFigures(budget, now or 0, before)
    return report


def three_lines(reading: Reading) -> list[tuple[str | int | None, ...]]:
    """What each unit spent on the three lines in the year, and how much more than the year before."""
    report = by_unit_and_line(reading.queryset, reading.year)
    return [
        (unit, *(own[line].spent for line in LINES), summed([*own.values()]).growth)
        for unit, own in sorted(report.items(), key=lambda item: -summed([*item[1].values()]).spent)
    ]


def against_budget(reading: Reading) -> list[tuple[str, int | None, int, int | None, int | None]]:
    """Unit by unit and line by line: budget, spent, the year before, growth; this is what is made public."""
    report = by_unit_and_line(reading.queryset, reading.year)
    return [
        (f"{SHORT[line]} · {unit}", one.budget, one.spent, one.before, one.growth)
        for unit, own in report.items()
        for line, one in own.items()
    ]


def public(matter: ExpenseReturn, actor: Actor, now: datetime) -> dict[str, Any]:
    """The report of a return's year, as it may be published; nothing before it is."""
    if matter.state != "published":
        return {"year": matter.year, "rows": []}
    same = type(matter)._base_manager.filter(jurisdiction=matter.jurisdiction_id)
    report = by_unit_and_line(same, matter.year)
    rows = [(unit, line, one) for unit, own in report.items() for line, one in own.items()]
    rows += [(say("Total"), line, summed([own[line] for own in report.values()])) for line in LINES if report]
    stretches = {*same.filter(year=matter.year, state=matter.state).values_list("period", flat=True)}
    return {
        "year": matter.year,
        "stretches": [period.label for period in ExpensePeriod if period in stretches],
        "heads": (
            _("Unit"),
            _("Line of expense"),
            _("Budget, yuan"),
            _("Spent, yuan"),
            _("Growth on the year before"),
        ),
        "rows": [(unit, LINES[line], *one.row) for unit, line, one in rows],
    }


STATISTICS = (
    Statistic(
        "three_lines",
        _("The three expenses, by unit"),
        (
            Column(_("Unit"), "words"),
            Column(SHORT["reception"], "money"),
            Column(SHORT["vehicles"], "money"),
            Column(SHORT["overseas"], "money"),
            Column(_("Growth of all three"), "share"),
        ),
        three_lines,
        "stacked",
    ),
    Statistic(
        "against_budget",
        _("The three expenses against their budget lines"),
        (
            Column(_("Unit and line"), "words"),
            Column(_("Budget"), "money"),
            Column(pgettext_lazy("public report", "Spent"), "money"),
            Column(_("Year before"), "money"),
            Column(_("Growth"), "share"),
        ),
        against_budget,
        "bars",
    ),
)
PAGES = (Page("public", _("Public report"), "reception/public.html", public),)
