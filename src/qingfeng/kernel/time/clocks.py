"""Clocks 时限: several named ones to a matter, each with its limit from the regime, polled as rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.canonical import encode_plain
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.reading.compiled import insert, update
from qingfeng.kernel.refusals import Barred, Misdeclared
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import Pause, Period, PeriodUnit, due
from qingfeng.kernel.time.workdays import CalendarNotPublished, Workdays

if TYPE_CHECKING:
    from qingfeng.kernel.regime.policy import Policy


@dataclass(frozen=True)
class Clock:
    """A clock 时限 as declared: ``limit`` is a parameter of the regime whose value is a period.

    One without limit runs out at the moment it is counted from (``do.count_from``): a day agreed, not a period.
    On such a day something happens by itself, and the clock is done; a ``deadline`` is a day by which something is
    to be done: it runs on, late, until that is done.

    ``appoints``: the end of the limit is a day on which something begins or a right is over (a look-back falls due,
    nobody objected any more): nobody is late for it.
    ``warns_of``: the clock whose end it tells beforehand; once that has run out there is nothing to warn of.
    ``silent``: it runs out where nobody did anything for so long 静默时限: each act of a person starts it anew, what closes
    the matter stops it. Its limit counts days as they pass (``Span(passing=True)``), so that no act waits for a calendar.
    """

    name: str
    label: Words
    limit: Parameter | None = None
    deadline: bool = False
    appoints: bool = False
    warns_of: Clock | None = None
    silent: bool = False

    def __post_init__(self) -> None:
        if self.silent and not getattr(self.limit and self.limit.kind, "passing", False):
            raise Misdeclared(f"{self.name} is silent: its limit is a Span(passing=True)")

    @property
    def binds(self) -> bool:
        """Whether what comes after it ran out is late."""
        return self.deadline or (self.limit is not None and not self.appoints)


class Unreckonable(Barred):
    """The end of a limit can't be reckoned: its calendar is not published, or nobody set it. Nobody is late by that."""


class Running(models.Model):
    """A clock on a matter. One row a clock: started anew on reopening, pushed out by pauses and extensions."""

    matter = models.ForeignKey("kernel.Matter", models.PROTECT, related_name="clocks", db_index=False)
    name = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    limit = models.JSONField()
    extensions = models.JSONField(default=list)
    pauses = models.JSONField(default=list)
    due_at = models.DateTimeField(_("due"))
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    set_aside = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["matter", "name"], name="one_clock_a_name"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["due_at"],
                name="clocks_ticking",
                condition=Q(stopped_at=None, paused_at=None, expired_at=None, set_aside=""),
            ),
            models.Index(
                fields=["paused_at"], name="clocks_paused", condition=~Q(paused_at=None) & Q(stopped_at=None)
            ),
        ]

    @property
    def ticking(self) -> bool:
        """Whether time runs on it."""
        return self.stopped_at is None and self.paused_at is None


MOVING = (
    "started_at",
    "limit",
    "extensions",
    "pauses",
    "due_at",
    "paused_at",
    "stopped_at",
    "expired_at",
    "set_aside",
)

STANCE = MOVING[:-1]
"""The columns a clock's last act answers for; for ``set_aside``, the worker's own note, the journal does."""

LAID_ASIDE, TRIED_AGAIN = "set aside", "try again"
"""What the journal says was done with a clock that could not run out."""


def words_digest(words: str) -> str:
    """Digest (hex) of the words a clock was set aside with."""
    return sm3(words.encode()).hex()


def stance(columns: list[Any]) -> str:
    """Digest (hex) of a clock's columns, plain, in the order of ``STANCE``."""
    return sm3(encode_plain(columns)).hex()


def ticking(now: datetime) -> models.QuerySet[Running]:
    """The clocks that ran out by ``now`` and were not yet acted on, the oldest first."""
    return (
        Running.objects.filter(
            due_at__lte=now, stopped_at=None, paused_at=None, expired_at=None, set_aside=""
        )
        .select_related("matter")
        .order_by("due_at", "id")
    )


