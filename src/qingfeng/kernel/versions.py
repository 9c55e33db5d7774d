"""Whether program and database are of one version 版本一致: migrations and columns compared, both ways.

A migration's name says that it ran, not what it did: one that was edited after it ran leaves the name without the
column, so the columns themselves are looked at too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.apps import apps
from django.db import connections
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as say

COLUMNS = {
    "sqlite": (
        "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table'"
    ),
    "postgresql": (
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = ANY (current_schemas(false))"
    ),
}
NAMED = 5
"""How many migrations or columns a sentence names."""


def unbridged(using: str = "default") -> str:
    """Why no migration of this program can bring the database to its version, in one sentence; empty: one can."""
    loader = MigrationLoader(connections[using])
    known = {*loader.disk_migrations, *loader.replacements}
    if unknown := sorted(set(loader.applied_migrations) - known):
        missing = {label for label, _name in unknown} - {config.label for config in apps.get_app_configs()}
        if all(label in missing for label, _name in unknown):
            return say(
                "The database holds tables of %(names)s, which this program hasn't got: put the version in place that "
                "has them, or name in QINGFENG_MECHANISMS what was taken out of it. A mechanism that isn't wanted any "
                "more is taken out of the regime; what it recorded stays to be read."
            ) % {"names": _some([(label,) for label in sorted(missing)])}
        return say(
            "The database is of a newer version than this program, which does not know its migrations %(names)s: "
            "put the newer version of the program in place, or restore the backup taken before the upgrade."
        ) % {"names": _some(unknown)}
    try:
        loader.check_consistent_history(connections[using])
    except InconsistentMigrationHistory as fault:
        return say(
            "The database was made by a version that this one can't take up (%(fault)s): restore the backup taken "
            "before the upgrade, or found this version on an empty database."
        ) % {"fault": str(fault).rstrip(".")}
    return ""


def behind(using: str = "default") -> str:
    """Which migrations of this program the database lacks, in one sentence; empty: none."""
    loader = MigrationLoader(connections[using])
    applied = set(loader.applied_migrations)
    if lacking := sorted(node for node in loader.graph.nodes if node not in applied):
        return say(
            "The database is of an older version than this program and lacks its migrations %(names)s: "
            "run “qingfeng migrate”."
        ) % {"names": _some(lacking)}
    return ""


def misfit(using: str = "default") -> str:
    """What keeps this program from serving this database, in one sentence; empty: they fit."""
    if words := unbridged(using) or behind(using):
        return words
    standing = _standing(using)
    wanted = dict(_wanted())
    missing = sorted(
        column for table in wanted for column in wanted[table] - standing.get(table, frozenset())
    )
    beyond = sorted(column for table in wanted for column in standing.get(table, frozenset()) - wanted[table])
    if missing:
        return say(
            "The database lacks the columns %(names)s although their migrations ran: restore the backup taken "
            "before the upgrade, and tell whoever maintains the program."
        ) % {"names": _some(missing)}
    if beyond:
        return say(
            "The database has the columns %(names)s, which this program does not know: put the version of the "
            "program in place that made them."
        ) % {"names": _some(beyond)}
    return ""


def _wanted() -> Iterator[tuple[str, frozenset[tuple[str, str]]]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            table = model._meta.db_table
            yield table, frozenset((table, str(field.column)) for field in model._meta.local_concrete_fields)


def _standing(using: str) -> dict[str, frozenset[tuple[str, str]]]:
    connection = connections[using]
    found: dict[str, set[tuple[str, str]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS[connection.vendor])
        for table, column in cursor.fetchall():
            found.setdefault(table, set()).add((table, column))
    return {table: frozenset(columns) for table, columns in found.items()}


def _some(names: Sequence[tuple[str, ...]]) -> str:
    more = len(names) - NAMED
    return ", ".join(map(".".join, names[:NAMED])) + (f" … +{more}" if more > 0 else "")
