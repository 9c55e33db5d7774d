"""Proposal, hearing, decision, appeal: a person decides, is named, and an appeal never ends worse."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.translation import override

from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, Conflict, NotFound
from tests.cast import NOW, do, person, the_system
from tests.toys.models import Demotion

pytestmark = pytest.mark.django_db


def propose(who: str = "cadre", **changes: Any) -> Matter:
    raw = {"person": person(who).pk, "proposed": "acting", "grounds": "半年排名末位。", "clause": "第六条"}
    return do("demotion.propose", "office_a", **(raw | changes)).matter


def decide(matter: Matter, result: str, who: str = "department_a", **more: Any) -> Matter:
    return do(
        "demotion.decide", who, matter, decided=result, document="组发1号", reasons="集体研究。", **more
    ).matter


@pytest.fixture
def heard() -> Matter:
    matter = propose(proposed="demoted")
    do("demotion.notify", "office_a", matter)
    return do("demotion.state_view", "cadre", matter, view="项目因外部原因中止。").matter


@pytest.fixture
def appealed(heard: Matter) -> Matter:
    decide(heard, "demoted")
    return do("demotion.appeal", "cadre", heard, why="数据有误。").matter


def test_nothing_is_decided_before_the_person_was_heard_or_had_the_time_to_be() -> None:
    matter = propose()
    do("demotion.notify", "office_a", matter)
    with pytest.raises(Barred, match="本事项现为"):
        decide(matter, "acting")
    with pytest.raises(Conflict, match="该时限已停止计算"):
        do("demotion.close_hearing", the_system("clock"), matter)
    closed = do("demotion.close_hearing", the_system("clock"), matter, at=NOW + timedelta(days=8))
    assert closed.matter.state == "heard"


def test_only_the_person_concerned_states_their_view_and_others_see_nothing() -> None:
    matter = propose()
    do("demotion.notify", "office_a", matter)
    with pytest.raises(NotFound):
        do("demotion.state_view", "clerk_education", matter, view="……")


def test_the_system_never_decides(heard: Matter) -> None:
    with pytest.raises(Barred, match="此项由组织部门办理"):
        do(
            "demotion.decide",
            the_system("clock"),
            heard,
            decided="kept",
            document="组发1号",
            reasons="……",
        )


def test_nothing_heavier_is_decided_than_the_person_was_heard_on() -> None:
    matter = propose(proposed="warned")
    do("demotion.notify", "office_a", matter)
    do("demotion.state_view", "cadre", matter, view="……")
    with pytest.raises(Barred, match="该结果重于已听取陈述的建议"):
        decide(matter, "demoted")
    assert decide(matter, "warned").state == "decided"


def test_who_decided_does_not_review(appealed: Matter) -> None:
    raw = {"result": "kept", "document": "组复1号", "reasons": "……"}
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("demotion.review", "department_a", appealed, **raw)
    assert do("demotion.review", "department_b", appealed, **raw).matter.state == "reviewed"


def test_an_appeal_never_ends_worse() -> None:
    matter = propose(proposed="demoted")
    do("demotion.notify", "office_a", matter)
    do("demotion.state_view", "cadre", matter, view="……")
    decide(matter, "acting")
    do("demotion.appeal", "cadre", matter, why="……")
    with pytest.raises(Barred, match="不得因申诉加重处理"):
        do("demotion.review", "department_b", matter, result="demoted", document="组复1号", reasons="……")


def test_an_upheld_appeal_takes_facts_back_and_gives_the_displaced_third_a_hearing_of_their_own(
    appealed: Matter,
) -> None:
    displaced = person("head_education")
    do(
        "demotion.review",
        "department_b",
        appealed,
        result="kept",
        document="组复1号",
        reasons="重新计算后名次改变。",
        displaced=displaced.pk,
    )
    assert [fact.quantity for fact in Fact.objects.filter(name="person.demoted").order_by("id")] == [1, -1]
    third = Demotion.objects.get(person=displaced)
    assert (third.state, third.decided, third.proposed) == ("proposed", "", "demoted")
    assert Link.objects.get().kind == "displaced"
    do("demotion.notify", "office_a", third)
    do("demotion.state_view", "head_education", third, view="……")
    decide(third, "demoted")
    do("demotion.appeal", "head_education", third, why="……")
    assert list(verify()) == []


def test_a_fact_is_taken_back_once(appealed: Matter) -> None:
    raw = {"result": "kept", "document": "组复1号", "reasons": "……"}
    do("demotion.review", "department_b", appealed, **raw)
    assert Fact.objects.filter(reverses__isnull=False).count() == 1


def test_a_pattern_says_who_acts_by_the_words_of_the_field_and_not_by_its_code() -> None:
    with override("en"):
        said = str(acts_of(Demotion)["state_view"].by.sentence())
    assert said == "the person named as “person concerned”"
