"""Verification of the whole ledger against a bare read of the same rows: ``python -m bench.verify``.

Limits: on PostgreSQL ``verify()`` takes at most 2.5 times as long as fetching the same columns of the same rows in
the same portions, each asked for once, everything but numbers left as the text the server sends; on SQLite the ratio
is printed. Ten times the matters need at most 1.1 times
the memory. The matters are copies of a life the engine
led, each with bodies, digests, facts, clocks, access and sealed values that are truly its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
import tracemalloc
from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

from bench import bulk, figures, ground

LIMIT = 2.5
HEAVIER = 1.1


class Statements:
    """Keeps what verification asks the database; what it asks twice, once."""

    def __init__(self) -> None:
        self.asked: dict[tuple[str, tuple[Any, ...]], None] = {}

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.asked[sql, tuple(params or ())] = None
        return execute(sql, params, many, context)


def bare(asked: Iterable[tuple[str, Any]]) -> tuple[float, int]:
    """The same rows, fetched and dropped: seconds, and how many."""
    from django.db import connection

    connection.ensure_connection()
    raw: Any = connection.connection
    if connection.vendor == "postgresql":
        raw = psycopg.connect(os.environ["DATABASE_URL"])
        for kind in ("timestamptz", "date", "json", "jsonb", "uuid"):
            raw.adapters.register_loader(kind, TextLoader)
    rows = 0
    began = time.perf_counter()
    for sql, params in asked:
        if connection.vendor == "sqlite":
            rows += len(raw.execute(sql.replace("%s", "?"), params or ()).fetchall())
        else:
            rows += len(raw.execute(sql, params).fetchall())
    taken = time.perf_counter() - began
    if connection.vendor == "postgresql":
        raw.close()
    return taken, rows


def peak() -> float:
    """Megabytes that verification needs at most; the ledger has to be in order."""
    from qingfeng.kernel.ledger.verify import verify

    tracemalloc.start()
    faults = list(verify())
    most = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    if faults:
        raise SystemExit(f"not clean: {faults[:3]}")
    return most


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="postgresql")
    parser.add_argument("--matters", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    verdict = figures.Verdict()
    with ground.laid(chosen.database):
        from django.db import connection

        from qingfeng.kernel.ledger.checkpoints import seal_all, signer
        from qingfeng.kernel.ledger.verify import RANGE, verify

        figures.machine()
        began = time.perf_counter()
        tenth = chosen.matters // 10
        peaks = []
        for portion in (tenth, chosen.matters - tenth):
            bulk.lives(portion)
            seal_all(ground.NOW, signer())
            if tenth >= 2 * RANGE:
                peaks.append(peak())
        if peaks:
            print(f"memory: {peaks[0]:.1f} MB, of ten times the matters {peaks[1]:.1f} MB")
            verdict.most("memory of verifying ten times the matters", peaks[1] / peaks[0], HEAVIER)
        else:
            print(f"memory: not measured; a tenth of the matters has to fill two ranges of {RANGE}")
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        print(f"{chosen.matters} matters laid in {time.perf_counter() - began:.0f} s", flush=True)
        statements = Statements()
        with connection.execute_wrapper(statements):
            faults = list(verify())
        if faults:
            raise SystemExit(f"not clean: {faults[:3]}")
        if chosen.profile:
            import cProfile

            cProfile.runctx("list(verify())", {"verify": verify, "list": list}, {}, sort="tottime")
            return
        checks, reads, ratios, rows = [], [], [], 0
        for _round in range(chosen.rounds):
            read, rows = bare(statements.asked)
            began = time.perf_counter()
            assert not list(verify())
            checks.append(time.perf_counter() - began)
            reads.append(read)
            ratios.append(checks[-1] / read)
        print(
            f"{chosen.database}: {rows} rows; verify {figures.middle(checks)} s, bare read {figures.middle(reads)} s"
        )
        print(f"ratio {figures.middle(ratios)}")
        limit = LIMIT if chosen.database == "postgresql" else float("inf")
        verdict.most(f"verification to a bare read, {chosen.database}", statistics.median(ratios), limit)
        figures.machine()
    verdict.leave()


if __name__ == "__main__":
    main()
