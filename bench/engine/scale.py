"""Scores, ranks and stored traces against the bare aggregation: time, memory and growth.

    python -m bench.engine.scale --facts 1000000 5000000 20000000 --runs 3

Ratios are taken within one run, one after the other, and printed as medians with their spread. Exits with 1
when a limit is broken at the largest size.
"""

import argparse
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from bench.engine import world
from qingfeng.assessment.engine import ParquetReader, assess
from qingfeng.assessment.engine.store import save

SCORES_LIMIT = 4.0
TRACE_LIMIT = 5.0
INTERVALS_LIMIT = 2.0


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


class Bench:
    """One number of facts."""

    def __init__(self, folder: Path, rows: int) -> None:
        self.folder = folder / f"facts-{rows}"
        self.results = folder / f"results-{rows}"
        world.write_facts(self.folder, rows)
        self.book = world.book()

    def bare(self) -> float:
        """The hand-written aggregation."""
        sql = (Path(__file__).parent / "aggregate.sql").read_text()
        with duckdb.connect() as connection:
            return timed(lambda: connection.execute(sql, {"files": self._files()}))

    def whole(self) -> float:
        """Scores, ranks and stored traces."""
        shutil.rmtree(self.results, ignore_errors=True)
        return timed(self._run)

    def _run(self) -> None:
        outcomes = assess([self.book], world.PERIOD, world.KNOWN_AT, ParquetReader(self.folder))
        save(outcomes, self.results)

    def _files(self) -> list[str]:
        return [str(path) for path in sorted(self.folder.glob("*.parquet"))]


def show(name: str, ratios: list[float], limit: float) -> bool:
    """Print median and spread; whether the limit holds."""
    median = statistics.median(ratios)
    print(f"  {name}: {median:.2f} x (min {min(ratios):.2f}, max {max(ratios):.2f}; limit {limit:.0f} x)")
    return median <= limit


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facts", type=int, nargs="+", default=[1_000_000, 5_000_000, 20_000_000])
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    sound = True
    with tempfile.TemporaryDirectory() as temporary:
        for rows in arguments.facts:
            bench = Bench(Path(temporary), rows)
            bare, whole = [], []
            for _ in range(arguments.runs):
                bare.append(bench.bare())
                whole.append(bench.whole())
            print(
                f"{rows:,} facts: aggregation {statistics.median(bare):.2f} s, whole run {statistics.median(whole):.2f} s"
            )
            sound = show(
                "whole run / aggregation", [w / b for w, b in zip(whole, bare, strict=True)], SCORES_LIMIT
            )
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"  peak memory so far {peak:,.0f} MiB")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
