"""The end of a regime 制度终止: proposed by one person for a day, ended by another; what is open is carried to its end."""

from __future__ import annotations

from datetime import date
from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.regime.document import Document
from qingfeng.kernel.regime.models import ActivatedRegime, EndedRegime
from qingfeng.kernel.regime.policy import Place, Policy, document_of
from qingfeng.kernel.vocabulary import NEW, Did, Do, Matter, Office, Page, Reason, Role, State, act
from qingfeng.organization.effects import of_end

OFFICE = Office(Role.SUPERVISION_OFFICE)

PROPOSED = State("proposed", _("proposed"))
ENDED = State("ended", _("ended"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)


class RegimeEnd(Matter):
    """A regime on its way out of force 制度终止: proposed by one person, ended by another."""

    code = "regime_ends"
    series = "终止"
    ground = True
    reads: ClassVar = OFFICE | Office(Role.AUDIT_ADMINISTRATOR)
    pages = (Page("changes", _("What changes"), "organization/changes.html", of_end),)

    regime = models.CharField(_("regime"), max_length=64, editable=False)
    on = models.DateField(_("first day without it"))
    carries = models.BooleanField(_("time limits that run go by what holds then"), default=False)

    class Meta:
        verbose_name = _("end of a regime")
        verbose_name_plural = _("ends of regimes")

    @act(NEW, to=PROPOSED, by=OFFICE, label=_("Propose to end a regime"))
    def propose(
        self,
        do: Do,
        ended: Annotated[ActivatedRegime, pgettext_lazy("policy", "Regime")],  # type: ignore[valid-type]  # mypy, before the model is analysed
        on: date,
        reason: Reason,
        carries: Annotated[
            bool,
            _(
                "Time limits that run are reckoned anew by what holds then (left out: they keep the length they began with)"
            ),
        ] = False,
    ) -> None:
        """Propose that a regime hold no longer from a day on."""
        if on < do.today:
            raise Invalid({"on": [_("Choose today or a later day.")]})
        self.regime, self.on, self.title, self.carries = ended.regime, on, str(ended), carries
        if not self._holds(do.policy.as_of(on)):
            raise Invalid({"ended": [_("It is not in force on that day.")]})

    @act(PROPOSED, to=ENDED, by=OFFICE & ~Did("propose"), owed=True, label=_("End the regime"))
    def end(self, do: Do) -> None:
        """End the regime from its day on, or from today where that is past; a second person does it."""
        since = max(self.on, do.today)
        if not self._holds(do.policy.as_of(since)):
            do.refuse(_("It is no longer in force."), remedy=_("Withdraw this."))
        do.record(
            EndedRegime(
                jurisdiction=self.jurisdiction,
                regime=self.regime,
                carries=self.carries,
                recorded_at=do.now,
                valid_from=since,
            )
        )

    @act(PROPOSED, to=WITHDRAWN, by=OFFICE, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw the proposal; the regime stays in force."""

    def ends(self, place: Place, document: Document) -> bool:
        """Whether it is this regime that fills a place of the stack."""
        return place[0] == self.jurisdiction.path and document.regime == self.regime

    def _holds(self, policy: Policy) -> bool:
        standing = policy.standing.items()
        return any(self.ends(place, document_of(digest)) for place, digest in standing)
