"""Time limits where the calendar lacks a year, or is amended 停计与重算.

While the system itself refuses the act that a limit waits for, since it can't reckon what that act starts, the limit
stands still: nobody is late by what nobody could do. Once a notice is entered or amended, what is open is reckoned
anew, matter by matter, each by an act of the system that its timeline tells.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import F, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.background import outbox
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, clocks_of, matter_class, mechanisms
from qingfeng.kernel.people.actors import office_key, system
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.refusals import Refusal
from qingfeng.kernel.regime.models import ActivatedRegime, CalendarNotice, EndedRegime
from qingfeng.kernel.regime.policy import Policy, calendar
from qingfeng.kernel.text.words import Words, in_house
from qingfeng.kernel.time.clocks import Running, differs, in_force, reckoned, unreckonable
from qingfeng.kernel.time.limits import Limit
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.workdays import Workdays

log = logging.getLogger(__name__)

ENTER_IT = _(
    "When the State Council's notice on the holidays has appeared, one of you enters it under “Calendars of years” and "
    "another confirms it. Until then nothing is reckoned into that year, and time limits that need it stand still."
)
AT_ONCE = 200
"""Matters of one round; the next finds the others, since those done are no longer among them."""
KEPT_IN_MIND = timedelta(days=60)
"""How long after it was entered a notice is compared with what is open, should a worker have been away."""


class RecountedMatter(NamedTuple):
    """A matter that a notice reaches, and the limits of it that end on another day, before and after."""

    matter: Matter
    limits: list[tuple[Limit, Limit]]


def stand_still(now: datetime) -> int:
    """Let the limits stand still whose act the system refuses now, and run on those it refuses no more."""
    done = 0
    for jurisdiction in Jurisdiction.objects.order_by("id").values_list("id", flat=True):
        policy = Policy(jurisdiction, day_of(now))
        reasons = {act: unreckonable(act.starts, policy, now) for act in _awaited()}
        for act, words in reasons.items():
            if words:
                done += sum(
                    _do("stand_still", act.matter, pk, words, now) for pk in _waiting(act, jurisdiction)
                )
        for code, pk in _held(jurisdiction):
            if not any(words for act, words in reasons.items() if act.matter.code == code):
                done += _do(
                    "reckon", matter_class(code), pk, _("What stood still can be reckoned again."), now
                )
    return done


def lacking(now: datetime) -> int | None:
    """The next year, from November on, while its working days are not known; none before, or once they are.

    The notice of the State Council's General Office appears each November (RULES A1).
    """
    today = day_of(now)
    return today.year + 1 if today.month >= 11 and today.year + 1 not in calendar().years else None


def ask_for_calendar(now: datetime) -> int:
    """Tell each supervision office once that the calendar of the next year is to be entered; returns how many are told."""
    year = lacking(now)
    if year is None:
        return 0
    subject = in_house(_("The working days of {} are not known here yet"), year)
    offices = [
        office_key(Role.SUPERVISION_OFFICE, pk) for pk in Jurisdiction.objects.values_list("pk", flat=True)
    ]
    told = Message.objects.filter(holder__in=offices, payload__subject=subject).values_list(
        "holder", flat=True
    )
    untold = sorted(set(offices) - set(told))
    for office in untold:
        outbox.tell(office, subject, in_house(ENTER_IT), now)
    return len(untold)


def amended(now: datetime) -> int:
    """Reckon anew what the latest notices reach; returns how many matters changed."""
    days = {
        day
        for notice in CalendarNotice.objects.filter(valid_from__gt=day_of(now) - KEPT_IN_MIND)
        for day in notice.days
    }
    done = 0
    for moved in reached(days, calendar(), now) if days else ():
        if done == AT_ONCE:
            break
        words = _("A notice on the working days was entered or amended.")
        done += _do("reckon", type(moved.matter), moved.matter.pk, words, now)
    return done


def carried(now: datetime) -> int:
    """Reckon anew the limits that run, where a regime was put in force, or ended, with the word that they be."""
    since = {"valid_from__gt": day_of(now) - KEPT_IN_MIND, "valid_from__lte": day_of(now), "carries": True}
    paths = {
        path
        for kind in (ActivatedRegime, EndedRegime)
        for path in kind.objects.filter(**since).values_list("jurisdiction__path", flat=True)
    }
    done = 0
    for jurisdiction in Jurisdiction.objects.order_by("id"):
        if any(jurisdiction.path.startswith(path) for path in paths):
            policy = Policy(jurisdiction.pk, day_of(now))
            for code, pk in _of_another_length(policy, now)[: AT_ONCE - done]:
                words = _("A regime was put in force or ended, and running time limits go by it.")
                done += _do("reckon", matter_class(code), pk, words, now, by_regime=True)
    return done


def _of_another_length(policy: Policy, now: datetime) -> list[tuple[str, int]]:
    """The open matters with a running limit that began with another length than it would now, and isn't over by that."""
    limits = {cls.code: in_force(clocks_of(cls).values(), policy) for cls in mechanisms().values()}
    rows = Running.objects.filter(
        stopped_at=None,
        paused_at=None,
        expired_at=None,
        matter__closed=False,
        matter__jurisdiction=policy.jurisdiction_id,
    )
    found: dict[int, str] = {}
    for row in rows.exclude(limit={}).select_related("matter").order_by("matter_id", "id").iterator(2000):
        period = limits[row.matter.mechanism].get(row.name)
        if period is not None and differs(row, period, policy.workdays, now):
            found[row.matter_id] = row.matter.mechanism
    return [(code, pk) for pk, code in found.items()]


