"""Appointment 任职授权: a role is granted by two people, ended by one, and delegated by its holder."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.roles import Delegation, RoleHolding
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Concerns,
    Did,
    Do,
    Is,
    Matter,
    Office,
    Person,
    Reason,
    Role,
    State,
    System,
    Unit,
    act,
)
from qingfeng.organization import ties
from qingfeng.organization.ties import LAST_DAY

ADMINISTRATOR = Office(Role.SYSTEM_ADMINISTRATOR)
SECURITY = Office(Role.SECURITY_ADMINISTRATOR)

PROPOSED = State("proposed", _("proposed"))
STANDING = State("standing", pgettext_lazy("role", "in force"))
ENDED = State("ended", _("ended"), final=True)
REFUSED = State("refused", _("not granted"), final=True, void=True)


class Appointment(Matter):
    """A role held by a person in a unit 任职授权, from the proposal to its end (GB/T 22239-2019, 8.1.4.2)."""

    code = "appointment"
    series = "任职"
    ground = True
    reads: ClassVar = ADMINISTRATOR | SECURITY | Office(Role.AUDIT_ADMINISTRATOR) | Is("person")
    becomes: ClassVar = {"unit": FOLLOWS}

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=40, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    holding = models.OneToOneField(
        RoleHolding, models.PROTECT, null=True, related_name="+", verbose_name=_("role holding")
    )

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")

    @act(NEW, to=PROPOSED, by=ADMINISTRATOR, label=_("Propose a role"))
    def propose(self, do: Do, person: Person, role: Role, unit: Unit) -> None:
        """Propose that a person hold a role in a unit."""
        self.person, self.role, self.unit = person, role.value, unit
        self.title = f"{unit} {role.label}"

    @act(
        PROPOSED,
        to=STANDING,
        by=SECURITY & ~Did("propose") & ~Concerns("person"),
        owed=True,
        label=_("Grant the role"),
    )
    def grant(self, do: Do, since: Annotated[date, _("From")]) -> None:
        """Put the role in force from a day on; never for oneself, and never what one proposed."""
        if Account.objects.filter(person=self.person, is_active=False).exists():
            do.refuse(
                _("Their account is closed."), remedy=_("Have it opened again first, or refuse the role.")
            )
        holding = RoleHolding(person=self.person, role=self.role, unit=self.unit, valid_from=since)
        do.record(holding)
        # Only now has it a key for the appointment to keep.
        self.holding = holding

    @act(PROPOSED, to=REFUSED, by=SECURITY & ~Did("propose"), owed=True, label=_("Refuse the role"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse the role, with the reason."""

    @act(NEW, to=STANDING, by=System("founding"), label=_("Enter a role that is held"))
    def enter(
        self,
        do: Do,
        holding: Annotated[RoleHolding, _("Role holding")],  # type: ignore[valid-type]  # mypy, before it is analysed
    ) -> None:
        """Enter the appointment to a role that came by founding or by a list, so that it can be lent and ended."""
        if Appointment.objects.filter(holding=holding).exists():
            do.refuse(_("This role has its appointment."), remedy=_("Nothing needs to be done."))
        self.holding, self.person, self.role, self.unit = holding, holding.person, holding.role, holding.unit
        self.title = str(holding)

    @act(STANDING, by=Is("person"), label=_("Let another stand in"))
    def delegate(
        self,
        do: Do,
        delegate: Annotated[Person, _("Who stands in")],  # type: ignore[valid-type]  # mypy, before Person is analysed
        since: Annotated[date, _("From")],
        until: Annotated[date, _("To the end of")],
    ) -> None:
        """Let another person act in this role while its holder is away, to the end of the last day."""
        if until < since or delegate == self.person:
            do.refuse(
                _("A delegation goes to someone else, and ends no earlier than it begins."),
                remedy=_("Check the two days and the person."),
            )
        do.record(Delegation(holding=self.holding, delegate=delegate, valid_from=since, valid_to=until))

    @act(STANDING, by=Is("person") | ADMINISTRATOR | SECURITY, label=_("Withdraw the stand-in"))
    def recall(self, do: Do) -> None:
        """Withdraw at once what was lent of this role: nobody acts in it any more but its holder."""
        if not ties.withdraw(do, Delegation.objects.filter(holding=self.holding)):
            do.refuse(_("Nobody stands in in this role."), remedy=_("Nothing needs to be done."))

    @act(STANDING, to=ENDED, by=ADMINISTRATOR | SECURITY, label=_("End the role"))
    def end(self, do: Do, last_day: Annotated[date | None, LAST_DAY] = None) -> None:
        """End the role with the end of a day, or at once; refused while open matters would wait on nobody."""
        assert self.holding is not None
        ties.end_roles(do, [self.holding], ties.last_of(do, last_day, self.holding.valid_from))

    @act(STANDING, to=ENDED, by=System("succession"), label=_("Note the end of the role"))
    def lapse(self, do: Do, last_day: Annotated[date, _("Last day")]) -> None:
        """Note that the role ended with its unit, or with its holder's departure."""


def unentered() -> models.QuerySet[RoleHolding]:
    """The holdings that have not ended and have no appointment yet."""
    known = Appointment.objects.filter(holding__isnull=False).values("holding")
    return (
        RoleHolding.objects.filter(valid_to=None).exclude(pk__in=known).select_related("unit").order_by("pk")
    )


def enter(holdings: Iterable[RoleHolding], now: datetime) -> int:
    """Enter the appointment to each of some holdings, each by an act of its own; returns how many."""
    return len(
        [
            perform(
                acts_of(Appointment)["enter"],
                system("founding", [holding.unit.jurisdiction_id]),
                {"holding": holding.pk},
                now,
            )
            for holding in holdings
        ]
    )
