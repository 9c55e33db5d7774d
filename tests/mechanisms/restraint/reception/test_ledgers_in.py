"""The ledgers as units really send them: every row is taken, or named with its row and column."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from qingfeng.kernel import sheets
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.refusals import Invalid
from tests import cast
from tests.cast import TODAY, do

pytestmark = pytest.mark.django_db

HEADS = ["单位", "公务接待费（元）", "公务用车购置及运行费", "因公出国（境）费", "零报告"]


@pytest.fixture
def taken(tmp_path: Path) -> Callable[..., sheets.FilledRows]:
    """What is taken from a workbook of these rows; ``merged``: cells drawn together, with what stands in them."""

    def read(
        *rows: list[Any], merged: tuple[str, Any] | None = None, act: str = "expenses.enter"
    ) -> sheets.FilledRows:
        path = tmp_path / "ledger.xlsx"
        book = xlsxwriter.Workbook(str(path))
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if merged:
            sheet.merge_range(merged[0], merged[1])
        book.close()
        spec = cast.act(act).inputs.sheet
        assert spec is not None
        scope = ActorScope(cast.actor("finance"), cast.jurisdiction().pk, TODAY)
        return sheets.taken(sheets.table(sheets.read(path, path.name), spec.rows), spec.rows, scope)

    return read


def test_money_written_in_five_ways_is_the_same_money(taken: Callable[..., sheets.FilledRows]) -> None:
    found = taken(
        HEADS,
        ["住建局", "12,345.60", 0, 0, ""],
        ["教育局", "￥12345.60元", 0, 0, ""],
        ["财政局", 12345.6, 0, 0, ""],
        ["清河镇", "1.23456万元", 0, 0, ""],
        ["信息中心", "１２３４５．６０", 0, 0, ""],
    )
    assert not found.wrong
    entered = do("expenses.enter", "finance", year=2025, period="year", rows=found.rows).matter
    assert {row["reception"] for row in entered.rows} == {1_234_560}
    assert len(entered.rows) == 5


def test_a_nil_return_needs_no_zeros(taken: Callable[..., sheets.FilledRows]) -> None:
    found = taken(HEADS, ["住建局", "", "", "", "是"], ["教育局", 0, 0, 0, ""])
    entered = do("expenses.enter", "finance", year=2025, period="year", rows=found.rows).matter
    assert [(row["reception"], row["vehicles"], row["overseas"]) for row in entered.rows] == [(0, 0, 0)] * 2


def test_merged_cells_count_for_each_row_they_cover(taken: Callable[..., sheets.FilledRows]) -> None:
    found = taken(HEADS, ["住建局", 5, 0, "", ""], ["教育局", 6, 0, "", ""], merged=("D2:D3", 0))
    assert not found.wrong
    assert do("expenses.enter", "finance", year=2025, period="year", rows=found.rows)


def test_an_amount_merged_over_several_rows_is_named_in_each_and_nothing_is_counted_twice(
    taken: Callable[..., sheets.FilledRows],
) -> None:
    for amount in (500, "1.2万"):
        found = taken(HEADS, ["住建局", 5, "", 0, ""], ["教育局", 6, "", 0, ""], merged=("C2:C3", amount))
        assert set(found.wrong) == {"0.vehicles", "1.vehicles"}
        assert all("合并" in str(sentence) for sentences in found.wrong.values() for sentence in sentences)


def test_a_unit_drawn_over_two_rows_is_named_in_the_second(taken: Callable[..., sheets.FilledRows]) -> None:
    found = taken(HEADS, ["", 5, 0, 0, ""], ["", 6, 0, 0, ""], merged=("A2:A3", "住建局"))
    with pytest.raises(Invalid) as refusal:
        do("expenses.enter", "finance", year=2025, period="year", rows=found.rows)
    spec = cast.act("expenses.enter").inputs.sheet
    assert spec is not None
    faults, rest = sheets.placed(refusal.value.fields, spec, [2, 3])
    assert [(fault.row, str(fault.column)) for fault in faults] == [(3, "单位")]
    assert not rest


@pytest.mark.parametrize(
    ("cell", "column"),
    [("约1200", "reception"), ("1.234,50", "reception"), ("零点五", "reception"), ("12.345", "reception")],
)
def test_what_is_no_amount_for_certain_is_named_and_nothing_is_stored(
    taken: Callable[..., sheets.FilledRows], cell: str, column: str
) -> None:
    found = taken(HEADS, ["教育局", 1, 0, 0, ""], ["住建局", cell, 0, 0, ""])
    with pytest.raises(Invalid) as refusal:
        do("expenses.enter", "finance", year=2025, period="year", rows=found.rows)
    assert set(refusal.value.fields) == {f"rows.1.{column}"}


@pytest.mark.parametrize("cell", ["零", "〇", "/", "——"])
def test_nothing_spent_is_nought_however_it_is_written(
    taken: Callable[..., sheets.FilledRows], cell: str
) -> None:
    found = taken(HEADS, ["教育局", cell, cell, cell, ""], ["住建局", cell, 5, 0, ""])
    entered = do("expenses.enter", "finance", year=2025, period="year", rows=found.rows).matter
    assert [row["reception"] for row in entered.rows] == [0, 0]


def test_a_unit_nobody_knows_is_named(taken: Callable[..., sheets.FilledRows]) -> None:
    found = taken(HEADS, ["住建局", 1, 0, 0, ""], ["招商局", 1, 0, 0, ""])
    assert set(found.wrong) == {"1.unit"}


def test_a_budget_comes_from_a_sheet_too(taken: Callable[..., sheets.FilledRows]) -> None:
    heads = ["单位", "编制人数", "公务接待费", "公务用车购置及运行费", "因公出国（境）费"]
    found = taken(heads, ["住建局", 99, "9.9万", "12万", 0], act="expense_budget.enter")
    assert not found.wrong
    entered = do("expense_budget.enter", "finance", since="2026-01-01", basis="某号", rows=found.rows).matter
    assert entered.rows[0]["reception"] == 9_900_000


def test_the_list_of_those_at_table_comes_from_a_sheet_too(taken: Callable[..., sheets.FilledRows]) -> None:
    heads = ["来宾或陪餐", "姓名", "单位", "职务"]
    found = taken(
        heads,
        ["来宾", "来宾甲", "云川市住建局", "处长"],
        ["陪餐人员", "己一", "住建局", ""],
        act="reception.hand_in_list",
    )
    assert not found.wrong
    assert [row["side"] for row in found.rows] == ["guest", "companion"]
