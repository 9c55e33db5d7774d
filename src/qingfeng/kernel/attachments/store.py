"""Files by their digest 内容寻址存储: whole or not there, and on disk before anything says that they are."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from stat import S_ISREG
from tempfile import mkstemp
from typing import BinaryIO

from django.conf import settings

from qingfeng.kernel.ledger.digest import SIZE, sm3_of

CHUNK = 1 << 16
DRAFT = ".draft"


class Store:
    """A folder of ``MEDIA_ROOT`` whose files are named by the SM3 digest (hex) of what is in them."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def root(self) -> Path:
        """The folder, readable by its owner alone."""
        return _made(Path(settings.MEDIA_ROOT) / self.name)

    @contextmanager
    def draft(self, now: datetime) -> Iterator[Path]:
        """An empty file to write to, gone afterwards unless it was kept."""
        handle, name = mkstemp(suffix=DRAFT, dir=self.root)
        os.close(handle)
        path = Path(name)
        _date(path, now)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def keep(self, draft: Path, digest: str, now: datetime) -> None:
        """Put a draft in its place. File and folder are on disk when this returns.

        What already stands there has the same content, and is replaced: so it is as new as ``now``, and a
        sweep at this moment spares it.
        """
        _date(draft, now)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        place = self._place(digest)
        _made(place.parent)
        os.replace(draft, place)
        folder_on_disk(place.parent)

    def put(self, content: Iterable[bytes], now: datetime) -> str:
        """Write content; returns its digest (hex)."""
        with self.draft(now) as draft:
            digest = written(content, draft)
            self.keep(draft, digest, now)
        return digest

    def open(self, digest: str) -> BinaryIO:
        """Open what a digest names. Raises ``FileNotFoundError``."""
        return self._place(digest).open("rb")

    def digest(self, digest: str) -> str:
        """The digest (hex) of what lies where a digest names it, read in pieces. Raises ``OSError``."""
        with self.open(digest) as file:
            return sm3_of(iter(lambda: file.read(CHUNK), b"")).hex()

    def sweep(self, before: datetime, wanted: Callable[[list[str]], set[str]]) -> int:
        """Remove what is older than ``before`` and not what ``wanted`` picks; returns how many files."""
        limit, removed = before.timestamp(), 0
        for folder in [self.root, *sorted(path for path in self.root.iterdir() if path.is_dir())]:
            old = [path for path in folder.iterdir() if _older(path, limit)]
            named = [path.name for path in old if len(path.name) == 2 * SIZE]
            spared = wanted(named) if named else set()
            removed += sum(_discard(path, limit) for path in old if path.name not in spared)
        return removed

    def _place(self, digest: str) -> Path:
        if len(digest) != 2 * SIZE or not set(digest) <= set("0123456789abcdef"):
            raise FileNotFoundError(digest)
        return self.root / digest[:2] / digest


def written(content: Iterable[bytes], path: Path) -> str:
    """Write content to a file; returns its digest (hex), reckoned on the way."""
    with path.open("wb") as file:

        def passing() -> Iterator[bytes]:
            for chunk in content:
                file.write(chunk)
                yield chunk

        return sm3_of(passing()).hex()


def _older(path: Path, limit: float) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:  # a draft that was kept or thrown away meanwhile
        return False
    return S_ISREG(found.st_mode) and found.st_mtime < limit


def _discard(path: Path, limit: float) -> int:
    # Aside first: had the same content been handed in anew since it was looked at, it would be gone.
    aside = path.with_name(path.name[: 2 * SIZE] + DRAFT)
    try:
        os.rename(path, aside)
        if aside.stat().st_mtime >= limit:
            os.rename(aside, path)
            return 0
        aside.unlink()
    except FileNotFoundError:  # another worker sweeps too
        return 0
    return 1


def _date(path: Path, now: datetime) -> None:
    os.utime(path, (now.timestamp(), now.timestamp()))


def _made(folder: Path) -> Path:
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder_on_disk(folder.parent)
    return folder


def folder_on_disk(folder: Path) -> None:
    """Flush a folder, so that the names in it outlive a loss of power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
