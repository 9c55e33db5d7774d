"""Statements compiled once 预编译语句.

An act makes a dozen statements that are always the same, and most of what it cost was the building of
them. Django still compiles every reading, once for each database, with slots where the values go; rows
are written by statements put together from the fields of their model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import get_related_populators

from qingfeng.kernel.ledger.values import LEAVES

Column: TypeAlias = "models.Field[Any, Any]"

FEW = 20
"""From more rows on, Django's own way: the building weighs nothing then, and statements don't pile up."""

SLOTS = 2_000
_FIRST_SLOT = 30_000
_FIRST_DAY = date(9000, 1, 1)


def number(place: int) -> int:
    """What stands for the value at a place while a reading is compiled; it fits into any column of integers."""
    return _FIRST_SLOT + place


def word(place: int) -> str:
    """The same for a text."""
    return f"\x01{place}"


def day(place: int) -> date:
    """The same for a day."""
    return _FIRST_DAY + timedelta(days=place)


_SLOTS: dict[object, int] = {slot(place): place for slot in (number, word, day) for place in range(SLOTS)}
_DAYS_IN_WORDS: dict[object, int] = {str(day(place)): place for place in range(SLOTS)}
"""SQLite keeps days as text."""


def reading(build: Callable[..., models.QuerySet[Any, Any]], *shape: Any) -> Reading:
    """The compiled reading that ``build(*shape)`` makes a query set for; the shape has to be hashable."""
    return _reading(_database().vendor, build, *shape)


@cache
def _reading(_vendor: str, build: Callable[..., models.QuerySet[Any, Any]], *shape: Any) -> Reading:
    return Reading(build(*shape))


class Reading:
    """A query set with slots, compiled. Call it with the values for the slots, in their order.

    It gives instances with what ``select_related`` and ``annotate`` add, or tuples for ``values_list``.
    """

    def __init__(self, found: models.QuerySet[Any, Any]) -> None:
        compiler = found.query.get_compiler(connection=_database())
        self._statement, parameters = compiler.as_sql()
        self._parameters = [
            (str, _DAYS_IN_WORDS[parameter], None)
            if parameter in _DAYS_IN_WORDS
            else (None, _SLOTS.get(parameter), parameter)
            for parameter in parameters
        ]
        select = compiler.select
        self._converters = compiler.get_converters([column[0] for column in select]).items()
        self._model = None if found.query.values_select else found.model
        if self._model is not None:
            self._populators = get_related_populators(compiler.klass_info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs ahead of 5.2
            places = compiler.klass_info["select_fields"]
            self._own = slice(places[0], places[-1] + 1)
            self._names = [column[0].target.attname for column in select[self._own]]
            self._annotations = compiler.annotation_col_map.items()

    def __call__(self, *values: Any) -> list[Any]:
        given = [
            constant if place is None else written(values[place]) if written else values[place]
            for written, place, constant in self._parameters
        ]
        database = _database()
        with database.cursor() as cursor:
            cursor.execute(self._statement, given)
            rows: list[Any] = cursor.fetchall()
        if self._converters:
            rows = [self._converted(row, database) for row in rows]
        return rows if self._model is None else [self._instance(row) for row in rows]

    def _converted(self, row: Sequence[Any], database: BaseDatabaseWrapper) -> list[Any]:
        columns = list(row)
        for place, (converters, expression) in self._converters:
            for convert in converters:
                columns[place] = convert(columns[place], expression, database)
        return columns

    def _instance(self, row: Sequence[Any]) -> Any:
        assert self._model is not None
        found = self._model.from_db(DEFAULT_DB_ALIAS, self._names, row[self._own])
        for populator in self._populators:
            populator.populate(row, found)
        for name, place in self._annotations:
            setattr(found, name, row[place])
        return found


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, whose ids nobody asks for. Raises ``IntegrityError``."""
    if len(rows) > FEW:
        type(rows[0])._base_manager.bulk_create(rows)
    elif rows:
        _execute(*_inserting(type(rows[0]), rows))


def insert_one(row: models.Model) -> None:
    """Insert a row, with those of the tables it is joined to, and give it its id. Raises ``IntegrityError``."""
    table = type(row)
    for parent, link in table._meta.parents.items():
        assert link is not None, "tables of one row are joined"
        _draw(parent, row)
        setattr(row, link.attname, getattr(row, _key(parent).attname))
    _draw(table, row)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def _draw(table: type[models.Model], row: models.Model) -> None:
    key = _key(table)
    statement, values = _inserting(table, [row])
    ((pk,),) = _returned(f"{statement} RETURNING {_quoted(key)}", values)
    setattr(row, key.attname, pk)


