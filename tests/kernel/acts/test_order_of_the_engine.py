"""Not there, then barred, then invalid, then overtaken: the order in which the engine refuses."""

from datetime import timedelta

import pytest

from qingfeng.kernel.acts.engine import StoredAct, perform
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Barred, Conflict, Invalid, NotFound
from tests import cast
from tests.cast import NOW, act, actor, do
from tests.sheets import FOUND, rows, sheet

pytestmark = pytest.mark.django_db

NONSENSE = {"responsible": "nobody's", "unheard_of": 1}


def test_what_one_may_not_see_is_not_there_whatever_one_types() -> None:
    found = sheet()
    with pytest.raises(NotFound) as hidden:
        do("rectification.assign", "clerk_education", found, **NONSENSE)
    with pytest.raises(NotFound) as absent:
        do("rectification.assign", "clerk_education", 10**9, **NONSENSE)
    assert str(hidden.value) == str(absent.value)


def test_what_one_reads_and_may_not_do_is_barred_whatever_one_types() -> None:
    with pytest.raises(Barred) as refusal:
        do("rectification.assign", "clerk_housing", sheet("assigned"), **NONSENSE)
    assert refusal.value.reason
    assert refusal.value.remedy


def test_only_who_may_do_it_hears_what_is_wrong_with_the_input() -> None:
    with pytest.raises(Invalid) as refusal:
        do("rectification.assign", "office_a", sheet("verified"), **NONSENSE)
    assert set(refusal.value.fields) == {"responsible", "requirement", "unheard_of"}


def test_a_unit_of_another_jurisdiction_reads_like_one_that_is_not_there() -> None:
    found = sheet("verified")
    elsewhere = cast.unit("housing", cast.BESIDE).pk
    told = []
    for responsible in (elsewhere, 10**9):
        with pytest.raises(Invalid) as refusal:
            do("rectification.assign", "office_a", found, responsible=responsible, requirement="整改。")
        told.append({name: [str(words) for words in said] for name, said in refusal.value.fields.items()})
    assert told[0] == told[1]
    assert set(told[0]) == {"responsible"}


def test_a_unit_that_ended_can_not_be_named_any_more() -> None:
    found, ended = sheet("verified"), cast.unit(cast.MERGED[0]).pk
    with pytest.raises(Invalid) as refusal:
        do("rectification.assign", "office_a", found, responsible=ended, requirement="整改。")
    assert set(refusal.value.fields) == {"responsible"}


def test_a_version_one_no_longer_sees_is_a_conflict_and_stores_nothing() -> None:
    found = sheet("rectifying")
    before = rows()
    with pytest.raises(Conflict, match="他人刚刚先行办理了该事项"):
        perform(
            act("rectification.report"),
            actor("clerk_housing"),
            {"result": "已整改。", "no_evidence": "已由科室现场看过。"},
            NOW,
            matter_id=found.pk,
            version=found.version - 1,
        )
    assert rows() == before
    done = perform(
        act("rectification.report"),
        actor("clerk_housing"),
        {"result": "已整改。", "no_evidence": "已由科室现场看过。"},
        NOW,
        matter_id=found.pk,
        version=found.version,
    )
    assert done.matter.version == found.version + 1


def test_a_closed_matter_bars_every_act_to_those_who_read_it_and_says_so() -> None:
    closed = sheet("written_off")
    for name in ("assign", "sign", "report", "send_back", "write_off", "follow"):
        with pytest.raises(Barred) as refusal:
            do(f"rectification.{name}", "office_a", closed)
        assert str(refusal.value.reason)
    assert Matter.objects.get(pk=closed.pk).closed


def test_a_write_off_moves_state_and_version_and_leaves_one_entry_for_each_act() -> None:
    done = sheet("written_off")
    stored = Matter.objects.get(pk=done.pk)
    assert (stored.state, stored.version, stored.closed) == ("written_off", 7, True)
    acts = list(Entry.objects.filter(matter=stored).order_by("seq").values_list("act", flat=True))
    assert acts == ["register", "verify", "assign", "sign", "plan", "report", "write_off"]


def test_each_entry_holds_the_hash_of_the_one_before() -> None:
    entries = list(Entry.objects.filter(matter=sheet("reported")).order_by("seq"))
    assert entries[0].content["prev"] == ""
    assert [entry.content["prev"] for entry in entries[1:]] == [entry.hash for entry in entries[:-1]]


def test_nobody_and_a_bearer_open_nothing() -> None:
    before = rows()
    for who in ("nobody",):
        with pytest.raises(Barred, match="此项由效能督查部门办理"):
            do("rectification.register", who, **FOUND)
    with pytest.raises(Barred, match="此项由效能督查部门办理"):
        do("rectification.register", cast.the_system("clock"), **FOUND)
    assert rows() == before


def once(key: str, **said: str) -> StoredAct:
    raw = {**FOUND, **said}
    return perform(act("rectification.register"), actor("office_a"), raw, NOW, key=key)


def test_the_same_key_with_the_same_input_is_done_once() -> None:
    first = once("form-1")
    before = rows()
    again = once("form-1")
    assert (again.entry, again.matter.pk) == (first.entry, first.matter.pk)
    assert rows() == before


def test_the_same_key_with_other_input_is_a_conflict_and_stores_nothing() -> None:
    once("form-1")
    before = rows()
    with pytest.raises(Conflict, match="本表单已提交过一次"):
        once("form-1", title="另一个问题")
    assert rows() == before


def test_another_key_or_another_account_is_another_submission() -> None:
    first = once("form-1")
    assert once("form-2").matter.pk != first.matter.pk
    other = perform(act("rectification.register"), actor("office_b"), FOUND, NOW, key="form-1")
    assert other.matter.pk != first.matter.pk


def test_a_retry_after_the_matter_moved_on_answers_with_what_was_done() -> None:
    assigned = sheet("assigned")
    clerk = actor("clerk_housing")
    first = perform(act("rectification.sign"), clerk, {}, NOW, matter_id=assigned.pk, key="sign-1")
    again = perform(act("rectification.sign"), clerk, {}, NOW, matter_id=assigned.pk, key="sign-1")
    assert again.entry == first.entry


def test_the_same_key_for_another_matter_is_a_conflict() -> None:
    one, other = sheet("assigned"), sheet("assigned")
    clerk = actor("clerk_housing")
    perform(act("rectification.sign"), clerk, {}, NOW, matter_id=one.pk, key="sign-1")
    with pytest.raises(Conflict, match="本表单已提交过一次"):
        perform(act("rectification.sign"), clerk, {}, NOW, matter_id=other.pk, key="sign-1")


def test_an_act_a_moment_later_keeps_its_own_time() -> None:
    found = sheet("verified")
    later = NOW + timedelta(minutes=5)
    raw = {"responsible": cast.unit("housing").pk, "requirement": "整改。"}
    assert do("rectification.assign", "office_b", found, later, **raw).entry.at == later