class Clockwork:
    """The clocks of one matter during one act: changed in memory, written by the engine, named in its entry."""

    def __init__(
        self, matter_id: int | None, now: datetime, workdays: Callable[[], Workdays], rows: Iterable[Running]
    ) -> None:
        self.matter_id = matter_id
        self.now = now
        self.workdays = cache(workdays)  # asked for by every clock, and the same throughout an act
        self.rows = {row.name: row for row in rows}
        self._read = {name: dict(vars(row)) for name, row in self.rows.items()}
        self.operations: list[list[Any]] = []
        self._changed: dict[str, Running] = {}

    def start(self, clock: Clock, limit: Period | None, since: datetime | None = None) -> datetime:
        """Start it, or start it anew, now or from the moment given. Returns when it is due."""
        if limit is None and since is None:
            raise Misdeclared(f"{clock.name} has no limit: say with do.count_from when it runs out")
        # The same row anew: one clock of a name has one limit that is told; the earlier ones stand in the entries.
        row = self.rows.get(clock.name) or Running(name=clock.name)
        row.started_at, row.limit, row.extensions, row.pauses = since or self.now, _stored(limit), [], []
        row.paused_at = row.stopped_at = row.expired_at = None
        row.set_aside = ""
        self._reckon(row)
        self._note(row, "start")
        return row.due_at

    def stop(self, clock: Clock) -> None:
        """Stop it; stopping what never ran is no fault."""
        row = self.rows.get(clock.name)
        if row is not None and row.stopped_at is None:
            row.stopped_at = self.now
            self._note(row, "stop")

    def hear(self, clocks: Iterable[Clock], closed: bool, reopened: bool) -> None:
        """Start anew those that wait for a person, who has acted; one that was stopped only where the matter reopens."""
        for clock in clocks:
            row = self.rows.get(clock.name)
            if row is None:
                continue
            if closed:
                self.stop(clock)
            elif reopened or row.ticking:
                self.start(clock, _period(row.limit))

    def pause(self, clock: Clock) -> None:
        """Pause it 中止计时 (信访工作条例 art. 36: the time of a hearing is not counted)."""
        # A day agreed has no length, so there is nothing a pause could add to it.
        row = self._running(clock)
        _demand_limit(row)
        row.paused_at = self.now
        self._note(row, "pause")

    def resume(self, clock: Clock) -> None:
        """Let it run on; it is due later by what the pause took."""
        row = self.rows.get(clock.name)
        if row is None or row.paused_at is None:
            raise Misdeclared(f"{clock.name} is not paused")
        row.pauses = [*row.pauses, [row.paused_at.isoformat(), self.now.isoformat()]]
        row.paused_at = None
        self._reckon(row)
        self._note(row, "resume")

    def stand_still(self, names: Collection[str]) -> None:
        """Pause those of these that time runs on: the system refuses what they wait for."""
        for row in self.rows.values():
            if row.name in names and row.ticking and row.expired_at is None:
                row.paused_at = self.now
                self._note(row, "stand_still")

    def reckon(
        self, held_since: datetime | None, limits: Mapping[str, Period] | None = None
    ) -> list[Running]:
        """Reckon anew what runs, and let run on what stands still since a moment; the clocks that end otherwise now.

        :param limits: what takes the place of the length they began with, by name; not where that would be over by now
        """
        moved = []
        for row in self.rows.values():
            held = held_since is not None and row.paused_at == held_since
            if row.stopped_at is not None or not row.limit or (row.paused_at is not None and not held):
                continue
            before = row.due_at
            if held and held_since is not None:
                row.pauses = [*row.pauses, [held_since.isoformat(), self.now.isoformat()]]
                row.paused_at = None
            elif row.expired_at is not None:
                continue
            began_with = row.limit
            row.limit = _stored((limits or {}).get(row.name)) or began_with
            self._reckon(row)
            # A shorter limit makes nobody late who was in time: rules don't reach back (立法法 art. 104).
            if row.limit != began_with and row.due_at <= self.now:
                row.limit = began_with
                self._reckon(row)
            if held or row.due_at != before:
                self._note(row, "reckon")
                moved.append(row)
        return moved

    def extend(self, clock: Clock, by: Period) -> None:
        """Put its end off 延期; of one that stands still, the end it will have when it runs on."""
        row = self.rows.get(clock.name)
        if row is None or row.stopped_at is not None:
            raise Misdeclared(f"{clock.name} is not running")
        _demand_limit(row)
        row.extensions = [*row.extensions, _stored(by)]
        # From here on it is measured against the new end. That it ran out before stays with the act that noted it.
        row.expired_at = None
        if row.paused_at is None:
            self._reckon(row)
        self._note(row, "extend")

    def expire(self, clock: Clock) -> bool:
        """Mark that it ran out; False when it no longer had (stopped, paused, put off meanwhile)."""
        row = self.rows.get(clock.name)
        if row is None or not row.ticking or row.expired_at is not None or row.due_at > self.now:
            return False
        row.expired_at = self.now
        if not clock.binds:
            # The day agreed has come; nobody is late for it.
            # At its end, not now: the worker may come an hour late, and the record tells the day itself.
            row.stopped_at = row.due_at
        self._note(row, "expire")
        return True

    def due(self, clock: Clock) -> datetime | None:
        """When it is due, if time runs on it."""
        row = self.rows.get(clock.name)
        return row.due_at if row is not None and row.ticking else None

    def save(self) -> None:
        """Write what changed."""
        new = [row for row in self._changed.values() if row.pk is None]
        if self.matter_id is not None:
            for row in new:
                row.matter_id = self.matter_id
            insert(new)
        for row in self._changed.values():
            if row.pk is not None:
                read = self._read[row.name]
                changes = {name: now for name in MOVING if (now := getattr(row, name)) != read[name]}
                if changes:
                    update(Running, changes, id=row.pk)

    def _reckon(self, row: Running) -> None:
        if not row.limit:
            row.due_at = row.started_at
            return
        row.due_at = reckoned(row, self.workdays())

    def _running(self, clock: Clock) -> Running:
        row = self.rows.get(clock.name)
        if row is None or not row.ticking:
            raise Misdeclared(f"{clock.name} is not running")
        return row

    def _note(self, row: Running, operation: str) -> None:
        self.rows[row.name] = self._changed[row.name] = row
        self.operations.append(
            [row.name, operation, plain(row.due_at), stance(plain([getattr(row, name) for name in STANCE]))]
        )


