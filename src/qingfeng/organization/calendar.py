"""The year's calendar 节假日安排: the notice of days off and made-up working days, entered by two people.

A later notice for the same year corrects the days it names.
Until a year's notice is in, no time limit is reckoned into it: the act says so instead of guessing
(全国年节及纪念日放假办法, art. 7; the General Office of the State Council announces each year's).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import islice
from typing import Annotated, Any, ClassVar

from django.db import models
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.acts import access
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.regime.models import CalendarNotice
from qingfeng.kernel.regime.policy import calendar
from qingfeng.kernel.time.recount import reached
from qingfeng.kernel.time.workdays import FIRST_YEAR, HolidayNotice, Workdays, WrongNotice
from qingfeng.kernel.vocabulary import (
    NEW,
    Did,
    Do,
    Line,
    Matter,
    Office,
    Page,
    Prose,
    Reason,
    Role,
    State,
    Whole,
    act,
)


def reaches(matter: CalendarYear, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """What of that which is open ends on another day by the notice, as far as the reader may read it."""
    notice = CalendarNotice(year=matter.year, off=matter.off, work=matter.work, source=matter.source)
    known = calendar()
    then = Workdays(
        (*known.notices, CalendarNotice.notice(notice.year, notice.off, notice.work, notice.source))
    )
    found = list(islice(reached(notice.days, then, now), MOST_SHOWN + 1)) if not matter.closed else []
    mine = [
        {"matter": moved.matter, "limits": moved.limits}
        for moved in found[:MOST_SHOWN]
        if access.readable(type(moved.matter)._default_manager.filter(pk=moved.matter.pk), actor).exists()
    ]
    return {"reached": mine, "others": len(found[:MOST_SHOWN]) - len(mine), "more": len(found) > MOST_SHOWN}


MOST_SHOWN = 200
"""Matters a page lists; all of them are reckoned anew."""

OFFICE = Office(Role.SUPERVISION_OFFICE)

PROPOSED = State("proposed", pgettext_lazy("to be confirmed", "proposed"))
ENTERED = State("entered", pgettext_lazy("calendar", "entered"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)


class CalendarYear(Matter):
    """A year's notice on its way into the calendar 年度节假日安排."""

    code = "calendar"
    series = "日历"
    ground = True
    reads: ClassVar = OFFICE | Office(Role.AUDIT_ADMINISTRATOR)

    year = models.PositiveSmallIntegerField(_("year"))
    off = models.TextField(_("days off"))
    work = models.TextField(_("made-up working days"), blank=True)
    source = models.CharField(_("number and title of the notice"), max_length=200)

    pages = (Page("reaches", _("What it changes"), "organization/calendar_reaches.html", reaches),)

    class Meta:
        verbose_name = _("calendar of a year")
        verbose_name_plural = _("calendars of a year")

    @act(NEW, to=PROPOSED, by=OFFICE, label=_("Enter a year's notice"))
    def propose(
        self,
        do: Do,
        year: Annotated[int, Whole(FIRST_YEAR, 2100)],
        off: Annotated[str, Prose(4000), _("Days off, as 2027-01-01, with blanks between")],
        source: Annotated[str, Line(200)],
        work: Annotated[str, Prose(2000), _("Made-up working days, as 2027-01-03, with blanks between")] = "",
    ) -> None:
        """Enter the days off and the made-up working days that a year's notice names."""
        self.year, self.source = year, source
        self.off, self.work = _days(do, off), _days(do, work)
        self._notice(do)
        self.title = f"{year} · {source}"

    @act(PROPOSED, to=ENTERED, by=OFFICE & ~Did("propose"), owed=True, label=_("Confirm"))
    def confirm(self, do: Do) -> None:
        """Put the notice into the calendar, having compared it with the paper; a second person does it."""
        notice = self._notice(do)
        do.record(
            CalendarNotice(
                year=notice.year, off=self.off, work=self.work, source=notice.source, valid_from=do.today
            )
        )

    @act(PROPOSED, to=WITHDRAWN, by=OFFICE, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw the notice as it was typed, to enter it anew."""

    def _notice(self, do: Do) -> HolidayNotice:
        try:
            notice = CalendarNotice.notice(self.year, self.off, self.work, self.source)
            notice.demand_made_up(do.policy.workdays)
            return notice
        except WrongNotice as fault:
            do.refuse(fault.told(say), remedy=_("Compare it with the paper and enter it again."))


def _days(do: Do, written: str) -> str:
    """The days, each checked, once and in order, with blanks between."""
    try:
        days = {date.fromisoformat(day) for day in written.replace(",", " ").replace("，", " ").split()}
    except ValueError:
        do.refuse(
            _("One of the days can't be read."), remedy=_("Write each as 2027-01-01, with blanks between.")
        )
    return " ".join(day.isoformat() for day in sorted(days))
