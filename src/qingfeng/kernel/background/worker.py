"""The worker 后台值守: what falls due is done, minute by minute, and an outage is caught up.

Each duty is a function of the time alone and returns how many things it did. Any number of workers
may run: what one has done, another finds done, by compare-and-set or by waiting for the same lock.
A row that fails is set aside with its words and never stops the rest.

Duties run in three lanes, each a thread: what is short (time limits, what the house tells itself, the seal), letters,
which wait for a server outside, and what is long. None waits for those of another lane.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connections, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as say
from django.utils.translation import override

from qingfeng.kernel.acts import drafts
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.attachments.intake import sweep
from qingfeng.kernel.background import jobs, outbox, upkeep
from qingfeng.kernel.background.jobs import CHORES
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger import keychain
from qingfeng.kernel.ledger.canonical import entry_of
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.history import place_of
from qingfeng.kernel.ledger.models import Checkpoint
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.ledger.verify_heads import DeclaredGap, gaps
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.papers import issuing
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.reading.compiled import compiled
from qingfeng.kernel.reading.figure_keeping import keep
from qingfeng.kernel.record import journal
from qingfeng.kernel.record.export import export_new
from qingfeng.kernel.refusals import Conflict
from qingfeng.kernel.time import recount
from qingfeng.kernel.time.clocks import LAID_ASIDE, Running, Unreckonable, ticking, words_digest
from qingfeng.kernel.time.duties import open_due
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import Timekeeper

log = logging.getLogger(__name__)

BEAT_SECONDS = 5
CLAIM = timedelta(minutes=5)
"""How long a message belongs to the worker that took it; one that died meanwhile is made up for after that. Longer than
a mail server may take to answer, and a piece of work besides."""
AT_ONCE = 500
"""Rows looked at for one piece of work: more than a second's."""
BREATH_SECONDS = 0.2
"""Rest between two pieces, at least: who waits for SQLite's one writer looks again every tenth of a second."""
STOP_SECONDS = 1.5
"""How long a lane told to stop is waited for. What it still does then is cut off as by a crash: undone, or done."""

_WAITING: set[int] = set()
"""Clocks whose act waits for a calendar: left out until limits are looked at again, so that they hold up no other."""
PASSING = (OperationalError, InterfaceError)
"""Faults of the database as a whole: no row is to blame, and the next beat tries again."""


class Lane(StrEnum):
    """Duties that wait for each other, and for none of another lane."""

    SHORT = "short"
    LETTERS = "letters"
    LONG = "long"


@dataclass
class WorkerTask:
    """Something done every so often; with a ``backlog`` it goes on, after a rest, as long as it finds something."""

    name: str
    every: timedelta
    perform: Callable[[datetime], int]
    lane: Lane = Lane.SHORT
    backlog: bool = False
    next_at: float | None = field(default=None, init=False)


def duties() -> list[WorkerTask]:
    """Everything the worker sees to, in the order it does it."""
    beat = timedelta(seconds=BEAT_SECONDS)
    return [
        # Before any clock runs out: what the system refuses is nobody's delay.
        WorkerTask("standing still", timedelta(minutes=15), stand_still),
        WorkerTask("clocks", timedelta(seconds=15), run_out, backlog=True),
        WorkerTask("outbox", beat, deliver, backlog=True),
        WorkerTask("checkpoints", timedelta(minutes=1), seal),
        WorkerTask("witnesses", timedelta(minutes=10), send_heads),
        WorkerTask("letters", beat, post, Lane.LETTERS, backlog=True),
        WorkerTask("recount", timedelta(minutes=5), recount.amended, Lane.LONG, backlog=True),
        WorkerTask("regimes carried", timedelta(minutes=5), recount.carried, Lane.LONG, backlog=True),
        WorkerTask("next year", timedelta(hours=6), recount.ask_for_calendar, Lane.LONG),
        WorkerTask("figures", timedelta(seconds=15), keep, Lane.LONG, backlog=True),
        WorkerTask("facts", timedelta(minutes=5), export_facts, Lane.LONG),
        WorkerTask("recurring", timedelta(minutes=5), open_recurring, Lane.LONG, backlog=True),
        WorkerTask("attachments", timedelta(hours=1), sweep, Lane.LONG),
        WorkerTask("papers", timedelta(hours=1), issuing.sweep, Lane.LONG),
        WorkerTask("drafts", timedelta(hours=1), drafts.sweep, Lane.LONG),
        *(WorkerTask(one.code, beat, one.perform, Lane.LONG, backlog=True) for one in CHORES.values()),
    ]


