"""Statements compiled once 预编译语句.

An act makes a dozen statements that are always the same, and most of what it cost was the building of
them. Django still compiles every reading, once a process, with slots where the values go; rows are
written by statements put together from the fields of their model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from threading import local
from typing import Any, NamedTuple, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models.query import get_related_populators

from qingfeng.kernel.ledger.values import LEAVES
from qingfeng.kernel.refusals import Misdeclared

Field: TypeAlias = "models.Field[Any, Any]"
Column: TypeAlias = tuple[Callable[..., Any], frozenset[Any]]
"""How a value is prepared for a column, and the types of those that needn't be."""
Build: TypeAlias = "Callable[[], tuple[models.QuerySet[Any, Any] | None, models.QuerySet[Any, Any]]]"
"""Makes a query set with slots; before it the rows of its first page, where it reads one."""

FEW = 20
"""From more rows on, Django's own way: the building weighs nothing then, and statements don't pile up."""

SLOTS = 2_000
_UNDER_WAY: ContextVar[int] = ContextVar("compilation", default=0)
"""Which of the two compilations of a reading is under way: in each the slots are other values."""


def int_slot(place: int) -> int:
    """What stands for the value at a place while a reading is compiled; it fits into any column of integers."""
    return 28_000 + SLOTS * _UNDER_WAY.get() + place


def text_slot(place: int) -> str:
    """The same for a text."""
    return f"\x01{_UNDER_WAY.get()} {place}"


def day_slot(place: int) -> date:
    """The same for a day."""
    return date(9000 + 500 * _UNDER_WAY.get(), 1, 1) + timedelta(days=place)


Slot: TypeAlias = "tuple[int, Callable[[Any], Any] | None]"
"""The place a slot stands for, and how its value is written."""


@cache
def _slots(compilation: int) -> dict[object, Slot]:
    under_way = _UNDER_WAY.set(compilation)
    slots: dict[object, Slot] = {
        slot(place): (place, None) for slot in (int_slot, text_slot, day_slot) for place in range(SLOTS)
    }
    # SQLite keeps days as text.
    slots |= {str(day_slot(place)): (place, str) for place in range(SLOTS)}
    _UNDER_WAY.reset(under_way)
    return slots


@cache
def compiled(build: Callable[..., models.QuerySet[Any, Any]], *shape: Any) -> CompiledQuery:
    """The compiled reading that ``build(*shape)`` makes a query set for; the shape has to be hashable."""
    return CompiledQuery(lambda: (None, build(*shape)))


@cache
def page_reading(
    build: Callable[..., tuple[models.QuerySet[Any, Any], models.QuerySet[Any, Any]]], *shape: Any
) -> CompiledQuery:
    """The reading of a first page: ``build(*shape)`` gives rows of a table in their order, and what is to be read of them.

    What is related to them is looked up for the page alone, and each of its rows once. After the values for the slots
    it takes one more, which has the next slot of ``number``: how many rows.
    """
    return CompiledQuery(lambda: build(*shape))


class CompiledQuery:
    """A query set with slots, compiled. Call it with the values for the slots, in their order.

    It gives instances with what ``select_related`` and ``annotate`` add, or tuples for ``values_list``.
    """

    def __init__(self, build: Build) -> None:
        first, second = (_compilation(build, number) for number in range(2))
        if first.statement != second.statement:
            raise Misdeclared(f"a reading is one statement, whatever the values: {first.statement}")
        given = list(map(_parameter, first.parameters, second.parameters))
        self.statement, self._parameters = _spelled_out(first.statement, given)
        found, compiler = first.found, first.compiler
        select = compiler.select
        self._converters = compiler.get_converters([column[0] for column in select]).items()
        self._model = found.model if found._fields is None else None  # type: ignore[attr-defined]  # no stub
        if self._model is not None:
            self._populators = get_related_populators(compiler.klass_info, select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]  # stubs ahead of 5.2
            places = compiler.klass_info["select_fields"]
            self._own = slice(places[0], places[-1] + 1)
            self._names = [column[0].target.attname for column in select[self._own]]
            self._annotations = compiler.annotation_col_map.items()

    def __call__(self, *values: Any) -> list[Any]:
        database = _database()
        rows: list[Any] = _run(database, self.statement, self.given(values)).fetchall()
        if self._converters:
            rows = [self._converted(row, database) for row in rows]
        return rows if self._model is None else [self._instance(row) for row in rows]

    def given(self, values: Sequence[Any]) -> list[Any]:
        """The parameters of the statement, for some values."""
        return [
            one.constant
            if one.place is None
            else one.written(values[one.place])
            if one.written
            else values[one.place]
            for one in self._parameters
        ]

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


