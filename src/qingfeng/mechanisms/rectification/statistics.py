"""What is counted of problem sheets 整改统计."""

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.db.models.functions import ExtractMonth
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.clocks import Running
from qingfeng.kernel.declaring import Column, Reading, Statistic
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.mechanisms.rectification.declared import PROBLEM_WRITTEN_OFF


def by_unit(reading: Reading) -> list[tuple[str, int, int, int]]:
    """What became of the problems found in the year, unit by unit, the most first; then those of no unit yet."""
    ran_out = Running.objects.filter(matter=OuterRef("pk"), stopped_at=None, expired_at__isnull=False)
    counted = (
        reading.opened()
        .annotate(late=Exists(ran_out))
        .order_by()
        .values_list("responsible__name")
        .annotate(
            written_off=Count("pk", filter=Q(closed=True)),
            open=Count("pk", filter=Q(closed=False, late=False)),
            overdue=Count("pk", filter=Q(closed=False, late=True)),
        )
    )
    rows = sorted(counted, key=lambda row: (row[0] is None, -sum(row[1:]), row[0]))
    return [(unit or str(_("not assigned yet")), *figures) for unit, *figures in rows]


def by_month(reading: Reading) -> list[tuple[str, int, int]]:
    """How many were found and how many written off, month by month; also those found in earlier years."""
    found = dict(
        reading.opened()
        .annotate(month=ExtractMonth("opened_at", tzinfo=ZONE))
        .order_by()
        .values_list("month")
        .annotate(Count("pk"))
    )
    closed = dict(
        reading.facts(PROBLEM_WRITTEN_OFF).order_by().values_list("held_on__month").annotate(Sum("quantity"))
    )
    return [(reading.month(month), found.get(month, 0), closed.get(month, 0)) for month in reading.months]


STATISTICS = (
    Statistic(
        "by_unit",
        _("Problems found, by unit"),
        (
            Column(_("Responsible unit"), "words"),
            Column(_("Written off"), look="done"),
            Column(_("Under way"), look="accent"),
            Column(_("Overdue, still open"), look="late"),
        ),
        by_unit,
        "stacked",
    ),
    Statistic(
        "by_month",
        _("Problems found and written off, by month"),
        (Column(_("Month"), "words"), Column(_("Found")), Column(_("Written off"), look="done")),
        by_month,
        "lines",
    ),
)
