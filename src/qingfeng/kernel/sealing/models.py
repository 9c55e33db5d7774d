"""What is sealed 密封内容: the ledger holds a salted hash of it, this table the box, the key store the key."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar

import orjson
from django.conf import settings
from django.db import connection, models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.models import Checkpoint, Entry
from qingfeng.kernel.ledger.signing import KeyUnusable, Signer, key_id_of
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.record import journal
from qingfeng.kernel.sealing.keystore import KeysMissing, KeyStore, seal, unseal

SALT_BYTES = 16
KEYS_NEEDED = """
WITH RECURSIVE needed(id) AS (
    SELECT min("key") FROM kernel_sealedvalue
    UNION ALL
    SELECT (SELECT min("key") FROM kernel_sealedvalue WHERE "key" > needed.id) FROM needed WHERE needed.id IS NOT NULL
)
SELECT id FROM needed WHERE id IS NOT NULL
"""
"""The number of every key under which something lies: a step in the index for each, however many values there are."""
LOST = "keys_lost"
"""What the journal calls it when somebody said that keys are lost for good."""


class SealedValue(models.Model):
    """A value under seal. The salt lies in the box with it, so that the hash says nothing once the key is gone."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="sealed")
    name = models.CharField(max_length=40)
    key = models.BigIntegerField()
    box = models.TextField()
    commitment = models.CharField(max_length=64)

    append_only: ClassVar[bool] = True

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["key", "id"], name="sealed_by_key")]

    def committed(self) -> list[Any]:
        """What the ledger entry says of it: what lies in the box, and which box under which key."""
        return [self.name, self.commitment, box_digest(self.key, self.box)]


def box_digest(key: int, box: str) -> str:
    """Digest (hex) of a box and the number of its key: it holds though the key be destroyed."""
    return sm3(f"{key}:{box}".encode()).hex()


def keystore() -> KeyStore:
    """The installation's key store. Raises ``KeysMissing`` where it lacks a key that the data need."""
    return open_store(settings.KEYS)


@lru_cache(maxsize=4)
def open_store(directory: Path) -> KeyStore:
    """The store of a directory, opened once a process; made only where nothing was ever sealed."""
    needed = keys_needed()
    store = KeyStore(directory, make=not needed or needed <= keys_lost())
    missing = needed - store.ids()
    if missing and (missing := missing - keys_lost()):
        raise KeysMissing(
            format_lazy(
                _("{} keys that the data need are not in keys/: it is empty, or an older copy."), len(missing)
            )
        )
    return store


def keys_needed() -> set[int]:
    """The numbers of the keys under which something lies, those destroyed since among them."""
    with connection.cursor() as cursor:
        cursor.execute(KEYS_NEEDED)
        return {key for (key,) in cursor.fetchall()}


def keys_lost() -> set[int]:
    """The numbers of the keys that somebody said are lost for good; it stands in the journal, with the reason."""
    return {key for said in _losses() for key in said["keys"]}


def signing_key_missing() -> str | None:
    """The id of the key that signed the last head, where it is gone. Nothing replaces it: only it signs for the next."""
    last = Checkpoint.objects.order_by("-id").values_list("public_key", flat=True).first()
    if not last:
        return None
    key = key_id_of(bytes.fromhex(last))
    try:
        Signer.load(settings.KEYS, key)
    except KeyUnusable:
        return key
    return None


def _losses() -> list[dict[str, Any]]:
    kind = journal.JournalEntry.Kind.ADMINISTRATION
    said = journal.JournalEntry.objects.filter(kind=kind, body__contains=f'"did":"{LOST}"')
    return [orjson.loads(body)["about"] for body in said.values_list("body", flat=True)]


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
