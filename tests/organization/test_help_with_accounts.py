"""An account is unlocked, reset, closed or opened by two administrators, and never by its own holder."""

import pytest
from axes.models import AccessAttempt
from django_otp.plugins.otp_totp.models import TOTPDevice

from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.accounts import PASSWORD, SECOND_FACTOR, hidden_name
from qingfeng.kernel.refusals import Barred
from tests import cast
from tests.cast import do, person

pytestmark = pytest.mark.django_db


def asked(help: str, who: str = "cadre", by: str = "system_administrator") -> Matter:
    return do("accounts.ask", by, person=person(who).pk, wanted=help, reason="本人来电").matter


def helped(help: str, who: str = "cadre") -> None:
    do("accounts.carry_out", "security_administrator", asked(help, who))


def test_unlocking_forgets_the_failures_of_that_account_alone() -> None:
    for name in ("cadre", "office_a"):
        for door in (PASSWORD, SECOND_FACTOR):
            AccessAttempt.objects.create(
                username=hidden_name(name, door), ip_address="10.0.0.1", failures_since_start=5
            )
    helped("unlock")
    assert {row.username for row in AccessAttempt.objects.all()} == {
        hidden_name("office_a", PASSWORD),
        hidden_name("office_a", SECOND_FACTOR),
    }


def test_a_password_taken_away_opens_nothing_any_more() -> None:
    helped("password")
    account = cast.account("cadre")
    assert not account.has_usable_password()
    assert not account.check_password(cast.PASSWORD)
    assert cast.account("office_a").check_password(cast.PASSWORD)


def test_a_second_factor_taken_away_is_set_up_anew() -> None:
    for name in ("audit_administrator", "discipline"):
        TOTPDevice.objects.create(user=cast.account(name), confirmed=True)
    helped("second_factor", "audit_administrator")
    assert [device.user for device in TOTPDevice.objects.all()] == [cast.account("discipline")]


def test_an_account_is_closed_and_opened_again() -> None:
    helped("close")
    assert not cast.account("cadre").is_active
    with pytest.raises(Barred, match="该账号已停用"):
        cast.actor("cadre")
    helped("open")
    assert cast.account("cadre").is_active


def test_nothing_is_done_by_the_one_who_asked_or_for_oneself() -> None:
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("accounts.carry_out", "system_administrator", asked("password"))
    own = asked("password", "security_administrator")
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("accounts.carry_out", "security_administrator", own)
    assert cast.account("cadre").has_usable_password()


def test_its_owner_is_told() -> None:
    helped("password")
    told = Message.objects.get(holder=f"person@{person('cadre').pk}")
    assert "重置密码" in told.payload["text"]


def test_who_has_no_account_is_helped_with_none() -> None:
    with pytest.raises(Barred, match="此人没有账号"):
        _without_account()


def _without_account() -> None:
    account = cast.account("cadre")
    pk = account.person_id
    type(account).objects.filter(pk=account.pk).update(person=_somebody())
    do("accounts.ask", "system_administrator", person=pk, wanted="unlock", reason="本人来电")


def _somebody() -> int:
    from qingfeng.kernel.people.models import Person

    made = Person(jurisdiction=cast.jurisdiction(), name="巳一", valid_from=cast.TODAY)
    made.save(by_act=True)
    return made.pk
