"""The problem sheet 问题单: what stands on it, who reads it, and all its acts in the order a page shows them."""

from __future__ import annotations

from typing import Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.matters.models import Secrecy
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words, written_day
from qingfeng.kernel.time.periods import Period, PeriodUnit, last_day
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Attachment,
    Burden,
    BurdenKind,
    Do,
    Files,
    Matter,
    OneOfRows,
    Person,
    Prose,
    Reason,
    Scrutiny,
    System,
    Unit,
    Whole,
    act,
)
from qingfeng.mechanisms.problems.rectification import rules, slips
from qingfeng.mechanisms.problems.rectification.clues import handed_over_in, put_back, take_off
from qingfeng.mechanisms.problems.rectification.declarations import (
    ASSIGNED,
    AT_WORK,
    CLUE_TRANSFER,
    DISPUTED,
    DISPUTING,
    ENDED_WELL,
    EXTENDING,
    FOUND,
    HELD,
    IN_HAND,
    LOOK_BACK_DUE,
    LOOKING_BACK,
    NEARING,
    PLANNING,
    PROBLEM_ASSIGNED,
    PROBLEM_FOUND,
    PROBLEM_OVERDUE,
    PROBLEM_POOR,
    PROBLEM_REBOUND,
    PROBLEM_SENT_BACK,
    PROBLEM_SIGNED_LATE,
    PROBLEM_WRITTEN_OFF,
    RECTIFYING,
    RECTIFYING_CLOCK,
    REPORTED,
    SIGNED,
    SIGNING,
    STEP,
    SUSPENDED,
    TRANSFER_LINK,
    TRANSFERRED,
    UNFOUNDED,
    VERIFIED,
    WRITTEN_OFF,
    ProblemSource,
)
from qingfeng.mechanisms.problems.rectification.guards import (
    CLERK,
    GIVEN_BACK,
    HEAD,
    INDEPENDENT,
    LEADER,
    LINKED,
    OFFICE,
    SECOND,
    THE_UNIT,
)
from qingfeng.mechanisms.problems.rectification.inputs import (
    FoundProblem,
    PublicRating,
    RectificationPlan,
    VerificationMethod,
)
from qingfeng.mechanisms.problems.rectification.pages import SHEET_PAGE
from qingfeng.mechanisms.problems.rectification.policy import (
    DISPUTE_WITHIN,
    EXTEND_MOST,
    EXTEND_TIMES,
    RECTIFY_WITHIN,
    SECOND_PERSON,
)
from qingfeng.mechanisms.problems.rectification.rebounds import look_for
from qingfeng.mechanisms.problems.rectification.registers import (
    MILESTONES,
    SLIPS,
    TO_DO,
    Cause,
    Colour,
    Milestone,
)
from qingfeng.mechanisms.problems.rectification.slips import watch_end
from qingfeng.mechanisms.problems.rectification.statistics import STATISTICS, TALLIES
from qingfeng.organization.topics import OFTEN, TOPICS

CLOCK = System("clock")


