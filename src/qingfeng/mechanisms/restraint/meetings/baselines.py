"""Last year's meetings and papers, taken in from a sheet: what this year's are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import (
    NEW,
    Did,
    Do,
    Input,
    Matter,
    Office,
    Reason,
    Role,
    State,
    Unit,
    Whole,
    act,
)
from qingfeng.mechanisms.restraint.meetings.declarations import (
    BASELINES,
    MEETING_HELD,
    MEETING_TIME,
    PAPER_ISSUED,
    PAPERS,
)

OFFICE = Office(Role.SUPERVISION_OFFICE)

RECORDED = State("recorded", _("recorded"))
CONFIRMED = State("confirmed", _("confirmed"), final=True)
DISCARDED = State("discarded", _("discarded"), final=True, void=True)


class BaselineRow(Input):
    """A unit's meetings and papers in one month of the year before."""

    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]  # mypy, before Unit is analysed
    month: Annotated[int, Whole(1, 12, _("month")), _("Month of the year")]
    meetings: Annotated[int, Whole(0, 10_000), _("Number of meetings")]
    hours: Annotated[int, Whole(0, 10_000_000), _("Attendee-hours")]
    papers: Annotated[int, Whole(0, 10_000), _("Number of papers")]

    @classmethod
    def together(cls, rows: Sequence[BaselineRow], jurisdiction_id: int, on: date) -> dict[str, list[Words]]:
        """A unit's month that stands there twice; by places such as ``3.month``."""
        seen = Counter[tuple[int, int]]()
        wrong: dict[str, list[Words]] = {}
        for place, row in enumerate(rows):
            seen[row.unit.pk, row.month] += 1
            if seen[row.unit.pk, row.month] > 1:
                wrong[f"{place}.month"] = [_("This unit's month stands here twice.")]
        return wrong


class Baseline(Matter):
    """A year's meetings and papers by unit and month, from before this system, as the base to fall below (上年基数)."""

    code = "meeting_baselines"
    series = "会议基数"
    reads: ClassVar = OFFICE
    filters = ("year",)

    year = models.PositiveSmallIntegerField(_("year"))
    months = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("baseline of meetings and papers")
        verbose_name_plural = _("baselines of meetings and papers")

    @act(NEW, to=RECORDED, by=OFFICE, label=_("Record last year's numbers"))
    def record(
        self,
        do: Do,
        year: Annotated[int, Whole(2000, 2100)],
        rows: Annotated[list[BaselineRow], _("Months")],
    ) -> None:
        """Take in a past year's meetings and papers, a row for each unit and month."""
        if year >= do.today.year:
            raise Invalid({"year": [_("This year is not over; what happens in it is counted here.")]})
        faults: dict[str, list[Words]] = {}
        for place, row in enumerate(rows):
            if _recorded(row.unit, year):
                faults[f"rows.{place}.unit"] = [
                    format_lazy(_("The year {} of {} is recorded already."), year, row.unit)
                ]
        if faults:
            raise Invalid(faults)
        self.year, self.title = year, str(year)
        self.months = [[row.unit.pk, row.month, row.meetings, row.hours, row.papers] for row in rows]

    @act(RECORDED, to=CONFIRMED, by=OFFICE & ~Did("record"), owed=True, label=_("Confirm"))
    def confirm(self, do: Do) -> None:
        """Confirm the numbers, having compared them; the next year's papers are held against them."""
        units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={row[0] for row in self.months})}
        papers: dict[int, int] = dict.fromkeys(units, 0)
        for unit_id, month, meetings, hours, issued in self.months:
            unit, day = units[unit_id], date(self.year, month, 1)
            do.leave(MEETING_HELD, subject=unit, quantity=meetings, held_on=day)
            do.leave(MEETING_TIME, subject=unit, quantity=hours * 60, held_on=day)
            do.leave(PAPER_ISSUED, subject=unit, quantity=issued, held_on=day)
            papers[unit_id] += issued
        if clash := [unit for unit in units.values() if _recorded(unit, self.year)]:
            do.refuse(
                format_lazy(_("The year {} of {} is recorded already."), self.year, clash[0]),
                remedy=_("Discard this baseline."),
            )
        for unit_id, number in papers.items():
            # Of two baselines confirmed in the same instant the book lets one pass.
            do.reserve(BASELINES, units[unit_id], str(self.year), 1, cap=1)
            do.credit(PAPERS, units[unit_id], str(self.year + 1), number)

    @act(RECORDED, to=DISCARDED, by=OFFICE, label=_("Discard"))
    def discard(self, do: Do, why: Reason) -> None:
        """Discard the numbers: they are not used."""


def _recorded(unit: Unit, year: int) -> bool:
    left = Fact.objects.filter(
        subject=plain(unit), name__in=(*MEETING_HELD.names, *PAPER_ISSUED.names), held_on__year=year
    )
    return left.exists()
