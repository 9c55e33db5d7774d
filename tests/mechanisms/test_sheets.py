"""Every sheet of every mechanism is read as offices make them."""

from pathlib import Path

import pytest
import xlsxwriter
from django.utils.translation import override

from qingfeng.kernel import sheets
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.sheets.former import FORMER
from qingfeng.mechanisms.restraint.meetings.baselines import Baseline
from tests import cast

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


@pytest.mark.parametrize(
    ("name", "now", "before"),
    [
        ("leave_balances.enter", "year", "年度"),
        ("reception.hand_in_list", "name", "名称"),
        ("inspection_plans.file", "drawn", "抽取几个单位；0 为全部检查"),
        ("inspection_plans.file", "drawn", "How many units are drawn; 0: all are visited"),
        ("campaigns.take_in", "number", "问题表编号*"),
        ("reorganization.prepare_day", "successor", "承继单位"),
    ],
)
def test_a_head_of_an_earlier_template_is_read_and_told(
    tmp_path: Path, name: str, now: str, before: str
) -> None:
    fields = FILLED[name].rows
    heads = [before if one.name == now else str(one.label) for one in fields]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([",".join(heads), ",".join("1" for _one in fields)]), encoding="utf-8")
    found = sheets.table(sheets.read(path, path.name), fields)
    assert set(found.rows[0]) == {one.name for one in fields}
    (told,) = map(str, found.told)
    assert before in told
    assert next(str(one.label) for one in fields if one.name == now) in told


def test_what_is_called_so_now_comes_before_what_was(tmp_path: Path) -> None:
    """The rank of a post once bore the head that the rank of a person bears now."""
    (spec,) = (one for name, one in FILLED.items() if name == "people.propose")
    path = tmp_path / "rows.csv"
    required = [str(one.label) for one in spec.rows if one.required]
    path.write_text("\n".join([",".join([*required, "职务层次"]), "x," * len(required) + "1"]), "utf-8")
    found = sheets.table(sheets.read(path, path.name), spec.rows)
    assert found.rows[0]["rank"] == "1"
    assert found.told == []


def test_former_heads_stand_under_the_present_ones() -> None:
    """A label that is renamed once more takes its former ones along."""
    with override("zh-hans"):
        labels = {str(one.label) for spec in FILLED.values() for one in spec.rows}
    assert set(FORMER) <= labels


@pytest.mark.django_db
def test_a_year_of_meetings_is_handed_in_as_offices_write_it(tmp_path: Path) -> None:
    spec = FILLED["meeting_baselines.record"]
    heads = ["单位", "月份", "会议数", "参会人时（小时）", "发文数"]
    rows = [
        ["住建局", "2月", "4场", "96小时", "3件"],
        ["住建局", "十一月", "１２次", "1,040 小时", "/"],
        ["住建局", "2025年12月", "零", "无", "二"],
    ]
    path = tmp_path / "rows.csv"
    path.write_text("\n".join("\t".join(row) for row in [heads, *rows]), encoding="utf-8")
    filled = sheets.table(sheets.read(path, path.name), spec.rows)
    scope = ActorScope(cast.actor("office_a"), cast.jurisdiction().pk, cast.TODAY)
    taken = sheets.taken(filled, spec.rows, scope)
    assert taken.wrong == {}
    recorded = cast.do("meeting_baselines.record", "office_a", year=2025, rows=taken.rows).matter
    unit = cast.unit("housing").pk
    assert Baseline.objects.get(pk=recorded.pk).months == [
        [unit, 2, 4, 96, 3],
        [unit, 11, 12, 1040, 0],
        [unit, 12, 0, 0, 2],
    ]
