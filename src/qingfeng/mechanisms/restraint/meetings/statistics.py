"""What is counted of meetings and papers 会议发文统计: the burden against last year, and what was saved."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.matters.registry import matter_class
from qingfeng.kernel.reading.statistics import unit_names
from qingfeng.kernel.vocabulary import Column, FactKind, Reading, Statistic, summed, together
from qingfeng.mechanisms.restraint.meetings.declarations import (
    GATHERING_CANCELLED,
    GATHERING_SAVED,
    MEETING_HELD,
    MEETING_TIME,
    PAPER_ISSUED,
    SPEECH_OVERRUN,
)

COUNTED = ("meetings", "issued_papers", "meeting_baselines")
"""Whose facts make up the burden: the baseline's are those of the years before this system."""


def _sums(reading: Reading, kind: FactKind, year: int, place: int) -> dict[Any, int]:
    """The sums of a kind's facts in a year, of what the reader may read, by month or subject."""
    found: Counter[Any] = Counter()
    for code in COUNTED:
        found.update(summed(reading.beside(matter_class(code)).facts(kind, year), place))
    return dict(found)


def _figure(sums: dict[Any, int], key: Any) -> int | None:
    """A sum, 0 where there was nothing; none of a year of which the reader knows nothing at all."""
    return sums.get(key, 0) if sums else None


def _both_years(reading: Reading, kinds: tuple[FactKind, ...]) -> list[tuple[Any, ...]]:
    """A row a unit, this year's and last year's sums of each kind beside each other, the largest first."""
    sums = [_sums(reading, kind, year, 1) for kind in kinds for year in (reading.year, reading.year - 1)]
    names = unit_names({subject for one in sums for subject in one})
    rows = [(name, *(_figure(one, subject) for one in sums)) for subject, name in names.items()]
    return sorted(rows, key=lambda row: (-(row[1] or 0), -(row[2] or 0), row[0]))


def meetings_by_unit(reading: Reading) -> list[tuple[Any, ...]]:
    """How many meetings a unit held and how long people sat in them, this year and last."""
    return _both_years(reading, (MEETING_HELD, MEETING_TIME))


def papers_by_unit(reading: Reading) -> list[tuple[Any, ...]]:
    """How many papers a unit issued, this year and last."""
    return _both_years(reading, (PAPER_ISSUED,))


def _by_month(reading: Reading, kinds: tuple[FactKind, ...]) -> list[tuple[Any, ...]]:
    """A row a month, this year's and last year's sums of each kind beside each other."""
    sums = [_sums(reading, kind, year, 0) for kind in kinds for year in (reading.year, reading.year - 1)]
    return [(reading.month(month), *(_figure(one, month) for one in sums)) for month in reading.months]


def meetings_by_month(reading: Reading) -> list[tuple[Any, ...]]:
    """Meetings and the time spent in them, month by month, this year and last."""
    return _by_month(reading, (MEETING_HELD, MEETING_TIME))


def papers_by_month(reading: Reading) -> list[tuple[Any, ...]]:
    """Papers, month by month, this year and last."""
    return _by_month(reading, (PAPER_ISSUED,))


def cancelled(reading: Reading) -> list[tuple[Any, ...]]:
    """What each unit cancelled in the year, and what that saved."""
    return reading.by_unit(GATHERING_CANCELLED, GATHERING_SAVED)


def overruns(reading: Reading) -> list[tuple[Any, ...]]:
    """How often speakers of a unit heard the bell in the year."""
    counted = together(reading.facts_counted(SPEECH_OVERRUN), 1)
    names = unit_names(counted)
    rows = [(name, counted[subject][1]) for subject, name in names.items()]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


UNIT = Column(_("Unit"), "words")
THIS: Literal["accent"] = "accent"
LAST: Literal["quiet"] = "quiet"
CANCELLED = Statistic(
    "cancelled",
    _("Cancelled, and what that saved"),
    (UNIT, Column(_("Cancelled")), Column(_("Saved"), "money")),
    cancelled,
)
MEETINGS = (
    Statistic(
        "by_unit",
        _("Meetings, by unit, against last year"),
        (
            UNIT,
            Column(_("Meetings this year"), look=THIS),
            Column(_("Meetings last year"), look=LAST),
            Column(_("Attendee-hours this year"), "minutes"),
            Column(_("Attendee-hours last year"), "minutes"),
        ),
        meetings_by_unit,
    ),
    Statistic(
        "by_month",
        _("Meetings, by month, against last year"),
        (
            Column(_("Month"), "words"),
            Column(_("Meetings this year"), look=THIS),
            Column(_("Meetings last year"), look=LAST),
            Column(_("Attendee-hours this year"), "minutes"),
            Column(_("Attendee-hours last year"), "minutes"),
        ),
        meetings_by_month,
        "lines",
    ),
    Statistic(
        "overruns", _("Speeches over their time, by unit"), (UNIT, Column(_("Times"), look="late")), overruns
    ),
    CANCELLED,
)
PAPERS_ISSUED = (
    Statistic(
        "by_unit",
        _("Papers, by unit, against last year"),
        (UNIT, Column(_("Papers this year"), look=THIS), Column(_("Papers last year"), look=LAST)),
        papers_by_unit,
    ),
    Statistic(
        "by_month",
        _("Papers, by month, against last year"),
        (
            Column(_("Month"), "words"),
            Column(_("Papers this year"), look=THIS),
            Column(_("Papers last year"), look=LAST),
        ),
        papers_by_month,
        "lines",
    ),
)
CELEBRATED = (CANCELLED,)
