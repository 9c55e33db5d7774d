"""Facts 事实: the quantities acts leave, all that assessment ever knows of a mechanism."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import models

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.reading.compiled import compiled, int_slot, text_slot
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words


@dataclass(frozen=True)
class FactKind:
    """A kind of fact 事实类型: its name, and the unit its whole-number quantity is in, at ``10**scale`` to one."""

    name: str
    label: Words
    unit: str = "1"
    scale: int = 0


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
    held_on = models.DateField()
    recorded_at = models.DateTimeField()
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
    return compiled(_standing_of)(matter_id, kind.name, plain(subject))


def _standing_of() -> models.QuerySet[Fact]:
    return standing().filter(entry__matter=int_slot(0), name=text_slot(1), subject=text_slot(2))


def reversing(fact: Fact) -> Fact:
    """The row that takes a fact back, with the quantity turned round."""
    return Fact(
        name=fact.name,
        subject=fact.subject,
        quantity=-fact.quantity,
        scale=fact.scale,
        unit=fact.unit,
        held_on=fact.held_on,
        reverses=fact,
    )
