"""What the three administrators may see 三员: how the system runs, and the journal; never the content of matters.

For everyone else there is nothing here: ``NotFound`` (GB/T 22239-2019, 8.1.4.2 d).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from qingfeng.kernel.background import outbox
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Checkpoint
from qingfeng.kernel.people import lending
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.reading.paging import PAGE, ListPage, paged
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.refusals import NotFound
from qingfeng.kernel.time.clocks import TRIED_AGAIN, Running

MOST = 200


def _only(actor: Actor, role: Role) -> None:
    if actor.role != role:
        raise NotFound


def failed_deliveries(actor: Actor) -> Sequence[Message]:
    """What the outbox gave up, the oldest first, at most 200."""
    _only(actor, Role.SYSTEM_ADMINISTRATOR)
    return list(outbox.failed()[:MOST])


def resend(actor: Actor, message_id: int, now: datetime) -> None:
    """Give a failed delivery its tries back, by rights that are lent. Raises ``Barred`` where none are."""
    _only(actor, Role.SYSTEM_ADMINISTRATOR)
    message = outbox.failed().filter(pk=message_id).first()
    if message is None:
        raise NotFound
    lending.used(actor, now, "resend", message=message.pk)
    outbox.resend(message, now)


def try_again(actor: Actor, clock_id: int, now: datetime) -> None:
    """Let the worker try a clock that was set aside once more, by rights that are lent. Raises ``Barred``."""
    _only(actor, Role.SYSTEM_ADMINISTRATOR)
    clock = next((one for one in clocks_set_aside(actor) if one.pk == clock_id), None)
    if clock is None:
        raise NotFound
    with transaction.atomic():
        lending.used(actor, now, TRIED_AGAIN, clock=clock.name, of=clock.matter.number, row=clock.pk)
        Running.objects.filter(pk=clock.pk).update(set_aside="")


def clocks_set_aside(actor: Actor) -> Sequence[Running]:
    """The clocks whose act failed, with its words, at most 200."""
    _only(actor, Role.SYSTEM_ADMINISTRATOR)
    found = Running.objects.exclude(set_aside="").filter(matter__jurisdiction_id__in=actor.jurisdictions)
    return list(found.select_related("matter").order_by("due_at", "id")[:MOST])


def last_heads(actor: Actor) -> Sequence[Checkpoint]:
    """The last checkpoint of each jurisdiction the actor covers."""
    _only(actor, Role.SYSTEM_ADMINISTRATOR)
    covered = Checkpoint.objects.filter(jurisdiction_id__in=actor.jurisdictions)
    last = covered.order_by().values("jurisdiction").annotate(last=Max("id")).values("last")
    return list(
        Checkpoint.objects.filter(pk__in=last).select_related("jurisdiction").order_by("jurisdiction_id")
    )


def journal_lines(actor: Actor, cursor: str = "") -> ListPage:
    """The journal, the latest line first."""
    _only(actor, Role.AUDIT_ADMINISTRATOR)
    return paged(JournalEntry.objects.all(), cursor, PAGE, "account")
