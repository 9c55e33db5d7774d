"""What follows a sheet on its way: who is told, slips in three colours, facts left once and taken back, clocks set anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import last_day
from qingfeng.kernel.vocabulary import Do, FactKind, Matter, begin_of, reads
from qingfeng.mechanisms.problems.rectification import rules
from qingfeng.mechanisms.problems.rectification.declarations import NEARING, RECTIFYING_CLOCK, STEP
from qingfeng.mechanisms.problems.rectification.guards import LEADER, THE_UNIT
from qingfeng.mechanisms.problems.rectification.policy import WARN_BEFORE
from qingfeng.mechanisms.problems.rectification.registers import Cause, Colour, Milestone, Slip

if TYPE_CHECKING:
    from qingfeng.mechanisms.problems.rectification.problem import Problem

SAYS: dict[Cause, Words] = {
    Cause.NEAR: _("Blue slip: the time to put this right is nearly over."),
    Cause.PLAN: _("Yellow slip: the plan has not been handed in in time. Please hand it in."),
    Cause.BEHIND: _("Yellow slip: a step of the plan is behind. Please say how it stands."),
    Cause.SENT_BACK: _("Yellow slip: the report was sent back. Please put right what is still open."),
    Cause.UNSIGNED: _("Red slip: receipt was not acknowledged in time. Please acknowledge it."),
    Cause.OVERDUE: _(
        "Red slip: this was not put right in time. Please report, or say what stands in the way."
    ),
}


def tell(matter: Matter, do: Do, holders: Iterable[str], words: Words) -> None:
    """Tell holders which matter it is and what of it, but for the one who acts."""
    do.notify(set(holders) - set(do.actor.keys), "{}：{}", matter, words)


def issue(sheet: Problem, do: Do, colour: Colour, cause: Cause) -> None:
    """Issue a slip to the unit: its clerk and head are told, of a red one the leader in charge too."""
    assert sheet.responsible_id is not None
    do.record(
        Slip(
            problem_id=sheet.pk, unit_id=sheet.responsible_id, colour=colour, cause=cause, valid_from=do.today
        )
    )
    holders = THE_UNIT.holders(sheet)
    if colour == Colour.RED:
        holders |= LEADER.holders(sheet)
    tell(sheet, do, holders, SAYS[cause])


def lay_down(sheet: Problem, do: Do, *causes: Cause) -> None:
    """Lay down the slips that stand, or of these those of some causes: what they warned of is done, or not the unit's."""
    standing = Slip.objects.filter(problem=sheet.pk, valid_to=None).order_by("id")
    for row in standing.filter(cause__in=causes) if causes else standing:
        row.valid_to = do.today
        do.record(row)


def weak(sheet: Problem, do: Do, kind: FactKind, poor: FactKind) -> None:
    """Leave a fact against the unit; the first of its kind on a sheet counts as poor rectification too."""
    if not do.standing_facts(kind, sheet.responsible):
        do.leave(poor, subject=sheet.responsible)
    do.leave(kind, subject=sheet.responsible)


def forgive(sheet: Problem, do: Do, kind: FactKind, poor: FactKind, since: datetime | None = None) -> bool:
    """Take back what stands of a kind of fact against the unit, or of these those left since a moment.

    With the last of them goes the poor rectification it counted as. Returns whether none is left.
    """
    standing = do.standing_facts(kind, sheet.responsible)
    # A fact bears the moment of its entry, so those of a clock that ran out were left since it was started.
    found = [fact for fact in standing if since is None or fact.recorded_at >= since]
    for fact in found:
        do.take_back(fact)
    if found == standing:
        for fact in do.standing_facts(poor, sheet.responsible)[-1:] if found else ():
            do.take_back(fact)
    return found == standing


def take_back(sheet: Problem, do: Do, kind: FactKind) -> None:
    """Take back the facts of a kind that stand about the unit."""
    for fact in do.standing_facts(kind, sheet.responsible):
        do.take_back(fact)


@reads(WARN_BEFORE)
def watch_end(sheet: Problem, do: Do) -> None:
    """Set the day of the blue slip, so many working days before the last day as it stands now."""
    due = do.clocks.due(RECTIFYING_CLOCK)
    if due is None or due <= do.now:
        return
    # A short time may be warned of on a day that is past already: then at once.
    warned = rules.near(last_day(due), do.value(WARN_BEFORE), do.clocks.workdays())
    do.clocks.start(NEARING, None, max(begin_of(warned), do.now))


def watch_steps(sheet: Problem, do: Do) -> None:
    """Watch the next step of the plan whose day is not over; without one, nothing is watched."""
    ahead = steps(sheet).filter(done_on=None, day__gte=do.today).order_by("day", "place").first()
    if ahead:
        do.clocks.start(STEP, None, rules.over(ahead.day))
    else:
        do.clocks.stop(STEP)


def steps(sheet: Problem) -> QuerySet[Milestone]:
    """The steps of the plan that stands, in their order."""
    return Milestone.objects.filter(problem=sheet.pk, valid_to=None).order_by("place")


def drop_plan(sheet: Problem, do: Do) -> None:
    """End the plan that stands: another takes its place, or the sheet goes elsewhere."""
    for row in steps(sheet):
        row.valid_to = do.today
        do.record(row)
