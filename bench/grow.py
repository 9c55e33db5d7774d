"""What grows with everything: every role's pages over many matters and over 10,000: ``python -m bench.grow``.

Limit: the median of a page over 1,000,000 matters on PostgreSQL, over 200,000 on SQLite, is at most 1.5 times that
over 10,000. The matters lie evenly in the year until now: all of them are in what the year's figures count. Figures are
kept as the worker keeps them, then fifty acts are done over all of them that it hasn't seen. Every page is first held
against SQL written by hand (``pages``), which counts everything.

Told beside: how long the first keeping takes, and what the worker needs in a minute of 100 acts.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from bench import bulk, figures, ground, pages

GROWTH = 1.5
SMALL = 10_000
LARGE = {"postgresql": 1_000_000, "sqlite": 200_000}


@contextmanager
def loaded(database: str, sizes: dict[str, int]) -> Iterator[dict[str, str]]:
    """A database of each size: what ``ground.lead_to`` is told to lead to it."""
    from django.db import connections

    found = {}

    with ground.laid(database) as laid:
        founded = connections.settings["default"]["NAME"]
        for name, number in sizes.items():
            ground.leave()
            if database == "postgresql":
                ground.administer(f"CREATE DATABASE {name} TEMPLATE postgres")
                found[name] = name
            else:
                found[name] = str(laid.home / f"{name}.sqlite3")
                with sqlite3.connect(founded) as source, sqlite3.connect(found[name]) as target:
                    source.backup(target)
            ground.lead_to(found[name])
            began = time.perf_counter()
            bulk.load(number)
            print(f"{number} matters loaded in {time.perf_counter() - began:.0f} s", flush=True)
            keep_figures(number)
        yield found


def keep_figures(number: int) -> None:
    """Keep them for the first time; then see to a minute's acts four times, and leave fifty unseen."""
    began, used = time.perf_counter(), time.process_time()
    pieces = list(kept())
    whole = time.perf_counter() - began
    print(
        f"{number} matters: figures kept for the first time in {whole:.0f} s of work, {time.process_time() - used:.0f} s of"
        f" them of this process; the longest of {len(pieces)} pieces {max(pieces):.2f} s"
    )
    beats, used = [], 0.0
    for turn in range(4):
        act(25, turn)
        since = time.process_time()
        beats.append(sum(kept()) * 1e3)
        used += (time.process_time() - since) * 1e3
    print(
        f"{number} matters: a minute of 100 acts costs the worker {sum(beats):.0f} ms, {used:.0f} of them of this process;"
        f" {figures.middle(beats)} ms a beat"
    )
    act(50, 4)


def kept() -> Iterator[float]:
    """Keep figures until nothing is left; the seconds of each piece."""
    from qingfeng.kernel.reading.figure_keeping import keep

    while True:
        began = time.perf_counter()
        if not keep(ground.NOW):
            return
        yield time.perf_counter() - began


def act(many: int, turn: int) -> None:
    """Urge on in so many problems that are in hand, as evenly as they lie."""
    from qingfeng.kernel.acts.engine import perform
    from qingfeng.kernel.matters.registry import acts_of
    from qingfeng.mechanisms.problems.rectification.models import Problem

    office, urge = ground.actor("office0"), acts_of(Problem)["urge"]
    found = list(Problem.objects.filter(state="assigned").order_by("pk").values_list("pk", flat=True))
    for place in range(many):
        pk = found[(place * len(found) // many + turn) % len(found)]
        perform(urge, office, {"words": "请抓紧。"}, ground.NOW, matter_id=pk)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=tuple(LARGE), default="postgresql")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--large", type=int, default=0)
    parser.add_argument("--only", default="", help="pages whose name has this")
    chosen = parser.parse_args()
    verdict = figures.Verdict()
    sizes = {"small": SMALL, "large": chosen.large or LARGE[chosen.database]}
    wall: dict[tuple[str, str], list[float]] = defaultdict(list)
    used: dict[tuple[str, str], list[float]] = defaultdict(list)
    with loaded(chosen.database, sizes) as databases:
        figures.machine()
        for turn in range(chosen.rounds + 1):  # by turns, so that a busy moment hits both sizes
            for size in sizes:
                ground.lead_to(databases[size])
                readers: dict[str, pages.Reader] = {}
                for page in pages.pages():
                    if chosen.only not in page.name:
                        continue
                    if page.who not in readers:
                        readers[page.who] = pages.Reader(page.who)
                    html, seconds, processor = readers[page.who].ask(page.address)
                    if not turn:  # the first round warms, and is looked at
                        page.check(html)
                        continue
                    wall[page.name, size].append(seconds * 1e3)
                    used[page.name, size].append(processor * 1e3)
        small, large = (f"{sizes[size]:,}" for size in sizes)
        print(f"{'page':28} {'ms over ' + small:>24} {'over ' + large:>24}   of them of this process")
        for name in dict.fromkeys(name for name, _size in wall):
            both = [figures.middle(wall[name, size]) for size in sizes]
            own = [f"{statistics.median(used[name, size]):.3g}" for size in sizes]
            print(f"{name:28} {both[0]:>24} {both[1]:>24}   {own[0]}, {own[1]}")
        for name in dict.fromkeys(name for name, _size in wall):
            before, after = (statistics.median(wall[name, size]) for size in sizes)
            verdict.most(f"{name}: {large} to {small} matters", after / before, GROWTH)
        figures.machine()
    verdict.leave()


if __name__ == "__main__":
    main()
