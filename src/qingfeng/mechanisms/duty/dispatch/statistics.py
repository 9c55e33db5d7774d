"""What is counted of recurring meetings and of tasks 调度统计、督办统计: held against due, done against set."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.vocabulary import Column, Reading, Statistic
from qingfeng.mechanisms.duty.dispatch.declarations import TASK_DONE, TASK_OVERDUE, TASK_SET
from qingfeng.mechanisms.duty.dispatch.policy import DispatchKind

IN_TIME = Q(held_on__isnull=False, missed=False)
LATE = Q(held_on__isnull=False, missed=True)
MISSED = Q(held_on=None, missed=True)
AHEAD = Q(held_on=None, missed=False)


def _due(reading: Reading) -> QuerySet[Any]:
    """The meetings whose day lies in the year, whenever they were opened."""
    year = (date(reading.year, 1, 1), date(reading.year, 12, 31))
    return reading.queryset.filter(day__range=year).order_by()


def by_kind(reading: Reading) -> list[tuple[Any, ...]]:
    """What became of the meetings due in the year, kind by kind."""
    counted = (
        _due(reading)
        .values_list("kind")
        .annotate(
            in_time=Count("pk", filter=IN_TIME),
            late=Count("pk", filter=LATE),
            never=Count("pk", filter=MISSED),
            ahead=Count("pk", filter=AHEAD),
        )
    )
    known = {kind: figures for kind, *figures in counted}
    return [(kind.label, *known[kind.value]) for kind in DispatchKind if kind.value in known]


def by_month(reading: Reading) -> list[tuple[Any, ...]]:
    """How many meetings were due in each month, and how many of these were held, then or later."""
    held = Count("pk", filter=Q(held_on__isnull=False))
    return reading.by_month(of=_due(reading), day="day", due=Count("pk"), held=held)


def kind_and_month(reading: Reading) -> list[tuple[Any, ...]]:
    """Which part of the meetings due were held, kind by kind and month by month; none where none was due."""
    due: Counter[tuple[str, int]] = Counter()
    held: Counter[tuple[str, int]] = Counter()
    rows = (
        _due(reading)
        .values_list("kind", "day__month")
        .annotate(Count("pk"), held=Count("pk", filter=Q(held_on__isnull=False)))
    )
    for kind, month, number, happened in rows:
        due[kind, month], held[kind, month] = number, happened
    return [
        (
            kind.label,
            *(
                held[kind.value, month] * 1000 // number if (number := due[kind.value, month]) else None
                for month in range(1, 13)
            ),
        )
        for kind in DispatchKind
        if any(due[kind.value, month] for month in range(1, 13))
    ]


def tasks_by_unit(reading: Reading) -> list[tuple[Any, ...]]:
    """What became of the tasks set in the year, unit by unit, the most first."""
    ran_out = Running.objects.filter(matter=OuterRef("pk"), stopped_at=None, expired_at__isnull=False)
    return reading.by(
        "unit__name",
        of=reading.opened().annotate(late=Exists(ran_out)),
        done=Count("pk", filter=Q(state="confirmed")),
        open=Count("pk", filter=Q(closed=False, late=False)),
        overdue=Count("pk", filter=Q(closed=False, late=True)),
    )


def tasks_by_month(reading: Reading) -> list[tuple[Any, ...]]:
    """Tasks set, done and fallen overdue, month by month."""
    return reading.by_month(TASK_SET, TASK_DONE, TASK_OVERDUE)


MEETINGS = (
    Statistic(
        "by_kind",
        _("Recurring meetings due in the year, by kind"),
        (
            Column(_("Kind of meeting"), "words"),
            Column(_("Held in time"), look="done"),
            Column(_("Made up later"), look="near"),
            Column(_("Not held in time"), look="late"),
            Column(_("Called, not yet held"), look="accent"),
        ),
        by_kind,
        "stacked",
    ),
    Statistic(
        "by_month",
        _("Recurring meetings due and held, by month"),
        (
            Column(_("Month"), "words"),
            Column(pgettext_lazy("meeting", "Due"), look="accent"),
            Column(_("Held"), look="done"),
        ),
        by_month,
        "lines",
    ),
    Statistic(
        "kind_and_month",
        _("Part of the meetings due that was held, by kind and month"),
        (
            Column(_("Kind of meeting"), "words"),
            *(Column(MONTHS_3[month], "share") for month in range(1, 13)),
        ),
        kind_and_month,
        "grid",
    ),
)
TASKS = (
    Statistic(
        "by_unit",
        _("Tasks set, by unit"),
        (
            Column(_("Responsible unit"), "words"),
            Column(pgettext_lazy("task", "Done"), look="done"),
            Column(pgettext_lazy("task", "Under way"), look="accent"),
            Column(pgettext_lazy("task", "Overdue, still open"), look="late"),
        ),
        tasks_by_unit,
        "stacked",
    ),
    Statistic(
        "by_month",
        _("Tasks set, done and overdue, by month"),
        (
            Column(_("Month"), "words"),
            Column(_("Set"), look="accent"),
            Column(pgettext_lazy("task", "Done"), look="done"),
            Column(_("Became overdue"), look="late"),
        ),
        tasks_by_month,
        "lines",
    ),
)
