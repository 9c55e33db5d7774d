"""The statements of the demonstration: three heads of departments and a leader explain; one has still to."""

from __future__ import annotations

from datetime import date, timedelta

from qingfeng.kernel.demonstration import Demonstration, Event, Story
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.accountability.statement.models import Statement

ORDER = 6500
RATED, LINKED = "本轮双向评议得分靠后，请说明原因和打算。", "挂钩单位本季度得分靠后，请说明原因和打算。"
STATED = {"result": "原因主要在流程衔接，已明确专人、写明时限。", "no_evidence": "没有需要另附的材料。"}
WAYS = ("accepted", "extended", "returned", "leader", "open")


def events(told: Demonstration) -> list[Event]:
    """What happens to each of the five."""
    found: list[Event] = []
    for place, way in enumerate(WAYS[: len(told.units)]):
        found += _events(told, place, way)
    return found


def _events(told: Demonstration, place: int, way: str) -> list[Event]:
    unit = told.units[place]
    office, other = told.actor("office1"), told.actor("office2")
    leads = way == "leader"
    who = told.actor("leader" if leads else "head", unit)
    asked = {"what": LINKED, "person": who.person_id} if leads else {"what": RATED, "unit": unit.pk}
    back = 3 if way == "open" else 40
    start = told.days.add(max(day_of(told.begin), day_of(told.end) - timedelta(days=back)), 1)
    story = Story(told, Statement, ORDER + place, place)

    def day(days_on: int) -> date:
        return told.days.add(start, days_on)

    story.on(day(0), 9, office, "set", **asked).on(day(1), 10, who, "sign")
    if way == "open":
        return story.events
    if way == "extended":
        later = day(8).isoformat()
        story.on(day(3), 10, office, "extend", due_on=later, reason="评议数据尚在核对。")
    story.on(day(4), 10, who, "report", **STATED)
    if way == "returned":
        later = day(8).isoformat()
        story.on(day(5), 10, other, "send_back", reason="请写明完成时间。", due_on=later)
        story.on(day(6), 10, who, "report", **STATED)
    return story.on(day(7), 15, other, "confirm", finding="已阅核，情况属实。").events
