"""The worker's process is told to stop while a batch is compared: it stops, and another goes on from there."""

import os
import signal
import threading
import time
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from qingfeng.faces.cli import server
from qingfeng.mechanisms.voice.intake import duplicates
from qingfeng.mechanisms.voice.intake.models import Batch, Halt, Sorting, Twin
from tests.cast import NOW, do
from tests.messages import gone_on, received

STOPPED = 5.0
"""Seconds; a piece of comparing takes half a second, and this one does not end."""


@pytest.fixture
def signals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(server.gc, "freeze", lambda: None)
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_a_comparison_that_is_told_to_stop_is_left_within_seconds_and_gone_on_with(
    fresh_database: str, signals: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    matter = received()
    do("intake.take_in", "clerk_housing", matter)
    begun, over = threading.Event(), threading.Event()
    told: list[float] = []

    def endless(self: Any, told: Sequence[object]) -> None:
        begun.set()
        over.wait(60)
        raise TimeoutError

    def stop() -> None:
        if begun.wait(60):
            told.append(time.monotonic())
            os.kill(os.getpid(), signal.SIGTERM)

    with monkeypatch.context() as patch:
        patch.setattr(duplicates._BatchComparison, "_compare", endless)
        threading.Thread(target=stop).start()
        try:
            assert server.work(Namespace(once=False, supervised=False)) == 0
            assert time.monotonic() - told[0] < STOPPED
        finally:
            over.set()
            for thread in threading.enumerate():
                if thread.name.startswith("worker-"):
                    thread.join(30)
    assert not Sorting.objects.get().compared
    duplicates._begun.cache_clear()
    # The piece that hung ended here with a fault; in a process that is over it leaves none.
    Halt.objects.all().delete()
    Sorting.objects.update(claimed_until=None)
    assert gone_on(Batch.objects.get(), NOW).state == "taken_in"
    assert Twin.objects.count() == 2
