"""Whoever acts signs in as in the browser: password, lock-out, second factor; or lends a token."""

from typing import Any

import pytest
from django_otp.plugins.otp_static.models import StaticDevice
from pydantic import SecretStr

from qingfeng.faces.api.models import Token
from qingfeng.kernel.record.journal import JournalEntry
from tests import cast
from tests.faces.cli.conftest import Command

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(qingfeng: Command) -> str:
    said = qingfeng("token", "issue", "nightly report", "--days", "10", who="office_a")
    assert said.code == 0, said.err
    return said.out.splitlines()[-1]


def lend(settings: Any, secret: str) -> None:
    settings.CONFIGURATION = settings.CONFIGURATION.model_copy(update={"token": SecretStr(secret)})


def test_without_a_name_nobody_acts(qingfeng: Command) -> None:
    said = qingfeng("inbox")
    assert said.code == 2
    assert "--as" in said.err


def test_a_wrong_password_is_refused_and_entered_in_the_journal(qingfeng: Command) -> None:
    said = qingfeng("inbox", "--as", "office_a", typed="wrong")
    assert said.code == 1
    assert "don't fit" in said.err
    line = JournalEntry.objects.filter(kind="sign_in").latest("seq")
    assert (line.account, '"outcome":"failed"' in line.body) == (cast.account("office_a"), True)


def test_a_name_that_is_none_reads_like_a_wrong_password(qingfeng: Command) -> None:
    known = qingfeng("inbox", "--as", "office_a", typed="wrong")
    unknown = qingfeng("inbox", "--as", "nobody-of-that-name", typed="wrong")
    assert (known.code, known.err) == (unknown.code, unknown.err)


def test_after_five_wrong_passwords_the_right_one_is_refused_too(qingfeng: Command) -> None:
    assert qingfeng("inbox", who="office_b").code == 0
    for _time in range(5):
        qingfeng("inbox", "--as", "office_b", typed="wrong")
    assert qingfeng("inbox", who="office_b").code == 1


def test_a_privileged_role_wants_its_second_factor(qingfeng: Command) -> None:
    assert "none is set up" in qingfeng("inbox", who="security_administrator").err
    device = StaticDevice.objects.create(user=cast.account("security_administrator"), name="paper")
    device.token_set.create(token="right-code")
    assert "The code doesn't fit." in qingfeng("inbox", who="security_administrator", typed="wrong-code").err
    device.throttle_reset()
    assert qingfeng("inbox", who="security_administrator", typed="right-code").code == 0


def test_a_role_is_chosen_among_those_held(qingfeng: Command) -> None:
    assert qingfeng("inbox", "--in-role", "unit_clerk@housing", who="two_roles").code == 0
    said = qingfeng("inbox", "--in-role", "finance", who="two_roles")
    assert said.code == 2
    assert "unit_clerk@housing" in said.err


def test_a_token_acts_in_the_role_it_was_issued_for(qingfeng: Command, secret: str, settings: Any) -> None:
    assert "nightly report" in qingfeng("token", "list", who="office_a").out
    lend(settings, secret)
    assert qingfeng("list", "rectification").code == 0
    lend(settings, secret + "x")
    assert qingfeng("list", "rectification").code == 1


def test_a_token_that_is_revoked_opens_nothing(qingfeng: Command, secret: str, settings: Any) -> None:
    token = str(Token.objects.get().pk)
    assert qingfeng("token", "revoke", token, who="office_b").code == 1
    assert qingfeng("token", "revoke", token, who="office_a").code == 0
    lend(settings, secret)
    assert "a token that is in force" in qingfeng("inbox").err


def test_no_token_makes_or_ends_tokens(qingfeng: Command, secret: str, settings: Any) -> None:
    lend(settings, secret)
    for command in (("issue", "x"), ("list",), ("revoke", "1")):
        assert qingfeng("token", *command).code == 2
