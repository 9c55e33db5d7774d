"""The door: who comes in, who does not, what is written down, and how long one stays."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from qingfeng.kernel.record.journal import JournalEntry
from tests import cast
from tests.faces.console.staff import HTMX, browser, text

pytestmark = pytest.mark.django_db
SAME_WORDS = "User name and password don&#x27;t fit together"


def knock(client: Client, username: str = "office_a", password: str = cast.PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"username": username, "password": password, **more})


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def outcomes() -> list[tuple[int | None, str]]:
    lines = JournalEntry.objects.filter(kind="sign_in").order_by("seq")
    return [(line.account_id, json.loads(line.body)["about"]["outcome"]) for line in lines]


def test_who_signs_in_comes_to_the_inbox_and_it_is_journalled(visitor: Client) -> None:
    assert knock(visitor).headers["Location"] == "/"
    assert visitor.get("/").status_code == 200
    assert outcomes() == [(cast.account("office_a").pk, "in")]


def test_who_was_sent_to_the_door_goes_on_from_there(visitor: Client) -> None:
    assert visitor.get("/rectification/?state=found").headers["Location"] == (
        "/sign-in/?next=%2Frectification%2F%3Fstate%3Dfound"
    )
    assert (
        knock(visitor, next="/rectification/?state=found").headers["Location"]
        == "/rectification/?state=found"
    )


def test_the_door_leads_to_no_other_site(visitor: Client) -> None:
    assert knock(visitor, next="https://elsewhere.invalid/").headers["Location"] == "/"


def test_a_wrong_password_and_an_unknown_name_read_the_same_and_keep_the_name(visitor: Client) -> None:
    wrong, unknown = knock(visitor, password="no"), knock(visitor, username="who?", password="no")
    assert wrong.status_code == unknown.status_code == 422
    assert SAME_WORDS in text(wrong)
    assert text(wrong).replace("office_a", "").count(SAME_WORDS) == text(unknown).count(SAME_WORDS)
    assert 'value="office_a"' in text(wrong)
    assert "no</" not in text(wrong)


def test_a_failure_is_journalled_but_a_tried_name_without_account_is_not_kept_in_clear(
    visitor: Client,
) -> None:
    knock(visitor, password="no")
    knock(visitor, username="my-secret-pass-phrase", password="no")
    assert outcomes() == [(cast.account("office_a").pk, "failed"), (None, "failed")]
    kept = [line.body for line in JournalEntry.objects.all()]
    kept += [str(attempt.__dict__) for attempt in AccessAttempt.objects.all()]
    assert "my-secret-pass-phrase" not in "".join(kept)
    assert "tried" in kept[1]


def test_a_missing_field_is_named_and_counts_as_no_failure(visitor: Client) -> None:
    answer = knock(visitor, password="")
    assert answer.status_code == 422
    assert 'id="f-password-error"' in text(answer)
    assert outcomes() == []


def test_five_failures_lock_a_name_even_for_the_right_password(visitor: Client) -> None:
    answers = [knock(visitor, password="no") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    locked = knock(visitor)
    assert locked.status_code == 429
    assert "locked for 15 minutes" in text(locked)
    assert visitor.get("/").status_code == 302


def test_a_lock_holds_neither_another_name_nor_another_address(visitor: Client) -> None:
    for _ in range(5):
        knock(visitor, password="no")
    assert knock(visitor, username="office_b").status_code == 302
    assert knock(Client(REMOTE_ADDR="10.0.0.7")).status_code == 302


def test_a_lock_ends_after_its_time(visitor: Client) -> None:
    for _ in range(5):
        knock(visitor, password="no")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert knock(visitor).status_code == 302


def test_a_closed_account_stays_outside(visitor: Client) -> None:
    account = cast.account("office_a")
    account.is_active = False
    account.save()
    assert knock(visitor).status_code == 422


def test_signing_out_ends_the_sign_in_and_is_journalled(signed_in: Callable[..., Client]) -> None:
    client = signed_in("office_a")
    assert client.get("/sign-out/").status_code == 405
    assert client.get("/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/").status_code == 302
    assert outcomes()[-1][1] == "out"


def test_an_ended_sign_in_sends_a_page_to_the_door(signed_in: Callable[..., Client]) -> None:
    client = signed_in("office_a")
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/rectification/").headers["Location"] == "/sign-in/?next=%2Frectification%2F"


def test_an_ended_sign_in_never_puts_the_door_into_a_fragment(signed_in: Callable[..., Client]) -> None:
    client = signed_in("office_a")
    Session.objects.all().delete()
    answer = client.get("/rectification/new/register/", headers=HTMX)
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=%2Frectification%2F"


def test_pages_of_the_signed_in_are_kept_by_no_cache(signed_in: Callable[..., Client]) -> None:
    assert "no-store" in signed_in("office_a").get("/").headers["Cache-Control"]


def test_a_password_is_changed_with_the_old_one_only(signed_in: Callable[..., Client]) -> None:
    client = signed_in("office_a")
    new = "another long pass phrase"
    wrong = client.post("/account/password/", {"old": "no", "new": new, "repeated": new})
    assert wrong.status_code == 422
    short = client.post("/account/password/", {"old": cast.PASSWORD, "new": "short", "repeated": "short"})
    assert 'id="f-new-error"' in text(short)
    done = client.post("/account/password/", {"old": cast.PASSWORD, "new": new, "repeated": new})
    assert done.headers["Location"] == "/account/"
    assert client.get("/").status_code == 200
    assert cast.account("office_a").check_password(new)
    assert [outcome for _account, outcome in outcomes()] == ["password not changed", "password changed"]


def test_changing_the_password_ends_the_other_sign_ins(signed_in: Callable[..., Client]) -> None:
    here, there = signed_in("office_a"), signed_in("office_a")
    new = "another long pass phrase"
    here.post("/account/password/", {"old": cast.PASSWORD, "new": new, "repeated": new})
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


def test_whose_last_role_ended_is_told_so_and_is_offered_nothing_of_a_role() -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.account("no_role"), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/")
    assert answer.status_code == 200
    assert "You hold no role today" in text(answer)
    assert client.get("/rectification/new/register/").status_code == 403


def acting_as(client: Client) -> str:
    """The role the frame of the page names."""
    found = re.search(r'<span class="who__role">(.*?)</span>', text(client.get("/")))
    assert found is not None
    return found[1]


def test_one_acts_in_one_role_at_a_time_and_switches() -> None:
    client, clerk = browser("two_roles"), cast.actor("two_roles_clerk")
    before = acting_as(client)
    answer = client.post("/role/", {"role": str(clerk.holding_id), "next": "/rectification/"})
    assert answer.headers["Location"] == "/rectification/"
    assert acting_as(client) == "住建局 Unit clerk" != before


def test_nobody_switches_to_a_role_of_another() -> None:
    client = browser("office_a")
    before = acting_as(client)
    client.post("/role/", {"role": str(cast.actor("clerk_housing").holding_id)})
    assert acting_as(client) == before


def test_who_stands_in_for_another_is_told_for_whom() -> None:
    assert acting_as(browser("stand_in_clerk")).endswith(f"(standing in for {cast.person('two_roles')})")
