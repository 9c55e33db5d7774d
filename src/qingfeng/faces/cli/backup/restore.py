"""`restore`: an installation made of its backup again, and never called whole where it is not."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.backup import databases, sealed_file
from qingfeng.faces.cli.backup.commands import ATTACHMENTS, DATA, HEADS, KEYS, copy_keys
from qingfeng.faces.cli.backup.manifest import NAME as MANIFEST
from qingfeng.faces.cli.backup.manifest import Manifest, private
from qingfeng.faces.cli.keys import tell_unopened
from qingfeng.faces.cli.maintenance import fit
from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.words import DONE, MISUSED, REFUSED, Trouble, tell
from qingfeng.kernel.ledger import keychain, known_heads
from qingfeng.kernel.ledger.checkpoints import newest_heads
from qingfeng.kernel.ledger.models import Checkpoint
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.sealing import custody
from qingfeng.kernel.sealing.keystore import KeysMissing
from qingfeng.kernel.sealing.models import open_store
from qingfeng.kernel.time.timekeeper import SystemTime

MADE_AT_START = {"secret_key"}
"""What even an empty home holds, since every command makes it."""


def add(commands: Commands) -> None:
    """Hang the command in."""
    bring = commands.add("restore", restore, _("make an installation of a backup again, in an empty home"))
    bring.add_argument("source", type=Path, metavar="FILE", help=say("what “backup” wrote"))
    bring.add_argument(
        "--backup-key", type=Path, metavar="FILE2", help=say("the key that “backup-key” wrote")
    )
    bring.add_argument("--keys", type=Path, metavar="DIR", help=say("the keys that were written apart"))
    bring.add_argument(
        "--keys-lost",
        default="",
        metavar=say("REASON"),
        help=say("restore though keys are missing for good, and why; journalled"),
    )


def restore(given: argparse.Namespace) -> int:
    """Check everything, then restore, then verify the ledger and compare its heads with the manifest."""
    source = (
        _FolderBackup(given.source)
        if given.source.is_dir()
        else _SealedBackup(given.source, given.backup_key)
    )
    data = source.manifest
    if given.keys is not None:
        _checked(given.keys, KEYS)
    _require_empty(bool(given.keys))
    _require_same_kind(data)
    _demand_keys(data, given.keys or settings.KEYS, given.keys_lost.strip())
    if given.keys is not None:
        copy_keys(given.keys, settings.KEYS)
        open_store.cache_clear()
    for name, content in source.files():
        if name == databases.file_name():
            databases.restore_from(content)
        elif name != MANIFEST:
            _write(_place(name), content)
    fit()
    tell(format_lazy(_("Restored: the installation of {}, {} entries."), data.taken_at, data.entries))
    if not isinstance(source, _SealedBackup):
        tell(
            _(
                "This backup is not sealed: whoever holds it reads names, letters and sheets in it."
                " Destroy it when there is a sealed one."
            )
        )
    if given.keys is None:
        tell(_("The keys were not restored; those that lie in keys/ are used."))
    if given.keys_lost.strip() and list(custody.faults()):
        custody.lose(given.keys_lost.strip(), SystemTime().now(), os_user=os.getuid())
    # What is known here may be newer than the backup, and stays.
    known_heads.advance(settings.HEADS, newest_heads(), keychain.standing())
    found = list(verify())
    faults = [*_lost_heads(data), *map(str, chain(found, custody.faults(), custody.unfitting()))]
    for fault in faults:
        tell(fault)
    if any(fault.where.startswith("head:") for fault in found):
        tell(
            _(
                "Heads that were signed after this backup are missing, and nothing is sealed until two people declare"
                " the gap (“ledger_gaps.declare”, “ledger_gaps.confirm”)."
            )
        )
    shut = custody.unopened()
    tell_unopened()
    if not list(custody.faults()) and (erased := custody.erase_again()):
        tell(
            format_lazy(
                _("{} people were erased after these keys were backed up; their keys are destroyed again."),
                erased,
            )
        )
    tell(
        format_lazy(_("{} faults found in the ledger."), len(faults))
        if faults
        else _("The ledger verifies, and its heads are those of the backup.")
    )
    if shut:
        tell(_("The data are restored, but not all of them can be read: see above which."))
    return REFUSED if faults or shut else DONE


def _lost_heads(data: Manifest) -> Iterator[str]:
    for code, head in sorted(data.heads.items()):
        if not Checkpoint.objects.filter(jurisdiction__code=code, hash=head).exists():
            yield say("%(code)s: the head %(head)s that the backup was taken with is not there.") % {
                "code": code,
                "head": head,
            }


class _FolderBackup:
    """A backup of the first format: an open folder."""

    def __init__(self, directory: Path) -> None:
        self.manifest = _checked(directory, DATA)
        self._directory = directory

    def files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Its files, the database first."""
        for name in sorted(self.manifest.files, key=lambda name: (name != databases.file_name(), name)):
            with (self._directory / name).open("rb") as file:
                yield name, sealed_file.pieces_of(file)


