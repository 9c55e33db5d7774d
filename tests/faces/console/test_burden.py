"""What is asked of units stands on a page, and the number that is reached in the form of whoever asks once more."""

import pytest

from tests.faces.console.staff import browser, text
from tests.kernel.reads.test_burden import numbers
from tests.mechanisms.duty.dispatch import meetings as dispatch

pytestmark = pytest.mark.django_db

__all__ = ["numbers"]


def test_it_stands_in_the_form_and_bars_nothing(numbers: None) -> None:
    dispatch.task()
    dispatch.task()
    office = browser("office_a")
    page = text(office.get("/tasks/new/set/"))
    assert "2026-03: Forms and reports 2 asked already, the number is 2" in page
    assert "第三条" in page
    assert "2026-03: Forms" not in text(office.get("/meetings/"))


def test_the_page_and_its_workbook_have_counts_and_numbers(numbers: None) -> None:
    for _task in range(3):
        dispatch.task()
    office = browser("office_a")
    page = text(office.get("/burden/"))
    assert "Forms and reports (number 2)" in page
    assert "Forms and reports 3, the number is 2" in page
    assert office.get("/burden.xlsx?month=2026-03").status_code == 200
    assert office.get("/burden/?month=march").status_code == 422
    own = text(browser("cadre").get("/burden/?month=2026-03"))
    assert "住建局" in own
    assert "教育局" not in own
