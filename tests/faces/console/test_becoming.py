"""In a demonstration one becomes somebody with one click; anywhere else the way is not there."""

import json
from typing import Any

import pytest
from django.test import Client

from qingfeng.faces.console import impersonation
from qingfeng.faces.invented_district import PEOPLE, SHOWN
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.record.journal import JournalEntry
from tests.faces.console.staff import browser, text

pytestmark = pytest.mark.django_db
ONE_CLICK = "come in with one click"


@pytest.fixture
def demonstration(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A demonstration, in which two of the cast bear the names of its people."""
    settings.DEMO = True
    monkeypatch.setattr(impersonation, "is_demonstration", lambda: True)
    for username, name in (("office_a", "office1"), ("system_administrator", "system1")):
        Account.objects.filter(username=username).update(username=name)


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def outcomes() -> list[tuple[int | None, str]]:
    lines = JournalEntry.objects.filter(kind="sign_in").order_by("seq")
    return [(line.account_id, json.loads(line.body)["about"]["outcome"]) for line in lines]


def pk(username: str) -> int:
    return Account.objects.get(username=username).pk


@pytest.mark.usefixtures("demonstration")
def test_one_click_signs_in_and_is_journalled_as_a_sign_in(visitor: Client) -> None:
    assert ONE_CLICK in text(visitor.get("/sign-in/"))
    answer = visitor.post("/become/", {"username": "office1", "next": "/rectification/"})
    assert answer.headers["Location"] == "/rectification/"
    assert visitor.get("/").status_code == 200
    assert outcomes() == [(pk("office1"), "in, in the demonstration")]


@pytest.mark.usefixtures("demonstration")
def test_the_next_click_signs_the_one_before_out(visitor: Client) -> None:
    visitor.post("/become/", {"username": "office1"})
    before = visitor.session.session_key
    assert "Demonstration: you are 甲一" in text(visitor.get("/"))
    visitor.post("/become/", {"username": "system1"})
    assert visitor.session.session_key != before
    assert outcomes() == [
        (pk("office1"), "in, in the demonstration"),
        (pk("office1"), "out"),
        (pk("system1"), "in, in the demonstration"),
    ]


@pytest.mark.usefixtures("demonstration")
def test_a_privileged_role_needs_no_second_factor_there(visitor: Client) -> None:
    visitor.post("/become/", {"username": "system1"})
    assert visitor.get("/administration/system/").status_code == 200


def test_outside_a_demonstration_a_session_from_one_is_no_second_factor(
    demonstration: None, visitor: Client, settings: Any
) -> None:
    visitor.post("/become/", {"username": "system1"})
    settings.DEMO = False
    assert visitor.get("/administration/system/").headers["Location"].startswith("/account/second-factor/")


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("username", ["office_b", "nobody-there", ""])
def test_nobody_but_those_shown_is_become(visitor: Client, username: str) -> None:
    assert visitor.post("/become/", {"username": username}).status_code == 404
    assert visitor.get("/").status_code == 302


def test_nobody_is_become_in_a_house_of_real_people_that_calls_itself_a_demonstration(
    visitor: Client, settings: Any
) -> None:
    settings.DEMO = True
    Account.objects.filter(username="office_a").update(username="office1")
    assert visitor.post("/become/", {"username": "office1"}).status_code == 404
    assert visitor.get("/").status_code == 302


@pytest.mark.usefixtures("demonstration")
def test_a_closed_account_is_not_become(visitor: Client) -> None:
    Account.objects.filter(username="office1").update(is_active=False)
    assert visitor.post("/become/", {"username": "office1"}).status_code == 404


@pytest.mark.usefixtures("demonstration")
def test_it_takes_a_form_of_ours() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/become/", {"username": "office1"}).status_code == 403
    assert strict.get("/become/").status_code == 405
    assert strict.get("/").status_code == 302


def test_outside_a_demonstration_it_is_absent_and_refused(
    demonstration: None, visitor: Client, settings: Any
) -> None:
    settings.DEMO = False
    assert visitor.post("/become/", {"username": "office1"}).status_code == 404
    assert visitor.get("/").status_code == 302
    assert outcomes() == []
    assert ONE_CLICK not in text(visitor.get("/sign-in/"))
    page = text(browser("office_b").get("/"))
    assert "Become someone else" not in page
    assert "Demonstration" not in page


def test_whom_one_can_become_are_people_of_the_demonstration_one_of_each_kind() -> None:
    known = {someone.username: someone.role for someone in PEOPLE}
    assert set(SHOWN) <= set(known)
    assert {known[username] for username in SHOWN} == set(known.values())
