"""A consistent copy of the database, and the database made of it again."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.backup.manifest import private
from qingfeng.faces.cli.backup.sealed_file import pieces_of
from qingfeng.faces.cli.words import Trouble
from qingfeng.kernel.sealing.models import KEYS_NEEDED

SQLITE, POSTGRESQL = "database.sqlite3", "database.pgdump"
HEADS = """
SELECT j.code, c.hash FROM kernel_checkpoint c JOIN kernel_jurisdiction j ON j.id = c.jurisdiction_id
WHERE c.number = (SELECT max(number) FROM kernel_checkpoint WHERE jurisdiction_id = c.jurisdiction_id)
"""
ENTRIES = "SELECT count(*) FROM kernel_entry"
FORMAT_VERSIONS = 18
"""Where a SQLite file says that it is written with a log beside it (https://www.sqlite.org/fileformat2.html, 1.3.3)."""

Put = Callable[[str, Iterable[bytes]], None]
"""What takes a file of a backup: its name and its content, piece by piece."""


@dataclass(frozen=True)
class Snapshot:
    """What the copy of the database holds of the ledger, and the numbers of the keys that open what is sealed in it."""

    entries: int
    heads: Mapping[str, str]
    keys: frozenset[int]


def file_name() -> str:
    """The name the copy of this installation's kind of database has in a backup."""
    return SQLITE if connection.vendor == "sqlite" else POSTGRESQL


def copy_to(put: Put) -> Snapshot:
    """Hand over a consistent copy of the database, while others go on writing; it lies readable in no file."""
    return _copy_sqlite(put) if connection.vendor == "sqlite" else _dump(put)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite file that may be written to meanwhile, by the backup API; durable when it returns."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target)) as new,
    ):
        old.backup(new)
        # A file to be carried about: no journal beside it belongs to it.
        new.execute("PRAGMA journal_mode=DELETE")
    sync(target)


def empty() -> bool:
    """Whether the configured database holds nothing of Qingfeng yet."""
    tables = connection.introspection.table_names()
    if "kernel_jurisdiction" not in tables:
        return not any(table.startswith("kernel_") for table in tables)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM kernel_jurisdiction")
        return not cursor.fetchone()[0]


def restore_from(content: Iterable[bytes]) -> None:
    """Make the database of a copy. The database that was there, without data, is replaced."""
    _restore_sqlite(content) if connection.vendor == "sqlite" else _restore_dump(content)


def sync(path: Path) -> None:
    """Have a file or directory on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_sqlite(put: Put) -> Snapshot:
    source = f"file:{quote(str(connection.settings_dict['NAME']))}?mode=ro"
    with NamedTemporaryFile(dir=settings.HOME, delete=False) as copy:
        try:
            new = sqlite3.connect(f"file:{quote(copy.name)}?mode=rw", uri=True)
            new.execute("PRAGMA journal_mode=OFF")
            new.execute("SELECT count(*) FROM sqlite_master").fetchall()
        finally:
            # Open from here on without a name: however this ends, nothing readable is left of it.
            os.unlink(copy.name)
        with closing(sqlite3.connect(source, uri=True, isolation_level=None)) as old, closing(new):
            old.execute("BEGIN")
            snapshot = _snapshot(lambda asked: old.execute(asked).fetchall())
            old.backup(new)
        # A file to be carried about: no log beside it belongs to it.
        copy.seek(FORMAT_VERSIONS)
        copy.write(b"\x01\x01")
        copy.seek(0)
        put(SQLITE, pieces_of(copy))
    return snapshot


def _restore_sqlite(content: Iterable[bytes]) -> None:
    target = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    draft = target.with_name(target.name + ".partial")
    with open(draft, "wb", opener=private) as file:
        for piece in content:
            file.write(piece)
    sync(draft)
    for beside in ("-wal", "-shm"):
        target.with_name(target.name + beside).unlink(missing_ok=True)
    draft.replace(target)
    sync(target.parent)


def _dump(put: Put) -> Snapshot:
    import psycopg

    with psycopg.connect(**_parameters()) as held:
        held.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        found = held.execute("SELECT pg_export_snapshot()").fetchone()
        assert found is not None
        # The dump sees exactly what this transaction sees: the heads written down are those in it.
        arguments = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={found[0]}")
        with _running("pg_dump", *arguments, stdout=subprocess.PIPE) as dump:
            assert dump.stdout is not None
            put(POSTGRESQL, pieces_of(dump.stdout))
        return _snapshot(lambda asked: held.execute(asked).fetchall())


def _snapshot(read: Callable[[str], list[tuple[Any, ...]]]) -> Snapshot:
    return Snapshot(
        read(ENTRIES)[0][0],
        {str(code): str(head) for code, head in read(HEADS)},
        frozenset(key for (key,) in read(KEYS_NEEDED)),
    )


def _restore_dump(content: Iterable[bytes]) -> None:
    connection.close()
    arguments = (
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
    )
    with _running("pg_restore", *arguments, stdin=subprocess.PIPE) as restoring:
        assert restoring.stdin is not None
        # A program that gives up hangs up first; what it says then is told.
        try:
            with suppress(BrokenPipeError):
                for piece in content:
                    restoring.stdin.write(piece)
        finally:
            with suppress(BrokenPipeError):
                restoring.stdin.close()


def _parameters() -> dict[str, Any]:
    wanted = (
        "dbname",
        "user",
        "password",
        "host",
        "port",
        "sslmode",
        "sslrootcert",
        "sslcert",
        "sslkey",
        "service",
    )
    parameters = connection.get_connection_params()
    return {name: parameters[name] for name in wanted if parameters.get(name)}


@contextmanager
def _running(
    program: str, *arguments: str, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """A program of PostgreSQL at work on the configured database. Raises ``Trouble`` with what it said, if it fails."""
    from psycopg.conninfo import make_conninfo

    found = shutil.which(program)
    if found is None:
        raise Trouble(
            format_lazy(_("The program {} is not on this machine."), program),
            _(
                "Install PostgreSQL's client programs, of the server's version: apt-get install postgresql-client"
            ),
        )
    parameters = _parameters()
    environment = {**os.environ}
    if "password" in parameters:
        # Never as an argument: those stand in the list of processes.
        environment["PGPASSWORD"] = parameters.pop("password")
    command = [found, f"--dbname={make_conninfo(**parameters)}", *arguments]
    with (
        TemporaryFile() as said,
        subprocess.Popen(command, env=environment, stdin=stdin, stdout=stdout, stderr=said) as running,
    ):
        try:
            yield running
        except BaseException:
            running.kill()
            raise
        if running.wait():
            said.seek(0)
            raise Trouble(
                format_lazy(_("{} failed: {}"), program, said.read().decode(errors="replace").strip()),
                _("Nothing of it is kept. Correct what it names and try again."),
            )
