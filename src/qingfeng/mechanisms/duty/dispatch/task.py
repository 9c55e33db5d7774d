"""The task and its acts 督办事项."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, ClassVar

from django.conf import settings
from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import written_day
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.kernel.vocabulary import (
    NEW,
    Attachment,
    Did,
    Do,
    Files,
    Holds,
    Line,
    Matter,
    Office,
    Prose,
    Role,
    State,
    System,
    Unit,
    act,
)
from qingfeng.mechanisms.duty.dispatch.declarations import DOING, TASK_DONE, TASK_OVERDUE, TASK_SET
from qingfeng.mechanisms.duty.dispatch.statistics import TASKS

OFFICE = Office(Role.SUPERVISION_OFFICE)
CLERK = Holds(Role.UNIT_CLERK, of="unit")
HEAD = Holds(Role.UNIT_HEAD, of="unit")
LEADER = Holds(Role.LEADER, of="unit")

SET = State("set", _("set"))
SIGNED = State("signed", _("signed for"))
REPORTED = State("reported", _("reported done"))
CONFIRMED = State("confirmed", _("done, confirmed"), final=True)
CALLED_OFF = State("called_off", _("called off by the office"), final=True)


class Task(Matter):
    """A task with a unit and a day, pressed until it is done (督办事项、限期办结)."""

    code = "tasks"
    series = "督办"
    reads: ClassVar = OFFICE | CLERK | HEAD | LEADER
    filters = ("unit",)
    statistics = TASKS

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="tasks", verbose_name=_("responsible unit"))
    what = models.TextField(_("what the unit is to do"))
    due_on = models.DateField(_("to be done by"))
    result = models.TextField(_("what was done"), blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")

    @act(NEW, to=SET, by=OFFICE, starts=DOING, label=_("Set a task"), provides="task.set")
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
        self._due(do, due_on, do.today)
        do.leave(TASK_SET, subject=unit)

    @act(SET, to=SIGNED, by=CLERK, owed=True, label=_("Acknowledge receipt of the task"))
    def sign(self, do: Do) -> None:
        """Acknowledge receipt of the task on behalf of the unit."""

    @act((SET, SIGNED), to=REPORTED, by=CLERK, owed=True, stops=DOING, label=_("Report the task done"))
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

    @act(REPORTED, to=CONFIRMED, by=OFFICE & ~Did("report"), owed=True, label=_("Confirm the task done"))
    def confirm(self, do: Do, finding: Annotated[str, Prose(500), _("What was checked")]) -> None:
        """Confirm that the task is done, having checked it; never by who reported it."""
        do.leave(TASK_DONE, subject=self.unit)

    @act(
        REPORTED,
        to=SIGNED,
        by=OFFICE & ~Did("report"),
        owed=True,
        starts=DOING,
        label=_("Return the task"),
    )
    def send_back(
        self,
        do: Do,
        reason: Annotated[str, Prose(500), _("Reason")],
        due_on: Annotated[date, _("To be done by, anew")],
    ) -> None:
        """Return the report: it is not done yet; a day is set anew."""
        self._due(do, due_on, do.today)

    @act((SET, SIGNED), by=OFFICE, starts=DOING, label=_("Give more time"))
    def extend(
        self,
        do: Do,
        due_on: Annotated[date, _("To be done by, anew")],
        reason: Annotated[str, Prose(500), _("Reason")],
    ) -> None:
        """Put the day off, with the reason; that it was overdue before stays on record."""
        self._due(do, due_on, max(do.today, self.due_on + timedelta(days=1)))

    @act((SET, SIGNED, REPORTED), to=CALLED_OFF, by=OFFICE, stops=DOING, label=_("Call the task off"))
    def call_off(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")]) -> None:
        """Call the task off: it need not be done any more."""

    @act((SET, SIGNED), by=System("clock"), expires=DOING, label=_("Mark the task overdue"))
    def overdue(self, do: Do) -> None:
        """Note that the task was not done by its day, and tell those who answer for it."""
        do.leave(TASK_OVERDUE, subject=self.unit)
        told = self.reads.holders(self)
        with override(settings.LANGUAGE_CODE):
            words = str(_("Overdue task: {}")).format(self)
        for holder in sorted(told):
            do.notify(holder, words)

    def _due(self, do: Do, on: date, earliest: date) -> None:
        """Have it due at the end of a day. Raises ``Invalid`` for one before the earliest."""
        if on < earliest:
            raise Invalid({"due_on": [format_lazy(_("The earliest day is {}."), written_day(earliest))]})
        self.due_on = on
        do.count_from(DOING, datetime.combine(on + timedelta(days=1), time(), ZONE))
