"""Rows of another table gathered into one column, as JSON: what is asked for together is asked for once."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import OuterRef, Subquery
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model)


class Gathered(Subquery):
    """The rows of a model that belong to the row read, for an annotation; ``instances`` makes rows of it again."""

    output_field = models.TextField()

    def __init__(self, model: type[models.Model], by: str) -> None:
        names = _names(model)
        self.columns = ", ".join(f'gathered."{name}"' for name in names)
        super().__init__(model._base_manager.filter(**{by: OuterRef("pk")}).values(*names))

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        made = f"JSON_AGG(JSON_BUILD_ARRAY({self.columns}))::text"
        return self._from(made, compiler, connection, **more)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        return self._from(f"JSON_GROUP_ARRAY(JSON_ARRAY({self.columns}))", compiler, connection, **more)

    def _from(self, made: str, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        template = f"(SELECT {made} FROM (%(subquery)s) gathered)"
        return super().as_sql(compiler, connection, template=template, **more)


def instances(model: type[M], gathered: str | None) -> list[M]:
    """The rows that ``Gathered`` put into one column."""
    fields = model._meta.local_concrete_fields
    return [
        model.from_db(DEFAULT_DB_ALIAS, _names(model), list(map(_value, fields, row)))
        for row in json.loads(gathered or "[]")
    ]


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.local_concrete_fields]


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(field, models.DateTimeField):
        moment = datetime.fromisoformat(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    # SQLite keeps JSON as text and has no booleans.
    if isinstance(field, models.JSONField) and isinstance(value, str):
        return json.loads(value)
    return bool(value) if isinstance(field, models.BooleanField) else value
