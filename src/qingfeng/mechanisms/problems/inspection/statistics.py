"""What is counted of inspection 督查统计: visits by unit and month, the burden against the cap, findings, measures."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, Q
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.reading.statistics import unit_names
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.vocabulary import Column, Reading, Statistic
from qingfeng.mechanisms.problems.inspection.declarations import (
    DRINKING,
    DRINKING_LABEL,
    DROPPED,
    INSPECTED,
    SCHEDULED,
)
from qingfeng.mechanisms.problems.inspection.policy import A_YEAR
from qingfeng.organization.topics import PROBLEM_KINDS

LOOKED_AT = (
    ("problem_list", _("Problem list")),
    ("ledger", _("Rectification ledger")),
    ("limits", _("Time limits kept")),
    ("follow_up", _("Follow-up mechanism")),
    ("peoples_view", _("The people's view")),
)


def by_unit_and_month(reading: Reading) -> list[tuple[Any, ...]]:
    """How often each unit was visited, month by month, the most often first."""
    counted = reading.facts(INSPECTED)
    names = unit_names({unit for _month, unit in counted})
    found = [
        (name, *(counted.get((month, unit), 0) for month in range(1, 13))) for unit, name in names.items()
    ]
    return sorted(found, key=lambda row: (-sum(row[1:]), row[0]))


def burden(reading: Reading) -> list[tuple[Any, ...]]:
    """How often each unit is inspected in the year, and how often it may be."""
    of_year = (
        reading.queryset.filter(round__first_day__year=reading.year).exclude(state=DROPPED.code).order_by()
    )
    counted = of_year.values_list("unit__name", "jurisdiction").annotate(
        held=Count("pk", filter=~Q(state=SCHEDULED.code)), coming=Count("pk", filter=Q(state=SCHEDULED.code))
    )
    rows = list(counted)
    caps = {held: Policy(held, reading.today).seen(A_YEAR) for _unit, held, *_figures in rows}
    found = [
        (unit, done, coming, cap.value if (cap := caps[held]) else None) for unit, held, done, coming in rows
    ]
    return sorted(found, key=lambda row: (-row[1] - row[2], row[0]))


def by_kind(reading: Reading) -> list[tuple[Any, ...]]:
    """How many problems of each kind were found in the year, the most first; those set aside are not among them."""
    kinds: Counter[str] = Counter()
    held: set[int] = set()
    visits = reading.queryset.filter(round__first_day__year=reading.year).exclude(findings=[])
    for findings, jurisdiction in visits.order_by().values_list("findings", "jurisdiction"):
        kinds.update(finding["kind"] for finding in findings if finding["stands"])
        held.add(jurisdiction)
    labels: dict[str, Any] = {DRINKING: DRINKING_LABEL}
    for jurisdiction in sorted(held, reverse=True):
        labels |= Policy(jurisdiction, reading.today).labels(PROBLEM_KINDS)
    return [(labels.get(kind, kind), number) for kind, number in kinds.most_common()]


def five_looks(reading: Reading) -> list[tuple[Any, ...]]:
    """What each of the five looks showed in the year."""
    looks = list(
        reading.queryset.filter(round__first_day__year=reading.year)
        .exclude(looks_of={})
        .order_by()
        .values_list("looks_of", flat=True)
    )
    if not looks:
        return []
    counted = {name: Counter(one[name][0] for one in looks) for name, _label in LOOKED_AT}
    return [
        (label, counted[name]["ok"], counted[name]["not"], counted[name]["unseen"])
        for name, label in LOOKED_AT
    ]


def measures(reading: Reading) -> list[tuple[Any, ...]]:
    """The measures of each campaign of the year, each for itself: visits and problems as counted, the others as reported."""
    campaigns = reading.queryset.filter(first_day__year=reading.year).order_by("first_day", "pk")
    return [(campaign.title, *(campaign.sums() | campaign.counted()).values()) for campaign in campaigns]


UNIT = Column(_("Unit"), "words")
STATISTICS = (
    Statistic(
        "by_month",
        _("Visits, by unit and month"),
        (UNIT, *(Column(MONTHS_3[month]) for month in range(1, 13))),
        by_unit_and_month,
        "grid",
    ),
    Statistic(
        "burden",
        _("Inspections of a unit, against the year's cap"),
        (
            UNIT,
            Column(_("Inspected"), look="accent"),
            Column(_("Still to be visited"), look="near"),
            Column(_("At most"), look="quiet"),
        ),
        burden,
    ),
    Statistic(
        "by_kind",
        _("Findings, by kind"),
        (Column(_("Kind of problem"), "words"), Column(pgettext_lazy("count", "Found"))),
        by_kind,
    ),
    Statistic(
        "five_looks",
        _("The five checks"),
        (
            Column(_("Checked"), "words"),
            Column(_("In order"), look="done"),
            Column(_("Not in order"), look="late"),
            Column(_("Not seen"), look="quiet"),
        ),
        five_looks,
        "stacked",
    ),
)
MEASURES = (
    Statistic(
        "measures",
        _("Measures of campaigns, each for itself"),
        (
            Column(_("Campaign"), "words"),
            Column(_("Visits")),
            Column(_("Problems found")),
            Column(_("Sanctions")),
            Column(_("Handled by the organization")),
            Column(_("Persons in cases")),
        ),
        measures,
    ),
)
