"""Long work of mechanisms is done by the worker, a piece at each beat."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from qingfeng.kernel.chores import CHORES, Chore, chore
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.worker import BEAT_SECONDS, Worker, duties
from tests.cast import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def pieces() -> Iterator[list[datetime]]:
    """When a chore was called; it fails the second time."""
    called: list[datetime] = []

    def perform(now: datetime) -> int:
        called.append(now)
        if len(called) == 2:
            raise OSError("the disk is full")
        return 1

    chore(Chore("sweeping", perform))
    yield called
    del CHORES["sweeping"]


def test_a_chore_is_called_at_every_beat_and_again_when_it_failed(pieces: list[datetime]) -> None:
    time = clock()
    worker = Worker(time, [duty for duty in duties() if duty.name == "sweeping"])
    assert worker.tick() == {"sweeping": 1}
    assert worker.tick() == {}
    for expected in ({}, {"sweeping": 1}):
        time.advance(timedelta(seconds=BEAT_SECONDS))
        assert worker.tick() == expected
    assert len(pieces) == 3


def test_a_second_chore_of_a_code_is_refused(pieces: list[datetime]) -> None:
    with pytest.raises(Misdeclared):
        chore(Chore("sweeping", lambda now: 0))
