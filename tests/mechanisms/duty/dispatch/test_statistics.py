"""What is counted: meetings held against due, tasks done against set, for who reads them."""

import pytest

from qingfeng.kernel.background import worker
from qingfeng.kernel.reading import reads
from tests.cast import actor, do
from tests.mechanisms.duty.dispatch.meetings import at, called, clock, held, task

pytestmark = pytest.mark.django_db
APRIL = at("2026-04-01 09:00").date()


def rows(who: str, code: str, name: str) -> list[tuple[object, ...]]:
    return list(reads.statistics(actor(who), code, name, 2026, APRIL).rows)


def test_meetings_held_stand_against_those_due_by_kind_and_by_month() -> None:
    held(called(day="2026-03-02"))
    clock("dispatch.miss", called("housing", "project", "2026-02-09"), "2026-03-01 00:00")
    made_up = called("housing", "project", "2026-02-16")
    clock("dispatch.miss", made_up, "2026-03-01 00:00")
    held(made_up, "clerk_housing")
    called("housing", "project")
    assert rows("office_a", "dispatch", "by_kind") == [("半月调度", 1, 0, 0, 0), ("周例会", 0, 1, 1, 1)]
    assert rows("head_housing", "dispatch", "by_kind") == [("周例会", 0, 1, 1, 1)]
    assert rows("head_education", "dispatch", "by_kind") == []
    assert [row[1:] for row in rows("office_a", "dispatch", "by_month")] == [(0, 0), (2, 1), (2, 1), (0, 0)]
    parts = {row[0]: row[2:4] for row in rows("office_a", "dispatch", "kind_and_month")}
    assert parts == {"半月调度": (None, 1000), "周例会": (500, 0)}


def test_tasks_are_counted_by_unit_open_late_and_done() -> None:
    done = task("2026-03-20")
    do("tasks.report", "clerk_housing", done, result="已办。", no_evidence="已由科室现场看过。")
    do("tasks.confirm", "office_b", done, finding="属实。")
    task("2026-03-13")
    task("2026-03-20", unit="education")
    worker.run_out(at("2026-03-14 00:00"))
    assert rows("office_a", "tasks", "by_unit") == [("住建局", 1, 0, 1), ("教育局", 0, 1, 0)]
    assert rows("leader_b", "tasks", "by_unit") == [("教育局", 0, 1, 0)]
    assert [row[1:] for row in rows("office_a", "tasks", "by_month")][2] == (3, 1, 1)
