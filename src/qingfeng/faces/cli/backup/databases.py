"""A consistent copy of the database, and the database made of it again."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.words import Trouble

SQLITE, POSTGRESQL = "database.sqlite3", "database.pgdump"
HEADS = """
SELECT j.code, c.hash FROM kernel_checkpoint c JOIN kernel_jurisdiction j ON j.id = c.jurisdiction_id
WHERE c.number = (SELECT max(number) FROM kernel_checkpoint WHERE jurisdiction_id = c.jurisdiction_id)
"""
ENTRIES = "SELECT count(*) FROM kernel_entry"


@dataclass(frozen=True)
class Snapshot:
    """What the copy of the database holds of the ledger."""

    entries: int
    heads: Mapping[str, str]


def file_name() -> str:
    """The name the copy of this installation's kind of database has in a backup."""
    return SQLITE if connection.vendor == "sqlite" else POSTGRESQL


def copy_to(directory: Path) -> Snapshot:
    """Write a consistent copy of the database below a directory, while others go on writing."""
    target = directory / file_name()
    return _copy_sqlite(target) if connection.vendor == "sqlite" else _dump(target)


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


def restore_from(directory: Path) -> None:
    """Make the database of a copy below a directory. The database that was there, without data, is replaced."""
    source = directory / file_name()
    _restore_sqlite(source) if connection.vendor == "sqlite" else _restore_dump(source)


def sync(path: Path) -> None:
    """Have a file or directory on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy_sqlite(target: Path) -> Snapshot:
    copy_sqlite(Path(str(connection.settings_dict["NAME"])), target)
    with closing(sqlite3.connect(target)) as copy:
        return Snapshot(copy.execute(ENTRIES).fetchone()[0], dict(copy.execute(HEADS).fetchall()))


def _restore_sqlite(source: Path) -> None:
    target = Path(str(connection.settings_dict["NAME"]))
    connection.close()
    draft = target.with_name(target.name + ".partial")
    draft.unlink(missing_ok=True)
    copy_sqlite(source, draft)
    for beside in ("-wal", "-shm"):
        target.with_name(target.name + beside).unlink(missing_ok=True)
    draft.replace(target)
    sync(target.parent)


def _dump(target: Path) -> Snapshot:
    import psycopg

    with psycopg.connect(**_parameters()) as held:
        held.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        found = held.execute("SELECT pg_export_snapshot()").fetchone()
        assert found is not None
        # The dump sees exactly what this transaction sees: the heads written down are those in it.
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={found[0]}",
            f"--file={target}",
        )
        count = held.execute(ENTRIES).fetchone()
        assert count is not None
        snapshot = Snapshot(count[0], {str(code): str(head) for code, head in held.execute(HEADS).fetchall()})
    target.chmod(0o600)
    sync(target)
    return snapshot


def _restore_dump(source: Path) -> None:
    connection.close()
    _run(
        "pg_restore",
        "--clean",
        "--if-exists",
        "--no-owner",
        "--no-privileges",
        "--single-transaction",
        "--exit-on-error",
        str(source),
    )


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


def _run(program: str, *arguments: str) -> None:
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
    done = subprocess.run(
        [found, f"--dbname={make_conninfo(**parameters)}", *arguments],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise Trouble(
            format_lazy(_("{} failed: {}"), program, done.stderr.strip()),
            _("Nothing of it is kept. Mend what it names and try again."),
        )
