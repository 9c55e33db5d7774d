"""The page of who was named with which violation 点名; the office, finance and the unit read it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.vocabulary import Page, Person
from qingfeng.mechanisms.restraint.reception.policy import VIOLATIONS

if TYPE_CHECKING:
    from qingfeng.mechanisms.restraint.reception.models import Reception


def named(reception: Reception, actor: Actor, now: datetime) -> Mapping[str, Any]:
    """Kind, day and persons of each violation noted; the names as the register of persons has them now."""
    kinds = (
        dict(Policy(reception.jurisdiction_id, reception.day).choices(VIOLATIONS)) if reception.found else {}
    )
    people = Person.objects.in_bulk({pk for row in reception.found for pk in row["people"]})
    heads = (_("Violation"), _("Noted on"), _("Named with it"))
    rows = [
        (
            kinds.get(row["kind"], row["kind"]),
            row["on"],
            "、".join(str(people[pk]) for pk in row["people"] if pk in people),
        )
        for row in reception.found
    ]
    return {"heads": heads, "rows": [list(zip(heads, row, strict=True)) for row in rows]}


NAMED = Page("named", _("Violations noted"), "reception/named.html", named)
