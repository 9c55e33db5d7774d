"""The worker's beat: each duty in its time, and none that fails holds up another."""

import threading
from asyncio import CancelledError
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from qingfeng.kernel.background.worker import Lane, Worker, WorkerTask, duties, parent_gone
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.time.timekeeper import FixedTime
from tests.cast import NOW, clock
from tests.sheets import sheet


def counted(times: list[datetime]) -> WorkerTask:
    def perform(now: datetime) -> int:
        times.append(now)
        return 1

    return WorkerTask("counted", timedelta(minutes=1), perform)


def failing(now: datetime) -> int:
    raise RuntimeError("it broke")


def seconds(time: FixedTime) -> Callable[[], float]:
    """Seconds that grow as a test's clock is moved."""
    return lambda: time.now().timestamp()


@pytest.mark.django_db
def test_a_duty_is_done_at_once_and_then_every_so_often() -> None:
    times: list[datetime] = []
    time = clock()
    worker = Worker(time, [counted(times)], seconds(time))
    for _beat in range(13):
        worker.tick()
        time.advance(timedelta(seconds=10))
    assert times == [NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=2)]


@pytest.mark.django_db
def test_a_duty_that_fails_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    times: list[datetime] = []
    worker = Worker(clock(), [WorkerTask("broken", timedelta(0), failing), counted(times)])
    assert worker.tick() == {"counted": 1}
    assert "the duty broken failed" in caplog.text


@pytest.mark.django_db
def test_it_stops_when_told_or_when_its_parent_is_gone() -> None:
    times: list[datetime] = []
    stop = threading.Event()
    stop.set()
    Worker(clock(), [counted(times)]).run(stop, over=lambda: False)
    Worker(clock(), [counted(times)]).run(threading.Event(), over=lambda: True)
    assert times == []
    assert not parent_gone()()


@pytest.mark.django_db
@pytest.mark.parametrize("back", [timedelta(minutes=25), timedelta(days=400)])
def test_a_clock_set_back_holds_no_duty_up(back: timedelta) -> None:
    times: list[datetime] = []
    passed = [0.0]
    worker = Worker(clock(), [counted(times)], lambda: passed[0])
    worker.tick()
    worker.time = FixedTime(NOW - back)
    passed[0] += 60
    assert worker.tick() == {"counted": 1}
    assert times == [NOW, NOW - back]


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [SystemExit(3), GeneratorExit(), CancelledError()])
def test_a_duty_that_calls_for_the_end_does_not_get_it(fault: BaseException) -> None:
    def ending(now: datetime) -> int:
        raise fault

    times: list[datetime] = []
    worker = Worker(clock(), [WorkerTask("ending", timedelta(0), ending), counted(times)])
    assert worker.tick() == {"counted": 1}


@pytest.mark.django_db
def test_a_backlog_is_gone_on_with_at_once_and_what_is_found_empty_is_left_for_its_time() -> None:
    left = [3]

    def some(now: datetime) -> int:
        left[0] = max(left[0] - 1, -1)
        return int(left[0] >= 0)

    worker = Worker(clock(), [WorkerTask("some", timedelta(minutes=1), some, backlog=True)], lambda: 0.0)
    assert [worker.tick() for _beat in range(5)] == [{"some": 1}] * 3 + [{"some": 0}, {}]


def test_time_limits_that_ran_out_together_are_gone_on_with_at_once(
    fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two and then the next two, with no beat between: a backlog takes as long as its acts do."""
    monkeypatch.setattr("qingfeng.kernel.background.worker.AT_ONCE", 2)
    late = [sheet("assigned", title=f"窗口无人值守，第{number}次") for number in range(5)]
    (limits,) = (duty for duty in duties() if duty.name == "clocks")
    worker = Worker(FixedTime(NOW + timedelta(days=3)), [limits], lambda: 0.0)
    did = [worker.tick() for _beat in range(5)]
    assert did == [{"clocks": 2}, {"clocks": 2}, {"clocks": 1}, {"clocks": 0}, {}]
    assert Entry.objects.filter(matter__in=[one.pk for one in late], act="sign_overdue").count() == 5


def test_what_is_short_goes_on_while_a_letter_and_long_work_hang(fresh_database: str) -> None:
    """Each lane waits for itself alone, and a worker told to stop waits for none that hangs."""
    hang, stop, beats = threading.Event(), threading.Event(), threading.Semaphore(0)

    def hanging(now: datetime) -> int:
        return int(hang.wait(60))

    def beating(now: datetime) -> int:
        beats.release()
        return 1

    worker = Worker(
        clock(),
        [
            WorkerTask("hanging letter", timedelta(0), hanging, Lane.LETTERS),
            WorkerTask("hanging chore", timedelta(0), hanging, Lane.LONG),
            WorkerTask("beating", timedelta(0), beating, backlog=True),
        ],
    )
    running = threading.Thread(target=worker.run, args=(stop, lambda: False))
    running.start()
    try:
        assert all(beats.acquire(timeout=30) for _beat in range(3))
        stop.set()
        running.join(30)
        assert not running.is_alive()
    finally:
        hang.set()
        stop.set()


def test_letters_and_long_work_have_lanes_of_their_own() -> None:
    lanes = {duty.name: duty.lane for duty in duties()}
    assert lanes.pop("letters") == Lane.LETTERS
    assert {name for name, lane in lanes.items() if lane == Lane.SHORT} == {
        "standing still",
        "clocks",
        "outbox",
        "checkpoints",
        "witnesses",
    }
    assert lanes["intake"] == Lane.LONG


def test_every_duty_has_a_name_of_its_own() -> None:
    names = [duty.name for duty in duties()]
    assert len(set(names)) == len(names)
