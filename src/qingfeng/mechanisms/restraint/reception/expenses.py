"""The three public expenses 三公经费: their yearly budget lines with the headcount, and the returns of what was spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.money import yuan
from qingfeng.kernel.people.models import standing
from qingfeng.kernel.record import facts
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words, in_house
from qingfeng.kernel.vocabulary import (
    NEW,
    STAYS,
    Did,
    Do,
    Input,
    Line,
    ListRows,
    Matter,
    Office,
    Reason,
    Role,
    RowColumn,
    State,
    Unit,
    Whole,
    Yuan,
    act,
    by_hand,
)
from qingfeng.mechanisms.restraint.reception.declarations import (
    BUDGET,
    EXPENSES_PUBLISHED,
    SPENT_ON_RECEPTION,
    SPENT_ON_VEHICLES,
    SPENT_OVERSEAS,
)
from qingfeng.mechanisms.restraint.reception.policy import A_HEAD, MOST_A_UNIT, OWN_LINES
from qingfeng.mechanisms.restraint.reception.registers import (
    OVERSEAS,
    RECEPTION,
    VEHICLES,
    Allotment,
    ExpensePeriod,
    Spent,
)
from qingfeng.mechanisms.restraint.reception.report import PAGES, STATISTICS
from qingfeng.mechanisms.restraint.reception.rules import yearly_limit

FINANCE = Office(Role.FINANCE)
LEADERS = Office(Role.LEADER)
OFFICE = Office(Role.SUPERVISION_OFFICE)
OTHERS = (FINANCE | LEADERS) & ~Did("enter")

ENTERED = State("entered", pgettext_lazy("to be confirmed", "entered"))
IN_FORCE = State("in_force", pgettext_lazy("figures", "in force"), final=True)
PUBLISHED = State("published", _("published"), final=True)
REFUSED = State("refused", _("refused"), final=True, void=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)

Faults = dict[str, Words]
"""What is wrong with a row, by field."""

MONEY = Yuan(most=10**12)


LINES = (
    RowColumn("unit", _("Unit"), Unit),
    RowColumn("reception", RECEPTION, Yuan),
    RowColumn("vehicles", VEHICLES, Yuan),
    RowColumn("overseas", OVERSEAS, Yuan),
)


class AllotmentRow(Input):
    """A unit's budget as it is entered."""

    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]
    headcount: Annotated[int, Whole(1, 100_000), _("Headcount")]
    reception: Annotated[int, MONEY, RECEPTION]
    vehicles: Annotated[int, MONEY, VEHICLES]
    overseas: Annotated[int, MONEY, OVERSEAS]


class SpentRow(Input):
    """What a unit spent, as it is entered. Whoever spent nothing says so 零报告, and need not write three zeros."""

    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]
    reception: Annotated[int | None, MONEY, RECEPTION] = None
    vehicles: Annotated[int | None, MONEY, VEHICLES] = None
    overseas: Annotated[int | None, MONEY, OVERSEAS] = None
    nil: Annotated[bool, _("Nil return")] = False

    def wrong(self) -> Faults:
        """What does not hold together in the row, by field."""
        amounts = {"reception": self.reception, "vehicles": self.vehicles, "overseas": self.overseas}
        if self.nil:
            said = _("The row is marked as a nil return; no amount goes with it.")
            return {name: said for name, amount in amounts.items() if amount}
        said = _("Write the amount; for nothing spent 0, or mark the row as a nil return.")
        return {name: said for name, amount in amounts.items() if amount is None}


