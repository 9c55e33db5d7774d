"""What is counted of own problem lists 自查清单统计: by sequence, never unit by unit, and nothing of what stands in them.

The supervision office, which doesn't read the lists, has these counts all the same: S3 asks that every unit draws one up.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.vocabulary import Column, Office, Reading, Role, Statistic, Unit

OFFICE = Office(Role.SUPERVISION_OFFICE)


def coverage(reading: Reading) -> list[tuple[Any, ...]]:
    """How many units of each sequence there are, how many have an approved list of the year, and which part that is."""
    drawn = _approved(reading).values_list("unit__sequence").annotate(Count("unit", distinct=True))
    units = _units(reading).values_list("sequence").annotate(Count("pk"))
    return [
        (sequence or str(_("no sequence")), number, lists, lists * 1000 // number)
        for sequence, number, lists in _joined(dict(units), dict(drawn))
    ]


def problems(reading: Reading) -> list[tuple[Any, ...]]:
    """How the problems on the approved lists of the year stand, sequence by sequence."""
    on_it = Q(items__isnull=False, items__valid_to=None)
    counted = (
        _approved(reading)
        .values_list("unit__sequence")
        .annotate(
            written_off=Count("items", filter=on_it & Q(items__written_off_on__isnull=False)),
            waiting=Count(
                "items", filter=on_it & Q(items__written_off_on=None, items__put_right_on__isnull=False)
            ),
            under_way=Count("items", filter=on_it & Q(items__put_right_on=None)),
        )
        .order_by("unit__sequence")
    )
    return [(sequence or str(_("no sequence")), *figures) for sequence, *figures in counted]


def _approved(reading: Reading) -> QuerySet[Any]:
    return reading.queryset.filter(year=reading.year, approved_on__isnull=False).order_by()


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
