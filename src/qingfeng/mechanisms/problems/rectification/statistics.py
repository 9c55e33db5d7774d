"""What is counted of problem sheets and transfers 整改统计."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Column, Parameter, Reading, Statistic, Tally, named
from qingfeng.mechanisms.problems.rectification.declarations import (
    ENDED_WELL,
    NOT_HANDED_OVER,
    PROBLEM_WRITTEN_OFF,
    ProblemSource,
)
from qingfeng.mechanisms.problems.rectification.rules import share
from qingfeng.organization.topics import PROBLEM_KINDS, TOPICS

WELL = Q(state__in=[state.code for state in ENDED_WELL])


BY_UNIT = Tally(
    "by_unit",
    ("responsible",),
    {
        "done": Count("pk", filter=WELL),
        "open": Count("pk", filter=Q(closed=False, ran_out=False)),
        "overdue": Count("pk", filter=Q(closed=False, ran_out=True)),
        "given": Count("pk"),
        "in_time": Count("pk", filter=WELL & Q(late=False)),
        "returned": Count("pk", filter=Q(returns__gt=0)),
        "rebounds": Count("pk", filter=Q(rebound=True)),
    },
    of_clocks=True,
)
BY_MONTH = Tally("by_month", each="month")
BY_SOURCE, BY_KIND, BY_TOPIC = (
    Tally(
        f"by_{name}",
        (name,),
        {
            "done": Count("pk", filter=WELL),
            "open": Count("pk", filter=Q(closed=False)),
            "elsewhere": Count("pk", filter=Q(closed=True) & ~WELL),
        },
    )
    for name in ("source", "kind", "topic")
)
TALLIES = (BY_UNIT, BY_MONTH, BY_SOURCE, BY_KIND, BY_TOPIC)


def by_unit(reading: Reading) -> list[tuple[Any, ...]]:
    """What became of the problems found in the year, unit by unit, the most first; then those of no unit yet."""
    counted = {unit: figures[:3] for (unit,), figures in reading.count(BY_UNIT).items()}
    names: dict[Any, Any] = named(counted) | {None: _("not assigned yet")}
    units = sorted(counted, key=lambda unit: (unit is None, -sum(counted[unit]), names[unit]))
    return [(str(names[unit]), *counted[unit]) for unit in units]


def rates(reading: Reading) -> list[tuple[Any, ...]]:
    """How each unit puts right what it was given in the year, those with the most left to do first."""
    counted = {unit: figures for (unit,), figures in reading.count(BY_UNIT).items() if unit is not None}
    names = named(counted)
    rows = [
        (
            names[unit],
            share(done, given),
            share(in_time, done),
            share(returned, given),
            share(rebounds, given),
            given,
            given - done,
        )
        for unit, (done, _open, _overdue, given, in_time, returned, rebounds) in counted.items()
    ]
    return sorted(rows, key=lambda row: (-row[6], row[0]))


def by_month(reading: Reading) -> list[tuple[Any, ...]]:
    """How many were found and how many closed out, month by month; also those found in earlier years."""
    return reading.by_month(PROBLEM_WRITTEN_OFF, of=BY_MONTH)


def by_source(reading: Reading) -> list[tuple[Any, ...]]:
    """What became of the problems found in the year, by how the office heard of them."""
    return reading.by(BY_SOURCE, dict(ProblemSource.choices))


def by_kind(reading: Reading) -> list[tuple[Any, ...]]:
    """What became of the problems found in the year, by kind."""
    return reading.by(BY_KIND, _labels(reading, PROBLEM_KINDS))


def by_topic(reading: Reading) -> list[tuple[Any, ...]]:
    """What became of the problems found in the year, by focus topic; a topic nobody looked at stands there too."""
    rows = reading.by(BY_TOPIC, {**_labels(reading, TOPICS), "": _("no focus topic")})
    there = {row[0] for row in rows}
    policy = _policy(reading)
    topics = policy.choices(TOPICS) if policy.seen(TOPICS) else []
    return rows + [(str(label), 0, 0, 0) for _code, label in topics if str(label) not in there]


def _labels(reading: Reading, parameter: Parameter) -> dict[Any, Words]:
    """The labels of a list of the regime, of former ones too."""
    return dict(_policy(reading).labels(parameter))


def _policy(reading: Reading) -> Policy:
    return Policy(reading.actor.jurisdiction_id or 0, reading.today)


HANDED_OVER_BY_MONTH = Tally(
    "handed_over",
    (),
    {
        "batches": Count("pk", distinct=True),
        "clues": Count("clues"),
        "answered": Count("clues", filter=~Q(clues__outcome="")),
    },
    each="month",
    of=~Q(state__in=NOT_HANDED_OVER),
)


def transfers_by_month(reading: Reading) -> list[tuple[Any, ...]]:
    """How many batches and clues were handed over in each month, and how many of these clues are answered."""
    return reading.by_month(of=HANDED_OVER_BY_MONTH)


ENDS: Sequence[Column] = (
    Column(_("Closed out"), look="done"),
    Column(_("Still open"), look="accent"),
    Column(_("Closed otherwise"), look="quiet"),
)
STATISTICS = (
    Statistic(
        "by_unit",
        _("Problems found, by unit"),
        (
            Column(_("Responsible unit"), "words"),
            Column(_("Closed out"), look="done"),
            Column(_("Under way"), look="accent"),
            Column(_("Overdue, still open"), look="late"),
        ),
        by_unit,
        "stacked",
    ),
    Statistic(
        "by_month",
        _("Problems found and closed out, by month"),
        (
            Column(_("Month"), "words"),
            Column(pgettext_lazy("count", "Found")),
            Column(_("Closed out"), look="done"),
        ),
        by_month,
        "lines",
    ),
    Statistic(
        "rates",
        _("How problems are put right, by unit"),
        (
            Column(_("Responsible unit"), "words"),
            Column(_("Closed out, of those given"), "share", look="done"),
            Column(_("In time, of those closed out"), "share", look="accent"),
            Column(_("Sent back, of those given"), "share", look="near"),
            Column(_("Rebounds, of those given"), "share", look="late"),
            Column(_("Given")),
            Column(_("Still open")),
        ),
        rates,
    ),
    Statistic(
        "by_topic",
        _("Problems found, by focus topic"),
        (Column(_("Focus topic"), "words"), *ENDS),
        by_topic,
        "stacked",
    ),
    Statistic(
        "by_kind",
        _("Problems found, by kind"),
        (Column(_("Kind of problem"), "words"), *ENDS),
        by_kind,
        "stacked",
    ),
    Statistic(
        "by_source",
        _("Problems found, by source"),
        (Column(_("Source"), "words"), *ENDS),
        by_source,
        "stacked",
    ),
)
TRANSFERS = (
    Statistic(
        "by_month",
        _("Clues handed over, by month"),
        (
            Column(_("Month"), "words"),
            Column(_("Batches")),
            Column(_("Clues")),
            Column(_("Clues answered"), look="done"),
        ),
        transfers_by_month,
    ),
)
