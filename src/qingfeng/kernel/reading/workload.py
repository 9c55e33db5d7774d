"""What is carried 在办: what an actor's units or they themselves have open, on whom it waits, what comes in and goes out.

These are the readings of first pages. They speak of matters, units and offices, never of how busy a person is.
``reads`` names them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import orjson
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from qingfeng.kernel.acts import access
from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import mechanisms, states_of, touches
from qingfeng.kernel.people.actors import Actor, person_key, unit_key
from qingfeng.kernel.reading import kept_figures
from qingfeng.kernel.reading.paging import PageCursor, pressing_after
from qingfeng.kernel.reading.tallies import CLOSED, OPENED, OWED, Sums, key_of
from qingfeng.kernel.time.clocks import Running

WEEKS = 13
"""A quarter of a year."""


class OpenMatter(NamedTuple):
    """An open matter, and when the next of its running clocks is due."""

    matter: Matter
    due: datetime | None


class Load(NamedTuple):
    """What one holder has open, and how much of it is late."""

    holder: str
    open: int
    late: int


class OverdueMatters(NamedTuple):
    """The matters of a mechanism in which an act of a holder's is overdue, and since when the oldest of them is."""

    mechanism: str
    holder: str
    matters: int
    since: datetime


@dataclass(frozen=True)
class Flow:
    """How many matters of a mechanism were opened and closed week by week, the weeks named by their Mondays."""

    mechanism: str
    weeks: Sequence[date]
    opened: Sequence[int]
    closed: Sequence[int]


def carried(actor: Actor, after: PageCursor | None, size: int) -> list[OpenMatter]:
    """The open matters of the units an actor answers for: by when they are due, then the oldest first."""
    return _pressing(_open(unit_keys(actor)), after, size)


def own(actor: Actor, after: PageCursor | None, size: int) -> list[OpenMatter]:
    """The open matters that name the actor themselves, in the same order."""
    return _pressing(_open(_own_keys(actor)), after, size)


def loads(actor: Actor, now: datetime) -> list[Load]:
    """How much each unit an actor answers for has open and late, by the holders they are in it."""
    late = Exists(_ticking(OuterRef("matter_id")).filter(due_at__lte=now))
    # A holder may owe several acts in one matter, and read it by an office's standing grant, without a row for that.
    counted = _rows(unit_keys(actor)).values("holder")
    counted = counted.annotate(
        open=Count("matter", distinct=True), late=Count("matter", distinct=True, filter=Q(late))
    )
    return [Load(*row) for row in counted.values_list("holder", "open", "late").order_by("holder")]


def awaited(actor: Actor, size: int) -> list[Access]:
    """What others owe in the matters of an actor's units and in their own, the most pressing first, with the matters.

    On whom of the staff something waits, a party outside it is not told; nor what is late, or how much flows.
    """
    if actor.outside:
        return []
    mine = _rows((*unit_keys(actor), *_own_keys(actor)))
    owed = (
        Access.objects.exclude(act="").exclude(holder__in=actor.keys).filter(matter__in=mine.values("matter"))
    )
    return list(owed.select_related("matter").order_by(*access.PRESSING)[:size])


def late(actor: Actor, now: datetime) -> list[OverdueMatters]:
    """On whom what is overdue waits, in all the actor may read; the most first."""
    if actor.outside:
        return []
    counted = kept_figures.counted_everywhere(OWED, actor, mechanisms().values(), (0,))
    found: dict[tuple[str, str], OverdueMatters] = {}
    for mechanism, sums in counted.items():
        for key, (_rows, matters) in sums.items():
            holder, when = orjson.loads(key)
            due = datetime.fromisoformat(when)
            due = due if due.tzinfo else due.replace(tzinfo=UTC)  # SQLite keeps moments without a zone
            if due <= now:
                before = found.get((mechanism, holder))
                found[mechanism, holder] = OverdueMatters(
                    mechanism,
                    holder,
                    matters + (before.matters if before else 0),
                    min(due, before.since) if before else due,
                )
    return sorted(found.values(), key=lambda one: (-one.matters, one.since, one.holder))


def flow(actor: Actor, today: date, weeks: int = WEEKS) -> list[Flow]:
    """What came in and went out in the last weeks, this one last, of the mechanisms an actor reads anything of."""
    if actor.outside:
        return []
    first = today - timedelta(days=today.weekday(), weeks=weeks - 1)
    mondays = [first + timedelta(weeks=number) for number in range(weeks)]
    years = range(first.year, today.year + 1)
    classes = [cls for cls in mechanisms().values() if not cls.ground]
    both = [kept_figures.counted_everywhere(tally, actor, classes, years) for tally in (OPENED, CLOSED)]
    found = []
    for cls in classes:
        opened, closed = ([_of_week(sums[cls.code], monday) for monday in mondays] for sums in both)
        if any(opened) or any(closed):
            found.append(Flow(cls.code, mondays, opened, closed))
    return found


def touchable(actor: Actor, matters: Collection[Matter]) -> Mapping[int, list[Act]]:
    """Which acts the actor may do with one touch on some matters, read before; by matter id."""
    found: dict[int, list[Act]] = defaultdict(list)
    for act in touches():
        states = [state.code for state in states_of(act.matter).values() if act.starts_from(state)]
        asked = [one.pk for one in matters if one.mechanism == act.matter.code and one.state in states]
        if asked:
            allowed = act.matter._base_manager.filter(act.by.condition(actor), pk__in=asked)
            for pk in allowed.values_list("pk", flat=True):
                found[pk].append(act)
    return found


def unit_keys(actor: Actor) -> tuple[str, ...]:
    """The holder keys an actor answers to for its units."""
    return tuple(unit_key(actor.role, unit) for unit in actor.units)


def _own_keys(actor: Actor) -> tuple[str, ...]:
    if actor.person_id is None or actor.instead_of is not None:
        return ()
    return (person_key(actor.person_id),)


def _open(keys: Collection[str]) -> QuerySet[Matter]:
    return Matter.objects.filter(pk__in=_rows(keys).values("matter"))


def _rows(keys: Collection[str]) -> QuerySet[Access]:
    """The rows of some holders in open matters. What the house stands on is open for ever, and is no work."""
    ground = [cls.code for cls in mechanisms().values() if cls.ground]
    rows = Access.objects.filter(holder__in=keys, closed=False)
    return rows.exclude(matter__mechanism__in=ground).order_by()


def _ticking(matter: OuterRef) -> QuerySet[Running]:
    return Running.objects.filter(matter_id=matter, stopped_at=None, paused_at=None)


def _pressing(found: QuerySet[Matter], after: PageCursor | None, size: int) -> list[OpenMatter]:
    due = Subquery(_ticking(OuterRef("pk")).order_by("due_at").values("due_at")[:1])
    rows = found.annotate(next_due=due).order_by(F("next_due").asc(nulls_last=True), "pk")
    if after is not None:
        rows = pressing_after(rows, after, "next_due", "pk")
    return [OpenMatter(matter, matter.next_due) for matter in rows[:size]]


def _of_week(sums: Sums, monday: date) -> int:
    _rows, count = sums.get(key_of(monday.isoformat()), (0, 0))
    return count
