"""Rebounds 反弹回潮: the same problem of the same unit soon after its close-out, found, linked and counted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from qingfeng.kernel.vocabulary import Do, Matter, reads
from qingfeng.mechanisms.problems.rectification import rules
from qingfeng.mechanisms.problems.rectification.declarations import REBOUND_LINK
from qingfeng.mechanisms.problems.rectification.policy import REBOUND_LIKENESS, REBOUND_WITHIN

if TYPE_CHECKING:
    from qingfeng.mechanisms.problems.rectification.problem import Problem

COMPARED = 100
"""With how many a sheet is compared at most, the last closed out first: no unit has more of one kind in hand."""


@reads(REBOUND_WITHIN, REBOUND_LIKENESS)
def look_for(sheet: Problem, do: Do) -> bool:
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
    do.link(Matter(pk=found), REBOUND_LINK)
    return True


def _like(sheet: Problem, since: date) -> QuerySet[Problem, tuple[int, str, str]]:
    found = type(sheet).objects.filter(
        jurisdiction=sheet.jurisdiction_id,
        responsible=sheet.responsible_id,
        kind=sheet.kind,
        written_off_on__gte=since,
    )
    latest = found.exclude(pk=sheet.pk).order_by("-written_off_on", "-pk")[:COMPARED]
    return latest.values_list("pk", "title", "description")
