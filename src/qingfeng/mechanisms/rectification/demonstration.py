"""The problems of the demonstration: sixty of them and how each went, by a fixed seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from qingfeng.kernel.actors import Actor
from qingfeng.kernel.telling import Event, Told
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.rectification.models import Problem

SEED = 20160214
COUNT = 60
LATE_TO_SIGN, LATE_TO_REPORT = 5, 18
"""Working days, beyond what the demonstration's regime allows."""

PROBLEMS = (
    (
        "inaction",
        "政务大厅{n}号窗口工作时间无人值守",
        "工作日上午十点暗访，{n}号窗口无人，亦无去向说明，等候群众五人。",
    ),
    (
        "slow_action",
        "企业开办材料一次未告知清楚，往返{n}次",
        "申请人反映，同一事项先后{n}次补正，每次所补材料不同。",
    ),
    (
        "counter_service",
        "窗口人员接待时看手机、答复生硬",
        "视频抽查发现，{n}分钟内两次中断办理，未向群众说明。",
    ),
    ("formalism", "同一内容{n}张表格重复报送", "村（社区）反映，同一数据须向{n}个科室分别填报。"),
    (
        "business_environment",
        "涉企检查未按计划，一月内上门{n}次",
        "企业反映，同一事项一月内被检查{n}次，未出示检查计划。",
    ),
    (
        "livelihood",
        "背街小巷路灯损坏{n}盏，报修后未处理",
        "居民三次报修，台账显示已办结，现场仍有{n}盏不亮。",
    ),
    ("inaction", "群众来电反映问题，{n}日内未予答复", "热线转办后{n}日未联系反映人，系统内已点“办结”。"),
    (
        "slow_action",
        "工程款支付流程卡在内部会签{n}个工作日",
        "支付申请材料齐全，科室间流转{n}个工作日无人签批。",
    ),
    ("reckless_action", "以“规范管理”为由要求商户统一更换招牌", "未见依据文件，已通知商户{n}家。"),
    ("formalism", "工作群打卡{n}次作为考核依据", "驻村干部反映，每日须在工作群签到{n}次并拍照。"),
    ("livelihood", "老旧小区加装电梯审批超过承诺时限{n}日", "承诺十个工作日，实际超期{n}日，未告知原因。"),
    ("counter_service", "“一次性告知”单未加盖印章、未注明依据", "抽查{n}份告知单，均未注明法定依据。"),
)

REQUIREMENT = "请核实情况，限期整改，举一反三，按时反馈结果与佐证材料。"
RESULT = "已约谈责任科室，完善值守与告知制度，现场复核符合要求，并在公示栏公开。"
AGAIN = "已按退回意见补充现场照片和制度文本，并回访反映人，反映人表示满意。"
REASON = "佐证材料只有制度文本，没有现场整改情况，请补充后再报。"
FINDING = "实地复核并回访反映人，问题已整改到位，同意销号。"


@dataclass(frozen=True)
class Story:
    """One problem: when it was found (days before the end), to whom it went, and how far it came.

    ``way`` is one of: found, assigned, unsigned, signed, late, reported, returned, mended, done.
    ``sign_after`` and ``report_after`` are working days.
    """

    days_ago: int
    unit: int
    kind: str
    title: str
    description: str
    way: str
    hour: int
    sign_after: int
    report_after: int


def events(told: Told) -> list[Event]:
    """What happens to each of the problems."""
    return [
        event for place, story in enumerate(stories(len(told.units))) for event in _events(told, place, story)
    ]


def _events(told: Told, place: int, story: Story) -> list[Event]:
    found_on = day_of(told.end) - timedelta(days=story.days_ago)
    while not told.days.is_workday(found_on) or told.at(found_on, story.hour + 2) > told.end:
        found_on -= timedelta(days=1)
    unit = told.units[story.unit]
    clerk = told.actor("clerk", unit)
    first, second = told.actor(f"office{1 + place % 3}"), told.actor(f"office{1 + (place + 1) % 3}")
    known: dict[str, int] = {}
    events: list[Event] = []

    def then(days_on: int, hour: int, actor: Actor, name: str, raw: Mapping[str, Any]) -> None:
        moment = told.at(told.days.add(found_on, days_on), hour, place % 60)
        if moment > told.end:
            return

        def happen(when: datetime) -> None:
            done = told.perform(Problem, name, actor, raw, when, known.get("pk"))
            known["pk"] = done.matter.pk

        events.append((moment, place, happen))

    registered = {"title": story.title, "kind": story.kind, "description": story.description}
    then(0, story.hour, first, "register", registered)
    if story.way == "found":
        return events
    then(0, story.hour + 1, first, "assign", {"responsible": unit.pk, "requirement": REQUIREMENT})
    if story.way in ("assigned", "unsigned"):
        return events
    signed = LATE_TO_SIGN if story.way == "late" else story.sign_after
    then(signed, 9, clerk, "sign", {})
    if story.way == "signed":
        return events
    reported = signed + (LATE_TO_REPORT if story.way == "late" else story.report_after)
    then(reported, 10, clerk, "report", {"result": RESULT})
    if story.way == "reported":
        return events
    if story.way in ("returned", "mended"):
        then(reported + 1, 11, second, "send_back", {"reason": REASON})
    if story.way == "returned":
        return events
    if story.way == "mended":
        then(reported + 4, 15, clerk, "report", {"result": AGAIN})
    then(reported + 6, 16, second, "write_off", {"finding": FINDING})
    return events


WAYS = (
    *("done",) * 9,
    *("mended",) * 4,
    *("late",) * 2,
)


def stories(units: int) -> list[Story]:
    """The stories, the oldest first. The last three weeks hold those still on their way."""
    random = Random(SEED)
    recent = (
        ("found",) * 4
        + ("assigned",) * 4
        + ("unsigned",) * 3
        + ("signed",) * 7
        + ("reported",) * 5
        + ("returned",) * 4
    )
    told = []
    for place in range(COUNT):
        old = place < COUNT - len(recent)
        way = random.choice(WAYS) if old else recent[place - COUNT + len(recent)]
        kind, title, description = PROBLEMS[place % len(PROBLEMS)]
        number = random.randint(2, 9)
        told.append(
            Story(
                days_ago=_days_ago(way, place, random),
                unit=random.randrange(units),
                kind=kind,
                title=title.format(n=number),
                description=description.format(n=number),
                way=way,
                hour=random.randint(9, 16),
                sign_after=random.choice((1, 1, 1, 2)),
                report_after=random.randint(4, 8 if way in ("reported", "returned") else 14),
            )
        )
    return sorted(told, key=lambda story: -story.days_ago)


def _days_ago(way: str, place: int, random: Random) -> int:
    ranges = {
        "found": (0, 3),
        "assigned": (0, 1),
        "unsigned": (5, 9),
        "signed": (4, 34),
        "reported": (18, 22),
        "returned": (20, 24),
        "late": (30, 60),
    }
    least, most = ranges.get(way, (35, 125))
    return random.randint(least, most)
