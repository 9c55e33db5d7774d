"""Annual leave in the books: opened by years of service, reserved, given back, written off, carried over."""

from typing import Any

import pytest

from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import find_act
from qingfeng.kernel.record.books import Book
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.mechanisms.restraint.leave.models import AnnualGrant, Leave
from tests import cast
from tests.cast import NOW, do
from tests.faces.console.staff import browser, text
from tests.leaves import FRIDAY, approved, at, away, clock, in_service, request, words
from tests.refusals import invalid

pytestmark = pytest.mark.django_db


def book(year: int = 2026, who: str = "cadre") -> tuple[int, int, int]:
    found = Book.objects.get(kind="annual_leave", owner=f"person:{cast.person(who).pk}", period=str(year))
    return found.credited, found.reserved, found.committed


def annual(**other: Any) -> Matter:
    return request(kind="annual", **other)


@pytest.mark.parametrize(
    ("since", "half_days"),
    [("2025-03-11", 10), ("2016-03-12", 10), ("2016-03-11", 20), ("2006-03-12", 20), ("2006-03-11", 30)],
)
def test_a_year_is_opened_with_what_the_years_of_service_give_on_its_first_day(
    since: str, half_days: int
) -> None:
    in_service("cadre", since)
    annual()
    assert book() == (half_days, 4, 0)


def test_before_the_first_year_is_full_there_is_none_and_the_clause_is_told() -> None:
    in_service("cadre", "2025-03-12")
    with pytest.raises((Barred, Invalid)) as refusal:
        annual()
    assert "职工带薪年休假条例" in words(refusal.value)
    assert not Leave.objects.exists()
    assert not Book.objects.exists()


def test_without_years_of_service_one_is_told_whom_to_ask() -> None:
    with pytest.raises((Barred, Invalid)) as refusal:
        annual()
    assert "组织部门" in words(refusal.value)


def test_what_crosses_a_band_within_the_year_gets_the_difference_once() -> None:
    in_service("cadre", "2016-07-01")
    annual()
    assert book() == (10, 4, 0)
    for day in ("2026-07-01", "2026-07-02"):
        annual(moment=at("2026-06-01 09:00"), first_day=day, last_day=day)
    assert book() == (20, 8, 0)
    assert AnnualGrant.objects.count() == 2
    assert list(verify()) == []


def test_more_than_is_left_is_refused_in_days() -> None:
    in_service("cadre", "2024-03-01")
    annual(first_day="2026-03-16", last_day="2026-03-19")
    with pytest.raises((Barred, Invalid)) as refusal:
        annual(first_day="2026-03-23", last_day="2026-03-24", last_half="am")
    assert "还剩1天，这次要用1.5天" in words(refusal.value)
    annual(first_day="2026-03-23", last_day="2026-03-23")
    assert book() == (10, 10, 0)


def test_rest_days_and_holidays_are_not_counted() -> None:
    in_service("cadre", "2024-03-01")
    # Friday, the weekend, the Monday of the Qingming holiday, Tuesday.
    leave = annual(first_day="2026-04-03", last_day="2026-04-07")
    assert Leave.objects.get(pk=leave.pk).length == 4


@pytest.mark.parametrize("way", ["withdrawn", "refused", "given up", "lapsed"])
def test_what_comes_to_nothing_goes_back_to_the_book(way: str) -> None:
    in_service("cadre", "2024-03-01")
    leave = annual()
    if way == "withdrawn":
        do("leave.withdraw", "cadre", leave)
    elif way == "refused":
        do("leave.decide", "head_housing", leave, agrees=False)
    elif way == "lapsed":
        clock("lapse", leave, "2026-03-11 08:30")
    else:
        do("leave.decide", "head_housing", leave, agrees=True)
        do("leave.give_up", "cadre", leave)
    assert book() == (10, 0, 0)
    assert list(verify()) == []


def test_what_was_taken_is_written_off_on_return_and_the_rest_given_back() -> None:
    in_service("cadre", "2024-03-01")
    leave = away(kind="annual", last_day=FRIDAY)
    do("leave.return_early", "cadre", leave, at=at("2026-03-12 09:00"))
    assert book() == (10, 0, 3)
    assert list(verify()) == []


