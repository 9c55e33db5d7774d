"""The contract of exported facts: what a Parquet file of facts must hold (事实导出约定).

The ledger's exporter writes one file per jurisdiction and checkpoint,
``facts-<jurisdiction>-<number>.parquet``. A file once written never changes: a correction is a new row
with the negated quantity that names the row it cancels in ``reverses``, so that sums are right at any
``recorded_at`` and the number of events is rows minus twice the reversals.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from qingfeng.assessment.engine.refusals import DocumentPlace, EngineRefusal


@dataclass(frozen=True)
class ContractColumn:
    """One column: its DuckDB type, whether it may be empty, and what it means."""

    name: str
    type: str
    nullable: bool
    meaning: str


COLUMNS: tuple[ContractColumn, ...] = (
    ContractColumn("id", "BIGINT", False, "the fact's own number, from 1, unique in the jurisdiction"),
    ContractColumn("jurisdiction", "VARCHAR", False, "code of the county or city whose fact it is"),
    ContractColumn("name", "VARCHAR", False, "what was counted, as the catalogue names it"),
    ContractColumn("subject", "VARCHAR", False, "whom it counts for: unit:17, person:9"),
    ContractColumn("quantity", "BIGINT", False, "integer; the amount is quantity / 10**scale"),
    ContractColumn("scale", "INTEGER", False, "decimal places of the quantity"),
    ContractColumn("unit", "VARCHAR", False, "unit of measure: 1, point, fen, day, minute, percent"),
    ContractColumn("held_on", "DATE", False, "local date on which it held"),
    ContractColumn(
        "recorded_at", "TIMESTAMP", False, "when it was recorded, UTC, microseconds, without a zone"
    ),
    ContractColumn("entry", "BIGINT", False, "the ledger entry that left it"),
    ContractColumn("reverses", "BIGINT", True, "id of the fact this row cancels"),
)

UNITS_OF_MEASURE = frozenset(
    {
        *("1", "point", "fen", "day", "half day", "hour", "minute", "second", "person minute"),
        *("percent", "person", "metre", "mu"),
    }
)


@dataclass(frozen=True)
class FactRow:
    """One row of the contract."""

    id: int
    jurisdiction: str
    name: str
    subject: str
    quantity: int
    scale: int
    unit: str
    held_on: dt.date
    recorded_at: dt.datetime
    entry: int
    reverses: int | None = None


def check_columns(file: str, found: Sequence[tuple[str, str]]) -> None:
    """Refuse a file whose columns are not the contract's; ``found`` holds (name, DuckDB type) pairs."""
    place = DocumentPlace(file, 0)
    types = dict(found)
    for column in COLUMNS:
        if column.name not in types:
            raise EngineRefusal("facts_column_missing", place, column=column.name)
        if types[column.name] != column.type:
            raise EngineRefusal(
                "facts_column_type", place, column=column.name, type=types[column.name], expected=column.type
            )
    for name in types:
        if name not in {column.name for column in COLUMNS}:
            raise EngineRefusal("facts_column_unknown", place, column=name)


def file_name(jurisdiction: str, checkpoint: int) -> str:
    """The name a checkpoint's file must have; a reader opens only the files of its own jurisdiction."""
    return f"facts-{jurisdiction}-{checkpoint}.parquet"
