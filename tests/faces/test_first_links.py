"""Who has no password yet gets a link, sets it, and the link opens nothing any more; whoever handed it out knows nothing."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from qingfeng.faces.cli import sign_in
from qingfeng.faces.first_links import first_link
from qingfeng.kernel.record.journal import JournalEntry
from tests import cast
from tests.cast import do, unit
from tests.faces.cli.conftest import Command, logging_level, qingfeng, standing_time
from tests.faces.console.staff import text

__all__ = ["logging_level", "qingfeng", "standing_time"]

pytestmark = pytest.mark.django_db
NEW = "tian-qi-hen-hao-7"


def entered(*usernames: str) -> None:
    rows = [
        {"username": one, "name": "卯一", "unit": unit("housing").pk, "role": "cadre", "since": "2026-03-01"}
        for one in usernames
    ]
    listed = do("people.propose", "system_administrator", basis="名册", rows=rows).matter
    do("people.grant", "security_administrator", listed)


@pytest.fixture
def link() -> str:
    from qingfeng.kernel.people.models import Account

    entered("newcomer")
    return first_link(Account.objects.get(username="newcomer"), "")


@pytest.fixture
def visitor() -> Client:
    return Client(headers={"accept-language": "en"})


def set_by(visitor: Client, link: str, new: str = NEW, repeated: str = NEW) -> Any:
    return visitor.post(link, {"new": new, "repeated": repeated})


def test_its_owner_sets_the_password_and_signs_in(visitor: Client, link: str) -> None:
    assert "newcomer" in text(visitor.get(link))
    assert set_by(visitor, link).headers["Location"] == "/sign-in/"
    answer = visitor.post("/sign-in/", {"username": "newcomer", "password": NEW})
    assert answer.headers["Location"] == "/"
    outcomes = [json.loads(line.body)["about"]["outcome"] for line in JournalEntry.objects.order_by("seq")]
    assert outcomes == ["first password set", "in"]


def test_a_link_is_good_for_one_use(visitor: Client, link: str) -> None:
    set_by(visitor, link)
    assert visitor.get(link).status_code == 404
    assert set_by(visitor, link, "another-pass-phrase-8", "another-pass-phrase-8").status_code == 404


def test_a_link_is_good_for_three_days(visitor: Client, link: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = PasswordResetTokenGenerator()._now()
    later = now + timedelta(days=3, minutes=1)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _self: later)
    assert visitor.get(link).status_code == 404


@pytest.mark.parametrize(
    ("new", "repeated"), [("short", "short"), (NEW, "another"), ("newcomer-1", "newcomer-1")]
)
def test_a_password_that_does_not_do_is_told_and_the_link_stays(
    visitor: Client, link: str, new: str, repeated: str
) -> None:
    assert set_by(visitor, link, new, repeated).status_code == 422
    assert visitor.get(link).status_code == 200


def test_a_link_for_another_or_of_an_account_in_use_is_not_there(visitor: Client, link: str) -> None:
    other = re.sub(r"\d+", str(cast.account("cadre").pk), link, count=1)
    assert visitor.get(other).status_code == 404
    assert visitor.get(first_link(cast.account("cadre"), "")).status_code == 404


def test_links_are_handed_out_by_a_system_administrator_for_a_unit_and_journalled(
    qingfeng: Command, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered("newcomer", "second")
    TOTPDevice.objects.create(user=cast.account("system_administrator"), confirmed=True)
    monkeypatch.setattr(sign_in, "code_fits", lambda *given: True)
    raw = ("account", "hand-out", "--unit", "housing", "--address", "https://qingfeng.example")
    said = qingfeng(*raw, who="system_administrator", typed="123456")
    assert said.code == 0, said.err
    links = re.findall(r"https://qingfeng\.example(/first-password/\S+)", said.out)
    assert len(links) == 2
    assert visitor.get(links[0]).status_code == 200
    (line,) = JournalEntry.objects.filter(kind="administer")
    assert (line.account, len(json.loads(line.body)["about"]["accounts"])) == (
        cast.account("system_administrator"),
        2,
    )
    assert qingfeng(*raw[:2], "--unit", "finance", who="system_administrator", typed="123456").code == 2


def test_nobody_else_hands_them_out(qingfeng: Command) -> None:
    entered("newcomer")
    assert qingfeng("account", "hand-out", who="office_a").code == 1
