"""The row of an attachment 附件."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.models import Account, Jurisdiction


class Attachment(models.Model):
    """A file handed in 附件: the original is kept as evidence, what is shown is a copy without hidden data.

    ``digest`` (SM3, hex) addresses the original, ``shown`` what readers are given; where it is empty, no
    copy could be made and nothing is given out.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    matter = models.ForeignKey("kernel.Matter", models.PROTECT, null=True, related_name="attachments")
    entry = models.ForeignKey("kernel.Entry", models.PROTECT, null=True, related_name="attachments")
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    shown = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField()

    recorded: ClassVar[bool] = True
    outside: ClassVar[frozenset[str]] = frozenset({"entry_id"})
    spoken_by: ClassVar[str] = "entry_id"
    awaiting: ClassVar[models.Q] = models.Q(matter=None)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["account", "received_at"])]

    def __str__(self) -> str:
        return self.name
