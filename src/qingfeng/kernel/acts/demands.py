"""Demand 限期办理: asked with a day, signed for, answered, accepted or returned; the one pattern for what is owed by a day.

A day that passes is told and leaves what the mechanism names, never a finding: who asked looks at the answer, and gives
more time or calls it off (政府督查工作条例 arts. 15-17). Whoever answered does not accept it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.declaration import act
from qingfeng.kernel.acts.inputs import Files, Line, Prose, Reason
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.guards import Did, Guard, Per, System
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.states import NEW, State
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.record.facts import FactKind
from qingfeng.kernel.record.succession import FOLLOWS
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words, written_day
from qingfeng.kernel.time.clocks import Clock
from qingfeng.kernel.time.periods import begin_of

if TYPE_CHECKING:
    from qingfeng.kernel.acts.do import Do

DOING = Clock("doing", _("Doing the task"), deadline=True)

SET = State("set", _("set"))
SIGNED = State("signed", _("signed for"))
REPORTED = State("reported", _("reported done"))
CONFIRMED = State("confirmed", _("done, confirmed"), final=True)
CALLED_OFF = State("called_off", _("called off by the office"), final=True)


class Demand(Matter):
    """The pattern, to be filled in by a mechanism.

    A subclass names ``contract``, the guards ``askers`` (who ask, give more time, call off), ``checkers`` (who accept or
    return) and ``answerers``, and, where something is counted, the facts ``leaves_set``, ``leaves_done`` and
    ``leaves_overdue``, about the unit. The words are those of a task: another calls fields, states, clock and acts by its
    own (``own_states``, ``own_clocks``, ``Act.worded``).
    """

    askers: ClassVar[Guard]
    checkers: ClassVar[Guard]
    answerers: ClassVar[Guard]
    leaves_set: ClassVar[FactKind | None] = None
    leaves_done: ClassVar[FactKind | None] = None
    leaves_overdue: ClassVar[FactKind | None] = None
    tells_overdue: ClassVar[Words] = _("Overdue task: {}")
    told_overdue: ClassVar[Guard | None] = None
    """Who is told that the day passed; none: everyone who reads it."""
    becomes: ClassVar = {"unit": FOLLOWS}

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="%(class)ss", verbose_name=_("responsible unit")
    )
    what = models.TextField(_("what the unit is to do"))
    due_on = models.DateField(_("to be done by"))
    result = models.TextField(_("what was done"), blank=True)

    class Meta:
        abstract = True

    @act(NEW, to=SET, by=Per("askers"), starts=DOING, label=_("Set a task"), provides="{contract}")
    def set(
        self,
        do: Do,
        title: Annotated[str, Line(100)],
        unit: Unit,
        what: Annotated[str, Prose(2000)],
        due_on: date,
    ) -> None:
        """Give a unit something to do by a day."""
        self.title, self.unit, self.what = title, unit, what
        self.due(do, due_on, do.today)
        self._leave(do, self.leaves_set)

    @act(SET, to=SIGNED, by=Per("answerers"), owed=True, label=_("Acknowledge receipt of the task"))
    def sign(self, do: Do) -> None:
        """Acknowledge receipt of the task on behalf of the unit."""

    @act(
        (SET, SIGNED),
        to=REPORTED,
        by=Per("answerers"),
        owed=True,
        stops=DOING,
        label=_("Report the task done"),
    )
    def report(
        self,
        do: Do,
        result: Annotated[str, Prose(2000)],
        evidence: Annotated[list[Attachment], Files(9), _("Evidence")] = [],  # noqa: B006
        no_evidence: Annotated[str, Prose(500), _("Why there is no evidence")] = "",
    ) -> None:
        """Report what was done, with evidence, or the reason why there is none."""
        if not evidence and not no_evidence:
            raise Invalid({"evidence": [_("Attach evidence, or say below why there is none.")]})
        self.result = result

    @act(
        REPORTED,
        to=CONFIRMED,
        by=Per("checkers") & ~Did("report"),
        owed=True,
        label=_("Confirm the task done"),
    )
    def confirm(self, do: Do, finding: Annotated[str, Prose(500), _("What was checked")]) -> None:
        """Confirm that the task is done, having checked it; never by who reported it."""
        self._leave(do, self.leaves_done)

    @act(
        REPORTED,
        to=SIGNED,
        by=Per("checkers") & ~Did("report"),
        owed=True,
        starts=DOING,
        label=_("Return the task"),
    )
    def send_back(
        self,
        do: Do,
        reason: Reason,
        due_on: Annotated[date, _("To be done by, anew")],
    ) -> None:
        """Return the report: it is not done yet; a day is set anew."""
        self.due(do, due_on, do.today)

    @act((SET, SIGNED), by=Per("askers"), starts=DOING, label=_("Give more time"))
    def extend(
        self,
        do: Do,
        due_on: Annotated[date, _("To be done by, anew")],
        reason: Reason,
    ) -> None:
        """Put the day off, with the reason; that it was overdue before stays on record."""
        self.due(do, due_on, max(do.today, self.due_on + timedelta(days=1)))

    @act(
        (SET, SIGNED, REPORTED),
        to=CALLED_OFF,
        by=Per("askers"),
        stops=DOING,
        label=_("Call the task off"),
    )
    def call_off(self, do: Do, reason: Reason) -> None:
        """Call the task off: it need not be done any more."""

    @act((SET, SIGNED), by=System("clock"), expires=DOING, label=_("Mark the task overdue"))
    def overdue(self, do: Do) -> None:
        """Note that the task was not done by its day, and tell those who answer for it."""
        self._leave(do, self.leaves_overdue)
        do.notify((self.told_overdue or self.reads).holders(self), self.tells_overdue, self)

    def due(self, do: Do, on: date, earliest: date) -> None:
        """Have it due at the end of a day. Raises ``Invalid`` for one before the earliest."""
        if on < earliest:
            raise Invalid({"due_on": [format_lazy(_("The earliest day is {}."), written_day(earliest))]})
        self.due_on = on
        do.count_from(DOING, begin_of(on + timedelta(days=1)))

    def _leave(self, do: Do, kind: FactKind | None) -> None:
        if kind is not None:
            do.leave(kind, subject=self.unit)
