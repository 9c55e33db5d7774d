"""Portfolio 领导分管: a leader is put in charge of a unit by two people, and relieved of it by two."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.people.models import standing
from qingfeng.kernel.people.roles import Portfolio, RoleHolding
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Concerns,
    Did,
    Do,
    Holds,
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

ADMINISTRATOR = Office(Role.SYSTEM_ADMINISTRATOR)
SECURITY = Office(Role.SECURITY_ADMINISTRATOR)

PROPOSED = State("proposed", _("proposed"))
STANDING = State("standing", pgettext_lazy("portfolio", "in force"))
ENDING = State("ending", _("to be ended"))
ENDED = State("ended", _("ended"), final=True)
REFUSED = State("refused", _("not granted"), final=True, void=True)


class PortfolioGrant(Matter):
    """A unit in a leader's portfolio 领导分管, from the proposal to its end (GB/T 22239-2019, 8.1.4.2)."""

    code = "portfolio"
    series = "分管"
    ground = True
    reads: ClassVar = (
        ADMINISTRATOR
        | SECURITY
        | Office(Role.AUDIT_ADMINISTRATOR)
        | Is("person")
        | Holds(Role.LEADER, of="unit")
        | Holds(Role.UNIT_HEAD, of="unit")
    )
    becomes: ClassVar = {"unit": FOLLOWS}
    filters = ("unit",)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    holding = models.ForeignKey(RoleHolding, models.PROTECT, related_name="+", verbose_name=_("role holding"))
    last_day = models.DateField(_("last day"), null=True)

    class Meta:
        verbose_name = _("unit in a portfolio")
        verbose_name_plural = _("units in portfolios")

    @act(NEW, to=PROPOSED, by=ADMINISTRATOR, label=_("Propose a portfolio"))
    def propose(
        self,
        do: Do,
        person: Person,
        unit: Unit,
        post: Annotated[Unit | None, _("Unit they are a leader in, if in several")] = None,
    ) -> None:
        """Propose that a leader be in charge of a unit."""
        held = RoleHolding.objects.filter(
            standing(do.today),
            person=person,
            role=Role.LEADER,
            unit__jurisdiction_id__in=do.actor.jurisdictions,
        )
        holdings = list((held.filter(unit=post) if post else held).select_related("unit__jurisdiction"))
        if len(holdings) != 1:
            do.refuse(
                _("They are no leader there today, or a leader in several units."),
                remedy=_("Grant them the role first, or say in which unit they hold it."),
            )
        holding = holdings[0]
        if unit == holding.unit or unit.jurisdiction_id not in holding.unit.jurisdiction.covered():
            do.refuse(
                _("Their role covers this unit already, or lies in another jurisdiction."),
                remedy=_("Choose another unit."),
            )
        self.person, self.unit, self.holding = person, unit, holding
        self.title = str(unit)

    @act(
        PROPOSED,
        to=STANDING,
        by=SECURITY & ~Did("propose") & ~Concerns("person"),
        owed=True,
        label=_("Grant the portfolio"),
    )
    def grant(self, do: Do, since: Annotated[date, _("From")]) -> None:
        """Put the leader in charge of the unit from a day on; never oneself, and never what one proposed."""
        covered = Portfolio.objects.filter(
            Q(valid_to=None) | Q(valid_to__gte=since), holding=self.holding, unit=self.unit
        )
        held = standing(since) & Q(pk=self.holding.pk)
        if covered.exists() or not RoleHolding.objects.filter(held).exists():
            do.refuse(
                _("They don't hold the role that day, or are in charge of this unit already."),
                remedy=_("Check the day and the role, or refuse the proposal."),
            )
        do.record(Portfolio(holding=self.holding, unit=self.unit, valid_from=since))

    @act(PROPOSED, to=REFUSED, by=SECURITY & ~Did("propose"), owed=True, label=_("Refuse the portfolio"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse the portfolio, with the reason."""

    @act(STANDING, to=ENDING, by=ADMINISTRATOR, label=_("Propose the end"))
    def propose_end(self, do: Do, last_day: Annotated[date, _("Last day, held to its midnight")]) -> None:
        """Propose that the leader be in charge of the unit no longer than to a day."""
        if last_day < self._row().valid_from:
            do.refuse(_("It would end before it began."), remedy=_("Choose a later last day."))
        self.last_day = last_day

    @act(ENDING, to=ENDED, by=SECURITY & ~Did("propose_end"), owed=True, label=_("End the portfolio"))
    def end(self, do: Do) -> None:
        """Relieve the leader of the unit with the day proposed; a second person does it."""
        row = self._row()
        row.valid_to = self.last_day
        do.record(row)

    @act(ENDING, to=STANDING, by=SECURITY & ~Did("propose_end"), owed=True, label=_("Keep the portfolio"))
    def keep(self, do: Do, reason: Reason) -> None:
        """Leave the leader in charge of the unit, with the reason."""
        self.last_day = None

    @act((STANDING, ENDING), to=ENDED, by=System("succession"), label=_("Note the end of the portfolio"))
    def lapse(self, do: Do, last_day: Annotated[date, _("Last day")]) -> None:
        """Note that the leader's role ended, and the portfolio with it."""
        self.last_day = last_day

    def _row(self) -> Portfolio:
        """Its row: a merger may have given the leader two for one unit, of which each grant ends one."""
        rows = Portfolio.objects.filter(holding=self.holding, unit=self.unit, valid_to=None)
        return rows.earliest("valid_from", "id")
