"""Search 检索 in Chinese of two characters and more: an index of character pairs on both databases.

PostgreSQL keeps a tsvector of pairs under GIN, SQLite an FTS5 table of them; the words never
leave the database's own index, and a sealed matter puts none in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from qingfeng.kernel.matters.models import Matter, Secrecy

TABLE = "kernel_matter_words"
RUN = re.compile(r"[^\W_]+")
LONGEST = 200
"""Characters of a query that are looked for: both databases take the square of a longer one's pieces."""
LATIN = re.compile(r"[0-9a-z]+")

CREATE = {
    "postgresql": (
        f"CREATE TABLE {TABLE} (matter_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        f"CREATE INDEX {TABLE}_gin ON {TABLE} USING gin (words)",
    ),
    "sqlite": (f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, detail=none)",),
}


def pairs(text: str) -> Iterator[str]:
    """The pieces a text is found by: pairs of neighbouring Chinese characters, Latin words and numbers whole."""
    for run in RUN.findall(text.lower()):
        position = 0
        for latin in LATIN.finditer(run):
            yield from _chinese(run[position : latin.start()])
            yield latin.group()
            position = latin.end()
        yield from _chinese(run[position:])


def _chinese(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for left, right in pairwise(run):
        yield left + right


def index(matter: Matter) -> None:
    """Put a matter's number and title into the index."""
    if matter.secrecy == Secrecy.SEALED:
        return
    words = " ".join(dict.fromkeys(pairs(f"{matter.number} {matter.title}")))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                f"INSERT INTO {TABLE} (matter_id, words) VALUES (%s, array_to_tsvector(string_to_array(%s::text, ' ')))"
                " ON CONFLICT (matter_id) DO UPDATE SET words = EXCLUDED.words",
                [matter.pk, words],
            )
        else:
            cursor.execute(f"DELETE FROM {TABLE} WHERE rowid = %s", [matter.pk])
            cursor.execute(f"INSERT INTO {TABLE} (rowid, words) VALUES (%s, %s)", [matter.pk, words])


def found(query: str) -> Q:
    """The condition that a matter has every piece of a query; a query of no pieces finds nothing."""
    pieces = list(dict.fromkeys(pairs(query[:LONGEST])))
    if not pieces:
        return Q(pk__in=())
    if connection.vendor == "postgresql":
        wanted = " & ".join("'" + piece + "'" for piece in pieces)
        return Q(pk__in=RawSQL(f"SELECT matter_id FROM {TABLE} WHERE words @@ %s::tsquery", [wanted]))
    wanted = " AND ".join('"' + piece + '"' for piece in pieces)
    return Q(pk__in=RawSQL(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [wanted]))
