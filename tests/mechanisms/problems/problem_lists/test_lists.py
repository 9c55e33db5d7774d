"""A unit's own list: one a year, closed out by itself with a check by somebody else, punished by nobody."""

from datetime import datetime

import pytest

from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, Invalid, NotFound
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.mechanisms.problems.problem_lists.declarations import LIST_DRAWN_UP
from qingfeng.mechanisms.problems.problem_lists.models import OwnList
from tests import cast
from tests.cast import NOW, actor, do
from tests.mechanisms.problems.problem_lists.lists import drawn_up, fresh, in_force, put_right, row
from tests.refusals import invalid

pytestmark = pytest.mark.django_db


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZONE)


def test_a_unit_has_one_list_a_year_whichever_clerk_draws_it_up() -> None:
    drawn_up()
    with pytest.raises(Barred, match="已有本年度"):
        drawn_up(who="clerk_housing_b")
    assert (
        drawn_up(year=2027).state
        == drawn_up(row("head_education"), who="clerk_education").state
        == "drawn_up"
    )
    with invalid("year", "清单只能为本年度或下一年度制定"):
        drawn_up(year=2025)


def test_each_problem_has_a_person_of_the_unit_a_road_map_and_a_day_of_the_year() -> None:
    for wrong in (
        {"person": cast.person("clerk_education").pk},
        {"road_map": ""},
        {"by_day": "2027-01-01"},
        {"by_day": "2026-03-09"},
        {"kind": "no_such_kind"},
        {"measure": "no_such_measure"},
    ):
        with pytest.raises(Invalid) as refused:
            drawn_up(row(), row() | wrong)
        assert set(refused.value.fields) == {f"rows.1.{next(iter(wrong))}"}
    with invalid("rows", "请列出1至200个问题"):
        do("problem_lists.draw_up", "clerk_housing", year=2026, rows=[])


@pytest.mark.parametrize("who", ["head_housing", "clerk_housing_b"])
def test_somebody_else_of_the_unit_writes_a_problem_off(who: str) -> None:
    own = put_right(in_force())
    do("problem_lists.write_off", who, own, item=1, finding="现场看过。")
    written = fresh(own).items.get()
    assert (written.checked_by, written.written_off_on) == (cast.person(who), cast.TODAY)


def test_neither_who_reported_it_nor_who_answers_for_it_writes_it_off() -> None:
    own = in_force(row(), row("head_housing"))
    put_right(own, 1)
    with pytest.raises(Barred, match="不得复核本人整改的问题"):
        do("problem_lists.write_off", "clerk_housing", own, item=1, finding="看过。")
    put_right(own, 2, "clerk_housing_b")
    for who in ("head_housing", "clerk_housing_b"):
        with pytest.raises(Barred, match="不得复核本人整改的问题"):
            do("problem_lists.write_off", who, own, item=2, finding="看过。")
    do("problem_lists.write_off", "clerk_housing", own, item=2, finding="看过。")
    do("problem_lists.write_off", "head_housing", own, item=1, finding="看过。")
    assert not fresh(own).items.filter(written_off_on=None).exists()


def test_who_stands_in_for_the_one_who_reported_it_does_not_write_it_off() -> None:
    own = put_right(in_force(), who="two_roles_clerk")
    for who in ("two_roles_clerk", "stand_in_clerk"):
        with pytest.raises(Barred, match="整改人不得复核本人整改的问题"):
            do("problem_lists.write_off", who, own, item=1, finding="看过。")


def test_a_problem_is_put_right_once_and_written_off_only_then() -> None:
    own = in_force(row(), row())
    put_right(own)
    with invalid("item", "现为“已整改（待复核）”"):
        put_right(own)
    with invalid("item", "现为“整改中”"):
        do("problem_lists.write_off", "head_housing", own, item=2, finding="看过。")
    do("problem_lists.find_open", "head_housing", own, item=1, reason="午间无人。")
    put_right(own)
    do("problem_lists.write_off", "head_housing", own, item=1, finding="看过。")
    for act, raw in (("put_right", {"result": "再报。"}), ("note_progress", {"progress": "已办。"})):
        with invalid("item", "第1项现为“已销号”"):
            do(f"problem_lists.{act}", "clerk_housing", own, item=1, **raw)


def test_problems_are_added_later_and_the_head_is_told() -> None:
    own = in_force()
    do("problem_lists.add", "clerk_housing", own, rows=[row(problem="办结后不回访")])
    assert list(fresh(own).items.order_by("number").values_list("number", "problem")) == [
        (1, "窗口值守不到位"),
        (2, "办结后不回访"),
    ]
    told = Message.objects.filter(entry__matter=own, entry__act="add").values_list("holder", flat=True)
    assert list(told) == [f"unit_head@u{cast.unit('housing').pk}"]


