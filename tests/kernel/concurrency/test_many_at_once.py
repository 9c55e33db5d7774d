"""Many at the same moment: one is first, the others are told, and nothing is half done."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

from qingfeng.kernel.acts.engine import StoredAct, perform
from qingfeng.kernel.acts.submissions import Submission
from qingfeng.kernel.ledger.checkpoints import seal, signer
from qingfeng.kernel.ledger.models import Checkpoint, Entry, Leaf
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.refusals import Barred, Conflict
from qingfeng.kernel.time.clocks import Running
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests.cast import NOW, act, actor, do, jurisdiction, unit
from tests.kernel.concurrency.conftest import AtOnce

SHEET = {
    "title": "窗口无人值守",
    "kind": "inaction",
    "topic": "not_acting",
    "description": "上午十点窗口无人。",
}


def verified() -> Matter:
    sheet = do("rectification.register", "office_a", **SHEET).matter
    return do("rectification.verify", "office_a", sheet, finding="属实。").matter


def assigned() -> Matter:
    sheet = verified()
    return do(
        "rectification.assign",
        "office_a",
        sheet,
        responsible=unit("housing").pk,
        requirement="三日内整改并报告。",
    ).matter


def test_of_fifty_clerks_who_sign_at_once_one_is_first_and_the_others_are_told(at_once: AtOnce) -> None:
    sheet = assigned()
    clerks = [actor("clerk_housing"), actor("clerk_housing_b")]
    answers = at_once(50, lambda number: do("rectification.sign", clerks[number % 2], sheet))
    told = Counter(type(answer) for answer in answers)
    assert told[StoredAct] == 1
    assert told[Conflict] + told[Barred] == 49
    assert list(sheet.entries.order_by("seq").values_list("act", flat=True)) == [
        "register",
        "verify",
        "assign",
        "sign",
    ]
    assert Problem.objects.get(pk=sheet.pk).version == 4
    running = Running.objects.filter(matter_id=sheet.pk, stopped_at=None).values_list("name", flat=True)
    assert set(running) == {"planning", "rectifying", "nearing"}
    assert list(verify()) == []


def test_of_fifty_who_saw_the_same_version_forty_nine_are_told(at_once: AtOnce) -> None:
    sheet = verified()
    office = actor("office_a")
    values = {"responsible": unit("housing").pk, "requirement": "三日内整改并报告。"}

    def assign(_number: int) -> Any:
        return perform(act("rectification.assign"), office, values, NOW, matter_id=sheet.pk, version=2)

    told = Counter(type(answer) for answer in at_once(50, assign))
    assert (told[StoredAct], told[Conflict] + told[Barred]) == (1, 49)
    assert sheet.entries.count() == 3


def test_the_same_submit_sent_fifty_times_at_once_is_one_entry(at_once: AtOnce) -> None:
    office = actor("office_a")
    before = Entry.objects.count()
    answers = at_once(
        50, lambda _number: perform(act("rectification.register"), office, SHEET, NOW, key="the-form")
    )
    assert {type(answer) for answer in answers} == {StoredAct}, answers
    assert len({answer.entry.pk for answer in answers}) == 1
    assert Entry.objects.count() == before + 1
    assert Submission.objects.count() == 1
    assert list(verify()) == []


def test_the_same_sign_sent_twice_at_once_answers_both_with_the_one_entry(at_once: AtOnce) -> None:
    sheet = assigned()
    clerk = actor("clerk_housing")

    def sign(_number: int) -> Any:
        return perform(act("rectification.sign"), clerk, {}, NOW, matter_id=sheet.pk, key="sign-it")

    answers = at_once(2, sign)
    assert {type(answer) for answer in answers} == {StoredAct}, answers
    assert answers[0].entry.pk == answers[1].entry.pk


def test_a_key_used_at_once_for_two_things_stores_one_and_refuses_the_other(at_once: AtOnce) -> None:
    office = actor("office_a")
    answers = at_once(
        8,
        lambda number: perform(
            act("rectification.register"), office, {**SHEET, "title": f"第{number}件"}, NOW, key="one-key"
        ),
    )
    assert Counter(type(answer) for answer in answers) == {StoredAct: 1, Conflict: 7}, answers


def test_eight_openers_draw_numbers_without_gap_or_double(at_once: AtOnce) -> None:
    office = actor("office_a")

    def register(number: int) -> list[str]:
        return [do("rectification.register", office, **SHEET).matter.number for _each in range(5)]

    drawn = [number for numbers in at_once(8, register) for number in numbers]
    places = sorted(int(re.findall(r"\d+", number)[-1]) for number in drawn)
    assert places == list(range(places[0], places[0] + 40))


def test_two_checkpoints_at_once_seal_every_entry_once(at_once: AtOnce) -> None:
    for _each in range(4):
        assigned()
    county, by = jurisdiction(), signer()
    made = at_once(8, lambda number: seal(county, NOW + timedelta(seconds=number), by))
    sealed = [checkpoint for checkpoint in made if isinstance(checkpoint, Checkpoint)]
    assert len(sealed) == 1, made
    assert Leaf.objects.count() == Entry.objects.filter(jurisdiction=county).count()
    assert list(verify()) == []


def test_acts_while_checkpoints_are_made_are_all_sealed_in_the_end(at_once: AtOnce) -> None:
    office, county, by = actor("office_a"), jurisdiction(), signer()

    def step(number: int) -> Any:
        if number % 2:
            return [seal(county, NOW, by) for _each in range(3)]
        return [do("rectification.register", office, **SHEET) for _each in range(3)]

    answers = at_once(8, step)
    assert not [answer for answer in answers if isinstance(answer, Exception)], answers
    seal(county, NOW, by)
    assert Leaf.objects.count() == Entry.objects.filter(jurisdiction=county).count()
    assert list(verify()) == []


def test_refusals_at_once_stand_in_one_unbroken_journal(at_once: AtOnce) -> None:
    sheet = assigned()
    stranger = actor("clerk_education")
    answers = at_once(20, lambda _number: do("rectification.sign", stranger, sheet))
    assert all(isinstance(answer, Exception) for answer in answers)
    assert JournalEntry.objects.count() == 20
    assert list(verify()) == []
