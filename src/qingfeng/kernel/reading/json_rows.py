"""Rows of another table gathered into one column, as JSON: what is asked for together is asked for once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import Any, Self, TypeVar

from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import OuterRef, Subquery
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model)


class JsonRows(Subquery):
    """The rows of a query set of values, for an annotation; ``rows`` and ``instances`` take them apart again."""

    output_field = models.TextField()

    def __init__(self, found: models.QuerySet[Any, Any]) -> None:
        self.columns = ", ".join(f'gathered."{name}"' for name in found.query.values_select)
        super().__init__(found)

    @classmethod
    def belonging(cls, model: type[models.Model], by: str) -> Self:
        """The rows of a model that name the row read, with all their columns."""
        return cls(model._base_manager.filter(**{by: OuterRef("pk")}).values(*_columns(model)[0]))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        made = f"JSON_AGG(JSON_BUILD_ARRAY({self.columns}))::text"
        return self._from(made, compiler, connection, **more)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        return self._from(f"JSON_GROUP_ARRAY(JSON_ARRAY({self.columns}))", compiler, connection, **more)

    def _from(self, made: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        template = f"(SELECT {made} FROM (%(subquery)s) gathered)"
        return super().as_sql(compiler, connection, template=template, **more)


def rows(gathered: str | None) -> list[list[Any]]:
    """What ``Gathered`` put into one column, row by row, as JSON has it."""
    found: list[list[Any]] = json.loads(gathered or "[]")
    return found


def moment(written: str) -> datetime:
    """A moment as a row gathered has it; SQLite keeps it in UTC without saying so."""
    read = datetime.fromisoformat(written)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def instances(model: type[M], gathered: str | None) -> list[M]:
    """The instances that ``Gathered.belonging`` put into one column."""
    names, read = _columns(model)
    found = []
    for row in rows(gathered):
        for place, value in read:
            if row[place] is not None:
                row[place] = value(row[place])
        found.append(model.from_db(DEFAULT_DB_ALIAS, names, row))
    return found


@cache
def _columns(model: type[models.Model]) -> tuple[list[str], list[tuple[int, Callable[[Any], Any]]]]:
    """The columns of a model, and how those are read that JSON doesn't have as they are."""
    fields = model._meta.local_concrete_fields
    read = [(place, value) for place, field in enumerate(fields) if (value := _read(field)) is not None]
    return [field.attname for field in fields], read


def _read(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, models.DateTimeField):
        return moment
    # SQLite keeps JSON as text and has no booleans.
    if isinstance(field, models.JSONField):
        return lambda value: json.loads(value) if isinstance(value, str) else value
    return bool if isinstance(field, models.BooleanField) else None
