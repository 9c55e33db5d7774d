"""Verification of spelling 写法核验: on SQLite a column takes whatever is written into it.

What reads the same may then compare otherwise, in an index and in every condition: a day as ``2026-3-1``, a truth as 2,
a key in capitals, a name twice in one object. A digest is made of what is read, and can't tell. PostgreSQL has types.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models

from qingfeng.kernel.ledger.coverage import covered
from qingfeng.kernel.ledger.faults import Fault
from qingfeng.kernel.matters.models import Matter

DIGIT = "[0-9]"
DAY = f"{DIGIT * 4}-{DIGIT * 2}-{DIGIT * 2}"
SECOND = f"{DAY} {DIGIT * 2}:{DIGIT * 2}:{DIGIT * 2}"
SPELT = {
    "date": f"typeof({{0}}) = 'text' AND {{0}} GLOB '{DAY}'",
    "datetime": f"typeof({{0}}) = 'text' AND ({{0}} GLOB '{SECOND}'"
    f" OR {{0}} GLOB '{SECOND}.{DIGIT * 6}' AND {{0}} NOT GLOB '*.000000')",
    "bool": "typeof({0}) = 'integer' AND {0} IN (0, 1)",
    "char(32)": "typeof({0}) = 'text' AND length({0}) = 32 AND {0} NOT GLOB '*[^0-9a-f]*'",
    "json": "typeof({0}) = 'text' AND ({0} IN ('[]', '{{}}', 'null') OR spelt({0}))",
    "integer": "typeof({0}) = 'integer'",
    "text": "typeof({0}) = 'text'",
}
"""How the program writes a column of each type; every whole number is an ``integer``, whatever else is a ``text``."""


def spelling() -> Iterator[Fault]:
    """Rows of covered tables in which a value is not written as the program writes it: one statement a table."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pragma_function_list WHERE name = 'spelt'")
        if cursor.fetchone() is None:  # made anew it would disturb a reading that broke off
            cursor.connection.create_function("spelt", 1, _spelt, deterministic=True)
        for model in filter(covered, apps.get_models()):
            table, key = model._meta.db_table, connection.ops.quote_name(str(model._meta.pk.column))
            amiss = " OR ".join(map(_amiss, model._meta.local_concrete_fields))
            cursor.execute(f"SELECT {key} FROM {table} WHERE {amiss} ORDER BY {key}")
            for (pk,) in cursor.fetchall():
                yield Fault(_named(model, pk), "a value in it is not written as the program writes it")


def _amiss(field: models.Field[object, object]) -> str:
    column = connection.ops.quote_name(str(field.column))
    kind = "json" if isinstance(field, models.JSONField) else str(field.db_type(connection))
    kind = "integer" if "int" in kind else kind
    amiss = f"NOT ({SPELT.get(kind, SPELT['text']).format(column)})"
    return f"({column} IS NOT NULL AND {amiss})" if field.null else amiss


def _spelt(text: str) -> bool:
    try:
        return json.dumps(json.loads(text)) == text
    except (ValueError, RecursionError):
        return False


def _named(model: type[models.Model], pk: object) -> str:
    if issubclass(model, Matter):
        return f"matter:{pk}"
    recorded = getattr(model, "recorded", False)
    return f"{model._meta.label_lower if recorded else model._meta.db_table}:{model._meta.pk.to_python(pk)}"
