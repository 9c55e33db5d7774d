"""What is counted of receptions 公务接待统计."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.record.books import Book
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.vocabulary import Column, Reading, Statistic, Tally, Unit
from qingfeng.mechanisms.restraint.reception.declarations import (
    BUDGET,
    RECEPTION_LATE,
    RECEPTION_SPENT,
    RECEPTION_VIOLATION,
)
from qingfeng.mechanisms.restraint.reception.policy import A_HEAD, MOST_A_UNIT
from qingfeng.mechanisms.restraint.reception.registers import in_force
from qingfeng.mechanisms.restraint.reception.rules import yearly_limit


def of_limit(reading: Reading) -> list[tuple[str, int, int, int, int | None]]:
    """Spent, reserved and left of what each unit may spend in the year: the limit, or its budget line if that is less."""
    own = reading.queryset.filter(day__year=reading.year).order_by().values("unit")
    rows = []
    for unit in Unit.objects.filter(pk__in=own).order_by("code"):
        book = Book.objects.filter(
            kind=BUDGET.name, owner=f"unit:{unit.pk}", period=str(reading.year)
        ).first()
        on = min(reading.today, date(reading.year, 12, 31))
        allotted = in_force(unit, on)
        if book is None or allotted is None:
            continue
        policy = Policy(unit.jurisdiction_id, on)
        a_head, most_a_unit = policy.seen(A_HEAD), policy.seen(MOST_A_UNIT)
        most = book.credited
        if a_head and most_a_unit:
            most = min(most, yearly_limit(allotted.headcount, a_head.value, most_a_unit.value))  # type: ignore[arg-type]  # Money
        used = 1000 * book.used // most if most else None
        rows.append((unit.name, book.committed, book.reserved, max(most - book.used, 0), used))
    return rows


BY_MONTH = Tally(
    "by_month",
    (),
    {"asked": Count("pk"), "coming": Sum("guests")},
    on="day",
    each="month",
    of=~Q(state__in=("refused", "withdrawn")),
)


def by_month(reading: Reading) -> list[tuple[Any, ...]]:
    """How many receptions the units asked for by the month of the visit, with how many guests, and what they cost."""
    return reading.by_month(RECEPTION_SPENT, of=BY_MONTH)


def found_wrong(reading: Reading) -> list[tuple[Any, ...]]:
    """Violations found and settlements late, unit by unit, the most first."""
    return reading.by_unit(RECEPTION_VIOLATION, RECEPTION_LATE)


STATISTICS = (
    Statistic(
        "of_limit",
        _("Receptions: spent of what a unit may spend"),
        (
            Column(_("Unit"), "words"),
            Column(_("Spent"), "money", look="done"),
            Column(_("Reserved"), "money", look="near"),
            Column(_("Left"), "money", look="quiet"),
            Column(_("Used"), "share"),
        ),
        of_limit,
        "stacked",
    ),
    Statistic(
        "by_month",
        _("Receptions by month"),
        (
            Column(_("Month"), "words"),
            Column(_("Receptions")),
            Column(_("Guests")),
            Column(_("Spent"), "money"),
        ),
        by_month,
        "bars",
    ),
    Statistic(
        "found_wrong",
        _("Violations found and settlements late, by unit"),
        (
            Column(_("Unit"), "words"),
            Column(_("Violations"), look="late"),
            Column(_("Settled late"), look="near"),
        ),
        found_wrong,
        "stacked",
    ),
)
