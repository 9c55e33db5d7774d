"""An act filled from a sheet: looked at, mended, done once and whole; the same at the command line and the API."""

import html
import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from python_calamine import CalamineWorkbook

from qingfeng.kernel.acts.inputs import Inputs
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.attachments.intake import FILES
from qingfeng.kernel.matters.registry import find_act
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.time.timekeeper import FixedTime, SystemTime
from tests import cast
from tests.browser.conftest import Window
from tests.faces.api.conftest import Program, secret
from tests.faces.cli.conftest import Command
from tests.faces.console.staff import browser, form_of, text
from tests.toys.models import Bills

pytestmark = pytest.mark.django_db
PATH = "/bills/new/take_over/"
HEADS = ["票号", "单位", "日期", "金额（元）", "支付方式", "人数"]
GOOD = [
    ["0001", "住建局", date(2026, 3, 2), 1234.5, "公务卡", 6],
    ["0002", "education", "2026年3月3日", "1.2万元", "transfer", None],
    ["0003", "住建局", "2026/3/4", "￥1,000.00", None, "3"],
]


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FixedTime:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.TIMEKEEPER = cast.clock()
    monkeypatch.setattr(SystemTime, "now", lambda _self: cast.NOW)
    return settings.TIMEKEEPER  # type: ignore[no-any-return]


def book(*rows: list[Any], heads: list[str] = HEADS) -> bytes:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = made.add_worksheet()
    for number, row in enumerate([heads, *rows]):
        sheet.write_row(number, 0, row)
    made.close()
    return target.getvalue()


def upload(content: bytes, name: str = "账单.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def clerk() -> Client:
    return browser("clerk_housing")


def send(client: Client, **typed: Any) -> HttpResponse:
    return client.post(PATH, {**form_of(client, PATH), "title": "三月接待", "cap": "100,000", **typed})


def held(page: HttpResponse) -> str:
    (sheet,) = re.findall(r'name="bills-sheet" value="([^"]+)"', text(page))
    return str(sheet)


def flat(page: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text(page)).split())


def test_a_sheet_is_shown_first_and_done_once_when_confirmed(clerk: Client) -> None:
    page = send(clerk, **{"bills-file": upload(book(*GOOD))})
    assert page.status_code == 200
    assert "3 rows read" in flat(page)
    assert "12,000.00" in text(page)
    assert not Bills.objects.exists()
    hidden = form_of(clerk, PATH)
    confirmed = {**hidden, "title": "三月接待", "cap": "10万", "bills-sheet": held(page)}
    assert clerk.post(PATH, confirmed).status_code == 303
    assert clerk.post(PATH, confirmed).status_code == 303
    bills = Bills.objects.get()
    assert bills.total == 123450 + 1200000 + 100000


def test_a_unit_is_named_by_its_short_name_unless_several_have_it(clerk: Client) -> None:
    Unit.objects.filter(pk=cast.unit("housing").pk).update(short_name="住建")
    sheet = book(["0001", "住建", date(2026, 3, 2), 5, "公务卡", 6])
    assert send(clerk, **{"bills-file": upload(sheet)}).status_code == 200
    Unit.objects.update(short_name="住建")
    page = send(clerk, **{"bills-file": upload(sheet)})
    assert page.status_code == 422
    assert "“住建” names several; write the code instead." in html.unescape(flat(page))


def test_what_is_wrong_is_told_by_row_and_column_and_nothing_can_be_sent(clerk: Client) -> None:
    bad = [
        ["0001", "住建局", "2026-03-02", "1,23", "公务卡", 6],
        [],
        ["0002", "没有这个单位", "三月三日", 5, "支票", 99],
    ]
    page = send(clerk, **{"bills-file": upload(book(*bad))})
    assert page.status_code == 422
    said = flat(page)
    assert "Row 2 金额 1,23" in said
    for cell in ("Unit 没有这个单位", "日期 三月三日", "支付方式 支票", "人数 99"):
        assert f"Row 4 {cell}".lower() in said.lower()
    assert "Confirm:" not in said
    again = clerk.post(PATH, {**form_of(clerk, PATH), "title": "x", "cap": "5", "bills-sheet": held(page)})
    assert again.status_code == 422
    assert not Bills.objects.exists()


@pytest.mark.parametrize("content", [b"PK\x03\x04 no", b"", book(["x"], heads=["colour"])])
def test_a_file_that_is_no_such_sheet_is_refused_with_the_form_kept(clerk: Client, content: bytes) -> None:
    page = send(clerk, **{"bills-file": upload(content)})
    assert page.status_code == 422
    assert "field--bad" in text(page)
    assert "bills-sheet" not in text(page)
    assert 'value="三月接待"' in text(page)


