"""The meetings, papers and celebrations of the demonstration, by a fixed seed; its savings are those of S4-O06."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from qingfeng.kernel.demonstration import Demonstration, Event, Story
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.restraint.meetings.models import Baseline, Celebration, IssuedPaper, Meeting

SEED = 20260303
TEA_PARTIES, SAVED, LAST_SAVED = 41, 13_000_00, 43_000_00
"""Forty at 13,000 yuan and one at 43,000: 563,000 yuan."""

UNEXPLAINED = 30
"""Days ago that a meeting was convened which nobody explained."""

HELD, ISSUED, TIMED = 30, 36, 5
"""Meetings and papers of a year; of every so many meetings one is told speech by speech."""

MEETINGS = (
    ("district", "全区安全生产工作会议", 180),
    ("discussion", "重点项目推进座谈会", 60),
    ("district", "优化营商环境工作会议", 120),
    ("discussion", "企业诉求研讨会", 40),
    ("district", "秋冬季大气污染防治会议", 150),
    ("discussion", "民生实事征求意见座谈会", 50),
)
PAPERS = (
    ("special", "关于做好本系统节假日值班值守的通知"),
    ("general", "机关内部管理制度"),
    ("special", "关于规范本单位窗口服务的通知"),
    ("general", "年度工作规划"),
    ("special", "关于报送本系统年度计划的通知"),
)
CONVENER = "clerk-office"
"""Who asks for the district's own meetings."""
DECIDED = "明确责任单位和完成时限，会后由效能办跟踪督办。"


def events(told: Demonstration) -> list[Event]:
    """What happens: last year's numbers, then the units' meetings and papers, then what was out of the ordinary."""
    random = Random(SEED)
    stories = [_baseline(told)]
    stories += [_held(told, number, random) for number in range(HELD)]
    stories += [_paper(told, number, random) for number in range(ISSUED)]
    stories += [_tea_party(told, number) for number in range(TEA_PARTIES)]
    stories += [
        _excepted(told),
        _denied(told),
        _flood(told),
        _unexplained(told),
        _festival(told),
        _coming(told),
    ]
    stories += [_cancelled(told), _in_session(told)]
    return [event for story in stories for event in story.events]


def _wanted(
    told: Demonstration,
    unit: Unit,
    kind: str,
    title: str,
    day: date,
    hour: int,
    people: int,
    minutes: int = 120,
) -> dict[str, Any]:
    speakers = [
        {"unit": told.units[0].pk, "post": "分管副区长", "topic": "主持并讲话", "minutes": 8, "main": False},
        {"unit": unit.pk, "post": "单位负责人", "topic": "通报情况", "minutes": 8, "main": False},
        {"unit": told.units[0].pk, "post": "区主要领导", "topic": "讲话", "minutes": 40, "main": True},
    ]
    return {
        "title": title,
        "kind": kind,
        "fee_class": "fourth",
        "starts": told.at(day, hour).isoformat(),
        "minutes": minutes,
        "people": people,
        "budget": 0,
        "place": "区会议中心",
        "agenda": speakers,
    }


def _lawful(told: Demonstration, day: date) -> date:
    """The next working day in the first half of a month with meetings."""
    while day.month in (3, 8) or day.day > 15 or not told.days.is_workday(day):
        day += timedelta(days=1)
    return day


def _first(told: Demonstration) -> date:
    """The first day of the year counted: the base of its papers is the year before, as a whole."""
    return max(day_of(told.begin), date(told.end.year, 1, 1))


def _days(told: Demonstration, since: int) -> date:
    """A working day so many days after the first day, or the next one."""
    return told.days.next_workday(_first(told) + timedelta(days=since))


def _spread(told: Demonstration, number: int, of: int) -> int:
    """Days after the first day on which the one of this number happens, of so many up to the end."""
    return 10 + number * max((day_of(told.end) - _first(told)).days - 20, 1) // of


def _baseline(told: Demonstration) -> Story:
    """Last year's numbers by unit and month: more meetings than this year's, as it should be."""
    random, year = Random(SEED + 1), _first(told).year - 1
    rows = [
        {
            "unit": unit.pk,
            "month": month,
            "meetings": random.randrange(1, 4),
            "hours": random.randrange(60, 400),
            "papers": random.randrange(1, 4),
        }
        for unit in told.units
        for month in range(1, 13)
    ]
    day = _days(told, 2)
    story = Story(told, Baseline)
    story.then(told.at(day, 9), told.actor("office1"), "record", year=year, rows=rows)
    return story.then(told.at(day, 14), told.actor("office2"), "confirm")