@contextmanager
def in_one_go() -> Iterator[None]:
    """Send what is written within without waiting for an answer to each statement, where the server allows it.

    A fault is raised at the latest on leaving. Nothing within may ask how many rows a statement changed.
    """
    database = _database()
    if database.vendor == "postgresql":
        with database.wrap_database_errors, database.connection.pipeline():
            yield
    else:
        yield


@dataclass(frozen=True)
class _Parameter:
    """A parameter of a statement: a constant, or the value for the slot of a place, and how that is written."""

    constant: Any = None
    place: int | None = None
    written: Callable[[Any], Any] | None = None


def _parameter(first: Any, second: Any) -> _Parameter:
    """A parameter, from two compilations with other slots: what is the same in both is a constant, whatever its value."""
    if first == second:
        return _Parameter(first)
    slot = _slots(0).get(first)
    if slot is None or slot != _slots(1).get(second):
        raise Misdeclared("a slot has to reach the database as it is")
    return _Parameter(None, *slot)


class _Compilation(NamedTuple):
    found: models.QuerySet[Any, Any]
    compiler: Any
    statement: str
    parameters: Sequence[Any]


def _compilation(build: Build, number: int) -> _Compilation:
    under_way = _UNDER_WAY.set(number)
    try:
        page_of, found = build()
        compiler = found.query.get_compiler(connection=_database())
        statement, parameters = compiler.as_sql()
        slots = _slots(number)
        if page_of is not None:
            inner, parameters = page_of.query.get_compiler(connection=_database()).as_sql()
            table = _quoted(found.model)
            page = f"({inner} LIMIT %s) {table}"
            statement = statement.replace(f" FROM {table} ", f" FROM {page} ", 1)
            last = 1 + max((slots[one][0] for one in parameters if one in slots), default=-1)
            parameters = (*parameters, int_slot(last))
        return _Compilation(found, compiler, statement, parameters)
    finally:
        _UNDER_WAY.reset(under_way)


def _spelled_out(statement: str, parameters: Sequence[_Parameter]) -> tuple[str, list[_Parameter]]:
    """A statement with its plain constants written into it.

    A plan made for every value then knows them, and may use an index that is only for some rows.
    """
    first, *rest = _PLACE.split(statement)
    pieces, left = [first], []
    for one, piece in zip(parameters, rest, strict=True):
        plain = type(one.constant) is str and _PLAIN.fullmatch(one.constant)
        left += [] if plain else [one]
        pieces += [f"'{one.constant}'" if plain else "%s", piece]
    return "".join(pieces), left


