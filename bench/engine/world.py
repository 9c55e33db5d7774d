"""A made-up city for the benchmarks: 10,000 units, 60 indicators, as many facts as asked for."""

import datetime as dt
from pathlib import Path

import duckdb

from qingfeng.assessment.engine import (
    AssessmentPeriod,
    Member,
    RecordSpan,
    Roster,
    SchemeBook,
    catalogue_from,
    scheme_from,
)
from qingfeng.assessment.engine.contract import file_name
from qingfeng.assessment.engine.scheme.dated import DateSpan

JURISDICTION = "000000"
PERIOD = AssessmentPeriod(2025, "year")
KNOWN_AT = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
SUBJECTS = 10_000
GROUPS = 100
ROWS_PER_FILE = 1_000_000
BALLOTS = range(52, 60)
"""The indicators whose facts are ratings."""


def write_facts(folder: Path, rows: int) -> None:
    """Facts spread evenly over subjects and indicators, one in a hundred reversing the one before it."""
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        for checkpoint, first in enumerate(range(0, rows, ROWS_PER_FILE), start=1):
            target = folder / file_name(JURISDICTION, checkpoint)
            last = min(first + ROWS_PER_FILE, rows)
            connection.execute(
                f"""COPY (
                    WITH drawn AS (
                        SELECT i, i % 100 = 99 AS cancels, i - (i % 100 = 99)::BIGINT AS j
                        FROM range({first}, {last}) AS r(i)),
                    made AS (
                        SELECT i + 1 AS id, i AS entry, if(cancels, j + 1, NULL) AS reverses, cancels,
                               (hash(j) % 60)::INTEGER AS number, hash(j + 1000003) % {SUBJECTS} AS subject,
                               hash(j + 2000003) AS dice,
                               DATE '2025-01-01' + (hash(j + 3000017) % 365)::INTEGER AS day,
                               TIMESTAMP '2025-01-01' + to_microseconds(i * 1500000) AS recorded_at
                        FROM drawn)
                    SELECT id, '{JURISDICTION}' AS jurisdiction,
                           'fact.' || lpad(number::VARCHAR, 2, '0') AS name,
                           'unit:' || subject AS subject,
                           (if(cancels, -1, 1) * if(number >= {BALLOTS.start},
                              40 + 20 * (dice % 4)::BIGINT, (dice % 1000)::BIGINT))::BIGINT AS quantity,
                           0::INTEGER AS scale, '1' AS unit, day AS held_on, recorded_at,
                           entry::BIGINT AS entry, reverses::BIGINT AS reverses
                    FROM made) TO '{target}' (FORMAT parquet)"""
            )


def book() -> SchemeBook:
    """Twenty attainments, ten steps, twelve deductions, eight additions, a rank, a veto, eight ballots."""
    titles = "title: {zh: 指标, en: Indicator}"
    catalogue = "facts:\n" + "".join(
        f"  fact.{number:02d}: {{{titles}, unit: '1', scale: 0}}\n" for number in range(60)
    )
    lines = [
        "scheme: city",
        "title: {zh: 全市考核, en: City}",
        f"jurisdiction: '{JURISDICTION}'",
        "clause: Article 1",
        "valid: {from: 2025-01-01}",
        "periods: [year]",
        "score: {full: 100, places: 2, rounding: gbt8170}",
        "exclusions: {protection: reweighted, tolerance: neutral}",
        "groups:",
        *(
            f"  g{number}: {{title: {{zh: 序列, en: Group}}, minimum: 5, ties: competition}}"
            for number in range(GROUPS)
        ),
        "indicators:",
        *(f"  - {{id: i{number:02d}, {titles}, {_indicator(number)}}}" for number in range(60)),
    ]
    known = RecordSpan(dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    span = DateSpan(dt.date(2025, 1, 1), dt.date.max)
    members = [
        Member(f"unit:{number}", f"Unit {number}", f"g{number % GROUPS}", span, known)
        for number in range(SUBJECTS)
    ]
    scheme = scheme_from("\n".join(lines), catalogue_from(catalogue))
    return SchemeBook((scheme,), Roster(JURISDICTION, members))


def _indicator(number: int) -> str:
    fact = f"fact.{number:02d}"
    amount = f"value: {{sum: {fact}}}"
    if number < 20:
        return (
            f"weight: 2, method: attainment/1, missing: zero, {amount}, target: 20000, best: high,"
            " cap: 100, floor: 0"
        )
    if number < 30:
        table = "[{at: 0, points: 0}, {at: 8000, points: 1.2}, {at: 20000, points: 2}]"
        return f"weight: 2, method: steps/1, missing: zero, {amount}, table: {table}, between: interpolate"
    if number < 42:
        events = f"[{{each: {{count: {fact}}}, points: 0.05}}]"
        return f"weight: 1, method: deduction/1, events: {events}, cap: 1"
    if number < 50:
        return f"weight: 0, method: addition/1, events: [{{each: {{count: {fact}}}, points: 0.01}}], cap: 0.5"
    if number == 50:
        return (
            f"weight: 4, method: rank_points/1, missing: zero, {amount}, best: high, first: 4, step: 0.04,"
            " least: 0, ties: competition"
        )
    if number == 51:
        return f"weight: 0, method: veto/1, each: {{count: {fact}}}, at_least: 400, most: 60"
    raters = f"[{{id: staff, ballots: {fact}, weight: 100, minimum: 5}}]"
    return (
        "weight: 3, method: ballots/1, missing: zero, levels: [100, 80, 60, 40],"
        f" raters: {raters}, below_minimum: unranked"
    )
