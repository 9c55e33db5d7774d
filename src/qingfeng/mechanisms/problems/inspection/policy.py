"""The parameters inspection reads from the regime."""

from dataclasses import dataclass

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import (
    Count,
    Flag,
    OneOf,
    Span,
    Table,
    Turns,
    parameter,
)
from qingfeng.organization.topics import TOPICS

A_YEAR = parameter(
    "inspections.a_year",
    _("Inspections of a unit in a year"),
    Count("times"),
    _("How often a unit may be inspected in a year, whoever inspects."),
    stricter="smaller",
)
OVERLAP = parameter(
    "inspections.overlap",
    _("Days between inspections of one topic"),
    Count("days", 0, 366),
    _("Two inspections of a unit in one topic that lie no further apart overlap."),
    stricter="larger",
)
AHEAD = parameter(
    "inspections.ahead",
    _("Days to prepare a round"),
    Count("days", 0, 90),
    _("How many days before its first day a planned round opens by itself."),
)
OBJECT_WITHIN = parameter(
    "inspections.object_within",
    _("Time to object"),
    Span(),
    _("How long a unit has to object to the conclusion of an inspection."),
    stricter="larger",
)
REVIEW_WITHIN = parameter(
    "inspections.review_within",
    _("Time to decide an objection"),
    Span(),
    _("How long the office has to decide a unit's objection."),
    stricter="smaller",
)
PUBLIC_FOR = parameter(
    "inspections.public_for",
    _("Days a circular stays public"),
    Count("days", 1, 3650),
    _("How long the public version of a circular may be shown."),
    stricter="smaller",
)
LUNCH_ALCOHOL = parameter(
    "conduct.lunch_alcohol",
    _("Alcohol at lunch on working days"),
    Flag(),
    _(
        "Whether anybody may drink alcohol at lunch on a working day; where nothing is said, it is not looked for."
    ),
    stricter="smaller",
)
MONTHLY_TURNS = parameter(
    "inspections.monthly_turns",
    _("Turns of the monthly inspection"),
    Turns(),
    _("How often a round of inspection opens by itself, and on which day; without a value none does."),
)


class Manner(models.TextChoices):
    """Whether a unit is told beforehand 明察暗访."""

    OPEN = "open", pgettext_lazy("inspection", "open")
    COVERT = "covert", _("covert")


@dataclass(frozen=True, slots=True)
class MonthlyRound:
    """A round that opens by itself 一月一检查: its topic, open or covert, how many units are drawn, over how many days."""

    topic: str
    manner: str
    units: int
    days: int


def _monthly(row: MonthlyRound) -> Words:
    return format_lazy(_("{}: {} units drawn, over {} days"), Manner(row.manner).label, row.units, row.days)


MONTHLY = parameter(
    "inspections.monthly",
    _("Rounds that open by themselves"),
    Table(
        MonthlyRound,
        {
            "topic": OneOf(listed=TOPICS.name),
            "manner": OneOf(tuple(Manner.values)),
            "units": Count("units", 1, 1000),
            "days": Count("days", 1, 31),
        },
        unique=("topic",),
        told=_monthly,
    ),
    _("Topic, manner, number of units drawn and days of each; the rows take turns, month by month."),
)