def test_nobody_fills_from_a_sheet_that_another_handed_in(clerk: Client) -> None:
    sheet = held(send(clerk, **{"bills-file": upload(book(*GOOD))}))
    other = browser("clerk_education")
    typed = {"title": "x", "cap": "10万", "bills-sheet": sheet}
    assert other.post(PATH, {**form_of(other, PATH), **typed}).status_code == 422
    assert clerk.post(PATH, {**form_of(clerk, PATH), **typed}).status_code == 303
    assert Attachment.objects.get().matter is None


def test_one_can_go_back_to_typing(clerk: Client) -> None:
    sheet = held(send(clerk, **{"bills-file": upload(book(*GOOD))}))
    page = send(clerk, **{"bills-sheet": sheet, "again": "typed:bills"})
    assert 'name="bills-0-number"' in text(page)
    page = send(clerk, again="sheet:bills")
    assert "Choose a workbook" in text(page)


def test_a_typed_row_that_is_wrong_is_told_at_its_line(clerk: Client) -> None:
    line = {"number": "1", "unit": str(cast.unit("housing").pk), "day": "2026-03-02", "paid": "card"}
    typed = {f"bills-2-{name}": value for name, value in line.items()} | {"bills-2-amount": "1,23"}
    page = send(clerk, **typed, **{"bills-count": "3"})
    assert page.status_code == 422
    assert 'href="#take_over-bills-2-amount"' in text(page)
    assert "row 3" in text(page)


def test_the_rows_stand_in_the_timeline_for_its_readers(clerk: Client) -> None:
    page = send(clerk, **{"bills-file": upload(book(*GOOD))})
    send(clerk, **{"bills-sheet": held(page)})
    shown = flat(clerk.get(f"/bills/{Bills.objects.get().pk}/"))
    assert "3 rows" in shown
    assert "0002 教育局 2026-03-03 12,000.00 yuan 转账" in shown
    assert "14,234.50 yuan" in shown


def test_the_list_is_exported_with_amounts_as_numbers(clerk: Client) -> None:
    page = send(clerk, **{"bills-file": upload(book(*GOOD))})
    send(clerk, **{"bills-sheet": held(page)})
    content = io.BytesIO(clerk.get("/bills/export.xlsx").content)
    rows = CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()
    assert rows[0][-1] == "合计 (yuan)"
    assert rows[1][-1] == 14234.5


def test_the_template_comes_back_filled_in(clerk: Client) -> None:
    answer = clerk.get("/bills/template/take_over.xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [str(head).split(" (")[0] for head in rows[0]] == [
        "票号",
        "Unit",
        "日期",
        "金额",
        "支付方式",
        "人数",
    ]
    assert all(str(cell).startswith("※") for cell in rows[1])
    page = send(clerk, **{"bills-file": upload(book(rows[1], *GOOD, heads=[str(head) for head in rows[0]]))})
    assert "3 rows read" in flat(page)
    assert browser("leader").get("/bills/template/take_over.xlsx").status_code == 404
    assert clerk.get("/trip/template/ask.xlsx").status_code == 404


def test_five_thousand_rows_go_through(clerk: Client) -> None:
    rows = [[f"{number:05}", "住建局", "2026-03-02", 1, "公务卡", 1] for number in range(5000)]
    page = send(clerk, **{"bills-file": upload(book(*rows))})
    assert "5,000 rows read" in flat(page)
    assert send(clerk, **{"bills-sheet": held(page)}).status_code == 303
    assert Bills.objects.get().total == 500000
    assert "5000 rows" in flat(clerk.get(f"/bills/{Bills.objects.get().pk}/"))


@pytest.fixture
def inputs() -> Inputs:
    return find_act(Bills, "take_over").inputs


def row(**said: Any) -> dict[str, Any]:
    return {"number": "1", "unit": cast.unit("housing").pk, "day": "2026-03-02", "amount": 5, **said}


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"amount": "1,23"}, "bills.1.amount"),
        ({"amount": 0}, "bills.1.amount"),
        ({"day": 5}, "bills.1.day"),
        ({"unit": 999999}, "bills.1.unit"),
        ({"colour": 1}, "bills.1.colour"),
    ],
)
def test_a_fault_inside_rows_names_its_row_and_column(
    inputs: Inputs, wrong: dict[str, Any], place: str
) -> None:
    actor = cast.actor("clerk_housing")
    scope = ActorScope(actor, actor.jurisdictions[0], cast.TODAY)
    raw = {"title": "x", "cap": 5, "bills": [row(), row(**wrong)]}
    with pytest.raises(Invalid) as refusal:
        inputs.parse(raw, scope)
    assert set(refusal.value.fields) == {place}
    assert inputs.parse({**raw, "bills": [row()]}, scope)["bills"][0].unit == cast.unit("housing")


