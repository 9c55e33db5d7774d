"""What hangs on roles and persons, and how it ends 离任: nothing that waits is left to nobody.

Lent out and stood in, portfolios, links, posts and seats end with the role or the person; the matters that say so are
closed with them. Acts that wait on a role go on waiting on whoever else holds it; what a person answers for in person
is handed over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.engine import perform, state_of
from qingfeng.kernel.acts.handover import answered_for, hand_over
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.people.actors import office_key, system, unit_key
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.people.roles import Delegation, Portfolio, RoleHolding, behind
from qingfeng.kernel.vocabulary import Do, Person, Register
from qingfeng.organization.bodies import BodySeat
from qingfeng.organization.leader_links import LinkedUnit
from qingfeng.organization.posts import PostHolding

LAST_DAY = _("Last day, held to its midnight (empty: it ends at once)")
BY_HOLDING, BY_PERSON = ("appointment", "portfolio"), ("leader_links",)
"""The matters that close with a holding, and with a person."""


def last_of(do: Do, last_day: date | None, first_day: date) -> date:
    """The last day of what began on ``first_day``; yesterday where it is to end at once. Refuses one before the first."""
    if last_day is None:
        return do.today - timedelta(days=1)
    if last_day < first_day:
        do.refuse(_("It would end before it began."), remedy=_("Choose a later last day."))
    return last_day


def held(person: Person, last: date) -> list[RoleHolding]:
    """The holdings of a person that last beyond a day."""
    found = RoleHolding.objects.filter(_beyond(last), person=person)
    return list(found.select_related("unit", "person").order_by("pk"))


def withdraw(do: Do, lent: models.QuerySet[Delegation]) -> int:
    """End at once what was lent; returns how many."""
    return _end(do, lent, do.today - timedelta(days=1))


def end_roles(do: Do, holdings: Sequence[RoleHolding], last: date) -> None:
    """End holdings with a day, and what hangs on them. Refuses while open matters would wait on nobody."""
    _demand_others(do, holdings, last)
    drop_roles(do, holdings, last)


def drop_roles(do: Do, holdings: Sequence[RoleHolding], last: date) -> None:
    """End holdings with a day, and what hangs on them, whatever waits: a successor has it, or takes it over."""
    for holding in holdings:
        holding.valid_to = last
        do.record(holding)
        for register in (Delegation, Portfolio):
            _end(do, register._default_manager.filter(holding=holding), last)
        for code in BY_HOLDING:
            _close(do, code, {"holding": holding}, last)


def end_person(do: Do, person: Person, last: date) -> None:
    """End every role, post, link and seat of a person with a day, and what they stand in for."""
    end_roles(do, held(person, last), last)
    _end(do, Delegation.objects.filter(delegate=person), last)
    for register in (LinkedUnit, PostHolding, BodySeat):
        _end(do, register._default_manager.filter(person=person), last)
    for code in BY_PERSON:
        _close(do, code, {"person": person}, last)


def pass_on(do: Do, person: Person, to: Person | None) -> None:
    """Hand over what a person answers for in person. Refuses where there is something, and nobody to take it over."""
    if to is not None:
        hand_over(person, to, do.now)
        return
    if waiting := sum(len(ids) for _matter, ids in answered_for(person)):
        do.refuse(
            format_lazy(_("{} open matters name them as the one who answers for it."), waiting),
            remedy=_("Say who takes them over: somebody who serves in a unit of theirs."),
        )


def others(person: Person, on: date) -> models.QuerySet[RoleHolding]:
    """The holdings of others, on a day, in the units a person served in until the day before; the same role first."""
    until = RoleHolding.objects.filter(person=person, valid_to=on - timedelta(days=1))
    units, roles = set(until.values_list("unit", flat=True)), set(until.values_list("role", flat=True))
    serving = RoleHolding.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=on), valid_from__lte=on, unit__in=units, person__erased_at=None
    )
    same = models.Case(models.When(role__in=roles, then=0), default=1)
    return serving.exclude(Q(person=person) | Q(person__account__is_active=False)).order_by(same, "pk")


def _beyond(last: date) -> Q:
    return Q(valid_to=None) | Q(valid_to__gt=last)


def _end(do: Do, rows: models.QuerySet[Register], last: date) -> int:
    found = list(rows.filter(_beyond(last)).order_by("pk"))
    for row in found:
        row.valid_to = last
        do.record(row)
    return len(found)


def _close(do: Do, code: str, of: dict[str, models.Model], last: date) -> None:
    """Have the matters of what ended note it, but for the one that ends it."""
    matter = mechanisms()[code]
    lapse = acts_of(matter)["lapse"]
    acting = system("succession", list(Jurisdiction.objects.order_by("pk").values_list("pk", flat=True)))
    for one in matter._default_manager.filter(closed=False, **of).exclude(pk=do.matter.pk).order_by("pk"):
        if lapse.starts_from(state_of(one)):
            perform(lapse, acting, {"last_day": last.isoformat()}, do.now, matter_id=one.pk)


def _demand_others(do: Do, ending: Sequence[RoleHolding], last: date) -> None:
    gone = Q(pk__in=[holding.pk for holding in ending]) | Q(person__account__is_active=False)
    for holding in ending:
        units = Portfolio.objects.filter(_beyond(last), holding=holding).values_list("unit", flat=True)
        keys = [unit_key(holding.role, unit) for unit in (holding.unit_id, *units)]
        keys.append(office_key(holding.role, holding.unit.jurisdiction_id))
        for key in keys:
            if behind(key, last + timedelta(days=1)).exclude(gone).exists():
                continue
            if waiting := _waiting(key):
                do.refuse(
                    format_lazy(
                        _("{0} open matters wait on “{1}”, and nobody else holds that role after it."),
                        waiting,
                        holding,
                    ),
                    remedy=_(
                        "Have it granted to a successor first. To shut somebody out at once, have their account closed."
                    ),
                )


def _waiting(key: str) -> int:
    rows = Access.objects.filter(holder=key, closed=False).exclude(act="")
    return rows.aggregate(matters=models.Count("matter", distinct=True))["matters"] or 0
