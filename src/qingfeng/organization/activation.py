"""Activation of a regime 制度启用: a draft becomes policy by two people, strictly loaded, kept by its digest."""

from __future__ import annotations

from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.declaring import NEW, PARAMETERS, Did, Do, Matter, Office, Prose, Role, State, act
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.regime.document import Document, digest, load
from qingfeng.kernel.regime.models import ActivatedRegime
from qingfeng.kernel.regime.tree import BadDocument

OFFICE = Office(Role.SUPERVISION_OFFICE)

PROPOSED = State("proposed", _("proposed"))
ACTIVE = State("active", _("in force"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)


class Activation(Matter):
    """A regime document on its way into force 制度启用: proposed by one person, activated by another."""

    code = "regime"
    series = "制度"
    ground = True
    reads: ClassVar = OFFICE | Office(Role.AUDIT_ADMINISTRATOR)

    text = models.TextField(_("regime document"))
    regime = models.CharField(_("regime"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("activation of a regime")
        verbose_name_plural = _("activations of regimes")

    @act(NEW, to=PROPOSED, by=OFFICE, label=_("Propose a regime"))
    def propose(self, do: Do, text: Annotated[str, Prose(500_000)]) -> None:
        """Propose a regime document, strictly loaded; every fault is named by line."""
        document = _loaded(do, text)
        self.text, self.regime, self.digest = text, document.regime, digest(document).hex()
        self.title = document.title

    @act(PROPOSED, to=ACTIVE, by=OFFICE & ~Did("propose"), owed=True, label=_("Activate"))
    def activate(self, do: Do) -> None:
        """Put the proposed regime into force; a second person does it."""
        document = _loaded(do, self.text)
        activated = ActivatedRegime(
            jurisdiction=self.jurisdiction,
            regime=document.regime,
            layer=document.jurisdiction,
            digest=self.digest,
            text=self.text,
            recorded_at=do.now,
            valid_from=do.today,
        )
        do.record(activated)

    @act(PROPOSED, to=WITHDRAWN, by=OFFICE, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Annotated[str, Prose(500), _("Reason")]) -> None:
        """Withdraw the proposal."""


def _loaded(do: Do, text: str) -> Document:
    try:
        return load(text.encode(), str(_("regime document")), PARAMETERS, mechanisms())
    except BadDocument as fault:
        do.refuse(fault.told(say), remedy=_("Correct the line and propose it again."))
