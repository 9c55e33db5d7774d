"""What entries last said of rows, kept on disk while it is gathered: there may be millions of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

TABLE = "CREATE TABLE said (of TEXT, row TEXT, entry INTEGER, digest TEXT, schema TEXT, PRIMARY KEY (of, row)) WITHOUT ROWID"
SPEAKERS = "CREATE TABLE spoke (of TEXT, row TEXT, entry INTEGER)"
NOTE = (
    "INSERT INTO said VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE"
    " SET entry = excluded.entry, digest = excluded.digest, schema = excluded.schema WHERE excluded.entry > said.entry"
)


@dataclass(frozen=True, slots=True)
class RowRecord:
    """What the ledger last said of a row, and in which entry; no ``schema`` before field lists were kept."""

    entry: int
    digest: str
    schema: str


class RecordIndex:
    """Rows by class and key, each with what the entry of the highest id said of it; it grows on disk and not in memory."""

    def __init__(self) -> None:
        # Without a name SQLite keeps a file of its own, which is gone with the connection.
        self._kept = sqlite3.connect("", isolation_level=None)
        self._kept.execute("PRAGMA journal_mode = OFF")
        self._kept.execute(TABLE)
        self._kept.execute(SPEAKERS)

    def note(self, records: Iterable[Sequence[Any]], entry: int) -> None:
        """Note the lines of an entry: class, key, digest and, since lists are named, field list."""
        lines = [
            (str(of), str(row), entry, str(digest), str(schema[0]) if schema else "")
            for of, row, digest, *schema in records
        ]
        if lines:
            self._kept.executemany(NOTE, lines)
            self._kept.executemany("INSERT INTO spoke VALUES (?, ?, ?)", [line[:3] for line in lines])

    def of(self, name: str, rows: Sequence[str]) -> dict[str, RowRecord]:
        """What was said of some rows of a class."""
        marks = ", ".join("?" * len(rows))
        found = self._kept.execute(
            f"SELECT row, entry, digest, schema FROM said WHERE of = ? AND row IN ({marks})", (name, *rows)
        )
        return {row: RowRecord(*told) for row, *told in found}

    def several(self) -> Iterator[tuple[str, str, list[int]]]:
        """The rows that several entries spoke of, each with their ids, the lowest first."""
        found = self._kept.execute(
            "SELECT of, row, json_group_array(entry) FROM (SELECT DISTINCT * FROM spoke ORDER BY of, row, entry)"
            " GROUP BY of, row HAVING count(*) > 1"
        )
        for of, row, entries in found:
            yield of, row, sorted(orjson.loads(entries))

    def done(self, name: str, rows: Sequence[str]) -> None:
        """Forget rows that were found."""
        self._kept.executemany("DELETE FROM said WHERE of = ? AND row = ?", [(name, row) for row in rows])

    def left(self) -> Iterator[tuple[str, str]]:
        """Class and key of every row that was not found."""
        yield from self._kept.execute("SELECT of, row FROM said")
