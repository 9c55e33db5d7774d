"""Long work of mechanisms is done by the worker, a piece at each beat."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from qingfeng.kernel.background import jobs
from qingfeng.kernel.background.jobs import CHORES, BackgroundJob, background_job
from qingfeng.kernel.background.worker import BEAT_SECONDS, Worker, duties
from qingfeng.kernel.refusals import Misdeclared
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

    background_job(BackgroundJob("sweeping", perform))
    yield called
    del CHORES["sweeping"]


def test_a_chore_is_called_again_at_once_when_it_did_something_and_a_beat_later_when_it_failed(
    pieces: list[datetime],
) -> None:
    passed = [0.0]
    worker = Worker(clock(), [duty for duty in duties() if duty.name == "sweeping"], lambda: passed[0])
    assert worker.tick() == {"sweeping": 1}
    assert worker.tick() == {}
    assert worker.tick() == {}
    passed[0] += BEAT_SECONDS
    assert worker.tick() == {"sweeping": 1}
    assert len(pieces) == 3


def test_a_piece_is_the_first_row_and_others_until_a_second_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [0.0]
    monkeypatch.setattr(jobs, "ticks", lambda: passed[0])
    done = []
    for row in jobs.piece(range(100)):
        done.append(row)
        passed[0] += 0.3
    assert done == [0, 1, 2, 3]
    for row in jobs.piece(range(100)):
        done.append(row)
        passed[0] += 60
    assert done[4:] == [0]


def test_a_second_chore_of_a_code_is_refused(pieces: list[datetime]) -> None:
    with pytest.raises(Misdeclared, match="there is a chore sweeping"):
        background_job(BackgroundJob("sweeping", lambda now: 0))
