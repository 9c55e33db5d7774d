"""A backup as one sealed file 加密备份: read by whoever holds its key, and by nobody else.

Sealed for a public key (X25519, RFC 7748), so that the machine that makes backups can't open them. The file key is
HKDF-SHA256 (RFC 5869) of the shared secret with the whole header as salt; the content goes in pieces through
ChaCha20-Poly1305 (RFC 8439), whose nonce counts the pieces and marks the last one (the STREAM construction): a piece
that was altered, moved, left out or cut off fails, and so does an altered header.

Within lie files, each a name and its content in blocks: a block is its length (4 bytes, big-endian) and its bytes; an
empty block ends a file, an empty name the whole.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.backup.manifest import private
from qingfeng.faces.cli.words import MISUSED, Trouble
from qingfeng.kernel.ledger.digest import sm3

MAGIC = b"qingfeng-backup 2\n"
KEY_BYTES, TAG_BYTES = 32, 16
PIECE = 1 << 16
COUNTER_BYTES = 11
LENGTH_BYTES = 4


def id_of(public: bytes) -> str:
    """A backup key's name: the first 8 bytes of SM3(public key), as 16 hex digits."""
    return sm3(public)[:8].hex()


def make_key(path: Path) -> bytes:
    """Write a new private key to a file that does not exist yet; returns the public one."""
    key = X25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    try:
        with open(path, "xb", opener=private) as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise Trouble(
            format_lazy(_("{} is there already."), path), _("Name a file that does not exist yet."), MISUSED
        ) from None
    except OSError as fault:
        raise Trouble(format_lazy(_("{} can't be written: {}"), path, fault.strerror or "")) from None
    return key.public_key().public_bytes_raw()


def read_key(path: Path) -> X25519PrivateKey:
    """The private key in a file. Raises ``Trouble``."""
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        key = None
    if not isinstance(key, X25519PrivateKey):
        raise Trouble(
            format_lazy(_("{} holds no key of backups."), path),
            _("Name the file that “qingfeng backup-key” wrote."),
        )
    return key


class BackupWriter:
    """Seals what is written to it, for one public key. What is not closed is cut off, and is never opened."""

    def __init__(self, file: BinaryIO, public: bytes) -> None:
        once = X25519PrivateKey.generate()
        header = MAGIC + public + once.public_key().public_bytes_raw()
        file.write(header)
        self._file = file
        self._cipher = _cipher(once.exchange(X25519PublicKey.from_public_bytes(public)), header)
        self._number = 0
        self._waiting = bytearray()

    def add(self, name: str, content: Iterable[bytes]) -> None:
        """Put a file in, piece by piece."""
        self._block(name.encode())
        for piece in content:
            if piece:
                self._block(piece)
        self._block(b"")

    def close(self) -> None:
        """Write the end; without it nothing of the file is believed."""
        self._block(b"")
        self._seal(bytes(self._waiting), last=True)

    def _block(self, content: bytes) -> None:
        self._waiting += len(content).to_bytes(LENGTH_BYTES, "big") + content
        # One byte more than a piece: so the last is never empty, and known to be the last.
        while len(self._waiting) > PIECE:
            self._seal(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def _seal(self, piece: bytes, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), piece, None))
        self._number += 1


class BackupReader:
    """A sealed backup and the key that opens it."""

    def __init__(self, path: Path, key: X25519PrivateKey) -> None:
        self._path = path
        self._key = key
        with path.open("rb") as file:
            header = self._header(file)
        wanted, given = header[len(MAGIC) :][:KEY_BYTES], key.public_key().public_bytes_raw()
        if wanted != given:
            raise Trouble(
                format_lazy(
                    _("{} was sealed for the key {}, and this is the key {}."),
                    path,
                    id_of(wanted),
                    id_of(given),
                ),
                _("Name the key that this backup was made with."),
            )

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Each file's name and its pieces, which are read before the next one. Raises ``Trouble`` for a damaged one."""
        blocks = self._blocks()
        for name in blocks:
            if not name:
                if next(blocks, None) is not None:
                    raise self._damaged()
                return
            content = _until_empty(blocks)
            yield name.decode(), content
            for _rest in content:
                pass
        raise self._damaged()

    def check(self) -> None:
        """Read it to its end, keeping nothing. Raises ``Trouble`` unless every piece of it is as it was written."""
        for _name, content in self.files():
            for _piece in content:
                pass

    def _blocks(self) -> Iterator[bytes]:
        waiting = bytearray()
        pieces = self._pieces()
        while True:
            while len(waiting) < LENGTH_BYTES:
                piece = next(pieces, None)
                if piece is None:
                    if waiting:
                        raise self._damaged()
                    return
                waiting += piece
            length = int.from_bytes(waiting[:LENGTH_BYTES], "big")
            while len(waiting) < LENGTH_BYTES + length:
                piece = next(pieces, None)
                if piece is None:
                    raise self._damaged()
                waiting += piece
            yield bytes(waiting[LENGTH_BYTES : LENGTH_BYTES + length])
            del waiting[: LENGTH_BYTES + length]

    def _pieces(self) -> Iterator[bytes]:
        with self._path.open("rb") as file:
            header = self._header(file)
            once = X25519PublicKey.from_public_bytes(header[-KEY_BYTES:])
            try:
                cipher = _cipher(self._key.exchange(once), header)
                number, box = 0, file.read(PIECE + TAG_BYTES)
                while box:
                    following = file.read(PIECE + TAG_BYTES)
                    yield cipher.decrypt(_nonce(number, last=not following), box, None)
                    number, box = number + 1, following
            except (InvalidTag, ValueError):
                raise self._damaged() from None

    def _header(self, file: BinaryIO) -> bytes:
        header = file.read(len(MAGIC) + 2 * KEY_BYTES)
        if not header.startswith(MAGIC) or len(header) < len(MAGIC) + 2 * KEY_BYTES:
            raise Trouble(
                format_lazy(_("{} is no backup, or its beginning is damaged."), self._path),
                _("Name the file that “qingfeng backup” wrote."),
            )
        return header

    def _damaged(self) -> Trouble:
        return Trouble(
            format_lazy(_("{} is not as it was written: it was altered or cut off."), self._path),
            _("Nothing was restored. Take another copy of this backup."),
        )


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """An open file, piece by piece."""
    while piece := file.read(PIECE):
        yield piece


def _until_empty(blocks: Iterator[bytes]) -> Iterator[bytes]:
    for block in blocks:
        if not block:
            return
        yield block


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(COUNTER_BYTES, "big") + bytes([last])


def _cipher(shared: bytes, header: bytes) -> ChaCha20Poly1305:
    derived = HKDF(hashes.SHA256(), KEY_BYTES, salt=header, info=MAGIC).derive(shared)
    return ChaCha20Poly1305(derived)