def _inserting(table: type[models.Model], rows: Sequence[models.Model]) -> tuple[str, list[Any]]:
    statement, fields = _insertion(table, len(rows))
    return statement, _written(
        fields * len(rows), (getattr(row, field.attname) for row in rows for field in fields)
    )


@cache
def _insertion(table: type[models.Model], count: int) -> tuple[str, list[Column]]:
    fields = [field for field in table._meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    row = f"({', '.join(['%s'] * len(fields))})"
    statement = (
        f"INSERT INTO {_quoted(table)} ({', '.join(map(_quoted, fields))}) VALUES {', '.join([row] * count)}"
    )
    return statement, fields


def update(table: type[models.Model], changes: dict[str, Any], **where: Any) -> int:
    """Change columns (by their attribute) of the rows for which others have these values; returns how many."""
    statement, fields = _updating(table, tuple(changes), tuple(where))
    return _execute(statement, _written(fields, (*changes.values(), *where.values())))


@cache
def _updating(
    table: type[models.Model], changes: tuple[str, ...], where: tuple[str, ...]
) -> tuple[str, list[Column]]:
    changed, asked = ([_local(table, name) for name in names] for names in (changes, where))
    statement = (
        f"UPDATE {_quoted(table)} SET {', '.join(f'{_quoted(field)} = %s' for field in changed)}"
        f" WHERE {_all_equal(asked)}"
    )
    return statement, [*changed, *asked]


def increment(table: type[models.Model], count: str, **where: Any) -> int | None:
    """Add one to a count, which is held until the transaction ends; returns it, or none where there is no row."""
    statement, fields = _incrementing(table, count, tuple(where))
    rows = _returned(statement, _written(fields, where.values()))
    return rows[0][0] if rows else None


@cache
def _incrementing(table: type[models.Model], count: str, where: tuple[str, ...]) -> tuple[str, list[Column]]:
    counted, *asked = (_local(table, name) for name in (count, *where))
    statement = (
        f"UPDATE {_quoted(table)} SET {_quoted(counted)} = {_quoted(counted)} + 1"
        f" WHERE {_all_equal(asked)} RETURNING {_quoted(counted)}"
    )
    return statement, asked


def delete(table: type[models.Model], keys: Sequence[int]) -> None:
    """Delete rows by their ids."""
    if keys:
        _execute(_deleting(table, len(keys)), list(keys))


@cache
def _deleting(table: type[models.Model], count: int) -> str:
    return f"DELETE FROM {_quoted(table)} WHERE {_quoted(_key(table))} IN ({', '.join(['%s'] * count)})"


def _all_equal(fields: Sequence[Column]) -> str:
    return " AND ".join(f"{_quoted(field)} = %s" for field in fields)


def _execute(statement: str, values: list[Any]) -> int:
    with _database().cursor() as cursor:
        cursor.execute(statement, values)
        count: int = cursor.rowcount
    return count


def _returned(statement: str, values: list[Any]) -> list[Any]:
    with _database().cursor() as cursor:
        cursor.execute(statement, values)
        rows: list[Any] = cursor.fetchall()
    return rows


def _written(fields: Sequence[Column], values: Iterable[Any]) -> list[Any]:
    """Values as the database takes them. What is plain already isn't prepared: that would be most of the work."""
    database = _database()
    return [
        value
        if type(value) in LEAVES and not isinstance(field, models.JSONField)
        else field.get_db_prep_save(value, database)
        for field, value in zip(fields, values, strict=True)
    ]


def _database() -> BaseDatabaseWrapper:
    return connections[DEFAULT_DB_ALIAS]


def _local(table: type[models.Model], name: str) -> Column:
    return next(field for field in table._meta.local_concrete_fields if field.attname == name)


def _key(table: type[models.Model]) -> Column:
    key = table._meta.pk
    assert key is not None
    return key


def _quoted(named: type[models.Model] | Column) -> str:
    name = str(named.column) if isinstance(named, models.Field) else named._meta.db_table
    return str(_database().ops.quote_name(name))