def reached(days: Iterable[date], workdays: Workdays, now: datetime) -> Iterator[RecountedMatter]:
    """The open matters that some days reach under a calendar: by a limit that ends otherwise, or by days of their own.

    A limit that has run out already is left: what followed from it is a person's to put right.
    """
    named = sorted(days)
    first, last = named[0], named[-1]
    rows = Running.objects.filter(
        stopped_at=None, paused_at=None, expired_at=None, matter__closed=False, started_at__date__lte=last
    ).filter(due_at__date__gte=first)
    moving: dict[int, list[tuple[Limit, Limit]]] = {}
    kinds: dict[int, str] = {}
    for row in rows.exclude(limit={}).select_related("matter").order_by("matter_id", "id").iterator(2000):
        after = reckoned(row, workdays)
        clock = clocks_of(matter_class(row.matter.mechanism)).get(row.name)
        if after != row.due_at and clock is not None and after > now:
            pair = Limit(row.due_at, clock.label), Limit(after, clock.label)
            moving.setdefault(row.matter_id, []).append(pair)
            kinds[row.matter_id] = row.matter.mechanism
    for cls in mechanisms().values():
        own = set(cls.reached_by(named, workdays))
        ids = own | {pk for pk, code in kinds.items() if code == cls.code}
        for matter in cls._base_manager.filter(pk__in=ids, closed=False).order_by("pk"):
            yield RecountedMatter(matter, moving.get(matter.pk, []))


def _awaited() -> Iterator[Act]:
    """The acts of persons that are waited for within a limit and start another."""
    for matter in mechanisms().values():
        for act in acts_of(matter).values():
            if act.owed and act.stops and any(clock.limit for clock in act.starts):
                yield act


def _waiting(act: Act, jurisdiction: int) -> list[int]:
    rows = Running.objects.filter(
        name__in=[clock.name for clock in act.stops],
        stopped_at=None,
        paused_at=None,
        expired_at=None,
        matter__jurisdiction=jurisdiction,
        matter__mechanism=act.matter.code,
        matter__state__in=[state.code for state in act.sources],
    )
    return sorted(set(rows.values_list("matter_id", flat=True)))[:AT_ONCE]


def _held(jurisdiction: int) -> list[tuple[str, int]]:
    """The matters some limit of which the system let stand still: it was paused by that very act."""
    said = (
        Entry.objects.filter(matter=OuterRef("matter"), act="stand_still").order_by("-seq").values("at")[:1]
    )
    paused = Running.objects.filter(~Q(paused_at=None), stopped_at=None, matter__jurisdiction=jurisdiction)
    held = paused.annotate(said=Subquery(said)).filter(paused_at=F("said"))
    return sorted(set(held.values_list("matter__mechanism", "matter_id")))[:AT_ONCE]


def _do(name: str, matter: type[Matter], pk: int, why: Words, now: datetime, **more: bool) -> int:
    """Have the system do it. What can't be done now is logged and tried by the next round; it stops nothing else."""
    try:
        jurisdiction = Matter.objects.values_list("jurisdiction_id", flat=True).get(pk=pk)
        acting = system("calendar", [jurisdiction])
        perform(acts_of(matter)[name], acting, {"why": str(in_house(why)), **more}, now, matter_id=pk)
    except Refusal:
        log.warning("%s of %s %s waits", name, matter.code, pk, exc_info=True)
        return 0
    return 1