class Worker:
    """Performs duties by a timekeeper's time; how long ago one was performed is told by ``ticks``."""

    def __init__(
        self, time: Timekeeper, duties: Sequence[WorkerTask], ticks: Callable[[], float] = jobs.ticks
    ) -> None:
        self.time = time
        self.duties = duties
        self.ticks = ticks

    def tick(self, lanes: Collection[Lane] = tuple(Lane)) -> dict[str, int]:
        """Perform the duties that are due; how much each of them did. One that fails is logged, and tried again."""
        did: dict[str, int] = {}
        for duty in self.duties:
            began = self.ticks()
            if duty.lane not in lanes or (duty.next_at is not None and began < duty.next_at):
                continue
            duty.next_at = began + duty.every.total_seconds()
            close_old_connections()
            try:
                did[duty.name] = duty.perform(self.time.now())
            except KeyboardInterrupt:
                raise
            except BaseException:
                # An act that calls for the end of the process doesn't get it: only a signal ends the worker.
                log.exception("the duty %s failed and will be tried again", duty.name)
                continue
            if duty.backlog and did[duty.name]:
                duty.next_at = None
        return did

    def catch_up(self) -> None:
        """Perform what is due until nothing more is."""
        while any(self.tick().values()):
            pass

    def run(self, stop: threading.Event, over: Callable[[], bool]) -> None:
        """Perform duties until told to stop, or until it is over, which is asked several times a second."""
        if stop.is_set() or over():
            return
        lanes = [
            threading.Thread(target=self._go, args=(lane, stop), name=f"worker-{lane}", daemon=True)
            for lane in Lane
        ]
        log.info("the worker starts")
        for thread in lanes:
            thread.start()
        while not stop.wait(BREATH_SECONDS):
            if over():
                stop.set()
        ends = self.ticks() + STOP_SECONDS
        for thread in lanes:
            thread.join(max(0.0, ends - self.ticks()))
        busy = [thread.name for thread in lanes if thread.is_alive()]
        log.info("the worker stops%s", f"; cut off: {', '.join(busy)}" if busy else "")

    def _go(self, lane: Lane, stop: threading.Event) -> None:
        log.info("the lane %s starts", lane)
        while not stop.is_set():
            began = self.ticks()
            did = {name: count for name, count in self.tick((lane,)).items() if count}
            if did:
                log.info("did %s", did)
            if lane is Lane.SHORT:
                with suppress(OSError):  # a full disk is seen elsewhere, and stops nothing here
                    upkeep.note("worker", self.time.now())
            more = any(duty.next_at is None for duty in self.duties if duty.lane == lane)
            # As long as the piece took: then whoever waited for the database has had the same time.
            rest = max(BREATH_SECONDS, min(self.ticks() - began, jobs.PIECE_SECONDS))
            stop.wait(rest if more else BEAT_SECONDS)
        connections.close_all()
        log.info("the lane %s stops", lane)


def parent_gone() -> Callable[[], bool]:
    """A question: has the process that started this one ended?"""
    parent = os.getppid()
    return lambda: os.getppid() != parent


def run_out(now: datetime) -> int:
    """Perform the acts of clocks that ran out, a piece of them; returns how many were performed.

    A clock another worker or a clerk was quicker with is left. Whatever else goes wrong stays with its row.
    """
    rows = ticking(now).filter(_wanted()).exclude(pk__in=_WAITING)[:AT_ONCE]
    return sum(_run_out(row, now) for row in jobs.piece(rows))


def stand_still(now: datetime) -> int:
    """Let limits stand still, or run on; what waited for a calendar is tried again after that."""
    _WAITING.clear()
    return recount.stand_still(now)


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
    rows = compiled(_due)()
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
        _WAITING.add(row.pk)
        log.warning("%s of %s waits for a calendar", act.name, row.matter.number)
        return False
    except PASSING:
        log.exception("%s of %s waits for the database", act.name, row.matter.number)
        return False
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        words = f"{type(fault).__name__}: {fault}"[:2000]
        if _lay_aside(row, words, now):
            log.exception("%s of %s is set aside", act.name, row.matter.number)
        return False
    return True


