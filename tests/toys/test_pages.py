"""A page a mechanism draws itself, within the house's frame, for whoever reads the matter."""

from typing import Any

import pytest

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import NotFound
from tests import cast
from tests.cast import NOW, actor, do
from tests.faces.console.staff import browser, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(settings: Any) -> None:
    settings.TIMEKEEPER = cast.clock()


@pytest.fixture
def trip() -> Matter:
    return do("trip.ask", "clerk_housing", title="赴省城学习", beside=cast.unit("education").pk).matter


def test_it_stands_in_the_house_s_frame_with_its_way_back_and_its_script(trip: Matter) -> None:
    answer = browser("clerk_housing").get(f"/trip/{trip.pk}/page/plan/")
    page = text(answer)
    assert answer.status_code == 200
    assert "<li>住建局</li><li>终点</li>" in page
    assert f'href="/trip/{trip.pk}/"' in page
    assert '<script src="/static/toys/plan.js" defer></script>' in page
    assert "overridden by the house" not in page
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]


def test_the_matter_leads_there(trip: Matter) -> None:
    assert f'href="/trip/{trip.pk}/page/plan/"' in text(browser("clerk_housing").get(f"/trip/{trip.pk}/"))


def test_who_may_not_read_the_matter_finds_no_page_of_it(trip: Matter) -> None:
    assert browser("clerk_education").get(f"/trip/{trip.pk}/page/plan/").status_code == 404
    opened = reads.page(actor("clerk_housing"), "trip", trip.pk, "plan", NOW)
    assert opened.context["reader"] == cast.unit("housing").pk
    with pytest.raises(NotFound):
        reads.page(actor("clerk_education"), "trip", trip.pk, "plan", NOW)


@pytest.mark.parametrize("path", ["page/moon/", "page/"])
def test_a_page_nobody_declared_is_not_there(trip: Matter, path: str) -> None:
    assert browser("clerk_housing").get(f"/trip/{trip.pk}/{path}").status_code == 404


def test_a_page_only_shows(trip: Matter) -> None:
    assert browser("clerk_housing").post(f"/trip/{trip.pk}/page/plan/").status_code == 405
