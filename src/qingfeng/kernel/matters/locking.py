"""The lock on a matter, which every act holds from its second guard to its end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import ForeignKey, OuterRef, QuerySet, Subquery

from qingfeng.kernel.acts.access import Access, GrantRow
from qingfeng.kernel.acts.footing import Footing, Shape, fallen
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.reading.compiled import compiled, int_slot
from qingfeng.kernel.reading.json_rows import JsonRows, instances, moment, rows
from qingfeng.kernel.time.clocks import Running


@dataclass(frozen=True)
class LockedMatter:
    """What is held under the lock: version, hash of the last entry (empty: it is not there), clocks and grants.

    ``fallen``: which of the points the act stands on no longer does, counted from 1; 0: they all do.
    """

    fallen: int
    version: int
    head: str
    clocks: list[Running]
    grants: list[GrantRow]


NOTHING_HELD = LockedMatter(0, 0, "", [], [])
"""What is held of a matter that is only being opened."""


def lock(pk: int, footing: Footing) -> LockedMatter:
    """Lock what an act stands on and its matter until the transaction ends, and read what it changes beside it.

    Nothing of a matter changes without its version: what was read before still holds if that is the same.
    """
    fallen, version, head, clocks, grants = compiled(_held, footing.shape)(pk, *footing.values)[0]
    granted = [_granted(*row) for row in rows(grants)]
    return LockedMatter(fallen, version, head or "", instances(Running, clocks), granted)


def _granted(pk: int, holder: str, act: str, due: str | None, closed: bool | int) -> GrantRow:
    return GrantRow(pk, holder, act, moment(due) if due else None, bool(closed))


def _held(shape: Shape) -> QuerySet[Matter, tuple[Any, ...]]:
    last = Entry.objects.filter(matter_id=OuterRef("pk"), seq=OuterRef("version")).values("hash")[:1]
    # The row of the matter alone: units and persons it names are shared by thousands of acts.
    held = Matter.objects.select_for_update(of=("self",)).filter(pk=int_slot(0))
    return held.annotate(
        fallen=fallen(shape, 1),
        head=Subquery(last),
        running=JsonRows.belonging(Running, "matter_id"),
        granted=JsonRows(Access.objects.filter(matter_id=OuterRef("pk")).values(*GrantRow._fields)),
    ).values_list("fallen", "version", "head", "running", "granted")


def unit_fields(kind: type[Matter]) -> list[str]:
    """The fields of a matter class that name a unit."""
    return [
        field.name
        for field in kind._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Unit
    ]