class Problem(Matter):
    """A problem carried on one sheet until it is closed out (一事一表、逐一销号)."""

    code = "rectification"
    series = "整改"
    reads: ClassVar = OFFICE | CLERK | HEAD | LEADER
    becomes: ClassVar = {"concerned": FOLLOWS, "responsible": FOLLOWS}
    filters = ("kind", "topic", "source", "responsible")
    in_person = ("rectifier",)
    statistics = STATISTICS
    tallies = TALLIES
    pages = (SHEET_PAGE,)
    milestones_told = MILESTONES
    slips_told = SLIPS
    looks = Scrutiny(TOPICS, OFTEN)
    asks = Burden(BurdenKind.FORM, unit="responsible", act="assign")

    kind = models.CharField(_("kind"), max_length=60)
    topic = models.CharField(_("focus topic"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=ProblemSource.choices)
    description = models.TextField(_("what was found"))
    concerned = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit it concerns")
    )
    responsible = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="problems", verbose_name=_("responsible unit")
    )
    requirement = models.TextField(_("requirement"), blank=True)
    assigner = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("handed out by")
    )
    """Who handed it out last, where the regime has somebody else close it out; else none."""
    rectifier = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("responsible person")
    )
    measures = models.TextField(_("measures"), blank=True)
    finish_on = models.DateField(_("to be put right by"), null=True)
    more_days = models.PositiveSmallIntegerField(_("working days asked for"), null=True)
    extensions = models.PositiveSmallIntegerField(_("times extended"), default=0)
    asked = models.BooleanField(_("progress asked for"), default=False)
    result = models.TextField(_("how it was put right"), blank=True)
    late = models.BooleanField(_("was overdue"), default=False)
    returns = models.PositiveSmallIntegerField(_("times sent back"), default=0)
    rebound = models.BooleanField(_("rebound"), default=False)
    written_off_on = models.DateField(_("closed out on"), null=True)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["responsible", "kind", "written_off_on"], name="problem_rebounds"),
        ]

    def words_with(self) -> Matter | None:
        """The transfer with which a clue's words lie: who reads that one reads them."""
        return handed_over_in(self) if self.secrecy == Secrecy.SEALED else None

    # The course 主线: registered, verified, assigned, signed, planned, reported, checked, closed out.

    @act(NEW, to=FOUND, by=OFFICE, provides=PROBLEM_FOUND, label=_("Register a problem"))
    def register(self, do: Do, found: FoundProblem) -> None:
        """Put a problem the office has heard of on a sheet of its own."""
        self.title, self.kind, self.description = found.title, found.kind, found.description
        self.source, self.topic = ProblemSource(found.source or ProblemSource.OWN).value, found.topic or ""
        self.concerned = found.unit
        if not self.topic and do.policy.levels(TOPICS):
            raise Invalid({"topic": [_("Choose the focus topic it belongs to.")]})

    @act(FOUND, to=VERIFIED, by=OFFICE, owed=True, label=_("Verify the problem"))
    def verify(self, do: Do, finding: Annotated[str, Prose(500), _("What was verified")]) -> None:
        """Verify that the problem is as it was reported, before any unit is asked to answer for it."""

    @act(FOUND, to=UNFOUNDED, by=OFFICE, owed=True, label=_("Find it not founded"))
    def dismiss(self, do: Do, reason: Reason) -> None:
        """Close the sheet, with the reason: what was reported is not so."""

    @act(VERIFIED, to=ASSIGNED, by=OFFICE, owed=True, starts=(SIGNING, DISPUTING), label=_("Assign"))
    def assign(self, do: Do, responsible: Unit, requirement: Annotated[str, Prose(500)]) -> None:
        """Hand the problem to the unit that must put it right."""
        self.responsible, self.requirement = responsible, requirement
        self.assigner_id = _assigner(do)
        do.leave(PROBLEM_ASSIGNED, subject=responsible)
        if look_for(self, do):
            slips.weak(self, do, PROBLEM_REBOUND, PROBLEM_POOR)

    @act(
        ASSIGNED,
        to=SIGNED,
        by=CLERK,
        owed=True,
        stops=SIGNING,
        starts=PLANNING,
        label=_("Acknowledge receipt"),
    )
    def sign(self, do: Do) -> None:
        """Acknowledge receipt of the problem on behalf of the unit."""
        # Who signs takes it on: whose it is can be disputed no more.
        do.clocks.stop(DISPUTING)
        if do.clocks.rows[SIGNING.name].expired_at is not None:
            slips.lay_down(self, do, Cause.UNSIGNED)
        do.clocks.start(RECTIFYING_CLOCK, do.value(RECTIFY_WITHIN))
        watch_end(self, do)

    @act(SIGNED, to=RECTIFYING, by=CLERK, owed=True, stops=PLANNING, label=_("Hand in the plan"))
    def plan(self, do: Do, plan: RectificationPlan) -> None:
        """Plan the rectification: who is responsible, which steps, and when each is done."""
        self.rectifier, self.measures, self.finish_on = plan.rectifier, plan.measures, plan.finish_on
        self._demand_in_time(do, plan)
        if do.clocks.rows[PLANNING.name].expired_at is not None:
            slips.lay_down(self, do, Cause.PLAN)
        slips.drop_plan(self, do)
        do.record_all(
            [
                Milestone(problem_id=self.pk, place=place, what=row.what, day=row.day, valid_from=do.today)
                for place, row in enumerate(plan.steps, start=1)
            ]
        )
        do.clocks.start(STEP, None, rules.over(plan.steps[0].day))

    @act(
        AT_WORK,
        to=REPORTED,
        by=CLERK,
        owed=True,
        stops=RECTIFYING_CLOCK,
        label=_("Report rectification"),
    )
    def report(
        self,
        do: Do,
        result: Annotated[str, Prose(2000)],
        evidence: Annotated[list[Attachment], Files(9), _("Evidence")] = [],  # noqa: B006
        no_evidence: Annotated[str, Prose(500), _("Why there is no evidence")] = "",
    ) -> None:
        """Report how the problem was put right, with evidence, or the reason why there is none."""
        if not evidence and not no_evidence:
            raise Invalid({"evidence": [_("Attach evidence, or say below why there is none.")]})
        # Time asked for and a question how it stands fall away: the report is the answer.
        self.result, self.more_days, self.asked = result, None, False
        do.clocks.stop(NEARING)
        do.clocks.stop(STEP)
        slips.lay_down(self, do)

    @act(REPORTED, to=RECTIFYING, by=INDEPENDENT, owed=True, label=_("Send back"))
    def send_back(self, do: Do, reason: Reason) -> None:
        """Send the report back: the problem is not put right yet."""
        self.returns += 1
        slips.weak(self, do, PROBLEM_SENT_BACK, PROBLEM_POOR)
        slips.issue(self, do, Colour.YELLOW, Cause.SENT_BACK)
        # The report stopped the time; what is still open has a whole one again.
        do.clocks.start(RECTIFYING_CLOCK, do.value(RECTIFY_WITHIN))
        watch_end(self, do)

    @act(REPORTED, to=WRITTEN_OFF, by=SECOND, owed=True, starts=LOOKING_BACK, label=_("Close out"))
    def write_off(
        self,
        do: Do,
        finding: Annotated[str, Prose(500), _("What was checked")],
        how: Annotated[VerificationMethod, _("How it was checked")] = VerificationMethod.ON_SITE,
        view: Annotated[PublicRating, _("What the people say")] = PublicRating.NOT_ASKED,
    ) -> None:
        """Close the problem out, once checked; never the rectifier, who is set over them, or who handed it out."""
        self.written_off_on = do.today
        do.leave(PROBLEM_WRITTEN_OFF, subject=self.responsible)

    # Beside the course: disputes, more time, suspension, urging, rebounds undone, transfer.

    @act(ASSIGNED, to=DISPUTED, by=CLERK, stops=DISPUTING, label=_("Dispute"))
    def dispute(self, do: Do, reason: Annotated[str, Prose(500), _("Why it is not ours")]) -> None:
        """Say that the problem is another unit's; the time to sign stands still until the office decides."""
        due = do.clocks.due(DISPUTING)
        if due is None or due <= do.now:
            do.refuse(
                _("The time to dispute whose it is has run out."),
                do.clause(DISPUTE_WITHIN),
                _("Sign for it, and talk to the office about it."),
            )
        do.clocks.pause(SIGNING)

    @act(DISPUTED, to=ASSIGNED, by=OFFICE, owed=True, label=_("It stays"))
    def keep(self, do: Do, reason: Reason) -> None:
        """Decide that the problem stays with the unit, which has the rest of its time to sign."""
        do.clocks.resume(SIGNING)
        self._tell_unit(
            do,
            _("The problem stays with you. Please acknowledge receipt."),
        )

    @act(DISPUTED, to=ASSIGNED, by=OFFICE, owed=True, starts=(SIGNING, DISPUTING), label=_("Pass it on"))
    def pass_on(
        self,
        do: Do,
        to_unit: Annotated[Unit, _("Unit it goes to")],  # type: ignore[valid-type]  # mypy, before Unit is analysed
        reason: Reason,
    ) -> None:
        """Give the problem to the unit whose it is; nothing of it counts against the one that was asked first."""
        if to_unit == self.responsible:
            raise Invalid({"to_unit": [_("It lies with this unit now. Choose another, or let it stay.")]})
        # First of all, since facts are found by the unit they are about.
        self._count_as_rebound_no_longer(do)
        slips.take_back(self, do, PROBLEM_SIGNED_LATE)
        slips.take_back(self, do, PROBLEM_ASSIGNED)
        slips.lay_down(self, do)
        self.responsible, self.assigner_id = to_unit, _assigner(do)
        do.leave(PROBLEM_ASSIGNED, subject=to_unit)
        if look_for(self, do):
            slips.weak(self, do, PROBLEM_REBOUND, PROBLEM_POOR)

    @act(RECTIFYING, to=EXTENDING, by=CLERK, label=_("Ask for more time"))
    def ask_extension(
        self,
        do: Do,
        more_days: Annotated[int, Whole(1, 250, _("working days"))],
        reason: Reason,
    ) -> None:
        """Ask for more time, before the time there is has run out."""
        due, most = do.clocks.due(RECTIFYING_CLOCK), do.value(EXTEND_MOST)
        if due is None or due <= do.now:
            do.refuse(
                _("The time to put this right has run out; more is asked for beforehand."),
                do.clause(EXTEND_MOST),
                _("Report what is done, and say what is still open."),
            )
        if self.extensions >= do.value(EXTEND_TIMES):
            do.refuse(
                format_lazy(_("The time of this sheet was extended {} times already."), self.extensions),
                do.clause(EXTEND_TIMES),
                _("Put it right in time, or ask the office to suspend it where nobody could go on."),
            )
        if more_days > most:
            words = format_lazy(_("An extension takes at most {} working days."), most)
            raise Invalid({"more_days": [words, format_lazy(_("Clause: {}."), do.clause(EXTEND_MOST))]})
        self.more_days = more_days

    @act(EXTENDING, to=RECTIFYING, by=OFFICE, owed=True, label=_("Extend"))
    def extend(self, do: Do, reason: Reason = "") -> None:
        """Grant the time asked for; whoever asked in time is not late for waiting on the answer."""
        assert self.more_days is not None
        clock = do.clocks.rows[RECTIFYING_CLOCK.name]
        if clock.expired_at is not None:
            # What came of waiting on the answer is taken back; being late in an earlier round stands.
            self.late = not slips.forgive(self, do, PROBLEM_OVERDUE, PROBLEM_POOR, clock.started_at)
        do.clocks.extend(RECTIFYING_CLOCK, Period(self.more_days, PeriodUnit.WORKDAY))
        slips.lay_down(self, do, Cause.NEAR, Cause.OVERDUE)
        watch_end(self, do)
        self.extensions, self.more_days = self.extensions + 1, None
        due = do.clocks.due(RECTIFYING_CLOCK)
        assert due is not None
        words = format_lazy(_("More time is granted, up to {}."), written_day(last_day(due)))
        self._tell_unit(do, words)

    @act(EXTENDING, to=RECTIFYING, by=OFFICE, owed=True, label=_("Grant no more time"))
    def refuse_extension(self, do: Do, reason: Reason) -> None:
        """Refuse the time asked for, with the reason; the time there was goes on."""
        self.more_days = None
        self._tell_unit(
            do,
            _("No more time is granted. The reason stands on the sheet."),
        )

    @act(RECTIFYING, to=SUSPENDED, by=OFFICE, stops=(NEARING, STEP), label=_("Suspend"))
    def suspend(self, do: Do, reason: Reason) -> None:
        """Suspend the sheet while nobody could go on with it, such as during a lawsuit; its time stands still."""
        # Blue slip and steps are stopped, not paused: their days hang on a last day that moves.
        do.clocks.pause(RECTIFYING_CLOCK)
        self._tell_unit(do, _("The sheet is suspended; its time stands still."))

    @act(SUSPENDED, to=RECTIFYING, by=OFFICE, owed=True, label=_("Resume"))
    def resume(self, do: Do, reason: Reason) -> None:
        """Let the sheet and its time go on, now that what stood in the way is gone."""
        do.clocks.resume(RECTIFYING_CLOCK)
        watch_end(self, do)
        slips.watch_steps(self, do)
        self._tell_unit(do, _("The sheet goes on; its time runs again."))

    @act(AT_WORK, by=CLERK, label=_("Note progress"))
    def progress(
        self,
        do: Do,
        note: Annotated[str, Prose(1000), _("How far it has come")],
        done: Annotated[int | None, OneOfRows("milestones", (TO_DO,)), _("Steps done, up to no.")] = None,
    ) -> None:
        """Say how the rectification stands, and which steps of the plan are done."""
        for row in slips.steps(self):
            if done is not None and row.place <= done and row.done_on is None:
                row.done_on = do.today
                do.record(row)
        if done is not None:
            slips.lay_down(self, do, Cause.BEHIND)
            slips.watch_steps(self, do)
        if self.asked:
            self.asked = False
            holders = OFFICE.holders(self) | LEADER.holders(self)
            slips.tell(self, do, holders, _("The unit has said how it stands."))

    @act(IN_HAND, by=OFFICE | LEADER, label=_("Ask how it stands"), touch=True)
    def ask_progress(self, do: Do) -> None:
        """Ask the unit how a problem stands that is still on the books 挂账催办."""
        self.asked = True
        self._tell_unit(
            do,
            _("You are asked how this stands. Please note the progress."),
        )

    @act(IN_HAND, by=OFFICE | LEADER, label=_("Urge"))
    def urge(self, do: Do, words: Annotated[str, Prose(500), _("What is wanted")]) -> None:
        """Urge the unit in words of one's own, which stand on the sheet."""
        self.asked = True
        self._tell_unit(do, _("You are urged on. The words stand on the sheet."))

    @act(
        (ASSIGNED, SIGNED, *AT_WORK, REPORTED),
        by=OFFICE & LINKED,
        label=_("It is no rebound"),
    )
    def not_a_rebound(self, do: Do, reason: Reason) -> None:
        """Undo a link that is wrong: the sheet counts as a rebound no longer."""
        self._count_as_rebound_no_longer(do)

    @act((FOUND, VERIFIED), to=TRANSFERRED, by=OFFICE, label=_("Hand to the discipline organ"))
    def transfer(self, do: Do) -> None:
        """Hand a problem that no unit knows of to the discipline organ; its words are sealed and go with the transfer."""
        if do.actor.reason != CLUE_TRANSFER:  # else it goes along with a batch
            do.open(CLUE_TRANSFER, {"sheets": [{"sheet": self.pk}]}, kind=TRANSFER_LINK)
        take_off(self)

    @act(TRANSFERRED, to=VERIFIED, by=GIVEN_BACK, label=_("Take up again"))
    def take_up(self, do: Do, reason: Reason) -> None:
        """Take up a sheet again that the discipline organ left to the office: its problem is still to be put right."""
        put_back(self, do)

    # After the close-out: look-back and reopening 回头看; and what the clocks bring about on the way.

    @act(LOOK_BACK_DUE, to=HELD, by=INDEPENDENT, owed=True, label=_("Record that it has not come back"))
    def look_back(self, do: Do, finding: Annotated[str, Prose(500), _("What was found")]) -> None:
        """Look again at a problem closed out a while ago, and find that it has not come back."""
        do.clocks.stop(LOOKING_BACK)

    @act(
        ENDED_WELL,
        to=ASSIGNED,
        by=OFFICE,
        stops=LOOKING_BACK,
        starts=(SIGNING, DISPUTING),
        label=_("Reopen the sheet"),
    )
    def reopen(
        self,
        do: Do,
        reason: Annotated[str, Prose(500), _("What has come back")],
        to_unit: Annotated[Unit | None, _("Another unit, where this one has ended")] = None,
    ) -> None:
        """Reopen a sheet whose problem has come back: it counts as a rebound, and is signed for and planned anew."""
        assert self.responsible is not None
        # Before another unit may take it over: the fact is about the one that put it right.
        slips.take_back(self, do, PROBLEM_WRITTEN_OFF)
        if to_unit is not None:
            self.responsible = to_unit
        elif self.responsible.valid_to is not None and self.responsible.valid_to < do.today:
            raise Invalid({"to_unit": [_("The unit has ended. Name the one that took over from it.")]})
        # That the first round was late stays a fact; the second has its own time.
        self.written_off_on, self.late, self.assigner_id = None, False, _assigner(do)
        slips.drop_plan(self, do)
        self.rebound = True
        slips.weak(self, do, PROBLEM_REBOUND, PROBLEM_POOR)

    @act(ASSIGNED, by=CLOCK, expires=SIGNING, label=_("Mark acknowledgement overdue"))
    def sign_overdue(self, do: Do) -> None:
        """Note that the unit has not signed in time, and issue a red slip."""
        do.leave(PROBLEM_SIGNED_LATE, subject=self.responsible)
        slips.issue(self, do, Colour.RED, Cause.UNSIGNED)

    @act(SIGNED, by=CLOCK, expires=PLANNING, label=_("Mark the plan overdue"))
    def plan_overdue(self, do: Do) -> None:
        """Note that the unit has not planned in time, and issue a yellow slip."""
        slips.issue(self, do, Colour.YELLOW, Cause.PLAN)

    @act((SIGNED, *AT_WORK), by=CLOCK, expires=NEARING, label=_("Warn of the end"))
    def near_its_end(self, do: Do) -> None:
        """Warn the unit with a blue slip that its time is nearly over."""
        slips.issue(self, do, Colour.BLUE, Cause.NEAR)

    @act(AT_WORK, by=CLOCK, expires=STEP, label=_("Note that a step is behind"))
    def step_behind(self, do: Do) -> None:
        """Note that the day of a step is over and nobody said that it is done, with a yellow slip."""
        slips.issue(self, do, Colour.YELLOW, Cause.BEHIND)
        slips.watch_steps(self, do)

    @act((SIGNED, *AT_WORK), by=CLOCK, expires=RECTIFYING_CLOCK, stops=NEARING, label=_("Mark as overdue"))
    def rectify_overdue(self, do: Do) -> None:
        """Note that the problem was not reported put right in time, and issue a red slip."""
        self.late = True
        slips.weak(self, do, PROBLEM_OVERDUE, PROBLEM_POOR)
        slips.issue(self, do, Colour.RED, Cause.OVERDUE)

    @act(WRITTEN_OFF, to=LOOK_BACK_DUE, by=CLOCK, expires=LOOKING_BACK, label=_("Let the look-back fall due"))
    def fall_due(self, do: Do) -> None:
        """Ask the office to look again whether the problem has stayed away."""

    def _demand_in_time(self, do: Do, plan: RectificationPlan) -> None:
        """Refuse a plan without steps, out of order, or beyond the time there is."""
        if not plan.steps:
            raise Invalid({"steps": [_("Name at least one step, with its day.")]})
        days = [row.day for row in plan.steps]
        wrong = rules.out_of_order(days, do.today)
        if wrong is not None:
            words = _("Steps stand in the order of their days, and none lies in the past.")
            raise Invalid({f"steps.{wrong}.day": [words]})
        if plan.finish_on < days[-1]:
            raise Invalid({"finish_on": [_("The last step comes after this day.")]})
        due = do.clocks.due(RECTIFYING_CLOCK)
        # Nobody can plan within a time that is over; being overdue then tells by itself.
        if due is not None and due > do.now and plan.finish_on > last_day(due):
            words = format_lazy(
                _("The problem is to be put right by {}. Plan within it, and ask for more time afterwards."),
                written_day(last_day(due)),
            )
            raise Invalid({"finish_on": [words, format_lazy(_("Clause: {}."), do.clause(RECTIFY_WITHIN))]})

    def _count_as_rebound_no_longer(self, do: Do) -> None:
        if self.rebound:
            self.rebound = False
            slips.forgive(self, do, PROBLEM_REBOUND, PROBLEM_POOR)

    def _tell_unit(self, do: Do, words: Words) -> None:
        slips.tell(self, do, THE_UNIT.holders(self), words)


def _assigner(do: Do) -> int | None:
    """The id of who hands the sheet out, where somebody else has to close it out 经办与销号分离."""
    # Where no regime says a word, the stricter of the two holds: closing out is a second person's.
    apart = do.value(SECOND_PERSON) if do.policy.levels(SECOND_PERSON) else True
    return do.actor.person_id if apart else None
