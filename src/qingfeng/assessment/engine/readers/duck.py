"""Facts in Parquet, read by DuckDB: it filters, counts, sums and digests integers, nothing else."""

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from qingfeng.assessment.engine.contract import COLUMNS, FactRow, check_columns
from qingfeng.assessment.engine.digest import mix_sql
from qingfeng.assessment.engine.exact import Ints
from qingfeng.assessment.engine.readers.question import FactQuery, Sums
from qingfeng.assessment.engine.refusals import NOWHERE, EngineRefusal
from qingfeng.assessment.engine.texts import put_texts

_COLUMNS = ("need", "subject", "level", "rows", "count", "total", "digest")


class ParquetReader:
    """Reads ``facts-<jurisdiction>-<checkpoint>.parquet`` files in a folder.

    Only files named for the question's jurisdiction are opened, and their rows are filtered by it again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._connection = duckdb.connect()
        self._checked: set[Path] = set()

    def sums(self, question: FactQuery) -> Sums:
        source = self._filtered(question)
        if source is None:
            return _empty()
        self._name_needs(question)
        levelled = f"(SELECT facts.*, {_level(question)} AS level FROM {source} AS facts)"
        mixed = mix_sql(levelled, "name, subject, unit, scale, quantity, reverses, level")
        grouped = f"""
            SELECT name, subject, unit, scale, level, count(*) AS rows,
                   count(*) - 2 * count(reverses) AS count, sum(quantity)::BIGINT AS total,
                   bit_xor(mixed) AS digest
            FROM ({mixed}) GROUP BY ALL"""
        try:
            self._connection.execute(
                f"CREATE OR REPLACE TEMP TABLE grouped AS {grouped}", self._values(question)
            )
        except (duckdb.ConversionException, duckdb.OutOfRangeException):
            raise EngineRefusal("sum_too_large", NOWHERE, jurisdiction=question.jurisdiction) from None
        self._refuse_other_measures(question)
        rows = self._connection.execute(
            """SELECT needs.at AS need, subjects.at AS subject, level, rows, count, total, digest
               FROM grouped JOIN needs USING (name) JOIN subjects USING (subject)
               ORDER BY need, subject, level"""
        ).fetchnumpy()
        outside = self._connection.execute(
            "SELECT DISTINCT subject FROM grouped ANTI JOIN subjects USING (subject) ORDER BY subject"
        ).fetchall()
        columns = [_whole(rows[name]) for name in _COLUMNS]
        return Sums.of(columns, (row[0] for row in outside))

    def inputs(self, question: FactQuery) -> list[FactRow]:
        source = self._filtered(question, one_subject=True)
        if source is None:
            return []
        columns = ", ".join(column.name for column in COLUMNS)
        rows = self._connection.execute(
            f"SELECT {columns} FROM {source} ORDER BY held_on, id", self._values(question, one_subject=True)
        ).fetchall()
        facts = (FactRow(*row) for row in rows)
        return [replace(fact, recorded_at=fact.recorded_at.replace(tzinfo=dt.UTC)) for fact in facts]

    def _filtered(self, question: FactQuery, one_subject: bool = False) -> str | None:
        """A sub-select of the question's facts; None when the jurisdiction has no file."""
        files = sorted(self._folder.glob(f"facts-{question.jurisdiction}-*.parquet"))
        files = [
            file for file in files if file.stem.removeprefix(f"facts-{question.jurisdiction}-").isdigit()
        ]
        if not files:
            return None
        for file in files:
            self._check(file)
        names = ", ".join(_quoted(str(file)) for file in files)
        subject = "AND subject = $subject" if one_subject else ""
        facts = ", ".join(_quoted(name) for name in sorted({need.fact.name for need in question.needs}))
        return f"""(SELECT * FROM read_parquet([{names}])
            WHERE jurisdiction = $jurisdiction AND held_on BETWEEN $first AND $last
              AND recorded_at <= $known_at AND name IN ({facts}) {subject})"""

    def _values(self, question: FactQuery, one_subject: bool = False) -> dict[str, Any]:
        values: dict[str, Any] = {
            "jurisdiction": question.jurisdiction,
            "first": question.first,
            "last": question.last,
            "known_at": question.known_at.astimezone(dt.UTC).replace(tzinfo=None),
        }
        return values | ({"subject": question.subjects[0]} if one_subject else {})

    def _check(self, file: Path) -> None:
        if file not in self._checked:
            found = self._connection.execute(
                f"DESCRIBE SELECT * FROM read_parquet({_quoted(str(file))})"
            ).fetchall()
            check_columns(file.name, [(row[0], row[1]) for row in found])
            self._checked.add(file)

    def _name_needs(self, question: FactQuery) -> None:
        needs: dict[str, list[str]] = {
            "name": [need.fact.name for need in question.needs],
            "by": [need.by for need in question.needs],
            "declared_unit": [need.fact.unit for need in question.needs],
            "declared_scale": [str(need.fact.scale) for need in question.needs],
        }
        put_texts(self._connection, "needs", needs)
        put_texts(self._connection, "subjects", {"subject": question.subjects})

    def _refuse_other_measures(self, question: FactQuery) -> None:
        wrong = self._connection.execute(
            """SELECT name, unit, scale, declared_unit, declared_scale FROM grouped JOIN needs USING (name)
               WHERE unit <> declared_unit OR scale::VARCHAR <> declared_scale LIMIT 1"""
        ).fetchone()
        if wrong:
            keys = ("fact", "unit", "scale", "declared_unit", "declared_scale")
            place = next(need.fact.place for need in question.needs if need.fact.name == wrong[0])
            raise EngineRefusal("other_measure", place, **dict(zip(keys, wrong, strict=True)))


def _level(question: FactQuery) -> str:
    """The rating or the day for facts asked so; compared by name, for a join would touch every row."""
    levels = {
        "rating": "if(reverses IS NULL, quantity, -quantity)",
        "day": "(held_on - DATE '1970-01-01')::BIGINT",
    }
    cases = ""
    for by, level in levels.items():
        names = ", ".join(_quoted(need.fact.name) for need in question.needs if need.by == by)
        if names:
            cases += f" WHEN name IN ({names}) THEN {level}"
    return f"(CASE{cases} ELSE 0 END)::BIGINT" if cases else "0::BIGINT"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _whole(column: Any) -> Ints:
    return np.asarray(column, dtype=np.int64)


def _empty() -> Sums:
    nothing = np.zeros(0, dtype=np.int64)
    return Sums.of([nothing] * len(_COLUMNS), ())
