"""A statement is asked of a unit or a person, handed in by its day, and leaves nothing that could be held against them."""

from dataclasses import replace
from typing import Any

import pytest
from django.utils.translation import override

from qingfeng.kernel.acts.engine import open_under
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, clocks_of, states_of
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, Invalid, Misdeclared, NotFound
from qingfeng.kernel.time.clocks import Running
from qingfeng.mechanisms.accountability.statement.models import Statement
from qingfeng.mechanisms.duty.dispatch.models import Task
from tests import cast
from tests.cast import NOW, actor, do
from tests.mechanisms.duty.dispatch.meetings import at, task

pytestmark = pytest.mark.django_db
STATED = {"result": "流程衔接不畅，已明确专人。", "no_evidence": "没有需要另附的材料。"}


def asked(**changes: Any) -> Matter:
    raw = {"what": "评议得分靠后的原因。", "unit": cast.unit("housing").pk, "due_on": "2026-03-13"}
    return do("statement.set", "office_a", **(raw | changes)).matter


def asked_of(who: str) -> Matter:
    return asked(unit=None, person=cast.person(who).pk)


def test_a_unit_explains_by_its_head_and_nobody_else_of_it_knows() -> None:
    one = asked()
    with pytest.raises(NotFound):
        do("statement.report", "clerk_housing", one, **STATED)
    do("statement.sign", "head_housing", one)
    do("statement.report", "head_housing", one, **STATED)
    assert do("statement.confirm", "office_b", one, finding="属实。").matter.state == "confirmed"


def test_a_person_explains_themselves_and_their_head_knows_nothing_of_it() -> None:
    one = asked_of("cadre")
    with pytest.raises(NotFound):
        do("statement.sign", "head_housing", one)
    do("statement.sign", "cadre", one)
    assert do("statement.report", "cadre", one, **STATED).matter.state == "reported"


def test_whoever_is_asked_gives_themselves_no_more_time_in_the_office_and_accepts_nothing() -> None:
    one = asked_of("two_roles")
    later = {"due_on": "2026-03-20", "reason": "出差。"}
    with pytest.raises(Barred, match="回避"):
        do("statement.extend", "two_roles", one, **later)
    do("statement.extend", "office_b", one, **later)
    do("statement.report", "two_roles_clerk", one, **STATED)
    with pytest.raises(Barred, match="回避"):
        do("statement.confirm", "two_roles", one, finding="属实。")


def test_it_is_asked_of_somebody_and_a_unit_may_explain_by_a_person_named() -> None:
    with pytest.raises(Invalid) as refused:
        asked(unit=None)
    assert set(refused.value.fields) == {"unit"}
    both = asked(person=cast.person("cadre").pk)
    do("statement.sign", "head_housing", both)
    assert do("statement.report", "cadre", both, **STATED).matter.state == "reported"


def test_without_a_day_it_is_due_when_the_regime_says() -> None:
    # Five working days from Tuesday the 10th: Tuesday the 17th, to its end.
    one = asked(due_on=None)
    assert Running.objects.get(matter=one).due_at == at("2026-03-18 00:00")
    with pytest.raises(Invalid) as refused:
        asked(due_on="2026-03-09")
    assert set(refused.value.fields) == {"due_on"}


def test_it_stands_in_the_inbox_of_who_explains_until_its_day() -> None:
    asked()
    due = {row.due for row in reads.inbox(actor("head_housing")).rows if row.act == "report"}
    assert due == {at("2026-03-14 00:00")}


def test_with_nothing_attached_it_says_why_and_returned_it_has_a_day_anew() -> None:
    one = asked()
    with pytest.raises(Invalid) as refused:
        do("statement.report", "head_housing", one, result="已查明。")
    assert set(refused.value.fields) == {"evidence"}
    do("statement.report", "head_housing", one, **STATED)
    do("statement.send_back", "office_b", one, reason="请写明时限。", due_on="2026-03-18")
    assert Running.objects.get(matter=one).due_at == at("2026-03-19 00:00")
    assert do("statement.report", "head_housing", one, **STATED).matter.state == "reported"