def test_a_sheet_is_checked_and_imported_at_the_command_line(qingfeng: Command, tmp_path: Path) -> None:
    path = tmp_path / "bills.xlsx"
    path.write_bytes(book(*GOOD))
    call = ["import", "bills.take_over", str(path), "--set", "title=三月", "--set", "cap=10万"]
    checked = qingfeng(*call, "--check", who="clerk_housing")
    assert (checked.code, Bills.objects.count()) == (0, 0)
    assert "3 rows read" in checked.out
    done = qingfeng(*call, who="clerk_housing")
    assert (done.code, Bills.objects.count()) == (0, 1)
    path.write_bytes(book(GOOD[0], ["0002", "nowhere", "2026-03-03", "1,23", None, None]))
    for more in ([], ["--check"]):
        said = qingfeng(*call, *more, who="clerk_housing")
        assert said.code == 1
        assert re.search(r"3 +金额", said.out)
        assert re.search(r"3 +[Uu]nit", said.out)
    assert qingfeng(*call, who="leader").code == 1
    assert qingfeng("import", "trip.ask", str(path), who="clerk_housing").code == 2
    assert qingfeng(*call, "--matter", "1", who="clerk_housing").code == 2
    assert qingfeng("import", "bills.take_over", "nothing.csv", who="clerk_housing").code == 2
    assert Bills.objects.count() == 1


def test_over_the_api_money_is_a_whole_number_of_fen(clock: FixedTime) -> None:
    program = Program(secret("clerk_housing", clock)[1])
    raw = {"title": "三月", "cap": 10_000, "bills": [row(), row(amount=7)]}
    said = program.post("/bills", raw | {"cap": "100", "bills": [row(), row(amount="7")]})
    assert said.status_code == 422
    assert set(said.json()["error"]["fields"]) == {"cap", "bills.1.amount"}
    assert program.post("/bills", raw | {"bills": [row(day="x")]}).json()["error"]["fields"].keys() == {
        "bills.0.day"
    }
    assert program.post("/bills", raw).status_code == 201
    assert Bills.objects.get().total == 12
    schemas = program.get("/openapi.json").json()["components"]["schemas"]
    amount = schemas["bills.take_over.Bill"]["properties"]["amount"]
    assert (amount["type"], amount["minimum"]) == ("integer", 1)
    assert "123450" in amount["description"]


def test_in_a_browser_a_sheet_is_looked_at_mended_and_confirmed(window: Window, tmp_path: Path) -> None:
    files = {"bad.xlsx": book(["0001", "住建局", "2026-03-02", "1,23", None, None]), "good.xlsx": book(*GOOD)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    page = window("clerk_housing", viewport={"width": 390, "height": 800})
    page.goto(PATH)
    page.fill("[name=title]", "三月接待")
    for name in files:
        page.set_input_files("[name=bills-file]", str(tmp_path / name))
        page.click("button[value='sheet:bills']")
        page.wait_for_selector(f"text={name}")
        assert page.input_value("[name=title]") == "三月接待"
        assert page.locator(".form__foot .btn--primary").count() == (name == "good.xlsx")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.click(".form__foot .btn--primary")
    page.wait_for_url("**/bills/*/")
    page.click(".said-rows summary")
    assert page.locator(".said-rows td", has_text="12,000.00").is_visible()


def test_an_act_on_a_matter_is_filled_too_and_its_rows_may_be_left_out(
    clerk: Client, qingfeng: Command
) -> None:
    page = send(clerk, **{"bills-file": upload(book(*GOOD))})
    send(clerk, **{"bills-sheet": held(page)})
    bills = Bills.objects.get()
    path = f"/bills/{bills.pk}/add/"
    assert clerk.get(f"/bills/template/add.xlsx?matter={bills.pk}").status_code == 200
    late = b"\xef\xbb\xbf" + "票号,单位,日期,金额\n9,住建局,2026-03-09,1\n".encode()
    page = clerk.post(path, {**form_of(clerk, path), "late-file": upload(late, "late.csv")})
    (sheet,) = re.findall(r'name="late-sheet" value="([^"]+)"', text(page))
    assert clerk.post(path, {**form_of(clerk, path), "late-sheet": sheet}).status_code == 303
    assert clerk.post(path, form_of(clerk, path)).status_code == 303
    bills.refresh_from_db()
    assert (bills.total, bills.version) == (1423450 + 100, 3)
    kept = handed_in(sheet)
    assert qingfeng("import", "bills.add", kept, "--matter", str(bills.pk), who="clerk_housing").code == 0


def handed_in(sheet: str) -> str:
    """The CSV that was handed in, under a name of its kind."""
    file = Attachment.objects.get(pk=sheet)
    with FILES.open(file.digest) as found:
        path = Path(found.name).with_name("late.csv")
        path.write_bytes(found.read())
    return str(path)
