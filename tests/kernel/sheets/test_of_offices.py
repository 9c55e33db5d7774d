"""Sheets as offices make them: titles, units, totals, several worksheets, cells that can't be relied on."""

from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.utils.translation import override

from qingfeng.kernel import sheets
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.refusals import Invalid

FIELDS = (
    InputField("unit", "line", "Unit", True),
    InputField("rent", "money", "Rent", True, bounds=(0, 10**12)),
    InputField("fuel", "money", "Fuel", False, bounds=(0, 10**12)),
    InputField("heads", "whole", "Heads", False, bounds=(0, 10**9)),
    InputField("nil", "flag", "Nothing spent", False),
    InputField("since", "day", "Since", False, monthly=True),
)


class Nothing:
    """A scope in which nothing may be named."""

    def candidates(self, spec: InputField) -> Any:
        raise AssertionError(spec)

    def codes(self, spec: InputField) -> list[tuple[str, Any]]:
        return []


def book(tmp_path: Path, *grids: list[list[Any]], **named: list[list[Any]]) -> Path:
    path = tmp_path / "rows.xlsx"
    made = xlsxwriter.Workbook(str(path))
    for name, grid in [*((f"S{at}", grid) for at, grid in enumerate(grids)), *named.items()]:
        sheet = made.add_worksheet(name)
        for at, row in enumerate(grid):
            sheet.write_row(at, 0, row)
    made.close()
    return path


def read(path: Path) -> sheets.SheetTable:
    return sheets.table(sheets.read(path, path.name), FIELDS)


def taken(path: Path) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    found = sheets.taken(read(path), FIELDS, Nothing())
    return found.rows, found.wrong


def told(path: Path) -> str:
    with override("en"):
        return " ".join(map(str, read(path).told))


def refused(path: Path) -> str:
    with pytest.raises(Invalid) as refusal:
        read(path)
    with override("en"):
        return " ".join(str(said) for said in refusal.value.fields["file"])


@pytest.mark.parametrize(
    ("head", "cell", "yuan"),
    [
        ("Rent（千元）", 2.5, "2500.00"),
        ("Rent(亿元)", "0.02", "2000000.00"),
        ("Rent【百万元】", 3, "3000000.00"),
        ("Rent 万元", "1,200.5", "12005000.00"),
        ("Rent（单位：万元）", "300元", "300.00"),
        ("Rent（人民币元）", 12, "12"),
    ],
)
def test_an_amount_is_in_the_unit_its_head_states(tmp_path: Path, head: str, cell: Any, yuan: str) -> None:
    path = book(tmp_path, [["unit", head], ["a", cell]])
    assert taken(path) == ([{"unit": "a", "rent": yuan}], {})
    assert ("yuan" in told(path)) is (yuan != "12")


def test_a_unit_over_the_heads_holds_for_amounts_that_state_none(tmp_path: Path) -> None:
    path = book(tmp_path, [["三公经费", None, "单位：万元"], ["unit", "rent", "Fuel（元）"], ["a", 1.5, 20]])
    assert taken(path)[0] == [{"unit": "a", "rent": "15000.00", "fuel": "20"}]


def test_the_name_of_a_unit_or_a_word_in_brackets_is_no_unit_of_money(tmp_path: Path) -> None:
    grid = [["填报单位：元宝镇", None], ["unit", "Rent（含元旦）"], ["a", 1.5]]
    assert taken(book(tmp_path, grid))[0] == [{"unit": "a", "rent": "1.5"}]


@pytest.mark.parametrize("unit", ["万美元", "%", "港币", "万吨"])
def test_a_unit_that_is_not_known_is_refused(tmp_path: Path, unit: str) -> None:
    assert unit in refused(book(tmp_path, [["unit", f"Rent（{unit}）"], ["a", 1]]))


def test_what_could_be_two_amounts_is_told_by_its_place(tmp_path: Path) -> None:
    assert set(taken(book(tmp_path, [["unit", "Rent（万元）"], ["a", "1.2万"], ["b", 1]]))[1]) == {"0.rent"}


def test_counts_in_ten_thousands_are_counts(tmp_path: Path) -> None:
    path = book(tmp_path, [["unit", "rent", "Heads（万人）"], ["a", 1, 1.25], ["b", 1, "0.00001"]])
    rows, wrong = taken(path)
    assert rows[0]["heads"] == 12_500
    assert set(wrong) == {"1.heads"}
    assert "10,000" in told(path)


def test_nothing_is_nothing_however_it_is_written(tmp_path: Path) -> None:
    grid = [
        ["unit", "rent", "fuel", "Nothing spent"],
        ["a", "零", "—", "Nothing spent"],
        ["b", "无", "N/A", "√"],
    ]
    rows, wrong = taken(book(tmp_path, grid))
    assert [(row["rent"], row["fuel"], row["nil"]) for row in rows] == [("0", "0", True)] * 2
    assert not wrong