def _held(told: Demonstration, place: int, random: Random) -> Story:
    kind, title, people = MEETINGS[place % len(MEETINGS)]
    unit = told.units[place * 3 % len(told.units)]
    clerk = told.actor(CONVENER) if kind == "district" else told.actor("clerk", unit)
    office = told.actor(f"office{1 + place % 3}")
    day = _lawful(told, _first(told) + timedelta(days=_spread(told, place, HELD)))
    before = _days(told, (day - _first(told)).days - 9)
    story = Story(told, Meeting, place)
    wanted = _wanted(told, unit, kind, title, day, 9, people)
    story.then(told.at(before, 10, place), clerk, "ask", **wanted)
    story.then(told.at(before, 15, place), office, "approve")
    story.then(told.at(day, 9, place), clerk, "begin")
    began = told.at(day, 9, place + 1)
    for item, limit in () if place % TIMED else ((1, 480), (2, 480), (3, 2400)):
        took = timedelta(seconds=limit - random.choice((95, 20, 240, 12, -40 if item == 2 else 30)))
        story.then(began, clerk, "begin_speaking", item=item).then(began + took, clerk, "end_speaking")
        began += took + timedelta(minutes=1)
    attended, cost = people - random.randrange(6), random.randrange(4, 20) * people * 100
    took_minutes = 75 + random.randrange(20)
    closing = {"attended": attended, "took": took_minutes, "cost": cost, "decided": DECIDED}
    return story.then(told.at(day, 11, place), clerk, "close", **closing)


def _paper(told: Demonstration, number: int, random: Random) -> Story:
    unit = told.units[number * 7 % len(told.units)]
    clerk, day = told.actor("clerk", unit), _days(told, _spread(told, number, ISSUED))
    sort, title = PAPERS[number % len(PAPERS)]
    special = sort == "special"
    raw = {
        "title": title,
        "sort": sort,
        "characters": random.randrange(800, 3900),
        "important": not special,
        "copies": 0 if special else 40,
    }
    story = Story(told, IssuedPaper).then(told.at(day, 10), clerk, "draft", **raw)
    return story.then(told.at(day, 16), told.actor(f"office{1 + number % 3}"), "issue")


def _tea_party(told: Demonstration, number: int) -> Story:
    unit = told.units[number % len(told.units)]
    clerk = told.actor("clerk", unit)
    day = told.days.next_workday(day_of(told.begin) + timedelta(days=8 + 2 * number))
    raw = {
        "title": f"{unit.name}迎新茶话会",
        "kind": "tea_party",
        "day": (day + timedelta(days=40)).isoformat(),
        "budget": 50_000_00,
        "purpose": "座谈联谊。",
    }
    leader, approval = told.actor("leader", unit), f"清办〔2026〕{101 + number}号"
    saved = LAST_SAVED if number == TEA_PARTIES - 1 else SAVED
    story = Story(told, Celebration).then(told.at(day, 9, 30), clerk, "ask", **raw)
    story.then(told.at(day, 14, 30), leader, "approve", approval=approval)
    return story.then(told.at(day, 15, 30), clerk, "cancel", why="厉行节约，不再举办。", saved=saved)


def _exception(told: Demonstration, unit: Unit, title: str, since: int) -> tuple[Story, date]:
    day = _lawful(told, _first(told) + timedelta(days=since))
    wanted = _wanted(told, unit, "annual", title, day, 14, 230)
    before = _days(told, (day - _first(told)).days - 9)
    story = Story(told, Meeting)
    reason = "须传达到全部村（社区），人数无法再减。"
    return story.then(
        told.at(before, 11), told.actor("clerk", unit), "ask_exception", reason=reason, **wanted
    ), before


def _excepted(told: Demonstration) -> Story:
    story, asked = _exception(told, told.units[2], "全区行政审批改革年度会议", 100)
    return story.then(
        told.at(asked, 16), told.actor("leader", told.units[2]), "grant", why="同意，会后核减下年规模。"
    )


def _denied(told: Demonstration) -> Story:
    story, asked = _exception(told, told.units[1], "全区教育工作年度会议", 96)
    return story.then(
        told.at(asked, 17), told.actor("leader", told.units[1]), "deny", why="请压缩到二百人以内再报。"
    )


