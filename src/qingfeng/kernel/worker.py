"""The worker 后台值守: what falls due is done, minute by minute, and an outage is caught up.

Each duty is a function of the time alone and returns how many things it did. Any number of workers
may run: what one has done, another finds done, by compare-and-set or by waiting for the same lock.
A row that fails is set aside with its words and never stops the rest.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as say
from django.utils.translation import override

from qingfeng.kernel import drafts, outbox, recount
from qingfeng.kernel.actors import system
from qingfeng.kernel.acts.declare import Act
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.attachments.intake import sweep
from qingfeng.kernel.chores import CHORES
from qingfeng.kernel.clocks import Running, Unreckonable, ticking
from qingfeng.kernel.export import export_new
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.models import Checkpoint
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.outbox import Message
from qingfeng.kernel.papers import issuing
from qingfeng.kernel.parties.models import Jurisdiction
from qingfeng.kernel.prepared import reading
from qingfeng.kernel.recurring import open_due
from qingfeng.kernel.refusals import Conflict
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import Timekeeper

log = logging.getLogger(__name__)

BEAT_SECONDS = 5
CLAIM = timedelta(minutes=5)
"""How long a message belongs to the worker that took it; one that died meanwhile is made up for after that."""
AT_ONCE = 500
"""Rows looked at in one beat, so that one duty's backlog does not keep the others waiting."""

PASSING = (OperationalError, InterfaceError)
"""Faults of the database as a whole: no row is to blame, and the next beat tries again."""


@dataclass
class Duty:
    """Something done every so often."""

    name: str
    every: timedelta
    perform: Callable[[datetime], int]
    next_at: datetime | None = field(default=None, init=False)


def duties() -> list[Duty]:
    """Everything the worker sees to, in the order it does it."""
    return [
        # Before any clock runs out: what the system refuses is nobody's delay.
        Duty("standing still", timedelta(minutes=15), recount.stand_still),
        Duty("recount", timedelta(minutes=5), recount.amended),
        Duty("next year", timedelta(hours=6), recount.ask_for_calendar),
        Duty("clocks", timedelta(seconds=15), run_out),
        Duty("outbox", timedelta(seconds=BEAT_SECONDS), deliver),
        Duty("checkpoints", timedelta(minutes=1), seal),
        Duty("witnesses", timedelta(minutes=10), send_heads),
        Duty("facts", timedelta(minutes=5), export_facts),
        Duty("recurring", timedelta(minutes=5), open_recurring),
        Duty("attachments", timedelta(hours=1), sweep),
        Duty("papers", timedelta(hours=1), issuing.sweep),
        Duty("drafts", timedelta(hours=1), drafts.sweep),
        *(Duty(one.code, timedelta(seconds=BEAT_SECONDS), one.perform) for one in CHORES.values()),
    ]


class Worker:
    """Performs duties by a timekeeper's time."""

    def __init__(self, time: Timekeeper, duties: Sequence[Duty]) -> None:
        self.time = time
        self.duties = duties

    def tick(self) -> dict[str, int]:
        """Perform the duties that are due; how much each of them did. One that fails is logged, and tried again."""
        did: dict[str, int] = {}
        for duty in self.duties:
            now = self.time.now()
            if duty.next_at is not None and now < duty.next_at:
                continue
            duty.next_at = now + duty.every
            close_old_connections()
            try:
                did[duty.name] = duty.perform(now)
            except Exception:
                log.exception("the duty %s failed and will be tried again", duty.name)
        return did

    def run(self, stop: threading.Event, orphaned: Callable[[], bool] | None = None) -> None:
        """Tick until told to stop, or until whoever started it has gone."""
        while not stop.is_set() and not (orphaned is not None and orphaned()):
            did = {name: count for name, count in self.tick().items() if count}
            if did:
                log.info("did %s", did)
            stop.wait(BEAT_SECONDS)


def parent_gone() -> Callable[[], bool]:
    """A question: has the process that started this one ended?"""
    parent = os.getppid()
    return lambda: os.getppid() != parent


def run_out(now: datetime) -> int:
    """Perform the act of every clock that ran out; returns how many were performed.

    A clock another worker or a clerk was quicker with is left. Whatever else goes wrong stays with its row.
    """
    rows = list(ticking(now).filter(_wanted()).select_related("matter")[:AT_ONCE])
    return sum(_run_out(row, now) for row in rows)


def _run_out(row: Running, now: datetime) -> int:
    """Perform what a clock's running out brings about; what it warned of comes first where that has run out too."""
    act = _expiring()[row.matter.mechanism, row.name]
    assert act.expires is not None
    main = act.expires.warns_of
    before = 0
    if main is not None and (act.matter.code, main.name) in _expiring():
        ended = ticking(now).filter(matter=row.matter_id, name=main.name).select_related("matter").first()
        before = _run_out(ended, now) if ended is not None else 0
    return before + _expire(row, act, now)


