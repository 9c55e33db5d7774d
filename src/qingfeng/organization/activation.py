"""Activation of a regime 制度启用: a draft becomes policy by two people, strictly loaded, kept by its digest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from django.db import models
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.refusals import Ground, Invalid
from qingfeng.kernel.regime.document import ABOVE, DatedValue, Document, digest, filled, left_open, load
from qingfeng.kernel.regime.models import ActivatedRegime
from qingfeng.kernel.regime.tree import BadDocument
from qingfeng.kernel.vocabulary import (
    NEW,
    PARAMETERS,
    Did,
    Do,
    Given,
    Input,
    Line,
    Matter,
    Office,
    OneOf,
    Page,
    Prose,
    Reason,
    Role,
    State,
    Table,
    act,
)
from qingfeng.organization.effects import of_activation
from qingfeng.organization.numbers import unconfirmed
from qingfeng.regimes import line_of, shipped

OFFICE = Office(Role.SUPERVISION_OFFICE)
CARRIES = _("Time limits that run are reckoned anew by it (left out: they keep the length they began with)")

PROPOSED = State("proposed", _("proposed"))
ACTIVE = State("active", _("put in force"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)


def _title(code: str) -> str:
    english = (get_language() or "").startswith("en")
    return line_of(shipped()[code], "title_en" if english else "title")


OWN = "own"
if TYPE_CHECKING:

    class RegimeDraft(models.TextChoices):
        """As the type checker sees it."""

        OWN = OWN, ""
else:
    shipped_ones = [(code.upper().replace("-", "_"), (code, lazy(_title, str)(code))) for code in shipped()]
    RegimeDraft = models.TextChoices("RegimeDraft", [("OWN", (OWN, _("a text of our own"))), *shipped_ones])
"""What may be put in force: a draft that is shipped, or a text of one's own."""


class Answer(Input):
    """An answer to what a regime leaves open 启用时选定."""

    parameter: Annotated[str, Line(100), _("Parameter")]
    value: Annotated[str, Line(200), _("Value, as a regime document has it")]


class RegimeProposal(Input):
    """Which regime, from which day."""

    draft: Annotated[RegimeDraft, _("Draft")] = RegimeDraft.OWN
    text: Annotated[str, Prose(500_000), Given("draft", (OWN,)), _("Regime document")]
    since: Annotated[date | None, _("In force from (left out: the day it is put in force)")] = None
    answers: Annotated[list[Answer], _("Answers to what the draft leaves open")] = []  # noqa: RUF012
    carries: Annotated[bool, CARRIES] = False


class Activation(Matter):
    """A regime document on its way into force 制度启用: proposed by one person, activated by another."""

    code = "regime"
    series = "制度"
    ground = True
    reads: ClassVar = OFFICE | Office(Role.AUDIT_ADMINISTRATOR)
    pages = (Page("changes", _("What changes"), "organization/changes.html", of_activation),)

    text = models.TextField(_("regime document"))
    regime = models.CharField(_("regime"), max_length=64)
    digest = models.CharField(_("digest"), max_length=64)
    since = models.DateField(_("in force from"), null=True)
    carries = models.BooleanField(_("time limits that run go by it"), default=False)

    class Meta:
        verbose_name = _("activation of a regime")
        verbose_name_plural = _("activations of regimes")

    @act(NEW, to=PROPOSED, by=OFFICE, label=_("Propose a regime"))
    def propose(self, do: Do, wanted: RegimeProposal) -> None:
        """Propose a regime document, strictly loaded; every fault is named by line."""
        if wanted.since and wanted.since < do.today:
            raise Invalid({"since": [_("Choose today or a later day.")]})
        draft = wanted.text if wanted.draft == RegimeDraft.OWN else shipped()[wanted.draft.value]
        text = self._filled(do, draft, wanted.answers)
        document = _loaded(do, text)
        own = self.jurisdiction.path
        if document.level in ABOVE and any(path != own and not level for path, level in do.policy.standing):
            do.refuse(
                _("The level above has a regime of its own in force here; it holds."),
                remedy=_("Only where it has none may its rules be entered here."),
            )
        self.text, self.regime, self.digest = text, document.regime, digest(document).hex()
        self.title, self.since, self.carries = document.title, wanted.since, wanted.carries

    @act(PROPOSED, to=ACTIVE, by=OFFICE & ~Did("propose"), owed=True, label=_("Activate"))
    def activate(self, do: Do) -> None:
        """Put the proposed regime into force in place of the one of its level; a second person does it."""
        document = _loaded(do, self.text)
        since = max(self.since or do.today, do.today)
        if missing := unconfirmed(do.policy, document, since):
            do.refuse(
                format_lazy(
                    _("{} of its numbers that drive time limits have not been confirmed."), len(missing)
                ),
                remedy=_("Have them compared with the official text, on the page “Numbers to be confirmed”."),
                grounds=[Ground(str(one.parameter.label), one.valued.source.said) for one in missing],
            )
        activated = ActivatedRegime(
            jurisdiction=self.jurisdiction,
            regime=document.regime,
            layer=document.jurisdiction,
            digest=self.digest,
            text=self.text,
            carries=self.carries,
            recorded_at=do.now,
            valid_from=since,
        )
        do.record(activated)

    @act(PROPOSED, to=WITHDRAWN, by=OFFICE, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw the proposal."""

    def _filled(self, do: Do, draft: str, answers: list[Answer]) -> str:
        """The text with its answers; refused with every question where one is not answered."""
        given = {answer.parameter: answer.value for answer in answers}
        try:
            asked = left_open(draft, say("regime document"))
            text = filled(draft, say("regime document"), self.jurisdiction.code, given)
        except BadDocument as fault:
            do.refuse(fault.told(say), remedy=_("Correct the line and propose it again."))
        if missing := sorted(asked.keys() - given):
            said = [format_lazy("{}: {}", name, asked[name]) for name in missing]
            raise Invalid({"answers": [_("The draft leaves this open; answer it."), *said]})
        return text


def _loaded(do: Do, text: str) -> Document:
    try:
        document = load(text.encode(), say("regime document"), PARAMETERS, mechanisms())
    except BadDocument as fault:
        do.refuse(fault.told(say), remedy=_("Correct the line and propose it again."))
    if wrong := list(_unlisted(do, document)):
        do.refuse(
            _("The regime speaks of what no list has."),
            remedy=_("Write a code of the list, or add it to the list in the same regime."),
            grounds=wrong,
        )
    return document


def _unlisted(do: Do, document: Document) -> Iterator[Ground]:
    """The codes in its tables that the lists of the regimes in force, and its own, don't have."""
    for name, some in document.values.items():
        parameter = PARAMETERS.get(name)
        if parameter is None or not isinstance(parameter.kind, Table):
            continue
        for column, cell in parameter.kind.cells.items():
            lists = PARAMETERS.get(cell.listed) if isinstance(cell, OneOf) and cell.listed else None
            if lists is None:
                continue
            own = {one.code for one in _rows(document.values.get(lists.name, ()))}
            known = own | set(do.policy.labels(lists))
            for code in sorted({getattr(row, column) for row in _rows(some)} - known):
                words = _("{}: “{}” is none of {} ({})")
                told = ", ".join(sorted(known)) or say("nothing")
                yield Ground(format_lazy(words, parameter.label, code, lists.label, told), "")


def _rows(some: Sequence[DatedValue]) -> Iterator[Any]:
    """The rows of a table or list, of all its days."""
    return (row for dated in some for row in dated.value)  # type: ignore[union-attr]  # of these two kinds
