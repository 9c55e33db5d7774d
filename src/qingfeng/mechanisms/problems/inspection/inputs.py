"""A round as it is asked for, by a plan, a campaign or by itself; and what stands in its way: overlap and burden."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Annotated, Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import Succession, standing
from qingfeng.kernel.record.books import BookKind
from qingfeng.kernel.refusals import Ground, Invalid
from qingfeng.kernel.text.words import written_day
from qingfeng.kernel.vocabulary import Choice, Do, Input, Line, Prose, Unit, Whole, reads
from qingfeng.mechanisms.problems.inspection import rules
from qingfeng.mechanisms.problems.inspection.policy import A_YEAR, OVERLAP, Manner
from qingfeng.mechanisms.problems.inspection.rules import InspectionSlot
from qingfeng.organization.topics import TOPICS

GoOn = Annotated[str, Prose(500), _("Why it may go on in spite of an overlap")]


class InspectionObject(Input):
    """A unit to be inspected."""

    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]  # mypy, before Unit is analysed


class InspectionRequest(Input):
    """A round as it is asked for."""

    title: Annotated[str, Line(100)]
    topic: Annotated[str, Choice(TOPICS), _("Topic")]
    manner: Annotated[Manner, _("Open or covert")]
    first_day: Annotated[date, _("First day")]
    last_day: Annotated[date, _("Last day")]
    lead: Annotated[Unit, _("Leading unit")]  # type: ignore[valid-type]
    drawn: Annotated[int, Whole(0, 10_000), _("Number of units to draw (0 = all)")] = 0
    units: Annotated[list[InspectionObject], _("Units; none: every unit but the leading one")] = []  # noqa: RUF012


class PlannedRow(Input):
    """A line of a plan: one unit in one round. Lines of one round bear the same title, and agree."""

    round: Annotated[str, Line(100), _("Round")]
    topic: Annotated[str, Choice(TOPICS), _("Topic")]
    manner: Annotated[Manner, _("Open or covert")]
    first_day: Annotated[date, _("First day")]
    last_day: Annotated[date, _("Last day")]
    lead: Annotated[Unit, _("Leading unit")]  # type: ignore[valid-type]
    unit: Annotated[Unit | None, _("Unit; none: every unit but the leading one")] = None
    drawn: Annotated[int, Whole(0, 10_000), _("Number of units to draw (0 = all)")] = 0


Round = dict[str, Any]
"""A round in plain values, as a plan keeps it and the contract takes it; units as a list of ids."""

AGREEING = ("topic", "manner", "first_day", "last_day", "lead", "drawn")


def demand_days(first: date, last: date, field: str = "last_day") -> None:
    """Refuse days in the wrong order."""
    if last < first:
        raise Invalid({field: [_("The last day lies before the first.")]})


def objects(do: Do, lead: Unit, chosen: Sequence[Unit]) -> list[int]:
    """The ids of the units chosen, each once; of all that stand where none was."""
    if chosen:
        return sorted({unit.pk for unit in chosen})
    every = Unit.objects.filter(standing(do.today), jurisdiction_id=do.matter.jurisdiction_id)
    return sorted(every.exclude(pk=lead.pk).values_list("pk", flat=True))


def as_they_stand(units: Iterable[int], on: date) -> list[int]:
    """The ids of units as they stand on a day: of those that ended meanwhile, their successors'."""
    found, open_ = set[int](), set(units)
    while open_:
        still = set(Unit.objects.filter(standing(on), pk__in=open_).values_list("pk", flat=True))
        found |= still
        ended = Succession.objects.filter(predecessor_id__in=open_ - still)
        open_ = set(ended.values_list("successor_id", flat=True)) - found
    return sorted(found)


def demand_enough(units: Sequence[int], drawn: int, field: str = "drawn") -> None:
    """Refuse to draw more than there is."""
    if drawn > len(units):
        words = format_lazy(_("{} are to be drawn, but there are {} units."), drawn, len(units))
        raise Invalid({field: [words]})


def gathered(do: Do, rows: Sequence[PlannedRow]) -> list[Round]:
    """The rounds of a plan from its lines. Raises ``Invalid`` where lines of one round don't agree."""
    lines: dict[str, list[PlannedRow]] = {}
    for place, row in enumerate(rows):
        demand_days(row.first_day, row.last_day, f"rows.{place}.last_day")
        first = lines.setdefault(row.round, [row])[0]
        if first is not row:
            lines[row.round].append(row)
        for name in AGREEING:
            if getattr(row, name) != getattr(first, name):
                raise Invalid({f"rows.{place}.{name}": [_("The lines of one round have to agree here.")]})
        if first is not row and None in (row.unit, first.unit):
            raise Invalid({f"rows.{place}.unit": [_("Name the units of this round, or write one line.")]})
    return [_round(do, title, found) for title, found in lines.items()]


