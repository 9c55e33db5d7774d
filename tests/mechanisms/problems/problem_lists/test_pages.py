"""What a reader sees of an own list at the console, and how a workbook fills one."""

import pytest

from tests.faces.console.staff import browser, text
from tests.mechanisms.problems.problem_lists.lists import in_force, put_right

pytestmark = pytest.mark.django_db


def test_the_unit_and_its_leader_see_the_problems_and_nobody_else() -> None:
    own = put_right(in_force())
    for who in ("head_housing", "clerk_housing_b", "leader"):
        page = text(browser(who).get(f"/problem_lists/{own.pk}/page/problems/"))
        assert "窗口值守不到位" in page
        assert "put right, to be checked" in page.lower()
    for who in ("office_a", "clerk_education", "discipline"):
        assert browser(who).get(f"/problem_lists/{own.pk}/page/problems/").status_code == 404


def test_the_office_sees_the_counts_at_its_console_and_no_list() -> None:
    own = in_force()
    desk = browser("office_a")
    assert "11.1" in text(desk.get("/problem_lists/statistics/"))
    assert own.number not in text(desk.get("/problem_lists/"))


def test_the_rows_can_be_filled_from_a_workbook() -> None:
    answer = browser("clerk_housing").get("/problem_lists/template/draw_up.xlsx")
    assert answer.status_code == 200