def test_late_it_is_told_and_leaves_no_fact_against_anybody() -> None:
    one = asked()
    assert worker.run_out(at("2026-03-14 00:00")) == 1
    told = Message.objects.filter(entry__matter=one, entry__act="overdue")
    assert {row.holder.partition("@")[0] for row in told} == {"leader", "supervision_office", "unit_head"}
    assert all(row.payload["text"].startswith("到期未提交说明") for row in told)
    do("statement.report", "head_housing", one, at("2026-03-16 10:00"), **STATED)
    do("statement.confirm", "office_b", one, at("2026-03-17 10:00"), finding="属实。")
    assert not Fact.objects.filter(entry__matter=one).exists()
    assert list(verify()) == []


def test_another_mechanism_has_it_owed_under_its_contract_whoever_acts_there() -> None:
    origin = task("2026-03-20")
    values = {"what": "督办事项到期未办结的原因。", "unit": cast.unit("housing").pk}
    with pytest.raises(Barred, match="此项由效能督查部门办理"):
        do("statement.set", cast.the_system("clock"), **values)
    opened = open_under("statement.owed", cast.the_system("clock"), values, NOW, origin).matter
    assert do("statement.report", "head_housing", opened, **STATED).matter.state == "reported"


def test_its_states_clock_and_acts_have_words_of_their_own_and_the_codes_of_the_shape() -> None:
    with override("en"):
        assert {code: str(state) for code, state in states_of(Statement).items()} == {
            "set": "asked for",
            "signed": "request received",
            "reported": "statement handed in",
            "confirmed": "statement accepted",
            "called_off": "not asked for any more",
        }
        assert [str(clock.label) for clock in clocks_of(Statement).values()] == ["Handing in the statement"]
        assert str(acts_of(Statement)["sign"].label) == "Acknowledge the request"
        assert str(acts_of(Task)["sign"].label) == "Acknowledge receipt of the task"
    assert [*acts_of(Statement)] == [*acts_of(Task)]
    assert acts_of(Statement)["sign"].doc == "Acknowledge that one has read what is to be explained."


@pytest.mark.parametrize(("asks", "other"), [("discipline", "office_a"), ("department_a", "discipline")])
def test_the_office_that_asked_has_it_in_hand_and_the_others_read_it(asks: str, other: str) -> None:
    raw = {"what": "考核得分靠后的原因。", "unit": cast.unit("housing").pk, "due_on": "2026-03-13"}
    one = do("statement.set", asks, **raw).matter
    later = {"due_on": "2026-03-20", "reason": "数据尚在核对。"}
    with pytest.raises(Barred, match=r"该项由.*要求说明"):
        do("statement.extend", other, one, **later)
    do("statement.extend", asks, one, **later)
    do("statement.report", "head_housing", one, **STATED)
    assert [row.act for row in reads.inbox(actor(asks)).rows if row.matter_id == one.pk] != []
    assert [row.act for row in reads.inbox(actor(other)).rows if row.matter_id == one.pk] == []
    assert reads.one(actor(other), "statement", one.pk) == one
    with pytest.raises(Barred, match=r"该项由.*要求说明"):
        do("statement.confirm", other, one, finding="属实。")
    assert do("statement.confirm", asks, one, finding="属实。").matter.state == "confirmed"


def test_others_than_these_offices_ask_for_none() -> None:
    raw = {"what": "原因。", "unit": cast.unit("housing").pk, "due_on": "2026-03-13"}
    for who in ("finance", "leader", "head_education"):
        with pytest.raises(Barred, match="此项由效能督查部门办理"):
            do("statement.set", who, **raw)


def test_its_inputs_have_labels_of_their_own_where_a_task_s_would_say_something_else() -> None:
    with override("en"):
        labels = {
            name: {spec.name: str(spec.label) for spec in acts_of(Statement)[name].inputs.fields}
            for name in ("confirm", "send_back", "extend")
        }
        assert labels["confirm"] == {"finding": "What was made of it"}
        assert labels["send_back"]["due_on"] == labels["extend"]["due_on"] == "To be handed in by, anew"
        assert str(acts_of(Task)["extend"].inputs.fields[0].label) == "To be done by, anew"


def test_a_label_for_an_input_an_act_does_not_have_is_refused() -> None:
    with pytest.raises(Misdeclared, match=r"Statement\.sign has no input day"):
        assert replace(acts_of(Statement)["sign"], labels={"day": "哪天"}).inputs
