"""SM3, the digest of the ledger (GB/T 32905-2016; vector in RULES A22).

OpenSSL's SM3 by way of hashlib is used where it is there; else the one that `cryptography` carries. A
provider counts only if it gives the standard's digest of "abc". With none, the import fails: nothing is
recorded with a digest that nobody can check.
"""

import hashlib
from collections.abc import Callable, Iterable
from typing import Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes

ALGORITHM = "SM3"
SIZE = 32
VECTOR = bytes.fromhex("66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0")


class RunningDigest(Protocol):
    """A digest under way."""

    def copy(self) -> "RunningDigest": ...
    def update(self, data: bytes, /) -> None: ...
    def digest(self) -> bytes: ...


class _Cryptography:
    """cryptography's SM3 in hashlib's shape."""

    def __init__(self, context: hashes.Hash | None = None) -> None:
        self._context = context or hashes.Hash(hashes.SM3())

    def copy(self) -> "_Cryptography":
        return _Cryptography(self._context.copy())

    def update(self, data: bytes, /) -> None:
        self._context.update(data)

    def digest(self) -> bytes:
        return self._context.copy().finalize()


def _from_hashlib() -> RunningDigest:
    return hashlib.new("sm3")


PROVIDERS: tuple[Callable[[], RunningDigest], ...] = (_from_hashlib, _Cryptography)


def choose(providers: Iterable[Callable[[], RunningDigest]] = PROVIDERS) -> RunningDigest:
    """Return an empty SM3 from the first provider that has it and gives the standard's vector.

    Raises:
        RuntimeError: if none does.
    """
    for provider in providers:
        try:
            empty = provider()
        except (ValueError, UnsupportedAlgorithm):
            continue
        trial = empty.copy()
        trial.update(b"abc")
        if trial.digest() == VECTOR:
            return empty
    raise RuntimeError(
        "No working SM3 was found, and nothing is recorded without it. Install an OpenSSL 1.1.1 or later "
        "built with SM3 for this Python, or the package `cryptography` from its wheel."
    )


_EMPTY = choose()


def sm3(data: bytes) -> bytes:
    """Return the 32-byte SM3 digest of `data`."""
    running = _EMPTY.copy()
    running.update(data)
    return running.digest()


def sm3_of(chunks: Iterable[bytes]) -> bytes:
    """Return the SM3 digest of the chunks laid end to end, for what is too big to be held at once."""
    running = _EMPTY.copy()
    for chunk in chunks:
        running.update(chunk)
    return running.digest()
