"""Support of the engine's tests: facts written as Parquet, small worlds, both readers."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

import duckdb

from qingfeng.assessment.engine import FactRow
from qingfeng.assessment.engine.contract import COLUMNS, file_name

UTC = dt.UTC


def moment(text: str) -> dt.datetime:
    """An aware UTC instant from ``YYYY-MM-DD`` or ``YYYY-MM-DDTHH:MM:SSZ``."""
    value = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def write_facts(folder: Path, facts: Sequence[FactRow], checkpoint: int = 1) -> Path:
    """Write facts as the ledger's exporter would: a file per jurisdiction for one checkpoint."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(f"{column.name} {column.type}" for column in COLUMNS)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE facts ({columns})")
        rows = ", ".join(f"({', '.join(literal(fact, column.name) for column in COLUMNS)})" for fact in facts)
        if rows:
            connection.execute(f"INSERT INTO facts VALUES {rows}")
        for jurisdiction in sorted({fact.jurisdiction for fact in facts}):
            target = str(folder / file_name(jurisdiction, checkpoint)).replace("'", "''")
            rows_of = f"SELECT * FROM facts WHERE jurisdiction = '{jurisdiction}'"
            connection.execute(f"COPY ({rows_of}) TO '{target}' (FORMAT parquet)")
    return folder


def literal(fact: FactRow, column: str) -> str:
    """A fact's column as SQL."""
    value = getattr(fact, column)
    if value is None or isinstance(value, int):
        return "NULL" if value is None else str(value)
    if isinstance(value, dt.datetime):
        value = value.astimezone(UTC).replace(tzinfo=None)
    return "'" + str(value).replace("'", "''") + "'"


def reversal(fact: FactRow, *, id: int, recorded_at: dt.datetime) -> FactRow:
    """The row that cancels ``fact``."""
    return FactRow(
        id,
        fact.jurisdiction,
        fact.name,
        fact.subject,
        -fact.quantity,
        fact.scale,
        fact.unit,
        fact.held_on,
        recorded_at,
        id,
        fact.id,
    )
