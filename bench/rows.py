"""What acts leave, row by row, and the quickest way to write it: the yardstick of ``bench.acts``.

The rows are taken from the database by triggers and not from the engine's statements: what an act writes twice, or
to no effect, counts once or not at all. They are written by whom nothing holds up: no guard, no reading, no lock; every
id and digest known beforehand; one statement a table and kind of change, prepared; an act one transaction, sent in
one go with its COMMIT, as the engine sends its own writes.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from typing import Any

import psycopg
from psycopg import sql

from bench import figures

Statement = tuple[sql.Composed, list[str | None]]

NOTING = """
CREATE TABLE bench_change (id bigserial, tx bigint, of text, old jsonb, new jsonb);
CREATE FUNCTION bench_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO bench_change (tx, of, old, new) VALUES (
        txid_current(), TG_TABLE_NAME,
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END
    );
    RETURN NULL;
END $$;
"""
KEYS = """
SELECT c.relname, array_agg(a.attname::text) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(i.indkey) WHERE i.indisprimary GROUP BY c.relname
"""


def note_changes(url: str) -> dict[str, list[str]]:
    """Have a database note every change of a row from now on; returns the primary key of each table."""
    with psycopg.connect(url) as connection:
        keys = dict(connection.execute(KEYS).fetchall())
        connection.execute(NOTING)
        for table in keys:
            connection.execute(
                sql.SQL(
                    "CREATE TRIGGER bench_note AFTER INSERT OR UPDATE OR DELETE ON {} FOR EACH ROW"
                    " EXECUTE FUNCTION bench_note()"
                ).format(sql.Identifier(table))
            )
    return keys


def noted(url: str, keys: dict[str, list[str]]) -> list[list[Statement]]:
    """The statements of each transaction since the last time, in their order."""
    acts: dict[int, dict[tuple[Any, ...], list[Any]]] = defaultdict(dict)
    with psycopg.connect(url) as connection:
        for tx, table, old, new in connection.execute(
            "SELECT tx, of, old, new FROM bench_change ORDER BY id"
        ):
            named = (table, *((new or old)[column] for column in keys[table]))
            change = acts[tx].setdefault(named, [old, new])
            change[1] = new
        connection.execute("TRUNCATE bench_change")
    return [_statements(changes, keys) for changes in acts.values()]


def _statements(changes: dict[tuple[Any, ...], list[Any]], keys: dict[str, list[str]]) -> list[Statement]:
    made: dict[str, list[dict[str, Any]]] = defaultdict(list)
    gone: dict[str, list[dict[str, Any]]] = defaultdict(list)
    found: list[Statement] = []
    for (table, *_key), (old, new) in changes.items():
        if old is None and new is not None:
            made[table].append(new)
        elif new is None and old is not None:
            gone[table].append(old)
        elif old is not None and (other := {name: new[name] for name in new if new[name] != old[name]}):
            setting = _joined("{} = %s", other, ", ")
            where = _joined("{} = %s", keys[table], " AND ")
            values = _values([*other.values(), *(new[name] for name in keys[table])])
            found.append(
                (sql.SQL("UPDATE {} SET {} WHERE {}").format(sql.Identifier(table), setting, where), values)
            )
    for table, rows in gone.items():
        any_of = sql.SQL(" OR ").join([_joined("{} = %s", keys[table], " AND ")] * len(rows))
        values = _values([row[name] for row in rows for name in keys[table]])
        found.append((sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table), any_of), values))
    for table, rows in made.items():
        marks = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(rows[0])))
        statement = sql.SQL("INSERT INTO {} ({}) VALUES {}").format(
            sql.Identifier(table), _joined("{}", rows[0], ", "), sql.SQL(", ").join([marks] * len(rows))
        )
        found.append((statement, _values([value for row in rows for value in row.values()])))
    return found


def _joined(each: str, names: Any, between: str) -> sql.Composed:
    return sql.SQL(between).join([sql.SQL(each).format(sql.Identifier(name)) for name in names])


def _values(values: list[Any]) -> list[str | None]:
    """Values as text, whose types the server knows."""
    return [
        None if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for value in values
    ]


def written(url: str, acts: list[list[Statement]]) -> tuple[float, float]:
    """Write them; acts a second, and acts a second of processor time."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.prepare_threshold = 0
        spelled = [[(one.as_string(connection), values) for one, values in act] for act in acts]
        backend = connection.info.backend_pid
        began, used = time.perf_counter(), figures.processor(backend)
        for act in spelled:
            with connection.pipeline():
                connection.execute("BEGIN")
                for statement, values in act:
                    connection.execute(statement, values)  # type: ignore[call-overload]
                connection.execute("COMMIT")
        return len(acts) / (time.perf_counter() - began), len(acts) / (figures.processor(backend) - used)
