"""Annual leave that is not due (职工带薪年休假条例 art. 4): refused, withheld, taken off the next year, restored."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest

from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.books import Book
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.mechanisms.restraint.leave.models import Leave, Withheld
from tests import cast
from tests.cast import actor, do
from tests.leaves import asked, at, clock, in_service, request, told, words
from tests.mechanisms.restraint.leave.test_annual import balance_told, book, entered, notice_of_2027
from tests.refusals import invalid

pytestmark = pytest.mark.django_db
BEGIN = date(2026, 3, 11)
AFTER = at("2026-11-02 09:00")


def taken(kind: str, days: int, first: date = BEGIN) -> date:
    """Leave of the cadre, from a day on, so many calendar days long, cancelled; returns the day after it."""
    last = first + timedelta(days=days - 1)
    before = at(f"{first - timedelta(days=1)} 09:00")
    leave = request(moment=before, kind=kind, first_day=str(first), last_day=str(last))
    for who in ("head_housing", "leader"):
        if leave.state == "requested":
            leave = do("leave.decide", who, leave, at=before, agrees=True, proof_seen=True).matter
    clock("begin", leave, f"{first} 08:30")
    clock("end", leave, f"{last + timedelta(days=1)} 00:00")
    do("leave.cancel", "cadre", leave, at=at(f"{last + timedelta(days=1)} 09:00"))
    return last + timedelta(days=1)


def annual(first: str = "2026-11-03", last: str = "2026-11-04", moment: Any = AFTER) -> Matter:
    return request(moment=moment, kind="annual", first_day=first, last_day=last)


def withhold(year: int = 2026, moment: Any = AFTER) -> Matter:
    return do("leave_balances.withhold", "department_a", at=moment, year=year).matter


@contextmanager
def refused(said: str) -> Iterator[None]:
    with pytest.raises(Invalid) as refusal:
        yield
    assert said in words(refusal.value)


def notices() -> list[str]:
    own = Message.objects.filter(holder=f"person@{cast.person('cadre').pk}", channel="notice").order_by("id")
    return [message.payload["text"] for message in own]


def holidays(days: int, year: int = 2026) -> None:
    row = {"person": cast.person("cadre").pk, "days": days}
    do("leave_balances.enter_holidays", "department_a", basis="教师名册", year=year, rows=[row])


@pytest.mark.parametrize(
    ("since", "sick", "lost"),
    [
        ("2024-03-01", 59, False),
        ("2024-03-01", 60, True),
        ("2012-03-01", 89, False),
        ("2012-03-01", 90, True),
        ("2000-03-01", 119, False),
        ("2000-03-01", 120, True),
    ],
)
def test_two_three_and_four_months_of_sick_leave_cost_the_years_annual_leave(
    since: str, sick: int, lost: bool
) -> None:
    in_service("cadre", since)
    taken("sick", sick - 30, taken("sick", 30))
    if not lost:
        assert annual().state == "requested"
        return
    with pytest.raises(Invalid) as refusal:
        annual()
    assert "《职工带薪年休假条例（国务院令第514号）》第四条" in words(refusal.value)
    assert "2026" in words(refusal.value)
    assert not Leave.objects.filter(group="annual").exists()
    assert not Book.objects.exists()


def test_twenty_days_of_paid_personal_leave_do_too() -> None:
    in_service("cadre", "2024-03-01")
    taken("personal", 24)  # 18 working days
    taken("personal", 1, date(2026, 4, 7))
    assert annual("2026-05-06", "2026-05-06", at("2026-04-30 09:00")).state == "requested"
    taken("personal", 1, date(2026, 4, 8))
    with refused("第四条"):
        annual("2026-05-07", "2026-05-07", at("2026-04-30 09:00"))


def test_leave_that_was_granted_but_not_taken_costs_nothing() -> None:
    in_service("cadre", "2024-03-01")
    leave = request(kind="sick", first_day="2026-03-11", last_day="2026-05-20")
    for who in ("head_housing", "leader"):
        do("leave.decide", who, leave, agrees=True, proof_seen=True)
    clock("begin", leave, "2026-03-11 08:30")
    do("leave.return_early", "cadre", leave, at=at("2026-03-12 09:00"))
    assert annual().state == "requested"


@pytest.mark.parametrize(("days", "lost"), [(5, False), (6, True)])
def test_school_holidays_longer_than_annual_leave_stand_for_it(days: int, lost: bool) -> None:
    in_service("cadre", "2024-03-01")
    holidays(days)
    if not lost:
        assert annual().state == "requested"
        return
    with refused("第四条"):
        annual()


def test_who_records_for_a_colleague_is_told_only_that_none_is_left() -> None:
    in_service("cadre", "2024-03-01")
    taken("sick", 60)
    days = {"kind": "annual", "first_day": "2026-11-03", "last_day": "2026-11-03", "channel": "paper"}
    with pytest.raises(Invalid) as refusal:
        do("leave.record", "clerk_housing", at=AFTER, **told(**days, urgent=None))
    assert "还剩0天" in words(refusal.value)
    assert "第四条" not in words(refusal.value)


def test_what_is_left_is_withheld_by_an_entry_and_the_person_is_told_the_clause_and_no_case() -> None:
    in_service("cadre", "2024-03-01")
    annual("2026-03-11", "2026-03-11", at("2026-03-10 09:00"))
    taken("sick", 60, date(2026, 3, 12))
    matter = withhold()
    assert book() == (2, 2, 0)
    assert list(Withheld.objects.order_by("year").values_list("year", "halves", "booked")) == [
        (2026, 8, True),
        (2027, 2, False),
    ]
    this, after = notices()[-2:]
    assert ("2026" in this, "扣减4天" in this, "《职工带薪年休假条例（国务院令第514号）》第四条" in this) == (
        True,
    ) * 3
    assert ("2027" in after, "扣减1天" in after, "实施办法" in after) == (True,) * 3
    said = str({**matter.entries.get().content, "policy": []}) + this + after
    assert not any(word in said for word in ("sick", "病", "personal", "事假"))
    assert list(verify()) == []


def test_what_was_taken_is_taken_off_the_next_year_when_that_is_opened() -> None:
    in_service("cadre", "2024-03-01")
    notice_of_2027()
    annual("2026-03-11", "2026-03-17", at("2026-03-10 09:00"))
    taken("sick", 60, date(2026, 3, 18))
    withhold()
    assert book() == (10, 10, 0)
    assert "扣减5天" in balance_told("2027-01-04 09:00")
    assert "结转" not in balance_told("2027-01-04 09:00")
    with refused("还剩0天"):
        annual("2027-01-05", "2027-01-05", at("2026-12-28 09:00"))


def test_it_is_taken_off_the_next_year_at_once_where_that_is_open_and_of_what_is_left_there() -> None:
    in_service("cadre", "2024-03-01")
    notice_of_2027()
    annual("2026-03-11", "2026-03-17", at("2026-03-10 09:00"))
    taken("sick", 60, date(2026, 3, 18))
    annual("2027-01-05", "2027-01-06", at("2027-01-04 09:00"))
    withhold(moment=at("2027-01-07 09:00"))
    assert (book(2026), book(2027)) == ((10, 10, 0), (4, 4, 0))
    assert list(verify()) == []


def test_leave_that_is_not_due_does_not_go_over_into_the_next_year() -> None:
    in_service("cadre", "2024-03-01")
    notice_of_2027()
    annual("2026-03-11", "2026-03-11", at("2026-03-10 09:00"))
    taken("sick", 60, date(2026, 3, 12))
    annual("2027-01-05", "2027-01-05", at("2027-01-04 09:00"))
    assert book(2027) == (10, 2, 0)


def test_school_holidays_cost_nothing_of_the_next_year() -> None:
    in_service("cadre", "2024-03-01")
    annual()
    holidays(60)
    withhold()
    assert book() == (4, 4, 0)
    assert not Withheld.objects.filter(year=2027).exists()


def test_what_was_withheld_is_restored_with_a_reason_and_not_withheld_again() -> None:
    in_service("cadre", "2024-03-01")
    annual("2026-03-11", "2026-03-11", at("2026-03-10 09:00"))
    taken("sick", 60, date(2026, 3, 12))
    withhold()
    restored = {"person": cast.person("cadre").pk, "year": 2026, "why": "病假登记有误。"}
    do("leave_balances.restore", "department_b", at=AFTER, **restored)
    assert book() == (10, 2, 0)
    assert "恢复4天" in notices()[-2]
    with pytest.raises(Barred, match="按现有登记，2026年度没有需要扣减"):
        withhold()
    assert annual().state == "requested"
    with invalid("person", "此人没有因2026年度的情形被扣减年休假"):
        do("leave_balances.restore", "department_b", at=AFTER, **restored)
    assert list(verify()) == []


def test_where_everybodys_leave_is_due_nothing_is_withheld() -> None:
    in_service("cadre", "2024-03-01")
    taken("sick", 59)
    with pytest.raises(Barred) as refusal:
        withhold()
    assert "第四条" in refusal.value.clause
    with invalid("year", "这一年度还没有开始"):
        withhold(2027)


def test_a_balance_entered_by_hand_is_withheld_like_any_other() -> None:
    entered(("cadre", 2026, 10))
    taken("sick", 60)
    with pytest.raises(Barred, match="按现有登记，2026年度没有需要扣减"):
        withhold()  # years unknown: four months it must be
    taken("sick", 60, date(2026, 6, 1))
    withhold()
    assert book() == (0, 0, 0)


def test_the_department_sees_how_much_and_the_person_their_own_and_others_nothing() -> None:
    in_service("cadre", "2024-03-01")
    annual("2026-03-11", "2026-03-11", at("2026-03-10 09:00"))
    taken("sick", 60, date(2026, 3, 12))
    withhold()

    def shown(who: str, code: str, name: str) -> list[tuple[Any, ...]]:
        return list(reads.statistics(actor(who), code, name, 2026, AFTER.date()).rows)

    assert shown("department_b", "leave_balances", "not_due") == [(cast.person("cadre").name, 8, 2)]
    assert shown("head_housing", "leave_balances", "not_due") == []
    assert shown("cadre", "leave", "balance") == [("2026", 2, 0, 2, 0, 8)]
    assert not Fact.objects.filter(name__contains="withheld").exists()


def test_a_call_in_an_emergency_takes_no_annual_leave_that_is_not_due() -> None:
    in_service("cadre", "2024-03-01")
    taken("sick", 60)
    today = {"first_day": "2026-11-02", "last_day": "2026-11-02", "kind": "annual"}
    with refused("还剩0天"):
        do("leave.record", "head_housing", at=at("2026-11-02 08:40"), **told(**today))
    assert asked()["kind"] == "personal"
