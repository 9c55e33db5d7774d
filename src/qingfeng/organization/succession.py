"""What moves on reorganization day 承继: open matters, and the registers that hang on a unit that ends.

Portfolios, links, posts with who holds them, cadre records, seats in bodies and the units below go on with the
successor from the day on. Role holdings end with the unit: whoever is to act in the successor is granted that
anew, by two. Books stay: what was reserved is settled in the book it was reserved in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.handover import carry_over, following
from qingfeng.kernel.people.models import Succession
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.people.roles import Portfolio, RoleHolding
from qingfeng.kernel.record.books import Book
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Do, Matter, OutsideParty, Register, Unit
from qingfeng.organization.bodies import BodySeat
from qingfeng.organization.cadres import CadreRecord
from qingfeng.organization.leader_links import LinkedUnit
from qingfeng.organization.posts import Post, PostHolding
from qingfeng.organization.ties import drop_roles
from qingfeng.organization.units import FormerName

R = TypeVar("R", bound=Register)

FOLLOWING: tuple[tuple[type[Register], tuple[str, ...]], ...] = (
    (Portfolio, ("unit",)),
    (LinkedUnit, ("unit",)),
    (CadreRecord, ("unit", "managed_by")),
    (BodySeat, ("unit",)),
)
"""The registers whose rows go on with the successor, and the fields by which they name a unit."""


@dataclass(frozen=True)
class HandoverItem:
    """One line of what a unit's end moves: what it is, how many, and those it is told of by name."""

    what: Words
    count: int
    names: tuple[str, ...] = ()


def lasting(register: type[R], on: date) -> models.QuerySet[R]:
    """The rows that hold on a day or after it."""
    return register._default_manager.filter(Q(valid_to=None) | Q(valid_to__gte=on)).order_by("id")


def naming(register: type[R], fields: Iterable[str], unit: Unit, on: date) -> models.QuerySet[R]:
    """The lasting rows that name a unit in one of the fields."""
    named = Q(pk__in=())
    for name in fields:
        named |= Q(**{name: unit})
    return lasting(register, on).filter(named)


def hold(ending: Iterable[Unit], heirs: Iterable[Unit], on: date) -> None:
    """Lock units that are to end, the roles in them, and their successors, before anything of theirs is looked for.

    An act that names one, or is done in one, is either stored before and seen, or looks again and finds it ended. In
    the order in which acts lock: roles first, then units, each by id.
    """
    ended = [unit.pk for unit in ending]
    named = {*ended, *(unit.pk for unit in heirs)}
    for rows in (lasting(RoleHolding, on).filter(unit__in=ended), Unit.objects.filter(pk__in=named)):
        list(rows.order_by("id").select_for_update(no_key=True).values_list("id"))


def matters(unit: Unit, by: Matter) -> list[tuple[type[Matter], int]]:
    """How many open matters would follow, by mechanism."""
    return [(matter, len(ids)) for matter, ids in following(unit, by)]


def moves(unit: Unit, on: date) -> list[HandoverItem]:
    """What else hangs on a unit: what goes on with the successor, what ends, what stays."""
    holdings = lasting(RoleHolding, on).filter(unit=unit).select_related("person")
    portfolios = lasting(Portfolio, on).filter(unit=unit).select_related("holding__person", "holding__unit")
    links = lasting(LinkedUnit, on).filter(unit=unit).select_related("person")
    posts = lasting(Post, on).filter(unit=unit)
    held = lasting(PostHolding, on).filter(post__unit=unit).select_related("person", "post")
    below = lasting(Unit, on).filter(parent=unit)
    seats = lasting(BodySeat, on).filter(unit=unit).select_related("body")
    books = Book.objects.filter(owner=f"unit:{unit.pk}", period=str(on.year))
    return [
        _told(_("Roles that end"), holdings, lambda row: f"{row.person} {Role(row.role).label}"),
        _told(_("Portfolios that follow"), portfolios, lambda row: f"{row.holding} {row.holding.person}"),
        _told(_("Linked leaders who follow"), links, lambda row: str(row.person)),
        _told(_("Posts that follow"), posts, lambda row: row.title),
        _told(_("Holders of posts who follow"), held, lambda row: f"{row.person} {row.post.title}"),
        HandoverItem(
            _("Cadre records that follow"), naming(CadreRecord, ("unit", "managed_by"), unit, on).count()
        ),
        _told(_("Seats in bodies that follow"), seats, lambda row: row.body.title),
        _told(_("Units below that follow"), below, str),
        # Counted and not named: who reads of a merger has no part in them.
        HandoverItem(_("Parties outside the staff that follow"), _kept_by(unit, on).count()),
        HandoverItem(_("Books that stay"), books.count()),
    ]


def _kept_by(unit: Unit, on: date) -> models.QuerySet[OutsideParty]:
    return lasting(OutsideParty, on).filter(kept_by=unit, erased_at=None)


def _told(what: Words, rows: Iterable[Any], name: Callable[[Any], str]) -> HandoverItem:
    names = tuple(name(row) for row in rows)
    return HandoverItem(what, len(names), names)


def end(do: Do, unit: Unit, heirs: list[Unit], taken: Mapping[str, Unit], on: date) -> int:
    """End a unit the day before ``on``; all that hangs on it goes on with the first heir. Returns the matters carried.

    :param taken: the mechanisms whose open matters another heir takes over
    """
    last, heir = on - timedelta(days=1), heirs[0]
    drop_roles(do, list(lasting(RoleHolding, on).filter(unit=unit)), last)
    carried = carry_over(unit, lambda code: taken.get(code, heir), do.now, do.matter)
    for one in heirs:
        do.record(Succession(predecessor=unit, successor=one, valid_from=on))
    for register, fields in FOLLOWING:
        for row in naming(register, fields, unit, on):
            named = [name for name in fields if getattr(row, f"{name}_id") == unit.pk]
            go_on(do, row, on, **dict.fromkeys(named, heir))
    for post in lasting(Post, on).filter(unit=unit):
        held = list(lasting(PostHolding, on).filter(post=post))
        successor = go_on(do, post, on, unit=heir)
        for row in held:
            go_on(do, row, on, post=successor)
    for party in _kept_by(unit, on):
        # The entry itself goes on: matters name it, and its account with it.
        party.kept_by = heir
        do.record(party)
    for child in lasting(Unit, on).filter(parent=unit):
        change(do, child, on, parent=heir)
    unit.valid_to = last
    do.record(unit)
    return carried


def change(do: Do, unit: Unit, on: date, **values: Any) -> None:
    """Name or place a unit anew; what it was until the day before stands with its former names."""
    since = FormerName.objects.filter(unit=unit).aggregate(last=models.Max("valid_to"))["last"]
    first = since + timedelta(days=1) if since else unit.valid_from
    if first < on:
        do.record(
            FormerName(
                unit=unit,
                name=unit.name,
                parent=unit.parent,
                sequence=unit.sequence,
                short_name=unit.short_name,
                code_characters=unit.code_characters,
                valid_from=first,
                valid_to=on - timedelta(days=1),
            )
        )
    for name, value in values.items():
        setattr(unit, name, value)
    do.record(unit)


def go_on(do: Do, row: R, on: date, **changed: Any) -> R:
    """End a row the day before, and let another go on in its place to where it was to end."""
    values = {
        field.name: getattr(row, field.name) for field in row._meta.concrete_fields if field.name != "id"
    }
    heir = type(row)(**{**values, **changed, "valid_from": max(on, row.valid_from)})
    row.valid_to = on - timedelta(days=1)
    do.record(row)
    do.record(heir)
    return heir
