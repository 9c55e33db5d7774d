"""The worker's beat: each duty in its time, and none that fails holds up another."""

import threading
from datetime import datetime, timedelta

import pytest

from qingfeng.kernel.worker import Duty, Worker, duties, parent_gone
from tests.cast import NOW, clock


def counted(times: list[datetime]) -> Duty:
    def perform(now: datetime) -> int:
        times.append(now)
        return 1

    return Duty("counted", timedelta(minutes=1), perform)


def failing(now: datetime) -> int:
    raise RuntimeError("it broke")


@pytest.mark.django_db
def test_a_duty_is_done_at_once_and_then_every_so_often() -> None:
    times: list[datetime] = []
    time = clock()
    worker = Worker(time, [counted(times)])
    for _beat in range(13):
        worker.tick()
        time.advance(timedelta(seconds=10))
    assert times == [NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)]


@pytest.mark.django_db
def test_a_duty_that_fails_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    times: list[datetime] = []
    worker = Worker(clock(), [Duty("broken", timedelta(0), failing), counted(times)])
    assert worker.tick() == {"counted": 1}
    assert "the duty broken failed" in caplog.text


@pytest.mark.django_db
def test_it_stops_when_told_or_when_its_parent_is_gone() -> None:
    times: list[datetime] = []
    stop = threading.Event()
    stop.set()
    Worker(clock(), [counted(times)]).run(stop)
    Worker(clock(), [counted(times)]).run(threading.Event(), orphaned=lambda: True)
    assert times == []
    assert not parent_gone()()


def test_every_duty_has_a_name_of_its_own() -> None:
    names = [duty.name for duty in duties()]
    assert len(set(names)) == len(names)