_PLACE = re.compile("(?<!%)%s")
_PLAIN = re.compile("[a-z_]*")


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, whose ids nobody asks for. Raises ``IntegrityError``."""
    if len(rows) > FEW:
        type(rows[0])._base_manager.bulk_create(rows)
    elif rows:
        database = _database()
        statement, names, columns = _insertion(type(rows[0]), len(rows))
        _run(
            database,
            statement,
            _written(database, columns, [getattr(row, name) for row in rows for name in names]),
        )


def insert_one(row: models.Model) -> None:
    """Insert a row, with those of the tables it is joined to, and give it its id. Raises ``IntegrityError``."""
    table = type(row)
    database = _database()
    for parent, link in table._meta.parents.items():
        assert link is not None, "tables of one row are joined"
        _draw(database, parent, row)
        setattr(row, link.attname, getattr(row, _key(parent).attname))
    _draw(database, table, row)
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def insert_named(rows: Sequence[models.Model]) -> None:
    """Insert rows of one model, which may name rows that got their ids since, and give them theirs.

    Raises ``IntegrityError``.
    """
    if len(rows) > FEW:
        type(rows[0])._base_manager.bulk_create(rows)
    elif rows:
        for row in rows:
            row._prepare_related_fields_for_save("insert_named")  # type: ignore[attr-defined]  # no stub
        _draw(_database(), type(rows[0]), *rows)
        for row in rows:
            row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def save(row: models.Model, but: frozenset[str] = frozenset()) -> None:
    """Write a row of one table: a new one gets its id, of one that is there every column is written but those named."""
    table = type(row)
    if row._state.adding:
        insert_named([row])
    else:
        key = _key(table).attname
        columns = [
            field.attname
            for field in table._meta.local_concrete_fields
            if field.attname != key and field.attname not in but
        ]
        update(table, {name: getattr(row, name) for name in columns}, **{key: row.pk})


def _draw(database: BaseDatabaseWrapper, table: type[models.Model], *rows: models.Model) -> None:
    statement, key, names, columns = _drawing(table, len(rows))
    values = _written(database, columns, [getattr(row, name) for row in rows for name in names])
    drawn = _run(database, statement, values).fetchall()
    for row, (pk,) in zip(rows, drawn, strict=True):
        setattr(row, key, pk)


@cache
def _drawing(table: type[models.Model], count: int) -> tuple[str, str, list[str], list[Column]]:
    statement, names, columns = _insertion(table, count)
    return f"{statement} RETURNING {_quoted(_key(table))}", _key(table).attname, names, columns


@cache
def _insertion(table: type[models.Model], count: int) -> tuple[str, list[str], list[Column]]:
    fields = [field for field in table._meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    row = f"({', '.join(['%s'] * len(fields))})"
    statement = (
        f"INSERT INTO {_quoted(table)} ({', '.join(map(_quoted, fields))}) VALUES {', '.join([row] * count)}"
    )
    return statement, [field.attname for field in fields], _columns(fields * count)


def update(table: type[models.Model], changes: dict[str, Any], **where: Any) -> int:
    """Change columns (by their attribute) of the rows for which others have these values; returns how many."""
    database = _database()
    statement, columns = _updating(table, tuple(changes), tuple(where))
    given = _written(database, columns, (*changes.values(), *where.values()))
    count: int = _run(database, statement, given).rowcount
    return count


@cache
def _updating(
    table: type[models.Model], changes: tuple[str, ...], where: tuple[str, ...]
) -> tuple[str, list[Column]]:
    changed, asked = ([_local(table, name) for name in names] for names in (changes, where))
    statement = (
        f"UPDATE {_quoted(table)} SET {', '.join(f'{_quoted(field)} = %s' for field in changed)}"
        f" WHERE {_all_equal(asked)}"
    )
    return statement, _columns([*changed, *asked])


def increment(
    table: type[models.Model],
    count: str,
    if_none: tuple[CompiledQuery, list[Any]] | None = None,
    **where: Any,
) -> int | None:
    """Add one to a count, which is held until the transaction ends; returns it, or none where there is no row.

    :param if_none: only where this reading, given these values, reads 0
    """
    database = _database()
    statement, columns = _incrementing(table, count, tuple(where), if_none[0] if if_none else None)
    values = _written(database, columns, where.values())
    if if_none:
        values += if_none[0].given(if_none[1])
    rows = _run(database, statement, values).fetchall()
    return rows[0][0] if rows else None


@cache
def _incrementing(
    table: type[models.Model], count: str, where: tuple[str, ...], if_none: CompiledQuery | None
) -> tuple[str, list[Column]]:
    counted, *asked = (_local(table, name) for name in (count, *where))
    also = f" AND ({if_none.statement}) = 0" if if_none else ""
    statement = (
        f"UPDATE {_quoted(table)} SET {_quoted(counted)} = {_quoted(counted)} + 1"
        f" WHERE {_all_equal(asked)}{also} RETURNING {_quoted(counted)}"
    )
    return statement, _columns(asked)


def delete(table: type[models.Model], keys: Sequence[int]) -> None:
    """Delete rows by their ids."""
    if keys:
        _run(_database(), _deleting(table, len(keys)), list(keys))


@cache
def _deleting(table: type[models.Model], count: int) -> str:
    return f"DELETE FROM {_quoted(table)} WHERE {_quoted(_key(table))} IN ({', '.join(['%s'] * count)})"


def _all_equal(fields: Sequence[Field]) -> str:
    return " AND ".join(f"{_quoted(field)} = %s" for field in fields)


_KEPT = local()


def _run(database: BaseDatabaseWrapper, statement: str, values: list[Any]) -> CursorWrapper:
    """Run a statement; returns the cursor that did.

    One cursor a connection serves them all, since each is done with before the next: making it costs as much
    as running one. Where statements are logged, Django's cursors log them.
    """
    cursor: CursorWrapper | None = getattr(_KEPT, "cursor", None)
    if database.queries_logged:
        cursor = database.cursor()
    elif cursor is None or cursor.cursor.connection is not database.connection:
        cursor = _KEPT.cursor = database.cursor()
    cursor.execute(statement, values)
    return cursor


def _columns(fields: Iterable[Field]) -> list[Column]:
    return [
        (field.get_db_prep_save, frozenset() if isinstance(field, models.JSONField) else LEAVES)
        for field in fields
    ]


def _written(database: BaseDatabaseWrapper, columns: Sequence[Column], values: Iterable[Any]) -> list[Any]:
    """Values as the database takes them. What is plain already isn't prepared: that would be most of the work."""
    return [
        value if type(value) in plain else prepare(value, database)
        for (prepare, plain), value in zip(columns, values, strict=True)
    ]


def _database() -> BaseDatabaseWrapper:
    return connections[DEFAULT_DB_ALIAS]


def _local(table: type[models.Model], name: str) -> Field:
    return next(field for field in table._meta.local_concrete_fields if field.attname == name)


def _key(table: type[models.Model]) -> Field:
    key = table._meta.pk
    assert key is not None
    return key


def _quoted(named: type[models.Model] | Field) -> str:
    name = str(named.column) if isinstance(named, models.Field) else named._meta.db_table
    return str(_database().ops.quote_name(name))