class _SealedBackup:
    """A sealed backup, read to its end once before anything of it is used."""

    def __init__(self, path: Path, key: Path | None) -> None:
        if not path.is_file():
            raise Trouble(
                format_lazy(_("There is no backup {}."), path),
                _("Name the file that “qingfeng backup” wrote."),
            )
        if key is None:
            raise Trouble(
                _("This backup is sealed, and its key was not named."),
                _("Name the file that “qingfeng backup-key” wrote with --backup-key."),
                MISUSED,
            )
        reader = sealed_file.BackupReader(path, sealed_file.read_key(key))
        last, content = "", b""
        for name, pieces in reader.files():
            if name == MANIFEST:
                content = b"".join(pieces)
            elif name != databases.file_name():
                _place(name)
            last = name
        if last != MANIFEST:
            raise Trouble(
                format_lazy(_("{} holds no whole backup: its manifest is missing."), path),
                _("Take another copy of this backup."),
            )
        self.manifest = Manifest.decoded(content, path, DATA)
        self.files = reader.files


def _demand_keys(data: Manifest, keys: Path, lost: str) -> None:
    """Refuse to restore what could not be read afterwards, unless a person said that its keys are lost for good."""
    try:
        missing = custody.missing_in(keys, set(data.keys))
    except KeysMissing as refused:
        missing, why = set(data.keys), str(refused.reason)
    else:
        why = say("%(count)s keys that the data need are not in %(keys)s: %(ids)s") % {
            "count": len(missing),
            "keys": keys,
            "ids": ", ".join(map(str, sorted(missing))),
        }
    if missing and not lost:
        raise Trouble(
            why,
            _(
                "Nothing was restored. Name with --keys the copy of the keys made with this backup, or a later one."
                " If there is none, say so with --keys-lost: what lies under these keys then stays shut for good."
            ),
        )


def _place(name: str) -> Path:
    """Where a file of a backup goes: below the attachments, and nowhere else."""
    top, _slash, inside = name.partition("/")
    place = (settings.MEDIA_ROOT / inside).resolve()
    if top != ATTACHMENTS or not place.is_relative_to(settings.MEDIA_ROOT.resolve()):
        raise Trouble(
            format_lazy(_("{} does not belong to this backup."), name), _("Take another copy of this backup.")
        )
    return place


def _write(path: Path, content: Iterator[bytes]) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "wb", opener=private) as file:
        for piece in content:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


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
    if with_keys and {path.name for path in settings.KEYS.iterdir()} - MADE_AT_START - HEADS:
        full.append("keys/")
    if full:
        raise Trouble(
            format_lazy(
                _("This installation holds data ({}), and nothing is ever restored over data."),
                ", ".join(full),
            ),
            _("Restore into an empty QINGFENG_HOME and, with PostgreSQL, an empty database."),
        )


def _require_same_kind(data: Manifest) -> None:
    if data.database != databases.file_name():
        raise Trouble(
            _("This backup was taken from another kind of database."),
            _("Set DATABASE_URL to PostgreSQL for a backup of PostgreSQL; leave it empty for one of SQLite."),
        )
