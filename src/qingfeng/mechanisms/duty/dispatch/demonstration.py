"""The meetings of the demonstration: they open themselves, most are held, some set tasks, one in nine is missed.

A meeting missed is made up, a task left lying is reported in the end, but for the latest of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from qingfeng.kernel.demonstration import Demonstration, Event
from qingfeng.kernel.people.actors import Actor
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


@dataclass
class _DispatchStory:
    """What happens at one meeting of a period, from its opening on."""

    told: Demonstration
    kind: DispatchKind
    period: str
    day: date
    number: int
    events: list[Event] = field(default_factory=list)
    task: int | None = None
    _pk: int | None = None

    def meeting(self) -> int:
        """Which it is: it opened itself."""
        if self._pk is None:
            known = Dispatch.objects.filter(kind=self.kind, period=self.period)
            self._pk = known.get(jurisdiction=self.told.units[0].jurisdiction).pk
        return self._pk

    def at(self, days_on: int, hour: int) -> datetime:
        return self.told.at(self.told.days.add(self.day, days_on), hour, self.number % 50)

    def then(self, moment: datetime, name: str, values: Mapping[str, Any]) -> None:
        """An act on the meeting; an agenda there is nothing for is not drawn."""

        def happen(when: datetime) -> None:
            pk = self.meeting()
            office = self.told.actor(f"office{1 + self.number % 2}")
            try:
                done = self.told.perform(Dispatch, name, office, values, when, pk)
            except Barred:
                if name != "draw_up":
                    raise
                return
            if name == "conclude":
                self.task = Dispatch.objects.get(pk=pk).resolutions.values_list("task", flat=True).first()
            assert done.matter.pk == pk

        self.add(moment, happen)

    def press(self, moment: datetime, name: str, actor: Actor, values: Mapping[str, Any]) -> None:
        """An act on the task the meeting set."""
        self.add(moment, lambda when: self.told.perform(Task, name, actor, values, when, self.task))

    def add(self, moment: datetime, happen: Any) -> None:
        if moment <= self.told.end:
            self.events.append((moment, ORDER + self.number, happen))


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
        found += _told(_DispatchStory(told, kind, period, day, number))
    return found


def _open(when: datetime) -> None:
    open_due(when)


def _told(story: _DispatchStory) -> list[Event]:
    told, number = story.told, story.number
    missed = number % MISSED_EVERY == MISSED_EVERY - 1
    held = (MADE_UP_AFTER if number % 2 else 4) if missed else 1
    story.then(story.at(held, 9), "draw_up", {})
    present = [
        {"unit": unit.pk, "people": 1 + (number + place) % 3} for place, unit in enumerate(told.units[:6])
    ]
    on = told.days.add(story.day, held).isoformat()
    story.then(story.at(held, 15), "hold", {"held_on": on, "attendance": present})
    if story.kind is DispatchKind.PROJECT and number % 3:
        story.then(story.at(held, 17), "conclude", {"minutes": "各项目进展正常，没有新的议定事项。"})
        return story.events
    unit = told.units[number % len(told.units)]
    title, what = TASKS[number % len(TASKS)]
    row = {"title": title, "what": what, "unit": unit.pk, "due_on": _day(story, held + 10)}
    minutes = f"会议听取进展，议定由{unit}牵头办理一项。"
    story.then(story.at(held, 17), "conclude", {"minutes": minutes, "resolutions": [row]})
    if story.at(held, 17) <= told.end:
        _pressed(story, held, unit, WAYS[number % len(WAYS)])
    return story.events


def _pressed(story: _DispatchStory, held: int, unit: Unit, way: str) -> None:
    clerk = story.told.actor("clerk", unit)
    office, other = story.told.actor("office1"), story.told.actor("office2")
    story.press(story.at(held + 1, 10), "sign", clerk, {})
    if way == "extended":
        values = {"due_on": _day(story, held + 15), "reason": "涉及两家单位会签，延期五个工作日。"}
        story.press(story.at(held + 8, 10), "extend", office, values)
    reported = {"late": 14, "extended": 13, "open": REPORTED_AFTER}.get(way, 8)
    story.press(
        story.at(held + reported, 10),
        "report",
        clerk,
        {"result": "已按要求办理。", "no_evidence": NO_EVIDENCE},
    )
    if way == "returned":
        values = {"reason": "缺少现场照片，请补充。", "due_on": _day(story, held + 16)}
        story.press(story.at(held + 9, 10), "send_back", other, values)
        story.press(
            story.at(held + 11, 10),
            "report",
            clerk,
            {"result": "已补充办理情况。", "no_evidence": NO_EVIDENCE},
        )
    finding = {"finding": "现场看过，符合要求。"}
    story.press(story.at(held + reported + 4, 15), "confirm", other, finding)


def _day(story: _DispatchStory, days_on: int) -> str:
    return story.told.days.add(story.day, days_on).isoformat()
