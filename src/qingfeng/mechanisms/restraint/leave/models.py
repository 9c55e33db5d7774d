"""Leave and its acts; the opening of balances."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.acts.steps import Step
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.text.words import in_house
from qingfeng.kernel.time.workdays import Workdays
from qingfeng.kernel.vocabulary import (
    NEW,
    CalendarEvent,
    Concerns,
    Do,
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
    State,
    System,
    Unit,
    act,
)
from qingfeng.mechanisms.restraint.leave import annual, course, return_watch, rules, stand_ins
from qingfeng.mechanisms.restraint.leave.absence_board import AWAY as AWAY_BOARD
from qingfeng.mechanisms.restraint.leave.absences import ABSENCE_NOTED, Absence
from qingfeng.mechanisms.restraint.leave.balances import Balances
from qingfeng.mechanisms.restraint.leave.declarations import (
    ANNUAL_TAKEN,
    BEGINNING,
    CANCELLED_LATE,
    CANCELLING,
    ENDING,
    FORM,
    FORM_OVERDUE,
    LAPSED_UNDECIDED,
    LAPSING,
    LEAVE_BEGAN,
    LEAVE_ENDED,
    NOT_BACK,
    NOT_CONFIRMED,
    PERSONAL_TAKEN,
)
from qingfeng.mechanisms.restraint.leave.inputs import (
    KEPT,
    DayHalf,
    LeaveChannel,
    LeaveRecord,
    LeaveRequest,
    StandInRequest,
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
from qingfeng.mechanisms.restraint.leave.statistics import STATISTICS

__all__ = ["Absence", "AnnualGrant", "Balances", "HalfDay", "Leave", "SchoolHolidays", "Withheld"]

ONESELF = Is("person")
APPROVER = OnStep() & ~Concerns("person")
RECORDER = Holds(Role.UNIT_CLERK, of="unit") | Holds(Role.UNIT_HEAD, of="unit")

REQUESTED = State("requested", _("asked for"))
APPROVED = State("approved", _("approved, not begun"))
AWAY = State("away", _("on leave"))
EXTENDING = State("extending", _("on leave, more asked for"))
DUE_BACK = State("due_back", _("over, to report back"))
CANCELLED = State("cancelled", _("reported back"), final=True)
REFUSED = State("refused", _("not approved"), final=True, void=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)
LAPSED = State("lapsed", _("not decided in time"), final=True, void=True)


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
    filters = ("unit", "group")
    statistics = STATISTICS
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
        return [leave.pk for leave in found.order_by("pk") if course.counted_otherwise(leave, workdays)]

    def recount(self, do: Do) -> None:
        """Count its half days anew: what was a working day is none any more, or the other way round."""
        if self.state != DUE_BACK.code:
            course.recount(self, do)

    @act(NEW, to=REQUESTED, by=ONESELF, starts=LAPSING, label=_("Ask for leave"), tells=annual.told)
    def request(self, do: Do, asked: LeaveRequest) -> None:
        """Ask for leave, before it begins."""
        assert do.actor.person_id is not None
        self.person = Person.objects.get(pk=do.actor.person_id)
        self.role = do.actor.role
        kind = course.chosen(do.value(KINDS), asked.kind)
        course.take(self, do, kind, asked)
        course.demand_before(do, course.begins(self, do))
        course.lay_out(self, do, do.value(LADDER), _("Approval of leave"))
        do.count_from(LAPSING, course.begins(self, do))

    @act(NEW, to=(REQUESTED, AWAY), by=RECORDER, label=_("Record leave for someone"))
    def record(self, do: Do, told: LeaveRecord) -> State:
        """Record leave that someone asked for on paper, or by phone in an emergency."""
        self.person, self.channel, self.recorded_by_id = told.person, told.channel.value, do.actor.person_id
        self.role = course.role_in(do, told.person)
        kind = course.chosen(do.value(KINDS), told.kind)
        course.take(self, do, kind, told)
        begins = course.begins(self, do)
        if self.channel == LeaveChannel.PAPER:
            course.demand_before(do, begins)
            course.lay_out(self, do, do.value(LADDER), _("Approval of leave"))
            do.clocks.start(LAPSING, None, begins)
            return REQUESTED
        course.demand_emergency(do, told.urgent, begins, do.value(FORM_WITHIN))
        self.form_owed_by = told.person
        do.clocks.start(FORM, do.value(FORM_WITHIN), begins)
        do.clocks.start(ENDING, None, course.ends(self, do))
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
            course.demand_before(do, course.begins(self, do))
            course.demand_proof(self, do, proof_seen)
        outcome = do.steps.decide(do.actor, agrees, do.now)
        if outcome == Step.Outcome.OPEN:
            return REQUESTED
        do.clocks.stop(LAPSING)
        if outcome == Step.Outcome.REFUSED:
            course.give_back(self, do, self.first)
            course.tell(self, do, _("Your leave was not approved. The opinion stands on its page."))
            return REFUSED
        do.clocks.start(BEGINNING, None, course.begins(self, do))
        stand_ins.delegate(self, do)
        course.tell(self, do, _("Your leave is approved. Report back when you return."))
        return APPROVED

    @act(REQUESTED, to=WITHDRAWN, by=ONESELF, stops=LAPSING, label=_("Withdraw the request"))
    def withdraw(self, do: Do) -> None:
        """Withdraw the request, as long as it is not decided."""
        do.steps.drop()
        course.give_back(self, do, self.first)

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
        course.give_back(self, do, self.first)
        do.leave(LAPSED_UNDECIDED, subject=self.unit)
        course.tell(self, do, _("Nobody decided before it was to begin. Ask again, or call in an emergency."))

    @act(APPROVED, to=WITHDRAWN, by=ONESELF, stops=BEGINNING, label=_("Give the leave up"))
    def give_up(self, do: Do) -> None:
        """Give approved leave up before it begins."""
        course.demand_before(do, course.begins(self, do))
        course.give_back(self, do, self.first)
        stand_ins.end(self, do, do.today - timedelta(days=1))

    @act(
        APPROVED, to=AWAY, by=System("clock"), expires=BEGINNING, starts=ENDING, label=_("Note the beginning")
    )
    def begin(self, do: Do) -> None:
        """Note that the leave has begun."""
        do.count_from(ENDING, course.ends(self, do))
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
        course.lay_out(self, do, do.value(LADDER), _("Confirmation of leave"))

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
            course.demand_proof(self, do, proof_seen)
        now = {state.code: state for state in (AWAY, DUE_BACK, CANCELLED)}[self.state]
        if do.steps.decide(do.actor, agrees, do.now) != Step.Outcome.REFUSED:
            return now
        do.leave(NOT_CONFIRMED, subject=self.person)
        course.tell(self, do, _("Your leave was not confirmed. Please return and report back."))
        if now != AWAY:
            return now
        do.clocks.stop(ENDING)
        do.clocks.start(CANCELLING, do.value(CANCEL_WITHIN))
        course.cut_short(self, do)
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
        course.demand_settled(self, do)
        self.more_day, self.more_half = more_day, more_half.value
        kind = course.chosen(do.value(KINDS), course.kind_of(self, do))
        course.take_more(self, do, kind, (more_day, more_half.number))
        course.lay_out(self, do, do.value(LADDER), _("Approval of more leave"))

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
            course.demand_proof(self, do, proof_seen)
        outcome = do.steps.decide(do.actor, agrees, do.now)
        if outcome == Step.Outcome.OPEN:
            return EXTENDING
        if outcome == Step.Outcome.REFUSED:
            course.drop_more(self, do)
            course.tell(self, do, _("More leave was not approved. It ends as it was approved before."))
            return AWAY
        self.last_day, self.last_half = self.more_day, self.more_half
        self.more_day, self.more_half = None, ""
        do.clocks.start(ENDING, None, course.ends(self, do))
        stand_ins.end(self, do, self.last_day)
        course.tell(self, do, _("More leave is approved. Report back when you return."))
        return AWAY

    @act((AWAY, EXTENDING), to=(CANCELLED, DUE_BACK), by=ONESELF, stops=ENDING, label=_("Return early"))
    def return_early(self, do: Do) -> State:
        """Come back before the last day; the half days not begun go back to the balance."""
        if self.state == EXTENDING.code:
            do.steps.drop()
        course.cut_short(self, do)
        do.emit(LEAVE_ENDED, person=self.person, unit=self.unit)
        if self.form_owed_by_id is not None:
            do.clocks.start(CANCELLING, do.value(CANCEL_WITHIN), course.last_begins(self, do))
            return DUE_BACK
        course.settle(self, do, ANNUAL_TAKEN, PERSONAL_TAKEN)
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
            course.drop_more(self, do)
        do.count_from(CANCELLING, course.last_begins(self, do))
        return_watch.watch_return(self, do)
        do.emit(LEAVE_ENDED, person=self.person, unit=self.unit)
        course.tell(self, do, _("Your leave is over. Please report back."))

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
        course.demand_form(self, do)
        course.settle(self, do, ANNUAL_TAKEN, PERSONAL_TAKEN)

    @act(DUE_BACK, by=System("clock"), expires=CANCELLING, label=_("Note that nobody reported back"))
    def overdue(self, do: Do) -> None:
        """Note that the leave was not cancelled in time; nothing follows from it by itself."""
        self.late = True
        do.leave(CANCELLED_LATE, subject=self.person)
        course.tell(self, do, _("You should have reported back by now. Please do so."))

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
        course.tell(self, do, _("The form for your leave is overdue. Please hand it in."))
