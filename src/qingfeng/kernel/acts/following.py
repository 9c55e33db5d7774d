"""Open matters follow a unit to its successor 承继, each by an act of the system of its own."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from qingfeng.kernel.actors import system
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.matters.locking import unit_fields
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.parties.models import Jurisdiction, Unit


def carry_over(unit: Unit, successor: Unit, now: datetime, by: Matter) -> int:
    """Carry every open matter of a unit over, in id order, but for the one ``by`` which it ends; returns how many.

    The unit has to be standing still. Matters of every jurisdiction follow: a city has sheets on a county's units.
    """
    acting = system("succession", list(Jurisdiction.objects.order_by("id").values_list("id", flat=True)))
    carried = 0
    for matter in mechanisms().values():
        named = models.Q(pk__in=())
        for name in unit_fields(matter):
            named |= models.Q(**{name: unit})
        following = matter._default_manager.filter(named, closed=False).exclude(pk=by.pk)
        for pk in following.order_by("pk").values_list("pk", flat=True):
            perform(
                acts_of(matter)["follow"],
                acting,
                {"unit": unit.pk, "successor": successor.pk},
                now,
                matter_id=pk,
            )
            carried += 1
    return carried
