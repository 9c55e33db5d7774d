"""`backup` and `restore`."""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

import qingfeng
from qingfeng.faces.cli.backup import databases
from qingfeng.faces.cli.backup.manifest import FORMAT, Manifest, digests
from qingfeng.faces.cli.keeping import fit
from qingfeng.faces.cli.parsing import Commands
from qingfeng.faces.cli.words import DONE, MISUSED, REFUSED, Trouble, tell
from qingfeng.kernel import fitting, heard, journal
from qingfeng.kernel.actors import system
from qingfeng.kernel.attachments.store import DRAFT
from qingfeng.kernel.ledger.models import Checkpoint
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.parties.models import Person
from qingfeng.kernel.sealing.keystore import open_store
from qingfeng.kernel.sealing.models import keystore
from qingfeng.kernel.time.timekeeper import SystemTime

DATA, KEYS = "data", "keys"
ATTACHMENTS = "attachments"
MADE_AT_START = {"secret_key"}
"""What even an empty home holds, since every command makes it."""


def add(commands: Commands) -> None:
    """Hang the commands in."""
    take = commands.add("backup", backup, _("write a consistent copy of database and attachments"))
    take.add_argument("directory", type=Path, metavar="DIR", help=say("a directory that does not exist yet"))
    take.add_argument(
        "--keys",
        type=Path,
        metavar="DIR2",
        help=say("write the keys too, to a directory kept apart from the first"),
    )
    bring = commands.add("restore", restore, _("make an installation of a backup again, in an empty home"))
    bring.add_argument("directory", type=Path, metavar="DIR", help=say("what “backup” wrote"))
    bring.add_argument("--keys", type=Path, metavar="DIR2", help=say("the keys that were written apart"))


def backup(given: argparse.Namespace) -> int:
    """Copy database, then attachments, then keys: each later part holds at least what the earlier ones need."""
    if words := fitting.misfit():
        raise Trouble(words)
    if given.keys is not None and _within(given.keys, given.directory):
        raise Trouble(
            _("Keys beside the data they open protect nothing."),
            _("Name another place for the keys."),
            MISUSED,
        )
    now = SystemTime().now()
    journal.write(
        journal.JournalEntry.Kind.EXPORT,
        system("console"),
        now,
        what="backup",
        os_user=os.getuid(),
        keys=bool(given.keys),
    )
    with _fresh(given.directory) as draft:
        snapshot = databases.copy_to(draft)
        _link_tree(settings.MEDIA_ROOT, draft / ATTACHMENTS)
        _manifest(DATA, now, snapshot, draft)
    heard.note("backup", now)
    tell(format_lazy(_("Data written to {}: {} entries."), given.directory, snapshot.entries))
    if given.keys is not None:
        with _fresh(given.keys) as draft:
            _copy_keys(settings.KEYS, draft)
            _manifest(KEYS, now, snapshot, draft)
        heard.note("backup_of_keys", now)
        tell(format_lazy(_("Keys written to {}. Keep them under lock, apart from the data."), given.keys))
    return DONE


def restore(given: argparse.Namespace) -> int:
    """Check every digest, then restore, then verify the ledger and compare its heads with the manifest."""
    data = _checked(given.directory, DATA)
    if given.keys is not None:
        _checked(given.keys, KEYS)
    _require_empty(bool(given.keys))
    _require_same_kind(given.directory)
    if given.keys is not None:
        _copy_keys(given.keys, settings.KEYS)
        open_store.cache_clear()
    databases.restore_from(given.directory)
    if (given.directory / ATTACHMENTS).is_dir():
        _copy_tree(given.directory / ATTACHMENTS, settings.MEDIA_ROOT)
    fit()
    erased = erase_again()
    tell(format_lazy(_("Restored: the installation of {}, {} entries."), data.taken_at, data.entries))
    if erased:
        tell(
            format_lazy(
                _("{} people were erased after these keys were backed up; their keys are destroyed again."),
                erased,
            )
        )
    if given.keys is None:
        tell(
            _(
                "The keys were not restored: lay them into keys/ from their own backup, or sealed values stay shut."
            )
        )
    faults = [*_lost_heads(data), *(str(fault) for fault in verify())]
    for fault in faults:
        tell(fault)
    tell(
        format_lazy(_("{} faults found in the ledger."), len(faults))
        if faults
        else _("The ledger verifies, and its heads are those of the backup.")
    )
    return REFUSED if faults else DONE


