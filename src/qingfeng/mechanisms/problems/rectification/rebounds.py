"""Rebounds 反弹回潮: the same problem of the same unit soon after its close-out, found, linked and counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from qingfeng.kernel.reading.compiled import compiled, day_slot, int_slot, text_slot
from qingfeng.kernel.vocabulary import Do, reads
from qingfeng.mechanisms.problems.rectification import rules
from qingfeng.mechanisms.problems.rectification.declarations import REBOUND_LINK
from qingfeng.mechanisms.problems.rectification.policy import REBOUND_LIKENESS, REBOUND_WITHIN

if TYPE_CHECKING:
    from qingfeng.mechanisms.problems.rectification.sheet import Sheet

COMPARED = 100
"""With how many a sheet is compared at most, the last closed out first: no unit has more of one kind in hand."""


@reads(REBOUND_WITHIN, REBOUND_LIKENESS)
def look_for(sheet: Sheet, do: Do) -> bool:
    """Find the problem closed out of which this one is the rebound, and link it; the office may undo that.

    Returns whether there is one.
    """
    since = do.today - timedelta(days=do.value(REBOUND_WITHIN))
    earlier = _like(sheet, since)
    if not earlier:
        return False
    found = rules.likest(
        f"{sheet.title} {sheet.description}",
        ((pk, f"{title} {description}") for pk, title, description in earlier),
        do.value(REBOUND_LIKENESS),
    )
    if found is None:
        return False
    sheet.rebound = True
    (earlier_one,) = compiled(_by_id, type(sheet))(found)
    do.link(earlier_one, REBOUND_LINK)
    return True


def _like(sheet: Sheet, since: date) -> list[tuple[int, str, str]]:
    ask = compiled(_written_off, type(sheet))
    return ask(sheet.jurisdiction_id, sheet.responsible_id, sheet.kind, since, sheet.pk)


def _by_id(kind: type[Sheet]) -> QuerySet[Sheet]:
    return kind._default_manager.filter(pk=int_slot(0))


def _written_off(kind: type[Sheet]) -> QuerySet[Sheet, tuple[int, str, str]]:
    found = kind._default_manager.filter(
        jurisdiction=int_slot(0), responsible=int_slot(1), kind=text_slot(2), written_off_on__gte=day_slot(3)
    )
    latest = found.exclude(pk=int_slot(4)).order_by("-written_off_on", "-pk")[:COMPARED]
    return latest.values_list("pk", "title", "description")
