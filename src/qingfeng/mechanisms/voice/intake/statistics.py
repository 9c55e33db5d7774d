"""What is counted of messages: what came from which source, and what became of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.vocabulary import Column, Reading, Statistic, Tally
from qingfeng.mechanisms.voice.intake.declarations import MessageOutcome

BY_SOURCE = Tally(
    "by_source",
    ("source",),
    {
        outcome.name.lower(): Count("messages", filter=Q(messages__outcome=outcome))
        for outcome in (
            MessageOutcome.SHEET,
            MessageOutcome.SET_ASIDE,
            MessageOutcome.DUPLICATE,
            MessageOutcome.OPEN,
        )
    },
    of=Q(messages__isnull=False),
)


def by_source(reading: Reading) -> list[tuple[Any, ...]]:
    """Each source with its messages by what became of them."""
    return sorted((source, *figures) for (source,), figures in reading.count(BY_SOURCE).items())


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
