"""Recurring duties 周期性职责: a matter opened by the system for each period, once, on its working day.

A mechanism declares what returns; the regime says how often. What an outage missed is caught up, in order
and under the rule that held on each day; what can't be reckoned yet is shown and waits. With ``each`` it is a matter
for each person or unit it binds: who joins while the period runs gets theirs, who left gets none.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, ClassVar, TypeAlias

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.engine import StoredAct, perform, provider
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.people.models import Jurisdiction, Person, Unit, standing
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.reading.compiled import compiled, day_slot, int_slot, text_slot
from qingfeng.kernel.refusals import Barred, Misdeclared, Refusal
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.regime.policy import Policy, calendar, first_activated
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.recurrence import Recurrence, days_of
from qingfeng.kernel.time.workdays import CalendarNotPublished, Workdays

REASON = "duty"
"""The reason the system gives: the opening act is declared ``by=System("duty")``."""

Subject: TypeAlias = Person | Unit
Each: TypeAlias = Callable[[Jurisdiction, date], models.QuerySet[Any]]
"""Whom a duty binds in a jurisdiction on a day: persons, or units."""

_DAY = timedelta(days=1)
_log = logging.getLogger(__name__)
_failed: set[tuple[int, str, str, str]] = set()
"""What failed in this process, by the columns that make it one: tried last, it holds up nobody else's."""


@dataclass(frozen=True)
class Due:
    """One period of a duty in one jurisdiction, the day it opens, and whose it is where the duty is each one's own."""

    jurisdiction: Jurisdiction
    duty: Duty
    period: str
    opens_on: date
    subject: Subject | None = None

    @property
    def key(self) -> tuple[int, str, str, str]:
        """What there is one matter of: jurisdiction, duty, period and subject."""
        named = plain(self.subject) if self.subject is not None else ""
        return self.jurisdiction.pk, self.duty.code, self.period, named


@dataclass(frozen=True)
class Duty:
    """A duty that returns 周期性职责.

    :param code: its name for good, the mechanism first: ``meetings.dispatch``
    :param recurrence: the parameter (kind ``Turns``) that says how often; without a value nothing is due
    :param opens: the contract whose provider is the opening act
    :param inputs: the input of that act for one period, and one subject
    :param each: whom it binds, where each of them has a matter of their own 一人（一单位）一期一件
    :param over_period: it is done over a period and not on a day: the one that runs when the rule comes opens too
    """

    code: str
    label: Words
    recurrence: Parameter
    opens: str
    inputs: Callable[[Due], Mapping[str, Any]]
    each: Each | None = None
    over_period: bool = False


@dataclass(frozen=True)
class SkippedPeriod:
    """What could not be opened, and why; it is tried again each time."""

    jurisdiction: Jurisdiction
    duty: Duty
    period: str
    words: Words
    subject: Subject | None = None


class Opened(models.Model):
    """A period of a duty that has its matter 已开立, of one subject where it is each one's own: ``person:9``.

    The row is written with the matter, or neither is.
    """

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    duty = models.CharField(max_length=60)
    period = models.CharField(_("period"), max_length=10)
    subject = models.CharField(max_length=40, blank=True, default="")
    opens_on = models.DateField(_("opens on"))
    matter = models.OneToOneField(Matter, models.PROTECT, related_name="opened_for")

    append_only: ClassVar[bool] = True
    recorded: ClassVar[bool] = True

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["jurisdiction", "duty", "period", "subject"], name="one_matter_a_period"
            ),
        ]


DUTIES: dict[str, Duty] = {}


def recurring(duty: Duty) -> Duty:
    """Register a duty. Raises ``Misdeclared`` where its code is taken."""
    if DUTIES.setdefault(duty.code, duty) is not duty:
        raise Misdeclared(f"the duty {duty.code} is declared twice")
    return duty


def due(now: datetime) -> Iterator[Due | SkippedPeriod]:
    """Every period due and not yet opened, in order, and what can't be reckoned; nothing is opened."""
    workdays, today = calendar(), day_of(now)
    for jurisdiction in Jurisdiction.objects.order_by("id"):
        for duty in DUTIES.values():
            yield from _waiting(jurisdiction, duty, today, workdays)