def test_more_annual_leave_comes_out_of_the_same_book() -> None:
    in_service("cadre", "2024-03-01")
    leave = away(kind="annual")
    with invalid("more_day", "2026年度年休假还剩3天"):
        do(
            "leave.extend",
            "cadre",
            leave,
            at=at("2026-03-11 10:00"),
            more_day="2026-03-18",
            more_half="pm",
            reason="探亲。",
        )
    do(
        "leave.extend",
        "cadre",
        leave,
        at=at("2026-03-11 10:00"),
        more_day=FRIDAY,
        more_half="pm",
        reason="探亲。",
    )
    assert book() == (10, 6, 0)
    do("leave.decide_more", "head_housing", leave, at=at("2026-03-11 11:00"), agrees=True)
    clock("end", leave, "2026-03-14 00:00")
    do("leave.cancel", "cadre", leave, at=at("2026-03-16 09:00"))
    assert book() == (10, 0, 6)
    assert list(verify()) == []


def notice_of_2027() -> None:
    proposed = do(
        "calendar.propose",
        "office_a",
        year=2027,
        off="2027-01-01",
        source="国务院办公厅关于2027年部分节假日安排的通知（示例）",
    ).matter
    do("calendar.confirm", "office_b", proposed)


def test_leave_over_the_turn_of_the_year_is_booked_in_both_and_what_is_left_goes_over() -> None:
    in_service("cadre", "2024-03-01")
    notice_of_2027()
    moment = at("2026-12-01 09:00")
    leave = approved(moment=moment, kind="annual", first_day="2026-12-30", last_day="2027-01-04")
    # Wednesday and Thursday of 2026; Friday is New Year's Day, Monday the 4th of 2027.
    assert book(2026) == (10, 10, 0)
    assert book(2027) == (16, 2, 0)
    clock("begin", leave, "2026-12-30 08:30")
    clock("end", leave, "2027-01-05 00:00")
    do("leave.cancel", "cadre", leave, at=at("2027-01-05 09:00"))
    assert book(2026) == (10, 6, 4)
    assert book(2027) == (16, 0, 2)
    assert list(verify()) == []


def balance_told(moment: str) -> str:
    tells = find_act(Leave, "request").tells
    assert tells is not None
    return "".join(str(words) for words in tells(cast.actor("cadre"), at(moment)))


def test_the_form_tells_before_the_year_is_opened_what_will_be_there_then() -> None:
    in_service("cadre", "2010-03-01")
    entered(("cadre", 2026, 3))
    notice_of_2027()
    moment = "2027-02-01 09:00"
    assert "10天" in balance_told(moment)
    assert "另有1.5天自2026年结转" in balance_told(moment)
    approved(moment=at(moment), kind="annual", first_day="2027-03-01", last_day="2027-03-01")
    assert book(2027)[0] == 20 + 3
    assert "尚余10.5天" in balance_told(moment)


# Opening balances


def entered(*rows: tuple[str, int, int]) -> Matter:
    said = [{"person": cast.person(who).pk, "year": year, "halves": halves} for who, year, halves in rows]
    return do("leave_balances.enter", "department_a", basis="2026年休假台账", rows=said).matter


def test_an_entered_balance_is_what_there_is_and_nothing_is_reckoned_besides() -> None:
    in_service("cadre", "2006-01-01")
    entered(("cadre", 2026, 3), ("clerk_housing", 2026, 10))
    with invalid("last_day", "2026年度年休假还剩1.5天"):
        annual()
    annual(last_half="am")
    assert book() == (3, 3, 0)
    assert list(verify()) == []


def test_a_balance_is_entered_once_and_the_row_is_named() -> None:
    entered(("cadre", 2026, 3))
    with pytest.raises(Invalid) as refusal:
        entered(("clerk_housing", 2026, 3), ("cadre", 2026, 5), ("clerk_housing", 2026, 4))
    assert [str(words) for words in refusal.value.fields["rows"]] == [
        "第2行：2026年度的年休假台账已建立。",
        "第3行：2026年度的年休假台账已建立。",
    ]
    assert Book.objects.count() == 1


def test_entered_balances_of_the_year_before_go_over() -> None:
    in_service("cadre", "2024-03-01")
    entered(("cadre", 2025, 6))
    annual()
    assert (book(2025), book(2026)) == ((6, 6, 0), (16, 4, 0))


def test_only_the_organization_department_enters_balances() -> None:
    with pytest.raises(Barred, match="此项由组织部门办理"):
        do("leave_balances.enter", "clerk_housing", at=NOW, basis="台账", rows=[])


def test_what_is_left_stands_on_the_form_leave_is_asked_for_with() -> None:
    in_service("cadre", "2024-03-01")
    form = "/leave/new/request/"
    assert "5 days by your years of service, none taken" in text(browser("cadre").get(form))
    annual(first_day="2026-03-16", last_day="2026-03-17")
    assert "Annual leave of 2026: 3 days left." in text(browser("cadre").get(form))
    assert "days left" not in text(browser("clerk_education").get(form))
