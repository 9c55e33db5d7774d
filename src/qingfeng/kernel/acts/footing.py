"""What an act stands on 办理前提: who acts, what is named, the policy read; looked at again under the lock.

Between the form and the lock a role may have ended, a unit been merged, a matter moved on. So what the act stands on
is asked for once more, by the statement that locks its matter or draws the number of a new one. On PostgreSQL the rows
found are held as they are until the transaction ends (``FOR SHARE``): whoever ends one of them waits, and then sees
what the act left. SQLite has one writer, so that reading again is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Case, Exists, Q, QuerySet, Value, When
from django.db.models.sql.compiler import SQLCompiler
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.scope import ActorScope, offered_one
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Account, Jurisdiction, standing
from qingfeng.kernel.people.outside import OutsideParty
from qingfeng.kernel.people.roles import Delegation, Portfolio, RoleHolding
from qingfeng.kernel.reading.compiled import FEW, CompiledQuery, compiled, day_slot, int_slot
from qingfeng.kernel.refusals import LOOK_AGAIN, Conflict
from qingfeng.kernel.regime.models import ActivatedRegime, CalendarNotice, EndedRegime
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of

Asks = Callable[..., Any]
Shape = tuple[tuple[Asks, int, tuple[Any, ...]], ...]
"""What is asked for, how many values each takes, and what else shapes its condition."""


class LockedExists(Exists):
    """Whether a row is there; on PostgreSQL it then stays as it is until the transaction ends."""

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        table = next(iter(self.query.alias_map))
        return self.as_sql(
            compiler, connection, template=f"EXISTS(%(subquery)s FOR SHARE OF {table})", **more
        )


class Point(NamedTuple):
    """One thing an act stands on: the condition that it stands, and what is said where it no longer does."""

    asks: Asks
    values: tuple[Any, ...]
    shaped: tuple[Any, ...]
    changed: Words
    remedy: Words = LOOK_AGAIN


class Footing:
    """All that one act stands on, the actor first, then what was named in the order of tables and ids."""

    def __init__(self, jurisdiction_id: int, points: list[Point]) -> None:
        self._jurisdiction_id = jurisdiction_id
        self._points = points

    @property
    def shape(self) -> Shape:
        return tuple((point.asks, len(point.values), point.shaped) for point in self._points)

    @property
    def values(self) -> list[Any]:
        """The values for the slots of the shape, in their order."""
        return [value for point in self._points for value in point.values]

    def condition(self) -> tuple[CompiledQuery, list[Any]]:
        """A reading of one number, 0 where everything stands, with its values."""
        return compiled(_alone, self.shape), [self._jurisdiction_id, *self.values]

    def demand(self) -> None:
        """Ask by itself whether everything stands. Raises ``Conflict``."""
        asked, values = self.condition()
        self.refuse(asked(*values)[0][0])

    def demand_first(self) -> None:
        """Ask for all, where another matter was named: the act may move it on itself, and then it is asked for no more."""
        if any(point.asks is _unmoved for point in self._points):
            self.demand_most()
            self.demand()
            self._points.clear()

    def demand_most(self) -> None:
        """Ask for all but a few, so that no statement grows with the rows of a list. Raises ``Conflict``."""
        while len(self._points) > FEW:
            Footing(self._jurisdiction_id, self._points[:FEW]).demand()
            del self._points[:FEW]

    def refuse(self, fallen: int) -> None:
        """Raise ``Conflict`` for the point at a place, counted from 1, that no longer stands; 0: they all do."""
        if fallen:
            point = self._points[fallen - 1]
            raise Conflict(point.changed, point.remedy)


def footing(actor: Actor | None, scope: ActorScope, now: datetime) -> Footing:
    """What an act stands on that somebody does within a scope; no actor: what another act opens by the way."""
    points = [*_acting(actor, now), *_named(scope), *_ruled(scope)] if actor else [*_named(scope)]
    return Footing(scope.jurisdiction_id, points)


def fallen(shape: Shape, at: int) -> Any:
    """The place of the first point of a shape that doesn't stand, counted from 1; ``at`` is its first slot.

    Asked for in their order, so that whoever locks several of them never waits crosswise.
    """
    cases = []
    # CASE ends at the first condition that holds, so rows behind one that has fallen are not even locked.
    for place, (asks, width, shaped) in enumerate(shape, start=1):
        cases.append(When(~asks(at, *shaped), then=Value(place)))
        at += width
    return Case(*cases, default=Value(0)) if cases else Value(0)


def _alone(shape: Shape) -> QuerySet[Jurisdiction, tuple[int]]:
    found = Jurisdiction.objects.filter(pk=int_slot(0)).annotate(fallen=fallen(shape, 1))
    return found.values_list("fallen")


def _acting(actor: Actor, now: datetime) -> Iterator[Point]:
    """The account and the role it acts in, with what the role reaches."""
    if actor.account_id is not None:
        closed = _("Your account was closed meanwhile; nothing was stored.")
        yield Point(_in_use, (actor.account_id,), (), closed, _("Ask the system administrator."))
    today = day_of(now)
    if actor.outside:
        gone = _("Your entry here ended meanwhile; nothing was stored.")
        yield Point(_kept, (actor.person_id, today), (), gone, _("Ask the unit that keeps it."))
    if actor.holding_id is None:
        return
    ended = _("The role you acted in ended meanwhile; nothing was stored.")
    another = _("Choose another role, or ask who manages role holdings.")
    yield Point(_held, (actor.holding_id, actor.unit_id, today), (actor.role,), ended, another)
    if actor.instead_of is not None:
        yield Point(_stood_in, (actor.holding_id, actor.person_id, today), (), ended, another)
    if actor.portfolio:
        covered = (actor.holding_id, today, *actor.portfolio)
        moved = _("What you are in charge of changed meanwhile; nothing was stored.")
        yield Point(_covered, covered, (len(actor.portfolio),), moved)


def _named(scope: ActorScope) -> Iterator[Point]:
    """What was picked, in the order of tables and ids; of another matter, that it hasn't moved since it was read."""
    for (_table, pk), found in sorted(scope.picked.items()):
        changed = format_lazy(_("“{}” ended or changed meanwhile; nothing was stored."), found)
        again = _("Open the form again and choose anew.")
        if isinstance(found, Matter):
            yield Point(_unmoved, (pk, found.version), (), changed, again)
        else:
            role, jurisdictions, units = scope.chooser
            shaped = (type(found), role, len(jurisdictions), len(units))
            yield Point(_offered, (pk, scope.on, *jurisdictions, *units), shaped, changed, again)