def open_due(
    now: datetime, cut: Callable[[Iterator[Due | SkippedPeriod]], Iterable[Due | SkippedPeriod]] = iter
) -> tuple[list[StoredAct], list[SkippedPeriod]]:
    """Open the matter of every period that is due, each once, however many workers ask at the same time.

    :param cut: what is done in one go of what a duty has waiting; the next go finds the rest
    :returns: what was opened here, and what was not, with the reason
    """
    opened: list[StoredAct] = []
    skipped: list[SkippedPeriod] = []
    for _duty, all_waiting in groupby(due(now), lambda one: (one.jurisdiction.pk, one.duty.code)):
        failed = ""
        for waiting in cut(all_waiting):
            if isinstance(waiting, SkippedPeriod):
                skipped.append(waiting)
                failed = waiting.period or failed
                continue
            if failed not in ("", waiting.period):
                break  # later periods wait; what others have of this one does not
            try:
                done = _open(waiting, now)
            except KeyboardInterrupt:
                raise
            except BaseException as fault:
                # Whatever one mechanism's opening raises must not stop the duties of the others.
                if not failed:
                    # One trace a duty: what fails for one of six hundred may fail for all.
                    _log.exception("The duty %s was not opened.", waiting.key)
                skipped.append(_skipped(waiting, fault))
                failed = waiting.period
                _failed.add(waiting.key)
            else:
                opened += [done] if done is not None else []
                _failed.discard(waiting.key)
    return opened, skipped


def _skipped(due: Due, fault: BaseException) -> SkippedPeriod:
    words = str(fault) if isinstance(fault, Refusal) else type(fault).__name__
    return SkippedPeriod(due.jurisdiction, due.duty, due.period, words, due.subject)


def _open(waiting: Due, now: datetime) -> StoredAct | None:
    act = provider(waiting.duty.opens)
    acting = system(REASON, [waiting.jurisdiction.pk])
    named = dict(zip(("jurisdiction_id", "duty", "period", "subject"), waiting.key, strict=True))
    try:
        with transaction.atomic():
            # Looked at first though the constraint holds anyway: an act that is undone costs more than a query.
            if Opened.objects.filter(**named).exists():
                return None
            return perform(
                act,
                acting,
                waiting.duty.inputs(waiting),
                now,
                beside=lambda matter: [Opened(**named, opens_on=waiting.opens_on, matter=matter)],
            )
    except IntegrityError:
        if Opened.objects.filter(**named).exists():
            return None  # another worker was first, and what was done here is undone
        raise


def persons_in(*roles: Role) -> Each:
    """The persons who hold one of some roles 任职者, to be bound by a duty."""

    def bound(jurisdiction: Jurisdiction, on: date) -> models.QuerySet[Person]:
        held = RoleHolding.objects.filter(standing(on), role__in=roles, unit__jurisdiction=jurisdiction)
        return Person.objects.filter(pk__in=held.values("person"))

    return bound


def _waiting(
    jurisdiction: Jurisdiction, duty: Duty, today: date, workdays: Workdays
) -> Iterator[Due | SkippedPeriod]:
    policy = Policy(jurisdiction.pk, today)
    code = provider(duty.opens).matter.code
    changes = policy.changes(duty.recurrence)
    if not changes or changes[0] > today or not policy.enables(code):
        return
    latest = compiled(_latest)(jurisdiction.pk, duty.code)
    activated = _activated(jurisdiction, duty, today) if duty.over_period or not latest else date.min
    first = latest[0][0] if latest else max(changes[0], activated)
    if duty.over_period and not latest:
        rule = policy.as_of(first).value(duty.recurrence)
        first = max(changes[0], days_of(rule.period_of(first))[0])
    known = {period for (period,) in compiled(_since)(jurisdiction.pk, duty.code, first)}
    try:
        for period, opens_on in _periods(policy, duty.recurrence, changes, first, today, workdays):
            # A day on which no regime enabled it is no day that an outage missed.
            if not policy.as_of(max(opens_on, activated)).enables(code):
                continue
            if duty.each is not None:
                yield from _asked(Due(jurisdiction, duty, period, opens_on), duty.each, today)
            elif period not in known:
                yield Due(jurisdiction, duty, period, opens_on)
    except CalendarNotPublished as missing:
        yield SkippedPeriod(jurisdiction, duty, "", missing.told(say))
    except Barred as unconfirmed:
        yield SkippedPeriod(jurisdiction, duty, "", str(unconfirmed))


