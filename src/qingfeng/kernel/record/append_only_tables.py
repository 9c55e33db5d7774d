"""Append-only tables 只增表, held by the database itself.

Triggers refuse UPDATE, DELETE, a second row under a unique key (which is how INSERT OR REPLACE
gets round a delete trigger) and, on PostgreSQL, TRUNCATE. They are installed again after every
migration, since SQLite drops a table's triggers when it rebuilds it; the start-up check compares
their definitions.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connections, models

REFUSAL = "{table} is append-only"

SQLITE = {
    "update": "BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
    "delete": "BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{refusal}'); END",
    "replace": (
        "BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"
        " BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
    ),
}
POSTGRESQL = {
    "row": "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION qingfeng_append_only()",
    "truncate": "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION qingfeng_append_only()",
}
FUNCTION = """
CREATE OR REPLACE FUNCTION qingfeng_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def guarded() -> list[type[models.Model]]:
    """The models whose rows are only ever added."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def install(using: str) -> None:
    """Install the triggers on every append-only table."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        for model in guarded():
            # Run after every migration of every app: a table of a later one isn't there yet.
            if model._meta.db_table not in tables:
                continue
            for name, definition in _definitions(model, connection.vendor):
                table = model._meta.db_table
                if connection.vendor == "postgresql":
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
                else:
                    # SQLite remakes a table to alter it, and drops its triggers with the old one without a word.
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(f"CREATE TRIGGER {name} {definition}")


def missing(using: str) -> list[str]:
    """The triggers that are not there, or not as they should be, by name."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'O'"
            )
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        standing = dict(cursor.fetchall())
    return [
        name
        for model in guarded()
        for name, definition in _definitions(model, connection.vendor)
        if not _same(standing.get(name, ""), definition)
    ]


def _definitions(model: type[models.Model], vendor: str) -> Iterator[tuple[str, str]]:
    table = model._meta.db_table
    same = " OR ".join(
        f"({' AND '.join(f'{column} = NEW.{column}' for column in columns)})" for columns in _unique(model)
    )
    for kind, definition in (POSTGRESQL if vendor == "postgresql" else SQLITE).items():
        refusal = REFUSAL.format(table=table)
        yield f"{table}_{kind}_refused", definition.format(table=table, same=same, refusal=refusal)


def _unique(model: type[models.Model]) -> Iterator[tuple[str, ...]]:
    """The columns under which SQLite would take a second row for a replacement of the first."""
    columns = {field.name: str(field.column) for field in model._meta.concrete_fields}
    for field in model._meta.concrete_fields:
        if field.unique:
            yield (columns[field.name],)
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and constraint.condition is None:
            yield tuple(columns[name] for name in constraint.fields)


def _same(standing: str, definition: str) -> bool:
    """Whether a definition stands; PostgreSQL writes the table with its schema and the events in its own order."""
    tidy = " ".join(standing.replace("public.", "").replace("DELETE OR UPDATE", "UPDATE OR DELETE").split())
    return tidy.endswith(" ".join(definition.split()))
