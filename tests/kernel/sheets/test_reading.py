"""Sheets are read by their heads, within bounds; what is unclear is told and nothing is guessed."""

import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.utils.translation import override

from qingfeng.kernel import sheets
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.sheets import extent
from tests.refusals import invalid

Book = Callable[..., Path]
FIELDS = (
    InputField("title", "line", "Title", True, longest=20),
    InputField("amount", "money", "Amount", True, bounds=(0, 10**9)),
    InputField("day", "day", "Day", False),
)
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """Writes a workbook of rows; ``also`` may add to its first sheet."""

    def write(*rows: list[Any], also: Callable[[Any, Any], None] = lambda book, sheet: None) -> Path:
        path = tmp_path / "rows.xlsx"
        made = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        also(made, sheet)
        made.close()
        return path

    return write


def text(tmp_path: Path, content: bytes, name: str = "rows.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def altered(path: Path, **parts: Any) -> Path:
    """The workbook with what is said done to its parts."""
    with zipfile.ZipFile(path) as old:
        held = {name: old.read(name) for name in old.namelist()}
    for name, change in parts.items():
        at = {"sheet": SHEET, "relations": extent.RELATIONS}[name]
        held[at] = change(held[at])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in held.items():
            new.writestr(name, content)
    return path


def read(path: Path) -> sheets.SheetTable:
    return sheets.table(sheets.read(path, path.name), FIELDS)


def refused(path: Path) -> str:
    with pytest.raises(Invalid) as refusal:
        read(path)
    assert set(refusal.value.fields) == {"file"}
    with override("en"):
        return " ".join(str(sentence) for sentence in refusal.value.fields["file"])


def test_cells_come_as_the_workbook_holds_them(book: Book) -> None:
    path = book(
        ["a", 3, 1.5, 0.1 + 0.2, True, None, date(2026, 3, 10), datetime(2026, 3, 10, 9, 30)],
        also=lambda _made, sheet: sheet.write_formula(1, 0, "=1+1", None, 7),
    )
    (sheet,) = sheets.read(path, path.name)
    assert sheet.grid == [
        ["a", 3, "1.5", "0.3", True, None, date(2026, 3, 10), datetime(2026, 3, 10, 9, 30)],
        [7] + [None] * 7,
    ]


def test_columns_stand_in_any_order_under_names_or_labels(book: Book) -> None:
    path = book([" DAY ", None, "amount（元）", "Title*"], ["2026-03-10", None, 5, " x "])
    assert read(path).rows == [{"day": "2026-03-10", "amount": 5, "title": "x"}]


def test_merged_cells_are_filled_and_blank_rows_and_notes_left_out(book: Book) -> None:
    path = book(
        ["title", "amount"],
        ["※ text", "※ yuan"],
        [],
        [None, 1],
        [None, 2],
        also=lambda _made, sheet: sheet.merge_range(3, 0, 4, 0, "both"),
    )
    found = read(path)
    assert found.rows == [{"title": "both", "amount": 1}, {"title": "both", "amount": 2}]
    assert found.numbers == [4, 5]


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("comma", [",", "\t"])
def test_csv_is_read_in_the_charsets_offices_use(tmp_path: Path, charset: str, comma: str) -> None:
    content = 'title,amount\r\n"窗口, 二号\n上午",12\r\n'.replace(",", comma).encode(charset)
    assert read(text(tmp_path, content)).rows[0]["amount"] == "12"


@pytest.mark.parametrize(
    ("heads", "words"),
    [
        (["title", "amount", "colour"], "colour"),
        (["title", "amount", "Amount"], "twice"),
        (["title", "day"], "Amount"),
    ],
)
def test_heads_that_are_unknown_double_or_missing_are_told(book: Book, heads: list[str], words: str) -> None:
    assert words in refused(book(heads, ["x", "1", "2"]))


def test_what_has_no_head_is_not_dropped_unseen(book: Book) -> None:
    assert "2" in refused(book(["title", "amount"], ["x", 1, "lost"]))


@pytest.mark.parametrize("rows", [[], [["title", "amount"]]])
def test_a_sheet_without_rows_is_refused(book: Book, rows: list[list[str]]) -> None:
    assert refused(book(*rows))


@pytest.mark.parametrize(
    "cell",
    [
        b'<c r="XFD1048576"><v>1</v></c>',
        b'<c pad=">" r="XFD1048576"><v>1</v></c>',
        b"<c r='A1048576' ><is><t>x</t></is></c>",
        b'</row><row r="1048575"><c><v>1</v></c>',
        b"<c/>" * 300 + b"<c><v>1</v></c>",
    ],
)
def test_one_cell_in_a_far_corner_is_refused_before_it_is_laid_out(book: Book, cell: bytes) -> None:
    path = altered(book(["title"]), sheet=lambda xml: xml.replace(b"</row>", cell + b"</row>", 1))
    assert "too large" in refused(path)


def test_a_styled_cell_without_content_does_not_count(book: Book) -> None:
    far = b'</row><row r="1048576"><c r="A1048576" s="0"/></row>'
    path = altered(book(["title", "amount"], ["x", 1]), sheet=lambda xml: far.join(xml.rsplit(b"</row>", 1)))
    assert read(path).rows == [{"title": "x", "amount": 1}]


@pytest.mark.parametrize(
    "parts",
    [
        {"sheet": lambda xml: xml[:-20]},
        {"sheet": lambda xml: xml.replace(b"<worksheet", b"<!DOCTYPE x [<!ENTITY a 'b'>]><worksheet", 1)},
        {"sheet": lambda xml: xml.replace(b'r="A1"', b'r="1A"', 1)},
        {"relations": lambda xml: xml.replace(b"sheet1.xml", b"sheet1.dat")},
    ],
)
def test_a_part_another_reader_could_read_otherwise_is_refused(book: Book, parts: Any) -> None:
    assert refused(altered(book(["title", "amount"], ["x", 1]), **parts))


def test_a_bomb_is_refused(book: Book) -> None:
    path = altered(
        book(["title"]), sheet=lambda xml: xml.replace(b"<sheetData>", b" " * (40 << 20) + b"<sheetData>")
    )
    assert refused(path)


def test_too_many_rows_columns_or_bytes_are_refused(tmp_path: Path) -> None:
    def read(content: bytes, bounds: sheets.Bounds) -> sheets.Book:
        return sheets.read(text(tmp_path, content), "rows.csv", bounds)

    def is_too_large(content: bytes, bounds: sheets.Bounds) -> bool:
        with pytest.raises(Invalid) as refusal:
            read(content, bounds)
        return "过大" in str(refusal.value.fields["file"][0])

    few = sheets.Bounds(rows=3, columns=3)
    assert read(b"title,amount\na,1\nb,2\n", few)
    assert is_too_large(b"title,amount\na,1\nb,2\nc,3\n", few)
    assert is_too_large(b"title,amount,day,x\n", few)
    assert is_too_large(b"title,amount\na,1\n", sheets.Bounds(size=10))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rows.txt", "请用 Excel 表格"),
        ("rows.pdf", "请用 Excel 表格"),
        ("rows.xls", "可能带有程序"),
        ("rows", "文件名无法使用"),
    ],
)
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str, said: str) -> None:
    path = text(tmp_path, b"title,amount\na,1\n", name)
    with invalid("file", said):
        sheets.read(path, path.name)


