"""The course of a sheet 主线: registered, verified, assigned, signed, planned, reported, checked, closed out."""

from __future__ import annotations

from typing import Annotated

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import written_day
from qingfeng.kernel.time.periods import last_day
from qingfeng.kernel.vocabulary import NEW, Attachment, Do, Files, Prose, Unit, act
from qingfeng.mechanisms.problems.rectification import rules, separation, slips
from qingfeng.mechanisms.problems.rectification.declarations import (
    ASSIGNED,
    AT_WORK,
    DISPUTING,
    FOUND,
    LOOKING_BACK,
    NEARING,
    PLANNING,
    PROBLEM_ASSIGNED,
    PROBLEM_FOUND,
    PROBLEM_POOR,
    PROBLEM_REBOUND,
    PROBLEM_SENT_BACK,
    PROBLEM_WRITTEN_OFF,
    RECTIFYING,
    RECTIFYING_CLOCK,
    REPORTED,
    SIGNED,
    SIGNING,
    STEP,
    UNFOUNDED,
    VERIFIED,
    WRITTEN_OFF,
    ProblemSource,
)
from qingfeng.mechanisms.problems.rectification.inputs import (
    FoundProblem,
    PublicRating,
    RectificationPlan,
    VerificationMethod,
)
from qingfeng.mechanisms.problems.rectification.policy import RECTIFY_WITHIN
from qingfeng.mechanisms.problems.rectification.rebounds import look_for
from qingfeng.mechanisms.problems.rectification.registers import Cause, Colour, Milestone
from qingfeng.mechanisms.problems.rectification.sheet import CLERK, INDEPENDENT, OFFICE, SECOND, Sheet
from qingfeng.mechanisms.problems.rectification.slips import watch_end
from qingfeng.organization.topics import TOPICS


class Course(Sheet):
    """The acts by which a sheet comes to its end."""

    class Meta:
        abstract = True

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
    def dismiss(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")]) -> None:
        """Close the sheet, with the reason: what was reported is not so."""

    @act(VERIFIED, to=ASSIGNED, by=OFFICE, owed=True, starts=(SIGNING, DISPUTING), label=_("Assign"))
    def assign(self, do: Do, responsible: Unit, requirement: Annotated[str, Prose(500)]) -> None:
        """Hand the problem to the unit that must put it right."""
        self.responsible, self.requirement = responsible, requirement
        self.assigner_id = separation.assigner(do)
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
        self.result, self.more_days, self.asked = result, None, False
        do.clocks.stop(NEARING)
        do.clocks.stop(STEP)
        slips.lay_down(self, do)

    @act(REPORTED, to=RECTIFYING, by=INDEPENDENT, owed=True, label=_("Send back"))
    def send_back(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")]) -> None:
        """Send the report back: the problem is not put right yet."""
        self.returns += 1
        slips.weak(self, do, PROBLEM_SENT_BACK, PROBLEM_POOR)
        slips.issue(self, do, Colour.YELLOW, Cause.SENT_BACK)
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
        if due is not None and due > do.now and plan.finish_on > last_day(due):
            words = format_lazy(
                _("The problem is to be put right by {}. Plan within it, and ask for more time afterwards."),
                written_day(last_day(due)),
            )
            raise Invalid(
                {"finish_on": [words, format_lazy(_("Clause: {}."), slips.clause(do, RECTIFY_WITHIN))]}
            )
