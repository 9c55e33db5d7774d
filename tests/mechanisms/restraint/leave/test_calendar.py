"""Leave and the calendar: counted by calendar days it needs none; an amended notice reaches what is not over."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.record.books import Book
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.time import recount
from qingfeng.mechanisms.restraint.leave.models import HalfDay, Leave
from qingfeng.mechanisms.restraint.leave.policy import KINDS
from tests import cast
from tests.cast import NOW, do
from tests.leaves import approved, at, fresh, in_service, request

pytestmark = pytest.mark.django_db

DECEMBER = at("2026-12-20 09:00")


def kinds(counted: str) -> str:
    """A kind of leave of any length that is counted so."""
    offered = Policy(cast.jurisdiction().pk, date(2026, 12, 20)).value(KINDS)
    return next(kind.code for kind in offered if kind.counted == counted and kind.longest == 0)


def test_leave_counted_by_calendar_days_needs_no_calendar_of_a_year_to_come() -> None:
    leave = request(moment=DECEMBER, kind=kinds("day"), first_day="2026-12-28", last_day="2027-02-10")
    assert fresh(leave).length == 2 * 45
    with pytest.raises(Invalid) as refusal:
        request(
            "clerk_housing", DECEMBER, kind=kinds("workday"), first_day="2026-12-28", last_day="2027-02-10"
        )
    assert set(refusal.value.fields) == {"last_day"}


@pytest.mark.parametrize("last", ["2036-12-30", "9999-12-31"])
def test_a_year_mistyped_is_told_before_its_days_are_counted(last: str) -> None:
    with pytest.raises(Invalid) as refusal:
        request(moment=DECEMBER, kind=kinds("day"), first_day="2026-12-28", last_day=last)
    assert set(refusal.value.fields) == {"last_day"}
    assert not HalfDay.objects.exists()


def notice(moment: datetime, off: str = "", work: str = "") -> None:
    proposed = do(
        "calendar.propose", "office_a", at=moment, year=2026, off=off, work=work, source="测试"
    ).matter
    do("calendar.confirm", "office_b", proposed, at=moment)


def test_a_day_that_is_off_by_an_amended_notice_goes_back_to_the_balance() -> None:
    in_service("cadre", "2010-01-01")
    leave = approved(kind="annual", first_day="2026-03-16", last_day="2026-03-18")
    book = Book.objects.get(kind="annual_leave", owner=f"person:{cast.person('cadre').pk}", period="2026")
    assert (fresh(leave).length, book.reserved) == (6, 6)
    notice(NOW, off="2026-03-17")
    assert recount.amended(NOW) == 1
    book.refresh_from_db()
    assert (fresh(leave).length, book.reserved) == (4, 4)
    said = Message.objects.filter(entry__matter=leave, entry__act="reckon").values_list("payload", flat=True)
    assert any(leave.number in payload["text"] for payload in said)
    assert recount.amended(NOW) == 0
    assert list(verify()) == []


def test_a_sunday_worked_after_all_comes_out_of_the_balance() -> None:
    in_service("cadre", "2010-01-01")
    leave = approved(kind="annual", first_day="2026-03-13", last_day="2026-03-16")
    assert fresh(leave).length == 4
    notice(NOW, off="2026-06-01", work="2026-03-15")
    assert recount.amended(NOW) == 1
    assert fresh(leave).length == 6
    assert list(verify()) == []


def test_leave_counted_by_calendar_days_is_not_reached_by_a_notice() -> None:
    leave = request(kind=kinds("day"), first_day="2026-03-16", last_day="2026-03-18")
    notice(NOW, off="2026-03-17")
    assert recount.amended(NOW) == 0
    assert fresh(leave).length == 6


@pytest.mark.parametrize(
    ("halves", "hours"),
    [
        ({"first_half": "pm"}, ("2026-03-11 12:00", "2026-03-13 00:00")),
        ({"last_half": "am"}, ("2026-03-11 08:30", "2026-03-12 12:00")),
        ({"last_day": "2026-03-11", "last_half": "am"}, ("2026-03-11 08:30", "2026-03-11 12:00")),
    ],
)
def test_half_a_day_of_leave_is_half_a_day_in_the_calendar(
    halves: dict[str, str], hours: tuple[str, str]
) -> None:
    occasion = Leave.objects.get(pk=approved(**halves).pk).occasion()
    assert occasion is not None
    assert isinstance(occasion.start, datetime)
    assert (occasion.start, occasion.end) == tuple(map(at, hours))


def test_whole_days_of_leave_are_whole_days_in_the_calendar() -> None:
    occasion = Leave.objects.get(pk=approved().pk).occasion()
    assert occasion is not None
    assert (occasion.start, occasion.end) == (date(2026, 3, 11), date(2026, 3, 12))
    assert not isinstance(occasion.start, datetime)
