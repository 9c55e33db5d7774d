"""The lock on a matter, which every act holds from its second guard to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey, OuterRef, QuerySet, Subquery

from qingfeng.kernel.access import Access, Granted
from qingfeng.kernel.clocks import Running
from qingfeng.kernel.gathered import Gathered, instances, moment, rows
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.parties.models import Unit
from qingfeng.kernel.prepared import number, reading


@dataclass(frozen=True)
class Held:
    """What is held under the lock: version, hash of the last entry (empty: it is not there), clocks and grants."""

    version: int
    head: str
    clocks: list[Running]
    grants: list[Granted]


NOTHING_HELD = Held(0, "", [], [])
"""What is held of a matter that is only being opened."""


def lock(pk: int) -> Held:
    """Lock a matter until the transaction ends, and read what an act changes beside it.

    Nothing of a matter changes without its version: what was read before still holds if that is the same.
    """
    version, head, clocks, grants = reading(_held)(pk)[0]
    return Held(version, head or "", instances(Running, clocks), [_granted(*row) for row in rows(grants)])


def _granted(pk: int, holder: str, act: str, due: str | None, closed: bool | int) -> Granted:
    return Granted(pk, holder, act, moment(due) if due else None, bool(closed))


def _held() -> QuerySet[Matter, tuple[Any, ...]]:
    last = Entry.objects.filter(matter_id=OuterRef("pk"), seq=OuterRef("version")).values("hash")[:1]
    held = Matter.objects.select_for_update(of=("self",)).filter(pk=number(0))
    return held.annotate(
        head=Subquery(last),
        running=Gathered.belonging(Running, "matter_id"),
        granted=Gathered(Access.objects.filter(matter_id=OuterRef("pk")).values(*Granted._fields)),
    ).values_list("version", "head", "running", "granted")


def unit_fields(kind: type[Matter]) -> list[str]:
    """The fields of a matter class that name a unit."""
    return [
        field.name
        for field in kind._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Unit
    ]
