"""Drafts 草稿: what somebody typed into the form of an act and has not sent, kept under seal until they come back to it.

A draft belongs to one person in one holding and to one form. It is no record: nothing in the ledger speaks of it,
and it is gone with the act, with a word of its owner, or after 30 days.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple

import orjson
from django.db import models

from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.sealing.keystore import KeyDestroyed, seal, unseal
from qingfeng.kernel.sealing.models import keystore

KEPT = timedelta(days=30)
PURPOSE, RETENTION = "draft", "30_days"
"""The key of a person's drafts; erasing the person destroys it with their others."""


class Owner(NamedTuple):
    """Whose a draft is: a person, in a holding (none: as the person alone)."""

    person_id: int
    holding_id: int | None

    @classmethod
    def of(cls, actor: Actor) -> Owner | None:
        """The owner an actor is; none for whoever is no person."""
        return None if actor.person_id is None else cls(actor.person_id, actor.holding_id)


class Draft(models.Model):
    """The sealed draft of one form, ``about`` its address."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    holding_id = models.BigIntegerField(default=0)
    about = models.CharField(max_length=200)
    key = models.BigIntegerField()
    box = models.TextField()
    saved_at = models.DateTimeField(db_index=True)

    no_record: ClassVar[str] = "what was typed and not sent is no act"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "holding_id", "about"], name="one_draft_a_form"),
        ]


class DraftContent(NamedTuple):
    """What was typed, by the names in the form, and when it was kept."""

    values: Mapping[str, Sequence[str]]
    saved_at: datetime


def keep(owner: Owner, about: str, values: Mapping[str, Sequence[str]], now: datetime) -> bool:
    """Keep what was typed in place of what was kept before. False where the person's keys were destroyed."""
    if Person.objects.exclude(erased_at=None).filter(pk=owner.person_id).exists():
        return False  # a store makes a key for whoever has none, and nothing would ever destroy this one
    try:
        key = keystore().key(f"person:{owner.person_id}", PURPOSE, RETENTION)
    except KeyDestroyed:
        return False
    box = b64encode(seal(key.secret, orjson.dumps(dict(values)))).decode()
    Draft.objects.update_or_create(
        **_named(owner, about), defaults={"key": key.id, "box": box, "saved_at": now}
    )
    return True


def kept(owner: Owner, about: str, now: datetime) -> DraftContent | None:
    """What its owner typed into a form and has not sent; none where its key is gone, or its days are over."""
    draft = Draft.objects.filter(**_named(owner, about), saved_at__gt=now - KEPT).first()
    if draft is None:
        return None
    try:
        text = unseal(keystore().by_id(draft.key).secret, b64decode(draft.box))
    except KeyDestroyed:
        return None
    return DraftContent(orjson.loads(text), draft.saved_at)


def drop(owner: Owner, about: str) -> None:
    """Throw a draft away: its act is done, or its owner said so."""
    Draft.objects.filter(**_named(owner, about)).delete()


def sweep(now: datetime) -> int:
    """Remove the drafts nobody came back to; returns how many."""
    return Draft.objects.filter(saved_at__lte=now - KEPT).delete()[0]


def _named(owner: Owner, about: str) -> dict[str, Any]:
    return {"person_id": owner.person_id, "holding_id": owner.holding_id or 0, "about": about}
