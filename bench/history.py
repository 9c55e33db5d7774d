"""What a long history costs: ``python -m bench.history --database sqlite|postgresql``.

Limits: sealing when nothing is new takes at most 1.5 times as long beside 200,000 entries as beside 10,000; so does
sealing one new entry. A proof across 10,000 checkpoints is at most 2 KiB larger than one across 100.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time

from bench import figures, ground

FEW, MANY = 10_000, 200_000
SLOWER, LARGER = 1.5, 2048


def enter(many: int) -> None:
    """So many entries of one matter after those that are there, by one statement; their bodies say nothing."""
    from django.db import connection

    from qingfeng.kernel.ledger.models import Entry

    last = Entry.objects.order_by("-pk").first()
    assert last is not None
    one = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s)",
        "postgresql": "WITH n(i) AS (SELECT generate_series(1, %s))",
    }[connection.vendor]
    digest = {"sqlite": "printf('%%064x', i + %s)", "postgresql": "lpad(to_hex(i + %s), 64, '0')"}
    seq = Entry.objects.filter(matter=last.matter).count() + 1000
    with connection.cursor() as cursor:
        cursor.execute(
            f"{one} INSERT INTO kernel_entry (jurisdiction_id, chain, seq, matter_id, act, person_id, at, body, hash)"
            f" SELECT %s, %s, i + %s, %s, 'act', NULL, %s, '{{}}', {digest[connection.vendor]} FROM n",
            [many, last.jurisdiction_id, last.chain, seq, last.matter_id, ground.NOW, seq],
        )
        cursor.execute("ANALYZE")


def sealing(rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of sealing nothing, and of sealing one entry, by turns."""
    from qingfeng.kernel.ledger.checkpoints import seal, signer
    from qingfeng.kernel.people.models import Jurisdiction

    (district,) = Jurisdiction.objects.all()
    by = signer()
    for _each in range(3):
        seal(district, ground.NOW, by)
    nothing, single = [], []
    for _each in range(rounds):
        began = time.perf_counter()
        assert seal(district, ground.NOW, by) is None
        nothing.append(1000 * (time.perf_counter() - began))
        enter(1)
        began = time.perf_counter()
        assert seal(district, ground.NOW, by) is not None
        single.append(1000 * (time.perf_counter() - began))
        seal(district, ground.NOW, by)
    return nothing, single


def proved(checkpoints: int) -> int:
    """Bytes of the proof of the first entry, across so many checkpoints."""
    from qingfeng.kernel.ledger.checkpoints import _signed, signer
    from qingfeng.kernel.ledger.continuity import last_of
    from qingfeng.kernel.ledger.history import grown, keep
    from qingfeng.kernel.ledger.keychain import standing
    from qingfeng.kernel.ledger.models import Entry
    from qingfeng.kernel.ledger.proofs import proof
    from qingfeng.kernel.people.models import Jurisdiction

    (district,) = Jurisdiction.objects.all()
    by, chain = signer(), standing()
    tree = grown(district, last_of(district))
    while tree.size < checkpoints:
        keep(district, tree, [_signed(district, ground.NOW, by, chain, [], tree, None).hash])
    first = Entry.objects.order_by("pk").first()
    assert first is not None
    return len(json.dumps(proof(first)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=30)
    chosen = parser.parse_args()
    verdict = figures.Verdict()
    figures.machine()
    with ground.laid(chosen.database):
        found = []
        for entries in (FEW, MANY - FEW):
            enter(entries)
            found.append(sealing(chosen.rounds))
        for place, what in enumerate(("nothing", "one entry")):
            few, many = found[0][place], found[1][place]
            print(f"sealing {what}: {figures.middle(few)} ms, then {figures.middle(many)} ms")
            ratio = statistics.median(many) / statistics.median(few)
            verdict.most(f"sealing {what}, {MANY} to {FEW} entries", ratio, SLOWER)
        sizes = [proved(checkpoints) for checkpoints in (100, 10_000)]
        print(f"proof: {sizes[0]} and {sizes[1]} bytes")
        verdict.most(
            "proof across 10,000 checkpoints to one across 100, bytes more", sizes[1] - sizes[0], LARGER
        )
    figures.machine()
    verdict.leave()


if __name__ == "__main__":
    main()
