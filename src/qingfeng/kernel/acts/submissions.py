"""The same submit twice 重复提交 is done once: an account's key remembers the entry it led to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.refusals import Conflict

AGAIN = timedelta(hours=1)
"""Within so long the same content from the same account is a form sent again rather than a second matter."""


class Submission(models.Model):
    """A key an account used, what for, and the entry that came of it."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(db_index=True)

    no_record: ClassVar[str] = "leads a repeated submission to its entry"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["account", "key"], name="one_entry_a_key"),
        ]


def remembered(
    actor: Actor, key: str, act: Act, matter_id: int | None, raw: Mapping[str, Any]
) -> Entry | None:
    """The entry a key led to. Raises ``Conflict`` when it was used for something else."""
    if not key or actor.account_id is None:
        return None
    earlier = Submission.objects.filter(account_id=actor.account_id, key=key).select_related("entry").first()
    if earlier is None:
        return None
    if earlier.digest != _digest(act, matter_id, raw):
        raise Conflict(
            _("This submission was sent before with other content."),
            _("Open the form anew and send it again."),
        )
    return earlier.entry


def twin(actor: Actor, key: str, act: Act, raw: Mapping[str, Any], now: datetime) -> Entry | None:
    """What the same content led to a moment ago under another key: a form that was gone back to and sent again."""
    if actor.account_id is None:
        return None
    found = Submission.objects.filter(
        account_id=actor.account_id, digest=_digest(act, None, raw), at__gt=now - AGAIN
    )
    earlier = found.exclude(key=key).select_related("entry__matter").order_by("-at").first()
    return earlier.entry if earlier else None


def remember(
    actor: Actor,
    key: str,
    act: Act,
    matter_id: int | None,
    raw: Mapping[str, Any],
    entry: Entry,
    now: datetime,
) -> None:
    """Keep what a key led to, in the same transaction."""
    if key and actor.account_id is not None:
        Submission.objects.create(
            account_id=actor.account_id,
            key=key,
            digest=_digest(act, matter_id, raw),
            entry=entry,
            at=now,
        )


def _digest(act: Act, matter_id: int | None, raw: Mapping[str, Any]) -> str:
    # As it was typed, before it is parsed: two submissions are the same to who sent them, not to the engine.
    fields = sorted((name, str(value)) for name, value in raw.items())
    said = repr((act.matter.code, act.name, matter_id, fields))
    # Half a surrogate pair is refused where the form is read, with words; here it must only not raise.
    return sm3(said.encode(errors="replace")).hex()
