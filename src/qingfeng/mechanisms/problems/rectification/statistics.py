"""What is counted of problem sheets and transfers 整改统计."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.vocabulary import Column, Parameter, Reading, Statistic
from qingfeng.mechanisms.problems.rectification.declarations import (
    ENDED_WELL,
    NOT_HANDED_OVER,
    PROBLEM_WRITTEN_OFF,
    ProblemSource,
)
from qingfeng.mechanisms.problems.rectification.rules import share
from qingfeng.organization.topics import PROBLEM_KINDS, TOPICS

WELL = Q(state__in=[state.code for state in ENDED_WELL])


def by_unit(reading: Reading) -> list[tuple[str, int, int, int]]:
    """What became of the problems found in the year, unit by unit, the most first; then those of no unit yet."""
    ran_out = Running.objects.filter(matter=OuterRef("pk"), stopped_at=None, expired_at__isnull=False)
    counted = (
        reading.opened()
        .annotate(ran_out=Exists(ran_out))
        .order_by()
        .values_list("responsible__name")
        .annotate(
            done=Count("pk", filter=WELL),
            open=Count("pk", filter=Q(closed=False, ran_out=False)),
            overdue=Count("pk", filter=Q(closed=False, ran_out=True)),
        )
    )
    rows = sorted(counted, key=lambda row: (row[0] is None, -sum(row[1:]), row[0]))
    return [(unit or str(_("not assigned yet")), *figures) for unit, *figures in rows]


def rates(reading: Reading) -> list[tuple[Any, ...]]:
    """How each unit puts right what it was given in the year, those with the most left to do first."""
    counted = (
        reading.opened()
        .filter(responsible__isnull=False)
        .order_by()
        .values_list("responsible__name")
        .annotate(
            given=Count("pk"),
            done=Count("pk", filter=WELL),
            in_time=Count("pk", filter=WELL & Q(late=False)),
            returned=Count("pk", filter=Q(returns__gt=0)),
            rebounds=Count("pk", filter=Q(rebound=True)),
        )
    )
    rows = sorted(counted, key=lambda row: (row[2] - row[1], row[0]))
    return [
        (
            unit,
            share(done, given),
            share(in_time, done),
            share(returned, given),
            share(rebounds, given),
            given,
            given - done,
        )
        for unit, given, done, in_time, returned, rebounds in rows
    ]


def by_month(reading: Reading) -> list[tuple[str, int, int]]:
    """How many were found and how many closed out, month by month; also those found in earlier years."""
    found = dict(
        reading.opened()
        .annotate(month=reading.month_of("opened_at"))
        .order_by()
        .values_list("month")
        .annotate(Count("pk"))
    )
    closed = dict(
        reading.facts(PROBLEM_WRITTEN_OFF).order_by().values_list("held_on__month").annotate(Sum("quantity"))
    )
    return [(reading.month(month), found.get(month, 0), closed.get(month, 0)) for month in reading.months]


def by_source(reading: Reading) -> list[tuple[Any, ...]]:
    """What became of the problems found in the year, by how the office heard of them."""
    return _by(reading, "source", dict(ProblemSource.choices))


def by_kind(reading: Reading) -> list[tuple[Any, ...]]:
    """What became of the problems found in the year, by kind."""
    return _by(reading, "kind", _labels(reading, PROBLEM_KINDS))


def by_topic(reading: Reading) -> list[tuple[Any, ...]]:
    """What became of the problems found in the year, by focus topic; a topic nobody looked at stands there too."""
    rows = _by(reading, "topic", {**_labels(reading, TOPICS), "": _("no focus topic")})
    named = {row[0] for row in rows}
    policy = _policy(reading)
    topics = policy.choices(TOPICS) if policy.seen(TOPICS) else []
    return rows + [(str(label), 0, 0, 0) for _code, label in topics if str(label) not in named]


def _by(reading: Reading, field: str, labels: dict[Any, Words]) -> list[tuple[Any, ...]]:
    counted = (
        reading.opened()
        .order_by()
        .values_list(field)
        .annotate(
            done=Count("pk", filter=WELL),
            open=Count("pk", filter=Q(closed=False)),
            elsewhere=Count("pk", filter=Q(closed=True) & ~WELL),
        )
    )
    rows = [(str(labels.get(code, code)), *figures) for code, *figures in counted]
    return sorted(rows, key=lambda row: (-sum(row[1:]), row[0]))


def _labels(reading: Reading, parameter: Parameter) -> dict[Any, Words]:
    """The labels of a list of the regime, of former ones too."""
    return dict(_policy(reading).labels(parameter))


def _policy(reading: Reading) -> Policy:
    return Policy(reading.actor.jurisdiction_id or 0, reading.today)


def transfers_by_month(reading: Reading) -> list[tuple[str, int, int, int]]:
    """How many batches and clues were handed over in each month, and how many of these clues are answered."""
    clues = _handed_over(reading).annotate(month=reading.month_of("opened_at")).order_by()
    counted = {
        month: figures
        for month, *figures in clues.values_list("month").annotate(
            batches=Count("pk", distinct=True),
            all=Count("clues"),
            answered=Count("clues", filter=~Q(clues__outcome="")),
        )
    }
    return [(reading.month(month), *counted.get(month, (0, 0, 0))) for month in reading.months]


def _handed_over(reading: Reading) -> QuerySet[Any]:
    return reading.opened().exclude(state__in=NOT_HANDED_OVER)


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