def _ruled(scope: ActorScope) -> Iterator[Point]:
    """The policy, where it was read before the lock."""
    if (seen := scope.policy.rests_on) is not None:
        layers, activated, ended, noticed = seen
        changed = _("The regime or the calendar in force changed meanwhile; nothing was stored.")
        yield Point(_latest, (activated, ended, noticed, *layers), (len(layers),), changed)


def _in_use(at: int) -> LockedExists:
    return LockedExists(Account.objects.filter(pk=int_slot(at), is_active=True))


def _kept(at: int) -> LockedExists:
    parties = OutsideParty.objects.filter(standing(day_slot(at + 1)), erased_at=None)
    return LockedExists(parties.filter(person=int_slot(at)))


def _held(at: int, role: str) -> LockedExists:
    holdings = RoleHolding.objects.filter(standing(day_slot(at + 2)), role=role)
    return LockedExists(holdings.filter(pk=int_slot(at), unit_id=int_slot(at + 1)))


def _stood_in(at: int) -> LockedExists:
    delegations = Delegation.objects.filter(standing(day_slot(at + 2)))
    return LockedExists(delegations.filter(holding_id=int_slot(at), delegate_id=int_slot(at + 1)))


def _covered(at: int, units: int) -> Q:
    portfolio = Portfolio.objects.filter(standing(day_slot(at + 1)), holding_id=int_slot(at))
    return Q(*(Exists(portfolio.filter(unit_id=int_slot(at + 2 + place))) for place in range(units)))


def _offered(at: int, model: Any, role: str, jurisdictions: int, units: int) -> LockedExists:
    return LockedExists(offered_one(model, role, jurisdictions, units, at))


def _unmoved(at: int) -> LockedExists:
    return LockedExists(Matter.objects.filter(pk=int_slot(at), version=int_slot(at + 1)))


def _latest(at: int, layers: int) -> Q:
    above = [int_slot(at + 3 + place) for place in range(layers)]
    later = ActivatedRegime.objects.filter(pk__gt=int_slot(at), jurisdiction_id__in=above)
    ended = EndedRegime.objects.filter(pk__gt=int_slot(at + 1), jurisdiction_id__in=above)
    noticed = CalendarNotice.objects.filter(pk__gt=int_slot(at + 2))
    # Rows are only added there: a newer one than was read is all that can have come, and there is nothing to hold.
    return ~Q(Exists(later)) & ~Q(Exists(ended)) & ~Q(Exists(noticed))
