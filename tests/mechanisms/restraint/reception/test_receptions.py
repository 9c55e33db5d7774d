"""A reception from its letter to its settlement: what is told with the clause, and what it leaves."""

from datetime import date, timedelta
from typing import Any

import pytest

from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, Invalid, Refusal
from qingfeng.kernel.time.clocks import Running
from tests import cast
from tests.cast import NOW, do
from tests.receptions import (
    AT_TABLE,
    DAY_OF_VISIT,
    VISIT,
    YUAN,
    books,
    budget,
    file,
    numbered,
    reception,
    wanted,
)
from tests.sheets import rows

pytestmark = pytest.mark.django_db


def facts(name: str) -> list[tuple[str, int, date]]:
    found = Fact.objects.filter(name=name).order_by("id")
    return [*found.values_list("subject", "quantity", "held_on")]


def guests(came: int, companions: int, organ: str = "某局") -> list[dict[str, str]]:
    return [
        {"side": side, "name": f"某{number}", "organ": organ, "post": "干部"}
        for side, count in (("guest", came), ("companion", companions))
        for number in range(count)
    ]


def test_a_reception_goes_from_its_letter_to_its_settlement() -> None:
    budget()
    settled = reception("settled")
    assert (settled.state, settled.closed, settled.cost) == ("settled", True, 260 * YUAN)
    assert settled.title == "云川市住建局 · 2026-03-12"
    assert (settled.came, settled.sat) == (2, 1)
    assert books() == {
        "reception.limit": (0, 0, 260 * YUAN),
        "reception.budget": (100_000 * YUAN, 0, 260 * YUAN),
    }
    unit = f"unit:{cast.unit('housing').pk}"
    assert facts("reception.spent") == [(unit, 260 * YUAN, DAY_OF_VISIT)]
    assert facts("reception.violation") == facts("reception.settled_late") == []
    assert list(verify()) == []


@pytest.mark.parametrize(
    ("other", "reason", "clause"),
    [
        ({"letter": []}, "公函", "第二十二条"),
        ({"has_letter": False}, "公函", "第二十二条"),
        ({"letter_date": "2026-03-11"}, "公函", "第二十二条"),
        ({"alcohol": True}, "酒", "第二十三条"),
        ({"letter_organ": "清风区教育局"}, "同城", "接待范围"),
        ({"letter_organ": "中共 清风区委组织部"}, "同城", "接待范围"),
        ({"letter_organ": "教育局"}, "同城", "接待范围"),
        ({"guests": 10, "companions": 4}, "3", "第十条"),
        ({"guests": 11, "companions": 4}, "3", "第十条"),
        ({"guests": 14, "companions": 5}, "4", "第十条"),
        ({"meals": 2}, "1", "第十条"),
        ({"day": "2026-03-09"}, "之前", "第二十二条"),
        ({"estimate": 100_000 * YUAN + 1}, "100,000.00", "第二十一条第二款"),
        ({"day": "2027-01-05"}, "2027", "第十二条"),
    ],
)
def test_what_the_rules_forbid_is_told_with_its_clause_and_nothing_is_stored(
    other: dict[str, Any], reason: str, clause: str
) -> None:
    budget()
    raw = wanted(**other)
    before = rows()
    with pytest.raises(Barred) as refusal:
        do("reception.ask", "clerk_housing", **raw)
    assert reason in str(refusal.value.reason)
    assert clause in refusal.value.clause
    assert refusal.value.remedy
    assert rows() == before


@pytest.mark.parametrize(
    "other",
    [
        {"guests": 10, "companions": 3},
        {"guests": 15, "companions": 5},
        {"meals": 0},
        {"day": "2026-03-10"},
        {"estimate": 100_000 * YUAN},
        {"letter_date": "2026-03-10"},
        {"estimate": 0},
    ],
)
def test_what_just_keeps_the_rules_passes(other: dict[str, Any]) -> None:
    budget()
    assert reception(**other).state == "asked"


@pytest.mark.parametrize(
    "other",
    [
        {"letter_organ": ""},
        {"letter_number": ""},
        {"letter_date": None},
        {"guests": 0},
        {"guests": -1},
        {"estimate": -1},
        {"day": "三月十二"},
        {"place": ""},
    ],
)
def test_what_is_no_number_and_no_day_is_named_by_field(other: dict[str, Any]) -> None:
    budget()
    with pytest.raises(Invalid) as refusal:
        do("reception.ask", "clerk_housing", **wanted(**other))
    assert set(refusal.value.fields) == set(other)


def test_without_the_years_budget_and_headcount_there_is_no_reception() -> None:
    with pytest.raises(Barred, match="2026") as refusal:
        reception()
    assert refusal.value.remedy


def test_a_meal_is_given_once_under_one_letter_however_it_is_typed() -> None:
    budget()
    first = reception()
    again: dict[str, Any] = {"letter_number": "云建函[2026] 15号"}
    with pytest.raises(Barred) as refusal:
        reception(**again)
    assert "第十条" in refusal.value.clause
    assert reception(**again, meals=0).state == "asked"
    do("reception.withdraw", "clerk_housing", first, reason="来访改期。")
    assert reception(**again).state == "asked"


