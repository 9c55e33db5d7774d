"""The ledger's tables 台账: entries, the checkpoints that seal them, and the leaves between."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.canonical import entry_of


class Entry(models.Model):
    """An act, as it will be shown for ever 记录.

    ``body`` is canonical JSON, the only thing that is hashed; the other columns repeat parts of it
    so that they can be queried, and verification compares them.
    """

    jurisdiction = models.ForeignKey("kernel.Jurisdiction", models.PROTECT, related_name="+", db_index=False)
    chain = models.CharField(max_length=40)
    seq = models.PositiveIntegerField()
    matter = models.ForeignKey("kernel.Matter", models.PROTECT, related_name="entries", db_index=False)
    act = models.CharField(_("act"), max_length=40)
    person = models.ForeignKey("kernel.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(_("at"))
    body = models.TextField()
    hash = models.CharField(max_length=64)

    append_only: ClassVar[bool] = True

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["matter", "seq"], name="one_entry_a_step"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}/{self.seq}"

    @property
    def content(self) -> dict[str, Any]:
        """The body, decoded."""
        return entry_of(self.body.encode())


class Checkpoint(models.Model):
    """A signed head over the entries of one jurisdiction not sealed before 检查点 (RFC 9162, 2.1)."""

    jurisdiction = models.ForeignKey("kernel.Jurisdiction", models.PROTECT, related_name="checkpoints")
    number = models.PositiveIntegerField()
    header = models.TextField()
    hash = models.CharField(max_length=64, unique=True)
    signature = models.CharField(max_length=256)
    public_key = models.CharField(max_length=256)

    append_only: ClassVar[bool] = True

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["jurisdiction", "number"], name="one_checkpoint_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.number}"


class Leaf(models.Model):
    """The place of an entry in its checkpoint's tree."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="leaf")
    checkpoint = models.ForeignKey(Checkpoint, models.PROTECT, related_name="leaves")
    position = models.PositiveIntegerField()

    append_only: ClassVar[bool] = True

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["checkpoint", "position"], name="one_leaf_a_place"),
        ]