def test_a_month_is_read_where_a_month_will_do(tmp_path: Path) -> None:
    rows, wrong = taken(
        book(tmp_path, [["unit", "rent", "since"], ["a", 1, "2003年9月"], ["b", 1, "8/11/2025"]])
    )
    assert rows[0]["since"] == "2003-09-01"
    assert set(wrong) == {"1.since"}


def test_titles_numbers_of_rows_remarks_and_totals_are_told_once_and_left_out(tmp_path: Path) -> None:
    grid = [
        ["二季度汇总"],
        [],
        ["序号", "unit", "rent", "备注"],
        [1, "a", 5, "已核"],
        [None, "小 计", 5],
        [2, "b", 7],
        ["总计", None, 12],
    ]
    path = book(tmp_path, grid)
    assert (read(path).numbers, [row["unit"] for row in read(path).rows]) == ([4, 6], ["a", "b"])
    said = told(path)
    assert all(words in said for words in ("二季度汇总", "“序号”, “备注”", "row 5, 7"))


def test_a_cover_is_passed_over_and_rows_of_like_sheets_stand_beneath_each_other(tmp_path: Path) -> None:
    path = book(
        tmp_path,
        封面=[["说明"]],
        一季度=[["unit", "rent"], ["a", 1]],
        二季度=[["unit", "rent"], ["b", 2], ["c", 3]],
        附表=[["unit", "colour"], ["d", "red"]],
    )
    found = read(path)
    assert (found.numbers, [row["unit"] for row in found.rows]) == ([2, 4, 5], ["a", "b", "c"])
    assert all(name in told(path) for name in ("封面", "附表", "二季度"))


def test_our_own_list_of_choices_is_nothing_to_tell(tmp_path: Path) -> None:
    path = book(tmp_path, Rows=[["unit", "rent"], ["a", 1]], Choices=[["yes"], ["no"]])
    assert told(path) == ""


def test_a_cell_that_cannot_be_relied_on_is_told_in_its_row(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet()
    for at, row in enumerate([["unit", "rent", "heads"], ["a"], ["b"], [110101199003078888, 3]]):
        sheet.write_row(at, 0, row)
    sheet.write_formula(1, 1, "=NA()", None, "#N/A")
    sheet.write_formula(2, 1, "=B2*2", None, "")
    sheet.write_formula(3, 2, "=1+1", None, 2)
    made.close()
    rows, wrong = taken(path)
    assert set(wrong) == {"0.rent", "1.rent", "2.unit"}
    assert rows[2] == {"rent": "3", "heads": 2}


def test_a_number_shown_with_zeros_before_it_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "rows.xlsx"
    made = xlsxwriter.Workbook(str(path))
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, ["unit", "rent"])
    sheet.write_number(1, 0, 7, made.add_format({"num_format": "0000"}))
    sheet.write_number(1, 1, 7, made.add_format({"num_format": "#,##0.00"}))
    made.close()
    assert taken(path)[0] == [{"unit": "0007", "rent": "7"}]


@pytest.mark.parametrize(
    "content",
    [
        "unit;rent\na, b;5\n",
        "unit|rent\na, b|5\n",
        "台账\nunit\trent\na, b\t5\n",
    ],
)
def test_a_text_file_is_parted_by_the_sign_its_heads_are(tmp_path: Path, content: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(content, encoding="utf-8")
    assert taken(path)[0] == [{"unit": "a, b", "rent": "5"}]


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_of_wide_characters_is_read(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "rows.csv"
    mark = "" if charset == "utf-16" else "\ufeff"
    path.write_bytes(f"{mark}unit,rent\n区财政局,5\n".encode(charset))
    assert taken(path)[0] == [{"unit": "区财政局", "rent": "5"}]


def test_a_quotation_at_the_head_of_a_field_is_text_and_an_open_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('unit,rent\n"马上办"窗口,5\n"a, ""b""",6\n', encoding="utf-8")
    assert [row["unit"] for row in taken(path)[0]] == ['"马上办"窗口', 'a, "b"']
    path.write_text('unit,rent\na,5\n"b,6\nc,7\n', encoding="utf-8")
    assert "Row 3" in refused(path)


def test_signs_that_turn_text_round_are_taken_out_and_told(tmp_path: Path) -> None:
    path = book(tmp_path, [["unit", "rent"], ["财政\u202e局\u200b", 1], ["\ue5e5局", 2]])
    assert [row["unit"] for row in taken(path)[0]] == ["财政局", "\ue5e5局"]
    assert "row 2;" in told(path)