def test_text_that_only_claims_to_be_a_workbook_is_refused(tmp_path: Path) -> None:
    assert refused(text(tmp_path, b"title,amount\na,1\n", "rows.xlsx"))


def test_an_open_quote_does_not_swallow_the_rest(tmp_path: Path) -> None:
    assert refused(text(tmp_path, b'title,amount\n"a,1\nb,2\n'))


class Nothing:
    """A scope in which nothing may be named."""

    def candidates(self, spec: InputField) -> Any:
        raise AssertionError(spec)

    def codes(self, spec: InputField) -> list[tuple[str, Any]]:
        return [("a1", "First"), ("a2", "Same"), ("a3", "Same")]


@pytest.mark.parametrize(
    ("kind", "cell", "raw"),
    [
        ("day", "2026-03-10", "2026-03-10"),
        ("day", "2026/3/10", "2026-03-10"),
        ("day", "2026年3月10日", "2026-03-10"),
        ("day", date(2026, 3, 10), "2026-03-10"),
        ("day", "10.3.26", "10.3.26"),
        ("moment", datetime(2026, 3, 10, 9, 30), "2026-03-10T09:30:00+08:00"),
        ("moment", "2026/3/10 9:30", "2026-03-10T09:30:00+08:00"),
        ("moment", "2026年3月10日 25:00", "2026年3月10日 25:00"),
        ("money", 5, "5"),
        ("whole", "1,200", "1200"),
        ("whole", 7, 7),
        ("line", 13800000000, "13800000000"),
        ("flag", "是", True),
        ("flag", 0, False),
        ("flag", "maybe", "maybe"),
        ("choice", "a1", "a1"),
        ("choice", "First", "a1"),
    ],
)
def test_a_cell_becomes_what_the_act_takes(kind: str, cell: Any, raw: Any) -> None:
    spec = InputField("it", kind, "It", True)
    taken = sheets.taken(sheets.SheetTable([{"it": cell}], [2]), [spec], Nothing())
    assert taken.rows == [{"it": raw}]
    assert not taken.wrong


@pytest.mark.parametrize("cell", ["Second", "Same"])
def test_a_label_that_names_nothing_or_several_is_told_by_its_place(cell: str) -> None:
    spec = InputField("it", "choice", "It", True)
    taken = sheets.taken(sheets.SheetTable([{}, {"it": cell}], [2, 3]), [spec], Nothing())
    assert list(taken.wrong) == ["1.it"]


def test_faults_are_placed_by_the_rows_of_the_sheet() -> None:
    spec = InputField("bills", "rows", "Bills", True, rows=FIELDS)
    wrong = {
        "bills.1.amount": ["no"],
        "bills.0": ["bad"],
        "bills": ["all"],
        "title": ["x"],
        "bills.9.day": ["?"],
    }
    faults, rest = sheets.placed(wrong, spec, [4, 7])
    assert [tuple(fault) for fault in faults] == [(4, "", "", "bad"), (7, "Amount", "amount", "no")]
    assert set(rest) == {"bills", "title", "bills.9.day"}


def test_the_template_reads_back_as_heads_and_a_note(tmp_path: Path) -> None:
    path = text(tmp_path, sheets.template(FIELDS, Nothing(), "Bills: [a/b]"), "template.xlsx")
    assert "rows" in refused(path)