def test_the_units_own_leader_in_charge_approves_and_nobody_else() -> None:
    budget()
    asked = reception()
    for who in ("leader_b", "head_housing", "office_a", "finance", "clerk_housing_b"):
        with pytest.raises(Refusal, match=r"此项由承办单位的分管领导办理|此处没有相应内容"):
            do("reception.approve", who, asked)
    assert do("reception.approve", "leader", asked).matter.state == "approved"


def test_after_the_day_nothing_is_approved_any_more() -> None:
    budget()
    asked = reception()
    with pytest.raises(Barred) as refusal:
        do("reception.approve", "leader", asked, VISIT + timedelta(days=1))
    assert "第二十二条" in refusal.value.clause
    assert do("reception.refuse", "leader", asked, VISIT + timedelta(days=1), reason="已过来访日。")


@pytest.mark.parametrize(
    ("state", "name", "who"),
    [
        ("asked", "refuse", "leader"),
        ("asked", "withdraw", "clerk_housing"),
        ("approved", "withdraw", "clerk_housing"),
    ],
)
def test_refusal_and_withdrawal_give_the_money_back(state: str, name: str, who: str) -> None:
    budget()
    matter = reception(state)
    assert books()["reception.limit"] == (0, 300 * YUAN, 0)
    do(f"reception.{name}", who, matter, reason="来访取消。")
    assert books() == {"reception.limit": (0, 0, 0), "reception.budget": (100_000 * YUAN, 0, 0)}


def test_the_budget_line_holds_where_it_is_less_than_the_limit() -> None:
    budget(reception=1_000 * YUAN)
    reception(estimate=700 * YUAN)
    with pytest.raises(Barred, match=r"300\.00") as refusal:
        reception(letter_number=numbered(16), estimate=301 * YUAN)
    assert "第十二条" in refusal.value.clause
    assert reception(letter_number=numbered(16), estimate=300 * YUAN)


def test_the_list_comes_after_the_guests_and_names_them() -> None:
    budget()
    approved = reception("approved")
    with pytest.raises(Barred, match="来访日期未到"):
        do("reception.hand_in_list", "clerk_housing", approved, at_table=AT_TABLE)
    with pytest.raises(Barred, match="清单上没有来宾"):
        do("reception.hand_in_list", "clerk_housing", approved, VISIT, at_table=guests(0, 2))
    assert do("reception.hand_in_list", "clerk_housing", approved, VISIT, at_table=AT_TABLE)


@pytest.mark.parametrize(
    ("companions", "alcohol", "found"), [(3, False, 0), (4, False, 1), (3, True, 1), (4, True, 2)]
)
def test_what_went_beyond_the_rules_is_listed_as_it_was_and_counted(
    companions: int, alcohol: bool, found: int
) -> None:
    budget()
    listed = do(
        "reception.hand_in_list",
        "clerk_housing",
        reception("approved"),
        VISIT,
        at_table=guests(10, companions),
        alcohol=alcohol,
    ).matter
    assert (listed.state, [quantity for _s, quantity, _d in facts("reception.violation")]) == (
        "held",
        [found] if found else [],
    )


def test_guests_of_the_same_place_on_the_list_are_a_violation_and_the_companions_are_not() -> None:
    budget()
    for number, (organ, found) in enumerate([("云川市住建局", 0), ("清风区教育局", 1)], start=16):
        approved = reception("approved", letter_number=numbered(number))
        at_table = [*guests(2, 0, organ), *guests(0, 2, "住建局")]
        do("reception.hand_in_list", "clerk_housing", approved, VISIT, at_table=at_table)
        assert len(facts("reception.violation")) == found


def test_a_city_may_receive_its_counties_and_no_unit_of_its_own() -> None:
    clerk = cast.actor("city_clerk")
    for organ, reason in (("林岸县住建局", "2026"), ("云川市教育局", "同城")):
        with pytest.raises(Barred, match=reason):
            do("reception.ask", clerk, **wanted(clerk, letter_organ=organ))


def test_a_violation_found_later_is_a_fact_and_changes_nothing_else() -> None:
    budget()
    settled = reception("settled")
    before = books()
    found = do(
        "reception.find",
        "office_a",
        settled,
        VISIT + timedelta(days=30),
        kind="alcohol",
        finding="发票附单列有白酒两瓶。",
    )
    assert (found.matter.state, found.matter.closed) == ("settled", True)
    assert facts("reception.violation") == [(f"unit:{cast.unit('housing').pk}", 1, DAY_OF_VISIT)]
    told = Message.objects.get(channel=Message.Channel.EVENT)
    assert told.payload["event"] == "reception.violation_found"
    assert told.payload["kind"] == "alcohol"
    assert books() == before


