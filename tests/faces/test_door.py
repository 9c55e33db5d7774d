"""The door: whose address it is that fails, how a name is slowed down, and what ends every way in for good."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from qingfeng.config import Configuration
from qingfeng.faces import door
from qingfeng.faces.api import tokens
from qingfeng.faces.first_links import account_by_link, first_link
from qingfeng.kernel.people import accounts
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.time.timekeeper import SystemTime
from tests import cast

PROXIES = Configuration(proxies="10.0.0.5, 10.1.0.0/24, fd00::/8").proxies


def seen(peer: str, **headers: str) -> tuple[str, str | None]:
    """What the house takes for the reader's address and scheme."""
    kept: list[Any] = []

    def answer(request: Any) -> HttpResponse:
        kept.append((request.META["REMOTE_ADDR"], request.META.get("HTTP_X_FORWARDED_PROTO")))
        return HttpResponse()

    door.TrueAddress(answer)(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers))
    found: tuple[str, str | None] = kept[0]
    return found


@pytest.mark.parametrize(
    ("peer", "said", "true"),
    [
        ("10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "198.51.100.1, 203.0.113.9, 10.1.0.77", "203.0.113.9"),
        ("10.0.0.5", "10.0.0.5", "10.0.0.5"),
        ("10.0.0.5", "203.0.113.9, unknown", "10.0.0.5"),
        ("10.0.0.5", "", "10.0.0.5"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("203.0.113.80", "198.51.100.1", "203.0.113.80"),
        ("10.0.0.6", "198.51.100.1", "10.0.0.6"),
    ],
)
def test_the_true_address_is_read_from_the_right_and_from_a_trusted_proxy_only(
    settings: Any, peer: str, said: str, true: str
) -> None:
    settings.PROXIES = PROXIES
    assert seen(peer, x_forwarded_for=said)[0] == true


def test_a_strangers_word_on_the_scheme_is_dropped_and_the_proxys_is_kept(settings: Any) -> None:
    settings.PROXIES = PROXIES
    assert seen("203.0.113.80", x_forwarded_proto="https")[1] is None
    assert seen("10.0.0.5", x_forwarded_proto="https")[1] == "https"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("", None),
    ],
)
def test_of_ipv6_a_whole_household_counts_as_one(address: str, counted: str | None) -> None:
    assert door.counted_address(RequestFactory().get("/", REMOTE_ADDR=address)) == counted


def test_a_try_waits_longer_with_each_failure_and_never_over_two_seconds() -> None:
    waits = [accounts.delay(failed, 10) / timedelta(seconds=1) for failed in (0, 9, 10, 11, 12, 13, 5000)]
    assert waits == [0, 0, 0.25, 0.5, 1, 2, 2]


def knock(address: str, password: str, username: str = "finance") -> int:
    client = Client(REMOTE_ADDR="10.0.0.5", headers={"x-forwarded-for": f"192.0.2.1, {address}"})
    return client.post("/sign-in/", {"username": username, "password": password}).status_code


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    kept: list[float] = []
    monkeypatch.setattr(door, "wait", kept.append)
    return kept


@pytest.mark.django_db
def test_behind_a_proxy_failures_lock_one_readers_address_and_nobody_elses(
    settings: Any, waited: list[float]
) -> None:
    settings.PROXIES = PROXIES
    assert [knock("203.0.113.9", "no") for _ in range(5)] == [422, 422, 422, 422, 429]
    assert knock("203.0.113.9", cast.PASSWORD) == 429
    assert knock("203.0.113.10", cast.PASSWORD) == 302
    assert waited == []


@pytest.mark.django_db
def test_who_fails_from_many_addresses_is_slowed_down_and_the_owner_comes_in(
    settings: Any, waited: list[float]
) -> None:
    settings.PROXIES = PROXIES
    for last in range(20):
        assert knock(f"203.0.113.{last}", "no") == 422
    assert waited == [0.25, 0.5, 1, *[2] * 7]
    assert knock("198.51.100.7", cast.PASSWORD) == 302
    waited.clear()
    assert knock("198.51.100.8", cast.PASSWORD, "department_a") == 302
    assert waited == []


def _closed_and_opened(account: Account) -> None:
    for in_use in (False, True):
        accounts.set_use(account, in_use=in_use)


def _ended_by_two(account: Account) -> None:
    asked = cast.do(
        "accounts.ask", "system_administrator", person=account.person_id, wanted="sign_ins", reason="手机遗失"
    )
    cast.do("accounts.carry_out", "security_administrator", asked.matter)


def _erased_by_two(account: Account) -> None:
    asked = cast.do("erasure.request", "security_administrator", person=account.person_id, basis="本人申请")
    cast.do("erasure.erase", "security_administrator_b", asked.matter)


MENDS: dict[str, Callable[[Account], None]] = {
    "password changed": lambda account: accounts.set_password(account, "yet another pass phrase"),
    "password taken away": accounts.drop_password,
    "second factor taken away": accounts.drop_second_factor,
    "closed and opened again": _closed_and_opened,
    "all ended": accounts.end_sign_ins,
    "ended by two administrators": _ended_by_two,
    "erased": _erased_by_two,
}


@pytest.mark.django_db
@pytest.mark.parametrize("mend", MENDS)
def test_what_ends_sign_ins_ends_sessions_tokens_calendar_and_links_for_good(mend: str) -> None:
    account, actor = cast.account("finance"), cast.actor("finance", SystemTime().now())
    holding = RoleHolding.objects.get(pk=actor.holding_id)
    _token, secret = tokens.issue(account, holding, "calendar", 5, SystemTime().now(), actor)
    before = Client()
    before.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    bearer = {"authorization": f"Bearer {secret}"}
    feed = Client().get("/api/calendar.ics", headers=bearer)
    assert (before.get("/account/").status_code, feed.status_code) == (200, 200)
    without = cast.account("cadre")
    without.set_unusable_password()
    without.save()
    link = first_link(without, "").split("/")[3]
    assert account_by_link(without.pk, link) is not None

    MENDS[mend](account)
    MENDS[mend](without)

    assert before.get("/account/").status_code == 302
    assert Client().get("/api/calendar.ics", headers=bearer).status_code == 401
    assert account_by_link(without.pk, link) is None
