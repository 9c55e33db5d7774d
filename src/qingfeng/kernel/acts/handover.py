"""Open matters follow a unit to its successor 承继, and a person who leaves to who takes over 接办, each by its own act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.db import models

from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.acts.steps import waiting_on
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.people.actors import person_key, system, unit_key
from qingfeng.kernel.people.models import Jurisdiction, Person, Unit
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.record.succession import FOLLOWS

Open = Iterator[tuple[type[Matter], list[int]]]
"""Open matters by mechanism, in id order."""


def following(unit: Unit, by: Matter) -> Open:
    """The open matters that would follow a unit, but for the one ``by`` which it ends.

    Those that name it, and those in whose approval steps a seat of it is still to be taken. Matters of every
    jurisdiction follow: a city has sheets on a county's units.
    """
    seats = models.Q(pk__in=waiting_on([unit_key(role, unit.pk) for role in Role]))
    for matter in mechanisms().values():
        named = seats
        for name, fate in matter.becomes.items():
            if fate == FOLLOWS:
                named |= models.Q(**{name: unit})
        yield from _open(matter, named & ~models.Q(pk=by.pk))


def answered_for(person: Person) -> Open:
    """The open matters that a person answers for in person: they name them so, or wait on their say in a step."""
    seats = models.Q(pk__in=waiting_on([person_key(person.pk)]))
    for matter in mechanisms().values():
        yield from _open(matter, seats | matter.answered_for(person.pk))


def _open(matter: type[Matter], named: models.Q) -> Open:
    found = matter._default_manager.filter(named, closed=False).order_by("pk")
    ids = list(dict.fromkeys(found.values_list("pk", flat=True)))
    if ids:
        yield matter, ids


def carry_over(unit: Unit, heir: Callable[[str], Unit], now: datetime, by: Matter) -> int:
    """Carry every open matter of a unit over to what ``heir`` names for its mechanism; returns how many.

    The unit has to be standing still.
    """
    return _follow(following(unit, by), lambda code: {"unit": unit.pk, "successor": heir(code).pk}, now)


def hand_over(person: Person, to: Person, now: datetime) -> int:
    """Hand every open matter that a person answers for over to another; returns how many."""
    return _follow(answered_for(person), lambda code: {"person": person.pk, "taken_over_by": to.pk}, now)


def _follow(found: Open, raw: Callable[[str], dict[str, Any]], now: datetime) -> int:
    acting = system("succession", list(Jurisdiction.objects.order_by("id").values_list("id", flat=True)))
    carried = 0
    for matter, ids in found:
        for pk in ids:
            perform(acts_of(matter)["follow"], acting, raw(matter.code), now, matter_id=pk)
        carried += len(ids)
    return carried
