"""What is counted of own problem lists 自查清单统计: by sequence, never unit by unit, and nothing of what stands in them.

The supervision office, which doesn't read the lists, has these counts all the same: S3 asks that every unit draws one up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.vocabulary import Column, Office, Reading, Role, Statistic, Tally, Unit, together

OFFICE = Office(Role.SUPERVISION_OFFICE)


ON_IT = Q(items__isnull=False, items__valid_to=None)
APPROVED = Tally(
    "approved",
    ("unit",),
    {
        "written_off": Count("items", filter=ON_IT & Q(items__written_off_on__isnull=False)),
        "waiting": Count(
            "items", filter=ON_IT & Q(items__written_off_on=None, items__put_right_on__isnull=False)
        ),
        "under_way": Count("items", filter=ON_IT & Q(items__put_right_on=None)),
    },
    on="year",
    of=Q(approved_on__isnull=False),
)
"""The problems on the approved lists of the year."""


def coverage(reading: Reading) -> list[tuple[Any, ...]]:
    """How many units of each sequence there are, how many have an approved list of the year, and which part that is."""
    drawn = Counter(sequence for sequence, _figures in _approved(reading))
    units = _units(reading).values_list("sequence").annotate(Count("pk"))
    return [
        (sequence or str(_("no sequence")), number, lists, lists * 1000 // number)
        for sequence, number, lists in _joined(dict(units), drawn)
    ]


def problems(reading: Reading) -> list[tuple[Any, ...]]:
    """How the problems on the approved lists of the year stand, sequence by sequence."""
    counted = together(
        {(sequence, place): figures for place, (sequence, figures) in enumerate(_approved(reading))}, 0
    )
    return [(sequence or str(_("no sequence")), *figures) for sequence, figures in sorted(counted.items())]


def _approved(reading: Reading) -> list[tuple[str, Sequence[int]]]:
    """The sequence of each unit with an approved list of the year, and the figures of the list."""
    counted = reading.count(APPROVED)
    sequences = dict(Unit.objects.filter(pk__in=[unit for (unit,) in counted]).values_list("pk", "sequence"))
    return [(sequences[unit], figures) for (unit,), figures in counted.items()]


def _units(reading: Reading) -> QuerySet[Unit]:
    """The units that are asked about: all of the jurisdictions for the office, else those whose lists one reads."""
    units = Unit.objects.filter(standing(reading.today)).order_by()
    if covered := OFFICE.standing(reading.actor):
        return units.filter(jurisdiction_id__in=covered)
    return units.filter(pk__in=reading.queryset.order_by().values("unit"))


def _joined(units: Mapping[str, int], drawn: Mapping[str, int]) -> list[tuple[str, int, int]]:
    return [(sequence, number, drawn.get(sequence, 0)) for sequence, number in sorted(units.items())]


STATISTICS = (
    Statistic(
        "coverage",
        _("Own problem lists drawn up, by sequence"),
        (
            Column(_("Sequence"), "words"),
            Column(_("Units"), look="quiet"),
            Column(_("Lists drawn up"), look="done"),
            Column(_("Coverage"), "share"),
        ),
        coverage,
        counted_for=OFFICE,
    ),
    Statistic(
        "problems",
        _("Problems on own lists, by sequence"),
        (
            Column(_("Sequence"), "words"),
            Column(_("Closed out"), look="done"),
            Column(_("To be checked"), look="near"),
            Column(_("Under way"), look="accent"),
        ),
        problems,
        "stacked",
        counted_for=OFFICE,
    ),
)
