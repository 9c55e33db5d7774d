"""Acts by a process that is killed without warning, and what must be there afterwards."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connections

from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.mechanisms.problems.rectification.models import Problem

Plan = list[tuple[str, Any, dict[str, Any]]]
CHECKPOINT_EVERY = 20


def forked(work: Callable[[int], None]) -> tuple[int, int]:
    """Run in a forked process, which writes to a pipe; its pid, and the end to read from.

    The caller has no database connection open: a fork would share it.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    status = 1
    try:
        os.close(reading)
        work(writing)
        status = 0
    finally:
        os._exit(status)


def act_on(plan: Plan, now: datetime, pipe: int) -> None:
    """Carry problem after problem through its acts, acknowledging each once ``perform`` has returned."""
    acts, by, done = acts_of(Problem), signer(), 0
    while True:
        matter_id = None
        for name, actor, values in plan:
            stored = perform(acts[name], actor, values, now, matter_id=matter_id)
            matter_id = stored.matter.pk
            os.write(pipe, f"{stored.entry.pk} {stored.entry.hash}\n".encode())
            done += 1
            if done % CHECKPOINT_EVERY == 0:
                seal_all(now, by)


def killed(
    work: Callable[[int], None], after: int, chance: random.Random, kill: Callable[[int], None]
) -> list[str]:
    """Let it work for so many acknowledgements and a moment more, kill it; every line it acknowledged."""
    child, pipe = forked(work)
    received = b""
    while received.count(b"\n") < after:
        got = os.read(pipe, 65536)
        if not got:
            break
        received += got
    time.sleep(chance.random() * 0.03)
    kill(child)
    os.waitpid(child, 0)
    while got := os.read(pipe, 65536):
        received += got
    os.close(pipe)
    whole, _nl, _torn = received.rpartition(b"\n")
    return whole.decode().split("\n") if whole else []


def the_process(child: int) -> None:
    """kill -9."""
    os.kill(child, signal.SIGKILL)


def lost(acknowledged: list[str]) -> list[str]:
    """What was acknowledged and is not there with its hash."""
    wanted = {int(pk): hashed for pk, _blank, hashed in (line.partition(" ") for line in acknowledged)}
    there = dict(Entry.objects.filter(pk__in=wanted).values_list("pk", "hash"))
    connections.close_all()
    return [f"{pk}: {hashed}" for pk, hashed in wanted.items() if there.get(pk) != hashed]
