"""Acts through the whole engine against the same rows written bare: ``python -m bench.acts``.

Limits: the engine's rate is at least 0.33 of that of the same rows written in the quickest way there is (``rows``):
prepared statements sent in one go, each act in its own transaction, PostgreSQL with synchronous_commit=on; two writing
processes reach at least 1.6 times the rate of one. Printed besides: what the engine costs over the
method's own body, in statements and microseconds.

Three copies of one database: the engine is timed on the first, leads the same lives again on the second, which notes
the rows it leaves, and these are written bare into the third.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from bench import figures, ground, rows

RATE, TWO = 0.33, 1.6
ENGINE, NOTED, BARE = "engine", "noted", "bare"


class Writer:
    """Carries problems of one unit from finding to writing off."""

    def __init__(self, clerk: str) -> None:
        from qingfeng.kernel.matters.registry import acts_of
        from qingfeng.mechanisms.problems.rectification.models import Problem

        self.acts = acts_of(Problem)
        cast = map(ground.actor, ("office0", "office1", f"clerk{clerk}"))
        self.plan = ground.life(*cast, ground.unit(clerk))

    def lives(self, matters: int, after: Callable[[str, float], None] | None = None) -> float:
        """All acts of so many problems, the same act over all of them before the next; acts a second."""
        from qingfeng.kernel.acts.engine import perform

        opened: list[int | None] = [None] * matters
        started = time.perf_counter()
        for name, actor, values in self.plan:
            for place, matter_id in enumerate(opened):
                began = time.perf_counter()
                done = perform(self.acts[name], actor, values, ground.NOW, matter_id=matter_id)
                if after is not None:
                    after(name, time.perf_counter() - began)
                opened[place] = done.matter.pk
        return matters * len(self.plan) / (time.perf_counter() - started)


class Recorder:
    """Counts the statements of every act, and keeps what the whole act and its body took."""

    def __init__(self) -> None:
        self.statements = self.within = 0
        self.inside = 0.0
        self.counts: dict[str, tuple[int, int]] = {}
        self.times: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)

    def body(self, method: Callable[..., Any]) -> Callable[..., Any]:
        """The method of an act, watched."""

        @wraps(method)
        def watched(*args: Any, **kwargs: Any) -> Any:
            began, before = time.perf_counter(), self.statements
            try:
                return method(*args, **kwargs)
            finally:
                self.inside += time.perf_counter() - began
                self.within += self.statements - before

        return watched

    def act(self, name: str, seconds: float) -> None:
        """An act is over."""
        self.counts[name] = (self.statements, self.within)
        self.times[name].append((seconds, self.inside))
        self.statements = self.within = 0
        self.inside = 0.0


def rate(rounds: int, matters: int, verdict: figures.Verdict) -> None:
    """The engine and the bare writer by turns."""
    from django.db import connection

    writer, recorder = Writer("01"), Recorder()
    writer.lives(3)
    ground.leave()
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    for name in (ENGINE, NOTED, BARE):
        ground.administer(f"CREATE DATABASE {name} TEMPLATE postgres")
    keys = rows.note_changes(f"{server}/{NOTED}")
    engines, bares, ratios, works = [], [], [], []
    for turn in range(rounds + 1):
        ground.lead_to(ENGINE)
        writer.lives(1)  # signs in
        backend = connection.connection.info.backend_pid
        used = figures.processor(backend)
        engine = writer.lives(matters)
        work = matters * len(writer.plan) / (figures.processor(backend) - used)
        ground.lead_to(NOTED)
        writer.lives(1 + matters)
        acts = rows.noted(f"{server}/{NOTED}", keys)
        assert len(acts) == len(writer.plan) * (1 + matters), (
            "every act is a transaction, and nothing else is"
        )
        plain, plain_work = rows.written(f"{server}/{BARE}", acts)
        if turn:  # the first round warms both
            engines.append(engine)
            bares.append(plain)
            ratios.append(engine / plain)
            works.append(work / plain_work)
    writer.acts = {name: replace(act, method=recorder.body(act.method)) for name, act in writer.acts.items()}
    ground.lead_to(ENGINE)
    with connection.execute_wrapper(recorder):
        writer.lives(matters, recorder.act)
    print(f"engine {figures.middle(engines)} acts/s, bare {figures.middle(bares)} acts/s")
    print("act            statements (body)  whole µs  body µs  engine's own µs")
    for name, times in recorder.times.items():
        whole, inside = (statistics.median(column) * 1e6 for column in zip(*times, strict=True))
        said = f"{recorder.counts[name][0]:10} ({recorder.counts[name][1]})"
        print(f"{name:12} {said} {whole:16.0f} {inside:8.0f} {whole - inside:16.0f}")
    print(f"ratio {figures.middle(ratios)}; of processor time, the server's too, {figures.middle(works)}")
    verdict.least("engine to bare", statistics.median(ratios), RATE)


def pair(rounds: int, matters: int, verdict: figures.Verdict) -> None:
    """One writing process and two, by turns."""
    writers = [_process(clerk, matters) for clerk in ("01", "02")]
    alone, together = [], []
    for turn in range(rounds + 1):
        one = _together(writers[:1], matters)
        two = _together(writers, matters)
        if turn:
            alone.append(one)
            together.append(two)
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.close()
        writer.wait()
    ratios = [two / one for one, two in zip(alone, together, strict=True)]
    print(f"one writer {figures.middle(alone)} acts/s, two {figures.middle(together)} acts/s")
    print(f"ratio {figures.middle(ratios)}")
    verdict.least("two writers to one", statistics.median(ratios), TWO)


def _process(clerk: str, matters: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "bench.acts", "--writer", clerk, "--matters", str(matters)]
    writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ground.ROOT)
    assert writer.stdout is not None
    assert writer.stdout.readline() == b"ready\n"
    return writer


def _together(writers: list[subprocess.Popen[bytes]], matters: int) -> float:
    began = time.perf_counter()
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"done\n"
    return len(writers) * matters * ground.ACTS / (time.perf_counter() - began)


def serve(clerk: str, matters: int) -> None:
    """A writing process: one round for each line it is sent."""
    ground.join()
    writer = Writer(clerk)
    print("ready", flush=True)
    for _line in sys.stdin:
        writer.lives(matters)
        print("done", flush=True)


def profile(matters: int) -> None:
    """Where the engine's time goes."""
    import cProfile
    import pstats

    writer = Writer("01")
    writer.lives(3)
    running = cProfile.Profile()
    running.enable()
    writer.lives(matters)
    running.disable()
    pstats.Stats(running).sort_stats("cumulative").print_stats(70)
    pstats.Stats(running).sort_stats("tottime").print_stats(40)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    parser.add_argument("--matters", type=int, default=10)
    parser.add_argument("--writer", default="")
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    if chosen.writer:
        serve(chosen.writer, chosen.matters)
        return
    verdict = figures.Verdict()
    with ground.laid():
        figures.machine()
        if chosen.profile:
            profile(chosen.matters)
            return
        rate(chosen.rounds, chosen.matters, verdict)
        pair(chosen.rounds, chosen.matters, verdict)
        figures.machine()
    verdict.leave()


if __name__ == "__main__":
    main()
