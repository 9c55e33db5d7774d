"""What is sealed 密封内容: the ledger holds a salted hash of it, this table the box, the key store the key."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

from qingfeng.kernel import journal
from qingfeng.kernel.actors import Actor
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.sealing.keystore import KeyStore, open_store, seal, unseal

SALT_BYTES = 16


class SealedValue(models.Model):
    """A value under seal. The salt lies in the box with it, so that the hash says nothing once the key is gone."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="sealed")
    name = models.CharField(max_length=40)
    key = models.BigIntegerField()
    box = models.TextField()
    commitment = models.CharField(max_length=64)

    append_only: ClassVar[bool] = True

    def committed(self) -> list[Any]:
        """What the ledger entry says of it: what lies in the box, and which box under which key."""
        return [self.name, self.commitment, box_digest(self.key, self.box)]


def box_digest(key: int, box: str) -> str:
    """Digest (hex) of a box and the number of its key: it holds though the key be destroyed."""
    return sm3(f"{key}:{box}".encode()).hex()


def keystore() -> KeyStore:
    """The installation's key store."""
    return open_store(settings.KEYS)


def box(name: str, text: str, subject: str, purpose: str, retention: str) -> SealedValue:
    """Seal a value, not yet stored: the engine gives it its entry."""
    key = keystore().key(subject, purpose, retention)
    salt = secrets.token_bytes(SALT_BYTES)
    content = salt + text.encode()
    return SealedValue(
        name=name,
        key=key.id,
        box=b64encode(seal(key.secret, content)).decode(),
        commitment=sm3(content).hex(),
    )


def opened(value: SealedValue) -> str:
    """The text of a sealed value, for those who read the matter. Raises ``KeyDestroyed`` once it is erased."""
    content = unseal(keystore().by_id(value.key).secret, b64decode(value.box))
    if sm3(content).hex() != value.commitment:
        raise ValueError("the sealed value is not the one the ledger committed to")
    return content[SALT_BYTES:].decode()


def read_personal(value: SealedValue, actor: Actor, now: datetime, why: str) -> str:
    """The text of a personal value; who read it and why is journalled before it is shown."""
    journal.write(
        journal.JournalEntry.Kind.READING,
        actor,
        now,
        entry=value.entry_id,
        value=value.name,
        why=why,
    )
    return opened(value)
