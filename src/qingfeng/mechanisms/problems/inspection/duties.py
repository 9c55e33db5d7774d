"""The monthly inspection 一月一检查: a round opens by itself, among the units that the year's cap still has room for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.record.books import Book
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.text.words import in_house
from qingfeng.kernel.vocabulary import Due, Duty, Role, Unit, recurring
from qingfeng.mechanisms.problems.inspection.declarations import BURDEN, ROUND
from qingfeng.mechanisms.problems.inspection.policy import A_YEAR, MONTHLY, MONTHLY_TURNS


def wanted(due: Due) -> Mapping[str, Any]:
    """The round of one month. Raises ``Barred`` where no unit has room left, or nobody is there to lead it."""
    policy = Policy(due.jurisdiction.pk, due.opens_on)
    rows = policy.value(MONTHLY)
    row = rows[due.opens_on.month % len(rows)]
    standing_units = Unit.objects.filter(standing(due.opens_on), jurisdiction=due.jurisdiction)
    offices = RoleHolding.objects.filter(standing(due.opens_on), role=Role.SUPERVISION_OFFICE)
    lead = standing_units.filter(pk__in=offices.values("unit")).order_by("pk").first()
    others = standing_units.exclude(pk=lead.pk) if lead else ()
    books = Book.objects.filter(
        jurisdiction=due.jurisdiction, kind=BURDEN.name, period=str(due.opens_on.year)
    )
    full = {book.owner for book in books if book.used >= policy.value(A_YEAR)}
    room = [unit.pk for unit in others if plain(unit) not in full]
    if lead is None or not room:
        raise Barred(
            _("No unit may be inspected once more this year, or nobody leads the round."),
            policy.valued(A_YEAR).source.said,
            _("Wait for the next year, or have somebody appointed to the office."),
        )
    return {
        "title": in_house(format_lazy(_("Inspection of {}"), due.period)),
        "topic": row.topic,
        "manner": row.manner,
        "first_day": due.opens_on.isoformat(),
        "last_day": (due.opens_on + timedelta(days=row.days - 1)).isoformat(),
        "lead": lead.pk,
        "drawn": min(row.units, len(room)),
        "units": [{"unit": pk} for pk in room],
    }


MONTH = recurring(Duty("inspections.monthly", _("monthly inspection"), MONTHLY_TURNS, ROUND, wanted))
