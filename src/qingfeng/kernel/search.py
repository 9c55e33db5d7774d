"""Search 检索 in Chinese of two characters and more: an index of character pairs on both databases.

PostgreSQL keeps a tsvector of pairs under GIN, SQLite an FTS5 table of them; the words never
leave the database's own index, and a sealed matter puts none in.

Both sides are folded alike (Unicode NFKC, without format characters and case): what looks the same is found alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.people.actors import unit_key
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.text.normalization import folded as normalized

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


class SearchTerm(NamedTuple):
    """What is looked for: a piece, or whatever begins with one."""

    text: str
    beginning: bool


MOST_UNITS = 12
"""A word that stands in the names of more units is the name of none of them."""


def folded(text: str) -> str:
    """A text as it is compared: full width as half width, é as é however it is put together, no case, nothing unseen."""
    whole = normalized(text).casefold()
    # Folding may take apart again what was put together.
    return normalized("".join(sign for sign in whole if unicodedata.category(sign) not in ("Cc", "Cf")))


def pieces(text: str) -> Iterator[str]:
    """The pieces a text is found by: pairs of neighbouring Chinese characters, Latin words and numbers whole.

    The last character of a run stands for itself too: 幸福路8号 is found by 路8.
    """
    for chinese, latin in _runs(text):
        yield from map("".join, pairwise(chinese))
        yield from filter(None, (chinese[-1:], latin))


def _asked(text: str) -> Iterator[SearchTerm]:
    """The pieces of a word that is looked for.

    Where 3楼 goes on as 3楼电梯, 楼 is only the beginning of a piece: a lone character behind a number may be one.
    """
    number = ""
    for chinese, latin in _runs(text):
        if len(chinese) == 1:
            yield SearchTerm(chinese, beginning=bool(number))
        for pair in pairwise(chinese):
            yield SearchTerm("".join(pair), beginning=False)
        if latin:
            yield SearchTerm(latin, beginning=False)
        number = latin


def _runs(text: str) -> Iterator[tuple[str, str]]:
    """The text in runs of Chinese, each with the Latin word or number behind it; either may be empty."""
    for run in RUN.findall(folded(text)):
        position = 0
        for latin in LATIN.finditer(run):
            yield run[position : latin.start()], latin.group()
            position = latin.end()
        yield run[position:], ""


def index(matter: Matter) -> None:
    """Put a matter's number and title into the index."""
    if matter.secrecy == Secrecy.SEALED:
        return
    words = " ".join(dict.fromkeys(pieces(f"{matter.number} {matter.title}")))
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


def drop(matter: Matter) -> None:
    """Take a matter's words out of the index."""
    column = "matter_id" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE} WHERE {column} = %s", [matter.pk])


def found(query: str) -> Q:
    """The condition that a matter has every word of a query, or is carried by a unit of that name; none has no word."""
    given = query[:LONGEST].split()
    words = {word: asked for word in given if (asked := list(dict.fromkeys(_asked(word))))}
    if not words:
        return Q(pk__in=())
    units = units_named(words)
    plain = [piece for word, asked in words.items() if word not in units for piece in asked]
    conditions = [_either(words[word], named) for word, named in units.items()] + (
        [_having(plain)] if plain else []
    )
    return Q(*(Q(pk__in=one) for one in conditions))


def units_named(words: Iterable[str]) -> dict[str, list[Unit]]:
    """The units in whose name or short name a word stands, by the words that stand in any."""
    wanted = {word: folded(word) for word in words}
    wanted = {word: text for word, text in wanted.items() if len(text) > 1}
    named = Q(pk__in=())
    for word, text in wanted.items():
        for written in filter(str.isprintable, {word, text}):
            named |= Q(name__icontains=written) | Q(short_name__icontains=written)
    units = list(Unit.objects.filter(named).order_by("code", "id")) if wanted else []
    found = {
        word: [unit for unit in units if text in folded(unit.name) or text in folded(unit.short_name)]
        for word, text in wanted.items()
    }
    return {word: units for word, units in found.items() if 0 < len(units) <= MOST_UNITS}


def _having(asked: Iterable[SearchTerm]) -> RawSQL:
    if connection.vendor == "postgresql":
        wanted = " & ".join(f"'{piece.text}'{':*' if piece.beginning else ''}" for piece in asked)
        return RawSQL(f"SELECT matter_id FROM {TABLE} WHERE words @@ %s::tsquery", [wanted])
    wanted = " AND ".join(f'"{piece.text}"{"*" if piece.beginning else ""}' for piece in asked)
    return RawSQL(f"SELECT rowid FROM {TABLE} WHERE {TABLE} MATCH %s", [wanted])


def _either(asked: Iterable[SearchTerm], units: Iterable[Unit]) -> RawSQL:
    having = _having(asked)
    holders = [unit_key(role, unit.pk) for unit in units for role in Role.values]
    access, matter = Access._meta.db_table, Matter._meta.db_table
    carried = (
        f"SELECT a.matter_id FROM {access} a JOIN {matter} m ON m.id = a.matter_id"
        f" WHERE a.holder IN ({', '.join(['%s'] * len(holders))}) AND m.secrecy <> %s"
    )
    return RawSQL(f"{having.sql} UNION {carried}", [*having.params, *holders, Secrecy.SEALED])