def next_due() -> datetime | None:
    """When the next clock runs out whose running out brings about an act."""
    rows = reading(_due)()
    first: datetime | None = rows[0][0] if rows else None
    return first


def _due() -> QuerySet[Running, tuple[datetime]]:
    running = Running.objects.filter(stopped_at=None, paused_at=None, expired_at=None, set_aside="")
    return running.filter(_wanted()).order_by("due_at").values_list("due_at")[:1]


@cache
def _wanted() -> Q:
    """The clocks whose running out brings about an act."""
    clocks: dict[str, list[str]] = {}
    for mechanism, clock in _expiring():
        clocks.setdefault(mechanism, []).append(clock)
    wanted = Q(pk__in=())
    for mechanism, names in clocks.items():
        wanted |= Q(matter__mechanism=mechanism, name__in=names)
    return wanted


@cache
def _expiring() -> dict[tuple[str, str], Act]:
    """The acts that running out brings about, by mechanism and clock."""
    return {
        (matter.code, act.expires.name): act
        for matter in mechanisms().values()
        for act in acts_of(matter).values()
        if act.expires is not None
    }


def _expire(row: Running, act: Act, now: datetime) -> bool:
    try:
        perform(act, system("clock", [row.matter.jurisdiction_id]), {}, now, matter_id=row.matter_id)
    except Conflict:
        return False
    except Unreckonable:
        log.warning("%s of %s waits for a calendar", act.name, row.matter.number)
        return False
    except PASSING:
        log.exception("%s of %s waits for the database", act.name, row.matter.number)
        return False
    except Exception as fault:
        words = f"{type(fault).__name__}: {fault}"[:2000]
        # Only if it still runs: the matter may have moved on while we tried.
        if ticking(now).filter(pk=row.pk).update(set_aside=words):
            log.exception("%s of %s is set aside", act.name, row.matter.number)
        return False
    return True


def deliver(now: datetime) -> int:
    """Try every message that is due; returns how many left. Each is claimed first, so that none goes twice."""
    return sum(
        outbox.deliver(message, now) for message in outbox.waiting(now)[:AT_ONCE] if claimed(message, now)
    )


def claimed(message: Message, now: datetime) -> bool:
    """Take a message for this worker, if nobody took it since it was read."""
    unchanged = Message.objects.filter(
        pk=message.pk, sent_at=None, tries=message.tries, next_try_at=message.next_try_at
    )
    return bool(unchanged.update(next_try_at=now + CLAIM))


def seal(now: datetime) -> int:
    """Seal what is not sealed yet; returns how many checkpoints were made."""
    return len(seal_all(now, signer()))


def export_facts(now: datetime) -> int:
    """Export the facts under each new checkpoint; returns how many checkpoints were exported."""
    return len(export_new(settings.EXPORTS, now))


def open_recurring(now: datetime) -> int:
    """Open what returns and is due; returns how many matters were opened. What had to wait is logged."""
    done, skipped = open_due(now)
    for left in skipped:
        log.warning("%s %s in %s waits: %s", left.duty.code, left.period, left.jurisdiction, left.words)
    return len(done)


def send_heads(now: datetime) -> int:
    """Send the ledger's heads to the witnesses outside, once a day; returns how many letters were put in the outbox.

    A day that was missed needs no letter of its own: each head commits to all before it.
    """
    witnesses = settings.WITNESSES
    if not witnesses:
        return 0
    mark = f"heads@{day_of(now).isoformat()}"
    with transaction.atomic():
        # Whoever else is at it waits here, and then finds it done.
        jurisdictions = list(Jurisdiction.objects.select_for_update(no_key=True).order_by("id"))
        if Message.objects.filter(channel=Message.Channel.MAIL, holder=mark).exists():
            return 0
        heads = [head for jurisdiction in jurisdictions if (head := _head(jurisdiction)) is not None]
        if not heads:
            return 0
        with override(settings.LANGUAGE_CODE):
            letter = {"subject": say("Heads of the Qingfeng ledger"), "text": _letter(heads)}
        Message.objects.bulk_create(
            Message(
                channel=Message.Channel.MAIL, holder=mark, payload={**letter, "to": address}, next_try_at=now
            )
            for address in witnesses
        )
        return len(witnesses)


def _head(jurisdiction: Jurisdiction) -> Checkpoint | None:
    return jurisdiction.checkpoints.select_related("jurisdiction").order_by("-number").first()


def _letter(heads: Sequence[Checkpoint]) -> str:
    lines = [
        say(
            "Please keep this letter. Nothing recorded up to these heads can be altered unseen as long as you have them."
        ),
        "",
    ]
    for head in heads:
        lines += [
            say("%(jurisdiction)s, checkpoint %(number)s")
            % {"jurisdiction": head.jurisdiction, "number": head.number},
            head.hash,
            "",
        ]
    lines.append(say("To compare them with an export: qingfeng_verify.py EXPORT --head HEAD"))
    return "\n".join(lines)
