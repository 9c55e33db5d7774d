"""The home that a release left, laid out again; on PostgreSQL its rows stand in the tables as that release made them."""

import os
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.databases import administer

FOLDER = Path(__file__).parent
BEFORE = "before_"
"""A tree that was no release goes before the one it led to."""


def order(release: str) -> tuple[list[int], bool]:
    """Releases as they followed each other, the oldest first."""
    return [int(part) for part in release.removeprefix(BEFORE).split(".")], not release.startswith(BEFORE)


RELEASES = sorted((path.parent.name for path in FOLDER.glob("*/home.tar.xz")), key=order)
WORDS = "kernel_matter_words"
"""The search index: on SQLite a table of its own kind."""


def laid(release: str, home: Path, database: str) -> None:
    """Lay out the home; where the tests run on PostgreSQL, load its rows into a database of that name."""
    with tarfile.open(FOLDER / release / "home.tar.xz") as archive:
        archive.extractall(home, filter="data")
    (home / "keys").chmod(0o700)
    if "DATABASE_URL" in os.environ:
        administer(f'CREATE DATABASE "{database}"')
        with (
            psycopg.connect(url_of(database)) as target,
            closing(sqlite3.connect(home / "database.sqlite3")) as source,
        ):
            target.execute((home / "pre-data.sql").read_bytes())
            _load(source, target)
            target.execute((home / "post-data.sql").read_bytes())
        (home / "database.sqlite3").unlink()


def url_of(database: str) -> str:
    return os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{database}"


def _load(source: sqlite3.Connection, target: psycopg.Connection[Any]) -> None:
    columns = target.execute(
        "SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position),"
        " array_agg(data_type::text ORDER BY ordinal_position),"
        " array_agg(is_identity::text ORDER BY ordinal_position)"
        " FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name"
    ).fetchall()
    for table, names, types, identities in columns:
        mine = [name if table != WORDS or name != "matter_id" else "rowid" for name in names]
        asked = ", ".join(f'"{name}"' for name in mine)
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        with target.cursor().copy(into) as copy:
            for row in source.execute(f'SELECT {asked} FROM "{table}"'):
                copy.write_row([_as(kind, value) for kind, value in zip(types, row, strict=True)])
        for name, identity in zip(names, identities, strict=True):
            if identity == "YES":
                target.execute(
                    f"SELECT setval(pg_get_serial_sequence('{table}', '{name}'), max({name})) FROM {table}"
                )


def _as(kind: str, value: Any) -> Any:
    """A value of SQLite's as PostgreSQL reads it."""
    if value is None:
        return None
    if kind == "boolean":
        return bool(value)
    if kind == "timestamp with time zone":
        return f"{value}+00"
    if kind == "tsvector":
        return " ".join(f"'{word}'" for word in value.split(" "))
    return value
