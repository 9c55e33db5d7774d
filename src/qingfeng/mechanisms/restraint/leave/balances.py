"""Balances of annual leave 年休假结余 in the hands of the organization department: what a year begins with where the
years before lie outside this system, and what is withheld where annual leave is not due (职工带薪年休假条例 art. 4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.actors import person_key
from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words, in_house
from qingfeng.kernel.vocabulary import (
    NEW,
    Do,
    Input,
    Line,
    Matter,
    Office,
    Person,
    Reason,
    Role,
    State,
    Whole,
    act,
    reads,
)
from qingfeng.mechanisms.restraint.leave.annual import LeaveBooks, days
from qingfeng.mechanisms.restraint.leave.declarations import ANNUAL
from qingfeng.mechanisms.restraint.leave.policy import LOSSES, NEXT_YEAR
from qingfeng.mechanisms.restraint.leave.registers import AnnualGrant, HalfDay, SchoolHolidays, Withheld
from qingfeng.mechanisms.restraint.leave.statistics import BALANCES

DEPARTMENT = Office(Role.ORGANIZATION_DEPARTMENT)
MOST_ROWS = 1000

ENTERED = State("entered", _("entered"), final=True)
NOT_DUE = _(
    "Annual leave of {} is not due to you: {} days are withheld ({}). If that is wrong, tell the organization"
    " department."
)


class BalanceRow(Input):
    """One person's balance."""

    person: Annotated[Person, _("Person")]  # type: ignore[valid-type]  # mypy, before Person is analysed
    year: Annotated[int, Whole(2000, 2100), _("Year")]
    halves: Annotated[int, Whole(0, 120, _("half days")), _("Half days of annual leave (two to a day)")]


class HolidayRow(Input):
    """One person's winter and summer holidays."""

    person: Annotated[Person, _("Person")]  # type: ignore[valid-type]  # mypy, before Person is analysed
    days: Annotated[int, Whole(1, 120), _("Days of winter and summer holidays")]


class Balances(Matter):
    """An entry in the balances of annual leave 年休假结余: what the paper ledger has, what is withheld, what is restored."""

    code = "leave_balances"
    series = "年休假"
    retention = "10_years"
    reads: ClassVar = DEPARTMENT
    statistics = BALANCES

    basis = models.CharField(_("ledger the balances rest on"), max_length=200)

    class Meta:
        verbose_name = _("list of balances")
        verbose_name_plural = _("balances of annual leave")

    @act(NEW, to=ENTERED, by=DEPARTMENT, label=_("Enter balances"))
    def enter(
        self, do: Do, basis: Annotated[str, Line(200)], rows: Annotated[list[BalanceRow], _("Balances")]
    ) -> None:
        """Enter what persons have left of annual leave in a year; nothing is reckoned for them besides."""
        self._called(basis, rows)
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

    @act(NEW, to=ENTERED, by=DEPARTMENT, label=_("Enter school holidays"))
    def enter_holidays(
        self,
        do: Do,
        basis: Annotated[str, Line(200)],
        year: Annotated[int, Whole(2000, 2100), _("Year")],
        rows: Annotated[list[HolidayRow], _("Persons")],
    ) -> None:
        """Enter who has winter and summer holidays by law, and how long; longer than annual leave, they stand for it."""
        self._called(basis, rows)
        do.record_all(
            [SchoolHolidays(person=row.person, year=year, days=row.days, valid_from=do.today) for row in rows]
        )

    @act(NEW, to=ENTERED, by=DEPARTMENT, label=_("Withhold annual leave that is not due"))
    def withhold(self, do: Do, year: Annotated[int, Whole(2000, 2100), _("Year")]) -> None:
        """Withhold annual leave from all to whom it is not due by their leave of a year; each of them is told."""
        if year > do.today.year:
            raise Invalid({"year": [_("This year has not begun.")]})
        self._called(in_house(_("Annual leave of {} that is not due"), year))
        rows = [row for person in self._looked_at(do, year) for row in LeaveBooks(do, person).withhold(year)]
        if not rows:
            do.refuse(
                format_lazy(_("By what is recorded, nobody's annual leave of {} is to be withheld."), year),
                do.clause(LOSSES),
                _("Enter school holidays first, if there are any; else there is nothing to do."),
            )
        do.record_all(rows)
        for row in rows:
            tell(do, row, NOT_DUE)

    @act(NEW, to=ENTERED, by=DEPARTMENT, label=_("Restore annual leave"))
    def restore(
        self,
        do: Do,
        person: Annotated[Person, _("Person")],  # type: ignore[valid-type]  # mypy, before Person is analysed
        year: Annotated[int, Whole(2000, 2100), _("Year in which it came about")],
        why: Reason,
    ) -> None:
        """Restore what was withheld by the leave of a year, with the reason; it is not withheld again."""
        self._called(in_house(_("Annual leave of {} restored"), year))
        rows = list(Withheld.objects.filter(person=person, found_in=year, lifted=False))
        if not rows:
            raise Invalid({"person": [format_lazy(_("By the leave of {} nothing is withheld here."), year)]})
        for row in rows:
            row.lifted = True
            do.record(row)
            if row.booked:
                do.credit(ANNUAL, person, str(row.year), row.halves)
            tell(do, row, _("Annual leave of {} is restored to you: {} days ({})."))

    def _called(self, basis: str, rows: Sequence[object] | None = None) -> None:
        if rows is not None and not 1 <= len(rows) <= MOST_ROWS:
            raise Invalid({"rows": [_("A list has 1 to 1000 rows.")]})
        self.basis = self.title = basis

    def _looked_at(self, do: Do, year: int) -> list[Person]:
        """Those who serve here and took leave or had school holidays in a year, and from whom nothing is withheld yet."""
        here = RoleHolding.objects.filter(standing(do.today), unit__jurisdiction=self.jurisdiction)
        away = HalfDay.objects.filter(day__year=year, released=False).exclude(leave__group="annual")
        holidays = SchoolHolidays.objects.filter(year=year)
        return list(
            Person.objects.filter(pk__in=here.values("person"))
            .filter(models.Q(pk__in=away.values("person")) | models.Q(pk__in=holidays.values("person")))
            .exclude(pk__in=Withheld.objects.filter(found_in=year).values("person"))
            .order_by("pk")
        )


@reads(LOSSES, NEXT_YEAR)
def tell(do: Do, row: Withheld, words: Words) -> None:
    """Tell whose leave it is: how much of which year, by which clause; never by which case of it."""
    rests_on = do.clause(LOSSES if row.year == row.found_in else NEXT_YEAR)
    do.notify(person_key(row.person_id), words, row.year, days(row.halves), rests_on)
