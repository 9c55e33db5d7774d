"""The journal 日志: refusals, readings of sealed things, sign-ins, exports and what administrators change, in a chain.

It is written outside the transaction of the act, so that what was refused is kept though nothing
else is; and it is rate-limited per account, so that nobody can drown it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.merkle import leaf_hash
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.reading.compiled import compiled, insert_one, int_slot, update

A_MINUTE = 60


class JournalEntry(models.Model):
    """A line of the journal. ``seq`` counts without gaps; ``body`` holds the hash of the line before."""

    class Kind(models.TextChoices):
        REFUSAL = "refusal", _("refusal")
        READING = "reading", _("reading of a sealed value")
        SIGN_IN = "sign_in", _("sign-in")
        EXPORT = "export", _("export")
        ADMINISTRATION = "administer", _("administration")

    seq = models.PositiveBigIntegerField(unique=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    account = models.ForeignKey("kernel.Account", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    body = models.TextField()
    hash = models.CharField(max_length=64)

    append_only: ClassVar[bool] = True


class JournalHead(models.Model):
    """The one row that is locked to append."""

    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)


def write(kind: str, actor: Actor, now: datetime, **about: Any) -> JournalEntry | None:
    """Append a line; none when this account had its share of refusals for the minute."""
    with transaction.atomic():
        head = _head()
        # Refusals only: they are what anybody can cause at will. A reading or a sign-in is never left out.
        if kind == JournalEntry.Kind.REFUSAL and _drowning(actor, now):
            return None
        body = encode(
            {
                "v": 1,
                "seq": head.seq + 1,
                "prev": head.hash,
                "kind": str(kind),
                "at": plain(now),
                "actor": actor.record(),
                "about": plain(about),
            }
        )
        line = JournalEntry(
            seq=head.seq + 1,
            kind=kind,
            account_id=actor.account_id,
            at=now,
            body=body.decode(),
            hash=leaf_hash(body).hex(),
        )
        # The head is a row of its own, so that one lock orders the chain and no gap is left by who is rolled back.
        update(JournalHead, {"seq": line.seq, "hash": line.hash}, id=head.pk)
        insert_one(line)
        return line


def _head() -> JournalHead:
    locked: list[JournalHead] = compiled(_locked)()
    return locked[0] if locked else JournalHead.objects.select_for_update().get_or_create(pk=1)[0]


def _locked() -> QuerySet[JournalHead]:
    return JournalHead.objects.select_for_update().filter(pk=1)


def _drowning(actor: Actor, now: datetime) -> bool:
    """Whether the refusal that was the account's last but so many lies within the minute."""
    earlier = compiled(_refused, actor.account_id is None)(actor.account_id)
    return any(at > now - timedelta(minutes=1) for (at,) in earlier)


def _refused(nobody: bool) -> QuerySet[JournalEntry, tuple[datetime]]:
    refused = JournalEntry.objects.filter(kind=JournalEntry.Kind.REFUSAL)
    own = refused.filter(account_id__isnull=True) if nobody else refused.filter(account_id=int_slot(0))
    return own.order_by("-at").values_list("at")[A_MINUTE - 1 : A_MINUTE]
