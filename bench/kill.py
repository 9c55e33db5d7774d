"""kill -9 at 200 places in 10,000 acts: ``python -m bench.kill --database sqlite|postgresql``.

Limit: nothing that was acknowledged is lost, on either database, and after the next checkpoint verification
finds nothing. On PostgreSQL every fifth kill is of the server's own process behind the acts, every
twentieth of the whole server, which is then started again.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

from bench import figures, ground
from tests.postgres import Cluster

KILLS, ACTS = 200, 10_000


def backends(cluster: Cluster) -> list[int]:
    """The server's processes that serve a connection."""
    assert cluster.server is not None
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            said = (path / "cmdline").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == cluster.server.pid and "qingfeng" in said and "postgres" in said:
            found.append(int(path.name))
    return found


def killer(turn: int, cluster: Cluster | None) -> Callable[[int], None]:
    """Who is killed at this turn."""
    from bench.killing import the_process

    if cluster is None or turn % 5:
        return the_process

    def server(child: int) -> None:
        assert cluster.server is not None
        if turn % 20:
            for pid in backends(cluster):
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.05)
            the_process(child)
        else:
            cluster.server.kill()
            cluster.server.wait()
            the_process(child)
            restart(cluster)

    return server


def restart(cluster: Cluster) -> None:
    """Start the killed server again, once what it left behind is gone."""
    deadline = time.monotonic() + 60
    while True:
        time.sleep(0.3)
        try:
            cluster.resume()
            return
        except RuntimeError:
            if time.monotonic() > deadline:
                raise


def ready(cluster: Cluster | None) -> None:
    """Wait until the server takes connections again after a crash of one of its processes."""
    import psycopg

    deadline = time.monotonic() + 60
    while cluster is not None:
        try:
            psycopg.connect(cluster.url).close()
            return
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--acts", type=int, default=ACTS)
    parser.add_argument("--seed", type=int, default=20261122)
    chosen = parser.parse_args()
    chance = random.Random(chosen.seed)
    verdict = figures.Verdict()
    with ground.laid(chosen.database) as laid:
        from bench.killing import act_on, killed, lost
        from qingfeng.kernel.ledger.checkpoints import seal_all, signer
        from qingfeng.kernel.ledger.verify import verify

        cast = [ground.actor(name) for name in ("office0", "office1", "clerk01")]
        plan = ground.life(*cast, ground.unit("01"))
        missing: list[str] = []
        acknowledged = 0
        each = chosen.acts // chosen.kills
        for turn in range(1, chosen.kills + 1):
            ground.leave()
            lines = killed(
                lambda pipe: act_on(plan, ground.NOW, pipe),
                chance.randint(0, 2 * each),
                chance,
                killer(turn, laid.cluster),
            )
            ready(laid.cluster)
            acknowledged += len(lines)
            missing += lost(lines)
        seal_all(ground.NOW, signer())
        faults = [str(fault) for fault in verify()]
    print(f"{chosen.database}: {chosen.kills} kills, {acknowledged} acts acknowledged")
    for said in (*missing[:5], *faults[:5]):
        print("   ", said)
    verdict.least("acts acknowledged", acknowledged, chosen.acts * 0.9)
    verdict.most("acknowledged and lost", len(missing), 0)
    verdict.most("faults after the next checkpoint", len(faults), 0)
    verdict.leave()


if __name__ == "__main__":
    main()