def test_a_list_is_returned_mended_and_approved_and_an_empty_one_is_not() -> None:
    own = drawn_up()
    do("problem_lists.send_back", "head_housing", own, reason="不够具体。")
    do("problem_lists.strike", "clerk_housing", own, item=1, reason="查摆不准。")
    do("problem_lists.hand_in", "clerk_housing", own)
    with pytest.raises(Barred, match="清单是空的"):
        do("problem_lists.approve", "head_housing", own)
    do("problem_lists.add", "clerk_housing", own, rows=[row()])
    assert do("problem_lists.approve", "head_housing", own).matter.state == "in_force"


def test_a_day_that_passes_only_reminds_the_unit() -> None:
    own = in_force(row(by_day="2026-04-30"), row(by_day="2026-06-30"))
    days = [at("2026-04-22 23:59"), at("2026-04-23 00:00"), at("2026-06-23 00:00"), at("2026-12-31 23:00")]
    assert [worker.run_out(moment) for moment in days] == [0, 1, 1, 0]
    told = Message.objects.filter(entry__matter=own, entry__act="remind")
    unit = cast.unit("housing").pk
    assert {message.holder for message in told} == {f"unit_clerk@u{unit}", f"unit_head@u{unit}"}
    assert [
        message.payload["text"] for message in told.filter(holder__startswith="unit_head").order_by("pk")
    ] == [
        "本单位自查清单有1个问题临近期限。",
        "本单位自查清单有2个问题临近期限。",
    ]
    assert worker.run_out(at("2027-01-01 00:00")) == 1
    assert fresh(own).state == "ended"
    assert worker.run_out(at("2027-02-01 00:00")) == 0
    assert set(Fact.objects.filter(entry__matter=own).values_list("name", "quantity")) == {
        ("own_list.drawn_up", 1)
    }


def test_nothing_is_left_that_an_assessment_could_deduct_and_nothing_is_opened() -> None:
    acts = acts_of(OwnList).values()
    assert {fact for act in acts for fact in act.facts} == {LIST_DRAWN_UP}
    assert not any(act.events for act in acts)
    own = in_force(row(by_day="2026-04-30"))
    worker.run_out(at("2026-06-01 00:00"))
    assert not Link.objects.filter(source=own).exists()
    assert Matter.objects.exclude(pk=own.pk).filter(opened_at__gte=NOW).count() == 0


def test_the_list_of_the_next_year_counts_in_that_year() -> None:
    own = drawn_up(row(by_day="2027-06-30"), year=2027)
    do("problem_lists.approve", "head_housing", own)
    assert [fact.held_on.isoformat() for fact in Fact.objects.filter(entry__matter=own)] == ["2027-01-01"]


def test_the_office_reads_no_list_and_has_its_counts() -> None:
    own = in_force(row(), row(), row())
    put_right(own, 1)
    do("problem_lists.write_off", "head_housing", own, item=1, finding="看过。")
    put_right(own, 2)
    drawn_up(row("head_education"), who="clerk_education")
    for who in ("office_a", "discipline", "head_education"):
        with pytest.raises(NotFound):
            reads.one(actor(who), "problem_lists", own.pk)
    assert counts("office_a", "problems") == [("未编序列", 1, 1, 1)]
    assert counts("head_housing", "problems") == [("未编序列", 1, 1, 1)]
    # Nine units stand in the county; the list of education is not approved yet.
    assert counts("office_a", "coverage") == [("未编序列", 9, 1, 111)]
    assert counts("head_housing", "coverage") == [("未编序列", 1, 1, 1000)]
    assert counts("head_education", "problems") == counts("discipline", "coverage") == []


def test_the_page_shows_the_unit_and_its_leader_how_each_problem_stands() -> None:
    own = in_force(row(), row())
    put_right(own, 1)
    for who in ("clerk_housing", "head_housing", "leader"):
        found = reads.rows(actor(who), "problem_lists", own.pk, "problems").rows
        assert [(one.number, one.words["kind"], str(one.state.label)) for one in found] == [
            (1, "不作为", "已整改（待复核）"),
            (2, "不作为", "整改中"),
        ]
    with pytest.raises(NotFound):
        reads.rows(actor("office_a"), "problem_lists", own.pk, "problems")


def counts(who: str, name: str) -> list[tuple[object, ...]]:
    return list(reads.statistics(actor(who), "problem_lists", name, 2026, cast.TODAY).rows)


def test_after_an_outage_nobody_is_reminded_of_a_year_that_is_over() -> None:
    own = in_force(row(by_day="2026-12-31"))
    worker.run_out(at("2027-01-20 09:00"))
    worker.run_out(at("2027-01-21 09:00"))
    assert fresh(own).closed
    assert not Message.objects.filter(entry__matter=own, entry__act="remind").exists()
