"""Leave and its acts; the opening of balances."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.acts.steps import Step
from qingfeng.kernel.people.actors import office_key, person_key, unit_key
from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.roles import RoleHolding, answering
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, opened
from qingfeng.kernel.text.words import Words, in_house, written_day
from qingfeng.kernel.time.periods import Period, due
from qingfeng.kernel.time.workdays import Workdays
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    CalendarEvent,
    Concerns,
    Do,
    FactKind,
    Holds,
    Is,
    Line,
    Matter,
    Office,
    OnStep,
    Person,
    Prose,
    Role,
    Seated,
    Stage,
    State,
    System,
    Unit,
    act,
)
from qingfeng.mechanisms.restraint.leave import annual, return_watch, rules, stand_ins
from qingfeng.mechanisms.restraint.leave.absence_board import AWAY_BOARD
from qingfeng.mechanisms.restraint.leave.absences import ABSENCE_NOTED, Absence
from qingfeng.mechanisms.restraint.leave.balances import Balances
from qingfeng.mechanisms.restraint.leave.declarations import (
    ANNUAL,
    ANNUAL_TAKEN,
    APPROVED,
    AWAY,
    BEGINNING,
    CANCELLED,
    CANCELLED_LATE,
    CANCELLING,
    DUE_BACK,
    ENDING,
    EXTENDING,
    FORM,
    FORM_OVERDUE,
    LAPSED,
    LAPSED_UNDECIDED,
    LAPSING,
    LEAVE_BEGAN,
    LEAVE_ENDED,
    NOT_BACK,
    NOT_CONFIRMED,
    OFFICES,
    PERSONAL_TAKEN,
    REFUSED,
    REQUESTED,
    WITHDRAWN,
)
from qingfeng.mechanisms.restraint.leave.inputs import (
    KEPT,
    DayHalf,
    LeaveChannel,
    LeaveRecord,
    LeaveRequest,
    StandInRequest,
    field_of,
    half_days,
    role_in,
    wrong,
)
from qingfeng.mechanisms.restraint.leave.policy import (
    CANCEL_WITHIN,
    DAY_BEGINS,
    FORM_WITHIN,
    KINDS,
    LADDER,
    NOON,
    Staff,
)
from qingfeng.mechanisms.restraint.leave.registers import AnnualGrant, HalfDay, SchoolHolidays, Withheld
from qingfeng.mechanisms.restraint.leave.request_page import PARTICULARS
from qingfeng.mechanisms.restraint.leave.statistics import LATE, STATISTICS
from qingfeng.organization.cadres import cadre_of

__all__ = ["Absence", "AnnualGrant", "Balances", "HalfDay", "Leave", "SchoolHolidays", "Withheld"]

ONESELF = Is("person")
APPROVER = OnStep() & ~Concerns("person")
RECORDER = Holds(Role.UNIT_CLERK, of="unit") | Holds(Role.UNIT_HEAD, of="unit")


class LeaveClass(models.TextChoices):
    """Classes of leave 类别; which kind it is stays sealed."""

    ANNUAL = "annual", _("annual leave")
    PERSONAL = "personal", _("personal leave")
    STATUTORY = "statutory", _("leave granted by law")


class Leave(Matter):
    """Leave, from the request to its cancellation on return (事前请假、事后销假)."""

    code = "leave"
    series = "请假"
    retention = "10_years"
    reads: ClassVar = ONESELF | Is("recorded_by") | Seated() | Office(Role.ORGANIZATION_DEPARTMENT)
    becomes: ClassVar = {"unit": FOLLOWS}
    filters = ("unit", "group")
    statistics = STATISTICS
    tallies = (LATE,)
    pages = (PARTICULARS,)
    boards = (AWAY_BOARD,)

    person = models.ForeignKey(Person, models.PROTECT, related_name="leaves", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="leaves", verbose_name=_("unit"))
    role = models.CharField(pgettext_lazy("leave", "role"), max_length=40, choices=Role.choices)
    group = models.CharField(_("class of leave"), max_length=20, choices=LeaveClass.choices)
    first_day = models.DateField(_("first day"))
    first_half = models.CharField(_("first half day"), max_length=2, choices=DayHalf.choices)
    last_day = models.DateField(_("last day"))
    last_half = models.CharField(_("last half day"), max_length=2, choices=DayHalf.choices)
    length = models.PositiveSmallIntegerField(_("half days"))
    more_day = models.DateField(_("last day asked for"), null=True)
    more_half = models.CharField(
        _("last half day asked for"), max_length=2, choices=DayHalf.choices, blank=True
    )
    channel = models.CharField(
        _("how it was asked for"), max_length=10, choices=LeaveChannel.choices, default=LeaveChannel.SYSTEM
    )
    proof_due = models.BooleanField(_("needs proof"), default=False)
    stand_in = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who stands in")
    )
    asked_to_stand_in = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who is asked to stand in")
    )
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("recorded by")
    )
    form_owed_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who owes the form")
    )
    form_late = models.BooleanField(_("form overdue"), default=False)
    late = models.BooleanField(_("cancelled late"), default=False)

    class Meta:
        verbose_name = _("leave")
        verbose_name_plural = _("leave")

    @property
    def first(self) -> rules.Half:
        """Its first half day."""
        return self.first_day, DayHalf(self.first_half).number

    @property
    def last(self) -> rules.Half:
        """Its last half day."""
        return self.last_day, DayHalf(self.last_half).number

    def occasion(self) -> CalendarEvent | None:
        """Its days, in the calendars of those who read it; never what for."""
        if self.state not in (APPROVED.code, AWAY.code, EXTENDING.code):
            return None
        title = f"{self._meta.verbose_name} {self.title}"
        if self.first_half == DayHalf.MORNING and self.last_half == DayHalf.AFTERNOON:
            return CalendarEvent(self.first_day, self.last_day, title)
        policy = Policy(self.jurisdiction_id, self.first_day)
        start = rules.begins(self.first, policy.value(DAY_BEGINS), policy.value(NOON))
        return CalendarEvent(start, rules.ends(self.last, policy.value(NOON)), title)

    @classmethod
    def reached_by(cls, days: Sequence[date], workdays: Workdays) -> Iterable[int]:
        """Leave counted by working days some half day of which counts otherwise than a calendar says."""
        held = HalfDay.objects.filter(leave__closed=False, released=False, day__range=(days[0], days[-1]))
        found = cls.objects.filter(pk__in=held.values("leave")).exclude(state=DUE_BACK.code)
        return [leave.pk for leave in found.order_by("pk") if leave.counted_otherwise(workdays)]

    def counted_otherwise(self, workdays: Workdays) -> list[HalfDay]:
        """The half days of it that a calendar counts otherwise than they are; none where its kind was erased."""
        try:
            code = self._kind_asked_for()
        except KeyDestroyed:
            return []
        kind = rules.chosen(Policy(self.jurisdiction_id, self.first_day).value(KINDS), code)
        if kind.counted == "day":
            return []
        return [row for row in self._held() if row.counted != workdays.is_workday(row.day)]

    def recount(self, do: Do) -> None:
        """Count its half days as the calendar is known now; annual leave goes back to the books, or comes out of them."""
        # What is over is settled by what was known while it ran.
        changed = [] if self.state == DUE_BACK.code else self.counted_otherwise(do.policy.workdays)
        if not changed:
            return
        before = self.length
        for row in changed:
            row.counted = not row.counted
            do.record(row)
        if self.group == LeaveClass.ANNUAL:
            given = rules.by_year(row.when for row in changed if not row.counted)
            for year, amount in given.items():
                do.release(ANNUAL, amount, str(year))
            annual.reserve(do, self.person, {row.when: True for row in changed if row.counted})
        self._measure()
        words = _("The working days were announced anew: your leave {} is {} days now, not {}.")
        self._tell(do, words, self.number, annual.days(self.length), annual.days(before))

    @act(NEW, to=REQUESTED, by=ONESELF, starts=LAPSING, label=_("Ask for leave"), tells=annual.told)
    def request(self, do: Do, asked: LeaveRequest) -> None:
        """Ask for leave, before it begins."""
        self.person = do.person
        self.role = do.actor.role
        kind = rules.chosen(do.value(KINDS), asked.kind)
        self._take(do, kind, asked)
        self._demand_before(do)
        self._lay_out(do, do.value(LADDER), _("Approval of leave"))
        do.count_from(LAPSING, self._begins(do))

    @act(NEW, to=(REQUESTED, AWAY), by=RECORDER, label=_("Record leave for someone"))
    def record(self, do: Do, told: LeaveRecord) -> State:
        """Record leave that someone asked for on paper, or by phone in an emergency."""
        self.person, self.channel, self.recorded_by_id = told.person, told.channel.value, do.actor.person_id
        self.role = role_in(do, told.person)
        kind = rules.chosen(do.value(KINDS), told.kind)
        self._take(do, kind, told)
        if self.channel == LeaveChannel.PAPER:
            self._demand_before(do)
            self._lay_out(do, do.value(LADDER), _("Approval of leave"))
            do.clocks.start(LAPSING, None, self._begins(do))
            return REQUESTED
        self._demand_emergency(do, told.urgent, do.value(FORM_WITHIN))
        self.form_owed_by = told.person
        do.clocks.start(FORM, do.value(FORM_WITHIN), self._begins(do))
        do.clocks.start(ENDING, None, self._ends(do))
        stand_ins.delegate(self, do)
        do.emit(LEAVE_BEGAN, person=self.person, unit=self.unit, until=self.last_day, stand_in=self.stand_in)
        return AWAY

    @act(REQUESTED, to=(REQUESTED, APPROVED, REFUSED), by=APPROVER, owed=True, label=_("Decide on leave"))
    def decide(
        self,
        do: Do,
        agrees: Annotated[bool, _("Agreed")],
        opinion: Annotated[str, Prose(500), _("Opinion")] = "",
        proof_seen: Annotated[bool, _("I have seen the proof it needs")] = False,
    ) -> State:
        """Agree to the leave or not; it can't begin before."""
        if agrees:
            self._demand_before(do)
            self._demand_proof(do, proof_seen)
        outcome = do.steps.decide(do.actor, agrees, do.now)
        if outcome == Step.Outcome.OPEN:
            return REQUESTED
        do.clocks.stop(LAPSING)
        if outcome == Step.Outcome.REFUSED:
            self._give_back(do, self.first)
            self._tell(do, _("Your leave was not approved. The opinion stands on its page."))
            return REFUSED
        do.clocks.start(BEGINNING, None, self._begins(do))
        stand_ins.delegate(self, do)
        self._tell(do, _("Your leave is approved. Report back when you return."))
        return APPROVED

    @act(REQUESTED, to=WITHDRAWN, by=ONESELF, stops=LAPSING, label=_("Withdraw the request"))
    def withdraw(self, do: Do) -> None:
        """Withdraw the request, as long as it is not decided."""
        do.steps.drop()
        self._give_back(do, self.first)

    @act(
        (REQUESTED, APPROVED, AWAY, EXTENDING),
        by=Is("asked_to_stand_in"),
        owed=True,
        label=_("Say whether you stand in"),
    )
    def answer(
        self,
        do: Do,
        agrees: Annotated[bool, _("I stand in")],
        reason: Annotated[str, Prose(200), _("Reason")] = "",
    ) -> None:
        """Accept to stand in for a colleague or decline; until you accept, nobody stands in."""
        stand_ins.answer(self, do, agrees, self.state != REQUESTED.code)

    @act(
        (REQUESTED, APPROVED, AWAY, EXTENDING),
        by=ONESELF | Is("recorded_by"),
        label=_("Ask another to stand in"),
    )
    def ask_another(self, do: Do, another: StandInRequest) -> None:
        """Ask another colleague to stand in; whoever was asked before and has not answered is asked no more."""
        stand_ins.ask_another(self, do, another.stand_in)

    @act(REQUESTED, to=LAPSED, by=System("clock"), expires=LAPSING, label=_("Note that it was not decided"))
    def lapse(self, do: Do) -> None:
        """Note that nobody decided before the first half day began; the days may be asked for again."""
        do.steps.drop()
        self._give_back(do, self.first)
        do.leave(LAPSED_UNDECIDED, subject=self.unit)
        self._tell(do, _("Nobody decided before it was to begin. Ask again, or call in an emergency."))

    @act(APPROVED, to=WITHDRAWN, by=ONESELF, stops=BEGINNING, label=_("Give the leave up"))
    def give_up(self, do: Do) -> None:
        """Give approved leave up before it begins."""
        self._demand_before(do)
        self._give_back(do, self.first)
        stand_ins.end(self, do, do.today - timedelta(days=1))

    @act(
        APPROVED, to=AWAY, by=System("clock"), expires=BEGINNING, starts=ENDING, label=_("Note the beginning")
    )
    def begin(self, do: Do) -> None:
        """Note that the leave has begun."""
        do.count_from(ENDING, self._ends(do))
        do.emit(LEAVE_BEGAN, person=self.person, unit=self.unit, until=self.last_day, stand_in=self.stand_in)

    @act((AWAY, DUE_BACK), by=Is("form_owed_by"), owed=True, stops=FORM, label=_("Hand in the form"))
    def complete(
        self,
        do: Do,
        reason: Annotated[str, Prose(500), KEPT, pgettext_lazy("leave", "Reason")],
        place: Annotated[str, Line(100), KEPT, _("Where to")] = "",
    ) -> None:
        """Put in writing what was asked for by phone; it then goes to those who approve."""
        self.form_owed_by = None
        self._lay_out(do, do.value(LADDER), _("Confirmation of leave"))

    @act(
        (AWAY, DUE_BACK, CANCELLED),
        to=(AWAY, DUE_BACK, CANCELLED),
        by=APPROVER,
        owed=True,
        label=_("Confirm leave"),
    )
    def confirm(
        self,
        do: Do,
        agrees: Annotated[bool, _("Agreed")],
        opinion: Annotated[str, Prose(500), _("Opinion")] = "",
        proof_seen: Annotated[bool, _("I have seen the proof it needs")] = False,
    ) -> State:
        """Confirm leave that began on a call, or not; then whoever is still away is called back."""
        if agrees:
            self._demand_proof(do, proof_seen)
        now = {state.code: state for state in (AWAY, DUE_BACK, CANCELLED)}[self.state]
        if do.steps.decide(do.actor, agrees, do.now) != Step.Outcome.REFUSED:
            return now
        do.leave(NOT_CONFIRMED, subject=self.person)
        self._tell(do, _("Your leave was not confirmed. Please return and report back."))
        if now != AWAY:
            return now
        do.clocks.stop(ENDING)
        do.clocks.start(CANCELLING, do.value(CANCEL_WITHIN))
        self._cut_short(do)
        return_watch.watch_return(self, do)
        do.emit(LEAVE_ENDED, person=self.person, unit=self.unit)
        return DUE_BACK

    @act(AWAY, to=EXTENDING, by=ONESELF, label=_("Ask for more"), tells=annual.told)
    def extend(
        self,
        do: Do,
        more_day: date,
        more_half: DayHalf,
        reason: Annotated[str, Prose(500), KEPT, pgettext_lazy("leave", "Reason")],
    ) -> None:
        """Ask for the leave to go on longer, before it ends."""
        self._demand_settled(do)
        self.more_day, self.more_half = more_day, more_half.value
        kind = rules.chosen(do.value(KINDS), self._kind(do))
        self._take_more(do, kind, (more_day, more_half.number))
        self._lay_out(do, do.value(LADDER), _("Approval of more leave"))

    @act(EXTENDING, to=(EXTENDING, AWAY), by=APPROVER, owed=True, label=_("Decide on more leave"))
    def decide_more(
        self,
        do: Do,
        agrees: Annotated[bool, _("Agreed")],
        opinion: Annotated[str, Prose(500), _("Opinion")] = "",
        proof_seen: Annotated[bool, _("I have seen the proof it needs")] = False,
    ) -> State:
        """Agree to more leave or not; without it the leave ends as it was approved."""
        assert self.more_day is not None
        if agrees:
            self._demand_proof(do, proof_seen)
        outcome = do.steps.decide(do.actor, agrees, do.now)
        if outcome == Step.Outcome.OPEN:
            return EXTENDING
        if outcome == Step.Outcome.REFUSED:
            self._drop_more(do)
            self._tell(do, _("More leave was not approved. It ends as it was approved before."))
            return AWAY
        self.last_day, self.last_half = self.more_day, self.more_half
        self.more_day, self.more_half = None, ""
        do.clocks.start(ENDING, None, self._ends(do))
        stand_ins.end(self, do, self.last_day)
        self._tell(do, _("More leave is approved. Report back when you return."))
        return AWAY

    @act((AWAY, EXTENDING), to=(CANCELLED, DUE_BACK), by=ONESELF, stops=ENDING, label=_("Return early"))
    def return_early(self, do: Do) -> State:
        """Come back before the last day; the half days not begun go back to the balance."""
        if self.state == EXTENDING.code:
            do.steps.drop()
        self._cut_short(do)
        do.emit(LEAVE_ENDED, person=self.person, unit=self.unit)
        if self.form_owed_by_id is not None:
            do.clocks.start(CANCELLING, do.value(CANCEL_WITHIN), self._last_begins(do))
            return DUE_BACK
        self._settle(do, ANNUAL_TAKEN, PERSONAL_TAKEN)
        return CANCELLED

    @act(
        (AWAY, EXTENDING),
        to=DUE_BACK,
        by=System("clock"),
        expires=ENDING,
        starts=CANCELLING,
        label=_("Note the end"),
    )
    def end(self, do: Do) -> None:
        """Note that the leave is over; more that was not approved by then is not taken."""
        if self.state == EXTENDING.code:
            do.steps.drop()
            self._drop_more(do)
        do.count_from(CANCELLING, self._last_begins(do))
        return_watch.watch_return(self, do)
        do.emit(LEAVE_ENDED, person=self.person, unit=self.unit)
        self._tell(do, _("Your leave is over. Please report back."))

    @act(
        DUE_BACK,
        to=CANCELLED,
        by=ONESELF,
        owed=True,
        stops=(CANCELLING, NOT_BACK),
        label=_("Report back from leave"),
    )
    def cancel(self, do: Do) -> None:
        """Report back from leave."""
        self._demand_form(do)
        self._settle(do, ANNUAL_TAKEN, PERSONAL_TAKEN)

    @act(DUE_BACK, by=System("clock"), expires=CANCELLING, label=_("Note that nobody reported back"))
    def overdue(self, do: Do) -> None:
        """Note that the leave was not cancelled in time; nothing follows from it by itself."""
        self.late = True
        do.leave(CANCELLED_LATE, subject=self.person)
        self._tell(do, _("You should have reported back by now. Please do so."))

    @act(DUE_BACK, by=System("clock"), expires=NOT_BACK, label=_("Note that nobody came back"))
    def not_back(self, do: Do) -> None:
        """Hand over that the leave was over long ago and nobody reported back; the person has their word there."""
        since = self.last_day + timedelta(days=1)
        if return_watch.on_leave(self.person, since, do.today):
            return
        values = {
            "person": self.person_id,
            "staff": Staff.CIVIL_SERVANT.value,
            "first_day": since.isoformat(),
            "known": in_house(_("The leave {} is over and was not cancelled."), self.number),
        }
        do.open(ABSENCE_NOTED, values)

    @act(
        (AWAY, EXTENDING, DUE_BACK),
        by=System("clock"),
        expires=FORM,
        label=_("Note that the form is overdue"),
    )
    def form_overdue(self, do: Do) -> None:
        """Note that the form was not handed in in time; nothing follows from it by itself."""
        self.form_late = True
        do.leave(FORM_OVERDUE, subject=self.person)
        self._tell(do, _("The form for your leave is overdue. Please hand it in."))

    def _begins(self, do: Do) -> datetime:
        """When its first half day begins."""
        return rules.begins(self.first, do.value(DAY_BEGINS), do.value(NOON))

    def _last_begins(self, do: Do) -> datetime:
        """When its last half day begins: the day from which the time to cancel it is counted."""
        return rules.begins(self.last, do.value(DAY_BEGINS), do.value(NOON))

    def _ends(self, do: Do) -> datetime:
        """When its last half day is over."""
        return rules.ends(self.last, do.value(NOON))

    def _take(self, do: Do, kind: rules.LeaveKind, asked: LeaveRequest | LeaveRecord) -> None:
        """Take the half days asked for: each is the person's once, and annual leave comes out of the books."""
        self.unit, self.group = do.unit, kind.group
        self.first_day, self.first_half = asked.first_day, asked.first_half.value
        self.last_day, self.last_half = asked.last_day, asked.last_half.value
        # Neither name nor kind: a title isn't sealed.
        self.title = f"{self.unit} {asked.first_day.isoformat()}至{asked.last_day.isoformat()}"
        wanted = half_days(do, kind, asked.first, asked.last)
        if not any(wanted.values()):
            wrong(
                "first_day",
                _("There is no working day among these; no leave is needed."),
                do.clause(KINDS),
                _("Check the days."),
            )
        stand_ins.ask(self, do, asked.stand_in, wanted)
        self._hold(do, kind, wanted, 0)

    def _take_more(self, do: Do, kind: rules.LeaveKind, last: rules.Half) -> None:
        """Take the half days after those already had, up to a later last one."""
        after = [half for half in rules.halves(self.last, last) if half > self.last]
        if not after:
            wrong(
                "more_day",
                _("More leave ends later than the leave does now."),
                remedy=_("Choose a later last day; to come back earlier, report back."),
            )
        self._hold(do, kind, half_days(do, kind, after[0], last), self.length)

    def _hold(self, do: Do, kind: rules.LeaveKind, wanted: Mapping[rules.Half, bool], had: int) -> None:
        self.length = had + sum(wanted.values())
        if 0 < kind.longest * 2 < self.length:
            wrong(
                field_of(do, "last_day"),
                format_lazy(
                    _("This kind of leave is at most {} days; this makes {}."),
                    kind.longest,
                    annual.days(self.length),
                ),
                do.clause(KINDS),
                _("Ask for fewer days, and for the others as another kind of leave."),
            )
        self.proof_due = kind.demands_proof(self.length)
        # The database holds each half day once; this names the other leave, which a constraint can't.
        days = {day for day, _half in wanted}
        own = HalfDay.objects.filter(person=self.person, released=False, day__in=days).select_related("leave")
        for row in own.order_by("day", "half"):
            if row.when in wanted:
                wrong(
                    field_of(do, "first_day"),
                    format_lazy(_("{} is in leave {} already."), written_day(row.day), row.leave.number),
                    do.clause(DAY_BEGINS),
                    _("Withdraw that one first, or ask for other days."),
                )
        if self.group == LeaveClass.ANNUAL:
            annual.reserve(do, self.person, wanted)
        # Days that don't count are held too: nobody asks for leave twice over one weekend.
        do.record_all(
            [
                HalfDay(
                    person=self.person,
                    leave=self,
                    day=day,
                    half=half,
                    counted=counted,
                    valid_from=day,
                    valid_to=day,
                )
                for (day, half), counted in wanted.items()
            ]
        )

    def _give_back(self, do: Do, since: rules.Half) -> None:
        """Release the half days from one on; annual leave goes back to the books."""
        rows = [row for row in self._held() if row.when >= since]
        for row in rows:
            row.released = True
            do.record(row)
        if self.group == LeaveClass.ANNUAL:
            for year, amount in rules.by_year(row.when for row in rows if row.counted).items():
                do.release(ANNUAL, amount, str(year))

    def _drop_more(self, do: Do) -> None:
        """Give back the half days asked for in addition."""
        self._give_back(do, rules.after(self.last))
        self._measure()
        self.more_day, self.more_half = None, ""

    def _cut_short(self, do: Do) -> None:
        """End it with the half day that has begun; those after it are given back."""
        held = [row.when for row in self._held()]
        # Recorded ahead of a half day that is still to begin, it keeps that one.
        day, half = rules.last_begun(held, do.value(DAY_BEGINS), do.value(NOON), do.now) or self.first
        self.last_day, self.last_half = day, (DayHalf.AFTERNOON if half else DayHalf.MORNING).value
        self._drop_more(do)
        stand_ins.end(self, do, do.today - timedelta(days=1))

    def _settle(self, do: Do, taken_annual: FactKind, taken_personal: FactKind) -> None:
        """Write off what was taken; of leave that the law grants no fact is left, it may tell of someone's health."""
        taken = [row.when for row in self._held() if row.counted]
        if self.group == LeaveClass.ANNUAL:
            for year, amount in rules.by_year(taken).items():
                do.commit(ANNUAL, amount, str(year))
        kind = {"annual": taken_annual, "personal": taken_personal}.get(self.group)
        if kind is not None and taken:
            # About the unit: whose leave it was is no matter of assessment.
            do.leave(kind, subject=self.unit, quantity=len(taken), held_on=self.last_day)

    def _held(self) -> list[HalfDay]:
        return list(HalfDay.objects.filter(leave=self.pk, released=False).order_by("day", "half"))

    def _measure(self) -> None:
        """Its length, up to its last half day: more that is asked for is none of it yet."""
        self.length = sum(row.counted for row in self._held() if row.when <= self.last)

    def _lay_out(self, do: Do, ladder: Sequence[rules.ApprovalLevel], label: Words) -> None:
        """Lay out who approves, by rank and length; where that is the applicant, or nobody, it is the next above.

        Other leave that this one goes on from, or that goes on from it, counts into its length.
        """
        cadre = cadre_of(self.person, do.today)
        # A rank says more than a role: a rung of its own goes before.
        names = (cadre.rank, self.role) if cadre and cadre.rank else (self.role,)
        clause = do.clause(LADDER)
        more = self._adjoining(do)
        found = rules.rung(ladder, names, self.length + more)
        approvers = rules.route(found.approvers, lambda office: self._others(do, office)) if found else []
        if not approvers:
            do.refuse(
                _("The approval rules name nobody for this leave."),
                clause,
                _(
                    "Ask the organization department who decides, and have the role granted or the ladder amended."
                ),
            )
        do.steps.route(*(Stage(OFFICES[office][1], (self._seat(office),)) for office in approvers))
        do.note("route", [clause, *approvers])
        if more:
            do.note("adjoining", more)

    def _adjoining(self, do: Do) -> int:
        """Half days of other leave, of whatever kind, with which this one makes one absence."""
        others = HalfDay.objects.filter(person=self.person, released=False).exclude(leave=self.pk)
        near = (self.first_day - rules.REACH, (self.more_day or self.last_day) + rules.REACH)
        taken = {row.when: row.counted for row in others.filter(day__range=near)}
        workdays = do.policy.workdays

        def is_off(day: date) -> bool:
            # Of a year whose notice isn't out nobody knows; then leave is taken not to go on.
            return day.year in workdays.years and not workdays.is_workday(day)

        more = DayHalf(self.more_half).number if self.more_half else 0
        last = (self.more_day, more) if self.more_day else self.last
        return rules.adjoining(self.first, last, taken, is_off)

    def _seat(self, office: str) -> str:
        role, _label, everywhere = OFFICES[office]
        return office_key(role, self.jurisdiction_id) if everywhere else unit_key(role, self.unit_id)

    def _others(self, do: Do, office: str) -> Collection[int]:
        """The persons who hold an office for this leave, the applicant left out."""
        role, _label, everywhere = OFFICES[office]
        held = (
            RoleHolding.objects.filter(standing(do.today), role=role, unit__jurisdiction=self.jurisdiction_id)
            if everywhere
            else answering(role, self.unit_id, do.today)
        )
        return set(held.values_list("person_id", flat=True)) - {self.person_id}

    def _demand_before(self, do: Do) -> None:
        """Refuse what has begun: leave is asked for and approved before it begins."""
        if do.now >= self._begins(do):
            # Who fills in a form is told at its field, and keeps the form; an approver has no such field.
            told = do.refuse if not do.act.opens else partial(wrong, "first_day")
            told(
                _("Leave is asked for and approved before it begins; this would have begun already."),
                do.clause(DAY_BEGINS),
                _(
                    "Ask from a later half day on. In an emergency, call: the clerk or the head of your unit records it."
                ),
            )

    def _demand_emergency(self, do: Do, urgent: bool, within: Period) -> None:
        """Refuse a call that is no emergency, that is about later days, or that is recorded too late."""
        clause, begins = do.clause(FORM_WITHIN), self._begins(do)
        if not urgent:
            wrong(
                "urgent",
                _("By phone, leave can be asked for in an emergency only."),
                clause,
                _("If it is one, mark it so; else have it asked for in the system or on paper."),
            )
        if begins.date() > do.today or due(begins, within, do.policy.workdays) <= do.now:
            wrong(
                "first_day",
                _("A call is about leave that begins today, or began no longer ago than the form may take."),
                clause,
                _("Have it asked for in the system or on paper."),
            )

    def _demand_proof(self, do: Do, seen: bool) -> None:
        """Refuse to approve what needs proof that nobody has seen; the proof itself is not kept here."""
        if self.proof_due and not seen:
            wrong(
                "proof_seen",
                _("Leave of this kind and length needs proof."),
                do.clause(KINDS),
                _("Have it shown to you, and mark that you have seen it; no copy is kept here."),
            )

    def _demand_form(self, do: Do) -> None:
        """Refuse while the form after a call is owed."""
        if self.form_owed_by_id is not None:
            do.refuse(
                _("The form for this leave has not been handed in yet."),
                do.clause(FORM_WITHIN),
                _("Hand it in first; then report back."),
            )

    def _demand_settled(self, do: Do) -> None:
        """Refuse more leave while the leave itself is being confirmed."""
        if do.steps.pending():
            do.refuse(
                _("This leave is still to be confirmed."), remedy=_("Ask for more when it is, or call again.")
            )

    def _kind(self, do: Do) -> str:
        """The code of its kind, out of the sealed request."""
        try:
            return self._kind_asked_for()
        except KeyDestroyed:
            do.refuse(_("What was asked for has been erased."), remedy=_("Ask for leave anew."))

    def _kind_asked_for(self) -> str:
        # In no column: the kind may tell of someone's health, its class doesn't.
        return opened(SealedValue.objects.filter(entry__matter=self.pk, name="kind").earliest("id"))

    def _tell(self, do: Do, words: Words, *filled: object) -> None:
        do.notify(person_key(self.person_id), words, *filled)
