"""A recurring meeting is called on its day, held or missed, and what it resolves becomes tasks."""

import pytest

from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.duties import Opened, open_due
from qingfeng.mechanisms.duty.dispatch.models import Dispatch, Task
from tests import cast
from tests.cast import NOW, actor, do
from tests.mechanisms.duty.dispatch.meetings import at, called, clock, facts, fresh, held, resolved, task
from tests.refusals import invalid

pytestmark = pytest.mark.django_db
PLANS = "        - {kind: project, of: [tasks]}\n"


def regime(old: str, new: str) -> None:
    """The demonstration regime with one line written otherwise, put in force."""
    assert old in cast.demonstration()
    text = cast.demonstration().replace(old, new)
    proposed = do("regime.propose", "office_a", text=text).matter
    do("regime.activate", "office_b", proposed)


def test_each_kind_opens_itself_on_its_working_day_and_once() -> None:
    open_due(at("2026-03-10 00:05"))
    days = {
        (row.period, row.opens_on.isoformat())
        for row in Opened.objects.filter(jurisdiction=cast.jurisdiction(), duty="dispatch.scheduling")
    }
    # The regime stands in force from 5 January on; 1 March 2026 is a Sunday.
    assert ("2026-03-H1", "2026-03-02") in days
    assert ("2026-01-H1", "2026-01-01") not in days
    before = Dispatch.objects.count()
    open_due(at("2026-03-10 00:10"))
    assert Dispatch.objects.count() == before
    first = Dispatch.objects.filter(kind="scheduling", unit=cast.unit("office")).latest("pk")
    assert (first.title, first.day.isoformat()) == ("半月调度（2026年3月上半月）", "2026-03-02")


def test_the_unit_the_regime_names_calls_the_meeting() -> None:
    regime(PLANS, "        - {kind: project, of: [tasks], convener: housing}\n")
    open_due(NOW)
    own = Dispatch.objects.filter(jurisdiction=cast.jurisdiction(), kind="project")
    assert {meeting.unit for meeting in own} == {cast.unit("housing")}


def test_a_unit_that_is_not_there_calls_nothing_and_is_shown() -> None:
    regime(PLANS, "        - {kind: project, of: [tasks], convener: nowhere}\n")
    _done, skipped = open_due(NOW)
    own = [left for left in skipped if left.jurisdiction == cast.jurisdiction()]
    assert [left.duty.code for left in own] == ["dispatch.project"]
    assert "周例会" in str(own[0].words)


def test_a_kind_the_regime_plans_nothing_for_draws_no_agenda() -> None:
    meeting = called(kind="project")
    regime(PLANS, "")
    with pytest.raises(Barred, match="制度没有写明这类会议的议题取自哪些事项"):
        do("dispatch.draw_up", "office_a", meeting)


def test_what_an_outage_put_off_is_late_by_its_own_day() -> None:
    meeting = called(day="2026-03-02")
    due = Running.objects.get(matter=meeting).due_at
    assert due == at("2026-03-05 00:00")


def test_attendance_is_by_unit_and_the_day_lies_between_its_own_and_today() -> None:
    meeting = called()
    row = {"unit": cast.unit("housing").pk, "people": 3}
    for day in ("2026-03-09", "2026-03-11"):
        with invalid("held_on", "召开日期应在2026年3月10日至今天之间"):
            do("dispatch.hold", "office_a", meeting, held_on=day, attendance=[row])
    with invalid("attendance.1.unit", "这一单位重复列出"):
        do("dispatch.hold", "office_a", meeting, held_on="2026-03-10", attendance=[row, row])
    assert held(meeting).state == "held"
    assert sorted(fresh(meeting).attendance.values_list("unit__name", "people")) == [
        ("住建局", 3),
        ("教育局", 2),
    ]
    assert facts("dispatch.held", "dispatch.missed") == {"dispatch.held": 1, "dispatch.missed": 0}


