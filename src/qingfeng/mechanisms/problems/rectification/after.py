"""After the close-out, look-back and reopening 回头看; and what the clocks bring about on the way."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.vocabulary import Do, Prose, System, Unit, act
from qingfeng.mechanisms.problems.rectification import separation, slips
from qingfeng.mechanisms.problems.rectification.beside import Beside
from qingfeng.mechanisms.problems.rectification.declarations import (
    ASSIGNED,
    AT_WORK,
    DISPUTING,
    ENDED_WELL,
    HELD,
    LOOK_BACK_DUE,
    LOOKING_BACK,
    NEARING,
    PLANNING,
    PROBLEM_OVERDUE,
    PROBLEM_POOR,
    PROBLEM_REBOUND,
    PROBLEM_SIGNED_LATE,
    PROBLEM_WRITTEN_OFF,
    RECTIFYING_CLOCK,
    SIGNED,
    SIGNING,
    STEP,
    WRITTEN_OFF,
)
from qingfeng.mechanisms.problems.rectification.registers import Cause, Colour
from qingfeng.mechanisms.problems.rectification.sheet import INDEPENDENT, OFFICE

CLOCK = System("clock")


class After(Beside):
    """The acts after the close-out, and those of the clocks."""

    class Meta:
        abstract = True

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
        slips.take_back(self, do, PROBLEM_WRITTEN_OFF)
        if to_unit is not None:
            self.responsible = to_unit
        elif self.responsible.valid_to is not None and self.responsible.valid_to < do.today:
            raise Invalid({"to_unit": [_("The unit has ended. Name the one that took over from it.")]})
        self.written_off_on, self.late, self.assigner_id = None, False, separation.assigner(do)
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
