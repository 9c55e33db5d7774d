"""The rows of a batch, each a leaf of the Merkle root its entry commits to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db import models

from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.merkle import leaf_hash, root
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.values import plain


class BatchRow(models.Model):
    """One row of an import, a mass act or a draw, as canonical JSON."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="rows", db_index=False)
    position = models.PositiveIntegerField()
    body = models.TextField()

    append_only: ClassVar[bool] = True

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entry", "position"], name="one_row_a_place"),
        ]


def batched(rows: Sequence[Mapping[str, Any]]) -> tuple[list[BatchRow], str]:
    """The rows, not yet stored, and the root (hex) that commits to them in their order."""
    bodies = [encode(plain(dict(row))) for row in rows]
    made = [BatchRow(position=position, body=body.decode()) for position, body in enumerate(bodies)]
    return made, root([leaf_hash(body) for body in bodies]).hex()
