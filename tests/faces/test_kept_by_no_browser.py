"""What is shown to one reader stays in no cache: on the way in, in one's account, and where nothing was found."""

from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from tests import cast
from tests.faces.console.staff import browser

pytestmark = pytest.mark.django_db

OUTSIDE = ("/sign-in/", "/first-password/1/abc/", "/nothing-here/", "/api/v1/inbox", "/api/calendar.ics", "/")
INSIDE = (
    "/",
    "/account/",
    "/account/second-factor/",
    "/account/password/",
    "/notices/",
    "/handbook/",
    "/inbox/",
)


def kept(answer: Any) -> str:
    return str(answer.headers["Cache-Control"])


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_on_the_way_in_is_kept(path: str) -> None:
    assert "no-store" in kept(Client().get(path))


@pytest.mark.parametrize("path", INSIDE)
@pytest.mark.parametrize("who", ["clerk_housing", "system_administrator"])
def test_nothing_of_ones_own_is_kept(path: str, who: str) -> None:
    assert "no-store" in kept(browser(who).get(path))


def test_a_wrong_password_is_not_kept_either() -> None:
    answer = Client().post(
        "/sign-in/", {"username": cast.account("clerk_housing").username, "password": "no"}
    )
    assert "no-store" in kept(answer)


def test_every_page_without_a_part_in_its_address_is_kept_by_nobody() -> None:
    client = browser("office_a")
    paths = [
        str(one.pattern)
        for resolver in get_resolver().url_patterns
        for one in getattr(resolver, "url_patterns", ())
        if isinstance(one, URLPattern) and "<" not in str(one.pattern) and str(resolver.pattern) == ""
    ]
    assert len(paths) > 10
    for path in paths:
        assert "no-store" in kept(client.get(f"/{path}")), path


def test_static_files_may_be_kept() -> None:
    answer = Client().get("/static/design/tokens.css")
    answer.close()
    assert "no-store" not in kept(answer)
