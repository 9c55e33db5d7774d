"""Founding 建制: the first units, people and roles of a jurisdiction, entered as one act of the system."""

from __future__ import annotations

from typing import Annotated, ClassVar

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import Account, Jurisdiction
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.vocabulary import (
    NEW,
    Do,
    Input,
    Line,
    Mailbox,
    Matter,
    Office,
    Person,
    Role,
    Sealed,
    State,
    System,
    act,
)
from qingfeng.organization.appointment import enter as enter_appointments
from qingfeng.organization.units import UnitRow, enter

FOUNDED = State("founded", _("founded"), final=True)


class FoundingPersonRow(Input):
    """A person with an account and one role in one unit; a second role is a second row with the same user name."""

    username: Annotated[str, Line(60), _("User name")]
    name: Annotated[str, Line(60), Sealed("personnel"), _("Full name")]
    role: Annotated[Role, _("Role")]
    unit: Annotated[str, Line(40), _("Unit")]
    email: Annotated[str, Mailbox(), Sealed("personnel"), _("E-mail")] = ""


class FoundingLists(Input):
    """What a jurisdiction begins with."""

    units: Annotated[list[UnitRow], _("Units")]
    people: Annotated[list[FoundingPersonRow], _("Persons")]


class Founding(Matter):
    """The first filling of a jurisdiction's registers 建制."""

    code = "founding"
    series = "建制"
    ground = True
    reads: ClassVar = Office(Role.SYSTEM_ADMINISTRATOR) | Office(Role.AUDIT_ADMINISTRATOR)

    class Meta:
        verbose_name = _("founding")
        verbose_name_plural = _("foundings")

    @act(NEW, to=FOUNDED, by=System("founding"), label=_("Establish the jurisdiction"))
    def found(self, do: Do, plan: FoundingLists) -> None:
        """Enter the first units, people, accounts and roles of a jurisdiction."""
        self.title = str(self.jurisdiction)
        do.record(Jurisdiction.objects.get(pk=self.jurisdiction_id))
        named: set[str] = set()
        for founded in plan.units:
            if founded.parent and founded.parent not in named:
                do.refuse(
                    format_lazy(_("The unit above “{}” is not named before it."), founded.name),
                    remedy=_("Name the upper units first."),
                )
            named.add(founded.code)
        units = enter(do, self.jurisdiction, plan.units, do.today)
        accounts: dict[str, Account] = {}
        holdings: list[RoleHolding] = []
        for row in plan.people:
            if row.username not in accounts:
                person = Person(jurisdiction=self.jurisdiction, name=row.name, valid_from=do.today)
                do.record(person)
                account = Account(username=row.username, person=person, email=row.email, password="!")
                do.record(account)
                accounts[row.username] = account
            if row.unit not in units:
                do.refuse(
                    format_lazy(
                        _("“{}” is to serve in a unit that is not among those founded."), row.username
                    ),
                    remedy=_("Correct the unit's code."),
                )
            holding = RoleHolding(
                person=accounts[row.username].person,
                role=row.role,
                unit=units[row.unit],
                valid_from=do.today,
            )
            do.record(holding)
            holdings.append(holding)
        enter_appointments(holdings, do.now)