class ExpenseBudget(Matter):
    """The year's budget of the three public expenses 三公经费预算: a line each, with the headcount the limit follows."""

    code = "expense_budget"
    series = "三公预算"
    reads: ClassVar = FINANCE | LEADERS | OFFICE
    becomes: ClassVar = {"rows": by_hand("expense_budget.enter")}
    lines = ListRows(
        "rows",
        label=_("Budget of each unit"),
        columns=(*LINES, RowColumn("headcount", _("Headcount"), int)),
        name="lines",
    )

    year = models.PositiveSmallIntegerField(_("year"))
    since = models.DateField(_("holds from"))
    basis = models.CharField(_("number and title of the approved budget"), max_length=200)
    rows = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("budget of the three expenses")
        verbose_name_plural = _("budgets of the three expenses")

    @act(NEW, to=ENTERED, by=FINANCE, label=_("Enter a budget of the three expenses"))
    def enter(
        self,
        do: Do,
        since: date,
        basis: Annotated[str, Line(200)],
        rows: Annotated[list[AllotmentRow], _("Budget of each unit")],
    ) -> None:
        """Enter headcount and the three budget lines of each unit, from the day they hold; a later one takes its place."""
        self.year, self.since, self.basis = since.year, since, basis
        self.title = f"{self.year} · {basis}"[:200]
        a_head, most = do.policy.valued(A_HEAD), do.policy.valued(MOST_A_UNIT)

        def too_much(row: AllotmentRow) -> Faults:
            limit = yearly_limit(row.headcount, do.value(A_HEAD), do.value(MOST_A_UNIT))
            if row.reception <= limit:
                return {}
            said = _("With {} on the payroll at most {} yuan a year ({}).")
            source = (most if limit == most.value else a_head).source
            return {"reception": format_lazy(said, row.headcount, yuan(limit), source.said)}

        self.rows = _checked(self, rows, too_much)

    @act(ENTERED, to=IN_FORCE, by=OTHERS, owed=True, label=_("Put in force"))
    def put_in_force(self, do: Do) -> None:
        """Put the budget in force, having compared it with the approved one; no line falls below what is used of it."""
        for unit, row in _rows(self):
            do.record(Allotment(budget=self, unit=unit, valid_from=self.since, **row))
            do.allot(BUDGET, unit, str(self.year), row["reception"], do.clause(OWN_LINES))

    @act(ENTERED, to=REFUSED, by=OTHERS, owed=True, label=_("Refuse"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse the budget as it was entered."""

    @act(ENTERED, to=WITHDRAWN, by=FINANCE, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw the budget as it was entered, to enter it anew."""


class ExpenseReturn(Matter):
    """A return of the three public expenses 三公经费报表: what each unit spent, published by a second person."""

    code = "expenses"
    series = "三公"
    reads: ClassVar = FINANCE | LEADERS | OFFICE
    becomes: ClassVar = {"rows": STAYS}
    filters = ("period",)
    statistics = STATISTICS
    pages = PAGES
    lines = ListRows("rows", label=_("Spending of each unit"), columns=LINES, name="lines")

    year = models.PositiveSmallIntegerField(_("year"))
    period = models.CharField(_("period"), max_length=4, choices=ExpensePeriod.choices)
    rows = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("return of the three expenses")
        verbose_name_plural = _("returns of the three expenses")

    @act(NEW, to=ENTERED, by=FINANCE, label=_("Enter a return of the three expenses"))
    def enter(
        self,
        do: Do,
        year: Annotated[int, Whole(2000, 2100)],
        period: ExpensePeriod,
        rows: Annotated[list[SpentRow], _("Spending of each unit")],
    ) -> None:
        """Enter what each unit spent on each of the three lines; who spent nothing says 0."""
        self.year, self.period = year, period.value
        self.title = f"{year} · {in_house(period.label)}"
        if period.last_day(year) > do.today:
            raise Invalid({"period": [_("This stretch is not over yet.")]})
        self.rows = _checked(self, rows, SpentRow.wrong)
        # Of a unit that was merged its successor tells what was spent.
        silent = Unit.objects.filter(
            standing(do.today),
            pk__in=Allotment.objects.filter(budget__year=year, budget__jurisdiction=self.jurisdiction).values(
                "unit"
            ),
        ).exclude(pk__in=[row.unit.pk for row in rows])
        if silent:
            lacking = _("Not in the list: {}. Whoever spent nothing is entered with 0.")
            raise Invalid({"rows": [format_lazy(lacking, "、".join(map(str, silent)))]})

    @act(ENTERED, to=PUBLISHED, by=OTHERS, owed=True, label=_("Publish"))
    def publish(self, do: Do) -> None:
        """Publish the return; one published before for the same stretch gives way to it, and its facts are taken back."""
        before = ExpenseReturn.objects.filter(
            jurisdiction=self.jurisdiction, year=self.year, state=PUBLISHED.code
        )
        if self.period != ExpensePeriod.YEAR:
            if before.filter(period=ExpensePeriod.YEAR).exists():
                do.refuse(
                    _("The whole year was published already."),
                    remedy=_("Correct it by a return for the whole year."),
                )
            before = before.filter(period=self.period)
        rows = _rows(self)
        named = [f"unit:{unit.pk}" for unit, _row in rows]
        for fact in facts.standing().filter(entry__matter__in=before, subject__in=named):
            do.take_back(fact)
        for unit, row in rows:
            do.record(Spent(reported=self, unit=unit, valid_from=do.today, **row))
            day = ExpensePeriod(self.period).last_day(self.year)
            do.leave(SPENT_ON_RECEPTION, unit, row["reception"], day)
            do.leave(SPENT_ON_VEHICLES, unit, row["vehicles"], day)
            do.leave(SPENT_OVERSEAS, unit, row["overseas"], day)
        do.emit(EXPENSES_PUBLISHED, year=self.year)

    @act(ENTERED, to=REFUSED, by=OTHERS, owed=True, label=_("Refuse"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse the return as it was entered."""

    @act(ENTERED, to=WITHDRAWN, by=FINANCE, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw the return as it was entered, to enter it anew."""


def _checked(matter: Matter, rows: Sequence[Any], wrong: Callable[[Any], Faults]) -> list[dict[str, int]]:
    """The rows as they are kept. Raises ``Invalid``, naming each row and field that can't stand."""
    faults: dict[str, list[Words]] = {} if rows else {"rows": [_("There is no row.")]}
    seen: set[int] = set()
    for place, row in enumerate(rows):
        found = wrong(row)
        if row.unit.jurisdiction_id != matter.jurisdiction_id:
            found["unit"] = _("This unit belongs to another jurisdiction.")
        elif row.unit.pk in seen:
            found["unit"] = _("This unit stands in a row above already.")
        seen.add(row.unit.pk)
        faults |= {f"rows.{place}.{name}": [said] for name, said in found.items()}
    if faults:
        raise Invalid(faults)
    return [
        {name: value or 0 for name, value in row if name not in ("unit", "nil")} | {"unit": row.unit.pk}
        for row in rows
    ]


def _rows(matter: ExpenseBudget | ExpenseReturn) -> list[tuple[Unit, dict[str, int]]]:
    """The rows with their units, each without the unit's id."""
    units = Unit.objects.in_bulk([row["unit"] for row in matter.rows])
    return [
        (units[row["unit"]], {name: value for name, value in row.items() if name != "unit"})
        for row in matter.rows
    ]
