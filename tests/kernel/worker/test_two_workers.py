"""Two workers at once do nothing twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core import mail
from django.db import connections

from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Entry, Leaf
from tests import cast
from tests.cast import NOW

WORKERS = 4


@pytest.fixture
def ground(fresh_database: str, settings: Any) -> None:
    settings.WITNESSES = ("witness@example.invalid",)
    Message.objects.filter(sent_at=None).update(sent_at=NOW)
    for number in range(6):
        found = cast.do(
            "rectification.register",
            "office_a",
            title=f"问题{number}",
            kind="inaction",
            topic="not_acting",
            description="无",
        )
        cast.do("rectification.verify", "office_a", found.matter, finding="属实")
        cast.do(
            "rectification.assign",
            "office_a",
            found.matter,
            responsible=cast.unit("education").pk,
            requirement="整改",
        )


def at_once(duty: Callable[[datetime], int], now: datetime) -> int:
    """Have several workers perform a duty at the same moment; how much they did together."""
    start = Barrier(WORKERS)

    def perform(_number: int) -> int:
        try:
            start.wait(10)
            return duty(now)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WORKERS) as pool:
        return sum(pool.map(perform, range(WORKERS)))


@pytest.mark.usefixtures("ground")
def test_each_time_limit_is_marked_once() -> None:
    assert at_once(worker.run_out, NOW + timedelta(days=3)) == 6
    assert Entry.objects.filter(act="sign_overdue").count() == 6


@pytest.mark.usefixtures("ground")
def test_each_letter_leaves_once() -> None:
    waiting = Message.objects.filter(sent_at=None).count()
    assert waiting == 6
    assert at_once(worker.deliver, NOW) == waiting
    while at_once(worker.post, NOW):
        pass
    # One clerk of education: one letter for each sheet.
    assert [letter.to for letter in mail.outbox] == [["clerk_education@example.invalid"]] * 6


@pytest.mark.usefixtures("ground")
def test_each_entry_is_sealed_once_and_the_heads_are_sent_once() -> None:
    assert at_once(worker.seal, NOW) == 3
    assert Leaf.objects.count() == Entry.objects.count()
    assert at_once(worker.send_heads, NOW) == 1
