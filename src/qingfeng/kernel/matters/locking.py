"""The lock on a matter, which every act holds from its second guard to its end."""

from __future__ import annotations

from django.db.models import ForeignKey, OuterRef, QuerySet, Subquery

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.parties.models import Unit
from qingfeng.kernel.prepared import number, reading


def lock(pk: int) -> tuple[int, str]:
    """Lock a matter until the transaction ends; returns its version and the hash of its last entry.

    Nothing of a matter changes without its version: what was read before still holds if that is the same.
    The hash is empty where the entry is not there.
    """
    version, head = reading(_version)(pk)[0]
    return version, head or ""


def _version() -> QuerySet[Matter, tuple[int, str]]:
    last = Entry.objects.filter(matter_id=OuterRef("pk"), seq=OuterRef("version")).values("hash")[:1]
    held = Matter.objects.select_for_update(of=("self",)).annotate(head=Subquery(last))
    return held.filter(pk=number(0)).values_list("version", "head")


def unit_fields(kind: type[Matter]) -> list[str]:
    """The fields of a matter class that name a unit."""
    return [
        field.name
        for field in kind._meta.concrete_fields
        if isinstance(field, ForeignKey) and field.related_model is Unit
    ]
