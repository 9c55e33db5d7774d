"""Letters go apart: a server that hangs holds up nothing else, none goes twice, none to who is no longer meant."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from qingfeng.kernel.background import jobs, outbox, worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import keystore
from qingfeng.organization.appointment import Appointment
from tests import cast
from tests.cast import NOW, TODAY, do

pytestmark = pytest.mark.django_db

Send = Callable[..., int]


@pytest.fixture(autouse=True)
def empty() -> None:
    """Nothing waits that the cast was told."""
    Message.objects.filter(sent_at=None).update(sent_at=NOW)


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that have passed, as the test says."""
    seconds = [0.0]
    monkeypatch.setattr(jobs, "ticks", lambda: seconds[0])
    return seconds


def letters(many: int) -> list[Message]:
    return Message.objects.bulk_create(
        Message(
            channel=Message.Channel.MAIL,
            payload={"subject": "台账首部", "text": str(number), "to": "witness@example.invalid"},
            next_try_at=NOW,
        )
        for number in range(many)
    )


def notice(holder: str) -> None:
    told = {"subject": "请办理", "text": "请办理"}
    Message.objects.create(channel=Message.Channel.NOTICE, holder=holder, payload=told, next_try_at=NOW)


def refusing(fault: Exception, sent: list[str], passed: list[float]) -> Send:
    def send(subject: str, text: str, *_more: Any) -> int:
        passed[0] += 20
        sent.append(text)
        raise fault

    return send


@pytest.mark.parametrize(
    "fault",
    [TimeoutError("timed out"), ConnectionRefusedError(), smtplib.SMTPServerDisconnected("bye")],
)
def test_a_server_that_is_away_is_tried_with_one_letter_a_beat(
    fault: Exception, monkeypatch: pytest.MonkeyPatch, passed: list[float]
) -> None:
    letters(40)
    sent: list[str] = []
    monkeypatch.setattr(outbox, "send_mail", refusing(fault, sent, passed))
    assert worker.post(NOW) == 0
    assert worker.post(NOW) == 0
    assert sent == ["0", "1"]
    assert Message.objects.filter(channel=Message.Channel.MAIL, tries=1).count() == 2


def test_a_letter_its_server_refuses_does_not_hold_up_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    letters(3)
    sent: list[str] = []

    def send(subject: str, text: str, *_more: Any) -> int:
        if text == "1":
            raise smtplib.SMTPRecipientsRefused({})
        sent.append(text)
        return 1

    monkeypatch.setattr(outbox, "send_mail", send)
    assert worker.post(NOW) == 2
    assert sent == ["0", "2"]


def test_a_slow_server_takes_no_letter_twice(monkeypatch: pytest.MonkeyPatch, passed: list[float]) -> None:
    """Each letter takes a minute; a second worker comes whenever one has left."""
    letters(9)
    sent: list[str] = []

    def send(subject: str, text: str, *_more: Any) -> int:
        passed[0] += 60
        sent.append(text)
        if len(sent) < 9:
            worker.post(NOW + timedelta(seconds=passed[0]))
        return 1

    monkeypatch.setattr(outbox, "send_mail", send)
    while worker.post(NOW + timedelta(seconds=passed[0])):
        pass
    assert sorted(sent) == [str(number) for number in range(9)]


def test_an_erased_person_s_keys_are_gone_before_the_first_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    letters(worker.AT_ONCE)
    monkeypatch.setattr(outbox, "send_mail", lambda *_said: pytest.fail("no letter is sent here"))
    person = cast.person("clerk_township")
    key = keystore().key(f"person:{person.pk}", "leave", "30_years")
    asked = do("erasure.request", "security_administrator", person=person.pk, basis="本人申请")
    do("erasure.erase", "security_administrator_b", asked.matter)
    worker.deliver(NOW)
    with pytest.raises(KeyDestroyed):
        keystore().by_id(key.id)


def test_who_lost_the_role_after_a_letter_was_written_does_not_get_it() -> None:
    notice(f"unit_clerk@u{cast.unit('housing').pk}")
    worker.deliver(NOW)
    appointment = Appointment.objects.get(closed=False, person=cast.person("two_roles"), role="unit_clerk")
    do("appointment.end", "system_administrator", appointment, last_day=str(TODAY - timedelta(days=1)))
    assert worker.post(NOW) == 4
    assert sorted(letter.to[0] for letter in mail.outbox) == [
        "clerk_housing@example.invalid",
        "clerk_housing_b@example.invalid",
    ]
    assert not outbox.waiting(NOW + timedelta(days=1)).filter(channel=Message.Channel.MAIL).exists()


def test_a_closed_account_is_not_written_to_and_a_new_address_is() -> None:
    notice(f"person@{cast.person('cadre').pk}")
    notice(f"person@{cast.person('finance').pk}")
    worker.deliver(NOW)
    Account.objects.filter(username="cadre").update(is_active=False)
    Account.objects.filter(username="finance").update(email="new@example.invalid")
    worker.post(NOW)
    assert [letter.to for letter in mail.outbox] == [["new@example.invalid"]]


def test_no_address_lies_in_the_outbox() -> None:
    notice(f"person@{cast.person('cadre').pk}")
    worker.deliver(NOW)
    waiting = Message.objects.get(channel=Message.Channel.MAIL, sent_at=None)
    assert "@example" not in str(waiting.payload)