def reckoned(row: Running, workdays: Workdays) -> datetime:
    """When a clock with a limit is due under a calendar. Raises ``Unreckonable``."""
    try:
        return due(
            row.started_at,
            _period(row.limit),
            workdays,
            extensions=[_period(stored) for stored in row.extensions],
            pauses=[Pause(*map(datetime.fromisoformat, stretch)) for stretch in row.pauses],
        )
    except CalendarNotPublished as fault:
        raise _without_calendar(fault) from None


def in_force(clocks: Iterable[Clock], policy: Policy) -> dict[str, Period]:
    """The lengths that some clocks would begin with now, by name; of those without a value there is none."""
    limits = {}
    for clock in clocks:
        if clock.limit is not None:
            with suppress(Barred):
                limits[clock.name] = policy.value(clock.limit)
    return limits


def differs(row: Running, limit: Period, workdays: Workdays, now: datetime) -> bool:
    """Whether a running clock has another length than this, and with this would not be over by now."""
    # The same length needs no calendar, which may not be published yet.
    if row.limit == _stored(limit):
        return False
    anew = Running(
        started_at=row.started_at, limit=_stored(limit), extensions=row.extensions, pauses=row.pauses
    )
    try:
        return reckoned(anew, workdays) > now
    except Unreckonable:
        return False


def unreckonable(clocks: Iterable[Clock], policy: Policy, now: datetime) -> Words:
    """Why some clocks could not be started now: no calendar, or no value in force; empty: they could."""
    try:
        for clock in clocks:
            if clock.limit is not None:
                due(now, policy.value(clock.limit), policy.workdays)
    except CalendarNotPublished as fault:
        return fault.told(say)
    except Barred as fault:
        return fault.reason
    return ""


def _without_calendar(fault: CalendarNotPublished) -> Unreckonable:
    return Unreckonable(
        fault.told(say),
        remedy=_("The supervision office enters the year's notice; until then the time limit stands still."),
    )


def _demand_limit(row: Running) -> None:
    if not row.limit:
        raise Misdeclared(f"{row.name} runs out at a moment: start it anew for another")


def _stored(period: Period | None) -> dict[str, Any]:
    if period is None:
        return {}
    return {"n": period.n, "unit": str(period.unit), "roll_forward": period.roll_forward}


def _period(stored: dict[str, Any]) -> Period:
    return Period(stored["n"], PeriodUnit(stored["unit"]), stored["roll_forward"])
