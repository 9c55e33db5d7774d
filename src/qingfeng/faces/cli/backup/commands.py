"""`backup-key` and `backup`."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

import qingfeng
from qingfeng.faces.cli.backup import databases, sealed_file
from qingfeng.faces.cli.backup.manifest import FORMAT, Manifest, digests, private
from qingfeng.faces.cli.backup.manifest import NAME as MANIFEST
from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.words import DONE, MISUSED, Trouble, tell
from qingfeng.kernel import versions
from qingfeng.kernel.attachments.store import DRAFT
from qingfeng.kernel.background import upkeep
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.record import journal
from qingfeng.kernel.sealing import custody
from qingfeng.kernel.sealing.keystore import KeysMissing
from qingfeng.kernel.time.timekeeper import SystemTime

DATA, KEYS = "data", "keys"
BACKUP_KEY = "backup-key.pub"
ATTACHMENTS = "attachments"
HEADS = {settings.HEADS.name, settings.HEADS.with_suffix(".lock").name}
"""The heads known here: they may be newer than any backup, and are never put back."""


def add(commands: Commands) -> None:
    """Hang the commands in."""
    make = commands.add("backup-key", make_key, _("make the key without which no backup is opened"))
    make.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help=say("a file that does not exist yet, on a medium kept apart from backups and machine"),
    )
    take = commands.add("backup", backup, _("write a consistent, sealed copy of database and attachments"))
    take.add_argument("file", type=Path, metavar="FILE", help=say("a file that does not exist yet"))
    take.add_argument(
        "--keys",
        type=Path,
        metavar="DIR",
        help=say("write the keys too, to a directory kept apart from the file"),
    )


def make_key(given: argparse.Namespace) -> int:
    """Make the pair: the private key goes to a file outside, the public one stays and seals every backup."""
    if _within(given.file, settings.HOME):
        raise Trouble(
            _("On this machine the key would be taken together with what it protects."),
            _("Name a file on a medium of its own."),
            MISUSED,
        )
    public = sealed_file.make_key(given.file)
    draft = settings.KEYS / f"{BACKUP_KEY}.partial"
    with open(draft, "wb", opener=private) as file:
        file.write(public)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(settings.KEYS / BACKUP_KEY)
    databases.sync(settings.KEYS)
    _journalled("backup_key", key=sealed_file.id_of(public))
    tell(
        format_lazy(
            _("Backups are sealed from now on for the key {}, written to {}."),
            sealed_file.id_of(public),
            given.file,
        )
    )
    tell(
        _(
            "Keep that file, and a second copy of it, apart from the backups and apart from this machine, under lock:"
            " without it no backup is ever opened, and with it every one. It is not needed to make backups."
            " Backups made before still need the key they were made with."
        )
    )
    return DONE


def backup(given: argparse.Namespace) -> int:
    """Copy database, then attachments, then keys: each later part holds at least what the earlier ones need."""
    if words := versions.misfit():
        raise Trouble(words)
    if given.keys is not None and _within(given.keys, given.file):
        raise Trouble(
            _("Keys beside the data they open protect nothing."),
            _("Name another place for the keys."),
            MISUSED,
        )
    missing = list(custody.faults())
    if missing:
        raise Trouble(
            _("Keys are missing here, and a backup of now would replace a good one."),
            "\n".join(map(str, [*missing, KeysMissing(missing[0]).remedy])),
        )
    public = _public_key()
    now = SystemTime().now()
    _journalled("backup", keys=bool(given.keys))
    with (
        _fresh(given.file, lambda draft: draft.touch(0o600, exist_ok=False)) as draft,
        draft.open("wb") as file,
    ):
        writer = sealed_file.BackupWriter(file, public)
        snapshot = databases.copy_to(writer.add)
        for name, path in _attachments():
            with suppress(FileNotFoundError), path.open("rb") as attachment:
                writer.add(f"{ATTACHMENTS}/{name}", sealed_file.pieces_of(attachment))
        writer.add(MANIFEST, [_manifest(DATA, now, snapshot).encoded()])
        writer.close()
        file.flush()
        os.fsync(file.fileno())
    upkeep.note("backup", now)
    tell(format_lazy(_("Data written to {}: {} entries."), given.file, snapshot.entries))
    tell(format_lazy(_("It is opened by the key {} alone."), sealed_file.id_of(public)))
    if given.keys is not None:
        with _fresh(given.keys, lambda draft: draft.mkdir(0o700)) as draft:
            copy_keys(settings.KEYS, draft)
            _manifest(KEYS, now, snapshot, draft).write(draft)
        upkeep.note("backup_of_keys", now)
        tell(format_lazy(_("Keys written to {}. Keep them under lock, apart from the data."), given.keys))
    return DONE


def _attachments() -> Iterator[tuple[str, Path]]:
    """The attachments as they lie; never changed once written, and what was only being handed in left out."""
    for path in sorted(settings.MEDIA_ROOT.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix != DRAFT:
            yield path.relative_to(settings.MEDIA_ROOT).as_posix(), path


def _public_key() -> bytes:
    try:
        public = (settings.KEYS / BACKUP_KEY).read_bytes()
    except FileNotFoundError:
        public = b""
    if len(public) != sealed_file.KEY_BYTES:
        raise Trouble(
            _("There is no key yet that backups are sealed for."),
            _(
                "Make it once with “qingfeng backup-key FILE”, and keep that file apart from backups and machine."
            ),
        )
    return public


def _journalled(what: str, **about: object) -> None:
    kind = journal.JournalEntry.Kind.EXPORT
    journal.write(kind, system("console"), SystemTime().now(), what=what, os_user=os.getuid(), **about)


def _manifest(
    holds: str, now: datetime, snapshot: databases.Snapshot, directory: Path | None = None
) -> Manifest:
    return Manifest(
        format=FORMAT,
        holds=holds,
        version=qingfeng.__version__,
        taken_at=now.isoformat(timespec="seconds"),
        database=databases.file_name(),
        entries=snapshot.entries,
        heads=snapshot.heads,
        keys=sorted(snapshot.keys),
        files=digests(directory) if directory else {},
    )


@contextmanager
def _fresh(path: Path, make: Callable[[Path], None]) -> Iterator[Path]:
    """A file or directory that appears when all that belongs in it is written, or not at all."""
    if path.exists():
        raise Trouble(
            format_lazy(_("{} is there already."), path), _("Name one that does not exist yet."), MISUSED
        )
    draft = path.with_name(f".{path.name}.partial")
    try:
        draft.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make(draft)
    except FileExistsError:
        raise Trouble(
            format_lazy(_("{} is left from a backup that was broken off, or one is running."), draft),
            _("If none is running, remove it and try again."),
        ) from None
    except OSError as fault:
        raise Trouble(format_lazy(_("{} can't be written: {}"), path, fault.strerror or "")) from None
    try:
        yield draft
        draft.rename(path)
    except BaseException:
        shutil.rmtree(draft) if draft.is_dir() else draft.unlink(missing_ok=True)
        raise
    databases.sync(path.parent)


def copy_keys(source: Path, target: Path) -> None:
    """Copy every key of a folder, the store as one that may be written to meanwhile."""
    for path in sorted(source.iterdir()):
        new = target / path.name
        if path.suffix == ".sqlite3":
            new.unlink(missing_ok=True)
            databases.copy_sqlite(path, new)
        elif (
            path.is_file()
            and path.name not in ("manifest.json", *HEADS)
            and not path.name.endswith(("-wal", "-shm", "-journal"))
        ):
            new.unlink(missing_ok=True)
            with open(new, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(path.read_bytes())
                file.flush()
                os.fsync(file.fileno())


def _within(inner: Path, outer: Path) -> bool:
    return inner.absolute().is_relative_to(outer.absolute()) or outer.absolute().is_relative_to(
        inner.absolute()
    )
