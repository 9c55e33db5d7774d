"""What a reader sees of a return and of a refused request."""

import pytest

from tests.faces.console.staff import browser, text
from tests.receptions import budget, expenses, wanted

pytestmark = pytest.mark.django_db


def test_a_return_shows_its_year_as_a_year_and_not_how_it_keeps_its_rows() -> None:
    matter = expenses(2025, housing=(1, 2, 3))
    page = text(browser("finance").get(f"/expenses/{matter.pk}/"))
    assert "2,025" not in page
    assert "&#x27;reception&#x27;" not in page
    assert "Public report" in page


def test_a_refused_request_comes_back_with_all_that_was_typed() -> None:
    budget()
    raw = {name: value for name, value in wanted(guests=10, companions=4).items() if name != "letter"}
    answer = browser("clerk_housing").post("/reception/new/ask/", raw | {"has_letter": ""})
    page = text(answer)
    assert answer.status_code == 403
    assert "No letter, no reception" in page
    assert 'value="云川市住建局"' in page
