"""The problem sheet, with all its acts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.matters.models import Secrecy
from qingfeng.kernel.vocabulary import Matter, Scrutiny
from qingfeng.mechanisms.problems.rectification.after import After
from qingfeng.mechanisms.problems.rectification.clues import handed_over_in
from qingfeng.mechanisms.problems.rectification.pages import SHEET_PAGE
from qingfeng.mechanisms.problems.rectification.registers import MILESTONES
from qingfeng.mechanisms.problems.rectification.sheet import CLERK, HEAD, LEADER, OFFICE
from qingfeng.mechanisms.problems.rectification.statistics import STATISTICS
from qingfeng.organization.topics import OFTEN, TOPICS


class Problem(After):
    """A problem carried on one sheet until it is closed out (一事一表、逐一销号)."""

    code = "rectification"
    series = "整改"
    reads: ClassVar = OFFICE | CLERK | HEAD | LEADER
    filters = ("kind", "topic", "source", "responsible")
    in_person = ("rectifier",)
    statistics = STATISTICS
    pages = (SHEET_PAGE,)
    milestones_told = MILESTONES
    looks = Scrutiny(TOPICS, OFTEN)

    def words_with(self) -> Matter | None:
        """The transfer with which a clue's words lie: who reads that one reads them."""
        return handed_over_in(self) if self.secrecy == Secrecy.SEALED else None

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["responsible", "kind", "written_off_on"], name="problem_rebounds"),
        ]
