"""A sheet on its way: opened under its contract, checked by somebody apart, its page, its rebounds, its slips told."""

from datetime import timedelta

import pytest

from qingfeng.faces.console.display import clock_light, light_of
from qingfeng.kernel.acts.engine import open_under
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, Invalid, NotFound
from qingfeng.kernel.time.clocks import Running
from qingfeng.mechanisms.problems.rectification.declarations import DISPUTING, LOOKING_BACK
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast
from tests.cast import NOW, actor, do, unit
from tests.refusals import invalid
from tests.sheets import plan, sheet

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_another_mechanism_opens_a_sheet_under_the_contract_whoever_acts() -> None:
    origin = sheet()
    values = {
        "title": "暗访发现窗口无人",
        "kind": "inaction",
        "source": "inspection",
        "topic": "not_acting",
        "description": "三月十日暗访。",
        "unit": unit("education").pk,
    }
    opened = open_under("problem.found", actor("cadre"), values, NOW, origin).matter
    found = Problem.objects.get(pk=opened.pk)
    assert (found.state, found.source, found.topic) == ("found", "inspection", "not_acting")
    assert (found.concerned, found.responsible) == (unit("education"), None)
    # Whom it concerns hears of it when it is assigned, not before.
    with pytest.raises(NotFound):
        reads.one(actor("clerk_education"), "rectification", found.pk)


def test_a_topic_the_regime_does_not_list_is_told_at_the_field() -> None:
    with pytest.raises(Invalid) as refusal:
        sheet(topic="weather")
    assert set(refusal.value.fields) == {"topic"}


def test_the_person_named_responsible_does_not_check_though_they_serve_in_the_office_now() -> None:
    matter = sheet("signed")
    raw = {**plan(), "rectifier": cast.person("two_roles").pk}
    do("rectification.plan", "clerk_housing", matter, **raw)
    do("rectification.report", "clerk_housing", matter, result="已整改。", no_evidence="已由科室现场看过。")
    with pytest.raises(Barred, match="整改人及其上级"):
        do("rectification.send_back", "two_roles", matter, reason="再查。")


def test_who_reported_does_not_check_though_they_left_the_unit_since() -> None:
    matter = do(
        "rectification.report",
        "two_roles_clerk",
        sheet("rectifying"),
        result="已整改。",
        no_evidence="已由科室现场看过。",
    ).matter
    holding = actor("two_roles_clerk").holding_id
    RoleHolding.objects.filter(pk=holding).update(valid_to=cast.TODAY - DAY)
    with pytest.raises(Barred, match="整改人及其上级不得核查本问题"):
        do("rectification.write_off", "two_roles", matter, finding="属实。")
    assert do("rectification.write_off", "office_b", matter, finding="属实。").matter.closed


def test_the_page_of_a_sheet_has_its_plan_its_slips_and_the_problem_it_repeats() -> None:
    earlier = sheet("written_off")
    matter = sheet("rectifying", at=NOW + DAY)
    worker.run_out(NOW + 8 * DAY)
    for name in ("office_a", "clerk_housing", "head_housing", "leader"):
        page = reads.page(actor(name), "rectification", matter.pk, "slip", NOW).context
        assert [step.what for step in page["steps"]] == ["排定轮值表", "公示并抽查"]
        assert [slip.cause for slip in page["slips"]] == ["behind"]
        assert [one.pk for one in page["earlier"]] == [earlier.pk]


def test_a_red_slip_is_told_to_clerk_head_and_leader_in_charge_a_yellow_one_to_the_unit() -> None:
    matter = sheet("signed")
    worker.run_out(NOW + 10 * DAY)
    worker.run_out(NOW + 40 * DAY)
    told = {
        act: {holder.partition("@")[0] for holder in holders}
        for act in ("plan_overdue", "rectify_overdue")
        if (
            holders := Message.objects.filter(entry__matter=matter.pk, entry__act=act).values_list(
                "holder", flat=True
            )
        )
    }
    assert told == {
        "plan_overdue": {"unit_clerk", "unit_head"},
        "rectify_overdue": {"unit_clerk", "unit_head", "leader"},
    }


def test_a_sheet_that_was_looked_back_at_is_due_for_nothing_more() -> None:
    matter = sheet("written_off")
    worker.run_out(NOW + 100 * DAY)
    matter.refresh_from_db()
    do("rectification.look_back", "office_b", matter, NOW + 101 * DAY, finding="未见反弹。")
    assert reads.limits([matter]) == {}