def test_a_day_that_passes_is_flagged_about_the_body_and_the_meeting_may_be_made_up() -> None:
    meeting = called()
    assert worker.run_out(at("2026-03-12 23:59")) == 0
    assert worker.run_out(at("2026-03-13 00:00")) == 1
    assert fresh(meeting).state == "missed"
    assert facts("dispatch.missed") == {"dispatch.missed": 1}
    subjects = {fact.subject for entry in meeting.entries.all() for fact in entry.facts.all()}
    assert subjects == {f"unit:{cast.unit('office').pk}"}
    late = held(meeting, moment=at("2026-03-16 10:00"))
    assert (late.state, late.missed, facts("dispatch.held")) == ("made_up", True, {"dispatch.held": 1})


def test_a_meeting_a_unit_missed_is_told_to_its_head_its_leader_and_the_office() -> None:
    meeting = called("housing")
    clock("dispatch.miss", meeting, "2026-03-13 00:00")
    told = set(
        Message.objects.filter(entry__matter=meeting, entry__act="miss").values_list("holder", flat=True)
    )
    housing, county = cast.unit("housing").pk, cast.jurisdiction().pk
    assert told == {
        f"leader@u{housing}",
        f"unit_clerk@u{housing}",
        f"unit_head@u{housing}",
        f"supervision_office@j{county}",
    }


def test_a_resolution_becomes_a_task_linked_to_the_meeting_and_the_item_to_both() -> None:
    own, meeting = task("2026-03-13"), called()
    do("dispatch.draw_up", "office_a", meeting)
    set_now = resolved(held(meeting), item=1)
    stored = Task.objects.get(pk=set_now.pk)
    assert (stored.unit, stored.due_on.isoformat(), stored.state) == (
        cast.unit("housing"),
        "2026-03-20",
        "set",
    )
    links = set(Link.objects.filter(source=meeting).values_list("target", "kind"))
    assert links == {(own.pk, "agenda"), (set_now.pk, "resolution")}
    assert facts("task.set") == {"task.set": 2}


def test_a_resolution_names_an_item_that_stands_and_a_day_to_come() -> None:
    meeting = called()
    do("dispatch.add", "office_a", meeting, topic="值守", reason="要议。")
    do("dispatch.strike", "office_a", meeting, item=1, reason="不议了。")
    held(meeting)
    row = {
        "title": "值守",
        "what": "值守。",
        "unit": cast.unit("housing").pk,
        "due_on": "2026-03-09",
        "item": 1,
    }
    with pytest.raises(Invalid) as refused:
        do("dispatch.conclude", "office_a", meeting, minutes="记录。", resolutions=[row])
    assert set(refused.value.fields) == {"resolutions.0.item", "resolutions.0.due_on"}
    assert not Task.objects.exists()


def test_a_unit_s_meeting_sets_tasks_of_other_units_without_reading_them() -> None:
    meeting = called("housing")
    held(meeting, "clerk_housing")
    row = {"title": "会办", "what": "会办。", "unit": cast.unit("education").pk, "due_on": "2026-03-20"}
    do("dispatch.conclude", "clerk_housing", meeting, minutes="记录。", resolutions=[row])
    (told,) = reads.rows(actor("clerk_housing"), "dispatch", meeting.pk, "resolutions").rows
    assert (told.values["title"], told.values["task"]) == ("会办", None)
    assert reads.listing(actor("clerk_education"), "tasks").rows


def test_the_calendar_has_the_day_it_is_called_for_then_the_day_it_was_held() -> None:
    meeting = called()
    assert [one.start.isoformat() for _matter, one in reads.occasions(actor("office_a"), NOW)] == [
        "2026-03-10"
    ]
    held(meeting, moment=at("2026-03-11 10:00"))
    assert [one.start.isoformat() for _matter, one in reads.occasions(actor("office_a"), NOW)] == [
        "2026-03-11"
    ]
