"""What an agenda is drawn from: open matters of the mechanisms the regime names, as far as their drawer reads them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from qingfeng.kernel.acts.access import readable_everywhere
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Secrecy
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.vocabulary import Do, Matter
from qingfeng.mechanisms.duty.dispatch.declarations import AgendaReason
from qingfeng.mechanisms.duty.dispatch.registers import AgendaItem, Resolution
from qingfeng.mechanisms.duty.dispatch.rules import AgendaCandidate


def for_an_agenda(actor: Actor, jurisdiction_id: int) -> QuerySet[Matter]:
    """The matters of a jurisdiction that an actor may put before a meeting: what the role reads, nothing sealed.

    What they read as the person they are, such as their own leave, is nobody's agenda.
    """
    in_role = replace(actor, person_id=None)
    found = readable_everywhere(in_role, mechanisms().values()).filter(jurisdiction_id=jurisdiction_id)
    return found.exclude(secrecy=Secrecy.SEALED)


def waiting(
    do: Do, codes: Collection[str], near: int, idle: int, known: Collection[int]
) -> list[AgendaCandidate]:
    """The open matters that are overdue, near or idle, but for those known already."""
    ticking = Running.objects.filter(matter=OuterRef("pk"), stopped_at=None, paused_at=None)
    entries = Entry.objects.filter(matter=OuterRef("pk"))
    since = do.now - timedelta(days=idle)
    found = (
        for_an_agenda(do.actor, do.matter.jurisdiction_id)
        .filter(mechanism__in=codes, closed=False)
        .exclude(pk__in=known)
        .annotate(
            due=Subquery(ticking.order_by("due_at").values("due_at")[:1]),
            touched=Subquery(entries.order_by("-seq").values("at")[:1]),
        )
        .filter(Q(due__lte=do.now + timedelta(days=near)) | ~Exists(entries.filter(at__gt=since)))
    )
    return [AgendaCandidate(*row) for row in found.order_by("pk").values_list("pk", "due", "touched")]


def done_since(jurisdiction_id: int, kind: str) -> QuerySet[Resolution]:
    """What earlier meetings of a kind resolved and is done, and no agenda has told of yet."""
    told = AgendaItem.objects.filter(
        section=AgendaReason.DONE, dispatch__kind=kind, dispatch__jurisdiction_id=jurisdiction_id
    )
    resolved = Resolution.objects.filter(
        dispatch__kind=kind, dispatch__jurisdiction_id=jurisdiction_id, task__state="confirmed"
    )
    return resolved.exclude(task__in=told.values("matter")).order_by("pk")
