"""What is counted of leave 请假统计: days by unit and class, what came late, and one's own balance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.record.books import Book
from qingfeng.kernel.vocabulary import Column, Reading, Statistic, Tally
from qingfeng.mechanisms.restraint.leave import rules
from qingfeng.mechanisms.restraint.leave.declarations import ANNUAL, BEGUN
from qingfeng.mechanisms.restraint.leave.registers import Withheld


def by_unit(reading: Reading) -> list[tuple[Any, ...]]:
    """Half days of the year that were taken, unit by unit and class by class."""
    rows = _taken(reading).values_list("unit__name").annotate(**_by_group())
    return sorted(rows, key=lambda row: (-sum(row[1:]), row[0]))


def by_month(reading: Reading) -> list[tuple[Any, ...]]:
    """Half days taken, month by month and class by class."""
    taken = _taken(reading)
    counted = {
        month: figures for month, *figures in taken.values_list("halves__day__month").annotate(**_by_group())
    }
    return [(reading.month(month), *counted.get(month, (0, 0, 0))) for month in reading.months]


LATE = Tally(
    "late",
    ("unit",),
    {
        "all": Count("pk"),
        "cancelled_late": Count("pk", filter=Q(late=True)),
        "handed_in_late": Count("pk", filter=Q(form_late=True)),
    },
    on="first_day",
    of=Q(state__in=BEGUN),
)


def late(reading: Reading) -> list[tuple[Any, ...]]:
    """What was not cancelled, and what was not put in writing, in time."""
    return sorted(reading.by(LATE), key=lambda row: (-row[2] - row[3], row[0]))


def own_balance(reading: Reading) -> list[tuple[Any, ...]]:
    """The reader's own annual leave, year by year; nobody sees another's here."""
    if reading.actor.instead_of is not None:
        return []
    books = Book.objects.filter(kind=ANNUAL.name, owner=f"person:{reading.actor.person_id}").order_by(
        "-period"
    )
    return [
        (
            book.period,
            book.credited,
            book.committed,
            book.reserved,
            book.credited - book.used,
            _withheld(int(book.period), reading.actor.person_id),
        )
        for book in books
    ]


def not_due(reading: Reading) -> list[tuple[Any, ...]]:
    """From whom annual leave is withheld by their leave of a year; by which case, nobody is told."""
    if not reading.queryset.exists():
        return []
    rows = Withheld.objects.filter(
        found_in=reading.year,
        lifted=False,
        person__in=RoleHolding.objects.filter(unit__jurisdiction__in=reading.actor.jurisdictions).values(
            "person"
        ),
    )
    summed = rows.values_list("person__name", "person").annotate(
        now=Sum("halves", filter=Q(year=reading.year), default=0),
        later=Sum("halves", filter=Q(year__gt=reading.year), default=0),
    )
    return [(name, now, later) for name, _person, now, later in summed.order_by("person__name", "person")]


def _withheld(year: int, person: int | None) -> int:
    rows = Withheld.objects.filter(person=person, year=year, booked=True, lifted=False)
    return sum(rows.values_list("halves", flat=True))


def _taken(reading: Reading) -> QuerySet[Any, Any]:
    counted = Q(
        halves__released=False,
        halves__counted=True,
        halves__day__year=reading.year,
        halves__day__lte=reading.today,
    )
    return reading.queryset.filter(counted, state__in=BEGUN).order_by()


def _by_group() -> dict[str, Count]:
    return {f"in_{name}": Count("halves", filter=Q(group=name)) for name in rules.GROUPS}


GROUPS: Sequence[Column] = (
    Column(_("Annual leave")),
    Column(_("Personal leave")),
    Column(_("Leave granted by law")),
)
STATISTICS = (
    Statistic(
        "by_unit", _("Half days of leave, by unit"), (Column(_("Unit"), "words"), *GROUPS), by_unit, "stacked"
    ),
    Statistic(
        "by_month",
        _("Half days of leave, by month"),
        (Column(_("Month"), "words"), *GROUPS),
        by_month,
        "stacked",
    ),
    Statistic(
        "late",
        _("Reports back and forms that came late"),
        (
            Column(_("Unit"), "words"),
            Column(_("Leave begun"), look="quiet"),
            Column(_("Reported back late"), look="late"),
            Column(_("Form late"), look="near"),
        ),
        late,
    ),
    Statistic(
        "balance",
        _("My annual leave, in half days"),
        (
            Column(_("Year"), "words"),
            Column(_("Granted")),
            Column(_("Taken"), look="done"),
            Column(_("Asked for"), look="near"),
            Column(_("Left")),
            Column(_("Not due (art. 4)"), look="quiet"),
        ),
        own_balance,
        of="today",
    ),
)
BALANCES = (
    Statistic(
        "not_due",
        _("Annual leave not due, in half days"),
        (Column(_("Person"), "words"), Column(_("Of this year")), Column(_("Of the next year"))),
        not_due,
    ),
)
