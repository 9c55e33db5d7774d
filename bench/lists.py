"""Inbox, list and search over 1,000,000 matters: ``python -m bench.lists``.

Limits, for the clerk of one of 60 units: each reading finds what the SQL written by hand finds, in its order, and makes
a number of queries that does not grow; its time in the database is at most 1.5 times that of the best SQL written by
hand for it (the quicker of the forms tried). Of it, and of the pages of clerk, office, leader and cadre, each first
held against SQL by hand (``pages``): the 95th percentile over 1,000,000 matters is at most 1.5 times that over 10,000,
of a search at most 5 times. What counts all of a year is in ``bench.grow``.

The matters are loaded by COPY, with exactly the rows the engine would have left: matter, problem, access,
clocks, words, one entry each. One of 60 is the clerk's to read; of those some hundreds wait on the clerk.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench import figures, ground, pages

DATABASE, PAGE, SEARCH = 1.5, 1.5, 5.0
SMALL, LARGE = 10_000, 1_000_000


KEY = {"inbox": "matter_id"}
"""What a row is known by, where it isn't its id."""


class Recorder:
    """Counts the queries and the time spent in them."""

    def __init__(self) -> None:
        self.queries = 0
        self.seconds = 0.0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.queries += 1
            self.seconds += time.perf_counter() - began


OWN = (
    "SELECT m.*, p.*, j.* FROM kernel_matter m JOIN rectification_problem p ON p.matter_ptr_id = m.id"
    " JOIN kernel_jurisdiction j ON j.id = m.jurisdiction_id"
)
BY_ACCESS = (
    f"{OWN} JOIN kernel_access a ON a.matter_id = m.id AND a.holder = ANY(%(keys)s) AND a.act = ''"
    " WHERE {condition} ORDER BY a.matter_id DESC LIMIT 21"
)
BY_WORDS = (
    "SELECT m.* FROM kernel_matter m WHERE m.id IN (SELECT w.matter_id FROM kernel_matter_words w"
    " JOIN kernel_access a ON a.matter_id = w.matter_id AND a.holder = ANY(%(keys)s) AND a.act = ''"
    " WHERE w.words @@ %(words)s::tsquery) ORDER BY m.id DESC LIMIT 21"
)
WALKED = (
    "SELECT m.* FROM kernel_access a JOIN kernel_matter m ON m.id = a.matter_id WHERE a.holder = ANY(%(keys)s)"
    " AND a.act = '' AND EXISTS (SELECT 1 FROM kernel_matter_words w WHERE w.matter_id = a.matter_id"
    " AND w.words @@ %(words)s::tsquery) ORDER BY a.matter_id DESC LIMIT 21"
)
STILL_OPEN = (
    "WITH mine AS MATERIALIZED (SELECT DISTINCT a.matter_id FROM kernel_access a WHERE a.holder = ANY(%(keys)s)"
    " AND NOT a.closed ORDER BY a.matter_id DESC LIMIT 21)"
    f" {OWN} JOIN mine ON mine.matter_id = m.id ORDER BY m.id DESC"
)
WAITING = (
    "WITH waiting AS MATERIALIZED (SELECT * FROM kernel_access a WHERE a.holder = ANY(%(keys)s) AND a.act <> ''"
    " ORDER BY a.due NULLS LAST, a.matter_id, a.id LIMIT 21)"
    " SELECT a.*, m.* FROM waiting a JOIN kernel_matter m ON m.id = a.matter_id"
    " ORDER BY a.due NULLS LAST, a.matter_id, a.id"
)


def readings(clerk: Any) -> dict[str, tuple[Callable[[], Any], list[str], dict[str, Any], float]]:
    """What is read, the same by hand, its values, and how much slower it may be at 1,000,000."""
    from qingfeng.kernel.reading import reads

    code = "rectification"

    def listed(condition: str) -> list[str]:
        return [BY_ACCESS.format(condition=condition)]

    def words(text: str) -> dict[str, Any]:
        return {"keys": list(clerk.keys), "words": pages.having(text)[1]}

    plain: dict[str, Any] = {"keys": list(clerk.keys)}
    found: dict[str, tuple[Callable[[], Any], list[str], dict[str, Any], float]] = {
        "inbox": (lambda: reads.inbox(clerk), [WAITING], plain, PAGE),
        "list": (lambda: reads.listing(clerk, code), listed("true"), plain, PAGE),
        "list, open": (
            lambda: reads.listing(clerk, code, reads.Filters(open=True)),
            [*listed("NOT a.closed"), STILL_OPEN],
            plain,
            PAGE,
        ),
        "list, one state": (
            lambda: reads.listing(clerk, code, reads.Filters(state="reported")),
            listed("NOT a.closed AND m.state = 'reported'"),
            plain,
            PAGE,
        ),
        "list, one kind": (
            lambda: reads.listing(clerk, code, reads.Filters(fields={"kind": "formalism"})),
            listed("p.kind = 'formalism'"),
            plain,
            PAGE,
        ),
    }
    for name, text in pages.SEARCHED:
        found[f"search, {name}"] = (
            lambda text=text: reads.searched(clerk, text),  # type: ignore[misc]
            [BY_WORDS, WALKED],
            words(text),
            SEARCH,
        )
    return found


