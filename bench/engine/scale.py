"""Scores, ranks and stored traces against the bare aggregation: time, memory and growth.

    python -m bench.engine.scale --facts 1000000 5000000 20000000 --runs 3

Ratios are taken within one run, one part after the other, and printed as medians with their spread.
Exits with 1 when a limit is broken at any size.
"""

import argparse
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import duckdb

from bench.engine import world
from qingfeng.assessment.engine import ParquetReader, assess
from qingfeng.assessment.engine.inputs import list_facts
from qingfeng.assessment.engine.store import StoredRun, save
from qingfeng.assessment.engine.uncertainty import uncertainty

SCORES_LIMIT = 2.0
TRACE_LIMIT = 5.0
INTERVALS_LIMIT = 2.0
SUBJECT = "unit:4711"
PARTS = ("bare", "whole", "intervals", "scan", "trace")


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
        return self._sql("aggregate.sql")

    def whole(self) -> float:
        """Scores, ranks and stored traces."""
        shutil.rmtree(self.results, ignore_errors=True)
        return timed(self._run)

    def intervals(self) -> float:
        """Intervals of totals and ranks for every unit of the run before."""
        return timed(lambda: uncertainty(self.outcomes[world.JURISDICTION]["city"]))

    def scan(self) -> float:
        """One filtered scan: every fact of one unit."""
        return self._sql("scan.sql")

    def trace(self) -> float:
        """One unit's full trace from the stored run, with the facts it rests on."""
        return timed(self._trace)

    def _run(self) -> None:
        self.outcomes = assess([self.book], world.PERIOD, world.KNOWN_AT, ParquetReader(self.folder))
        save(self.outcomes, self.results)

    def _trace(self) -> None:
        stored = StoredRun(self.results)
        traces = stored.traces(world.JURISDICTION, "city", SUBJECT)
        facts = list_facts(stored.questions(world.JURISDICTION), SUBJECT, ParquetReader(self.folder))
        if sum(each.rows for trace in traces for each in trace.inputs) != len(facts):
            raise AssertionError("the traces' rows are not the facts listed")

    def _sql(self, name: str) -> float:
        sql = (Path(__file__).parent / name).read_text()
        files = [str(path) for path in sorted(self.folder.glob("*.parquet"))]
        with duckdb.connect() as connection:
            return timed(lambda: connection.execute(sql, {"files": files}).fetchall())


def show(name: str, times: list[float], base: list[float], limit: float) -> bool:
    """Print the median ratio and its spread; whether the limit holds."""
    ratios = [time / against for time, against in zip(times, base, strict=True)]
    median = statistics.median(ratios)
    print(f"  {name}: {median:.2f} x (min {min(ratios):.2f}, max {max(ratios):.2f}; limit {limit:.0f} x)")
    return median <= limit


def measure(bench: Bench, rows: int, runs: int) -> tuple[bool, float]:
    """Whether all limits hold at this size, and the whole run's median seconds."""
    took: dict[str, list[float]] = {part: [] for part in PARTS}
    processor: dict[str, list[float]] = {part: [] for part in PARTS}
    for _ in range(runs):
        for part in PARTS:
            before = time.process_time()
            took[part].append(getattr(bench, part)())
            processor[part].append(time.process_time() - before)
    seconds = ", ".join(f"{part} {statistics.median(times):.2f} s" for part, times in took.items())
    print(f"{rows:,} facts: {seconds}")
    held = [
        show("whole / bare aggregation", took["whole"], took["bare"], SCORES_LIMIT),
        show("trace with inputs / scan", took["trace"], took["scan"], TRACE_LIMIT),
        show("intervals / whole", took["intervals"], took["whole"], INTERVALS_LIMIT),
    ]
    work = statistics.median(w / b for w, b in zip(processor["whole"], processor["bare"], strict=True))
    print(f"  whole / bare aggregation in processor time: {work:.2f} x (steadier on a busy machine)")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory so far {peak:,.0f} MiB", flush=True)
    return all(held), statistics.median(took["whole"])


def main() -> int:
    parser = argparse.ArgumentParser(description="Time the engine against the bare aggregation.")
    parser.add_argument("--facts", type=int, nargs="+", default=[1_000_000, 5_000_000, 20_000_000])
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    sound, whole = True, []
    with tempfile.TemporaryDirectory() as temporary:
        for rows in arguments.facts:
            bench = Bench(Path(temporary), rows)
            held, seconds = measure(bench, rows, arguments.runs)
            sound = sound and held
            whole.append((rows, seconds))
            shutil.rmtree(bench.folder)
    for (fewer, first), (more, second) in pairwise(whole):
        print(f"{more / fewer:.1f} x the facts cost {second / first:.2f} x the time")
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