def test_a_look_back_appoints_a_day_and_nobody_is_late_for_it() -> None:
    matter = sheet("written_off")
    (limit,) = reads.limits([matter])[matter.pk]
    assert not limit.binds
    assert light_of(limit, limit.due - 2 * DAY).level == "none"
    assert light_of(limit, limit.due + 30 * DAY).level == "none"
    worker.run_out(limit.due + 5 * DAY)
    do("rectification.look_back", "office_b", matter, limit.due + 30 * DAY, finding="未见反弹。")
    ran = Running.objects.get(matter=matter, name="looking_back")
    assert (ran.stopped_at, clock_light(ran, LOOKING_BACK, limit.due + 31 * DAY).level) == (limit.due, "done")


def test_after_an_outage_nobody_is_warned_of_an_end_that_is_over() -> None:
    matter = sheet("rectifying")
    end = Running.objects.get(matter=matter, name="rectifying").due_at
    assert Running.objects.get(matter=matter, name="nearing").due_at < end
    worker.run_out(end + 3 * DAY)
    acts = list(Entry.objects.filter(matter=matter).order_by("seq").values_list("act", flat=True))
    assert "rectify_overdue" in acts
    assert "near_its_end" not in acts
    worker.run_out(end + 4 * DAY)
    assert Entry.objects.filter(matter=matter, act="near_its_end").count() == 0


def test_whoever_is_in_time_is_warned_before_the_end() -> None:
    matter = sheet("rectifying")
    near = Running.objects.get(matter=matter, name="nearing").due_at
    worker.run_out(near)
    assert Entry.objects.filter(matter=matter, act="near_its_end").count() == 1


def test_a_rebound_is_looked_for_no_further_back_than_the_regime_says() -> None:
    sheet("written_off")
    assert sheet("assigned", at=NOW + 200 * DAY).rebound
    assert not sheet("assigned", at=NOW + 366 * DAY - 100 * DAY, kind="formalism").rebound


def test_a_sheet_passed_on_is_no_rebound_of_the_other_units_problem() -> None:
    sheet("written_off")
    matter = sheet("assigned")
    assert matter.rebound
    do("rectification.dispute", "clerk_housing", matter, reason="不属本单位。")
    with invalid("to_unit", "本问题现由该单位承办"):
        do("rectification.pass_on", "office_a", matter, to_unit=unit("housing").pk, reason="同一单位。")
    passed = do("rectification.pass_on", "office_a", matter, to_unit=unit("education").pk, reason="改交。")
    assert not Problem.objects.get(pk=passed.matter.pk).rebound


def test_a_closed_sheet_whose_unit_ended_is_reopened_with_another() -> None:
    matter = sheet("written_off")
    units = {"predecessor": unit("housing").pk, "successor": unit("education").pk}
    merger = do("reorganization.prepare", "department_a", **units, on="2026-03-20").matter
    later = NOW + 12 * DAY
    do("reorganization.carry_out", "department_b", merger, later)
    with invalid("to_unit", "原单位已撤销"):
        do("rectification.reopen", "office_a", matter, later, reason="反弹。")
    reopened = do(
        "rectification.reopen", "office_a", matter, later, reason="反弹。", to_unit=unit("education").pk
    ).matter
    assert [row.act for row in reads.inbox(actor("clerk_education")).rows] == ["sign"]
    assert reopened.state == "assigned"


def test_the_ledger_of_a_troubled_life_verifies() -> None:
    matter = sheet("rectifying")
    do("rectification.ask_extension", "clerk_housing", matter, more_days=5, reason="等待到货。")
    do("rectification.extend", "office_b", matter)
    do("rectification.suspend", "office_b", matter, reason="施工。")
    do("rectification.resume", "office_b", matter, NOW + DAY, reason="复工。")
    worker.run_out(NOW + 50 * DAY)
    do(
        "rectification.report",
        "clerk_housing",
        matter,
        NOW + 50 * DAY,
        result="已整改。",
        no_evidence="已由科室现场看过。",
    )
    do("rectification.send_back", "office_b", matter, NOW + 51 * DAY, reason="再查。")
    assert list(verify()) == []


def test_a_right_that_ends_is_nothing_anybody_is_late_for() -> None:
    """As a look-back appoints a day, the time to dispute an assignment only says until when one may."""
    matter = sheet("assigned")
    ran = Running.objects.get(matter=matter, name="disputing")
    assert {light.due for light in reads.limits([matter])[matter.pk] if not light.binds} == {ran.due_at}
    for moment in (ran.due_at - DAY / 2, ran.due_at + 9 * DAY):
        assert clock_light(ran, DISPUTING, moment).level == "none"
