"""The one door through which anything happens.

Always in this order: fetch within the actor's scope (else *not found*), guard without input (else
*barred*), parse with choosers scoped to the actor, open the transaction and lock, guard again with
input, the method, compare-and-set on state and version, books, clocks and steps, the ledger entry
with its facts, the outbox. A refusal on the way leaves nothing but a line in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Model
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts import access
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.do import Do
from qingfeng.kernel.acts.footing import Footing, footing
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.acts.submissions import remember, remembered
from qingfeng.kernel.acts.writing import write
from qingfeng.kernel.guards.base import YES, Decision, Question
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.locking import NOTHING_HELD, LockedMatter, lock, unit_fields
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms, silent_clocks_of, states_of
from qingfeng.kernel.matters.states import NEW, State
from qingfeng.kernel.people.actors import Actor, system
from qingfeng.kernel.record import journal
from qingfeng.kernel.refusals import Barred, Conflict, Misdeclared, NotFound, Refusal
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.time.clocks import Clockwork
from qingfeng.kernel.time.periods import day_of

Beside: TypeAlias = Callable[[Matter], Sequence[Model]]


@dataclass(frozen=True)
class StoredAct:
    """An act that was stored: the matter after it, and the entry by which it can be proved."""

    matter: Matter
    entry: Entry


@dataclass(frozen=True)
class Option:
    """An act of a matter for one actor: possible, or not and why."""

    act: Act
    decision: Decision


def perform(
    act: Act,
    actor: Actor,
    raw: Mapping[str, Any],
    now: datetime,
    *,
    matter_id: int | None = None,
    version: int | None = None,
    key: str = "",
    beside: Beside | None = None,
) -> StoredAct:
    """Perform an act.

    :param raw: the input as a face received it, by field name
    :param now: the time it happens, aware
    :param matter_id: the matter; none for an act that opens one
    :param version: the version the actor saw; when the matter has moved on since, ``Conflict``
    :param key: the same key with the same input answers with what was done the first time
    :param beside: rows that whoever asks for the act has stored and entered with it
    :raises NotFound: not there, or not the actor's to see
    :raises Barred: not the actor's to do, or not now; with reason, clause and what to do next
    :raises Invalid: the input does not hold, field by field
    :raises Conflict: someone else was first
    """
    try:
        # Before any guard: the first click may have moved the matter on, and the second is told of its success.
        return _repeated(act, actor, raw, matter_id, key) or _perform(
            act, actor, raw, now, matter_id, version, key, beside
        )
    except OperationalError as fault:
        # Of two that waited for each other PostgreSQL ends one: to a person that is somebody else being first.
        if _crosswise(fault):
            raise Conflict from fault
        raise
    except (Refusal, IntegrityError) as fault:
        # A twin of this submission may have been stored meanwhile: then it was not refused but done.
        done = _repeated(act, actor, raw, matter_id, key)
        if done is not None:
            return done
        # What was mistyped is no attempt at what one may not do, and is kept nowhere.
        if isinstance(fault, Barred | NotFound):
            journal.write(
                journal.JournalEntry.Kind.REFUSAL,
                actor,
                now,
                act=f"{act.matter.code}.{act.name}",
                matter=matter_id,
                refused=fault.code,
            )
        raise


def rehearse(
    act: Act, actor: Actor, raw: Mapping[str, Any], now: datetime, matter_id: int | None = None
) -> Matter:
    """Carry an act out to its end and take it back: the matter as it would be, or what performing it would raise."""
    with transaction.atomic():
        done = _perform(act, actor, raw, now, matter_id, None, "", None)
        transaction.set_rollback(True)
    return done.matter


def options(actor: Actor, matter: Matter, now: datetime) -> list[Option]:
    """Every act of a matter, in the order of declaration, with the decision for this actor: "why can't I?"."""
    policy, question = _policy(matter, now), Question(actor, matter, now)
    return [
        Option(act, _decide(act, matter, question, policy))
        for act in acts_of(type(matter)).values()
        if not act.opens
    ]


def openings(actor: Actor, now: datetime) -> list[Option]:
    """Every act that opens a matter, with the decision for this actor; to a party outside the staff there is none."""
    if actor.outside:
        return []
    policy, question = Policy(actor.jurisdiction_id or 0, day_of(now)), Question(actor, None, now)
    return [
        Option(act, _decide(act, _blank(act, actor), question, policy))
        for matter in mechanisms().values()
        for act in acts_of(matter).values()
        if act.opens
    ]


def provider(contract: str) -> Act:
    """The act that opens a matter under a contract. Raises ``Misdeclared`` unless there is exactly one."""
    found = [
        act
        for matter in mechanisms().values()
        for act in acts_of(matter).values()
        if act.provides == contract
    ]
    if len(found) != 1:
        raise Misdeclared(f"the contract {contract} has {len(found)} providers")
    return found[0]


def open_under(
    contract: str, actor: Actor, values: Mapping[str, Any], now: datetime, origin: Matter
) -> StoredAct:
    """Open the matter that a contract provides, inside the transaction of the act that asks for it.

    Its own guard is not asked: the act that asks was guarded, and the contract says it may.
    """
    act = provider(contract)
    acting = replace(actor, reason=contract, jurisdictions=actor.jurisdictions or (origin.jurisdiction_id,))
    matter = _blank(act, acting)
    # Not the scope of whoever acts: a contract names units and persons that they need not be offered themselves.
    scope = ActorScope(system(contract, (origin.jurisdiction_id,)), origin.jurisdiction_id, day_of(now))
    matter.jurisdiction = scope.policy.jurisdiction
    parsed = act.inputs.parse(values, scope)
    question = Question(acting, None, now, parsed)
    return _carry_out(act, matter, question, scope.policy, footing(None, scope, now), None)


def state_of(matter: Matter) -> State:
    """The state a matter is in."""
    return states_of(type(matter))[matter.state] if matter.state else NEW


def _repeated(
    act: Act, actor: Actor, raw: Mapping[str, Any], matter_id: int | None, key: str
) -> StoredAct | None:
    """What a submission led to that was stored before; it may have moved the matter on, so no guard is asked."""
    earlier = remembered(actor, key, act, matter_id, raw)
    return StoredAct(act.matter._base_manager.get(pk=earlier.matter_id), earlier) if earlier else None


def _perform(
    act: Act,
    actor: Actor,
    raw: Mapping[str, Any],
    now: datetime,
    matter_id: int | None,
    version: int | None,
    key: str,
    beside: Beside | None,
) -> StoredAct:
    matter = _fetch(act, actor, matter_id)
    scope = ActorScope(actor, matter.jurisdiction_id, day_of(now))
    question = Question(actor, None if act.opens else matter, now)
    _guard(act, matter, question, scope.policy)
    question = replace(question, values=act.inputs.parse(raw, scope))
    with transaction.atomic():
        if act.opens:
            matter.jurisdiction = scope.policy.jurisdiction
        stands_on = footing(actor, scope, now)
        done = _carry_out(act, matter, question, scope.policy, stands_on, version, beside)
        remember(actor, key, act, matter_id, raw, done.entry, now)
        return done


def _crosswise(fault: OperationalError) -> bool:
    """Whether the database ended this act because it and another waited for each other (SQLSTATE 40P01)."""
    return getattr(fault.__cause__, "sqlstate", None) == "40P01"


def _fetch(act: Act, actor: Actor, matter_id: int | None) -> Matter:
    if act.opens and not actor.outside:
        return _blank(act, actor)
    if act.opens or matter_id is None:
        raise NotFound
    return access.one(act.matter, actor, matter_id, "jurisdiction", *unit_fields(act.matter))


def _blank(act: Act, actor: Actor) -> Matter:
    blank = act.matter(mechanism=act.matter.code, opened_by_id=actor.person_id)
    if actor.jurisdiction_id is not None:
        blank.jurisdiction_id = actor.jurisdiction_id
    return blank


def _policy(matter: Matter, now: datetime) -> Policy:
    return Policy(matter.jurisdiction_id, day_of(now))


def _guard(act: Act, matter: Matter, question: Question, policy: Policy) -> None:
    decision = _decide(act, matter, question, policy)
    if not decision:
        raise Barred(decision.reason, decision.clause, decision.remedy)


def _decide(act: Act, matter: Matter, question: Question, policy: Policy) -> Decision:
    actor, state = question.actor, state_of(matter)
    # The state before the guard: who reads the matter knows it anyway, and "not now" is told apart from "not you".
    if not act.starts_from(state):
        return Decision(
            False,
            format_lazy(
                _("This matter is now “{}”; “{}” can't be done in that state."), state.label, act.label
            ),
            remedy=_("Its timeline shows what happened."),
        )
    if act.provides and actor.reason == act.provides:
        return YES
    if act.opens and actor.person_id is not None and not actor.role:
        return Decision(
            False,
            _("You hold no role today."),
            remedy=_("Ask who manages role holdings in your office to grant you one."),
        )
    decision = act.by.decide(question)
    if not decision or not act.opens:
        return decision
    if matter.jurisdiction_id is None:
        return Decision(False, _("Nobody without a jurisdiction can open a matter."))
    if not (matter.ground or policy.enables(matter.code)):
        return Decision(
            False,
            _("No regime in force here enables this mechanism."),
            remedy=_("Ask the supervision office to amend the regime and put it in force."),
        )
    return decision


def _carry_out(
    act: Act,
    matter: Matter,
    question: Question,
    policy: Policy,
    stands_on: Footing,
    version: int | None,
    beside: Beside | None = None,
) -> StoredAct:
    # Of a new one the question goes with the drawing of its number, at the end (0049); by then the act may itself have
    # moved on another matter that was named.
    if act.opens:
        stands_on.demand_first()
    stands_on.demand_most()
    held = NOTHING_HELD if act.opens else _lock(matter, version, stands_on)
    # Once more, under the lock and with the input: who may act can turn on what was filled in.
    _guard(act, matter, question, policy)
    now, values = question.now, question.values or {}
    before = state_of(matter)
    clocks = Clockwork(matter.pk, now, lambda: policy.workdays, held.clocks)
    # Polled without a lock: by now it may have been stopped, paused or put off.
    if act.expires is not None and not clocks.expire(act.expires):
        raise Conflict(_("This time limit no longer runs."))
    do = Do(act, question.actor, matter, now, policy, clocks, open_under)
    returned = act.method(matter, do, **act.inputs.arguments(values, matter))
    if beside is not None:
        do.record_all(beside(matter))
    after = _next(act, before, returned)
    if after.final or question.actor.person_id is not None or question.actor.bearer:
        silent = [one for one in silent_clocks_of(type(matter)) if one not in (*act.starts, *act.stops)]
        clocks.hear(silent, closed=after.final, reopened=before.final)
    # Stopped before started, so that an act that does both to one clock leaves it running.
    for clock in act.stops:
        clocks.stop(clock)
    for clock in act.starts:
        limit = do.value(clock.limit) if clock.limit else None
        clocks.start(clock, limit, do.counted_from.get(clock.name))
    return StoredAct(matter, write(do, values, before, after, held, stands_on))


def _lock(matter: Matter, version: int | None, stands_on: Footing) -> LockedMatter:
    held = lock(matter.pk, stands_on)
    stands_on.refuse(held.fallen)
    # Against what was fetched here before the lock, and against what the person had before their eyes.
    if held.version != matter.version or version not in (None, held.version):
        raise Conflict
    # The last entry is gone: one more written behind the hole would look like a whole chain.
    if not held.head:
        raise Barred(
            _("The record of this matter does not hold together, so nothing more is written to it."),
            remedy=_("Tell the audit administrator at once."),
        )
    return held


def _next(act: Act, before: State, returned: State | None) -> State:
    if returned is not None:
        if returned not in act.targets:
            raise Misdeclared(f"{act} does not lead to {returned.code}")
        return returned
    if len(act.targets) > 1:
        raise Misdeclared(f"{act} leads to several states and returned none")
    return act.targets[0] if act.targets else before
