"""The own problem lists of the demonstration: each unit draws one up; most are approved, some problems put right."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from qingfeng.kernel.demonstration import Demonstration, Event, Story
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.problems.problem_lists.models import OwnList

ORDER = 5000
FULL = 12
"""How many units' lists are told to the end; of the others only that they stand."""
PROBLEMS = (
    ("inaction", "rules", "午间窗口值守不落实，群众跑空。", "排出值守表并公示；每周抽查；纳入科室例会。"),
    (
        "slow_action",
        "bad_example",
        "材料一次性告知不清，企业往返补正。",
        "梳理事项告知单；统一口径；回访十家企业。",
    ),
    ("formalism", "law", "同一数据向基层重复要表。", "清理报表；保留目录公开；新增报表先审核。"),
    (
        "livelihood",
        "good_example",
        "群众来电诉求办结后不回访。",
        "建立回访台账；每月抽听录音；对照先进单位做法改进。",
    ),
)


def events(told: Demonstration) -> list[Event]:
    """What happens to the list of each unit."""
    return [event for place, unit in enumerate(told.units) for event in _events(told, place, unit)]


def _events(told: Demonstration, place: int, unit: Unit) -> list[Event]:
    start = told.days.add(max(day_of(told.begin), day_of(told.end) - timedelta(days=200)), 6 + place % 5)
    story = Story(told, OwnList, ORDER + place, place % 50)
    clerk, head = told.actor("clerk", unit), told.actor("head", unit)

    def then(days_on: int, hour: int, actor: Actor, name: str, **raw: Any) -> None:
        day = told.days.add(start, days_on)
        # A list ends with its year.
        if day.year == start.year:
            story.on(day, hour, actor, name, **raw)

    rows = [_row(told, unit, start, place + step) for step in range(3)]
    then(0, 10, clerk, "draw_up", year=start.year, rows=rows)
    if place == len(told.units) - 1:
        # One list still waits for its head, so that coverage is not whole.
        return story.events
    if place % 4 == 3:
        then(1, 10, head, "send_back", reason="第二项写得笼统，请写明到科室。")
        then(2, 10, clerk, "hand_in")
    then(3, 10, head, "approve")
    if place >= FULL:
        return story.events
    then(12, 10, clerk, "note_progress", item=1, progress="值守表已排出，本周起抽查。")
    then(20, 10, clerk, "put_right", item=1, result="已落实并公示，连续两周抽查正常。")
    if place % 2:
        then(22, 15, head, "find_open", item=1, reason="周五下午抽查仍有空岗。")
        then(30, 10, clerk, "put_right", item=1, result="已补排周五值守，再抽查正常。")
    then(33, 15, head, "write_off", item=1, finding="现场看过，符合要求。")
    then(40, 10, clerk, "add", rows=[_row(told, unit, told.days.add(start, 40), place + 3)])
    return story.events


def _row(told: Demonstration, unit: Unit, start: date, number: int) -> dict[str, Any]:
    kind, measure, problem, road_map = PROBLEMS[number % len(PROBLEMS)]
    end = date(start.year, 12, 31)
    return {
        "problem": problem,
        "kind": kind,
        "measure": measure,
        "person": told.actor("cadre" if number % 2 else "cadre2", unit).person_id,
        "road_map": road_map,
        "by_day": min(end, start + timedelta(days=45 + 20 * (number % 4))).isoformat(),
    }
