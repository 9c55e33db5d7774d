"""What leaves as a workbook: days and counts to reckon with, names in the reader's words, and cut lists that say so."""

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from qingfeng.faces.console import home, lists
from qingfeng.kernel.money import headed
from qingfeng.kernel.sheets.units import parted
from qingfeng.kernel.time.timekeeper import ZONE
from tests import cast
from tests.faces.console.staff import browser, problem
from tests.leaves import request
from tests.mechanisms.restraint.meetings.gatherings import asked as meeting

pytestmark = pytest.mark.django_db
Rows = list[list[Any]]


def sheets(client: Client, path: str) -> dict[str, Rows]:
    answer = client.get(path)
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def by_head(rows: Rows, line: int = 1) -> dict[str, Any]:
    return dict(zip(rows[0], rows[line], strict=True))


def test_days_moments_counts_and_yuan_of_a_list_are_values() -> None:
    meeting(people=37, budget=123450)
    (rows,) = sheets(browser("clerk_housing"), "/meetings/export.xlsx").values()
    row = by_head(rows)
    assert row["Begins"] == datetime(2026, 4, 15, 9)
    assert row["People"] == 37
    assert row[str(headed("Budget"))] == 1234.5
    assert row["Opened"] == cast.NOW.astimezone(ZONE).replace(tzinfo=None)


def test_leave_has_days_without_a_time_and_half_days_to_sum() -> None:
    request(first_day="2026-03-16", last_day="2026-03-17")
    (rows,) = sheets(browser("cadre"), "/leave/export.xlsx").values()
    row = by_head(rows)
    assert (row["First day"], row["Last day"]) == (date(2026, 3, 16), date(2026, 3, 17))
    assert row["Half days"] == 4


def test_a_limit_is_its_last_day_with_its_name_beside_it() -> None:
    problem(upto="assigned")
    (rows,) = sheets(browser("office_a"), "/rectification/export.xlsx").values()
    row = by_head(rows)
    assert isinstance(row["Due"], date)
    assert not isinstance(row["Due"], datetime)
    assert row["Time limit"]
    first_page = sheets(browser("head_housing"), "/first.xlsx")
    carried = next(found for name, found in first_page.items() if "unit has open" in name or "carry" in name)
    assert by_head(carried)["Due"] == row["Due"]
    assert by_head(carried)["Opened"] == cast.NOW.date()


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("office_a", "/rectification/export.xlsx"),
        ("office_a", "/rectification/statistics.xlsx"),
        ("leader", "/carried.xlsx"),
        ("office_a", "/looks.xlsx"),
        ("clerk_housing", "/meetings/template/ask.xlsx"),
    ],
)
def test_files_are_called_in_the_readers_words(who: str, path: str) -> None:
    answer = browser(who).get(path, headers={"accept-language": "zh-hans"})
    called = unquote(answer["Content-Disposition"]).removeprefix("attachment; filename*=utf-8''")
    stem = called.removesuffix(".xlsx")
    assert stem != called
    assert not any(letter.isascii() and letter.isalpha() for letter in stem), called


@pytest.mark.parametrize("more", [1, 0])
def test_a_list_cut_at_its_limit_says_so_in_the_file(monkeypatch: pytest.MonkeyPatch, more: int) -> None:
    for number in range(2 + more):
        problem(f"路面塌陷 {number}", "found")
    monkeypatch.setattr(lists, "MOST_ROWS", 2)
    (rows,) = sheets(browser("office_a"), "/rectification/export.xlsx").values()
    told = [row[0] for row in rows if "limit of 2 rows" in str(row[0])]
    assert len(told) == more
    assert len([row for row in rows[1:] if row[1]]) == 2


def test_a_first_page_says_so_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        problem(f"积水 {number}", "rectifying")
    monkeypatch.setattr(home, "LARGEST_PAGE", 2)
    found = sheets(browser("head_housing"), "/first.xlsx")
    assert any("limit of 2 rows" in str(row[0]) for rows in found.values() for row in rows)


def test_amounts_are_headed_alike_in_lists_sheets_and_figures(signed_in: Callable[..., Client]) -> None:
    meeting()
    (listed,) = sheets(signed_in("clerk_housing"), "/meetings/export.xlsx").values()
    assert str(headed("Budget")) in listed[0]
    found = sheets(signed_in("office_a"), "/celebrations/statistics.xlsx")
    heads = [str(head) for rows in found.values() for head in rows[1]]
    assert any(head.endswith(" (yuan)") for head in heads)


@pytest.mark.parametrize(("language", "unit"), [("zh-hans", "（元）"), ("en", " (yuan)")])
def test_one_amount_has_one_head_wherever_it_stands(language: str, unit: str) -> None:
    """Lists, templates and figures of the same amounts: none bare here and with its unit there."""
    files = {
        "finance": ("expense_budget/template/enter", "expenses/template/enter", "reception/statistics"),
        "clerk_housing": ("meetings/export", "celebrations/export", "reception/export"),
        "office_a": ("celebrations/statistics",),
    }
    said: dict[str, set[str]] = {}
    for who, paths in files.items():
        client = browser(who)
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        for path in paths:
            found = sheets(client, f"/{path}.xlsx")
            for cell in (cell for rows in found.values() for row in rows[:3] for cell in row):
                said.setdefault(parted(str(cell))[0], set()).add(str(cell).strip("*"))
    amounts = {heads.copy().pop(): heads for heads in said.values() if any(unit in head for head in heads)}
    assert len(amounts) > 5
    assert [heads for heads in amounts.values() if len(heads) > 1] == []
    assert [head for head in amounts if not head.endswith(unit)] == []
