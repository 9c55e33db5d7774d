"""Numbers to be confirmed 待核对数值: what nobody compared with the official text drives no time limit (RULES: fail closed).

One person compares and confirms; each confirmation is entered, with the text it was compared with. A number that is
confirmed stays so in every later version of its regime, as long as value, first day and clause are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.regime.document import Document, load
from qingfeng.kernel.regime.models import ConfirmedNumber
from qingfeng.kernel.regime.policy import Policy, document_of
from qingfeng.kernel.regime.stack import ValueInForce
from qingfeng.kernel.regime.tree import BadDocument
from qingfeng.kernel.regime.value_words import value_words
from qingfeng.kernel.vocabulary import (
    NEW,
    PARAMETERS,
    Do,
    Input,
    Line,
    Matter,
    Office,
    Parameter,
    Role,
    State,
    act,
)

OFFICE = Office(Role.SUPERVISION_OFFICE)
CONFIRMED = State("confirmed", _("confirmed"), final=True)
MOST = 1000


@dataclass(frozen=True)
class Number:
    """A number nobody has confirmed yet, in its regime; ``proposed``: that is not in force yet."""

    parameter: Parameter
    valued: ValueInForce
    regime: str
    proposed: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """What names it in an act: regime, parameter, first day."""
        return self.valued.layer, self.valued.parameter, self.valued.since.isoformat()


def unconfirmed(policy: Policy, document: Document, since: date) -> list[Number]:
    """The numbers of a regime that hold on a day or later, measure time, and are not confirmed."""
    return [
        number
        for number in _numbers(document, since)
        if number.parameter.timed and not policy.confirmed(number.valued)
    ]


def waiting(policy: Policy, jurisdiction_id: int) -> list[Number]:
    """Every number not compared in what is in force for a jurisdiction, and in what was proposed in it."""
    from qingfeng.organization.activation import PROPOSED, Activation

    documents = [(document_of(digest), False) for digest in policy.standing.values()]
    open_ones = Activation.objects.filter(jurisdiction=jurisdiction_id, state=PROPOSED.code)
    for text in open_ones.order_by("pk").values_list("text", flat=True):
        try:
            documents.append((load(text.encode(), "", PARAMETERS), True))
        except BadDocument:
            continue  # its parameters are no longer known; it can't be put in force either
    found: dict[str, Number] = {}
    for document, proposed in documents:
        for number in _numbers(document, policy.on, proposed):
            if not policy.compared(number.valued):
                found.setdefault(number.valued.fingerprint, number)
    return list(found.values())


def _numbers(document: Document, since: date, proposed: bool = False) -> Iterator[Number]:
    """What a regime says from a day on: of each parameter the value that holds that day, and the later ones."""
    for name, history in document.values.items():
        parameter = PARAMETERS.get(name)
        begun = [dated.since for dated in history if dated.since <= since]
        for dated in history:
            if parameter is None or (begun and dated.since < begun[-1]):
                continue
            valued = ValueInForce(
                parameter=name,
                value=dated.value,
                layer=document.regime,
                of=document.jurisdiction,
                since=dated.since,
                source=dated.source,
                verified=dated.verified,
                digest=b"",
                ask=dated.ask,
            )
            yield Number(parameter, valued, document.title, proposed)


class ComparedNumber(Input):
    """A number that was compared."""

    regime: Annotated[str, Line(64), pgettext_lazy("policy", "Regime")]
    parameter: Annotated[str, Line(100), _("Parameter")]
    since: Annotated[date, _("Since")]


class Confirmation(Matter):
    """Numbers of regimes, compared by a person with the official text 数值核对."""

    code = "confirmed_numbers"
    series = "核对"
    ground = True
    reads: ClassVar = OFFICE | Office(Role.AUDIT_ADMINISTRATOR)

    official = models.CharField(_("official text they were compared with"), max_length=200)
    compared = models.TextField(_("numbers compared"))

    class Meta:
        verbose_name = _("confirmation of numbers")
        verbose_name_plural = _("confirmations of numbers")

    @act(NEW, to=CONFIRMED, by=OFFICE, label=_("Confirm numbers"))
    def confirm(
        self,
        do: Do,
        official: Annotated[str, Line(200)],
        numbers: Annotated[list[ComparedNumber], _("Numbers compared")],
    ) -> None:
        """Confirm that numbers stand in the official text as the regime has them; say which text that was."""
        if not 1 <= len(numbers) <= MOST:
            raise Invalid({"numbers": [_("A list has 1 to 1000 rows.")]})
        there = {number.key: number for number in waiting(do.policy, self.jurisdiction_id)}
        confirmed: dict[str, Number] = {}
        for row, compared in enumerate(numbers):
            key = (compared.regime, compared.parameter, compared.since.isoformat())
            if key not in there:
                raise Invalid({f"numbers.{row}.parameter": [_("This number does not wait to be confirmed.")]})
            confirmed[there[key].valued.fingerprint] = there[key]
        for fingerprint, number in confirmed.items():
            do.record(
                ConfirmedNumber(
                    jurisdiction=self.jurisdiction,
                    parameter=number.valued.parameter,
                    fingerprint=fingerprint,
                    official=official,
                    recorded_at=do.now,
                    valid_from=do.today,
                )
            )
        self.title = self.official = official
        self.compared = "\n".join(str(_told(number)) for number in confirmed.values())


def _told(number: Number) -> str:
    source = number.valued.source.said
    return f"{number.parameter.label}: {value_words(number.valued.value, number.parameter)} ({source})"
