"""Inspection in the demonstration: the year's plan, rounds in July and November, a covert one a month, a campaign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from qingfeng.kernel.demonstration import Demonstration, Event, Story
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.problems.inspection.models import Campaign, Inspection, InspectionPlan, Visit

COVERT_TOPICS = ("irregular_work", "three_battles", "eight_rules", "major_projects")
FOUND = (
    ("inaction", "服务窗口午间无人值守", "十二点二十分到场，两个窗口无人，未公示轮值安排。"),
    ("counter_service", "一次性告知单内容不全", "抽查五份告知单，三份没有写明依据和时限。"),
    ("slow_action", "承诺件超过承诺时限", "台账显示两件超期，未向申请人说明原因。"),
    ("formalism", "同一数据向多个科室重复报送", "村（社区）反映，同一张表须报三个科室。"),
    ("livelihood", "群众反映事项长期未处理", "群众两次反映，现场核查四处仍未处理。"),
    ("business_environment", "涉企检查未按计划开展", "企业反映一月内上门三次，未出示检查计划。"),
    ("reckless_action", "要求服务对象自费更换标牌", "未见依据文件，已口头通知服务对象。"),
)
GO_ON = "专项整治须覆盖重点单位。"
LOOKS = ("ok", "ok", "not", "ok", "unseen", "ok", "not")
QUESTIONS = ("一次性告知包括哪些内容", "本岗位事项的承诺时限", "容缺受理适用于哪些情形", "首问责任人的职责")
MEASURES = (("visits", 24), ("problems", 17), ("sanctions", 2), ("handled", 9), ("in_cases", 1))


def events(told: Demonstration) -> list[Event]:
    """What happens: a plan a year, its rounds as their time comes, a campaign with one round and its figures."""
    begin, end = day_of(told.begin), day_of(told.end)
    found: list[Event] = []
    for year in range(begin.year, end.year + 1):
        filed = _workday(told, max(begin + timedelta(days=2), date(year, 1, 4)))
        rounds = [asked for asked in _rounds(told, year) if asked.first > filed + timedelta(days=9)]
        if not rounds or filed > end:
            continue
        plan = Story(told, InspectionPlan)
        rows = [{**asked.row(told), "unit": unit.pk} for asked in rounds for unit in asked.units]
        plan.on(filed, 9, told.actor("office1"), "file", title=f"{year}年督查检查计划", year=year, rows=rows)
        plan.on(filed, 15, told.actor("leader1"), "approve")
        found += plan.events
        for asked in rounds:
            found += asked.told(told)
    return found + list(_campaign(told))


class _Round:
    """One round, as planned, and how it goes."""

    def __init__(
        self,
        title: str,
        topic: str,
        manner: str,
        first: date,
        days: int,
        units: Sequence[Unit],
        drawn: int = 0,
    ) -> None:
        self.title, self.topic, self.manner = title, topic, manner
        self.first, self.last = first, first + timedelta(days=days)
        self.units, self.drawn = units, drawn

    def row(self, told: Demonstration) -> dict[str, Any]:
        """Its line in a plan, but for the unit."""
        return {
            "round": self.title,
            "topic": self.topic,
            "manner": self.manner,
            "first_day": self.first.isoformat(),
            "last_day": self.last.isoformat(),
            "lead": told.actor("office1").unit_id,
            "drawn": self.drawn,
        }

    def wanted(self, told: Demonstration) -> dict[str, Any]:
        """The round as a campaign asks for it."""
        row = self.row(told)
        title = row.pop("round")
        return {**row, "title": title, "units": [{"unit": unit.pk} for unit in self.units]}

    def told(self, told: Demonstration) -> list[Event]:
        """Its team, its visits, its circular; the visits are known when they have begun."""
        story = Story(told, Inspection, known=lambda: _latest(Inspection, title=self.title))
        office, other = told.actor("office1"), told.actor("office3")
        team = [told.actor("office2"), told.actor("cadre", told.units[0]), told.actor("cadre", told.units[1])]
        before = self.first - timedelta(days=2)
        story.on(before, 9, office, "second", people=[{"person": one.person_id} for one in team])
        if self.drawn:
            story.on(before, 10, office, "publish_frame")
            story.on(self.first, 8, office, "draw")
        else:
            story.on(self.first, 8, office, "begin")
        number = self.drawn or len(self.units)
        for place in range(number):
            story.events += self._visit(told, place, number, team)
        settled = self.last + timedelta(days=9)
        story.on(settled, 10, office, "report").on(settled, 16, other, "issue")
        return story.events

    def _visit(self, told: Demonstration, place: int, number: int, team: list[Actor]) -> list[Event]:
        """How one unit's part goes: the last one of a large round objects."""

        def known() -> Matter:
            asked = _latest(Inspection, title=self.title)
            return Visit.objects.filter(round_id=asked.pk).order_by("unit__code")[place]

        def head() -> Actor:
            visit = known()
            assert isinstance(visit, Visit)
            return told.actor("head", visit.unit)

        story = Story(told, Visit, 1 + place, (1 + place) % 60, known)
        day = self.first + timedelta(days=min(place // 4, (self.last - self.first).days))
        mark = place + self.first.month
        lead = team[0]
        story.on(day, 10, lead, "see", on=day.isoformat(), seen="查看窗口、台账和公示栏，询问办事群众。")
        names = ("problem_list", "ledger", "limits", "follow_up", "peoples_view")
        if self.manner == "open":
            looks = {name: LOOKS[(mark + at) % len(LOOKS)] for at, name in enumerate(names)}
            story.on(day, 11, lead, "look", **looks)
            rows = [{"question": asked, "right": (mark + at) % 4 > 0} for at, asked in enumerate(QUESTIONS)]
            story.on(day, 14, lead, "test", questions=rows)
        if mark % 3 == 0:
            kind, title, words = FOUND[(mark // 3 + self.first.month) % len(FOUND)]
            story.on(day, 15, lead, "find", title=title, kind=kind, found=words)
        told_on = self.last + timedelta(days=2)
        story.on(
            told_on,
            9,
            told.actor("office1"),
            "feed_back",
            conclusion="总体落实，问题已开列清单，请限期整改。",
        )
        if number > 4 and place == number - 1:
            story.on(
                told_on + timedelta(days=1), 10, head, "object", objection="检查当日情况特殊，不能代表平时。"
            )
            decided = {"upheld": False, "reasons": "台账和检查记录均显示问题属实。"}
            story.on(told_on + timedelta(days=4), 10, told.actor("office3"), "decide", **decided)
        else:
            story.on(told_on + timedelta(days=1), 10, head, "accept")
        return story.events


def _rounds(told: Demonstration, year: int) -> Iterator[_Round]:
    """The rounds of a year: July and November, a draw in September, and a covert one in every other month."""
    units, many = list(told.units), len(told.units)
    large = units[: max(8, many // 5)]
    yield _Round("7月督导检查", "not_acting", "open", _workday(told, date(year, 7, 2)), 7, large)
    yield _Round(
        "9月随机抽查", "formalities", "open", _workday(told, date(year, 9, 7)), 3, units, min(3, many)
    )
    yield _Round("11月督导检查", "not_acting", "open", _workday(told, date(year, 11, 2)), 7, large)
    share = max(1, many // 20)
    for month in (1, 2, 3, 4, 5, 6, 8, 10, 12):
        chosen = [units[(month * share + place) % many] for place in range(share)]
        day = _workday(told, date(year, month, 19))
        yield _Round(f"{month}月暗访", COVERT_TOPICS[month % 4], "covert", day, 2, chosen)


def _campaign(told: Demonstration) -> Iterator[Event]:
    """A campaign with a round of its own; its figures come from those who took the measures."""
    first = _workday(told, day_of(told.begin) + timedelta(days=21))
    story = Story(told, Campaign)
    last = first + timedelta(days=90)
    asked = {
        "title": "为官不为专项整治",
        "first_day": first.isoformat(),
        "last_day": last.isoformat(),
        "kinds": [{"kind": "inaction"}, {"kind": "slow_action"}],
        "aims": "整治庸懒散拖，纠治太平官、逍遥官。",
    }
    office, leader = told.actor("office2"), told.actor("leader2")
    story.on(first, 9, office, "propose", **asked).on(first, 16, leader, "launch")
    opened = _workday(told, first + timedelta(days=6))
    round_ = _Round("专项整治暗访", "major_projects", "covert", opened, 3, [told.units[2], told.units[5]])
    story.on(opened - timedelta(days=3), 9, office, "open_round", go_on=GO_ON, **round_.wanted(told))
    organs = {"sanctions": "discipline1", "in_cases": "discipline1", "handled": "organization1"}
    for turn in (1, 2, 3):
        day = _workday(told, first + timedelta(days=28 * turn))
        for measure, number in MEASURES:
            raw = {
                "number": number * turn // 2,
                "source": f"督导检查台账（截至{day.month}月{day.day}日）",
                "on": day.isoformat(),
            }
            if measure == "handled":
                story.on(day, 11, told.actor(organs[measure]), "report_handled", **raw)
                continue
            act = "report_discipline" if measure in organs else "report_work"
            story.on(day, 11, told.actor(organs.get(measure, "office2")), act, measure=measure, **raw)
    closing = _workday(told, last + timedelta(days=4))
    story.on(closing, 9, office, "draw_up").on(closing, 16, told.actor("office1"), "issue")
    yield from story.events
    yield from round_.told(told)


def _latest(matter: type[Matter], **named: str) -> Matter:
    found: Matter = matter._default_manager.filter(**named).latest("pk")
    return found


def _workday(told: Demonstration, day: date) -> date:
    """The day itself or the next working day, where the calendar knows it."""
    return told.days.next_workday(day) if day.year in told.days.years else day
