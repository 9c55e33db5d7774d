"""Departure 离任: whoever leaves loses every role, post and link in one act, and what waited on them is taken over.

Nobody keeps what they hold no more (GB/T 22239-2019, 8.1.4.2: accounts that are not needed are closed in time).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people import accounts
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.time.periods import begin_of
from qingfeng.kernel.vocabulary import (
    NEW,
    Clock,
    Do,
    Is,
    Line,
    Matter,
    Office,
    Person,
    Role,
    State,
    System,
    act,
)
from qingfeng.organization import ties
from qingfeng.organization.ties import LAST_DAY

ADMINISTRATORS = Office(Role.SYSTEM_ADMINISTRATOR) | Office(Role.SECURITY_ADMINISTRATOR)
SERVING = Clock("serving", _("Serves until"))

LEAVING = State("leaving", _("is leaving"))
LEFT = State("left", _("has left"), final=True)


class Departure(Matter):
    """Somebody leaves 离任: roles, posts, links and seats end with a day, then the account is closed."""

    code = "departures"
    series = "离任"
    ground = True
    retention = "10_years"
    reads: ClassVar = ADMINISTRATORS | Office(Role.AUDIT_ADMINISTRATOR) | Is("person")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    successor = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=_("who takes over")
    )
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=200)

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")

    @act(NEW, to=(LEAVING, LEFT), by=ADMINISTRATORS, label=_("Enter a departure"))
    def enter(
        self,
        do: Do,
        person: Person,
        reason: Annotated[str, Line(200), _("Reason")],
        last_day: Annotated[date | None, LAST_DAY] = None,
        successor: Annotated[Person | None, _("Who takes over, if not whoever else holds the role")] = None,
    ) -> State:
        """End every role, post, link and seat of somebody who leaves; what waits on them is handed over."""
        if person.pk == do.actor.person_id:
            do.refuse(_("Nobody enters their own departure."), remedy=_("Ask another administrator."))
        self.person, self.reason, self.title = person, reason, str(_("departure"))
        self.last_day = ties.last_of(do, last_day, do.today)
        ties.end_person(do, person, self.last_day)
        self._succeed(do, successor)
        if last_day is None:
            self._leave(do)
            return LEFT
        if self._heir() is None:
            ties.pass_on(do, person, None)
        do.clocks.start(SERVING, None, begin_of(last_day + timedelta(days=1)))
        return LEAVING

    @act(LEAVING, by=ADMINISTRATORS, label=_("Say who takes over"))
    def succeed(
        self,
        do: Do,
        successor: Annotated[Person, _("Who takes over")],  # type: ignore[valid-type]  # mypy, before Person is analysed
    ) -> None:
        """Say who takes over what still waits on whoever leaves."""
        self._succeed(do, successor)

    @act(LEAVING, to=LEFT, by=System("clock"), expires=SERVING, label=_("Note that they have left"))
    def leave(self, do: Do) -> None:
        """Hand over what they answered for, and close the account, once the last day is over."""
        self._leave(do)

    def _succeed(self, do: Do, successor: Person | None) -> None:
        if successor is not None and not self._others().filter(person=successor).exists():
            do.refuse(
                _("They serve in none of the units in question."),
                remedy=_("Choose somebody who does, or have a role there granted to them first."),
            )
        self.successor = successor

    def _leave(self, do: Do) -> None:
        ties.pass_on(do, self.person, self._heir())
        for account in Account.objects.filter(person=self.person):
            accounts.set_use(account, in_use=False)
            do.record(account)

    def _heir(self) -> Person | None:
        found = self._others().select_related("person").first()
        return self.successor or (found.person if found else None)

    def _others(self) -> models.QuerySet[RoleHolding]:
        return ties.others(self.person, self.last_day + timedelta(days=1))
