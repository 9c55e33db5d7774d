"""Recurring meetings and tasks as the tests have them, on and around Tuesday, 10 March 2026."""

from datetime import datetime, timedelta
from typing import Any

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.mechanisms.duty.dispatch.models import Dispatch
from tests import cast
from tests.cast import NOW, do

DAY = timedelta(days=1)


def at(said: str) -> datetime:
    """A moment in Shanghai, written 2026-03-10 09:00."""
    return datetime.fromisoformat(said).replace(tzinfo=ZONE)


def called(unit: str = "office", kind: str = "scheduling", day: str = "2026-03-10") -> Dispatch:
    raw = {"kind": kind, "period": "2026-03-H1", "day": day, "unit": cast.unit(unit).pk}
    return fresh(do("dispatch.call", cast.the_system("duty"), at=at(f"{day} 08:00"), **raw).matter)


def task(due_on: str = "2026-03-13", unit: str = "housing", moment: datetime = NOW, **other: Any) -> Matter:
    raw = {"title": "窗口值守", "unit": cast.unit(unit).pk, "what": "专人值守。", "due_on": due_on, **other}
    return do("tasks.set", "office_a", at=moment, **raw).matter


def held(meeting: Matter, who: str = "office_a", moment: datetime = NOW) -> Dispatch:
    present = [
        {"unit": cast.unit("housing").pk, "people": 3},
        {"unit": cast.unit("education").pk, "people": 2},
    ]
    raw = {"held_on": moment.astimezone(ZONE).date().isoformat(), "attendance": present}
    return fresh(do("dispatch.hold", who, meeting, moment, **raw).matter)


def resolved(
    meeting: Matter, item: int | None = None, due_on: str = "2026-03-20", who: str = "office_a"
) -> Matter:
    row = {"title": "补齐值守表", "what": "补齐并公开。", "unit": cast.unit("housing").pk, "due_on": due_on}
    resolutions = [row if item is None else {**row, "item": item}]
    do("dispatch.conclude", who, meeting, minutes="议定一项。", resolutions=resolutions)
    return fresh(meeting).resolutions.get().task


def fresh(meeting: Matter) -> Dispatch:
    return Dispatch.objects.get(pk=meeting.pk)


def agenda(meeting: Matter) -> list[tuple[str, str]]:
    """Section and what it is about, in the order of the agenda, struck ones left out."""
    rows = fresh(meeting).items.filter(valid_to=None).order_by("number").select_related("matter")
    return [(row.section, row.topic or row.matter.title) for row in rows]


def facts(*names: str) -> dict[str, int]:
    found = Fact.objects.filter(name__in=names).values_list("name", "quantity")
    return {name: sum(quantity for one, quantity in found if one == name) for name in names}


def clock(act: str, matter: Matter, moment: str) -> Matter:
    return do(act, cast.the_system("clock"), matter, at(moment)).matter
