"""Regimes as they were activated, and the yearly notices of working days."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.time.workdays import HolidayNotice


class ActivatedRegime(Register):
    """A regime document 制度文本 as two people put it into force from a day, addressed by its digest.

    Of a level one holds at a time, until another takes its place or it is ended; national rules and our own choices
    stand beside each other, by their codes. A new version of a code takes the place of the old one from its beginning:
    the values in it have first days of their own.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="regimes")
    regime = models.CharField(_("regime"), max_length=64)
    layer = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, db_index=True)
    text = models.TextField()
    carries = models.BooleanField(default=False, help_text=_("Whether running time limits go by it."))
    recorded_at = models.DateTimeField()

    append_only: ClassVar[bool] = True

    class Meta:
        verbose_name = _("regime")
        verbose_name_plural = _("regimes")

    def __str__(self) -> str:
        return title_of(self.text)

    @classmethod
    def choosable(cls, actor: Any, on: date) -> models.QuerySet[ActivatedRegime]:
        """What may be ended: the latest version of each regime put in force for the actor's jurisdictions."""
        later = cls.objects.filter(
            jurisdiction=OuterRef("jurisdiction"), regime=OuterRef("regime"), pk__gt=OuterRef("pk")
        )
        found = cls.objects.filter(~Exists(later), jurisdiction_id__in=actor.jurisdictions)
        return found.order_by("-pk")


def title_of(text: str) -> str:
    """A regime's title as its text has it."""
    return next((line[7:].strip() for line in text.splitlines() if line.startswith("title: ")), "")


class EndedRegime(Register):
    """A regime that two people ended 制度终止: from ``valid_from`` on it holds no longer."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    regime = models.CharField(_("regime"), max_length=64)
    carries = models.BooleanField(default=False, help_text=_("Whether running time limits go by it."))
    recorded_at = models.DateTimeField()

    append_only: ClassVar[bool] = True


class ConfirmedNumber(Register):
    """A number of a regime that a person compared with the official text 数值核对; it may drive a clock from then on."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    parameter = models.CharField(_("parameter"), max_length=100)
    fingerprint = models.CharField(max_length=64)
    official = models.CharField(_("official text"), max_length=200)
    recorded_at = models.DateTimeField()

    append_only: ClassVar[bool] = True


class CalendarNotice(Register):
    """A year's notice of days off and made-up working days 节假日安排 (全国年节及纪念日放假办法 2024, art. 7)."""

    year = models.PositiveSmallIntegerField()
    off = models.TextField()
    work = models.TextField()
    source = models.CharField(max_length=200)

    append_only: ClassVar[bool] = True

    @property
    def days(self) -> list[date]:
        """Every day it names."""
        return [date.fromisoformat(day) for day in f"{self.off} {self.work}".split()]

    @staticmethod
    def notice(year: int, off: str, work: str, source: str) -> HolidayNotice:
        """The notice, from its days written with blanks between."""
        days = [tuple(date.fromisoformat(day) for day in written.split()) for written in (off, work)]
        return HolidayNotice(year, off=days[0], work=days[1], source=source)