def _emergency(told: Demonstration, unit: Unit, title: str, reason: str, begins: datetime) -> Story:
    wanted = _wanted(told, unit, "department", title, day_of(begins), begins.hour, 120, 60)
    wanted["starts"] = begins.isoformat()
    convened = begins - timedelta(hours=1)
    return Story(told, Meeting).then(convened, told.actor("clerk", unit), "convene", reason=reason, **wanted)


def _flood(told: Demonstration) -> Story:
    """In a month without meetings: it passes, and is explained within the time."""
    unit, begins = (
        told.units[6],
        told.at(_days(told, (date(_first(told).year, 8, 12) - _first(told)).days), 14),
    )
    clerk = told.actor("clerk", unit)
    story = _emergency(told, unit, "防汛抢险紧急会议", "上游水库泄洪，须立即转移群众。", begins)
    story.then(begins, clerk, "begin")
    closing = {"attended": 96, "took": 35, "cost": 0, "decided": "当晚完成转移，镇街干部全员到岗。"}
    story.then(begins + timedelta(minutes=40), clerk, "close", **closing)
    return story.then(
        begins + timedelta(days=1), clerk, "explain", explanation="汛情突发，不能等待审批；次日补报。"
    )


def _unexplained(told: Demonstration) -> Story:
    """Explained by nobody: the worker finds it overdue."""
    day = told.days.next_workday(day_of(told.end) - timedelta(days=UNEXPLAINED))
    unit, begins = told.units[3], told.at(day, 16)
    clerk = told.actor("clerk", unit)
    story = _emergency(told, unit, "突发公共卫生事件调度会", "须立即部署流调。", begins)
    story.then(begins, clerk, "begin")
    closing = {"attended": 60, "took": 45, "cost": 0, "decided": "即日起每日会商。"}
    return story.then(begins + timedelta(hours=1), clerk, "close", **closing)


def _festival(told: Demonstration) -> Story:
    unit, day = told.units[4], _days(told, 250)
    raw = {
        "title": "清风区农民丰收节",
        "kind": "festival",
        "day": (day + timedelta(days=14)).isoformat(),
        "budget": 80_000_00,
        "purpose": "展销农产品。",
    }
    clerk = told.actor("clerk", unit)
    story = Story(told, Celebration).then(told.at(day, 9), clerk, "ask", **raw)
    story.then(told.at(day, 16), told.actor("leader", unit), "approve", approval="清办〔2026〕18号")
    return story.then(told.at(day + timedelta(days=15), 10), clerk, "hold", cost=71_500_00)


def _coming(told: Demonstration) -> Story:
    """Asked for the other day, for next month: it waits on the office."""
    unit = told.units[0]
    day = _lawful(told, day_of(told.end) + timedelta(days=10))
    wanted = _wanted(told, unit, "department", "全区住房保障工作会议", day, 9, 90)
    return Story(told, Meeting).then(
        told.end - timedelta(hours=4), told.actor("clerk", unit), "ask", **wanted
    )


def _cancelled(told: Demonstration) -> Story:
    """Approved, and then found needless."""
    unit = told.units[5]
    day = _lawful(told, _first(told) + timedelta(days=70))
    asked, clerk = _days(told, 60), told.actor("clerk", unit)
    wanted = _wanted(told, unit, "department", "全区市场监管工作会议", day, 9, 90)
    wanted["budget"] = 3_000_00
    story = Story(told, Meeting).then(told.at(asked, 9), clerk, "ask", **wanted)
    story.then(told.at(asked, 10), told.actor("office3"), "approve")
    return story.then(told.at(asked, 15), clerk, "cancel", why="改为书面部署，不再集中开会。", saved=2_400_00)


def _in_session(told: Demonstration) -> Story:
    """Going on at this moment, so that the hall can be seen."""
    unit, begins = told.units[7], told.end - timedelta(hours=1)
    clerk = told.actor("clerk", unit)
    story = _emergency(told, unit, "城市内涝应急调度会", "强降雨红色预警。", begins)
    story.then(begins, clerk, "begin")
    story.then(begins + timedelta(minutes=2), clerk, "begin_speaking", item=1)
    return story.then(begins + timedelta(minutes=9), clerk, "end_speaking")
