"""The key store 密钥库: one key per (subject, purpose, retention class), in a file of its own.

It lies apart from the database and is backed up apart: whoever has the one has not the other.
Destroying a key is what erases all that was sealed under it. Keys are wrapped by a master key
that is made at first start (``master.key``, mode 0600).
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from qingfeng.kernel.refusals import Misdeclared

KEY_BYTES = 16
NONCE_BYTES = 12
TAG_BYTES = 16

SCHEMA = """
CREATE TABLE IF NOT EXISTS key (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subject TEXT NOT NULL,
    purpose TEXT NOT NULL,
    retention TEXT NOT NULL,
    wrapped BLOB,
    destroyed_at TEXT,
    UNIQUE (subject, purpose, retention)
)
"""


class KeyDestroyed(LookupError):
    """What was sealed under this key is erased, and can't be had again."""


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

    def __init__(self, directory: Path) -> None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._master = _master(directory / "master.key")
        self._path = directory / "keys.sqlite3"
        self._local = threading.local()
        if not self._path.exists():
            self._path.touch(mode=0o600)
        with self._open() as store:
            store.execute(SCHEMA)

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
                store.execute(
                    "INSERT OR IGNORE INTO key (subject, purpose, retention, wrapped) VALUES (?, ?, ?, ?)",
                    (*name, wrapped),
                )
                row = store.execute(
                    "SELECT id, wrapped FROM key WHERE subject = ? AND purpose = ? AND retention = ?", name
                ).fetchone()
        return self._unwrapped(row)

    def by_id(self, key_id: int) -> Key:
        """A key by its number. Raises ``KeyDestroyed``."""
        with self._open() as store:
            row = store.execute("SELECT id, wrapped FROM key WHERE id = ?", (key_id,)).fetchone()
        return self._unwrapped(row)

    def destroy(self, subject: str, at: str) -> int:
        """Destroy every key of a subject; returns how many. What lies under them is erased from then on."""
        with self._open() as store:
            return store.execute(
                "UPDATE key SET wrapped = NULL, destroyed_at = ? WHERE subject = ? AND wrapped IS NOT NULL",
                (at, subject),
            ).rowcount

    def _unwrapped(self, row: tuple[int, bytes | None] | None) -> Key:
        if row is None or row[1] is None:
            raise KeyDestroyed
        return Key(row[0], unseal(self._master, row[1]))

    def _open(self) -> sqlite3.Connection:
        """This thread's connection, for one transaction; overwritten pages are zeroed, so a destroyed key is gone."""
        store: sqlite3.Connection | None = getattr(self._local, "store", None)
        if store is None:
            store = self._local.store = sqlite3.connect(self._path, timeout=10)
            store.execute("PRAGMA synchronous = FULL")
            store.execute("PRAGMA secure_delete = ON")
        return store


def _master(path: Path) -> bytes:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        secret = path.read_bytes()
        if len(secret) != KEY_BYTES:
            raise Misdeclared(f"{path.name} is damaged: restore it from its backup") from None
        return secret
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    return path.read_bytes()


@lru_cache(maxsize=4)
def open_store(directory: Path) -> KeyStore:
    """The store of a directory, opened once a process."""
    return KeyStore(directory)
