"""The plan of inspections and its acts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    STAYS,
    Do,
    Input,
    Line,
    ListRows,
    Matter,
    Office,
    OneOfRows,
    Prose,
    Reason,
    Role,
    RowColumn,
    RowState,
    State,
    System,
    Unit,
    Whole,
    act,
    begin_of,
)
from qingfeng.mechanisms.problems.inspection import inputs, overlaps, rules
from qingfeng.mechanisms.problems.inspection.declarations import NEXT_ROUND, PLANNED, ROUND, ROUND_LINK
from qingfeng.mechanisms.problems.inspection.guards import demand_another
from qingfeng.mechanisms.problems.inspection.inputs import Round
from qingfeng.mechanisms.problems.inspection.policy import A_YEAR, AHEAD, Manner
from qingfeng.organization.topics import TOPICS

OFFICE = Office(Role.SUPERVISION_OFFICE)
LEADERS = Office(Role.LEADER)

FILED = State("filed", _("filed"))
APPROVED = State("approved", _("approved"))
RETURNED = State("returned", pgettext_lazy("plan", "sent back"), final=True)
CLOSED = State("closed", pgettext_lazy("plan", "closed"), final=True)


OPENED = RowState(
    "opened", pgettext_lazy("round of a plan", "opened"), lambda asked: bool(asked.get("opened"))
)
TO_OPEN = RowState("to_open", pgettext_lazy("round of a plan", "not opened yet"), lambda asked: True)


class PlanFiling(Input):
    """A plan as it is filed."""

    title: Annotated[str, Line(100)]
    year: Annotated[int, Whole(2000, 2100)]
    rows: Annotated[list[inputs.PlannedRow], _("Rounds, a line a unit")]
    go_on: inputs.GoOn = ""


class InspectionPlan(Matter):
    """The year's plan of inspections: what, of whom, when, by whom; filed, and approved by a leader (督查检查计划)."""

    code = "inspection_plans"
    series = "督查计划"
    reads: ClassVar = OFFICE | LEADERS
    becomes: ClassVar = {"organ": FOLLOWS, "rounds": STAYS}
    filters = ("year",)
    rounds_told = ListRows(
        "rounds",
        label=_("Rounds"),
        columns=(
            RowColumn("title", _("Round")),
            RowColumn("topic", _("Topic"), TOPICS),
            RowColumn("manner", _("Open or covert"), Manner),
            RowColumn("first_day", _("first day"), date),
            RowColumn("last_day", _("last day"), date),
            RowColumn("lead", _("Leading unit"), Unit),
            RowColumn("units", _("Units"), list[Unit]),
            RowColumn("drawn", _("Drawn"), int),
            RowColumn("opened", _("Opened as")),
        ),
        states=(OPENED, TO_OPEN),
    )

    year = models.PositiveSmallIntegerField(_("year"))
    organ = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("filed by"))
    rounds = models.JSONField(default=list, editable=False)

    class Meta:
        verbose_name = _("plan of inspections")
        verbose_name_plural = _("plans of inspections")

    @classmethod
    def on_record(cls, asked: Matter) -> Iterable[rules.InspectionSlot]:
        """What the plans of a jurisdiction still hold; a round that is open stands for itself."""
        standing = cls.objects.filter(state__in=(FILED.code, APPROVED.code))
        for plan in standing.filter(jurisdiction=asked.jurisdiction_id):
            yield from inputs.looked((row for row in plan.rounds if not row.get("opened")), plan.number)

    @act(NEW, to=FILED, by=OFFICE, label=_("File a plan"))
    def file(self, do: Do, asked: PlanFiling) -> None:
        """File the year's plan; every overlap and every unit inspected too often is named before it is stored."""
        if not asked.rows:
            raise Invalid({"rows": [_("A plan has at least one round.")]})
        for place, row in enumerate(asked.rows):
            if {row.first_day.year, row.last_day.year} != {asked.year}:
                raise Invalid({f"rows.{place}.first_day": [_("This day is not in the year of the plan.")]})
        self.title, self.year, self.organ = asked.title, asked.year, do.unit
        self.rounds = inputs.gathered(do, asked.rows)
        planned = inputs.looked(self.rounds)
        inputs.demand_under_cap(do, PLANNED, self.year, rules.times(planned))
        inputs.demand_apart(do, planned, overlaps.others(self), asked.go_on)

    @act(FILED, to=APPROVED, by=LEADERS, owed=True, starts=NEXT_ROUND, label=_("Approve the plan"))
    def approve(self, do: Do) -> None:
        """Approve the plan: it puts its units on the year's account, and its rounds open when their time comes."""
        demand_another(do)
        wanted = rules.times(inputs.looked(self.rounds))
        inputs.demand_under_cap(do, PLANNED, self.year, wanted)
        units = Unit.objects.in_bulk(wanted)
        for unit_id, number in sorted(wanted.items()):
            do.reserve(PLANNED, units[unit_id], str(self.year), number, do.value(A_YEAR), do.clause(A_YEAR))
        do.count_from(NEXT_ROUND, min(self._opens(do, asked) for asked in self.rounds))

    @act(FILED, to=RETURNED, by=LEADERS, owed=True, label=_("Send the plan back"))
    def send_back(self, do: Do, why: Reason) -> None:
        """Send the plan back; the office files another one."""

    @act(APPROVED, by=OFFICE, label=_("Open a round now"))
    def open_round(
        self, do: Do, number: Annotated[int, OneOfRows("rounds", (TO_OPEN,)), _("No. of the round")]
    ) -> None:
        """Open a round of the plan before its time, to prepare it."""
        self._open(do, [number - 1])

    @act(APPROVED, by=System("clock"), expires=NEXT_ROUND, label=_("Open the rounds that are due"))
    def open_due(self, do: Do) -> None:
        """Open the rounds whose time to be prepared has come, and wait for the next one."""
        waiting = [place for place, asked in enumerate(self.rounds) if not asked.get("opened")]
        due = [place for place in waiting if self._opens(do, self.rounds[place]) <= do.now]
        self._open(do, due)
        if later := [self._opens(do, self.rounds[place]) for place in waiting if place not in due]:
            do.clocks.start(NEXT_ROUND, None, min(later))

    @act(APPROVED, to=CLOSED, by=OFFICE, stops=NEXT_ROUND, label=_("Close the plan"))
    def close(self, do: Do, why: Annotated[str, Prose(500), _("What became of the plan")]) -> None:
        """Close the plan; rounds that were not opened are not held, and their units have room again."""
        unheld = rules.times(inputs.looked(asked for asked in self.rounds if not asked.get("opened")))
        units = Unit.objects.in_bulk(unheld)
        for unit_id, number in sorted(unheld.items()):
            do.release(PLANNED, number, owner=units[unit_id])

    def _open(self, do: Do, places: list[int]) -> None:
        rounds: list[Round] = [dict(asked) for asked in self.rounds]
        for place in places:
            opened = do.open(ROUND, inputs.contracted(self.rounds[place], do.today), ROUND_LINK)
            rounds[place]["opened"] = opened.matter.number
        self.rounds = rounds

    def _opens(self, do: Do, asked: Round) -> datetime:
        """When a round opens by itself: at the beginning of the day so many days before its first."""
        day = date.fromisoformat(asked["first_day"]) - timedelta(days=do.value(AHEAD))
        return begin_of(day)
