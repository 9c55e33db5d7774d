"""A thousand and more ways of tampering by hand, each found and named: ``python -m bench.tamper``.

Limit: none goes unfound, and of every one a fault names a row it touched. Ways that the database itself
refuses (a second row where one may be) are counted apart. Each is done in a transaction of its own, which
is then rolled back.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from bench import figures, ground

LEAST = 1000


def lay() -> None:
    """The cast, the toys with their regime, and both at work."""
    from bench.world import at_work
    from tests.cast import FOUNDED, do, found_all

    found_all()
    text = (Path(ground.ROOT) / "tests/toys/regime.yaml").read_text(encoding="utf-8")
    proposed = do("regime.propose", "office_a", at=FOUNDED, text=text)
    do("regime.activate", "office_b", proposed.matter, at=FOUNDED)
    at_work()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rows", type=int, default=4, help="rows of each table")
    parser.add_argument("--only", default="", help="only ways whose title begins so")
    chosen = parser.parse_args()
    with ground.laid(chosen.database, settings="tests.toys.settings", founded=False):
        lay()
        from bench.tampering import outcome, unguard, ways
        from qingfeng.kernel.ledger.verify import verify

        clean = list(verify())
        if clean:
            sys.exit(f"not clean before: {clean[:5]}")
        unguard()
        tally: Counter[str] = Counter()
        for way in ways(chosen.rows):
            if not way.title.startswith(chosen.only):
                continue
            said = outcome(way)
            tally[said.partition(" ")[0]] += 1
            if said not in ("named", "refused"):
                print(f"{said:10} {way.title}", flush=True)
        if list(verify()):
            sys.exit("not clean afterwards")
    print(dict(tally))
    verdict = figures.Verdict()
    verdict.least(
        "ways tried", tally["named"] + tally["found"] + tally["missed"], 0 if chosen.only else LEAST
    )
    verdict.most("ways not found", tally["missed"], 0)
    verdict.most("ways found by another name", tally["found"], 0)
    verdict.leave()


if __name__ == "__main__":
    main()
