"""The page of a mechanism's statistics, and the same as a workbook."""

import io
import json

import pytest
from python_calamine import CalamineWorkbook

from qingfeng.kernel.record.journal import JournalEntry
from tests.faces.console.staff import browser, problem, text

pytestmark = pytest.mark.django_db

PAGE = "/rectification/statistics/"


@pytest.fixture
def three() -> None:
    problem(upto="written_off")
    problem(upto="assigned")
    problem(upto="assigned", unit="education")


@pytest.mark.usefixtures("three")
def test_each_statistic_is_a_picture_with_its_table() -> None:
    page = text(browser("office_a").get(PAGE))
    assert page.count("<figure") == page.count('role="img"') == 6
    assert all(words in page for words in ("住建局", "教育局", "Overdue, still open", "Up to March 10, 2026"))


@pytest.mark.usefixtures("three")
def test_a_clerk_sees_the_own_unit_s_figures_only() -> None:
    page = text(browser("clerk_housing").get(PAGE))
    assert "住建局" in page
    assert "教育局" not in page


def test_where_there_is_nothing_it_is_said_in_words() -> None:
    page = text(browser("office_a").get(PAGE))
    assert "<figure" not in page
    assert "Problems found, by unit: nothing to count" in page


@pytest.mark.usefixtures("three")
def test_another_year_has_its_own_figures() -> None:
    page = text(browser("office_a").get(f"{PAGE}?year=2025"))
    assert "nothing to count" in page
    assert 'href="/rectification/statistics/?year=2026"' in page


@pytest.mark.parametrize("year", ["", "2025", "2027", "20x6", "-1", "２０２６", "9" * 40, "%00"])
def test_any_year_may_be_asked_for_and_is_answered_in_words(year: str) -> None:
    answer = browser("office_a").get(f"{PAGE}?year={year}")
    assert answer.status_code == (200 if year in ("", "2025") else 422)


def test_the_list_leads_there_and_a_mechanism_without_statistics_has_no_such_page() -> None:
    client = browser("office_a")
    assert f'href="{PAGE}"' in text(client.get("/rectification/"))
    assert "/regime/statistics/" not in text(client.get("/regime/"))
    assert client.get("/regime/statistics/").status_code == 404


@pytest.mark.usefixtures("three")
def test_the_workbook_has_the_figures_as_numbers_and_is_journalled() -> None:
    answer = browser("office_a").get("/rectification/statistics.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    units, months = (book.get_sheet_by_index(place).to_python() for place in (0, 1))
    assert units[1] == ["Responsible unit", "Closed out", "Under way", "Overdue, still open"]
    assert units[2] == ["住建局", 1.0, 1.0, 0.0]
    assert len(months) == 5
    assert json.loads(JournalEntry.objects.get(kind="export").body)["about"]["rows"] == 20


@pytest.mark.usefixtures("three")
def test_the_workbook_has_no_more_than_the_page() -> None:
    answer = browser("clerk_housing").get("/rectification/statistics.xlsx")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[2:]] == ["住建局"]
