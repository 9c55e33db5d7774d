"""Lists: narrowed, searched, paged and taken along, never beyond what one may read."""

import io
import json
import re

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from qingfeng.kernel.record.journal import JournalEntry
from tests import cast
from tests.cast import do
from tests.faces.console.staff import address, browser, problem, text
from tests.leaves import request

pytestmark = pytest.mark.django_db


def titles(client: Client, query: str = "") -> list[str]:
    page = text(client.get(f"/rectification/{query}"))
    return re.findall(r'<h[23] class="row__title"><a [^>]*>([^<]*)</a>', page)


@pytest.fixture
def three() -> None:
    problem("窗口无人值守", "found")
    problem("电话无人接听", "assigned")
    problem("材料重复索要", "written_off", unit="education")


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["材料重复索要", "电话无人接听", "窗口无人值守"]),
        ("?state=assigned", ["电话无人接听"]),
        ("?open=open", ["电话无人接听", "窗口无人值守"]),
        ("?open=closed", ["材料重复索要"]),
        ("?q=无人", ["电话无人接听", "窗口无人值守"]),
        ("?q=窗口", ["窗口无人值守"]),
        ("?q=口窗", []),
        ("?kind=inaction&open=closed", ["材料重复索要"]),
        ("?kind=formalism", []),
    ],
)
def test_a_list_is_narrowed(query: str, found: list[str]) -> None:
    assert titles(browser("office_a"), query) == found


@pytest.mark.usefixtures("three")
def test_a_list_is_narrowed_by_unit() -> None:
    assert titles(browser("office_a"), f"?responsible={cast.unit('education').pk}") == ["材料重复索要"]


@pytest.mark.usefixtures("three")
def test_a_list_holds_what_one_may_read_and_no_more() -> None:
    assert titles(browser("clerk_housing")) == ["电话无人接听"]
    assert titles(browser("clerk_housing"), "?q=窗口") == []
    assert titles(browser("linan_office")) == []


@pytest.mark.parametrize("query", ["?state=nowhere", "?responsible=x", "?page=x", "?responsible=" + "9" * 40])
def test_a_filter_nobody_offered_is_refused_in_words(query: str) -> None:
    answer = browser("office_a").get(f"/rectification/{query}")
    assert answer.status_code == 422
    assert "Something needs another look" in text(answer)


def test_a_list_goes_on_by_cursor_and_counts_nothing() -> None:
    for number in range(23):
        problem(f"第{number}处")
    client = browser("office_a")
    first = text(client.get("/rectification/?open=open"))
    following = re.search(r'rel="next" href="([^"]*)"', first)
    assert following is not None
    rest = titles(client, following[1].replace("&amp;", "&"))
    assert rest == ["第2处", "第1处", "第0处"]
    assert "COUNT" not in first


def test_who_may_open_a_matter_finds_the_button_and_others_do_not() -> None:
    assert 'href="/rectification/new/register/"' in text(browser("office_a").get("/rectification/"))
    assert 'href="/rectification/new/register/"' not in text(browser("clerk_housing").get("/rectification/"))


@pytest.mark.usefixtures("three")
def test_the_search_goes_over_all_mechanisms_within_what_one_may_read() -> None:
    page = text(browser("office_a").get("/search/?q=重复"))
    assert "材料重复索要" in page
    assert "材料重复索要" not in text(browser("clerk_housing").get("/search/?q=重复"))


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q='); DROP", "?q=" + "长" * 500, "?q=%00"])
def test_any_words_may_be_searched(query: str) -> None:
    assert browser("office_a").get(f"/search/{query}").status_code == 200


def exported(client: Client, query: str = "") -> list[list[object]]:
    answer = client.get(f"/rectification/export.xlsx{query}")
    assert answer.status_code == 200
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


@pytest.mark.usefixtures("three")
def test_a_list_is_taken_along_as_it_is_narrowed_and_that_is_journalled() -> None:
    rows = exported(browser("office_a"), "?q=无人")
    assert [row[1] for row in rows] == ["Title", "电话无人接听", "窗口无人值守"]
    assert dict(zip(rows[0], rows[1], strict=True))["Kind"] == "Inaction"
    line = JournalEntry.objects.get(kind="export")
    assert line.account_id == cast.account("office_a").pk
    assert json.loads(line.body)["about"]["rows"] == 2


@pytest.mark.usefixtures("three")
def test_what_one_may_not_read_is_not_taken_along() -> None:
    assert [row[1] for row in exported(browser("clerk_housing"))] == ["Title", "电话无人接听"]


@pytest.mark.parametrize("title", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "http://x.invalid"])
def test_what_looks_like_a_formula_is_taken_along_as_text(title: str) -> None:
    problem(title)
    answer = browser("office_a").get("/rectification/export.xlsx")
    assert exported(browser("office_a"))[1][1] == title
    assert b"<f>" not in answer.content


def test_an_unknown_mechanism_and_an_unknown_matter_read_the_same() -> None:
    client = browser("office_a")
    unknown, absent = (
        client.get("/nonsense/"),
        client.get(address(problem()).replace("rectification", "nonsense")),
    )
    assert unknown.status_code == absent.status_code == 404


def test_what_came_to_nothing_is_not_drawn_as_done() -> None:
    chips = {}
    for who, act in (("cadre", "withdraw"), ("head_housing", "decide")):
        leave = request(first_day="2026-03-16", last_day="2026-03-16")
        do(f"leave.{act}", who, leave, **({"agrees": False} if act == "decide" else {}))
        page = text(browser("cadre").get("/leave/"))
        chips[act] = re.findall(r'<span class="chip ([^"]*)">.*?</span>', page, re.S)[0]
    written_off = text(browser("office_a").get(address(problem(upto="written_off"))))
    assert chips == {"withdraw": "chip--neutral", "decide": "chip--neutral"}
    assert "chip--done" in written_off