def _asked(due: Due, each: Each, today: date) -> list[Due] | list[SkippedPeriod]:
    try:
        return _of_each(due, each, today)
    except KeyboardInterrupt:
        raise
    except BaseException as fault:
        # Whom it binds is a mechanism's to say: what that raises stops no other duty.
        _log.exception("Whom the duty %s binds can't be told.", due.key)
        return [_skipped(due, fault)]


def _of_each(due: Due, each: Each, today: date) -> list[Due]:
    """What of a period is not opened yet: of those it binds today, or bound on its last day, who are still here."""
    has = set(
        Opened.objects.filter(
            jurisdiction=due.jurisdiction, duty=due.duty.code, period=due.period
        ).values_list("subject", flat=True)
    )
    # On its last day at most: who comes into a role later is not bound by what was over before.
    bound = each(due.jurisdiction, min(today, days_of(due.period)[1]))
    here = bound.filter(standing(today), jurisdiction=due.jurisdiction).order_by("pk")
    if bound.model is Person:
        # Whoever left holds no role any more; the person stays in the register.
        here = here.filter(pk__in=RoleHolding.objects.filter(standing(today)).values("person"))
    mine = [one for subject in here if (one := replace(due, subject=subject)).key[-1] not in has]
    # Whoever failed last comes last, so that one poisoned matter doesn't keep the others of its go from theirs.
    return sorted(mine, key=lambda one: one.key in _failed)


def _latest() -> models.QuerySet[Opened, tuple[date]]:
    return _opened().order_by("-opens_on").values_list("opens_on")[:1]


def _since() -> models.QuerySet[Opened, tuple[str]]:
    return _opened().filter(opens_on__gte=day_slot(2)).values_list("period")


def _opened() -> models.QuerySet[Opened]:
    return Opened.objects.filter(jurisdiction=int_slot(0), duty=text_slot(1))


def _activated(jurisdiction: Jurisdiction, duty: Duty, today: date) -> date:
    """The day from which a jurisdiction had both the rule and the mechanism in force."""
    code = provider(duty.opens).matter.code
    sets = first_activated(jurisdiction.pk, lambda document: duty.recurrence.name in document.values)
    enables = first_activated(jurisdiction.pk, lambda document: code in document.enables)
    return max(sets or today, enables or today)


def _periods(
    policy: Policy, parameter: Parameter, changes: list[date], first: date, today: date, workdays: Workdays
) -> Iterator[tuple[str, date]]:
    """The periods that open from ``first`` to ``today``, each under the rule of its day."""
    starts = [max(first, changes[0]), *(day for day in changes if first < day <= today)]
    for start, following in zip(starts, [*starts[1:], today + _DAY], strict=True):
        on_that_day = policy.as_of(start)
        if on_that_day.seen(parameter) is None:
            continue
        rule = on_that_day.value(parameter)
        assert isinstance(rule, Recurrence)
        yield from _known(rule, start, following - _DAY, workdays)


def _known(rule: Recurrence, start: date, last: date, workdays: Workdays) -> Iterator[tuple[str, date]]:
    try:
        yield from rule.periods_between(start - _DAY, last, workdays)
    except CalendarNotPublished:
        # Day by day, so that what comes before the unknown year is opened all the same.
        for number in range((last - start).days + 1):
            day = start + number * _DAY
            yield from rule.periods_between(day - _DAY, day, workdays)
