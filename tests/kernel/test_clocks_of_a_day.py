"""Clocks counted from another moment than now, and clocks that run out at a moment agreed."""

from datetime import timedelta

import pytest

from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.regime.policy import calendar
from qingfeng.kernel.time.clocks import Clock, Clockwork
from qingfeng.kernel.time.periods import Period, PeriodUnit
from qingfeng.mechanisms.problems.rectification.declarations import SIGNING
from tests.cast import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
UNTIL = Clock("until", "到期日")
AGREED = Clock("agreed", "约定完成日", deadline=True)


def work() -> Clockwork:
    return Clockwork(None, NOW, calendar, [])


def test_a_clock_is_counted_from_when_the_thing_happens() -> None:
    period = Period(2, PeriodUnit.WORKDAY)
    assert work().start(SIGNING, period, NOW - 7 * DAY) == work().start(SIGNING, period) - 7 * DAY


def test_a_clock_without_limit_runs_out_at_its_moment_and_not_before() -> None:
    clocks = work()
    assert clocks.start(UNTIL, None, NOW + DAY) == NOW + DAY
    assert not clocks.expire(UNTIL)
    clocks.start(UNTIL, None, NOW)
    assert clocks.expire(UNTIL)
    row = clocks.rows["until"]
    assert (row.stopped_at, row.ticking) == (row.due_at, False)


def test_a_deadline_agreed_runs_on_late_until_it_is_met() -> None:
    clocks = work()
    clocks.start(AGREED, None, NOW)
    assert clocks.expire(AGREED)
    assert not clocks.expire(AGREED)
    row = clocks.rows["agreed"]
    assert (row.ticking, clocks.due(AGREED)) == (True, NOW)
    clocks.start(AGREED, None, NOW + DAY)
    assert (row.expired_at, clocks.due(AGREED)) == (None, NOW + DAY)
    clocks.stop(AGREED)
    assert row.stopped_at == NOW


def test_a_clock_without_limit_has_no_length_to_pause_or_extend_and_needs_its_moment() -> None:
    clocks = work()
    with pytest.raises(Misdeclared, match="until has no limit"):
        clocks.start(UNTIL, None)
    clocks.start(UNTIL, None, NOW + DAY)
    with pytest.raises(Misdeclared, match="until runs out at a moment"):
        clocks.pause(UNTIL)
    with pytest.raises(Misdeclared, match="until runs out at a moment"):
        clocks.extend(UNTIL, Period(1, PeriodUnit.DAY))
