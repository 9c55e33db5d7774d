"""The meeting and its acts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Burden,
    BurdenKind,
    CalendarEvent,
    Did,
    Do,
    FenField,
    Holds,
    Input,
    Line,
    Matter,
    Office,
    OneOfRows,
    Prose,
    Reason,
    Role,
    RowColumn,
    Rows,
    State,
    System,
    Unit,
    Whole,
    Yuan,
    act,
    by_hand,
)
from qingfeng.mechanisms.restraint.meetings import agenda as agendas
from qingfeng.mechanisms.restraint.meetings import cap_refusals
from qingfeng.mechanisms.restraint.meetings.declarations import (
    EXPLAINING,
    EXPLANATION_OVERDUE,
    MEETING_APPROVED,
    MEETING_CLOSED,
    MEETING_COST,
    MEETING_EXCEPTED,
    MEETING_HELD,
    MEETING_OVER,
    MEETING_TIME,
    MEETING_URGENT,
    NUMBERS,
    SPEECH_OVERRUN,
    UNCAPPED,
)
from qingfeng.mechanisms.restraint.meetings.hall import PAGES
from qingfeng.mechanisms.restraint.meetings.policy import (
    MAIN_SPEECH,
    SPEECH,
    FeeClass,
    MeetingKind,
    caps,
    not_its_own,
    set_above,
)
from qingfeng.mechanisms.restraint.meetings.registers import Invitation
from qingfeng.mechanisms.restraint.meetings.rules import (
    Cap,
    CapBreach,
    CapKind,
    Caps,
    MeetingProfile,
    broken,
    by_size,
    over,
    span,
    spoken,
)
from qingfeng.mechanisms.restraint.meetings.savings import leave_saved
from qingfeng.mechanisms.restraint.meetings.statistics import MEETINGS

OFFICE = Office(Role.SUPERVISION_OFFICE)
LEADER = Holds(Role.LEADER, of="unit")
CLERK = Holds(Role.UNIT_CLERK, of="unit")
HEAD = Holds(Role.UNIT_HEAD, of="unit")
FEN = Yuan(most=10**11)

ASKED = State("asked", _("asked for"))
EXCEPTION_ASKED = State("exception_asked", _("exception asked for"))
APPROVED = State("approved", _("approved"))
EMERGENCY = State("emergency", _("convened as an emergency"))
IN_SESSION = State("in_session", _("in session"))
SPEAKING = State("speaking", _("in session, a speech running"))
HELD = State("held", _("held, explanation owed"))
CLOSED = State("closed", _("held and closed"), final=True)
REFUSED = State("refused", _("refused"), final=True, void=True)
CANCELLED = State("cancelled", _("cancelled"), final=True, void=True)


SPEECHES = {CapKind.SPEECH, CapKind.MAIN_SPEECH}
ToSpeak = Annotated[int, OneOfRows("agenda", (agendas.TO_SPEAK,)), _("No. on the agenda")]


class InvitedUnit(Input):
    """A unit that is invited."""

    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]  # mypy, before Unit is analysed


class MeetingRequest(Input):
    """A meeting as it is asked for."""

    title: Annotated[str, Line(100)]
    kind: MeetingKind
    fee_class: FeeClass
    starts: datetime
    days: Annotated[int, Whole(1, 10)] = 1
    minutes: Annotated[int, Whole(1, 6000, _("minutes"))]
    people: Annotated[int, Whole(1, 100_000)]
    leaders: Annotated[int, Whole(0, 100), _("Leaders attending")] = 0
    budget: Annotated[int, FEN]
    place: Annotated[str, Line(60)]
    agenda: Annotated[list[agendas.Speaker], _("Agenda")] = []  # noqa: RUF012


class Meeting(Matter):
    """A meeting under the caps in force: asked for, approved, held by its agenda, closed (会议审批与会风管控)."""

    code = "meetings"
    series = "会议"
    reads: ClassVar = OFFICE | LEADER | CLERK | HEAD
    becomes: ClassVar = {"unit": FOLLOWS, "agenda": by_hand("meetings.plan")}
    filters = ("kind", "unit")
    statistics = MEETINGS
    pages = PAGES
    asks = Burden(BurdenKind.MEETING, "invitations__unit", on="starts", by=("meetings.invite",))
    agenda_told = agendas.AGENDA
    invited = Rows(
        Invitation,
        label=_("Units invited"),
        columns=(RowColumn("unit", _("Unit"), Unit, null=False),),
        by="pk",
    )

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="meetings", verbose_name=_("convening unit"))
    kind = models.CharField(_("kind of meeting"), max_length=20, choices=MeetingKind.choices)
    fee_class = models.CharField(_("class of fees"), max_length=10, choices=FeeClass.choices)
    starts = models.DateTimeField(_("begins"))
    days = models.PositiveSmallIntegerField(_("days"))
    minutes = models.PositiveIntegerField(_("length in minutes"))
    people = models.PositiveIntegerField(_("people"))
    leaders = models.PositiveSmallIntegerField(_("leaders attending"), default=0)
    budget = FenField(_("budget"))
    place = models.CharField(_("place"), max_length=60)
    reason = models.TextField(_("why by exception or as an emergency"), blank=True)
    urgent = models.BooleanField(_("an emergency"), default=False)
    explanation = models.TextField(_("explanation"), blank=True)
    attended = models.PositiveIntegerField(_("people who came"), null=True)
    took = models.PositiveIntegerField(_("minutes it took"), null=True)
    cost = models.BigIntegerField(_("cost"), null=True)
    agenda = models.JSONField(default=list, editable=False)
    counted = models.BooleanField(default=False, editable=False)
    """Whether it took a place in the year's number of its kind; a department's always did."""
    speaking = models.PositiveSmallIntegerField(null=True, editable=False)
    speaking_since = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")

    @property
    def day(self) -> date:
        """The day it begins."""
        return day_of(self.starts)

    @property
    def asked(self) -> MeetingProfile:
        """What it is, as the rules see it."""
        speeches = agendas.speeches(self.agenda)
        return MeetingProfile(
            self.day, self.days, self.minutes, self.people, self.budget, speeches, self.leaders
        )

    @act(NEW, to=ASKED, by=CLERK, label=_("Ask for a meeting"))
    def ask(self, do: Do, wanted: MeetingRequest) -> None:
        """Ask for a meeting; it is checked against every cap in force, and told of all it breaks at once."""
        self._take(do, wanted)
        self._demand_ahead(do)
        in_force, unfit = caps(do, self._kind, self._fee), not_its_own(do, self._kind, self.unit)
        found = self._broken(do, in_force)
        else_ = "" if unfit else _("If it can't be otherwise, ask for an exception, with the reason.")
        if unfit or found:
            cap_refusals.refuse(do, self.asked, in_force, self._used(do), found, else_, unfit)

    @act(NEW, to=EXCEPTION_ASKED, by=CLERK, label=_("Ask for an exception"))
    def ask_exception(
        self,
        do: Do,
        wanted: MeetingRequest,
        reason: Annotated[str, Prose(1000), _("Why it can't be otherwise")],
    ) -> None:
        """Ask the leader in charge to let a meeting pass that breaks a cap set here, with the reason."""
        self._take(do, wanted)
        self._demand_ahead(do)
        self._demand_its_own(do)
        self.reason = reason
        if not self._broken(do, caps(do, self._kind, self._fee)):
            do.refuse(
                _("Nothing stands in the way of this meeting."), remedy=_("Ask for it in the ordinary way.")
            )

    @act(NEW, to=EMERGENCY, by=CLERK, starts=EXPLAINING, label=_("Convene an emergency meeting"))
    def convene(
        self, do: Do, wanted: MeetingRequest, reason: Annotated[str, Prose(1000), _("What the emergency is")]
    ) -> None:
        """Convene a meeting at once in an emergency; it passes every cap and is explained afterwards."""
        self._take(do, wanted)
        self._demand_its_own(do)
        self.reason, self.urgent = reason, True
        self._reserve(do, None)
        do.leave(MEETING_URGENT, subject=self.unit, held_on=self.day)
        do.notify(OFFICE.holders(self), _("An emergency meeting was convened; its explanation follows."))

    @act(ASKED, to=APPROVED, by=OFFICE & ~Did("ask"), owed=True, label=_("Approve"))
    def approve(self, do: Do) -> None:
        """Approve the meeting; the caps are looked at again, and its place in the year's number is taken."""
        in_force = caps(do, self._kind, self._fee)
        self._check(do, in_force, _("Refuse it, or have it asked for anew."))
        self._reserve(do, in_force.a_year)
        do.emit(MEETING_APPROVED, unit=self.unit_id, starts=self.starts)

    @act(ASKED, to=REFUSED, by=OFFICE & ~Did("ask"), owed=True, label=_("Refuse"))
    def refuse(self, do: Do, why: Reason) -> None:
        """Refuse the meeting, with the reason."""

    @act(EXCEPTION_ASKED, to=APPROVED, by=LEADER, owed=True, label=_("Grant the exception"))
    def grant(self, do: Do, why: Reason) -> None:
        """Let the meeting pass in spite of what is set here; what is set above can't be excepted from here."""
        above = caps(do, self._kind, self._fee, set_above(do))
        self._check(do, above, _("What is set above can't be excepted from here."))
        in_force = caps(do, self._kind, self._fee)
        excepted = self._broken(do, in_force)
        do.note("excepted", [[one.what, one.asked, one.allowed, one.clause] for one in excepted])
        self._reserve(do, None if any(one.what is CapKind.NUMBER for one in excepted) else in_force.a_year)
        do.leave(MEETING_EXCEPTED, subject=self.unit, held_on=self.day)
        do.emit(MEETING_APPROVED, unit=self.unit_id, starts=self.starts)

    @act(EXCEPTION_ASKED, to=REFUSED, by=LEADER, owed=True, label=_("Refuse the exception"))
    def deny(self, do: Do, why: Reason) -> None:
        """Refuse the exception, with the reason."""

    @act((ASKED, EXCEPTION_ASKED, APPROVED), to=CANCELLED, by=CLERK | OFFICE, label=_("Cancel the meeting"))
    def cancel(
        self,
        do: Do,
        why: Reason,
        saved: Annotated[int, FEN, _("Money saved")] = 0,
    ) -> None:
        """Cancel the meeting; of an approved one say what that saves, and its place in the year's number is free again."""
        leave_saved(do, self.unit, self.state == APPROVED.code, saved, self.budget)
        if self.state == APPROVED.code and self._counts:
            do.release(NUMBERS[self._kind], 1)

    @act((APPROVED, EMERGENCY, IN_SESSION), by=CLERK, label=_("Change the agenda"))
    def plan(self, do: Do, agenda: Annotated[list[agendas.Speaker], _("Agenda")]) -> None:
        """Put another agenda in place of what is not yet spoken, within the speaking times in force."""
        kept = [item for item in self.agenda if item["seconds"] is not None]
        self.agenda = agendas.planned(agenda, self.minutes, kept)
        in_force = caps(do, self._kind, self._fee)
        found = [one for one in by_size(self.asked, in_force) if one.what in SPEECHES]
        if found and not self.urgent:
            cap_refusals.refuse(do, self.asked, in_force, self._used(do), found)

    @act((APPROVED, EMERGENCY), by=CLERK, label=_("Invite units"))
    def invite(self, do: Do, invitations: Annotated[list[InvitedUnit], _("Units invited")]) -> None:
        """Say which units are invited, in place of those that were before."""
        wanted = {row.unit.pk: row.unit for row in invitations}
        for row in self.invitations.filter(standing(do.today)).order_by("pk"):
            if wanted.pop(row.unit_id, None) is None:
                row.valid_to = do.today - timedelta(days=1)
                do.record(row)
        last = max(span(self.day, self.days))
        do.record_all(
            [
                Invitation(meeting=self, unit=one, valid_from=do.today, valid_to=last)
                for one in wanted.values()
            ]
        )

    @act((APPROVED, EMERGENCY), to=IN_SESSION, by=CLERK, owed=True, label=_("Open the meeting"))
    def begin(self, do: Do) -> None:
        """Open the meeting, on its day."""
        if self.state == APPROVED.code and do.today not in span(self.day, self.days):
            do.refuse(
                format_lazy(_("This meeting is approved for {}."), cap_refusals.written(self.day)),
                remedy=_("Open it on that day, or cancel it and ask for another."),
            )

    @act(IN_SESSION, to=SPEAKING, by=CLERK, label=_("Begin a speech"))
    def begin_speaking(self, do: Do, item: ToSpeak) -> None:
        """Give the floor to a speaker; the time runs from now."""
        self.speaking, self.speaking_since = item, do.now

    @act(SPEAKING, to=IN_SESSION, by=CLERK, owed=True, label=_("End the speech"))
    def end_speaking(self, do: Do) -> None:
        """End the speech; what it took is measured, and what it took too long is recorded with the clause."""
        assert self.speaking is not None
        assert self.speaking_since is not None
        agenda: list[agendas.AgendaRow] = [dict(item) for item in self.agenda]  # type: ignore[misc]  # copies of items
        item = agenda[self.speaking - 1]
        limit = MAIN_SPEECH if item["main"] else SPEECH
        seconds = spoken(self.speaking_since, do.now)
        item["seconds"], item["over"] = seconds, over(seconds, do.value(limit))
        if item["over"]:
            do.leave(SPEECH_OVERRUN, subject=Unit.objects.get(pk=item["unit"]), quantity=item["over"])
            do.note("overrun", {"item": self.speaking, "over": item["over"], "clause": do.clause(limit)})
            do.notify(
                OFFICE.holders(self),
                _("A speech was longer than allowed; the sheet of the meeting names it."),
            )
        self.agenda, self.speaking, self.speaking_since = agenda, None, None

    @act(IN_SESSION, to=(CLOSED, HELD), by=CLERK, owed=True, label=_("Close the meeting"))
    def close(
        self,
        do: Do,
        attended: Annotated[int, Whole(0, 100_000)],
        took: Annotated[int, Whole(1, 6000, _("minutes"))],
        cost: Annotated[int, FEN],
        decided: Annotated[str, Prose(4000), _("What was decided")],
    ) -> State:
        """Close the meeting with what it truly was; what went beyond a cap is recorded, not refused."""
        self.attended, self.took, self.cost = attended, took, cost
        truly = MeetingProfile(self.day, self.days, took, attended, cost, leaders=self.leaders)
        found = by_size(truly, caps(do, self._kind, self._fee))
        if found:
            do.leave(MEETING_OVER, subject=self.unit, quantity=len(found), held_on=self.day)
            do.note("over", [[one.what, one.asked, one.allowed, one.clause] for one in found])
        do.leave(MEETING_HELD, subject=self.unit, held_on=self.day)
        do.leave(MEETING_TIME, subject=self.unit, quantity=attended * took, held_on=self.day)
        do.leave(MEETING_COST, subject=self.unit, quantity=cost, held_on=self.day)
        if self._counts:
            do.commit(NUMBERS[self._kind], 1)
        do.emit(MEETING_CLOSED, unit=self.unit_id, minutes=took, people=attended)
        return HELD if self.explains else CLOSED

    @act((EMERGENCY, HELD), to=(APPROVED, CLOSED), by=CLERK, owed=True, stops=EXPLAINING, label=_("Explain"))
    def explain(self, do: Do, explanation: Annotated[str, Prose(2000)]) -> State:
        """Explain afterwards why the meeting could not wait."""
        self.explanation = explanation
        do.notify(OFFICE.holders(self), _("The explanation of an emergency meeting is there."))
        return APPROVED if self.state == EMERGENCY.code else CLOSED

    @act(
        (EMERGENCY, IN_SESSION, SPEAKING, HELD),
        by=System("clock"),
        expires=EXPLAINING,
        label=_("Mark explanation overdue"),
    )
    def explanation_overdue(self, do: Do) -> None:
        """Note that an emergency was not explained in time, and say so."""
        do.leave(EXPLANATION_OVERDUE, subject=self.unit)
        everybody = OFFICE.holders(self) | CLERK.holders(self) | HEAD.holders(self)
        do.notify(everybody, _("The explanation of an emergency meeting is overdue: {}"), self)

    def occasion(self) -> CalendarEvent | None:
        """When and where it is, for the calendar, once it stands."""
        if self.state in (ASKED.code, EXCEPTION_ASKED.code, REFUSED.code, CANCELLED.code):
            return None
        if self.days > 1:
            return CalendarEvent(self.day, self.day + timedelta(days=self.days - 1), self.title, self.place)
        return CalendarEvent(
            self.starts, self.starts + timedelta(minutes=self.minutes), self.title, self.place
        )

    @property
    def explains(self) -> bool:
        """Whether it was convened as an emergency and still owes its explanation."""
        return self.urgent and not self.explanation

    @property
    def _kind(self) -> MeetingKind:
        return MeetingKind(self.kind)

    @property
    def _fee(self) -> FeeClass:
        return FeeClass(self.fee_class)

    @property
    def _counts(self) -> bool:
        return self.counted or self._kind is MeetingKind.DEPARTMENT

    def _take(self, do: Do, wanted: MeetingRequest) -> None:
        for name in ("title", "kind", "fee_class", "starts", "days", "minutes", "people", "leaders"):
            setattr(self, name, getattr(wanted, name))
        self.budget, self.place, self.unit = wanted.budget, wanted.place, do.unit
        self.agenda = agendas.planned(wanted.agenda, self.minutes)

    def _demand_ahead(self, do: Do) -> None:
        if self.starts <= do.now:
            raise Invalid(
                {
                    "starts": [
                        _(
                            "This time is past. Meetings are asked for beforehand, emergencies are convened as such."
                        )
                    ]
                }
            )

    def _demand_its_own(self, do: Do) -> None:
        """Refuse a kind that other units convene: neither exception nor emergency makes it one's own."""
        if unfit := not_its_own(do, self._kind, self.unit):
            cap_refusals.refuse(
                do, self.asked, caps(do, self._kind, self._fee), self._used(do), (), unfit=unfit
            )

    def _used(self, do: Do) -> cap_refusals.Used:
        return lambda year: do.balance(NUMBERS[self._kind], self.unit, str(year)).used

    def _broken(self, do: Do, in_force: Caps) -> list[CapBreach]:
        return broken(self.asked, in_force, self._used(do), do.clocks.workdays())

    def _check(self, do: Do, in_force: Caps, else_: Words) -> None:
        if found := self._broken(do, in_force):
            cap_refusals.refuse(do, self.asked, in_force, self._used(do), found, else_)

    def _reserve(self, do: Do, limit: Cap | None) -> None:
        """Take a place in the year's number: under its limit, or (none) beyond it; it is counted either way."""
        cap, clause = (limit.value, limit.clause) if limit else (UNCAPPED, "")
        do.reserve(NUMBERS[self._kind], self.unit, str(self.day.year), 1, cap=cap, clause=clause)
        self.counted = True
