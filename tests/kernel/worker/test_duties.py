"""The worker's duties: what falls due is done once, an outage is caught up, one bad row stops nothing."""

from asyncio import CancelledError
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import OperationalError

from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.acts.links import LISTENERS
from qingfeng.kernel.background import outbox, worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Checkpoint, Entry, Leaf
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.time.clocks import Running
from tests import cast
from tests.cast import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=3)
"""Two working days are over: the time to sign has run out."""


def sheet(title: str = "窗口无人值守") -> Matter:
    """A problem assigned to the housing bureau, which has until the end of 12 March to sign."""
    found = cast.do(
        "rectification.register",
        "office_a",
        title=title,
        kind="inaction",
        topic="not_acting",
        description="无人",
    )
    cast.do("rectification.verify", "office_a", found.matter, finding="属实")
    cast.do(
        "rectification.assign",
        "office_a",
        found.matter,
        responsible=cast.unit("housing").pk,
        requirement="整改",
    )
    return found.matter


def acts(matter: Matter) -> list[str]:
    return list(Entry.objects.filter(matter=matter.pk).order_by("seq").values_list("act", flat=True))


def event(name: str, at: datetime = NOW) -> Message:
    return Message.objects.create(channel=Message.Channel.EVENT, payload={"event": name}, next_try_at=at)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What listeners heard; the one to `bad` fails."""
    names: list[str] = []

    def listen(payload: Mapping[str, Any], now: datetime) -> None:
        names.append(payload["event"])
        if payload["event"] == "bad":
            raise RuntimeError("the listener broke")

    monkeypatch.setitem(LISTENERS, "good", [listen])
    monkeypatch.setitem(LISTENERS, "bad", [listen])
    Message.objects.filter(sent_at=None).update(sent_at=NOW)
    return names


def test_a_time_limit_that_ran_out_is_marked_once_by_the_system() -> None:
    matter = sheet()
    assert worker.run_out(NOW) == 0
    assert worker.run_out(LATER) == 1
    assert worker.run_out(LATER) == 0
    assert acts(matter) == ["register", "verify", "assign", "sign_overdue"]
    assert Entry.objects.get(matter=matter.pk, seq=4).content["actor"] == {"system": "clock"}


def test_a_time_limit_kept_is_left_alone() -> None:
    matter = sheet()
    cast.do("rectification.sign", "clerk_housing", matter)
    assert worker.run_out(LATER) == 0


def test_an_outage_is_caught_up() -> None:
    matters = [sheet(), sheet()]
    assert worker.run_out(NOW + timedelta(days=40)) == 2
    assert [acts(matter)[-1] for matter in matters] == ["sign_overdue"] * 2


def test_a_row_that_fails_is_set_aside_with_its_words_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad, good = sheet(), sheet()
    declared = cast.act("rectification.sign_overdue")
    method = declared.method

    def failing(matter: Matter, do: Any) -> None:
        if matter.pk == bad.pk:
            raise RuntimeError("poison")
        method(matter, do)

    monkeypatch.setitem(vars(declared), "method", failing)
    assert worker.run_out(LATER) == 1
    assert Running.objects.get(matter=bad.pk, name="signing").set_aside == "RuntimeError: poison"
    assert acts(good)[-1] == "sign_overdue"
    monkeypatch.undo()
    assert worker.run_out(LATER) == 0


@pytest.mark.parametrize("fault", [SystemExit(1), GeneratorExit(), CancelledError()])
def test_an_act_that_calls_for_the_end_of_the_process_is_set_aside(
    fault: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = sheet("有毒"), sheet()
    overdue = worker._expiring()["rectification", "signing"]
    method = overdue.method

    def ending(self: Matter, do: Any) -> Any:
        if self.pk == bad.pk:
            raise fault
        return method(self, do)

    monkeypatch.setitem(vars(overdue), "method", ending)
    assert worker.run_out(LATER) == 1
    assert Running.objects.get(matter=bad.pk, name="signing").set_aside.startswith(type(fault).__name__)
    assert acts(good)[-1] == "sign_overdue"


@pytest.mark.parametrize("fault", [SystemExit(1), GeneratorExit()])
def test_a_listener_that_calls_for_the_end_of_the_process_is_tried_again_later(
    fault: BaseException, monkeypatch: pytest.MonkeyPatch, heard: list[str]
) -> None:
    def ending(payload: Mapping[str, Any], now: datetime) -> None:
        raise fault

    monkeypatch.setitem(LISTENERS, "ending", [ending])
    bad = event("ending")
    event("good")
    assert worker.deliver(NOW) == 1
    bad.refresh_from_db()
    assert (bad.tries, heard) == (1, ["good"])


def test_a_clerk_who_was_quicker_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    matter = sheet()

    def overtaken(*arguments: Any, **named: Any) -> Any:
        cast.do("rectification.sign", "clerk_housing", matter, at=LATER)
        return perform(*arguments, **named)

    monkeypatch.setattr(worker, "perform", overtaken)
    assert worker.run_out(LATER) == 0
    assert Running.objects.get(matter=matter.pk, name="signing").set_aside == ""


def test_a_database_that_is_away_is_no_row_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    matter = sheet()

    def away(*_arguments: Any, **_named: Any) -> Any:
        raise OperationalError("the server is starting up")

    monkeypatch.setattr(worker, "perform", away)
    assert worker.run_out(LATER) == 0
    monkeypatch.undo()
    assert worker.run_out(LATER) == 1
    assert acts(matter)[-1] == "sign_overdue"


def test_a_notice_goes_by_mail_to_those_who_hold_the_role_today() -> None:
    Message.objects.filter(sent_at=None).update(sent_at=NOW)
    sheet()
    worker.deliver(NOW)
    worker.post(NOW)
    to_housing = sorted(letter.to[0] for letter in mail.outbox if "签收" in str(letter.body))
    assert to_housing == [
        f"{name}@example.invalid" for name in ("clerk_housing", "clerk_housing_b", "stand_in", "two_roles")
    ]


def test_a_notice_to_a_person_reaches_that_person_and_no_closed_account() -> None:
    Message.objects.filter(sent_at=None).update(sent_at=NOW)
    closed = cast.account("finance")
    closed.is_active = False
    closed.save()
    for name in ("cadre", "finance"):
        Message.objects.create(
            channel=Message.Channel.NOTICE,
            holder=f"person@{cast.person(name).pk}",
            payload={"subject": "通知", "text": "请查阅"},
            next_try_at=NOW,
        )
    worker.deliver(NOW)
    worker.post(NOW)
    assert [letter.to for letter in mail.outbox] == [["cadre@example.invalid"]]


def test_a_message_that_fails_is_tried_again_later_and_then_given_up(heard: list[str]) -> None:
    bad, good = event("bad"), event("good")
    assert worker.deliver(NOW) == 1
    assert heard == ["bad", "good"]
    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.sent_at == NOW
    assert (bad.sent_at, bad.tries, bad.error) == (None, 1, "RuntimeError: the listener broke")
    assert worker.deliver(NOW) == 0
    for day in range(1, 10):
        worker.deliver(NOW + timedelta(days=day))
    assert heard.count("bad") == outbox.TRIES
    assert outbox.failed().get() == bad


def test_what_a_failing_listener_wrote_is_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def half(payload: Mapping[str, Any], now: datetime) -> None:
        sheet("只做了一半")
        raise RuntimeError("broken off")

    monkeypatch.setitem(LISTENERS, "half", [half])
    event("half")
    worker.deliver(NOW)
    assert not Matter.objects.filter(title="只做了一半").exists()


def test_a_message_is_claimed_by_one_worker_and_freed_when_that_one_dies(heard: list[str]) -> None:
    message = event("good")
    stale = Message.objects.get(pk=message.pk)
    assert worker.claimed(message, NOW)
    assert not worker.claimed(stale, NOW)
    assert worker.deliver(NOW) == 0
    assert worker.deliver(NOW + worker.CLAIM) == 1


def test_what_is_not_sealed_is_sealed_and_nothing_twice() -> None:
    sheet()
    assert worker.seal(NOW) == 3  # the cast founded three jurisdictions
    assert Leaf.objects.count() == Entry.objects.count()
    assert worker.seal(NOW) == 0


def test_the_heads_go_to_the_witnesses_once_a_day(settings: Any) -> None:
    settings.WITNESSES = ("witness@example.invalid", "second@example.invalid")
    Message.objects.filter(sent_at=None).update(sent_at=NOW)
    assert worker.send_heads(NOW) == 0
    worker.seal(NOW)
    assert worker.send_heads(NOW) == 2
    assert worker.send_heads(NOW + timedelta(hours=3)) == 0
    assert worker.send_heads(NOW + timedelta(days=1)) == 2
    worker.post(NOW + timedelta(days=1))
    assert len(mail.outbox) == 4
    for head in Checkpoint.objects.all():
        assert all(head.hash in letter.body for letter in mail.outbox)


def test_without_a_witness_no_head_is_sent(settings: Any) -> None:
    settings.WITNESSES = ()
    worker.seal(NOW)
    assert worker.send_heads(NOW) == 0
