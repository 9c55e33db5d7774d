"""A task is due at the end of its day, late from then on until it is done, and put off only by the office."""

import pytest

from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.time.clocks import Running
from tests import cast
from tests.cast import actor, do
from tests.mechanisms.duty.dispatch.meetings import at, facts, task
from tests.refusals import invalid

pytestmark = pytest.mark.django_db


def test_it_is_due_at_the_end_of_its_day_and_stands_so_in_the_inbox() -> None:
    task("2026-03-13")
    due = {row.due for row in reads.inbox(actor("clerk_housing")).rows if row.act == "report"}
    assert due == {at("2026-03-14 00:00")}


def test_overdue_it_is_told_to_those_who_answer_for_it_and_stays_overdue_until_reported() -> None:
    late = task("2026-03-13")
    assert worker.run_out(at("2026-03-13 23:59")) == 0
    assert worker.run_out(at("2026-03-14 00:00")) == 1
    assert worker.run_out(at("2026-03-15 00:00")) == 0
    told = Message.objects.filter(entry__matter=late, entry__act="overdue").values_list("holder", flat=True)
    assert {holder.partition("@")[0] for holder in told} == {
        "leader",
        "supervision_office",
        "unit_clerk",
        "unit_head",
    }
    assert Running.objects.get(matter=late).ticking
    do(
        "tasks.report",
        "clerk_housing",
        late,
        at("2026-03-16 10:00"),
        result="已办。",
        no_evidence="由科室现场看过。",
    )
    assert Running.objects.get(matter=late).stopped_at == at("2026-03-16 10:00")
    assert facts("task.overdue") == {"task.overdue": 1}


def test_more_time_is_later_than_before_and_what_was_overdue_stays_on_record() -> None:
    late = task("2026-03-13")
    worker.run_out(at("2026-03-14 00:00"))
    for wrong in ("2026-03-13", "2026-03-15"):
        with invalid("due_on", "最早可以是2026年3月16日"):
            do("tasks.extend", "office_a", late, at("2026-03-16 09:00"), due_on=wrong, reason="缺人。")
    do("tasks.extend", "office_a", late, at("2026-03-16 09:00"), due_on="2026-03-20", reason="缺人。")
    assert worker.run_out(at("2026-03-20 23:59")) == 0
    assert worker.run_out(at("2026-03-21 00:00")) == 1
    assert facts("task.overdue") == {"task.overdue": 2}


def test_a_task_returned_has_a_new_day_and_done_in_the_end_it_counts_once() -> None:
    one = task("2026-03-13")
    do("tasks.report", "clerk_housing", one, result="已办。", no_evidence="由科室现场看过。")
    with pytest.raises(Barred, match="本事项现为“已报办结”"):
        do("tasks.extend", "office_a", one, due_on="2026-03-20", reason="缺人。")
    do("tasks.send_back", "office_a", one, reason="没有照片。", due_on="2026-03-18")
    assert Running.objects.get(matter=one).due_at == at("2026-03-19 00:00")
    do("tasks.report", "clerk_housing", one, result="补照片。", no_evidence="由科室现场看过。")
    do("tasks.confirm", "office_b", one, finding="属实。")
    assert facts("task.set", "task.done") == {"task.set": 1, "task.done": 1}


def test_a_task_is_not_set_for_a_day_that_is_past() -> None:
    with invalid("due_on", "最早可以是2026年3月10日"):
        task("2026-03-09")


def test_a_task_called_off_is_late_no_more() -> None:
    one = task("2026-03-13")
    do("tasks.call_off", "office_a", one, reason="并入另一事项。")
    assert worker.run_out(at("2026-03-20 00:00")) == 0


def test_whoever_reported_as_clerk_does_not_confirm_as_the_office() -> None:
    one = task("2026-03-13")
    do("tasks.report", "two_roles_clerk", one, result="已办。", no_evidence="由科室现场看过。")
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("tasks.confirm", "two_roles", one, finding="属实。")
    assert cast.person("two_roles").pk in set(one.entries.values_list("person_id", flat=True))