def _round(do: Do, title: str, rows: Sequence[PlannedRow]) -> Round:
    first = rows[0]
    units = objects(do, first.lead, [row.unit for row in rows if row.unit is not None])
    demand_enough(units, first.drawn, "rows")
    return {
        "title": title,
        "topic": first.topic,
        "manner": first.manner.value,
        "first_day": first.first_day.isoformat(),
        "last_day": first.last_day.isoformat(),
        "lead": first.lead.pk,
        "drawn": first.drawn,
        "units": units,
    }


def plain(do: Do, wanted: InspectionRequest) -> Round:
    """A round in plain values."""
    demand_days(wanted.first_day, wanted.last_day)
    units = objects(do, wanted.lead, [row.unit for row in wanted.units])
    demand_enough(units, wanted.drawn)
    return {
        "title": wanted.title,
        "topic": wanted.topic,
        "manner": wanted.manner.value,
        "first_day": wanted.first_day.isoformat(),
        "last_day": wanted.last_day.isoformat(),
        "lead": wanted.lead.pk,
        "drawn": wanted.drawn,
        "units": units,
    }


def contracted(asked: Round, on: date) -> dict[str, Any]:
    """A round as the contract takes it, with its units as they stand on the day it opens."""
    units, (lead, *_more) = as_they_stand(asked["units"], on), as_they_stand([asked["lead"]], on)
    drawn = min(asked["drawn"], len(units))
    return {**asked, "lead": lead, "drawn": drawn, "units": [{"unit": unit} for unit in units]}


def looked(rounds: Iterable[Mapping[str, Any]], of: str = "") -> list[InspectionSlot]:
    """What rounds look at, unit by unit; whom a draw will meet, nobody knows beforehand."""
    return [
        InspectionSlot(
            asked["title"],
            unit,
            asked["topic"],
            date.fromisoformat(asked["first_day"]),
            date.fromisoformat(asked["last_day"]),
            of,
        )
        for asked in rounds
        if not asked["drawn"]
        for unit in asked["units"]
    ]


@reads(OVERLAP)
def demand_apart(
    do: Do, asked: Sequence[InspectionSlot], others: Sequence[InspectionSlot], go_on: str
) -> None:
    """Name every overlap, and refuse unless a reason is given to go on; the reason goes with the overlaps into the entry."""
    found = rules.overlapping(asked, others, do.value(OVERLAP))
    if not found:
        return
    if go_on:
        do.note("overlaps", [[one.unit, one.topic, one.round, other.round] for one, other in found])
        return
    names = _names(one.unit for one, _other in found)
    topics = do.policy.labels(TOPICS)
    does = _("{}, “{}”: “{}” from {} to {} lies close to “{}” from {} to {}.")
    rests_on = do.clause(OVERLAP)
    grounds = [
        Ground(
            format_lazy(
                does,
                names[one.unit],
                topics.get(one.topic, one.topic),
                one.round,
                written_day(one.first),
                written_day(one.last),
                other.round,
                written_day(other.first),
                written_day(other.last),
            ),
            rests_on,
        )
        for one, other in found
    ]
    do.refuse(
        _("Units would be inspected in the same topic again and again. Nothing was stored."),
        rests_on,
        _("Put the rounds together or apart, or say why it has to go on."),
        grounds,
    )


@reads(A_YEAR)
def demand_under_cap(do: Do, book: BookKind, year: int, wanted: Mapping[int, int]) -> None:
    """Refuse, naming every unit, what would go over the year's cap; the books hold it whatever happens meanwhile."""
    used = {unit.pk: do.balance(book, unit, str(year)).used for unit in Unit.objects.filter(pk__in=wanted)}
    cap, rests_on = do.value(A_YEAR), do.clause(A_YEAR)
    full = rules.too_often(wanted, used, cap)
    if full:
        names = _names(full)
        words = _("{}: {} in {} already, {} more are asked for, at most {} are allowed.")
        do.refuse(
            _("Units would be inspected more often than the year's cap allows. Nothing was stored."),
            rests_on,
            _("Leave these units out, or put rounds together."),
            [
                Ground(format_lazy(words, names[unit], used.get(unit, 0), year, wanted[unit], cap), rests_on)
                for unit in full
            ],
        )


def _names(units: Iterable[int]) -> dict[int, str]:
    return dict(Unit.objects.filter(pk__in=set(units)).values_list("pk", "name"))
