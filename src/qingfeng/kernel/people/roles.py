"""Roles 角色, who holds them 任职, what else they answer for 分管, and who stands in while they are away 代理."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import Person, Unit, standing
from qingfeng.kernel.people.role import PRIVILEGED, Role
from qingfeng.kernel.reading.compiled import compiled, day_slot, int_slot
from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.record.succession import CARRIED, ENDS

COVERS: str = "covers"
"""Where ``holdings_of`` puts a holding's portfolio. No literal: mypy would take it for a second declaration."""


class RoleHolding(Register):
    """A person holds a role in a unit 任职, from a day, to a day."""

    becomes: ClassVar = {"unit": ENDS.named("person", "role")}

    person = models.ForeignKey(Person, models.PROTECT, related_name="holdings")
    role = models.CharField(_("role"), max_length=40, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="holdings")

    covers: list[Portfolio]
    """Its portfolio of the day that ``holdings_of`` was asked for; nothing else reads it."""

    class Meta:
        verbose_name = _("role holding")
        verbose_name_plural = _("role holdings")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person"]),
            models.Index(fields=["unit", "role"]),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {Role(self.role).label}"

    @classmethod
    def choosable(cls, actor: Any, on: date) -> models.QuerySet[RoleHolding]:
        """The holdings an actor may name: those of the units it covers that have not ended."""
        lasting = Q(valid_to=None) | Q(valid_to__gte=on)
        found = cls.objects.filter(lasting, unit__jurisdiction_id__in=actor.jurisdictions)
        return found.select_related("unit", "person").order_by("unit__code", "id")


class Portfolio(Register):
    """A unit that a holding answers for besides its own 分管, from a day, to a day."""

    becomes: ClassVar = {"unit": CARRIED.with_matters("portfolio").named("holding", "holding__person")}

    holding = models.ForeignKey(RoleHolding, models.PROTECT, related_name="portfolio")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="in_portfolios")

    class Meta:
        verbose_name = _("portfolio")


class Delegation(Register):
    """While its holder is away, another person acts in a holding 代理."""

    holding = models.ForeignKey(RoleHolding, models.PROTECT, related_name="delegations")
    delegate = models.ForeignKey(Person, models.PROTECT, related_name="stands_in")

    class Meta:
        verbose_name = _("delegation")


def holdings_of(person: Person, on: date) -> list[RoleHolding]:
    """The holdings a person may act in on a day: their own, and those delegated to them, with their portfolios."""
    holdings: list[RoleHolding] = compiled(_held_by)(on, person.pk)
    by_id = {holding.pk: holding for holding in holdings}
    for holding in holdings:
        holding.covers = []
    for covered in compiled(_covering, len(holdings))(on, *by_id) if holdings else ():
        by_id[covered.holding_id].covers.append(covered)
    return holdings


def lent_on(on: date) -> models.QuerySet[Delegation]:
    """What is lent on a day 代理; with the account of its holder closed, nothing of theirs is."""
    return Delegation.objects.filter(standing(on)).exclude(holding__person__account__is_active=False)


def with_second_factor(holdings: Iterable[RoleHolding]) -> bool:
    """Whether who may act in these signs in with a second factor, in whichever of them they act."""
    return any(holding.role in PRIVILEGED for holding in holdings)


def held_before(person: Person, on: date) -> bool:
    """Whether a person held a role that has ended."""
    return RoleHolding.objects.filter(person=person, valid_to__lt=on).exists()


def holdings_on(on: date) -> models.QuerySet[RoleHolding]:
    """All holdings of a day, with their portfolios."""
    portfolio = models.Prefetch("portfolio", _covered_on(on), to_attr=COVERS)
    return _held_on(on).prefetch_related(portfolio)


def _held_on(on: date) -> models.QuerySet[RoleHolding]:
    standing_ones = RoleHolding.objects.filter(standing(on))
    return standing_ones.select_related("unit__jurisdiction", "person").order_by("id")


def _covered_on(on: date) -> models.QuerySet[Portfolio]:
    return Portfolio.objects.filter(standing(on)).select_related("unit").order_by("unit__code", "id")


def _held_by() -> models.QuerySet[RoleHolding]:
    delegated = lent_on(day_slot(0)).filter(delegate=int_slot(1)).values("holding")
    return _held_on(day_slot(0)).filter(Q(person=int_slot(1)) | Q(pk__in=delegated))


def _covering(holdings: int) -> models.QuerySet[Portfolio]:
    return _covered_on(day_slot(0)).filter(holding_id__in=[int_slot(1 + place) for place in range(holdings)])


def acting_in(persons: Collection[int], on: date) -> models.QuerySet[RoleHolding]:
    """The holdings in which any of some persons may act on a day: their own, and those delegated to them."""
    delegated = lent_on(on).filter(delegate_id__in=persons)
    held = Q(person_id__in=persons) | Q(pk__in=delegated.values("holding"))
    return RoleHolding.objects.filter(standing(on)).filter(held)


def set_over(persons: Collection[int], on: date) -> frozenset[int]:
    """Ids of the units that any of some persons work for or are set over, in whatever role 本单位及上级.

    A clerk works for the own unit; a head is set over it and every unit below; who has a unit in their
    portfolio, over that one and those below. Who stands in for one of these is as they are.
    """
    if not persons:
        return frozenset()
    holdings = compiled(_acting, len(persons))(on, *persons)
    own = {unit for _pk, role, unit in holdings if role == Role.UNIT_CLERK}
    over = {unit for _pk, role, unit in holdings if role == Role.UNIT_HEAD}
    if holdings:
        covered = compiled(_covered, len(holdings))(on, *(pk for pk, _role, _unit in holdings))
        over |= {unit for (unit,) in covered}
    below = over
    while below:
        below = {*Unit.objects.filter(parent_id__in=below).values_list("pk", flat=True)} - over
        over |= below
    return frozenset(own | over)


def _acting(persons: int) -> models.QuerySet[RoleHolding, tuple[int, str, int]]:
    asked = [int_slot(1 + place) for place in range(persons)]
    return acting_in(asked, day_slot(0)).values_list("pk", "role", "unit_id")


def _covered(holdings: int) -> models.QuerySet[Portfolio, tuple[int]]:
    asked = [int_slot(1 + place) for place in range(holdings)]
    return Portfolio.objects.filter(standing(day_slot(0)), holding_id__in=asked).values_list("unit_id")


def answering(role: str, unit_id: int, on: date) -> models.QuerySet[RoleHolding]:
    """The holdings that answer for a unit in a role on a day: held in it, or with it in their portfolio 分管."""
    covering = Portfolio.objects.filter(standing(on), unit_id=unit_id)
    return RoleHolding.objects.filter(
        Q(unit_id=unit_id) | Q(pk__in=covering.values("holding")), standing(on), role=role
    )


def behind(holder: str, on: date) -> models.QuerySet[RoleHolding]:
    """The holdings that a holder key of a role names on a day; none for the key of a person or a bearer."""
    role, _at, place = holder.partition("@")
    if role not in Role.values or place[:1] not in ("u", "j"):
        return RoleHolding.objects.none()
    if place[0] == "u":
        return answering(role, int(place[1:]), on)
    return RoleHolding.objects.filter(standing(on), role=role, unit__jurisdiction_id=int(place[1:]))
