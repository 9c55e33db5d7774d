"""Open matters follow a unit to its successor 承继, each by an act of the system of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import models

from qingfeng.kernel.actors import system
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.matters.locking import unit_fields
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.parties.models import Jurisdiction, Unit
from qingfeng.kernel.steps import waiting_on


def following(unit: Unit, by: Matter) -> Iterator[tuple[type[Matter], list[int]]]:
    """The open matters that would follow a unit, by mechanism, in id order, but for the one ``by`` which it ends.

    Those that name it, and those in whose approval steps a seat of it is still to be taken. Matters of every
    jurisdiction follow: a city has sheets on a county's units.
    """
    for matter in mechanisms().values():
        named = models.Q(pk__in=waiting_on(unit.pk))
        for name in unit_fields(matter):
            named |= models.Q(**{name: unit})
        found = matter._default_manager.filter(named, closed=False).exclude(pk=by.pk)
        ids = list(found.order_by("pk").values_list("pk", flat=True))
        if ids:
            yield matter, ids


def carry_over(unit: Unit, heir: Callable[[str], Unit], now: datetime, by: Matter) -> int:
    """Carry every open matter of a unit over to what ``heir`` names for its mechanism; returns how many.

    The unit has to be standing still.
    """
    acting = system("succession", list(Jurisdiction.objects.order_by("id").values_list("id", flat=True)))
    carried = 0
    for matter, ids in following(unit, by):
        raw = {"unit": unit.pk, "successor": heir(matter.code).pk}
        for pk in ids:
            perform(acts_of(matter)["follow"], acting, raw, now, matter_id=pk)
        carried += len(ids)
    return carried
