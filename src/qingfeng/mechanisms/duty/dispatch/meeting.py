"""The recurring meeting and its acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated, ClassVar

from django.db import models
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.translatable import TranslatableError
from qingfeng.kernel.text.words import Words, in_house, written_day
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Burden,
    BurdenKind,
    CalendarEvent,
    Do,
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
    act,
    begin_of,
)
from qingfeng.mechanisms.duty.dispatch import agenda, rules
from qingfeng.mechanisms.duty.dispatch.declarations import (
    AGENDA_LINK,
    DISPATCH_HELD,
    DISPATCH_MISSED,
    HOLDING,
    RESOLUTION_LINK,
    AgendaReason,
)
from qingfeng.mechanisms.duty.dispatch.duties import CONTRACT
from qingfeng.mechanisms.duty.dispatch.policy import IDLE, LONGEST, NEAR, PLANS, DispatchKind, plan_of
from qingfeng.mechanisms.duty.dispatch.registers import (
    ON_THE_AGENDA,
    STRUCK,
    AgendaItem,
    Attendance,
    Resolution,
)
from qingfeng.mechanisms.duty.dispatch.statistics import MEETINGS, OF_MEETINGS

OFFICE = Office(Role.SUPERVISION_OFFICE)
CLERK = Holds(Role.UNIT_CLERK, of="unit")
CONVENER = Holds(Role.SUPERVISION_OFFICE, of="unit") | CLERK
HEAD = Holds(Role.UNIT_HEAD, of="unit")
LEADER = Holds(Role.LEADER, of="unit")

CALLED = State("called", _("called"))
MISSED = State("missed", _("missed"))
HELD = State("held", _("held, record owed"))
MADE_UP = State("made_up", _("made up later, record owed"))
CONCLUDED = State("concluded", _("held, record kept"), final=True)


def period_told(period: str) -> str:
    """What a period is called, such as “week 39 of 2026” for ``2026-W39``. Raises ``Said`` for none."""
    words, parts = rules.period_words(period)
    return say(words) % parts


ON_IT = OneOfRows("agenda", (ON_THE_AGENDA,))
NO_ON_THE_AGENDA = pgettext_lazy("recurring meeting", "No. on the agenda")
Standing = Annotated[AgendaItem, ON_IT, NO_ON_THE_AGENDA]


class AttendanceRow(Input):
    """A unit that attended, with the number of its people."""

    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]  # mypy, before Unit is analysed
    people: Annotated[int, Whole(1, 1000), pgettext_lazy("attendance", "People")]


class ResolutionRow(Input):
    """Something resolved, which becomes a task of a unit."""

    item: Annotated[int | None, ON_IT, NO_ON_THE_AGENDA] = None
    title: Annotated[str, Line(100), _("Task")]
    what: Annotated[str, Prose(2000), _("What the unit is to do")]
    unit: Annotated[Unit, _("Responsible unit")]  # type: ignore[valid-type]
    due_on: Annotated[date, _("To be done by")]


class Dispatch(Matter):
    """A meeting that returns, its agenda drawn from open matters, its resolutions made tasks (调度会、月度例会、周例会)."""

    code = "dispatch"
    series = "调度"
    reads: ClassVar = OFFICE | CLERK | HEAD | LEADER
    becomes: ClassVar = {"unit": FOLLOWS}
    filters = ("kind", "unit")
    statistics = MEETINGS
    tallies = (OF_MEETINGS,)
    asks = Burden(BurdenKind.MEETING, unit="attendance__unit", on="held_on")
    agenda = Rows(
        AgendaItem,
        label=pgettext_lazy("recurring meeting", "Agenda"),
        columns=(
            RowColumn("matter", _("Matter"), Matter),
            "topic",
            "section",
            RowColumn("due_on", _("Due day"), date, of=AgendaItem.due_on),
        ),
        states=(STRUCK, ON_THE_AGENDA),
    )
    attended = Rows(
        Attendance,
        label=_("Attendance by unit"),
        columns=(RowColumn("unit", _("Unit"), Unit, null=False), "people"),
        by="pk",
        name="attendance",
    )
    resolved = Rows(
        Resolution,
        label=_("Resolutions"),
        columns=(
            "title",
            RowColumn("item", NO_ON_THE_AGENDA, int, of=lambda row: row.item and row.item.number),
            RowColumn("unit", _("Responsible unit"), Unit, null=False),
            "due_on",
            RowColumn("task", _("Task"), Matter),
        ),
        name="resolutions",
    )

    kind = models.CharField(_("kind of meeting"), max_length=20, choices=DispatchKind.choices)
    period = models.CharField(_("period"), max_length=10)
    day = models.DateField(_("day"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="dispatches", verbose_name=_("convening unit")
    )
    missed = models.BooleanField(_("missed its day"), default=False)
    held_on = models.DateField(_("held on"), null=True)
    minutes = models.TextField(pgettext_lazy("of a meeting", "minutes"), blank=True)

    class Meta:
        verbose_name = _("recurring meeting")
        verbose_name_plural = _("recurring meetings")

    @act(NEW, to=CALLED, by=System("duty"), starts=HOLDING, label=_("Call the meeting"), provides=CONTRACT)
    def call(
        self,
        do: Do,
        kind: DispatchKind,
        period: Annotated[str, Line(10, told=period_told)],
        day: date,
        unit: Unit,
    ) -> None:
        """Call the meeting of a period on its working day, by itself."""
        self.kind, self.period, self.day, self.unit = kind.value, period, day, unit
        try:
            self.title = in_house("{}（{}）", kind.label, lazy(period_told, str)(period))
        except TranslatableError as fault:
            raise Invalid({"period": [fault.told(say)]}) from None
        # What an outage put off is counted from its own day all the same.
        do.count_from(HOLDING, begin_of(day))

    @act((CALLED, MISSED), by=CONVENER, label=_("Draw up the agenda"))
    def draw_up(self, do: Do) -> None:
        """Draw the agenda from open matters: overdue first, then due soon, then long without an act; tasks done too."""
        plan = plan_of(do.value(PLANS), self.kind)
        if plan is None:
            do.refuse(
                _("The regime doesn't say from what this agenda is drawn."),
                remedy=_("Add its items by hand, or have the regime name the mechanisms."),
            )
        known = set(self.items.values_list("matter_id", flat=True)) - {None}
        near, idle = do.value(NEAR), do.value(IDLE)
        room = do.value(LONGEST) - self.items.filter(valid_to=None).exclude(section=AgendaReason.DONE).count()
        found = agenda.waiting(do, plan.of, near, idle, known)
        rows = [
            self._item(do, AgendaReason(where.value), matter_id=one.matter, due_at=one.due)
            for one, where in rules.drawn(found, do.now, near, idle, room)
        ]
        rows += [
            self._item(do, AgendaReason.DONE, matter_id=resolved.task_id, topic=resolved.title)
            for resolved in agenda.done_since(self.jurisdiction_id, self.kind)
            if resolved.task_id not in known
        ]
        if not rows:
            do.refuse(_("There is nothing to add to the agenda."), remedy=_("Add items by hand if you want."))
        self.agenda.add(do, rows)

    @act((CALLED, MISSED), by=CONVENER, label=_("Add an item"))
    def add(
        self,
        do: Do,
        reason: Reason,
        number: Annotated[str, Line(60), _("Number of the matter")] = "",
        topic: Annotated[str, Line(200), _("Topic, where it is no matter")] = "",
    ) -> None:
        """Add an item by hand, a matter by its number or a topic in words, with the reason."""
        if bool(number) == bool(topic):
            raise Invalid({"number": [_("Give either the number of a matter or a topic.")]})
        row = self._item(do, AgendaReason.ADDED, topic=topic)
        if number:
            readable = agenda.for_an_agenda(do.actor, self.jurisdiction_id)
            found = readable.filter(number=number.strip()).first()
            if found is None:
                raise Invalid({"number": [_("There is no such matter, or it is not yours to bring up.")]})
            if self.items.filter(matter=found, valid_to=None).exists():
                raise Invalid({"number": [_("It stands on the agenda already.")]})
            row.matter = found
        self.agenda.add(do, [row])

    @act((CALLED, MISSED), by=CONVENER, label=_("Strike an item"))
    def strike(
        self,
        do: Do,
        item: Standing,
        reason: Reason,
    ) -> None:
        """Strike an item off the agenda, with the reason; it stays to be seen, struck."""
        self.agenda.strike(do, item)

    @act(
        (CALLED, MISSED),
        to=(HELD, MADE_UP),
        by=CONVENER,
        owed=True,
        stops=HOLDING,
        label=_("Record it held"),
    )
    def hold(
        self, do: Do, held_on: date, attendance: Annotated[list[AttendanceRow], _("Attendance by unit")]
    ) -> State:
        """Record that the meeting was held, on which day, and how many people of which units attended."""
        if not self.day <= held_on <= do.today:
            words = format_lazy(_("It was held between {} and today."), written_day(self.day))
            raise Invalid({"held_on": [words]})
        _once(row.unit.pk for row in attendance)
        self.held_on = held_on
        do.record_all(
            [
                Attendance(dispatch=self, unit=row.unit, people=row.people, valid_from=do.today)
                for row in attendance
            ]
        )
        do.leave(DISPATCH_HELD, subject=self.unit, held_on=held_on)
        return MADE_UP if self.missed else HELD

    @act((HELD, MADE_UP), to=CONCLUDED, by=CONVENER, owed=True, label=_("Keep the record"))
    def conclude(
        self,
        do: Do,
        minutes: Annotated[str, Prose(8000)],
        resolutions: Annotated[list[ResolutionRow], _("Resolutions")] = [],  # noqa: B006
    ) -> None:
        """Keep the minutes and what was resolved; each resolution becomes a task of the unit named."""
        self.minutes = minutes
        items = {row.number: row for row in self.items.filter(valid_to=None)}
        wrong: dict[str, list[Words]] = {}
        for place, row in enumerate(resolutions):
            if row.item is not None and row.item not in items:
                wrong[f"resolutions.{place}.item"] = [_("The agenda has no such item.")]
            if row.due_on < do.today:
                wrong[f"resolutions.{place}.due_on"] = [_("This day is past.")]
        if wrong:
            raise Invalid(wrong)
        do.record_all(
            [
                self._resolved(do, number, row, items.get(row.item or 0))
                for number, row in enumerate(resolutions, start=1)
            ]
        )

    @act(CALLED, to=MISSED, by=System("clock"), expires=HOLDING, label=_("Note that it was missed"))
    def miss(self, do: Do) -> None:
        """Note that the day passed and the meeting was not held; it can still be made up."""
        self.missed = True
        do.leave(DISPATCH_MISSED, subject=self.unit, held_on=self.day)
        do.notify(self.reads.holders(self), _("Not held by its day: {}"), self)

    def occasion(self) -> CalendarEvent:
        """The day it is called for, then the day it was held, for the calendar."""
        day = self.held_on or self.day
        return CalendarEvent(day, day, self.title)

    def _item(self, do: Do, section: AgendaReason, **values: object) -> AgendaItem:
        return AgendaItem(dispatch=self, section=section.value, valid_from=do.today, **values)

    def _resolved(self, do: Do, number: int, row: ResolutionRow, item: AgendaItem | None) -> Resolution:
        values = {
            "title": row.title,
            "what": row.what,
            "unit": row.unit.pk,
            "due_on": row.due_on.isoformat(),
        }
        task = do.open("task.set", values, RESOLUTION_LINK).matter
        if item is not None and item.matter is not None:
            do.link(item.matter, AGENDA_LINK)
        return Resolution(
            dispatch=self,
            number=number,
            item=item,
            title=row.title,
            unit=row.unit,
            due_on=row.due_on,
            task_id=task.pk,
            valid_from=do.today,
        )


def _once(units: Iterable[int]) -> None:
    """Raises ``Invalid`` at each row that names a unit again."""
    seen: set[int] = set()
    wrong: dict[str, list[Words]] = {}
    for place, unit in enumerate(units):
        if unit in seen:
            wrong[f"attendance.{place}.unit"] = [_("This unit stands here twice.")]
        seen.add(unit)
    if wrong:
        raise Invalid(wrong)
