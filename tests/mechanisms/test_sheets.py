"""Every sheet of every mechanism is read as offices make them."""

from pathlib import Path

import pytest
import xlsxwriter

from qingfeng.kernel import sheets
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.matters.registry import acts_of, mechanisms

FILLED = {
    f"{matter.code}.{act.name}": act.inputs.sheet
    for matter in mechanisms().values()
    for act in acts_of(matter).values()
    if act.inputs.sheet is not None
}
MONEYED = {name: spec for name, spec in FILLED.items() if any(one.kind == "money" for one in spec.rows)}


def table(tmp_path: Path, spec: InputField, unit: str = "") -> sheets.SheetTable:
    path = tmp_path / "rows.xlsx"
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("封面").write_string(0, 0, "二季度")
    sheet = book.add_worksheet("明细")
    heads = [f"{one.label}{unit}" if one.kind == "money" else str(one.label) for one in spec.rows]
    cells = ["2.5" if one.kind == "money" else "x" for one in spec.rows]
    for at, row in enumerate(
        [["二季度汇总表"], ["序号", *heads, "备注"], ["1", *cells, "已核"], ["合 计", *cells]]
    ):
        sheet.write_row(at, 0, row)
    book.close()
    return sheets.table(sheets.read(path, path.name), spec.rows)


@pytest.mark.parametrize("name", FILLED)
def test_a_cover_a_title_numbers_remarks_and_a_total_are_left_out_and_told(tmp_path: Path, name: str) -> None:
    found = table(tmp_path, FILLED[name])
    assert found.numbers == [3]
    assert len(found.told) == 4


@pytest.mark.parametrize("name", MONEYED)
@pytest.mark.parametrize(("unit", "yuan"), [("（千元）", "2500.00"), ("（百万元）", "2500000.00")])
def test_every_amount_is_in_the_unit_of_its_head(tmp_path: Path, name: str, unit: str, yuan: str) -> None:
    (row,) = table(tmp_path, MONEYED[name], unit).rows
    assert {row[one.name] for one in MONEYED[name].rows if one.kind == "money"} == {yuan}
