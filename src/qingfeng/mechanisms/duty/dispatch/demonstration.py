"""The meetings of the demonstration: they open themselves, most are held, some set tasks, one in nine is missed.

A meeting missed is made up, a task left lying is reported in the end, but for the latest of them.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime

from qingfeng.kernel.demonstration import Demonstration, Event, Story
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.time.duties import open_due
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.recurrence import Recurrence
from qingfeng.mechanisms.duty.dispatch.models import Dispatch, Task
from qingfeng.mechanisms.duty.dispatch.policy import TURNS, DispatchKind

NO_EVIDENCE = "演示数据不附文件，佐证材料留存单位备查。"
ORDER = 3000
MISSED_EVERY = 9
MADE_UP_AFTER, REPORTED_AFTER = 12, 24
"""Working days after which a meeting long missed is made up, and a task left lying is reported."""
TASKS = (
    ("政务大厅午间值守表补齐公开", "补齐午间值守表，在公示栏公开，抽查一周。"),
    ("背街路灯修复清零", "列出未修复点位，逐盏修复，附修复前后照片。"),
    ("重点项目用地手续会办", "牵头会办，列出堵点和完成时间。"),
    ("涉企检查计划公开", "公开本季度涉企检查计划，未列入计划的不检查。"),
    ("重复报表清理", "清理重复报送的报表，列出保留目录。"),
    ("老旧小区加装电梯提速", "公布办理流程和时限，清理超期件。"),
)
WAYS = ("done", "done", "late", "done", "extended", "returned", "open")


def events(told: Demonstration) -> list[Event]:
    """What happens: every period of the regime opens its meeting, and it goes the way of its number."""
    begin, end = day_of(told.begin), day_of(told.end)
    stack = Policy(told.units[0].jurisdiction_id, begin).stack
    due: list[tuple[date, str, DispatchKind]] = []
    for kind, turns in TURNS.items():
        rule = stack.value(turns, begin).value
        assert isinstance(rule, Recurrence)
        due += [(day, period, kind) for period, day in rule.periods_between(begin, end, told.days)]
    found: list[Event] = [(told.at(day, 8, 30), ORDER, _open) for day in {day for day, *_which in due}]
    for number, (day, period, kind) in enumerate(sorted(due)):
        found += _meeting(told, kind, period, day, number)
    return found


def _open(when: datetime) -> None:
    open_due(when)


def _meeting(told: Demonstration, kind: DispatchKind, period: str, day: date, number: int) -> list[Event]:
    """What happens at one meeting of a period, from its opening on, and to the task it sets."""

    def opened() -> Dispatch:
        """The meeting, which opened itself."""
        known = Dispatch.objects.filter(jurisdiction=told.units[0].jurisdiction)
        return known.get(kind=kind, period=period)

    def task() -> Task:
        return Task.objects.get(pk__in=opened().resolutions.values("task"))

    story = Story(told, Dispatch, ORDER + number, number % 50, opened)
    office = told.actor(f"office{1 + number % 2}")
    missed = number % MISSED_EVERY == MISSED_EVERY - 1
    held = told.days.add(day, (MADE_UP_AFTER if number % 2 else 4) if missed else 1)

    def draw_up(when: datetime) -> None:
        # An agenda there is nothing for is not drawn.
        with suppress(Barred):
            story.act(when, office, "draw_up")

    story.meanwhile(told.at(held, 9, story.minute), draw_up)
    present = [
        {"unit": unit.pk, "people": 1 + (number + place) % 3} for place, unit in enumerate(told.units[:6])
    ]
    story.on(held, 15, office, "hold", held_on=held.isoformat(), attendance=present)
    if kind is DispatchKind.PROJECT and number % 3:
        return story.on(held, 17, office, "conclude", minutes="各项目进展正常，没有新的议定事项。").events
    unit = told.units[number % len(told.units)]
    title, what = TASKS[number % len(TASKS)]
    due_on = told.days.add(held, 10).isoformat()
    row = {"title": title, "what": what, "unit": unit.pk, "due_on": due_on}
    minutes = f"会议听取进展，议定由{unit}牵头办理一项。"
    story.on(held, 17, office, "conclude", minutes=minutes, resolutions=[row])
    if told.at(held, 17, story.minute) <= told.end:
        pressed = Story(told, Task, ORDER + number, number % 50, task)
        story.events += _pressed(pressed, held, unit, WAYS[number % len(WAYS)])
    return story.events


def _pressed(story: Story, held: date, unit: Unit, way: str) -> list[Event]:
    """How the task goes that the meeting set."""
    told = story.told
    clerk, office, other = told.actor("clerk", unit), told.actor("office1"), told.actor("office2")

    def after(days_on: int) -> date:
        return told.days.add(held, days_on)

    story.on(after(1), 10, clerk, "sign")
    if way == "extended":
        reason = "涉及两家单位会签，延期五个工作日。"
        story.on(after(8), 10, office, "extend", due_on=after(15).isoformat(), reason=reason)
    reported = {"late": 14, "extended": 13, "open": REPORTED_AFTER}.get(way, 8)
    story.on(after(reported), 10, clerk, "report", result="已按要求办理。", no_evidence=NO_EVIDENCE)
    if way == "returned":
        reason = "缺少现场照片，请补充。"
        story.on(after(9), 10, other, "send_back", reason=reason, due_on=after(16).isoformat())
        story.on(after(11), 10, clerk, "report", result="已补充办理情况。", no_evidence=NO_EVIDENCE)
    return story.on(after(reported + 4), 15, other, "confirm", finding="现场看过，符合要求。").events
