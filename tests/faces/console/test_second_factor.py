"""The second factor of privileged roles: without it their account acts as nobody."""

import time

import pytest
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from qingfeng.kernel.people.roles import Delegation, RoleHolding
from tests import cast
from tests.faces.console.staff import HTMX, browser, text

pytestmark = pytest.mark.django_db
WHO = "audit_administrator"


@pytest.fixture
def half_way() -> Client:
    """An audit administrator who gave the password and no more."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.account(WHO), backend="django.contrib.auth.backends.ModelBackend")
    return client


def code(device: TOTPDevice, step: int = 0) -> str:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits)
    totp.time = time.time() + step * device.step
    return f"{totp.token():06d}"


def enrolled() -> TOTPDevice:
    return TOTPDevice.objects.create(user=cast.account(WHO), name="phone", confirmed=True)


@pytest.mark.parametrize(
    "path", ["/", "/administration/journal/", "/handbook/", "/account/", "/appointment/"]
)
def test_every_page_first_asks_for_the_second_factor(half_way: Client, path: str) -> None:
    assert half_way.get(path).headers["Location"].startswith("/account/second-factor/")


def test_a_fragment_moves_the_whole_page_there(half_way: Client) -> None:
    answer = half_way.get("/appointment/", headers=HTMX)
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["HX-Redirect"].startswith("/account/second-factor/")


def test_who_has_none_enrols_with_a_picture_that_has_no_style(half_way: Client) -> None:
    page = text(half_way.get("/account/second-factor/"))
    assert "<svg" in page
    assert "style=" not in page
    device = TOTPDevice.objects.get(user=cast.account(WHO))
    assert not device.confirmed
    answer = half_way.post(
        "/account/second-factor/", {"code": code(device), "next": "/administration/journal/"}
    )
    assert answer.headers["Location"] == "/administration/journal/"
    device.refresh_from_db()
    assert device.confirmed
    assert half_way.get("/administration/journal/").status_code == 200


def test_the_code_of_an_enrolled_device_opens_and_its_key_is_not_shown_again(half_way: Client) -> None:
    device = enrolled()
    assert "<code>" not in text(half_way.get("/account/second-factor/"))
    assert half_way.post("/account/second-factor/", {"code": code(device)}).headers["Location"] == "/"
    assert half_way.get("/").status_code == 200


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "0" * 500])
def test_a_wrong_code_opens_nothing(half_way: Client, typed: str) -> None:
    enrolled()
    answer = half_way.post("/account/second-factor/", {"code": typed})
    assert answer.status_code == 422
    assert half_way.get("/").status_code == 302


def test_a_code_serves_once(half_way: Client) -> None:
    device = enrolled()
    used = code(device)
    half_way.post("/account/second-factor/", {"code": used})
    again = Client(headers={"accept-language": "en"})
    again.force_login(cast.account(WHO), backend="django.contrib.auth.backends.ModelBackend")
    assert again.post("/account/second-factor/", {"code": used}).status_code == 422


def guessed(client: Client, times: int) -> list[int]:
    return [client.post("/account/second-factor/", {"code": "00000x"}).status_code for _ in range(times)]


def test_five_wrong_codes_lock_the_second_factor_for_that_address_even_for_the_right_one(
    half_way: Client,
) -> None:
    device = enrolled()
    assert guessed(half_way, 5) == [422] * 5
    answer = half_way.post("/account/second-factor/", {"code": code(device)})
    assert answer.status_code == 429
    assert "locked for 15 minutes" in text(answer)
    assert half_way.get("/").status_code == 302


def test_wrong_codes_of_somebody_who_knows_the_password_do_not_lock_its_owner_out(half_way: Client) -> None:
    device = enrolled()
    guessed(half_way, 6)
    owner = Client(headers={"accept-language": "en"}, REMOTE_ADDR="10.0.0.7")
    owner.force_login(cast.account(WHO), backend="django.contrib.auth.backends.ModelBackend")
    assert owner.post("/account/second-factor/", {"code": code(device)}).headers["Location"] == "/"


def test_the_right_code_forgets_the_wrong_ones_before_it(half_way: Client) -> None:
    device = enrolled()
    guessed(half_way, 4)
    half_way.post("/account/second-factor/", {"code": code(device)})
    assert guessed_anew(4) == [422] * 4


def guessed_anew(times: int) -> list[int]:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.account(WHO), backend="django.contrib.auth.backends.ModelBackend")
    return guessed(client, times)


def test_with_one_privileged_role_the_second_factor_is_asked_in_every_role() -> None:
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.account("leader_b"), backend="django.contrib.auth.backends.ModelBackend")
    client.post("/role/", {"role": str(cast.actor("leader_b").holding_id)})
    assert client.get("/").headers["Location"].startswith("/account/second-factor/")
    assert "instead" not in text(client.get("/account/second-factor/"))


def test_who_stands_in_for_a_privileged_role_is_asked_too() -> None:
    holding = RoleHolding.objects.get(pk=cast.actor("discipline").holding_id)
    Delegation(
        holding=holding, delegate=cast.person("cadre"), valid_from=holding.valid_from, valid_to=None
    ).save(by_act=True)
    client = Client(headers={"accept-language": "en"})
    client.force_login(cast.account("cadre"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/").headers["Location"].startswith("/account/second-factor/")


def test_a_device_of_another_account_does_not_count(half_way: Client) -> None:
    other = TOTPDevice.objects.create(user=cast.account("office_a"), name="theirs", confirmed=True)
    session = half_way.session
    session["otp_device_id"] = other.persistent_id
    session.save()
    assert half_way.get("/").status_code == 302


def test_a_role_that_is_not_privileged_needs_none() -> None:
    assert browser("office_a").get("/").status_code == 200
