"""Budgets and returns of the three expenses: what stands, what is refused by row, what is published."""

from datetime import timedelta
from typing import Any

import pytest

from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.mechanisms.restraint.reception.models import Allotment, Spent
from tests import cast
from tests.cast import FOUNDED, NOW, do
from tests.receptions import YUAN, books, budget, expenses, numbered, reception
from tests.sheets import rows

pytestmark = pytest.mark.django_db


def line(unit: str = "housing", **more: int) -> dict[str, int]:
    return {"unit": cast.unit(unit).pk, "headcount": 50, "reception": 0, "vehicles": 0, "overseas": 0} | more


def enter(*lines: dict[str, int], **other: Any) -> Any:
    raw = {"since": "2026-01-01", "basis": "清人发〔2026〕1号", "rows": [*lines]} | other
    return do("expense_budget.enter", "finance", **raw).matter


def said(refusal: pytest.ExceptionInfo[Invalid], field: str = "rows") -> str:
    return " ".join(map(str, refusal.value.fields[field]))


def published() -> list[tuple[str, int]]:
    """The facts that still count."""
    standing = Fact.objects.filter(name__startswith="expenses.", reverses=None, reversed_by=None)
    return [*standing.order_by("held_on", "name").values_list("name", "quantity")]


def test_a_budget_has_a_line_each_and_the_headcount_of_its_day() -> None:
    budget(40, 30_000 * YUAN, vehicles=80_000 * YUAN, overseas=5)
    allotted = Allotment.objects.get()
    assert (allotted.headcount, allotted.reception, allotted.vehicles, allotted.overseas) == (
        40,
        30_000 * YUAN,
        80_000 * YUAN,
        5,
    )
    assert books() == {"reception.budget": (30_000 * YUAN, 0, 0)}
    assert list(verify()) == []


def test_a_reception_line_above_the_limit_is_named_by_row_with_its_clause() -> None:
    before = rows()
    with pytest.raises(Invalid) as refusal:
        enter(line(reception=50_000 * YUAN), line("education", headcount=101, reception=100_000 * YUAN + 1))
    assert set(refusal.value.fields) == {"rows.1.reception"}
    for words in ("101", "100,000.00", "第二十一条第二款"):
        assert words in said(refusal, "rows.1.reception")
    assert rows() == before


def test_a_unit_twice_or_of_elsewhere_or_no_row_at_all_is_told() -> None:
    with pytest.raises(Invalid) as refusal:
        enter(line(), line("education"), line())
    assert set(refusal.value.fields) == {"rows.2.unit"}
    with pytest.raises(Invalid) as refusal:
        enter(line("housing") | {"unit": cast.unit("housing", cast.BESIDE).pk})
    assert set(refusal.value.fields) == {"rows.0.unit"}
    with pytest.raises(Invalid) as refusal:
        enter()
    assert set(refusal.value.fields) == {"rows"}


def test_a_city_does_not_enter_its_countys_budget() -> None:
    with pytest.raises(Invalid) as refusal:
        do("expense_budget.enter", "city_finance", since="2026-01-01", basis="某号", rows=[line()])
    assert set(refusal.value.fields) == {"rows.0.unit"}


@pytest.mark.parametrize(
    ("other", "wrong"),
    [
        ({"nil": True}, set()),
        ({"nil": True, "reception": 0}, set()),
        ({"nil": True, "vehicles": 1}, {"rows.0.vehicles"}),
        ({"reception": 0, "vehicles": 0}, {"rows.0.overseas"}),
        ({}, {"rows.0.reception", "rows.0.vehicles", "rows.0.overseas"}),
        ({"reception": "-1", "vehicles": 0, "overseas": 0}, {"rows.0.reception"}),
        ({"reception": "约1200", "vehicles": 0, "overseas": 0}, {"rows.0.reception"}),
        ({"reception": "1.2万元", "vehicles": "￥3,400.50元", "overseas": "１２"}, set()),
    ],
)
def test_each_row_is_a_nil_return_or_has_three_amounts(other: dict[str, Any], wrong: set[str]) -> None:
    raw = {"year": 2025, "period": "year", "rows": [{"unit": cast.unit("housing").pk} | other]}
    if not wrong:
        assert do("expenses.enter", "finance", **raw).matter.state == "entered"
        return
    with pytest.raises(Invalid) as refusal:
        do("expenses.enter", "finance", **raw)
    assert set(refusal.value.fields) == wrong


