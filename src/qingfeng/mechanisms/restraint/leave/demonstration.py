"""The leave of the demonstration: asked for, approved, cancelled; an emergency, a late cancellation, a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from qingfeng.kernel.demonstration import Demonstration, Event, Story
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.restraint.leave.models import Absence, Balances, Leave

POSTS = ("cadre", "cadre2", "cadre3", "clerk")
WAYS = (
    ("cancelled", "annual", 2, "回乡探望父母。"),
    ("cancelled", "personal", 1, "办理子女入学手续。"),
    ("late", "personal", 2, "家中装修，须到场。"),
    ("phone", "personal", 1, "家人突发急病，送医陪护。"),
    ("early", "annual", 4, "外出旅行。"),
    ("cancelled", "sick", 1, "感冒发热，就诊休息。"),
    ("refused", "annual", 3, "外出旅行。"),
    ("phone_late", "sick", 2, "突发腹痛，急诊留观。"),
    ("longer", "family_visit", 5, "回乡探亲。"),
)
SINCE = 365
"""Days before today from which on there is leave: one every third working day, unit by unit."""


def events(told: Demonstration) -> list[Event]:
    """What happens: a story every third working day, ending with some that still run."""
    found = _balances(told) + _absence(told)
    today = day_of(told.end)
    start = told.days.add(max(day_of(told.begin), today - timedelta(days=SINCE)), 5)
    for number in count():
        # The last of them still run; a story needs its working days to be known, also in January.
        if start > today or (start + timedelta(days=20)).year not in told.days.years:
            return found
        way, kind, length, reason = WAYS[number % len(WAYS)]
        unit = told.units[number % len(told.units)]
        post = POSTS[number // len(told.units) % len(POSTS)]
        found += LeaveStory(told, unit, post, number, start, length).told_as(way, kind, reason)
        start = told.days.add(start, 3)
    return found


def _balances(told: Demonstration) -> list[Event]:
    """School holidays of two cadres entered; this year's annual leave withheld from them, and restored to one."""
    department = told.actor("organization1")
    first, second = (told.actor(name).person_id for name in ("cadre2-office", "cadre3-office"))
    year = day_of(told.end).year
    days = [told.days.next_workday(day_of(told.end) - timedelta(days=back)) for back in (40, 30, 20)]
    if days[0].year != year or told.at(days[0], 10) < told.begin:
        return []
    rows = [{"person": person, "days": 60} for person in (first, second)]
    why = "本年度从学校调入机关，寒暑假没有休。"
    entered, withheld, restored = (Story(told, Balances, 2000) for _day in days)
    entered.on(days[0], 10, department, "enter_holidays", basis="调入人员名册", year=year, rows=rows)
    withheld.on(days[1], 10, department, "withhold", year=year)
    restored.on(days[2], 10, department, "restore", person=first, year=year, why=why)
    return [*entered.events, *withheld.events, *restored.events]


def _absence(told: Demonstration) -> list[Event]:
    """Two days without leave, noted by the clerk; the person says how it was, and it is explained."""
    unit = told.units[-1]
    person, clerk = told.actor("cadre8", unit), told.actor("clerk", unit)
    days = [told.days.next_workday(day_of(told.end) - timedelta(days=back)) for back in (25, 24, 21, 14)]
    if told.at(days[0], 9) < told.begin:
        return []
    noted = {
        "person": person.person_id,
        "staff": "civil_servant",
        "first_day": days[0].isoformat(),
        "last_day": days[1].isoformat(),
        "known": "未到岗，电话未接通。",
    }
    story = Story(told, Absence, 2100).on(days[1], 17, clerk, "note", **noted)
    story.on(days[2], 17, person, "state_side", words="突发山洪，道路中断，通信不畅。")
    story.on(days[3], 17, told.actor("organization1"), "conclude", explained=True, finding="情况属实。")
    return story.events


class LeaveStory(Story):
    """One leave, from the request to its end."""

    def __init__(
        self, told: Demonstration, unit: Unit, post: str, number: int, start: date, length: int
    ) -> None:
        super().__init__(told, Leave, 1000 + number, number % 30)
        self.unit = unit
        self.start = start
        self.last = told.days.add(start, length - 1)
        self.length = length
        self.person = told.actor(post, unit)
        self.head = told.actor("head", unit)

    def told_as(self, way: str, kind: str, reason: str) -> list[Event]:
        """The events of one way."""
        asked = {
            "kind": kind,
            "first_day": self.start.isoformat(),
            "last_day": self.last.isoformat(),
            "reason": reason,
        }
        if way.startswith("phone"):
            self._by_phone(asked, 1 if way == "phone" else 5)
            return self.events
        self._then(-2, 9, self.person, "request", **asked)
        if way == "refused":
            self._then(-2, 15, self.head, "decide", agrees=False, opinion="正值集中攻坚，请改期。")
            return self.events
        self._then(-2, 15, self.head, "decide", agrees=True, proof_seen=True, opinion="同意。")
        # Over three days, or where other leave adjoins.
        self._then(-1, 9, self._leader(), "decide", agrees=True, only_in="requested")
        if way == "early":
            self._then(1, 16, self.person, "return_early")
            return self.events
        more = 0
        if way == "longer":
            more = 1
            day = self.told.days.add(self.last, 1)
            values = {"more_day": day.isoformat(), "more_half": "am", "reason": "返程车票改签。"}
            self._then(self.length - 1, 9, self.person, "extend", **values)
            self._then(self.length - 1, 10, self.head, "decide_more", agrees=True)
            self._then(self.length - 1, 11, self._leader(), "decide_more", agrees=True, only_in="extending")
        self._then(self.length + more + (3 if way == "late" else 0), 9, self.person, "cancel")
        return self.events

    def _by_phone(self, asked: Mapping[str, Any], form_after: int) -> None:
        values = {**asked, "person": self.person.person_id, "channel": "phone", "urgent": True}
        clerk = self.told.actor("clerk", self.unit)
        self._then(0, 8, self.head if clerk.person_id == self.person.person_id else clerk, "record", **values)
        self._then(form_after, 9, self.person, "complete", reason=asked["reason"])
        self._then(form_after, 10, self.head, "confirm", agrees=True, proof_seen=True)
        self._then(form_after, 11, self.person, "cancel")

    def _leader(self) -> Actor:
        return self.told.actor("leader", self.unit)

    def _then(self, days_on: int, hour: int, who: Actor, act: str, /, only_in: str = "", **raw: Any) -> None:
        when = self.told.at(self._day(days_on), hour, self.minute)
        # Short leave may be over before the day of one of its acts: what would come too late is left out.
        if self.events and self.events[-1][0] > when:
            return

        def happen(moment: datetime) -> None:
            if not only_in or Leave.objects.get(pk=self.pk or 0).state == only_in:
                self.act(moment, who, act, **raw)

        self.meanwhile(when, happen)

    def _day(self, days_on: int) -> date:
        if days_on >= 0:
            return self.told.days.add(self.start, days_on)
        day, left = self.start, -days_on
        while left:
            day -= timedelta(days=1)
            left -= self.told.days.is_workday(day)
        return day
