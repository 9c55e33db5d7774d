"""Regimes as they were activated, and the yearly notices of working days."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.parties.models import Jurisdiction
from qingfeng.kernel.registers import Register
from qingfeng.kernel.time.workdays import Notice


class ActivatedRegime(Register):
    """A regime document 制度文本 as two people put it into force, addressed by its digest.

    The latest of a code holds; the values in it have first days of their own.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="regimes")
    regime = models.CharField(_("regime"), max_length=64)
    layer = models.CharField(max_length=40)
    digest = models.CharField(max_length=64, db_index=True)
    text = models.TextField()
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
    def notice(year: int, off: str, work: str, source: str) -> Notice:
        """The notice, from its days written with blanks between."""
        days = [tuple(date.fromisoformat(day) for day in written.split()) for written in (off, work)]
        return Notice(year, off=days[0], work=days[1], source=source)
