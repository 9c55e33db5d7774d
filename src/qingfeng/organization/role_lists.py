"""Roles by list 任职名册: people who are there already are appointed together, as after a merger; two people do it.

Roles that are granted one by one (discipline organ and the three administrators) never come by a list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.role import PRIVILEGED
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import (
    NEW,
    Did,
    Do,
    Input,
    Line,
    Matter,
    Office,
    Person,
    Reason,
    Role,
    State,
    Unit,
    act,
)
from qingfeng.organization.appointment import enter as enter_appointments
from qingfeng.organization.name_lists import MOST_ROWS, named, proposed
from qingfeng.organization.people import PRIVILEGED_ONE_BY_ONE

ADMINISTRATOR = Office(Role.SYSTEM_ADMINISTRATOR)
SECURITY = Office(Role.SECURITY_ADMINISTRATOR)

PROPOSED = State("proposed", _("proposed"))
ENTERED = State("entered", _("entered"), final=True)
REFUSED = State("refused", _("not granted"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True)


class RoleRow(Input):
    """A role for somebody who is there."""

    person: Annotated[Person, _("Person")]  # type: ignore[valid-type]  # mypy, before Person is analysed
    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]
    role: Annotated[Role, _("Role")]

    @classmethod
    def together(cls, rows: Sequence[RoleRow], jurisdiction_id: int, on: date) -> dict[str, list[Words]]:
        """Roles that come by no list, stand twice or are held, and closed accounts; by places such as ``3.role``."""
        persons = [row.person.pk for row in rows]
        lasting = RoleHolding.objects.filter(Q(valid_to=None) | Q(valid_to__gte=on), person__in=persons)
        held = set(lasting.values_list("person_id", "role", "unit_id"))
        closed = set(
            Account.objects.filter(person__in=persons, is_active=False).values_list("person_id", flat=True)
        )
        twice = Counter((row.person.pk, row.role, row.unit.pk) for row in rows)
        wrong: dict[str, list[Words]] = {}
        for place, row in enumerate(rows):
            key = (row.person.pk, row.role, row.unit.pk)
            if row.role in PRIVILEGED:
                words = _("This role is never granted by a list: propose it as an appointment ({}).")
                wrong[f"{place}.role"] = [format_lazy(words, PRIVILEGED_ONE_BY_ONE)]
            elif key in held:
                wrong[f"{place}.role"] = [_("They hold this role in this unit already.")]
            elif twice[key] > 1:
                wrong[f"{place}.role"] = [_("This role stands in the list twice.")]
            if row.person.pk in closed:
                wrong[f"{place}.person"] = [_("Their account is closed.")]
        return wrong


class RoleList(Matter):
    """A list of roles on its way to people who are there already 任职名册; two people grant it."""

    code = "role_lists"
    series = "任职名册"
    ground = True
    reads: ClassVar = ADMINISTRATOR | SECURITY | Office(Role.AUDIT_ADMINISTRATOR)

    basis = models.CharField(_("document the list rests on"), max_length=200)
    since = models.DateField(_("From"))
    size = models.PositiveIntegerField(_("number of rows"), default=0)

    class Meta:
        verbose_name = _("list of roles")
        verbose_name_plural = _("lists of roles")

    @act(NEW, to=PROPOSED, by=ADMINISTRATOR, label=_("Propose roles"))
    def propose(
        self,
        do: Do,
        basis: Annotated[str, Line(200)],
        since: date,
        rows: Annotated[list[RoleRow], _("Roles")],
    ) -> None:
        """Propose roles for people who are there already, as those whose unit was merged, from a day on."""
        if not 1 <= len(rows) <= MOST_ROWS:
            raise Invalid({"rows": [_("A list has 1 to 1000 rows.")]})
        self.basis = self.title = basis
        self.since, self.size = since, len(rows)

    @act(PROPOSED, to=ENTERED, by=SECURITY & ~Did("propose"), owed=True, label=_("Grant the roles"))
    def grant(self, do: Do) -> None:
        """Put all roles of the list in force, each with its appointment; a second person does it, never for themselves."""
        plain = proposed(self, do)
        persons = Person.objects.in_bulk({named(row["person"]) for row in plain})
        units = Unit.objects.in_bulk({named(row["unit"]) for row in plain})
        rows = [
            RoleRow(
                person=persons[named(row["person"])], unit=units[named(row["unit"])], role=Role(row["role"])
            )
            for row in plain
        ]
        if do.actor.person_id in persons:
            do.refuse(_("You stand in this list yourself."), remedy=_("Ask another administrator."))
        if RoleRow.together(rows, self.jurisdiction_id, do.today):
            do.refuse(
                _("Meanwhile one of them got the role, or their account was closed."),
                remedy=_("Refuse the list, and have it entered anew."),
            )
        holdings = [
            RoleHolding(person=row.person, role=row.role.value, unit=row.unit, valid_from=self.since)
            for row in rows
        ]
        do.record_all(holdings)
        do.keep_records()
        enter_appointments(holdings, do.now)
        do.batch([dict(row) for row in rows])

    @act(PROPOSED, to=REFUSED, by=SECURITY & ~Did("propose"), owed=True, label=_("Refuse the list"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse the list, with the reason."""

    @act(PROPOSED, to=WITHDRAWN, by=ADMINISTRATOR, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw the list, to enter it anew."""