def _lay_aside(row: Running, words: str, now: datetime) -> bool:
    """Lay a clock aside and journal it; False when it no longer ran: the matter may have moved on while we tried."""
    with transaction.atomic():
        if not ticking(now).filter(pk=row.pk).update(set_aside=words):
            return False
        kind = journal.JournalEntry.Kind.ADMINISTRATION
        acting = system("clock", [row.matter.jurisdiction_id])
        about = {"clock": row.name, "of": row.matter.number, "row": row.pk, "words": words_digest(words)}
        journal.write(kind, acting, now, did=LAID_ASIDE, **about)
        return True


def deliver(now: datetime) -> int:
    """Do a piece of what the house tells itself, notices and events; returns how many were done."""
    rows = outbox.waiting(now).exclude(channel=Message.Channel.MAIL)[:AT_ONCE]
    return sum(outbox.deliver(message, now) for message in jobs.piece(rows) if claimed(message, now))


def post(now: datetime) -> int:
    """Send a piece of the letters that are due; returns how many left.

    Where the server is away, or hangs, it is not tried with the next letter before the next beat.
    """
    rows = outbox.waiting(now).filter(channel=Message.Channel.MAIL)[:AT_ONCE]
    left = 0
    for message in jobs.piece(rows):
        if claimed(message, now):
            left += outbox.deliver(message, now)
            if message.server_away:
                break
    return left


def claimed(message: Message, now: datetime) -> bool:
    """Take a message for this worker, if nobody took it since it was read, so that none goes twice."""
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
    """Open what returns and is due, a piece of each duty; returns how many were opened. What had to wait is logged."""
    done, skipped = open_due(now, jobs.piece)
    for left in skipped:
        whose = f" of {plain(left.subject)}" if left.subject is not None else ""
        log.warning(
            "%s %s%s in %s waits: %s", left.duty.code, left.period, whose, left.jurisdiction, left.words
        )
    return len(done)


def send_heads(now: datetime) -> int:
    """Send the ledger's heads to the witnesses outside, once a day; returns how many letters were put in the outbox.

    A day that was missed needs no letter of its own: each head commits to all before it. A gap that was declared has
    its own letter at once, and stands in each one after.
    """
    witnesses = settings.WITNESSES
    if not witnesses:
        return 0
    with transaction.atomic():
        # Whoever else is at it waits here, and then finds it done.
        jurisdictions = list(Jurisdiction.objects.select_for_update(no_key=True).order_by("id"))
        heads = [head for jurisdiction in jurisdictions if (head := _head(jurisdiction)) is not None]
        # Numbers left out are those that were lost: where there are more of them, a gap was declared since.
        lost = sum(head.number - 1 - place_of(entry_of(head.header.encode())) for head in heads)
        mark = f"heads@{day_of(now).isoformat()}+{lost}"
        if Message.objects.filter(channel=Message.Channel.MAIL, holder=mark).exists():
            return 0
        if not heads:
            return 0
        with override(settings.LANGUAGE_CODE):
            letter = {"subject": say("Heads of the Qingfeng ledger"), "text": _letter(heads, gaps())}
        Message.objects.bulk_create(
            Message(
                channel=Message.Channel.MAIL, holder=mark, payload={**letter, "to": address}, next_try_at=now
            )
            for address in witnesses
        )
        return len(witnesses)


def _head(jurisdiction: Jurisdiction) -> Checkpoint | None:
    return jurisdiction.checkpoints.select_related("jurisdiction").order_by("-number").first()


def _letter(heads: Sequence[Checkpoint], lost: Iterable[DeclaredGap]) -> str:
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
            f"{head.jurisdiction.code}/{head.number} {head.hash}",
            "",
        ]
    for key in keychain.standing()[-1:]:
        # Whoever is shown an export by a stranger knows by it whose key signed.
        lines += [say("Signing key, SM3 of its statement: %(hash)s") % {"hash": key.hash}, ""]
    for gap in lost:
        lines += [say("History was lost, and two people declared it:"), str(gap), ""]
    lines.append(
        say("To compare: qingfeng ledger verify --head LETTER; or qingfeng_verify.py EXPORT --head LETTER")
    )
    return "\n".join(lines)
