"""Opening balances 年休假结余: what a year's books begin with where the years before lie outside this system."""

from __future__ import annotations

from typing import Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict

from qingfeng.kernel.declaring import NEW, Do, Line, Matter, Office, Person, Role, State, Whole, act
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.words import Words
from qingfeng.mechanisms.leave.declared import ANNUAL
from qingfeng.mechanisms.leave.registers import AnnualGrant

DEPARTMENT = Office(Role.ORGANIZATION_DEPARTMENT)
MOST_ROWS = 1000

ENTERED = State("entered", _("entered"), final=True)


class BalanceRow(BaseModel):
    """One person's balance."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    person: Annotated[Person, _("Person")]  # type: ignore[valid-type]  # mypy, before Person is analysed
    year: Annotated[int, Whole(2000, 2100), _("Year")]
    halves: Annotated[int, Whole(0, 120, _("half days")), _("Half days of annual leave (two to a day)")]


class Balances(Matter):
    """Balances of annual leave that a year begins with 年休假结余录入, as the paper ledger has them."""

    code = "leave_balances"
    series = "年休假"
    retention = "10_years"
    reads: ClassVar = DEPARTMENT

    basis = models.CharField(_("ledger the balances rest on"), max_length=200)

    class Meta:
        verbose_name = _("list of balances")
        verbose_name_plural = _("balances of annual leave")

    @act(NEW, to=ENTERED, by=DEPARTMENT, label=_("Enter balances"))
    def enter(
        self, do: Do, basis: Annotated[str, Line(200)], rows: Annotated[list[BalanceRow], _("Balances")]
    ) -> None:
        """Enter what persons have left of annual leave in a year; nothing is reckoned for them besides."""
        if not 1 <= len(rows) <= MOST_ROWS:
            raise Invalid({"rows": [_("A list has 1 to 1000 rows.")]})
        self.basis = self.title = basis
        open_already = set(
            AnnualGrant.objects.filter(person__in=[row.person for row in rows]).values_list(
                "person_id", "year"
            )
        )
        wrong: list[Words] = []
        for number, row in enumerate(rows, start=1):
            key = (row.person.pk, row.year)
            if key in open_already:
                wrong.append(format_lazy(_("Row {}: the balance of {} is open already."), number, row.year))
            open_already.add(key)
        if wrong:
            raise Invalid({"rows": wrong})
        do.record_all(
            [
                AnnualGrant(
                    person=row.person, year=row.year, halves=row.halves, entered=True, valid_from=do.today
                )
                for row in rows
            ]
        )
        for row in rows:
            do.credit(ANNUAL, row.person, str(row.year), row.halves)
