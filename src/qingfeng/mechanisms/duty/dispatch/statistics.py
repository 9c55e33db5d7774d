"""What is counted of recurring meetings and of tasks 调度统计、督办统计: held against due, done against set."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.dates import MONTHS_3
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.vocabulary import Column, Reading, Statistic, Tally, together
from qingfeng.mechanisms.duty.dispatch.declarations import TASK_DONE, TASK_OVERDUE, TASK_SET
from qingfeng.mechanisms.duty.dispatch.policy import DispatchKind

HELD = Q(held_on__isnull=False)
OF_MEETINGS = Tally(
    "meetings",
    ("kind",),
    {
        "in_time": Count("pk", filter=HELD & Q(missed=False)),
        "late": Count("pk", filter=HELD & Q(missed=True)),
        "never": Count("pk", filter=~HELD & Q(missed=True)),
        "ahead": Count("pk", filter=~HELD & Q(missed=False)),
    },
    on="day",
    each="month",
)
"""The meetings whose day lies in the year, whenever they were opened."""
OF_TASKS = Tally(
    "tasks",
    ("unit",),
    {
        "done": Count("pk", filter=Q(state="confirmed")),
        "open": Count("pk", filter=Q(closed=False, ran_out=False)),
        "overdue": Count("pk", filter=Q(closed=False, ran_out=True)),
    },
    of_clocks=True,
)


def by_kind(reading: Reading) -> list[tuple[Any, ...]]:
    """What became of the meetings due in the year, kind by kind."""
    known = together(reading.count(OF_MEETINGS), 1)
    return [(kind.label, *known[kind.value]) for kind in DispatchKind if kind.value in known]


def by_month(reading: Reading) -> list[tuple[Any, ...]]:
    """How many meetings were due in each month, and how many of these were held, then or later."""
    known = together(reading.count(OF_MEETINGS), 0)
    rows = {month: (sum(figures), figures[0] + figures[1]) for month, figures in known.items()}
    return [(reading.month(month), *rows.get(month, (0, 0))) for month in reading.months]


def kind_and_month(reading: Reading) -> list[tuple[Any, ...]]:
    """Which part of the meetings due were held, kind by kind and month by month; none where none was due."""
    known = {
        (kind, month): (figures[0] + figures[1]) * 1000 // sum(figures)
        for (month, kind), figures in reading.count(OF_MEETINGS).items()
    }
    return [
        (kind.label, *(known.get((kind.value, month)) for month in range(1, 13)))
        for kind in DispatchKind
        if any(kind.value == one for one, _month in known)
    ]


def tasks_by_unit(reading: Reading) -> list[tuple[Any, ...]]:
    """What became of the tasks set in the year, unit by unit, the most first."""
    return reading.by(OF_TASKS)


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
