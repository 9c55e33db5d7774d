"""What happens beside the course of a sheet: disputes, more time, suspension, urging, rebounds undone, transfer."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import written_day
from qingfeng.kernel.time.periods import Period, last_day
from qingfeng.kernel.time.periods import PeriodUnit as TimeUnit
from qingfeng.kernel.vocabulary import Do, Prose, Unit, When, Whole, act
from qingfeng.mechanisms.problems.rectification import separation, slips
from qingfeng.mechanisms.problems.rectification.clues import GIVEN_BACK, put_back, take_off
from qingfeng.mechanisms.problems.rectification.course import Course
from qingfeng.mechanisms.problems.rectification.declarations import (
    ASSIGNED,
    AT_WORK,
    CLUE_TRANSFER,
    DISPUTED,
    DISPUTING,
    EXTENDING,
    FOUND,
    IN_HAND,
    NEARING,
    PROBLEM_ASSIGNED,
    PROBLEM_OVERDUE,
    PROBLEM_POOR,
    PROBLEM_REBOUND,
    PROBLEM_SIGNED_LATE,
    RECTIFYING,
    RECTIFYING_CLOCK,
    REPORTED,
    SIGNED,
    SIGNING,
    STEP,
    SUSPENDED,
    TRANSFER_LINK,
    TRANSFERRED,
    VERIFIED,
)
from qingfeng.mechanisms.problems.rectification.policy import DISPUTE_WITHIN, EXTEND_MOST, EXTEND_TIMES
from qingfeng.mechanisms.problems.rectification.rebounds import look_for
from qingfeng.mechanisms.problems.rectification.registers import Cause
from qingfeng.mechanisms.problems.rectification.sheet import CLERK, LEADER, OFFICE
from qingfeng.mechanisms.problems.rectification.slips import watch_end

LINKED = When(
    lambda question: question.matter is not None and bool(question.matter.rebound),  # type: ignore[attr-defined]
    Q(rebound=True),
    _("a sheet that counts as a rebound"),
    _("This sheet does not count as a rebound."),
)


class Beside(Course):
    """The acts beside the course."""

    class Meta:
        abstract = True

    @act(ASSIGNED, to=DISPUTED, by=CLERK, stops=DISPUTING, label=_("Dispute"))
    def dispute(self, do: Do, reason: Annotated[str, Prose(500), _("Why it is not ours")]) -> None:
        """Say that the problem is another unit's; the time to sign stands still until the office decides."""
        due = do.clocks.due(DISPUTING)
        if due is None or due <= do.now:
            do.refuse(
                _("The time to dispute whose it is has run out."),
                slips.clause(do, DISPUTE_WITHIN),
                _("Sign for it, and talk to the office about it."),
            )
        do.clocks.pause(SIGNING)

    @act(DISPUTED, to=ASSIGNED, by=OFFICE, owed=True, label=_("It stays"))
    def keep(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")]) -> None:
        """Decide that the problem stays with the unit, which has the rest of its time to sign."""
        do.clocks.resume(SIGNING)
        slips.tell(
            self,
            do,
            self.THE_UNIT.holders(self),
            _("The problem stays with you. Please acknowledge receipt."),
        )

    @act(DISPUTED, to=ASSIGNED, by=OFFICE, owed=True, starts=(SIGNING, DISPUTING), label=_("Pass it on"))
    def pass_on(
        self,
        do: Do,
        to_unit: Annotated[Unit, _("Unit it goes to")],  # type: ignore[valid-type]  # mypy, before Unit is analysed
        reason: Annotated[str, Prose(500), _("Reason")],
    ) -> None:
        """Give the problem to the unit whose it is; nothing of it counts against the one that was asked first."""
        if to_unit == self.responsible:
            raise Invalid({"to_unit": [_("It lies with this unit now. Choose another, or let it stay.")]})
        self._count_as_rebound_no_longer(do)
        slips.take_back(self, do, PROBLEM_SIGNED_LATE)
        slips.take_back(self, do, PROBLEM_ASSIGNED)
        slips.lay_down(self, do)
        self.responsible, self.assigner_id = to_unit, separation.assigner(do)
        do.leave(PROBLEM_ASSIGNED, subject=to_unit)
        if look_for(self, do):
            slips.weak(self, do, PROBLEM_REBOUND, PROBLEM_POOR)

    @act(RECTIFYING, to=EXTENDING, by=CLERK, label=_("Ask for more time"))
    def ask_extension(
        self,
        do: Do,
        more_days: Annotated[int, Whole(1, 250, _("working days"))],
        reason: Annotated[str, Prose(500), _("Reason")],
    ) -> None:
        """Ask for more time, before the time there is has run out."""
        due, most = do.clocks.due(RECTIFYING_CLOCK), do.value(EXTEND_MOST)
        if due is None or due <= do.now:
            do.refuse(
                _("The time to put this right has run out; more is asked for beforehand."),
                slips.clause(do, EXTEND_MOST),
                _("Report what is done, and say what is still open."),
            )
        if self.extensions >= do.value(EXTEND_TIMES):
            do.refuse(
                format_lazy(_("The time of this sheet was extended {} times already."), self.extensions),
                slips.clause(do, EXTEND_TIMES),
                _("Put it right in time, or ask the office to suspend it where nobody could go on."),
            )
        if more_days > most:
            words = format_lazy(_("An extension takes at most {} working days."), most)
            raise Invalid(
                {"more_days": [words, format_lazy(_("Clause: {}."), slips.clause(do, EXTEND_MOST))]}
            )
        self.more_days = more_days

    @act(EXTENDING, to=RECTIFYING, by=OFFICE, owed=True, label=_("Extend"))
    def extend(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")] = "") -> None:
        """Grant the time asked for; whoever asked in time is not late for waiting on the answer."""
        assert self.more_days is not None
        clock = do.clocks.rows[RECTIFYING_CLOCK.name]
        if clock.expired_at is not None:
            self.late = not slips.forgive(self, do, PROBLEM_OVERDUE, PROBLEM_POOR, clock.started_at)
        do.clocks.extend(RECTIFYING_CLOCK, Period(self.more_days, TimeUnit.WORKDAY))
        slips.lay_down(self, do, Cause.NEAR, Cause.OVERDUE)
        watch_end(self, do)
        self.extensions, self.more_days = self.extensions + 1, None
        due = do.clocks.due(RECTIFYING_CLOCK)
        assert due is not None
        words = format_lazy(_("More time is granted, up to {}."), written_day(last_day(due)))
        slips.tell(self, do, self.THE_UNIT.holders(self), words)

    @act(EXTENDING, to=RECTIFYING, by=OFFICE, owed=True, label=_("Grant no more time"))
    def refuse_extension(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")]) -> None:
        """Refuse the time asked for, with the reason; the time there was goes on."""
        self.more_days = None
        slips.tell(
            self,
            do,
            self.THE_UNIT.holders(self),
            _("No more time is granted. The reason stands on the sheet."),
        )

    @act(RECTIFYING, to=SUSPENDED, by=OFFICE, stops=(NEARING, STEP), label=_("Suspend"))
    def suspend(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")]) -> None:
        """Suspend the sheet while nobody could go on with it, such as during a lawsuit; its time stands still."""
        do.clocks.pause(RECTIFYING_CLOCK)
        slips.tell(self, do, self.THE_UNIT.holders(self), _("The sheet is suspended; its time stands still."))

    @act(SUSPENDED, to=RECTIFYING, by=OFFICE, owed=True, label=_("Resume"))
    def resume(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")]) -> None:
        """Let the sheet and its time go on, now that what stood in the way is gone."""
        do.clocks.resume(RECTIFYING_CLOCK)
        watch_end(self, do)
        slips.watch_steps(self, do)
        slips.tell(self, do, self.THE_UNIT.holders(self), _("The sheet goes on; its time runs again."))

    @act(AT_WORK, by=CLERK, label=_("Note progress"))
    def progress(
        self,
        do: Do,
        note: Annotated[str, Prose(1000), _("How far it has come")],
        done: Annotated[int | None, Whole(1, 99), _("Steps done, up to no.")] = None,
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
        slips.tell(
            self,
            do,
            self.THE_UNIT.holders(self),
            _("You are asked how this stands. Please note the progress."),
        )

    @act(IN_HAND, by=OFFICE | LEADER, label=_("Urge"))
    def urge(self, do: Do, words: Annotated[str, Prose(500), _("What is wanted")]) -> None:
        """Urge the unit in words of one's own, which stand on the sheet."""
        self.asked = True
        slips.tell(
            self, do, self.THE_UNIT.holders(self), _("You are urged on. The words stand on the sheet.")
        )

    @act(
        (ASSIGNED, SIGNED, *AT_WORK, REPORTED),
        by=OFFICE & LINKED,
        label=_("It is no rebound"),
    )
    def not_a_rebound(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")]) -> None:
        """Undo a link that is wrong: the sheet counts as a rebound no longer."""
        self._count_as_rebound_no_longer(do)

    @act((FOUND, VERIFIED), to=TRANSFERRED, by=OFFICE, label=_("Hand to the discipline organ"))
    def transfer(self, do: Do) -> None:
        """Hand a problem that no unit knows of to the discipline organ; its words are sealed and go with the transfer."""
        if do.actor.reason != CLUE_TRANSFER:  # else it goes along with a batch
            do.open(CLUE_TRANSFER, {"sheets": [{"sheet": self.pk}]}, kind=TRANSFER_LINK)
        take_off(self)

    @act(TRANSFERRED, to=VERIFIED, by=GIVEN_BACK, label=_("Take up again"))
    def take_up(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")]) -> None:
        """Take up a sheet again that the discipline organ left to the office: its problem is still to be put right."""
        put_back(self, do)

    def _count_as_rebound_no_longer(self, do: Do) -> None:
        if self.rebound:
            self.rebound = False
            slips.forgive(self, do, PROBLEM_REBOUND, PROBLEM_POOR)
