"""What a backup holds: the ledger's heads at that moment, the keys it needs, of an open folder its files' digests."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.words import Trouble

NAME = "manifest.json"
FORMAT = 2
FORMATS = (1, FORMAT)
"""The first was an open folder whose manifest named no keys."""
PIECE = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """The manifest 备份清单. ``files`` maps a relative path to its size and SM3; ``heads`` a jurisdiction to its head.

    ``keys`` are the numbers of the keys that open what is sealed in the data; a sealed file vouches for its own content
    and lists no files.
    """

    format: int
    holds: str
    version: str
    taken_at: str
    database: str
    entries: int
    heads: Mapping[str, str]
    keys: Sequence[int] = ()
    files: Mapping[str, tuple[int, str]] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """As it is written down."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    def write(self, directory: Path) -> None:
        """Write it, last of all: a backup without it is not whole."""
        with open(directory / NAME, "wb", opener=private) as file:
            file.write(self.encoded())
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls, directory: Path, holds: str) -> Manifest:
        """Read it. Raises ``Trouble`` where there is none, or none of this kind."""
        try:
            content = (directory / NAME).read_bytes()
        except OSError:
            raise Trouble(
                format_lazy(_("{} holds no whole backup: its manifest is missing."), directory),
                _("Name the directory that “qingfeng backup” wrote."),
            ) from None
        return cls.decoded(content, directory, holds)

    @classmethod
    def decoded(cls, content: bytes, of: Path, holds: str) -> Manifest:
        """Read it from what was written down. Raises ``Trouble`` where it is none of this kind."""
        try:
            found: dict[str, Any] = json.loads(content)
            files = {name: (int(size), str(digest)) for name, (size, digest) in found.pop("files").items()}
            manifest = cls(files=files, **found)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise Trouble(
                format_lazy(_("{} is damaged."), of / NAME), _("Take another copy of this backup.")
            ) from None
        if manifest.format not in FORMATS or manifest.holds != holds:
            raise Trouble(
                format_lazy(_("{} is a backup of another kind."), of),
                _("Data and keys are two backups; name each in its place."),
            )
        return manifest

    def faults(self, directory: Path) -> Iterator[str]:
        """Every file that is damaged, missing or one too many, in words."""
        there = files_below(directory)
        for name, (size, digest) in sorted(self.files.items()):
            path = directory / name
            if name not in there:
                yield say("%(name)s is missing.") % {"name": name}
            elif path.stat().st_size != size or digest_of(path) != digest:
                yield say("%(name)s is damaged.") % {"name": name}
        for name in sorted(there - self.files.keys()):
            yield say("%(name)s does not belong to this backup.") % {"name": name}


def files_below(directory: Path) -> set[str]:
    """The relative names of all files below a directory but the manifest."""
    return {
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.is_symlink() or (path.is_file() and path != directory / NAME)
    }


def digests(directory: Path) -> dict[str, tuple[int, str]]:
    """Size and SM3 (hex) of every file below a directory."""
    return {
        name: ((directory / name).stat().st_size, digest_of(directory / name))
        for name in sorted(files_below(directory))
    }


def digest_of(path: Path) -> str:
    """SM3 (GB/T 32905-2016) of a file, in hex."""
    running = hashes.Hash(hashes.SM3())
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            running.update(piece)
    return running.finalize().hex()


def private(path: str, flags: int) -> int:
    """Opens a file nobody else may read."""
    return os.open(path, flags, 0o600)
