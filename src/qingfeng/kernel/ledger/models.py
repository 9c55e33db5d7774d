"""The ledger's tables 台账: entries, the checkpoints that seal them, the leaves between, and the keys that sign."""

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


class HistoryNode(models.Model):
    """A complete subtree of the tree over all checkpoints of a jurisdiction, kept so that a path costs its steps alone.

    At level 0 stands the leaf hash of the checkpoint at ``place``, counted from 0; at level n the root over
    2^n of them. A checkpoint is numbered from 1, and numbers that were lost are left out; its place is not.
    """

    jurisdiction = models.ForeignKey("kernel.Jurisdiction", models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()
    place = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    append_only: ClassVar[bool] = True

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["jurisdiction", "level", "place"], name="one_node_a_place"),
        ]


class SigningKey(models.Model):
    """A public key that signs heads, by a statement the key before it signed 签名密钥; the first signs its own."""

    number = models.PositiveIntegerField(unique=True)
    statement = models.TextField()
    signature = models.CharField(max_length=256)

    append_only: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.number}"


class SealedUpTo(models.Model):
    """How far the entries of a jurisdiction are settled: up to ``settled`` each is sealed, or will never be there.

    Up to ``seen`` each that could be seen is sealed; those that could not may still be committed by a transaction
    that ran then. Once none runs that is older than ``horizon`` (a transaction id of PostgreSQL), they are settled too.
    """

    no_record: ClassVar[str] = "spares looking twice; what it passed over is named"

    jurisdiction = models.OneToOneField(
        "kernel.Jurisdiction", models.PROTECT, primary_key=True, related_name="+"
    )
    settled = models.PositiveBigIntegerField(default=0)
    seen = models.PositiveBigIntegerField(default=0)
    horizon = models.PositiveBigIntegerField(default=0)
