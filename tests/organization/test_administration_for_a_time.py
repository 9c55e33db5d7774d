"""An administrator changes the running system by lent rights only: for a reason, for hours, and it is journalled."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import TRIES, Message
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people import administration
from qingfeng.kernel.people.lending import lent
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.refusals import Barred, NotFound
from qingfeng.kernel.time.clocks import Running
from tests.cast import NOW, actor, do
from tests.sheets import sheet

pytestmark = pytest.mark.django_db

WHY = "邮件服务器恢复，重发未送达的通知"


def asked(hours: int = 2, who: str = "system_administrator") -> Matter:
    return do("lending.ask", who, reason=WHY, hours=hours).matter


def granted(at: datetime = NOW, **changed: Any) -> Matter:
    return do("lending.grant", "security_administrator", asked(**changed), at=at).matter


@pytest.fixture
def failure() -> Message:
    made: Any = Message.objects.create(
        channel="mail", payload={}, next_try_at=NOW, tries=TRIES, error="OSError: the post is shut"
    )
    return made  # type: ignore[no-any-return]


@pytest.fixture
def put_by() -> Running:
    clock = Running.objects.get(matter=sheet("assigned"), name="signing")
    Running.objects.filter(pk=clock.pk).update(set_aside="ValueError: no such thing")
    return clock


def used() -> list[dict[str, Any]]:
    return [json.loads(line.body)["about"] for line in JournalEntry.objects.filter(kind="administer")]


def test_nothing_is_changed_without_rights_that_are_lent(failure: Message, put_by: Running) -> None:
    with pytest.raises(Barred, match="这一操作会改变系统"):
        administration.resend(actor("system_administrator"), failure.pk, NOW)
    with pytest.raises(Barred, match="这一操作会改变系统"):
        administration.try_again(actor("system_administrator"), put_by.pk, NOW)
    failure.refresh_from_db()
    put_by.refresh_from_db()
    assert (failure.tries, bool(put_by.set_aside), used()) == (TRIES, True, [])


def test_with_them_it_is_and_the_journal_says_by_which_matter_and_why(
    failure: Message, put_by: Running
) -> None:
    matter = granted()
    administration.resend(actor("system_administrator"), failure.pk, NOW)
    administration.try_again(actor("system_administrator"), put_by.pk, NOW)
    failure.refresh_from_db()
    put_by.refresh_from_db()
    assert (failure.tries, put_by.set_aside) == (0, "")
    assert [(line["did"], line["matter"], line["why"]) for line in used()] == [
        ("resend", matter.pk, WHY),
        ("try again", matter.pk, WHY),
    ]
    assert put_by.matter.title not in str(used())


def test_they_are_lent_to_the_one_who_asked_alone(failure: Message) -> None:
    granted()
    with pytest.raises(Barred, match="这一操作会改变系统"):
        administration.resend(actor("system_administrator_b"), failure.pk, NOW)
    with pytest.raises(NotFound):
        administration.resend(actor("security_administrator"), failure.pk, NOW)
    assert lent(actor("both_system"), NOW) is None


def test_nobody_lends_them_to_themselves() -> None:
    matter = asked(who="both_system")
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("lending.grant", "both_security", matter)


def test_they_end_by_the_clock(failure: Message) -> None:
    matter = granted()
    last = NOW + timedelta(hours=2)
    worker.run_out(last - timedelta(seconds=1))
    assert lent(actor("system_administrator"), last - timedelta(seconds=1)) is not None
    worker.run_out(last)
    matter.refresh_from_db()
    assert matter.state == "ended"
    with pytest.raises(Barred, match="这一操作会改变系统"):
        administration.resend(actor("system_administrator"), failure.pk, last)
    seal_all(last, signer())
    assert list(verify()) == []


def test_they_are_over_in_time_even_where_no_worker_runs(failure: Message) -> None:
    granted()
    with pytest.raises(Barred, match="这一操作会改变系统"):
        administration.resend(actor("system_administrator"), failure.pk, NOW + timedelta(hours=2))


@pytest.mark.parametrize("who", ["system_administrator", "security_administrator_b"])
def test_they_may_be_ended_before_by_their_holder_or_by_who_guards(failure: Message, who: str) -> None:
    do("lending.end", who, granted(), done="已重发。")
    with pytest.raises(Barred, match="这一操作会改变系统"):
        administration.resend(actor("system_administrator"), failure.pk, NOW)
    seal_all(NOW, signer())
    assert list(verify()) == []


def test_they_are_lent_for_no_longer_than_the_regime_allows() -> None:
    assert asked(8).state == "asked"
    with pytest.raises(Barred, match="运维授权最长8小时"):
        asked(9)
