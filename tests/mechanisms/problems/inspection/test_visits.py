"""A unit's part in a round: seen, tested, findings on sheets, the conclusion told, an objection decided by others."""

from datetime import timedelta

import pytest

from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, NotFound
from qingfeng.mechanisms.problems.inspection.models import Visit
from tests import cast
from tests.cast import NOW, actor, do
from tests.mechanisms.problems.inspection.rounds import LOOKS, begun, fed_back, found, seen
from tests.refusals import invalid

pytestmark = pytest.mark.django_db


def test_a_finding_opens_a_problem_sheet_that_is_linked_to_the_visit() -> None:
    visit = found(seen(begun(manner="open")["housing"]), problem_topic="formalities")
    link = Link.objects.get(kind="finding")
    sheet = reads.one(actor("office_a"), "rectification", link.target_id)
    assert (link.source_id, visit.findings[0]["sheet"]) == (visit.pk, sheet.number)
    assert (sheet.source, sheet.topic, sheet.kind, sheet.state) == (
        "inspection",
        "formalities",
        "inaction",
        "found",
    )
    assert sheet.concerned == cast.unit("housing")
    assert list(verify()) == []


def test_a_finding_without_a_topic_has_that_of_the_round() -> None:
    visit = found(seen(begun()["housing"]))
    assert visit.findings[0]["topic"] == visit.topic == "not_acting"


def test_a_visit_leaves_a_fact_and_an_event_on_its_own_day() -> None:
    visit = seen(begun()["housing"], at=NOW + timedelta(days=3), on="2026-03-12")
    seen(visit, at=NOW + timedelta(days=3), on="2026-03-11")
    facts = Fact.objects.filter(name="inspection.visited").order_by("pk")
    assert [(fact.subject, fact.held_on.isoformat()) for fact in facts] == [
        (f"unit:{cast.unit('housing').pk}", "2026-03-12"),
        (f"unit:{cast.unit('housing').pk}", "2026-03-11"),
    ]
    event = Message.objects.filter(channel="event", payload__event="unit_inspected").order_by("pk")[0]
    assert (event.payload["unit"], event.payload["topic"], event.payload["on"]) == (
        cast.unit("housing").pk,
        "not_acting",
        "2026-03-12",
    )
    again = Visit.objects.get(pk=visit.pk)
    assert (again.times, again.visited_on and again.visited_on.isoformat()) == (2, "2026-03-12")


@pytest.mark.parametrize("day", ["2026-03-09", "2026-03-11"], ids=["before the round", "not yet"])
def test_a_visit_lies_between_the_first_day_of_the_round_and_today(day: str) -> None:
    with invalid("on", "检查日期应在本轮起始日与今天之间"):
        seen(begun()["housing"], on=day)


def test_nobody_inspects_their_own_unit_nor_one_they_stand_in_for() -> None:
    team = ("cadre", "two_roles", "stand_in", "clerk_township")
    sheets = begun(("housing", "education"), team=team)
    for who in ("cadre", "stand_in", "two_roles"):
        with pytest.raises((Barred, NotFound), match=r"由检查组成员办理|此处没有相应内容"):
            seen(sheets["housing"], who)
        seen(sheets["education"], who)
    seen(sheets["housing"])


def test_the_five_looks_are_recorded_each_with_its_words() -> None:
    visit = seen(begun()["housing"])
    done = do("inspection_visits.look", "office_b", visit, **LOOKS, limits_words="两件超期。").matter
    assert isinstance(done, Visit)
    assert len(done.looks_of) == 5
    assert done.looks_of["limits"] == ["not", "两件超期。"]


def test_a_test_on_the_spot_counts_answers_by_unit_and_names_nobody() -> None:
    visit = seen(begun()["housing"])
    questions = [{"question": "一次性告知的内容", "right": True}, {"question": "承诺时限", "right": False}]
    done = do("inspection_visits.test", "office_b", visit, questions=questions).matter
    done = do("inspection_visits.test", "office_b", done, questions=questions[:1]).matter
    assert isinstance(done, Visit)
    assert (done.asked, done.right) == (3, 2)
    with invalid("questions", "现场测试至少有一题"):
        do("inspection_visits.test", "office_b", visit, questions=[])


def test_the_unit_reads_its_sheet_only_from_the_conclusion_on() -> None:
    visit = seen(begun()["housing"])
    head = actor("head_housing")
    with pytest.raises(NotFound):
        reads.one(head, "inspection_visits", visit.pk)
    fed_back(visit)
    assert reads.one(head, "inspection_visits", visit.pk).pk == visit.pk
    with pytest.raises(NotFound):
        reads.one(actor("head_education"), "inspection_visits", visit.pk)
    with pytest.raises(NotFound):
        reads.one(head, "inspections", visit.round_id)


def test_a_conclusion_nobody_objected_to_stands_when_the_time_is_over() -> None:
    visit = fed_back(seen(begun()["housing"]))
    worker.run_out(NOW + timedelta(days=29))
    assert Matter.objects.get(pk=visit.pk).state == "fed_back"
    worker.run_out(NOW + timedelta(days=31))
    assert Matter.objects.get(pk=visit.pk).state == "concluded"


def test_an_objection_is_decided_by_nobody_who_took_part() -> None:
    visit = fed_back(found(seen(begun()["housing"])))
    do("inspection_visits.object", "head_housing", visit, objection="当时正在轮岗。")
    decision = {"upheld": False, "reasons": "视频显示无人。"}
    for who in ("office_a", "office_b", "two_roles"):
        with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
            do("inspection_visits.decide", who, visit.pk, **decision)
    assert do("inspection_visits.decide", "city_office", visit.pk, **decision).matter.state == "concluded"


def test_a_finding_set_aside_counts_no_longer() -> None:
    visit = fed_back(found(found(seen(begun()["housing"])), title="台账不全"))
    do("inspection_visits.object", "head_housing", visit, objection="当时正在轮岗。")
    wrong = {"upheld": False, "reasons": "不成立。", "set_aside": [{"number": 1}]}
    for raw in (wrong, {**wrong, "upheld": True, "set_aside": [{"number": 3}]}):
        with invalid("set_aside", "异议成立的才撤销问题"):
            do("inspection_visits.decide", "city_office", visit.pk, **raw)
    raw = {"upheld": True, "reasons": "查明属实。", "set_aside": [{"number": 1}]}
    done = do("inspection_visits.decide", "city_office", visit.pk, **raw).matter
    assert isinstance(done, Visit)
    assert [finding["title"] for finding in done.standing] == ["台账不全"]
    left = Fact.objects.filter(name="inspection.found").order_by("id")
    assert [(fact.quantity, fact.reverses) for fact in left] == [(1, None), (1, None), (-1, left[0])]


def test_an_objection_that_is_not_decided_in_time_is_told_to_the_office() -> None:
    visit = fed_back(seen(begun()["housing"]))
    do("inspection_visits.object", "head_housing", visit, objection="当时正在轮岗。")
    worker.run_out(NOW + timedelta(days=31))
    assert Fact.objects.filter(name="inspection.review_overdue").count() == 1
    told = Message.objects.filter(channel="notice", holder__startswith="supervision_office")
    assert any("异议逾期" in message.payload["text"] for message in told)
