"""Actors 行为主体: an account in a role, the system for a named reason, a bearer, or nobody.

An actor is never absent and never skipped: what has no account is ``Nobody``, and guards bar it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.people.roles import RoleHolding, holdings_of
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.text.words import Words


def unit_key(role: str, unit_id: int) -> str:
    """The holder 持有者 'this role in this unit'."""
    return f"{role}@u{unit_id}"


def office_key(role: str, jurisdiction_id: int) -> str:
    """The holder 'this role over this jurisdiction'."""
    return f"{role}@j{jurisdiction_id}"


def person_key(person_id: int) -> str:
    """The holder 'this person'."""
    return f"person@{person_id}"


def bearer_key(purpose: str) -> str:
    """The holder 'whoever bears a token for this purpose'."""
    return f"bearer@{purpose}"


@dataclass(frozen=True)
class Actor:
    """Who acts. Ids are surrogate keys; ``jurisdictions`` are the ids it covers, its own first.

    ``unit_id`` is the unit it serves in; ``portfolio`` are those its holding answers for besides 分管; ``on`` is
    the day for which it was found to act.
    """

    account_id: int | None = None
    person_id: int | None = None
    role: str = ""
    unit_id: int | None = None
    holding_id: int | None = None
    instead_of: int | None = None
    jurisdictions: tuple[int, ...] = ()
    reason: str = ""
    bearer: str = ""
    said: Words = ""
    portfolio: tuple[int, ...] = ()
    on: date | None = None

    @property
    def jurisdiction_id(self) -> int | None:
        return self.jurisdictions[0] if self.jurisdictions else None

    @property
    def outside(self) -> bool:
        """Whether it signs in for a party outside the staff 外部主体: a person, who covers no jurisdiction."""
        return self.person_id is not None and not self.jurisdictions

    @cached_property
    def units(self) -> tuple[int, ...]:
        """Ids of the units it answers for in its role, its own first."""
        if not self.role or self.unit_id is None:
            return ()
        return tuple(dict.fromkeys((self.unit_id, *self.portfolio)))

    @cached_property
    def persons(self) -> frozenset[int]:
        """Ids of whoever acts, and of the one they stand in for."""
        return frozenset(person for person in (self.person_id, self.instead_of) if person is not None)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The holder keys it answers to. Who stands in for another answers to the role, not to the person."""
        keys = []
        if self.person_id is not None and self.instead_of is None:
            keys.append(person_key(self.person_id))
        if self.units:
            keys += [unit_key(self.role, unit) for unit in self.units]
            keys += [office_key(self.role, jurisdiction) for jurisdiction in self.jurisdictions]
        if self.bearer:
            keys.append(bearer_key(self.bearer))
        return tuple(keys)

    def record(self) -> dict[str, Any]:
        """How the ledger names it."""
        named = {
            "account": self.account_id,
            "person": self.person_id,
            "role": self.role or None,
            "unit": self.unit_id,
            "instead_of": self.instead_of,
            "system": self.reason or None,
            "bearer": self.bearer or None,
        }
        return {key: value for key, value in named.items() if value is not None}

    def __str__(self) -> str:
        return str(self.said) or self.role or self.reason or self.bearer or "nobody"


def is_oneself(actor: Actor, person_id: int | None) -> bool:
    """Whether an actor is that person, acting for themselves and not in another's stead."""
    return person_id is not None and actor.person_id == person_id and actor.instead_of is None


NOBODY = Actor(said=_("Nobody signed in"))


def system(reason: str, jurisdictions: Sequence[int] = ()) -> Actor:
    """The system acting for a named reason 系统; guards list the reasons they let through."""
    return Actor(reason=reason, jurisdictions=tuple(jurisdictions), said=_("The system"))


def bearer(purpose: str, jurisdictions: Sequence[int] = ()) -> Actor:
    """Whoever holds a token for one purpose 凭证持有人; who that is, nobody knows."""
    return Actor(bearer=purpose, jurisdictions=tuple(jurisdictions), said=_("A token holder"))


def in_role(account: Account, on: date, holding_id: int | None = None) -> Actor:
    """The account acting in one of its holdings, the first where none is named.

    Raises ``Barred`` when it holds none that day, or not the one named.
    """
    if not account.is_active:
        raise Barred(_("This account is closed."), remedy=_("Ask the system administrator."))
    holdings = holdings_of(account.person, on)
    holding = next((one for one in holdings if holding_id in (None, one.pk)), None)
    if holding is None:
        raise Barred(
            _("You hold no such role today."),
            remedy=_("Choose another role, or ask who manages role holdings."),
        )
    return holder_of(account, holding, on)


def as_person(account: Account, on: date) -> Actor:
    """An account whose last role has ended, as the person alone: it may end what is theirs, and nothing else."""
    return Actor(
        account_id=account.pk,
        person_id=account.person_id,
        jurisdictions=(account.person.jurisdiction_id,),
        said=str(account.person),
        on=on,
    )


def holder_of(account: Account, holding: RoleHolding, on: date) -> Actor:
    """The actor for an account and a holding already found to be its own that day by ``holdings_of``."""
    own = holding.person_id == account.person_id
    return Actor(
        account_id=account.pk,
        person_id=account.person_id,
        role=str(Role(holding.role).value),
        unit_id=holding.unit_id,
        holding_id=holding.pk,
        instead_of=None if own else holding.person_id,
        jurisdictions=tuple(
            sorted(
                holding.unit.jurisdiction.covered(),
                key=lambda covered: covered != holding.unit.jurisdiction_id,
            )
        ),
        said=f"{account.person.name} · {holding}",
        portfolio=tuple(covered.unit_id for covered in holding.covers),
        on=on,
    )
