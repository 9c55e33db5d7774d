"""The key store 密钥库: one key per (subject, purpose, retention class), in a file of its own.

It lies apart from the database and is backed up apart: whoever has the one has not the other.
Destroying a key is what erases all that was sealed under it. Keys are wrapped by a master key
(``master.key``, mode 0600). Both are made before anything is sealed, and never again by themselves.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.text.words import Words

KEY_BYTES = 16
NONCE_BYTES = 12
TAG_BYTES = 16

SCHEMA = """
CREATE TABLE IF NOT EXISTS key (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    purpose TEXT NOT NULL,
    retention TEXT NOT NULL,
    wrapped BLOB,
    destroyed_at TEXT,
    UNIQUE (subject, purpose, retention)
)
"""


MASTER, STORE = "master.key", "keys.sqlite3"
FIRST_ID, LAST_ID = 1 << 32, 1 << 53
"""A key's number is drawn by lot: two copies of a store that went on apart never give one number to two keys."""


class KeyDestroyed(LookupError):
    """What was sealed under this key is erased, and can't be had again."""


class KeyLost(KeyDestroyed):
    """The store does not know this key: nobody erased it, and what was sealed under it can't be opened."""


class KeysMissing(Barred):
    """Keys that were there before are not 密钥缺失: nothing is sealed, signed or opened, and no new ones are made."""

    def __init__(self, reason: Words) -> None:
        super().__init__(
            reason,
            remedy=_(
                "See whether the folder keys/ was mounted; else bring it back from its own copy, and start again."
                " No new keys are made. What is lost for good is said by “qingfeng keys lost”."
            ),
        )


def seal(key: bytes, text: bytes) -> bytes:
    """SM4-GCM (GB/T 32907-2016): nonce, ciphertext and tag in one."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    encryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    return nonce + encryptor.update(text) + encryptor.finalize() + encryptor.tag


def unseal(key: bytes, sealed: bytes) -> bytes:
    """The text again. Raises ``ValueError`` when the box was changed or the key is another."""
    nonce, box, tag = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:-TAG_BYTES], sealed[-TAG_BYTES:]
    decryptor = Cipher(algorithms.SM4(key), modes.GCM(nonce, tag)).decryptor()
    try:
        return decryptor.update(box) + decryptor.finalize()
    except InvalidTag:
        raise ValueError("the sealed value was changed, or the key is not its own") from None


@dataclass(frozen=True)
class Key:
    """A key with the number under which it is found again."""

    id: int
    secret: bytes


class KeyStore:
    """The store in one directory; safe to open from several processes."""

    def __init__(self, directory: Path, make: bool = False) -> None:
        """Open it; ``make`` what is not there yet. Raises ``KeysMissing``."""
        self._path = directory / STORE
        self._local = threading.local()
        if make:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            _make_master(directory / MASTER)
            if not self._path.exists():
                self._path.touch(mode=0o600)
            with self._open() as store:
                store.execute(SCHEMA)
        self._master = _master(directory / MASTER)
        self._demand_fitting()

    def ids(self) -> set[int]:
        """The numbers of all its keys, those destroyed too."""
        with self._open() as store:
            return {key_id for (key_id,) in store.execute("SELECT id FROM key")}

    def destroyed(self) -> set[int]:
        """The numbers of the keys that were destroyed on purpose."""
        with self._open() as store:
            return {key_id for (key_id,) in store.execute("SELECT id FROM key WHERE wrapped IS NULL")}

    def holds(self, subject: str) -> bool:
        """Whether it knows a key of a subject, destroyed or not."""
        with self._open() as store:
            return bool(store.execute("SELECT 1 FROM key WHERE subject = ?", (subject,)).fetchone())

    def key(self, subject: str, purpose: str, retention: str) -> Key:
        """The key for a subject, purpose and retention class, made durable when it is first asked for.

        :raises KeyDestroyed: it was there and is no more; nothing new is sealed under a dead name
        """
        name = (subject, purpose, retention)
        with self._open() as store:
            row = store.execute(
                "SELECT id, wrapped FROM key WHERE subject = ? AND purpose = ? AND retention = ?", name
            ).fetchone()
            if row is None:
                wrapped = seal(self._master, secrets.token_bytes(KEY_BYTES))
                number = FIRST_ID + secrets.randbelow(LAST_ID - FIRST_ID)
                store.execute(
                    "INSERT OR IGNORE INTO key (id, subject, purpose, retention, wrapped) VALUES (?, ?, ?, ?, ?)",
                    (number, *name, wrapped),
                )
                row = store.execute(
                    "SELECT id, wrapped FROM key WHERE subject = ? AND purpose = ? AND retention = ?", name
                ).fetchone()
        return self._unwrapped(row)

    def by_id(self, key_id: int) -> Key:
        """A key by its number. Raises ``KeyDestroyed``; ``KeyLost`` for one it does not know."""
        with self._open() as store:
            row = store.execute("SELECT id, wrapped FROM key WHERE id = ?", (key_id,)).fetchone()
        if row is None:
            raise KeyLost
        return self._unwrapped(row)

    def destroy(self, subject: str, at: str) -> int:
        """Destroy every key of a subject; returns how many. What lies under them is erased from then on."""
        with self._open() as store:
            return store.execute(
                "UPDATE key SET wrapped = NULL, destroyed_at = ? WHERE subject = ? AND wrapped IS NOT NULL",
                (at, subject),
            ).rowcount

    def _demand_fitting(self) -> None:
        """Refuse a store that is empty or damaged, and one whose keys another master key wrapped."""
        try:
            with self._open() as store:
                found = store.execute("SELECT wrapped FROM key WHERE wrapped IS NOT NULL LIMIT 1").fetchone()
        except sqlite3.DatabaseError:
            raise KeysMissing(
                format_lazy(_("The key store keys/{} is missing, empty or damaged."), STORE)
            ) from None
        try:
            found and unseal(self._master, found[0])
        except ValueError:
            raise KeysMissing(
                format_lazy(_("keys/{} is not the key that keys/{} was wrapped with."), MASTER, STORE)
            ) from None

    def _unwrapped(self, row: tuple[int, bytes | None]) -> Key:
        if row[1] is None:
            raise KeyDestroyed
        return Key(row[0], unseal(self._master, row[1]))

    def _open(self) -> sqlite3.Connection:
        """This thread's connection, for one transaction; overwritten pages are zeroed, so a destroyed key is gone."""
        store: sqlite3.Connection | None = getattr(self._local, "store", None)
        if store is None:
            # Opened, never made: a folder that was not mounted must not look like an empty store.
            place = f"file:{quote(str(self._path))}?mode=rw"
            store = self._local.store = sqlite3.connect(place, timeout=10, uri=True)
            store.execute("PRAGMA synchronous = FULL")
            store.execute("PRAGMA secure_delete = ON")
        return store


def _make_master(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())


def _master(path: Path) -> bytes:
    try:
        secret = path.read_bytes()
    except FileNotFoundError:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeysMissing(format_lazy(_("The key keys/{} is missing or damaged."), MASTER))
    return secret