def erase_again() -> int:
    """Destroy the keys of everybody erased: a backup of keys may be older than an erasure. Returns of how many."""
    erased = Person.objects.filter(erased_at__isnull=False).values_list("pk", "erased_at")
    return sum(bool(keystore().destroy(f"person:{pk}", str(at))) for pk, at in erased)


def _lost_heads(data: Manifest) -> Iterator[str]:
    for code, head in sorted(data.heads.items()):
        if not Checkpoint.objects.filter(jurisdiction__code=code, hash=head).exists():
            yield say("%(code)s: the head %(head)s that the backup was taken with is not there.") % {
                "code": code,
                "head": head,
            }


def _checked(directory: Path, holds: str) -> Manifest:
    manifest = Manifest.read(directory, holds)
    faults = list(manifest.faults(directory))
    if faults:
        raise Trouble(
            format_lazy(_("The backup in {} is not as it was written:"), directory),
            "\n".join([*faults, say("Nothing was restored. Take another copy of this backup.")]),
        )
    return manifest


def _require_empty(with_keys: bool) -> None:
    full = []
    if not databases.empty():
        full.append(say("the database"))
    if any(settings.MEDIA_ROOT.iterdir()):
        full.append(f"{ATTACHMENTS}/")
    if with_keys and {path.name for path in settings.KEYS.iterdir()} - MADE_AT_START:
        full.append("keys/")
    if full:
        raise Trouble(
            format_lazy(
                _("This installation holds data ({}), and nothing is ever restored over data."),
                ", ".join(full),
            ),
            _("Restore into an empty QINGFENG_HOME and, with PostgreSQL, an empty database."),
        )


def _require_same_kind(directory: Path) -> None:
    wanted = databases.file_name()
    if not (directory / wanted).is_file():
        raise Trouble(
            _("This backup was taken from another kind of database."),
            _("Set DATABASE_URL to PostgreSQL for a backup of PostgreSQL; leave it empty for one of SQLite."),
        )


def _manifest(holds: str, now: datetime, snapshot: databases.Snapshot, directory: Path) -> None:
    Manifest(
        format=FORMAT,
        holds=holds,
        version=qingfeng.__version__,
        taken_at=now.isoformat(timespec="seconds"),
        database=databases.file_name(),
        entries=snapshot.entries,
        heads=snapshot.heads,
        files=digests(directory),
    ).write(directory)


@contextmanager
def _fresh(directory: Path) -> Iterator[Path]:
    """A directory that appears when all that belongs in it is written, or not at all."""
    if directory.exists():
        raise Trouble(
            format_lazy(_("{} is there already."), directory),
            _("Name a directory that does not exist yet."),
            MISUSED,
        )
    draft = directory.with_name(f".{directory.name}.partial")
    try:
        draft.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise Trouble(
            format_lazy(_("{} is left from a backup that was broken off, or one is running."), draft),
            _("If none is running, remove it and try again."),
        ) from None
    except OSError as fault:
        raise Trouble(format_lazy(_("{} can't be written: {}"), directory, fault.strerror or "")) from None
    try:
        yield draft
        draft.rename(directory)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    databases.sync(directory.parent)


def _link_tree(source: Path, target: Path) -> None:
    """The attachments: never changed once written, so a second name for the same file is a copy that costs nothing."""

    def link(old: str, new: str) -> None:
        try:
            os.link(old, new)
        except OSError:
            shutil.copy2(old, new)

    _tree(source, target, link)


def _copy_tree(source: Path, target: Path) -> None:
    _tree(source, target, shutil.copy2)


def _tree(source: Path, target: Path, take: Callable[[str, str], object]) -> None:
    for path in sorted(source.rglob("*")):
        if path.is_file() and not path.is_symlink() and path.suffix != DRAFT:
            new = target / path.relative_to(source)
            new.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            take(str(path), str(new))


def _copy_keys(source: Path, target: Path) -> None:
    for path in sorted(source.iterdir()):
        new = target / path.name
        if path.suffix == ".sqlite3":
            new.unlink(missing_ok=True)
            databases.copy_sqlite(path, new)
        elif (
            path.is_file()
            and path.name != "manifest.json"
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
