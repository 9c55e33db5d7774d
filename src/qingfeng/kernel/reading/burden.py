"""Burden 基层负担: what is asked of units in a month, counted from what the matters declare, and told to who asks more.

A mechanism's matter class says in one line what it asks of a unit. The count bars nothing: over the number of the regime,
whoever is about to ask is told before sending, with the clause and what was asked already, so that it is asked once
(整治形式主义为基层减负若干规定).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count as Counted
from django.db.models import DateTimeField, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts import access
from qingfeng.kernel.guards import Holds
from qingfeng.kernel.guards.base import All, Either
from qingfeng.kernel.matters.registry import acts_of, mechanisms, states_of
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.regime.parameters import Count
from qingfeng.kernel.regime.policy import Policy, parameter
from qingfeng.kernel.regime.stack import ValueInForce
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import begin_of, day_of
from qingfeng.kernel.time.timekeeper import ZONE

if TYPE_CHECKING:
    from qingfeng.kernel.acts.declaration import Act
    from qingfeng.kernel.matters.models import Matter
    from qingfeng.kernel.matters.states import State
    from qingfeng.kernel.people.actors import Actor

MOST_TOLD = 10
"""Units named in one form; the page has all."""
TITLES = 3
"""Matters named of a unit: what was asked already."""
FIRST_YEAR = 1949


class BurdenKind(models.TextChoices):
    """What is asked of a unit 负担种类. Fields are those of the forms."""

    MEETING = "meeting", _("Meetings")  # 会议
    INSPECTION = "inspection", _("Inspections")  # 检查
    FORM = "form", _("Forms and reports")  # 报表
    FIELD = "field", _("Fields to fill in")  # 填报项


MOST = {
    BurdenKind.MEETING: parameter(
        "burden.meetings",
        _("Meetings asked of a unit in a month"),
        Count("times"),
        _("From how many meetings in a month on whoever invites a unit once more is told so."),
        stricter="smaller",
    ),
    BurdenKind.INSPECTION: parameter(
        "burden.inspections",
        _("Inspections of a unit in a month"),
        Count("times"),
        _("From how many inspections in a month on whoever inspects a unit once more is told so."),
        stricter="smaller",
    ),
    BurdenKind.FORM: parameter(
        "burden.forms",
        _("Forms and reports asked of a unit in a month"),
        Count("times"),
        _("From how many forms and reports in a month on whoever asks a unit for one more is told so."),
        stricter="smaller",
    ),
    BurdenKind.FIELD: parameter(
        "burden.fields",
        _("Fields a unit has to fill in in a month"),
        Count("items"),
        _("From how many fields of forms and reports in a month on whoever asks for more is told so."),
        stricter="smaller",
    ),
}
"""From which number on it is told, by kind. Where a regime says none, it is counted all the same."""


@dataclass(frozen=True)
class Burden:
    """What a matter asks of a unit.

    :param unit: the path to the unit asked; its first field is what the act that asks names it by
    :param on: the path to the day or moment that says the month
    :param act: the act that asks, where it isn't the opening one: its moment says the month
    :param told: the path that names the unit once it knows, where it doesn't at once, as of a covert visit
    :param by: further acts in whose forms it is asked, as ``inspections.ask``
    :param unless: the states in which it is asked no more; those that are void never count
    """

    kind: BurdenKind
    unit: str = "unit"
    on: str = "opened_at"
    act: str = ""
    told: str = ""
    by: tuple[str, ...] = ()
    unless: tuple[State, ...] = ()


@dataclass(frozen=True)
class BurdenMonth:
    """What was asked of units in a month, as one reader has it: by unit and kind, with the numbers in force."""

    first: date
    units: Sequence[Unit]
    counts: Mapping[tuple[int, str], int]
    most: Mapping[str, ValueInForce]

    def count(self, unit: Unit, kind: str) -> int:
        """How many of a kind were asked of a unit."""
        return self.counts.get((unit.pk, kind), 0)

    def over(self) -> list[tuple[Unit, BurdenKind, int]]:
        """The units of which more was asked than the number in force."""
        return [
            (unit, BurdenKind(kind), count)
            for unit in self.units
            for kind, most in self.most.items()
            if (count := self.count(unit, kind)) > most.value  # type: ignore[operator]  # a Count
        ]


def burden(actor: Actor, asked: str, today: date) -> BurdenMonth:
    """What was asked in a month, written 2026-03: an office is told of all its units, others of those they answer for.

    Raises ``Invalid`` for a month that is none.
    """
    first = _first(asked) if asked else today.replace(day=1)
    counts: dict[tuple[int, str], int] = {}
    whole = False
    for matter, declared in asking():
        standing = matter.reads.standing(actor)
        whole = whole or bool(standing)
        path = declared.unit if standing else declared.told or declared.unit
        seen = Q(jurisdiction_id__in=standing) if standing else Q(**{f"{path}__in": actor.units})
        _count(counts, matter, declared, first, path, seen)
    there = Unit.choosable(actor, today) if whole else Unit.objects.none()
    # What a unit that ended was asked for later, its successor is.
    there_then = Q(valid_to=None) | Q(valid_to__gte=first)
    named = Unit.objects.filter(there_then, pk__in={unit for unit, _kind in counts} | set(actor.units))
    units = sorted({*there, *named}, key=lambda unit: (unit.code, unit.pk))
    return BurdenMonth(first, units, counts, _most(actor, min(today, _next(first) - timedelta(days=1))))


def warned(act: Act, actor: Actor, now: datetime) -> list[Words]:
    """What to tell whoever is about to ask: which units were asked enough already, in this month or the next."""
    today = day_of(now)
    kinds = {kind for matter, burden in asking() if asked_by(matter, burden, act) for kind in _kinds(burden)}
    most = {kind: value for kind, value in _most(actor, today).items() if kind in kinds} if kinds else {}
    if not most:
        return []
    told: list[Words] = []
    for first in (today.replace(day=1), _next(today)):
        counts: dict[tuple[int, str], int] = {}
        for matter, burden in asking():
            if kinds.intersection(_kinds(burden)):
                seen = Q(**{f"{burden.unit}__jurisdiction_id__in": actor.jurisdictions})
                _count(counts, matter, burden, first, burden.unit, seen)
        units = {
            unit.pk: unit for unit in Unit.choosable(actor, today).filter(pk__in={pk for pk, _kind in counts})
        }
        told += [
            _told(actor, first, units[pk], BurdenKind(kind), count, most[kind])
            for (pk, kind), count in sorted(counts.items(), key=lambda found: (-found[1], found[0]))
            if pk in units and kind in most and count >= most[kind].value  # type: ignore[operator]  # a Count
        ]
    if not told:
        return []
    more = (
        [format_lazy(_("And {} more; see “Burden of units”."), len(told) - MOST_TOLD)]
        if told[MOST_TOLD:]
        else []
    )
    return [
        *told[:MOST_TOLD],
        *more,
        _("Look first whether what you need was handed in already, and ask once."),
    ]


def asking() -> Iterator[tuple[type[Matter], Burden]]:
    """The matters that ask something of a unit."""
    return ((matter, matter.asks) for matter in mechanisms().values() if matter.asks is not None)


@cache
def fields_of(matter: type[Matter], burden: Burden) -> int:
    """How many fields the unit has to fill in: those of the acts that then wait on it."""
    if burden.kind is not BurdenKind.FORM:
        return 0
    theirs = [act for act in acts_of(matter).values() if act.owed and burden.unit in _held_of(act.by)]
    return sum(len(act.inputs.fields) for act in theirs)


def asked_by(matter: type[Matter], burden: Burden, act: Act) -> bool:
    """Whether an act asks for it: it opens such a matter, or is the one that asks, and names the unit; or it is named."""
    if f"{act.matter.code}.{act.name}" in burden.by:
        return True
    asks = act.name == burden.act if burden.act else act.opens
    return (
        asks
        and act.matter is matter
        and burden.unit.split("__")[0] in {spec.name for spec in act.inputs.fields}
    )


def _count(
    counts: dict[tuple[int, str], int], matter: type[Matter], burden: Burden, first: date, path: str, seen: Q
) -> None:
    found = _asked(matter, burden, first, path, seen & Q(**{f"{path}__isnull": False})).order_by()
    for unit, number in found.values_list(path).annotate(number=Counted("pk", distinct=True)):
        each = {burden.kind: 1, BurdenKind.FIELD: fields_of(matter, burden)}
        for kind in _kinds(burden):
            counts[unit, kind] = counts.get((unit, kind), 0) + number * each[kind]


def _asked(matter: type[Matter], burden: Burden, first: date, path: str, of: Q) -> QuerySet[Any]:
    """What a class of matters asked in a month, and still asks, of some units."""
    gone = {state.code for state in states_of(matter).values() if state.void}
    gone |= {state.code for state in burden.unless}
    on = "entries__at" if burden.act else burden.on
    after, before = first, _next(first)
    bounds = (begin_of(after), begin_of(before)) if burden.act or _is_moment(matter, on) else (after, before)
    named = Q(entries__act=burden.act) if burden.act else Q()
    within = Q(**{f"{on}__gte": bounds[0], f"{on}__lt": bounds[1]})
    return matter._default_manager.filter(named & within, of & _lasting(matter, burden, path)).exclude(
        state__in=gone
    )


def _lasting(matter: type[Matter], burden: Burden, path: str) -> Q:
    """Where a row names the unit, that it lasts to the day: one taken back, or gone on with a successor, asks nothing."""
    row, _way, _unit = path.rpartition("__")
    if not row or not issubclass(_field(matter, row).related_model, Register):
        return Q()
    day = TruncDate(burden.on, tzinfo=ZONE) if _is_moment(matter, burden.on) else F(burden.on)
    return Q(**{f"{row}__valid_to": None}) | Q(**{f"{row}__valid_to__gte": day})


def _told(actor: Actor, first: date, unit: Unit, kind: BurdenKind, count: int, most: ValueInForce) -> Words:
    words = format_lazy(
        _("{}, {}: {} {} asked already, the number is {} ({})."),
        unit,
        f"{first:%Y-%m}",
        kind.label,
        count,
        most.value,
        most.source.said,
    )
    titles = _titles(actor, first, unit, kind)
    return format_lazy(_("{} Among them: {}"), words, "；".join(titles)) if titles else words


def _titles(actor: Actor, first: date, unit: Unit, kind: BurdenKind) -> list[str]:
    """What was asked of a unit, as far as the actor may read it."""
    titles: list[str] = []
    for matter, burden in asking():
        if kind in _kinds(burden):
            found = _asked(matter, burden, first, burden.unit, Q(**{burden.unit: unit}))
            readable = access.readable(found, actor).order_by("-pk").values_list("title", flat=True)
            titles += list(dict.fromkeys(readable[:TITLES]))
    return titles[:TITLES]


def _kinds(burden: Burden) -> tuple[BurdenKind, ...]:
    return (burden.kind, BurdenKind.FIELD) if burden.kind is BurdenKind.FORM else (burden.kind,)


def _most(actor: Actor, on: date) -> dict[str, ValueInForce]:
    """The numbers in force that a person compared with their source; one nobody looked at tells nobody off."""
    policy = Policy(actor.jurisdiction_id or 0, on)
    found = {kind: policy.seen(one) for kind, one in MOST.items()}
    return {kind: value for kind, value in found.items() if value is not None and policy.confirmed(value)}


def _held_of(guard: object) -> set[str]:
    """The fields of the matter by whose units a guard lets through."""
    if isinstance(guard, All | Either):
        return {field for part in guard.parts for field in _held_of(part)}
    return {guard.of} if isinstance(guard, Holds) else set()


def _is_moment(matter: type[Matter], path: str) -> bool:
    return isinstance(_field(matter, path), DateTimeField)


def _field(matter: type[Matter], path: str) -> Any:
    model: Any = matter
    *through, last = path.split("__")
    for name in through:
        model = model._meta.get_field(name).related_model
    return model._meta.get_field(last)


def _first(asked: str) -> date:
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        raise Invalid({"month": [_("Write the month as 2026-03.")]}) from None
    if first.year < FIRST_YEAR:
        raise Invalid({"month": [_("Write the month as 2026-03.")]})
    return first


def _next(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)
