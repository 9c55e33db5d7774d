"""The own problem list and its acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words, in_house
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Attachment,
    Choice,
    Do,
    Files,
    Holds,
    Input,
    Matter,
    OneOfRows,
    Person,
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
    reads,
)
from qingfeng.mechanisms.problems.problem_lists import rules
from qingfeng.mechanisms.problems.problem_lists.declarations import (
    ENDING,
    LIST_DRAWN_UP,
    REMINDING,
    SelfCheckBasis,
)
from qingfeng.mechanisms.problems.problem_lists.guards import SomebodyElse
from qingfeng.mechanisms.problems.problem_lists.policy import REMIND_BEFORE
from qingfeng.mechanisms.problems.problem_lists.registers import (
    CLOSED_OUT,
    OPEN,
    STANDING,
    STRUCK,
    TO_BE_CHECKED,
    WORKED_ON,
    Item,
    ListYear,
)
from qingfeng.mechanisms.problems.problem_lists.statistics import APPROVED, STATISTICS
from qingfeng.organization.topics import PROBLEM_KINDS

CLERK = Holds(Role.UNIT_CLERK, of="unit")
HEAD = Holds(Role.UNIT_HEAD, of="unit")
LEADER = Holds(Role.LEADER, of="unit")
CHECKER = (HEAD | CLERK) & SomebodyElse()
MOST_ROWS = 200

DRAWN_UP = State("drawn_up", _("drawn up, with the head"))
RETURNED = State("returned", _("returned by the head"))
IN_FORCE = State("in_force", pgettext_lazy("own list", "in force"))
CLOSED = State("closed", _("closed by the unit"), final=True)
ENDED = State("ended", _("ended with the year"), final=True)


class OwnProblemRow(Input):
    """A problem a unit finds with itself 问题、责任人、路线图、时间表 (S3-R15)."""

    problem: Annotated[str, Prose(1000), _("Problem")]
    kind: Annotated[str, Choice(PROBLEM_KINDS), _("Kind of problem")]
    measure: Annotated[SelfCheckBasis, _("How it was found")]
    person: Annotated[Person, _("Responsible person")]  # type: ignore[valid-type]  # mypy, before it is analysed
    road_map: Annotated[str, Prose(1000), _("Road map")]
    by_day: Annotated[date, _("Day in the timetable")]


Problems = Annotated[list[OwnProblemRow], _("Problems of the unit")]
NO_ON_THE_LIST = _("No. on the list")
AnyOpen = Annotated[Item, OneOfRows("problems", (WORKED_ON, TO_BE_CHECKED)), NO_ON_THE_LIST]
WorkedOn = Annotated[Item, OneOfRows("problems", (WORKED_ON,)), NO_ON_THE_LIST]
Waiting = Annotated[Item, OneOfRows("problems", (TO_BE_CHECKED,)), NO_ON_THE_LIST]


class OwnList(Matter):
    """A unit's own problem list of a year, put right and closed out by itself; never the office's (自查问题清单)."""

    code = "problem_lists"
    series = "查摆"
    reads: ClassVar = CLERK | HEAD | LEADER
    becomes: ClassVar = {"unit": FOLLOWS}
    filters = ("year",)
    statistics = STATISTICS
    tallies = (APPROVED,)
    problems = Rows(
        Item,
        label=_("Problems on the list"),
        columns=(
            "problem",
            RowColumn("kind", _("Kind of problem"), PROBLEM_KINDS, null=False),
            "measure",
            "person",
            "road_map",
            "by_day",
            "progress",
            RowColumn("checked_by", _("Checked by"), Person),
        ),
        states=(STRUCK, CLOSED_OUT, TO_BE_CHECKED, WORKED_ON),
        lead=_(
            "The unit's own list: read by the unit and its leader in charge. The office has the counts only."
        ),
    )

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="own_lists", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    approved_on = models.DateField(_("approved on"), null=True)
    summary = models.TextField(_("what remains"), blank=True)

    class Meta:
        verbose_name = _("own problem list")
        verbose_name_plural = _("own problem lists")

    @classmethod
    def answered_for(cls, person_id: int) -> Q:
        """Also the lists with an open problem of which they are the responsible person."""
        open_rows = Item.objects.filter(OPEN, person=person_id)
        return super().answered_for(person_id) | Q(pk__in=open_rows.values("own_list"))

    def hand_over(self, do: Do, person: Person, to: Person) -> None:
        """Put who takes over in place of the responsible person of each open problem."""
        super().hand_over(do, person, to)
        for row in self.items.filter(OPEN, person=person).order_by("number"):
            row.person = to
            do.record(row)

    @act(
        NEW, to=DRAWN_UP, by=CLERK, starts=(ENDING, REMINDING), label=_("Draw up the unit's own problem list")
    )
    def draw_up(self, do: Do, year: Annotated[int, Whole(2000, 2100)], rows: Problems) -> None:
        """Draw up the list of what the unit finds wrong with itself; one a year, others are added to it."""
        if year not in (do.today.year, do.today.year + 1):
            raise Invalid({"year": [_("A list is drawn up for this year or the next.")]})
        self.unit = do.unit
        self.year = year
        self.title = in_house(_("{unit}: own problem list of {year}"), unit=self.unit, year=self.year)
        do.record_all([ListYear(own_list=self, unit=self.unit, year=self.year, valid_from=do.today)])
        fresh = self._fresh(do, rows)
        self.problems.add(do, fresh)
        do.count_from(ENDING, self.ends)
        _remind(self, do, [row.by_day for row in fresh])

    @act((DRAWN_UP, RETURNED, IN_FORCE), by=CLERK, starts=REMINDING, label=_("Add problems to the own list"))
    def add(self, do: Do, rows: Problems) -> None:
        """Add problems that were found later; the head is told."""
        fresh = self._fresh(do, rows)
        self.problems.add(do, fresh)
        _remind(self, do, [*self._days(), *(row.by_day for row in fresh)])
        if self.state == IN_FORCE.code:
            do.notify(HEAD.holders(self), _("Problems were added to the unit's own list."))

    @act((DRAWN_UP, RETURNED), by=CLERK, starts=REMINDING, label=_("Strike a problem from the own list"))
    def strike(self, do: Do, item: AnyOpen, reason: Reason) -> None:
        """Strike a problem before the list is approved, with the reason."""
        self.problems.strike(do, item)
        _remind(self, do, self._days())

    @act(DRAWN_UP, to=IN_FORCE, by=HEAD, owed=True, label=_("Approve the own list"))
    def approve(self, do: Do) -> None:
        """Approve the list as the unit's own; it is then put right and closed out."""
        if not self.items.filter(STANDING).exists():
            do.refuse(_("The list is empty."), remedy=_("Return it, and have its problems added."))
        self.approved_on = do.today
        do.leave(LIST_DRAWN_UP, subject=self.unit, held_on=max(do.today, date(self.year, 1, 1)))

    @act(DRAWN_UP, to=RETURNED, by=HEAD, owed=True, label=_("Return the own list"))
    def send_back(self, do: Do, reason: Reason) -> None:
        """Return the list to be looked at again, with the reason."""

    @act(RETURNED, to=DRAWN_UP, by=CLERK, owed=True, label=_("Hand the own list in again"))
    def hand_in(self, do: Do) -> None:
        """Hand the list in to the head again."""

    @act(IN_FORCE, by=CLERK, label=_("Note progress on the own list"))
    def note_progress(
        self, do: Do, item: AnyOpen, progress: Annotated[str, Prose(1000), _("How far it is")]
    ) -> None:
        """Note how far a problem is."""
        item.progress = progress
        do.record(item)

    @act(IN_FORCE, by=CLERK | HEAD, starts=REMINDING, label=_("Report a problem put right"))
    def put_right(
        self,
        do: Do,
        item: WorkedOn,
        result: Annotated[str, Prose(1000), _("How it was put right")],
        evidence: Annotated[list[Attachment], Files(9), _("Evidence")] = [],  # noqa: B006
    ) -> None:
        """Report within the unit that a problem is put right; somebody else of the unit then checks it."""
        item.put_right_on, item.put_right_by_id, item.progress = do.today, do.actor.person_id, result
        do.record(item)
        _remind(self, do, self._days())
        words = _("A problem of the unit's own list waits for its check.")
        do.notify((CLERK | HEAD).holders(self), words)

    @act(IN_FORCE, by=CHECKER, label=_("Close a problem out"))
    def write_off(
        self, do: Do, item: Waiting, finding: Annotated[str, Prose(500), _("What was checked")]
    ) -> None:
        """Close a problem out, having checked that it is put right; never by who put it right."""
        item.written_off_on, item.checked_by_id = do.today, do.actor.person_id
        do.record(item)

    @act(IN_FORCE, by=CHECKER, starts=REMINDING, label=_("Find a problem not put right yet"))
    def find_open(self, do: Do, item: Waiting, reason: Reason) -> None:
        """Say, having checked it, that a problem is not put right yet; it is open again."""
        item.put_right_on = item.put_right_by_id = None
        do.record(item)
        _remind(self, do, self._days())

    @act(IN_FORCE, to=CLOSED, by=HEAD, stops=(ENDING, REMINDING), label=_("Close the own list"))
    def close(self, do: Do, summary: Annotated[str, Prose(1000)]) -> None:
        """Close the list before the year ends, and say what remains."""
        self.summary = summary

    @act(
        (DRAWN_UP, RETURNED, IN_FORCE),
        by=System("clock"),
        expires=REMINDING,
        starts=REMINDING,
        label=_("Remind the unit"),
    )
    def remind(self, do: Do) -> None:
        """Remind the unit, and nobody else, of its own timetable; nothing follows from a day that passed."""
        days = self._days()
        _remind(self, do, days)
        if number := rules.reminded(days, do.value(REMIND_BEFORE), do.today):
            words = ngettext_lazy(
                "{} problem of the unit's own list is due soon.",
                "{} problems of the unit's own list are due soon.",
                number,
            )
            do.notify((CLERK | HEAD).holders(self), words, number)

    @act(
        (DRAWN_UP, RETURNED, IN_FORCE),
        to=ENDED,
        by=System("clock"),
        expires=ENDING,
        stops=REMINDING,
        label=_("End the list with its year"),
    )
    def end(self, do: Do) -> None:
        """End the list with its year; what is still open may stand on the next one."""

    @property
    def ends(self) -> datetime:
        """The first moment after its year."""
        return begin_of(date(self.year + 1, 1, 1))

    def _fresh(self, do: Do, rows: Sequence[OwnProblemRow]) -> list[Item]:
        if not 1 <= len(rows) <= MOST_ROWS:
            raise Invalid({"rows": [_("Give 1 to 200 problems.")]})
        wrong: dict[str, list[Words]] = {}
        for place, row in enumerate(rows):
            if not do.today <= row.by_day < self.ends.date():
                words = format_lazy(_("A day from today to the end of {} is wanted."), self.year)
                wrong[f"rows.{place}.by_day"] = [words]
        if wrong:
            raise Invalid(wrong)
        return [
            Item(
                problem=row.problem,
                kind=row.kind,
                measure=row.measure.value,
                person=row.person,
                road_map=row.road_map,
                by_day=row.by_day,
                valid_from=do.today,
            )
            for row in rows
        ]

    def _days(self) -> list[date]:
        """The days in the timetable of what is still to be put right."""
        return list(self.items.filter(OPEN, put_right_on=None).values_list("by_day", flat=True))


@reads(REMIND_BEFORE)
def _remind(own: OwnList, do: Do, days: Sequence[date]) -> None:
    """Count the reminder from its next day; where none lies ahead, from after the end, which stops it."""
    on = rules.next_reminder(days, do.value(REMIND_BEFORE), do.today)
    never = own.ends + timedelta(days=1)
    do.count_from(REMINDING, begin_of(on) if on is not None else never)