def measured(rounds: int) -> dict[str, dict[str, Any]]:
    """Each reading against the same by hand, by turns, on the database that is led to."""
    from django.db import connection

    clerk = ground.actor("clerk07")
    taken: dict[str, dict[str, Any]] = {}
    kinds = readings(clerk)
    for turn in range(rounds + 2):
        for name, (read, by_hand, values, limit) in kinds.items():
            kept = taken.setdefault(
                name,
                {
                    "limit": limit,
                    "whole": [],
                    "database": [],
                    "hand": [[] for _sql in by_hand],
                    "queries": set(),
                },
            )
            recorder = Recorder()
            began = time.perf_counter()
            with connection.execute_wrapper(recorder):
                page = read()
            whole = time.perf_counter() - began
            kept["rows"] = len(page.rows)
            for place, sql in enumerate(by_hand):
                hand = Recorder()
                with connection.cursor() as cursor, connection.execute_wrapper(hand):
                    cursor.execute(sql, values)
                    found = cursor.fetchall()
                    key = [column.name for column in cursor.description].index(KEY.get(name, "id"))
                wanted = [row[key] for row in found][: len(page.rows)]
                if wanted != [getattr(row, KEY.get(name, "pk")) for row in page.rows]:
                    raise SystemExit(f"{name}: {page.rows} is not what the SQL by hand finds: {wanted}")
                if turn > 1:
                    kept["hand"][place].append(hand.seconds * 1e3)
            if turn > 1:
                kept["whole"].append(whole * 1e3)
                kept["database"].append(recorder.seconds * 1e3)
                kept["queries"].add(recorder.queries)
    return taken


def served(rounds: int) -> dict[str, dict[str, Any]]:
    """The console's pages, as each of the cast sees them; those that count a whole year are in ``bench.grow``."""
    from django.db import connection

    asked = [page for page in pages.pages() if not page.of_year]
    readers = {page.who: pages.Reader(page.who) for page in asked}
    taken: dict[str, dict[str, Any]] = {}
    for turn in range(rounds + 2):
        for page in asked:
            limit = SEARCH if "search" in page.name else PAGE
            kept = taken.setdefault(page.name, {"limit": limit, "whole": [], "queries": set()})
            recorder = Recorder()
            with connection.execute_wrapper(recorder):
                html, seconds, _processor = readers[page.who].ask(page.address)
            if not turn:
                page.check(html)
            if turn > 1:
                kept["whole"].append(seconds * 1e3)
                kept["queries"].add(recorder.queries)
    return taken


def gather(kept: dict[str, Any], more: dict[str, Any]) -> None:
    """Add what a block of rounds measured."""
    for name, measures in more.items():
        before = kept.setdefault(name, measures)
        if before is measures:
            continue
        before["queries"] |= measures["queries"]
        for key in ("whole", "database"):
            if key in before:
                before[key] += measures[key]
        for times, added in zip(before.get("hand", ()), measures.get("hand", ()), strict=True):
            times += added


def compare(
    verdict: figures.Verdict, many: int, small: dict[str, Any], large: dict[str, Any], what: str
) -> None:
    """Print both sizes beside each other and hold the limits."""
    for name, at in large.items():
        before = small[name]
        said = f"{what} {name}"
        queries = sorted(at["queries"])
        print(
            f"{said:26} {many}: {figures.middle(at['whole'])} ms, p95 {figures.p95(at['whole']):.4g};"
            f" {SMALL}: {figures.middle(before['whole'])}, p95 {figures.p95(before['whole']):.4g};"
            f" queries {queries}"
        )
        verdict.most(f"{said}: queries more than over {SMALL}", max(queries) - max(before["queries"]), 0)
        if "hand" in at:
            hand = min(statistics.median(times) for times in at["hand"])
            database = statistics.median(at["database"])
            print(f"{'':26} in the database {database:.3f} ms, by hand {hand:.3f} ms, {at['rows']} rows")
            verdict.most(f"{said}: database time to SQL by hand", database / hand, DATABASE)
        verdict.most(
            f"{said}: p95 to that over {SMALL}",
            figures.p95(at["whole"]) / figures.p95(before["whole"]),
            at["limit"],
        )


def main() -> None:
    from bench import bulk

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--large", type=int, default=LARGE)
    parser.add_argument("--keep", default="", help="work on this database URL, loaded by an earlier run")
    chosen = parser.parse_args()
    verdict = figures.Verdict()
    with ground.laid(kept=chosen.keep):
        figures.machine()
        sizes = (("small", SMALL), ("large", chosen.large))
        if not chosen.keep:
            for name, _many in sizes:
                ground.leave()
                ground.administer(f"CREATE DATABASE {name} TEMPLATE postgres")
            for name, many in sizes:
                ground.lead_to(name)
                began = time.perf_counter()
                bulk.load(many)
                print(f"{many} matters loaded in {time.perf_counter() - began:.0f} s", flush=True)
        readings: dict[str, dict[str, Any]] = {name: {} for name, _many in sizes}
        drawn: dict[str, dict[str, Any]] = {name: {} for name, _many in sizes}
        for _block in range(chosen.rounds // 10):  # by turns, so that a busy moment hits both sizes
            for name, _many in sizes:
                ground.lead_to(name)
                gather(readings[name], measured(10))
                gather(drawn[name], served(10))
        compare(verdict, chosen.large, readings["small"], readings["large"], "reading")
        compare(verdict, chosen.large, drawn["small"], drawn["large"], "page")
        figures.machine()
    verdict.leave()


if __name__ == "__main__":
    main()
