"""Signatures upon the ledger's heads: Ed25519 (RFC 8032) in software.

A software key is no certified module (商用密码管理条例; GB/T 39786-2021). A provider of SM2 or a hardware
module stands in by meeting `HeadSigner`; the algorithm's name is written into every header.
"""

import os
import stat
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .digest import sm3

ALGORITHM = "Ed25519"
FILE_NAME = "ledger-signing-key.pem"
FILES = "ledger-signing-key*.pem"
"""The first key, and those that followed it, each in a file named after it."""


class KeyUnusable(RuntimeError):
    """The signing key cannot be used as it lies; the message says why and what to do."""


class HeadSigner(Protocol):
    """Whatever can sign a head: this module's `Signer`, an SM2 provider, a hardware module."""

    @property
    def algorithm(self) -> str: ...
    @property
    def key_id(self) -> str: ...
    @property
    def public_key(self) -> bytes: ...
    def sign(self, data: bytes) -> bytes: ...


def key_id_of(public_key: bytes) -> str:
    """Return a key's name: the first 8 bytes of SM3(public key), as 16 hex digits."""
    return sm3(public_key)[:8].hex()


class Verifier:
    """Checks signatures against one public key (32 raw bytes)."""

    def __init__(self, public_key: bytes) -> None:
        """Take the key; raises ValueError if it is not 32 bytes."""
        self.key_id = key_id_of(public_key)
        self._key = Ed25519PublicKey.from_public_bytes(public_key)

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Tell whether `signature` is this key's upon `data`."""
        try:
            self._key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


class Signer:
    """Signs with an Ed25519 key."""

    algorithm = ALGORITHM

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self.public_key: bytes = key.public_key().public_bytes_raw()
        self.key_id: str = key_id_of(self.public_key)

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature upon `data`."""
        return self._key.sign(data)

    @classmethod
    def load_or_create(cls, directory: Path) -> "Signer":
        """Load the key kept in `directory`, or make it at the first start.

        The directory is made with mode 0700, the key with 0600 and written through to the disk. A key that
        exists is never overwritten, also when two processes start at once: both end with the same key.

        Raises:
            KeyUnusable: if others may read the key or write to the directory, or the file holds no such key.
        """
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if stat.S_IMODE(directory.stat().st_mode) & 0o022:
            raise KeyUnusable(f"Others may write to {directory}. Run `chmod 700` on it and start again.")
        path = directory / FILE_NAME
        if not path.exists():
            _create(path, Ed25519PrivateKey.generate())
        return cls(_load(path))

    @classmethod
    def first(cls, directory: Path) -> "Signer | None":
        """The installation's first key, if it lies in `directory`; it is never made here."""
        path = directory / FILE_NAME
        return cls(_load(path)) if path.exists() else None

    @classmethod
    def load(cls, directory: Path, key_id: str) -> "Signer":
        """Load the key of this name from `directory`, in whichever of the files of signing keys it lies.

        Raises:
            KeyUnusable: if it is not there, or a file of signing keys may be read by others or holds none.
        """
        for path in sorted(directory.glob(FILES)):
            signer = cls(_load(path))
            if signer.key_id == key_id:
                return signer
        raise KeyUnusable(
            f"The key {key_id} that signs this ledger is not in {directory}. Restore it from the backup of keys."
        )

    @classmethod
    def create_next(cls, directory: Path) -> "Signer":
        """Make a further key in `directory`, in a file named after it; it is on the disk when this returns."""
        signer = cls(Ed25519PrivateKey.generate())
        _create(directory / FILES.replace("*", f"-{signer.key_id}"), signer._key)
        return signer


def _create(path: Path, key: Ed25519PrivateKey) -> None:
    """Write a key beside `path`, then link it into place, which fails rather than overwrites."""
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _load(path: Path) -> Ed25519PrivateKey:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyUnusable(
            f"Others may read {path}. Run `chmod 600` on it; if it may have been read, renew it."
        )
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise KeyUnusable(f"{path} holds no private key. Restore it from the backup of keys.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnusable(f"{path} holds a key of another kind than {ALGORITHM}. Restore the right one.")
    return key