def test_a_later_budget_takes_the_place_of_the_one_before_and_never_falls_below_what_is_used() -> None:
    budget(reception=5_000 * YUAN)
    reception(estimate=2_000 * YUAN)
    budget(reception=3_000 * YUAN)
    assert books()["reception.budget"] == (3_000 * YUAN, 2_000 * YUAN, 0)
    with pytest.raises(Barred, match=r"2,000\.00"):
        budget(reception=1_999 * YUAN)
    budget(reception=2_000 * YUAN)
    with pytest.raises(Barred, match="公务接待费预算"):
        reception(letter_number=numbered(16), estimate=1)
    assert list(verify()) == []


def test_the_limit_follows_the_headcount_of_the_day() -> None:
    budget(100, 60_000 * YUAN)
    budget(60, 60_000 * YUAN, since="2026-03-12")
    with pytest.raises(Barred) as refusal:
        reception(estimate=60_000 * YUAN + 1)
    assert "第二十一条第一款" in refusal.value.clause
    assert reception(estimate=60_000 * YUAN)


def test_who_entered_a_budget_or_a_return_never_lets_it_pass() -> None:
    entered = enter(line())
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("expense_budget.put_in_force", "finance", entered)
    returned = expenses(2025, publish=False, housing=(1, 2, 3))
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("expenses.publish", "finance", returned)
    assert do("expenses.publish", "leader", returned).matter.state == "published"


def test_nothing_is_counted_until_it_is_published() -> None:
    returned = expenses(2025, publish=False, housing=(1, 2, 3))
    assert (Spent.objects.count(), published()) == (0, [])
    do("expenses.publish", "leader", returned)
    assert published() == [
        ("expenses.overseas", 300),
        ("expenses.reception", 100),
        ("expenses.vehicles", 200),
    ]
    assert Spent.objects.count() == 1
    assert list(verify()) == []


def test_a_unit_with_a_budget_that_is_silent_is_named_and_zero_is_a_return() -> None:
    budget(since="2026-01-01")
    budget(since="2026-01-01", unit="education")
    april = NOW + timedelta(days=30)
    raw = {"year": 2026, "period": "q1"}
    spent = {"reception": 0, "vehicles": 0, "overseas": 0}
    with pytest.raises(Invalid) as refusal:
        do("expenses.enter", "finance", at=april, rows=[{"unit": cast.unit("housing").pk} | spent], **raw)
    assert "教育局" in said(refusal)
    assert "住建局" not in said(refusal)
    both = [{"unit": cast.unit(code).pk} | spent for code in ("housing", "education")]
    assert do("expenses.enter", "finance", at=april, rows=both, **raw)


def test_a_stretch_that_is_not_over_is_not_returned() -> None:
    with pytest.raises(Invalid) as refusal:
        expenses(2026, "q1", housing=(1, 1, 1))
    assert "period" in refusal.value.fields


def test_a_correction_takes_the_facts_of_before_back() -> None:
    expenses(2025, "q1", housing=(10, 0, 0), education=(5, 0, 0))
    expenses(2025, "q1", housing=(12, 0, 0))
    assert sorted(quantity for name, quantity in published() if name == "expenses.reception") == [500, 1200]
    assert sum(Fact.objects.filter(name="expenses.reception").values_list("quantity", flat=True)) == 1700


def test_the_whole_year_takes_the_place_of_its_quarters_and_no_quarter_follows_it() -> None:
    expenses(2025, "q1", housing=(10, 0, 0))
    expenses(2025, "q2", housing=(10, 0, 0))
    expenses(2025, housing=(35, 0, 0))
    assert ("expenses.reception", 3500) in published()
    assert len(published()) == 3
    with pytest.raises(Barred, match="该年度的全年报表已经公布"):
        expenses(2025, "q3", housing=(10, 0, 0))


def test_a_refused_or_withdrawn_return_leaves_nothing_behind() -> None:
    for who, name in (("leader", "refuse"), ("finance", "withdraw")):
        returned = expenses(2025, publish=False, housing=(1, 2, 3))
        assert do(f"expenses.{name}", who, returned, reason="数字有误。").matter.closed
    assert (Spent.objects.count(), published()) == (0, [])


def test_a_budget_is_entered_by_finance_alone() -> None:
    for who in ("clerk_housing", "office_a", "leader", "head_housing"):
        with pytest.raises(Barred, match="此项由财政部门办理"):
            do("expense_budget.enter", who, since="2026-01-01", basis="某号", rows=[line()], at=FOUNDED)
