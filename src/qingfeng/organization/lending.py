"""Administration for a time 限时运维授权: asked for with a reason, granted by another, ended by the clock or before."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.people.lending import CLAUSE, Lent
from qingfeng.kernel.vocabulary import (
    NEW,
    Clock,
    Concerns,
    Count,
    Did,
    Do,
    Is,
    Line,
    Matter,
    Office,
    Person,
    Prose,
    Reason,
    Role,
    State,
    System,
    Whole,
    act,
    parameter,
)

ADMINISTRATOR = Office(Role.SYSTEM_ADMINISTRATOR)
SECURITY = Office(Role.SECURITY_ADMINISTRATOR)

MOST_HOURS = parameter(
    "administration.most_hours",
    _("Most hours administration is lent for"),
    Count("hours"),
    _("For so many hours at most an administrator is lent rights to change the running system."),
    stricter="smaller",
)
LENDING = Clock("lent", _("Lent until"))

ASKED = State("asked", _("asked for"))
LENT = State("lent", _("lent"))
ENDED = State("ended", _("ended"), final=True)
REFUSED = State("refused", _("not granted"), final=True)


class Lending(Matter):
    """Rights to change the running system 限时运维授权, lent to an administrator for a reason and some hours."""

    code = "lending"
    series = "运维授权"
    ground = True
    retention = "10_years"
    reads: ClassVar = ADMINISTRATOR | SECURITY | Office(Role.AUDIT_ADMINISTRATOR)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("administrator"))
    reason = models.CharField(_("reason"), max_length=200)
    hours = models.PositiveSmallIntegerField(_("hours"))
    until = models.DateTimeField(_("lent until"), null=True)

    class Meta:
        verbose_name = _("administration for a time")
        verbose_name_plural = _("administration for a time")

    @act(NEW, to=ASKED, by=ADMINISTRATOR, label=_("Ask for rights for a time"))
    def ask(
        self,
        do: Do,
        reason: Annotated[str, Line(200), pgettext_lazy("request", "Reason")],
        hours: Annotated[int, Whole(1, 720, _("hours")), _("For how long")],
    ) -> None:
        """Ask for rights to change the running system, with the reason and for some hours."""
        most = do.value(MOST_HOURS)
        if hours > most:
            do.refuse(
                format_lazy(_("Rights are lent for {} hours at most."), most),
                CLAUSE,
                _("Ask for fewer hours; you may ask again."),
            )
        self.person, self.reason, self.hours = do.person, reason, hours
        self.title = reason

    @act(
        ASKED,
        to=LENT,
        by=SECURITY & ~Concerns("person"),
        owed=True,
        starts=LENDING,
        label=_("Grant the rights"),
    )
    def grant(self, do: Do) -> None:
        """Lend the rights from now on for the hours asked; never to oneself."""
        self.until = do.now + timedelta(hours=self.hours)
        do.count_from(LENDING, self.until)
        do.record(
            Lent(
                person=self.person,
                role=Role.SYSTEM_ADMINISTRATOR,
                matter=self,
                reason=self.reason,
                since=do.now,
                until=self.until,
                valid_from=do.today,
            )
        )

    @act(ASKED, to=REFUSED, by=SECURITY & ~Did("ask"), owed=True, label=_("Refuse the rights"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse the rights, with the reason."""

    @act(LENT, to=ENDED, by=Is("person") | SECURITY, stops=LENDING, label=_("End the rights"))
    def end(self, do: Do, done: Annotated[str, Prose(1000), _("What was done")]) -> None:
        """End the rights before their time, and say what was done by them."""
        self.until = do.now
        self._end(do)

    @act(LENT, to=ENDED, by=System("clock"), expires=LENDING, label=_("End the rights in time"))
    def lapse(self, do: Do) -> None:
        """End the rights when their time is over."""
        self._end(do)

    def _end(self, do: Do) -> None:
        row = Lent.objects.get(matter=self)
        assert self.until is not None
        row.until, row.valid_to = self.until, do.today
        do.record(row)
