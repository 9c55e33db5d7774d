"""The heads this installation knows 已知链头: what it signed last, kept in ``keys/`` and outside the database.

Whoever can write to the database, and not to ``keys/``, can't make it forget what it signed. The file may be behind
the database, when a process died between the two; it is ahead only when the database was put back or forged.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import NamedTuple

from qingfeng.kernel.ledger.keychain import KeyStatement
from qingfeng.kernel.ledger.signing import KeyUnusable

NAMED = re.compile(r"(?<![^\s>])([^\s>]+)/([0-9]+)[\s>]+([0-9a-f]{64})(?![0-9a-f])")
"""A head as letters write it: jurisdiction/number and hash, be it over two quoted lines."""
BARE = re.compile(r"^[ \t\xa0>]*([0-9a-f]{64})\s*$", re.MULTILINE)
"""A head as older letters have it: a line of its own, without its place."""


class Head(NamedTuple):
    """The head of a checkpoint: where, which (0: not said), and the hash of its header (hex)."""

    jurisdiction: str
    number: int
    hash: str


@dataclass(frozen=True)
class KnownHeads:
    """The last head of each jurisdiction by its code, and the signing keys in their order."""

    heads: Mapping[str, Head]
    keys: Sequence[KeyStatement]


def read(path: Path) -> KnownHeads | None:
    """What the file holds; none where nothing was ever kept. Raises ``KeyUnusable`` if it can't be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as fault:
        raise KeyUnusable(f"{path} can't be read: {fault}") from None
    try:
        content = json.loads(text)
        heads = {row[0]: _head(*row) for row in content["heads"]}
        keys = [KeyStatement(*key) for key in content["keys"]]
        assert all(key.follows(before) for before, key in zip([None, *keys], keys, strict=False))
    except (ValueError, TypeError, LookupError, AssertionError):
        raise KeyUnusable(
            f"{path} is damaged. Lay it aside, and take the last heads from their letters: “qingfeng ledger remember”."
        ) from None
    return KnownHeads(heads, keys)


def _head(jurisdiction: object, number: object, digest: object) -> Head:
    if isinstance(jurisdiction, str) and type(number) is int and isinstance(digest, str):
        return Head(jurisdiction, number, digest)
    raise TypeError("no head")


def advance(path: Path, heads: Iterable[Head] = (), keys: Sequence[KeyStatement] = ()) -> KnownHeads:
    """Take further heads and keys in, and nothing back: the higher number stays, and the longer row of keys.

    It is on the disk, whole, when this returns; of two processes at once each finds what the other kept.
    """
    with _alone(path):
        kept = read(path) or KnownHeads({}, ())
        merged = dict(kept.heads)
        for head in heads:
            # Forward only: who restores an old database must not take the memory of the newer one back with it.
            if head.jurisdiction not in merged or merged[head.jurisdiction].number < head.number:
                merged[head.jurisdiction] = head
        longer = (
            keys
            if len(keys) > len(kept.keys) and list(keys[: len(kept.keys)]) == list(kept.keys)
            else kept.keys
        )
        known = KnownHeads(merged, tuple(longer))
        if known != kept:
            _write(path, known)
        return known


def _write(path: Path, known: KnownHeads) -> None:
    content = {
        "heads": [list(known.heads[code]) for code in sorted(known.heads)],
        "keys": [[key.body, key.signature] for key in known.keys],
    }
    draft = path.with_name(f"{path.name}.partial")
    with open(draft, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    # A rename is on the disk only when its directory is.
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with open(path.with_suffix(".lock"), "w", opener=lambda name, flags: os.open(name, flags, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def heads_in(data: bytes) -> list[Head]:
    """The heads in a letter (plain, quoted or as a mail file), in the file that ``keys/`` keeps, or in a manifest."""
    text = data.decode("utf-8", "replace")
    try:
        content = json.loads(text)
        if isinstance(content.get("heads"), dict):  # a backup's manifest
            return [Head(code, 0, head) for code, head in content["heads"].items()]
        return [_head(*row) for row in content["heads"]]
    except (ValueError, TypeError, LookupError, AttributeError):
        pass
    mail = message_from_bytes(data, policy=policy.default)
    if mail.keys():
        body = mail.get_body(preferencelist=("plain",))
        text = body.get_content() if body is not None else text
    named = [Head(code.lstrip(">"), int(number), found) for code, number, found in NAMED.findall(text)]
    places = {head.hash for head in named}
    return [*named, *(Head("", 0, found) for found in BARE.findall(text) if found not in places)]
