"""kill -9 in the midst of acts: what was acknowledged is there. The whole of it is `python -m bench.kill`."""

import random

from bench.ground import life
from bench.killing import act_on, killed, lost, the_process
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.verify import verify
from tests.cast import NOW, actor, unit
from tests.databases import leave


def test_killed_six_times_nothing_acknowledged_is_lost_and_the_ledger_verifies(fresh_database: str) -> None:
    plan = life(actor("office_a"), actor("office_b"), actor("clerk_housing"), unit("housing").pk, NOW)
    chance = random.Random(6)
    acknowledged, missing = 0, []
    for _kill in range(6):
        leave()
        lines = killed(lambda pipe: act_on(plan, NOW, pipe), chance.randint(10, 60), chance, the_process)
        acknowledged += len(lines)
        missing += lost(lines)
    assert acknowledged > 100
    assert missing == []
    seal_all(NOW, signer())
    assert list(verify()) == []
