"""Clocks counted from another moment than now, and clocks that run out at a moment agreed."""

from datetime import timedelta

import pytest

from qingfeng.kernel.clocks import Clock, Clockwork
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.regime.policy import calendar
from qingfeng.kernel.time.periods import Period, Unit
from qingfeng.mechanisms.rectification.declared import SIGNING
from tests.cast import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
UNTIL = Clock("until", "到期日")


def work() -> Clockwork:
    return Clockwork(None, NOW, calendar, [])


def test_a_clock_is_counted_from_when_the_thing_happens() -> None:
    period = Period(2, Unit.WORKDAY)
    assert work().start(SIGNING, period, NOW - 7 * DAY) == work().start(SIGNING, period) - 7 * DAY


def test_a_clock_without_limit_runs_out_at_its_moment_and_not_before() -> None:
    clocks = work()
    assert clocks.start(UNTIL, None, NOW + DAY) == NOW + DAY
    assert not clocks.expire(UNTIL)
    clocks.start(UNTIL, None, NOW)
    assert clocks.expire(UNTIL)
    row = clocks.rows["until"]
    assert (row.stopped_at, row.ticking) == (row.due_at, False)


def test_a_clock_without_limit_has_no_length_to_pause_or_extend_and_needs_its_moment() -> None:
    clocks = work()
    with pytest.raises(Misdeclared):
        clocks.start(UNTIL, None)
    clocks.start(UNTIL, None, NOW + DAY)
    with pytest.raises(Misdeclared):
        clocks.pause(UNTIL)
    with pytest.raises(Misdeclared):
        clocks.extend(UNTIL, Period(1, Unit.DAY))