def test_a_settlement_wants_an_invoice_unless_it_cost_nothing() -> None:
    budget()
    held = reception("held")
    with pytest.raises(Barred) as refusal:
        do("reception.settle", "clerk_housing", held, VISIT, cost=1)
    assert "第十五条" in refusal.value.clause
    free = do("reception.settle", "clerk_housing", held, VISIT, cost=0).matter
    do("reception.close", "finance", free, VISIT)
    assert books()["reception.limit"] == (0, 0, 0)


def test_what_it_cost_more_is_reserved_with_it_if_it_is_left() -> None:
    budget(reception=1_000 * YUAN)
    held = reception("held")
    with pytest.raises(Barred, match=r"700\.00") as refusal:
        do("reception.settle", "clerk_housing", held, VISIT, cost=1_000 * YUAN + 1, invoice=[file()])
    assert refusal.value.remedy
    assert books()["reception.budget"] == (1_000 * YUAN, 300 * YUAN, 0)
    submitted = do(
        "reception.settle", "clerk_housing", held, VISIT, cost=1_000 * YUAN, invoice=[file()]
    ).matter
    assert books()["reception.budget"] == (1_000 * YUAN, 1_000 * YUAN, 0)
    do("reception.close", "finance", submitted, VISIT)
    assert books() == {
        "reception.limit": (0, 0, 1_000 * YUAN),
        "reception.budget": (1_000 * YUAN, 0, 1_000 * YUAN),
    }
    assert list(verify()) == []


def test_what_was_sent_back_is_settled_anew_for_less_or_more() -> None:
    budget()
    submitted = reception("submitted")
    for cost in (500, 200):
        back = do("reception.send_back", "finance", submitted, VISIT, reason="发票抬头不符。").matter
        submitted = do(
            "reception.settle", "clerk_housing", back, VISIT, cost=cost * YUAN, invoice=[file()]
        ).matter
    do("reception.close", "finance", submitted, VISIT)
    assert books()["reception.limit"] == (0, 0, 200 * YUAN)
    assert list(verify()) == []


def test_a_reception_of_a_unit_merged_meanwhile_is_settled_in_the_book_of_before() -> None:
    budget()
    held = reception("held")
    prepared = do(
        "reorganization.prepare",
        "department_a",
        at=VISIT,
        predecessor=cast.unit("housing").pk,
        successor=cast.unit("education").pk,
        on="2026-03-12",
    )
    do("reorganization.carry_out", "department_b", prepared.matter, at=VISIT)
    worker.deliver(VISIT)
    held.refresh_from_db()
    assert held.unit == cast.unit("education")
    submitted = do(
        "reception.settle", "clerk_education", held, VISIT, cost=400 * YUAN, invoice=[file("clerk_education")]
    )
    do("reception.close", "finance", submitted.matter, VISIT)
    assert books("housing")["reception.limit"] == (0, 0, 400 * YUAN)
    assert books("education") == {}


@pytest.mark.parametrize("state", ["approved", "held"])
def test_what_is_not_settled_in_time_is_found_and_said_and_can_still_be_settled(state: str) -> None:
    budget()
    matter = reception(state)
    # Ten working days after Thursday, 12 March.
    clock = Running.objects.get(matter=matter)
    due = clock.due_at
    assert due.astimezone(NOW.tzinfo).isoformat() == "2026-03-26T16:00:00+00:00"
    worker.run_out(due - timedelta(seconds=1))
    assert facts("reception.settled_late") == []
    worker.run_out(due)
    worker.run_out(due + timedelta(days=5))
    assert facts("reception.settled_late") == [(f"unit:{cast.unit('housing').pk}", 1, DAY_OF_VISIT)]
    told = Message.objects.filter(holder=f"unit_clerk@u{cast.unit('housing').pk}", entry__act="overdue")
    assert told.count() == 1
    late = due + timedelta(days=6)
    if state == "approved":
        matter = do("reception.hand_in_list", "clerk_housing", matter, late, at_table=AT_TABLE).matter
    assert do("reception.settle", "clerk_housing", matter, late, cost=1, invoice=[file()])


def test_who_asked_never_checks_the_settlement() -> None:
    budget(unit="centre")
    asked = do("reception.ask", "finance_clerk", **wanted("finance_clerk")).matter
    approved = do("reception.approve", "leader", asked).matter
    held = do("reception.hand_in_list", "finance_clerk", approved, VISIT, at_table=AT_TABLE).matter
    submitted = do("reception.settle", "leader_clerk", held, VISIT, cost=0).matter
    with pytest.raises(Barred) as refusal:
        do("reception.close", "finance", submitted, VISIT)
    assert refusal.value.remedy
    assert do("reception.close", "city_finance", submitted, VISIT).matter.closed


def test_a_refusal_is_told_to_the_unit() -> None:
    budget()
    done = do("reception.refuse", "leader", reception(), reason="本年度接待从紧。")
    told = Message.objects.get(entry=done.entry, channel=Message.Channel.NOTICE)
    assert (told.holder, told.payload["text"]) == (
        f"unit_clerk@u{cast.unit('housing').pk}",
        "这次接待未获批准，理由见事项页。",
    )
