"""What is covert stays so: no calendar, letter or sheet tells of it before the conclusion is fed back."""

from collections.abc import Iterable

import pytest
from django.core import mail

from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.reading import reads
from qingfeng.mechanisms.problems.inspection.models import Inspection, Visit
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast
from tests.cast import NOW, actor, do
from tests.mechanisms.problems.inspection.rounds import begun, fed_back, found, prepared, seen

pytestmark = pytest.mark.django_db

READERS = ("clerk_township", "office_a", "office_b", "leader")


def feed(who: str) -> list[int]:
    return [matter.pk for matter, _occasion in reads.occasions(actor(who), NOW)]


def letters(of: Iterable[Matter]) -> list[str]:
    """Subject and text of the letters that the outbox sends of some matters."""
    named = [matter.pk for matter in of]
    Message.objects.filter(sent_at=None).exclude(entry__matter__in=named).update(sent_at=NOW)
    worker.deliver(NOW)
    worker.post(NOW)
    return [f"{letter.subject} {letter.body}" for letter in mail.outbox]


@pytest.mark.parametrize("who", READERS)
def test_a_covert_round_stands_in_nobody_s_calendar_and_an_announced_one_does(who: str) -> None:
    covert = prepared(title="夜间抽查", team=READERS[:1])
    announced = prepared(title="年中督查", team=READERS[:1], manner="open", topic="formalities")
    assert covert.pk not in feed(who)
    assert announced.pk in feed(who)


def test_letters_of_a_covert_round_name_its_number_and_nothing_else() -> None:
    visit = begun(title="夜间抽查")["housing"]
    held = Inspection.objects.get(pk=visit.round_id)
    said = letters([visit, held])
    assert said
    for words in said:
        assert visit.number in words or held.number in words
        assert not any(told in words for told in ("夜间抽查", "住建局", "暗访", "2026-03"))
    told = Message.objects.filter(channel="notice", entry__matter=visit.pk).values_list("payload", flat=True)
    assert any("夜间抽查" in words["subject"] for words in told)


def test_letters_of_an_announced_round_name_it() -> None:
    visit = begun(title="年中督查", manner="open")["housing"]
    assert any("年中督查" in words for words in letters([visit]))


def test_letters_of_what_is_more_than_internal_name_its_number_alone() -> None:
    sheet = do(
        "rectification.register",
        "office_a",
        title="涉密窗口",
        kind="inaction",
        topic="not_acting",
        description="无人。",
    ).matter
    Matter.objects.filter(pk=sheet.pk).update(secrecy=Secrecy.WORK_SECRET)
    do("rectification.verify", "office_a", sheet, finding="属实。")
    values = {"responsible": cast.unit("housing").pk, "requirement": "整改。"}
    do("rectification.assign", "office_a", sheet, **values)
    said = letters([sheet])
    assert said
    assert not any("涉密窗口" in words for words in said)


def test_a_covert_finding_has_its_sheet_with_the_conclusion_and_from_who_fed_it_back() -> None:
    visit = found(found(seen(begun()["housing"])), title="台账造假", kind="slow_action")
    assert not Problem.objects.exists()
    assert not Link.objects.filter(kind="finding").exists()
    visit = fed_back(visit, "office_a")
    sheets = Problem.objects.order_by("pk")
    assert [sheet.title for sheet in sheets] == ["窗口无人值守", "台账造假"]
    assert [row["sheet"] for row in visit.findings] == [sheet.number for sheet in sheets]
    assert not any("found" in row for row in visit.findings)
    inspector = cast.person("clerk_township")
    for sheet in sheets:
        assert {sheet.opened_by, *(entry.person for entry in sheet.entries.all())} == {
            cast.person("office_a")
        }
        assert str(inspector) not in str(sheet.description)
    assert list(verify()) == []


def test_what_was_fed_back_is_discreet_no_longer() -> None:
    visit = seen(begun()["housing"])
    assert visit.discreet
    assert not fed_back(visit).discreet
    assert Inspection.objects.get(pk=visit.round_id).discreet
    assert isinstance(visit, Visit)
