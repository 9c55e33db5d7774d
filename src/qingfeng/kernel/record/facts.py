"""Facts 事实: the quantities acts leave, all that assessment ever knows of a mechanism."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from qingfeng.kernel import former_codes
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.reading.compiled import compiled, int_slot, text_slot
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words

MEASURES: Mapping[str, Words] = MappingProxyType(
    {
        "1": pgettext_lazy("measure", "number"),
        "point": pgettext_lazy("measure", "points"),
        "fen": pgettext_lazy("measure", "fen"),
        "day": pgettext_lazy("measure", "days"),
        "half day": pgettext_lazy("measure", "half days"),
        "hour": pgettext_lazy("measure", "hours"),
        "minute": pgettext_lazy("measure", "minutes"),
        "second": pgettext_lazy("measure", "seconds"),
        "person minute": pgettext_lazy("measure", "minutes of a person"),
        "percent": pgettext_lazy("measure", "percent"),
        "person": pgettext_lazy("measure", "persons"),
        "metre": pgettext_lazy("measure", "metres"),
        "mu": pgettext_lazy("measure", "mu"),
    }
)
"""The units of measure 计量单位 a quantity may be in; assessment knows no others."""


@dataclass(frozen=True)
class FactKind:
    """A kind of fact 事实类型: its name, and the unit its whole-number quantity is in, at ``10**scale`` to one.

    Raises ``Misdeclared`` for a unit that is none of ``MEASURES``.
    """

    name: str
    label: Words
    unit: str = "1"
    scale: int = 0

    def __post_init__(self) -> None:
        if self.unit not in MEASURES:
            raise Misdeclared(f"{self.name}: no quantity is in {self.unit}; there are {', '.join(MEASURES)}")

    @property
    def names(self) -> tuple[str, ...]:
        """The names its facts may stand under: its own, and those it had."""
        return former_codes.names("facts", self.name)


class Fact(models.Model):
    """A quantity that held on a day and was recorded at a time. Never changed: a reversing row takes it back."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="facts")
    ordinal = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    subject = models.CharField(max_length=40)
    quantity = models.BigIntegerField()
    scale = models.PositiveSmallIntegerField(default=0)
    unit = models.CharField(max_length=20)
    # Two times: when it held, and when it was known; any past view of a period can be had again.
    held_on = models.DateField()
    recorded_at = models.DateTimeField()
    # One to one: the database, too, lets a fact be taken back only once.
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")

    append_only: ClassVar[bool] = True

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["subject", "name", "held_on"])]

    def committed(self) -> list[Any]:
        """What the ledger entry says of it."""
        return [
            self.name,
            self.subject,
            self.quantity,
            self.scale,
            self.unit,
            self.held_on.isoformat(),
            self.reverses_id,
        ]


def leave(kind: FactKind, subject: models.Model | None, quantity: int, held_on: date) -> Fact:
    """A fact not yet stored: the engine gives it its entry. Raises ``Misdeclared`` for anything but whole numbers from 0 on.

    What was too much is taken back; a negative quantity would take back what nobody left.
    """
    if subject is None:
        raise Misdeclared(f"{kind.name}: a fact is about someone")
    if isinstance(quantity, bool) or not isinstance(quantity, int):
        raise Misdeclared(f"{kind.name}: a quantity is a whole number, scaled")
    if quantity < 0:
        raise Misdeclared(f"{kind.name}: a quantity is not negative; take the fact back instead")
    return Fact(
        name=kind.name,
        subject=plain(subject),
        quantity=quantity,
        scale=kind.scale,
        unit=kind.unit,
        held_on=held_on,
    )


def standing() -> models.QuerySet[Fact]:
    """The facts that were not taken back, in their order."""
    return Fact.objects.filter(reverses=None, reversed_by=None).order_by("id")


def standing_of(matter_id: int, kind: FactKind, subject: models.Model | None) -> list[Fact]:
    """Those of a kind that a matter left about somebody; a sheet asks so in most of its acts."""
    return compiled(_standing_of, len(kind.names))(matter_id, plain(subject), *kind.names)


def _standing_of(names: int) -> models.QuerySet[Fact]:
    named = [text_slot(2 + place) for place in range(names)]
    return standing().filter(entry__matter=int_slot(0), subject=text_slot(1), name__in=named)


def reversing(fact: Fact) -> Fact:
    """The row that takes a fact back, with the quantity turned round."""
    return Fact(
        name=fact.name,
        subject=fact.subject,
        # Whole, and on its own day: the period it counted in is set right, though that may be over (0008).
        quantity=-fact.quantity,
        scale=fact.scale,
        unit=fact.unit,
        held_on=fact.held_on,
        reverses=fact,
    )
