"""What plans and rounds on record look at already: what an overlap is looked for among."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.apps import apps

from qingfeng.kernel.vocabulary import Matter
from qingfeng.mechanisms.problems.inspection import inputs
from qingfeng.mechanisms.problems.inspection.rules import InspectionSlot

if TYPE_CHECKING:
    from qingfeng.mechanisms.problems.inspection.round import Inspection


def looks(held: Inspection, units: Sequence[int], drawn: int) -> inputs.Round:
    """What a round on record looks at, in plain values."""
    return {
        "title": held.title,
        "topic": held.topic,
        "first_day": held.first_day.isoformat(),
        "last_day": held.last_day.isoformat(),
        "drawn": drawn,
        "units": list(units),
    }


def others(asked: Matter) -> list[InspectionSlot]:
    """What the jurisdiction's plans still hold and its rounds visited or will visit, but for the matter itself."""
    found: list[InspectionSlot] = []
    plans = apps.get_model("inspection", "InspectionPlan")._default_manager
    for plan in plans.filter(jurisdiction_id=asked.jurisdiction_id, state__in=("filed", "approved")):
        found += inputs.looked((row for row in plan.rounds if not row.get("opened")), plan.number)
    rounds = apps.get_model("inspection", "Inspection")._default_manager.exclude(pk=asked.pk)
    on_record = rounds.filter(jurisdiction_id=asked.jurisdiction_id).exclude(
        state__in=("refused", "called_off")
    )
    for one in on_record.prefetch_related("visits"):
        visited = [visit.unit_id for visit in one.visits.all() if visit.state != "dropped"]
        # Whom a draw meets is known once the visits are there.
        known = looks(one, visited, 0) if one.seed else looks(one, one.objects_of, one.drawn)
        found += inputs.looked([known], one.number)
    return found
