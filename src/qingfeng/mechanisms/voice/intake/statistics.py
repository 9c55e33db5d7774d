"""What is counted of messages: what came from which source, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Column, Reading, Statistic
from qingfeng.mechanisms.voice.intake.declarations import MessageOutcome
from qingfeng.mechanisms.voice.intake.registers import Message


def by_source(reading: Reading) -> Sequence[tuple[str, int, int, int, int]]:
    """Each source with its messages by what became of them."""
    counted = (
        Message.objects.filter(batch__in=reading.opened().order_by().values("pk"))
        .order_by()
        .values("batch__source")
        .annotate(
            sheet=Count("pk", filter=Q(outcome=MessageOutcome.SHEET)),
            aside=Count("pk", filter=Q(outcome=MessageOutcome.SET_ASIDE)),
            duplicate=Count("pk", filter=Q(outcome=MessageOutcome.DUPLICATE)),
            left=Count("pk", filter=Q(outcome=MessageOutcome.OPEN)),
        )
        .order_by("batch__source")
    )
    return [
        (row["batch__source"], row["sheet"], row["aside"], row["duplicate"], row["left"]) for row in counted
    ]


STATISTICS = (
    Statistic(
        "by_source",
        _("Messages by source and outcome"),
        (
            Column(_("Name of the source"), "words"),
            Column(_("Problem sheets opened"), look="done"),
            Column(_("Set aside"), look="quiet"),
            Column(_("Duplicates"), look="near"),
            Column(_("Not yet handed out"), look="accent"),
        ),
        by_source,
        "stacked",
    ),
)
