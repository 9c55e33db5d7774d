"""The year's plan: filed by the office, approved by a leader, held against overlaps and the cap; its rounds open."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.background import worker
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.people.models import Succession
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.mechanisms.problems.inspection.models import Inspection
from tests import cast
from tests.cast import do
from tests.mechanisms.problems.inspection.rounds import TOPICS, approved, filed, prepared, row, used
from tests.refusals import invalid

pytestmark = pytest.mark.django_db
NOVEMBER = {"round": "十一月督导检查", "first_day": "2026-11-02", "last_day": "2026-11-10"}
CLOSE = {"round": "八月暗访", "first_day": "2026-08-20", "last_day": "2026-08-21"}


def barred(attempt: Any) -> Barred:
    with pytest.raises(Barred) as refused:
        attempt()
    return refused.value


def test_the_two_rounds_of_a_year_open_by_themselves_when_their_time_to_be_prepared_has_come() -> None:
    plan = approved(row("housing"), row("education"), row("housing", **NOVEMBER))
    worker.run_out(datetime(2026, 6, 23, 12, tzinfo=ZONE))
    assert not Inspection.objects.exists()
    worker.run_out(datetime(2026, 6, 24, 0, 5, tzinfo=ZONE))
    july = Inspection.objects.get()
    assert (july.state, july.title, july.first_day.isoformat()) == ("preparing", "七月督导检查", "2026-07-01")
    assert sorted(july.objects_of) == sorted([cast.unit("housing").pk, cast.unit("education").pk])
    assert Link.objects.get(kind="round").source_id == plan.pk
    worker.run_out(datetime(2026, 10, 26, 0, 5, tzinfo=ZONE))
    assert list(Inspection.objects.order_by("pk").values_list("title", flat=True)) == [
        "七月督导检查",
        "十一月督导检查",
    ]
    assert list(verify()) == []


def test_a_round_that_the_office_opened_before_its_time_is_not_opened_again() -> None:
    plan = approved()
    do("inspection_plans.open_round", "office_a", plan, number=1)
    worker.run_out(datetime(2026, 6, 24, 0, 5, tzinfo=ZONE))
    assert Inspection.objects.count() == 1
    for number, said in ((1, "请从列出的各项中选择"), (2, "没有这个序号")):
        with invalid("number", said):
            do("inspection_plans.open_round", "office_a", plan, number=number)


def test_two_rounds_of_one_topic_that_lie_close_are_named_with_unit_and_clause_before_anything_is_stored() -> (
    None
):
    refused = barred(lambda: filed(row(), row("education"), row(**CLOSE)))
    assert [str(ground.reason) for ground in refused.grounds] == [
        "住建局，“不作为”：“八月暗访”（2026年8月20日至2026年8月21日）与“七月督导检查”（2026年7月1日至2026年7月10日）相隔过近。"
    ]
    assert "第六条第二款" in refused.grounds[0].clause


@pytest.mark.parametrize(
    "other",
    [
        {**CLOSE, "topic": "formalities"},
        {**CLOSE, "unit": "education"},
        {**CLOSE, "first_day": "2026-09-09", "last_day": "2026-09-10"},
    ],
    ids=["another topic", "another unit", "far enough apart"],
)
def test_what_is_no_overlap_passes(other: dict[str, str]) -> None:
    unit = other.pop("unit", "housing") if "unit" in other else "housing"
    assert filed(row(), row(unit, **other)).state == "filed"


def test_a_reason_to_go_on_is_recorded_with_the_overlaps() -> None:
    done = do(
        "inspection_plans.file",
        "office_a",
        title="计划",
        year=2026,
        rows=[row(), row(**CLOSE)],
        go_on="汛期之后须回头看。",
    )
    overlaps = json.loads(done.entry.body)["notes"]["overlaps"]
    assert overlaps == [[cast.unit("housing").pk, "not_acting", "八月暗访", "七月督导检查"]]


def test_a_plan_is_held_against_other_plans_and_the_rounds_on_record_too() -> None:
    approved()
    assert "七月督导检查" in str(barred(lambda: filed(row(round="再查一次"))))
    assert "七月督导检查" in str(barred(lambda: filed()))
    prepared(("education",), topic="formalities")
    near = {"round": "四月检查", "topic": "formalities", "first_day": "2026-04-01", "last_day": "2026-04-02"}
    assert "三月暗访" in str(barred(lambda: filed(row("education", **near))))


def test_a_planned_unit_that_ended_meanwhile_is_inspected_in_its_successor() -> None:
    plan = approved(row("finance"), row("education"))
    finance = cast.unit("finance")
    finance.valid_to = cast.TODAY - timedelta(days=1)
    finance.save(by_act=True)
    Succession(predecessor=finance, successor=cast.unit("education"), valid_from=cast.TODAY).save(by_act=True)
    do("inspection_plans.open_round", "office_a", plan, number=1)
    assert Inspection.objects.get().objects_of == [cast.unit("education").pk]


def rounds_of(topics: Sequence[str]) -> list[dict[str, Any]]:
    return [row(round=f"{topic}检查", topic=topic) for topic in topics]


def test_a_unit_is_not_planned_to_be_inspected_more_often_than_the_cap() -> None:
    approved(*rounds_of(TOPICS[:6]))
    assert used(kind="inspections.planned") == (6, 0)
    refused = barred(lambda: filed(*rounds_of(TOPICS[6:7])))
    assert "住建局" in str(refused.grounds[0].reason)
    assert "第六条第一款" in refused.clause


def test_rounds_that_were_not_held_give_their_room_back_when_the_plan_is_closed() -> None:
    plan = approved(row(), row("education"), row(**NOVEMBER))
    do("inspection_plans.open_round", "office_a", plan, number=1)
    do("inspection_plans.close", "office_a", plan, why="十一月一轮不再开展。")
    assert used(kind="inspections.planned") == (1, 0)
    assert used("education", kind="inspections.planned") == (1, 0)
    assert list(verify()) == []


def test_whoever_filed_a_plan_does_not_approve_it_in_another_role() -> None:
    plan = filed()
    both = replace(cast.actor("leader"), person_id=cast.person("office_a").pk)
    barred(lambda: do("inspection_plans.approve", both, plan))
    assert do("inspection_plans.approve", "leader", plan).matter.state == "approved"


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ([], "rows"),
        ([row], "rows.0.last_day"),
    ],
    ids=["no round", "days in the wrong order"],
)
def test_a_plan_that_says_too_little_is_refused_by_field(rows: list[Any], field: str) -> None:
    lines = [make(last_day="2026-06-30") for make in rows]
    with pytest.raises(Invalid) as refused:
        do("inspection_plans.file", "office_a", title="计划", year=2026, rows=lines)
    assert list(refused.value.fields) == [field]


def test_lines_of_one_round_agree_and_a_line_without_a_unit_stands_for_every_unit() -> None:
    with pytest.raises(Invalid) as refused:
        filed(row(), row("education", topic="formalities"))
    assert list(refused.value.fields) == ["rows.1.topic"]
    with pytest.raises(Invalid) as refused:
        filed(row(), row(None))
    assert list(refused.value.fields) == ["rows.1.unit"]
    with pytest.raises(Invalid) as refused:
        filed(row(drawn=2))
    assert list(refused.value.fields) == ["rows"]
    with pytest.raises(Invalid) as refused:
        filed(row(first_day="2025-07-01"))
    assert list(refused.value.fields) == ["rows.0.first_day"]
    whole = filed(row(None))
    assert cast.unit("office").pk not in whole.rounds[0]["units"]
    assert cast.unit("township").pk in whole.rounds[0]["units"]
