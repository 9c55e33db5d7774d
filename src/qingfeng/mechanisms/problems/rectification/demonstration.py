"""The problems of the demonstration and how each went, by a fixed seed: the smooth and the troubled, in a year or less."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Self

from qingfeng.kernel.demonstration import Demonstration, Event, Story
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.workdays import CalendarNotPublished
from qingfeng.mechanisms.problems.rectification.examples import PROBLEMS
from qingfeng.mechanisms.problems.rectification.models import Problem, Transfer
from qingfeng.mechanisms.problems.rectification.rounds import rounds

SEED = 20160214
COUNT = 120
"""How many sheets there are at most."""
A_UNIT = 8
"""How many a unit has, up to that; no more than there are problems below, so that none repeats by chance."""
RECENT = timedelta(days=24)
"""The stretch before today in which sheets are still on their way."""
LOOKED_BACK = timedelta(days=92)
"""Some days after the look-back of the demonstration's regime falls due."""
ADDED_IN = 2026
ADDED = ("doing_business", "peoples_livelihood", "smiles_without_service")
"""Focus topics that the demonstration's regime has from this year on."""
BEFORE = "irregular_work"
"""The topic under which such problems stood before."""


REQUIREMENT = "请核实情况，限期整改，举一反三，按时反馈结果与佐证材料。"
VERIFIED = "调取监控、走访当事人，情况属实。"
UNFOUNDED = "经核实，当日因系统升级暂停办理，已提前三日公告，反映的情况不属实。"
MEASURES = "约谈责任科室，明确首问责任；完善值守、告知和抽查制度，每周通报。"
STEPS = ("约谈责任科室、明确责任", "修订制度并公示", "组织抽查、回访群众")
RESULT = "已约谈责任科室，完善值守与告知制度，现场复核符合要求，并在公示栏公开。"
NO_EVIDENCE = "演示数据不附文件，佐证材料留存单位备查。"
AGAIN = "已按退回意见补充现场照片和制度文本，并回访反映人，反映人表示满意。"
SENT_BACK = "佐证材料只有制度文本，没有现场整改情况，请补充后再报。"
FINDING = "实地复核并回访反映人，问题已整改到位，同意销号。"
NOT_OURS = "该事项已划转至其他单位，本单位无相应职责。"
MORE_TIME = "设备采购须走招标程序，预计还需五个工作日。"
STANDS_STILL = "相关事项正在行政诉讼中，待判决后继续整改。"
GOES_ON = "判决已生效，恢复整改。"
HELD = "两次暗访均未发现同类问题，整改成果得到巩固。"
CAME_BACK = "回头看时发现同类问题再次出现，重新启动整改。"
LETTER = "核查中发现个别工作人员涉嫌利用职务便利收受礼品礼金的线索，现予移送。"

OVER = (
    *("done",) * 12,
    *("mended",) * 4,
    *("late",) * 2,
    *("extended",) * 2,
    *("rebound",) * 2,
    "kept",
    "passed_on",
    "suspended",
    "unfounded",
    "transferred",
)
"""How sheets went that are over."""
UNDER_WAY = (
    "late",
    *("found",) * 2,
    "verified",
    *("assigned",) * 2,
    "disputed",
    "unsigned",
    *("unplanned",) * 2,
    *("working",) * 4,
    "extending",
    *("reported",) * 2,
    "returned",
)
"""How far those came that are still on their way."""
WAITING = ("assigned", "unplanned", "working", "returned")
"""What waits on the clerks of the first units besides: whoever looks at the demonstration becomes one of them."""
SHOWN = 2
AGES = {
    "late": 26,
    "found": 1,
    "verified": 2,
    "assigned": 1,
    "disputed": 2,
    "unsigned": 6,
    "unplanned": 3,
    "working": 9,
    "extending": 16,
    "reported": 14,
    "returned": 16,
}
"""How many days ago they were found."""


def events(told: Demonstration) -> list[Event]:
    """What happens to each of the problems."""
    random = Random(SEED)
    many = min(COUNT, A_UNIT * len(told.units))
    recent = min(len(UNDER_WAY) * max(1, many // 60), many // 2)
    first, last = day_of(told.begin) + timedelta(days=2), day_of(told.end) - RECENT
    span = max((last - first).days, 1)
    stories: list[SheetStory] = []
    own: set[int] = set()
    for place in range(many):
        over = place < many - recent
        way = random.choice(OVER) if over else UNDER_WAY[place % len(UNDER_WAY)]
        found_on = (
            first + timedelta(days=place * span // max(many - recent, 1))
            if over
            else day_of(told.end) - timedelta(days=AGES[way])
        )
        stories.append(SheetStory(told, place, way, found_on, random, stories, own))
    for turn, way in enumerate(WAITING, start=A_UNIT + 1):
        found_on = day_of(told.end) - timedelta(days=AGES[way])
        for shown in range(min(SHOWN, len(told.units))):
            place = turn * len(told.units) + shown
            stories.append(SheetStory(told, place, way, found_on, random, stories, own))
    return [event for story in stories for event in story.told_as()] + rounds(told, own)


class SheetStory(Story):
    """One sheet, from its finding as far as it came."""

    def __init__(
        self,
        told: Demonstration,
        place: int,
        way: str,
        found_on: date,
        random: Random,
        before: Sequence[SheetStory],
        own: set[int],
    ) -> None:
        super().__init__(told, Problem, place, place % 60)
        self.place, self.way, self.own = place, way, own
        self.number = random.randint(2, 9)
        self.unit: Unit = told.units[place % len(told.units)]
        self.problem = PROBLEMS[(5 * (place // len(told.units)) + place % len(told.units)) % len(PROBLEMS)]
        self.day = self._worked(found_on)
        if way == "rebound":
            self._like_one_of(before)
        # Two hand out, and the first checks: so whoever looks as the first can close out what waits.
        self.office, self.second = told.actor(f"office{2 + place % 2}"), told.actor("office1")
        self.signed_after = random.choice((0, 1, 1, 2))
        self.planned_after = random.choice((1, 2, 2, 4))

    def told_as(self) -> list[Event]:
        """Its events, in their order."""
        if self.day > day_of(self.told.end):
            return []
        named = self.problem.topic not in ADDED or self.day.year >= ADDED_IN
        found = {
            "title": self.problem.title.format(n=self.number),
            "kind": self.problem.kind,
            "description": self.problem.description.format(n=self.number),
            "source": self.problem.source,
            "unit": self.unit.pk,
            "topic": self.problem.topic if named else BEFORE,
        }
        self._then(0, 9, self.office, "register", **found)
        if self.way == "found":
            return self.events
        if self.way == "unfounded":
            self._then(1, 15, self.second, "dismiss", reason=UNFOUNDED)
            return self.events
        self._then(0, 11, self.office, "verify", finding=VERIFIED)
        if self.way == "transferred":
            self._transferred()
            return self.events
        if self.way == "verified":
            return self.events
        self._then(0, 15, self.office, "assign", responsible=self.unit.pk, requirement=REQUIREMENT)
        if self.way in ("assigned", "unsigned"):
            return self.events
        signed = self._disputed() if self.way in ("kept", "passed_on", "disputed") else self.signed_after
        if self.way != "disputed":
            self._in_work(signed)
        return self.events

    def _disputed(self) -> int:
        """The unit says that it is another's; the working day on which somebody signs."""
        self._then(1, 10, self._clerk, "dispute", reason=NOT_OURS)
        if self.way == "kept":
            self._then(2, 10, self.office, "keep", reason="对照“三定”规定，仍属该单位职责。")
        if self.way == "passed_on":
            units = list(self.told.units)
            other = units[(units.index(self.unit) + 1) % len(units)]
            self._then(2, 10, self.office, "pass_on", to_unit=other.pk, reason="经核对职责清单，改交该单位。")
            self.unit = other
        return 3

    def _in_work(self, signed: int) -> None:
        clerk, planned = self._clerk, signed + (7 if self.way == "late" else self.planned_after)
        self._then(signed, 16, clerk, "sign")
        if self.way == "unplanned":
            return
        days = [self._after(planned + ahead) for ahead in (2, 4, 6)]
        plan = {
            "rectifier": self.told.actor("cadre", self.unit).person_id,
            "measures": MEASURES,
            "steps": [{"what": what, "day": day.isoformat()} for what, day in zip(STEPS, days, strict=True)],
            "finish_on": days[-1].isoformat(),
        }
        self._then(planned, 9, clerk, "plan", **plan)
        ends = planned + 6
        if self.way != "late":
            self._then(planned + 2, 17, clerk, "progress", note="已约谈责任科室。", done=1)
        if self.way not in ("late", "working", "suspended"):
            self._then(planned + 4, 17, clerk, "progress", note="制度已修订并公示。", done=2)
        if self.way in ("late", "working"):
            self._then(planned + 3, 9, self._in_charge, "ask_progress")
        if self.way in ("extended", "extending"):
            self._then(signed + 9, 10, clerk, "ask_extension", more_days=5, reason=MORE_TIME)
            ends = signed + 18
        if self.way == "extended":
            self._then(signed + 10, 10, self.office, "extend", reason="理由充分，同意延期。")
        if self.way == "suspended":
            self._then(planned + 3, 10, self.office, "suspend", reason=STANDS_STILL)
            self._then(signed + 16, 10, self.office, "resume", reason=GOES_ON)
            ends = signed + 20
        if self.way == "late":
            urging = {"words": "已逾期，请说明原因，三日内报结。"}
            self._then(signed + 17, 9, self._in_charge, "urge", **urging)
            ends = signed + 19
        if self.way not in ("working", "extending"):
            self._at_its_end(clerk, ends)

    def _at_its_end(self, clerk: Actor, ends: int) -> None:
        self._then(ends, 10, clerk, "report", result=RESULT, no_evidence=NO_EVIDENCE)
        if self.way == "reported":
            return
        if self.way in ("returned", "mended"):
            self._then(ends + 1, 11, self.second, "send_back", reason=SENT_BACK)
        if self.way == "returned":
            return
        if self.way == "mended":
            self._then(ends + 4, 15, clerk, "report", result=AGAIN, no_evidence=NO_EVIDENCE)
        how = ("on_site", "unannounced", "people")[self.place % 3]
        view = "satisfied" if how == "people" else "not_asked"
        self._then(ends + 6, 16, self.second, "write_off", finding=FINDING, how=how, view=view)
        again = self._worked(self._after(ends + 6) + LOOKED_BACK)
        if self.place % 9 == 5:
            self.on(again, 10, self.office, "reopen", reason=CAME_BACK)
        else:
            self.on(again, 10, self.office, "look_back", finding=HELD)

    def _transferred(self) -> None:
        """The sheet goes to the discipline organ, which acknowledges it and answers."""
        self._then(1, 9, self.office, "transfer")
        sent = Story(
            self.told, Transfer, self.place, self.minute, lambda: Transfer.objects.get(clues__sheet=self.pk)
        )
        discipline = self.told.actor("discipline1")
        sent.on(self._after(1), 14, self.office, "hand_over", letter=LETTER)
        sent.on(self._after(3), 14, discipline, "acknowledge")
        answer = {"clue": 1, "outcome": "dealt_with", "words": "已按规定办理。"}
        sent.on(self._after(20), 14, discipline, "answer", **answer)
        self.events += sent.events

    def _like_one_of(self, before: Sequence[SheetStory]) -> None:
        """Let it be the problem of a sheet closed out before, found again."""
        over = [
            story for story in before if story.way == "done" and (self.day - story.day).days > 2 * RECENT.days
        ]
        if over:
            earlier = over[self.place % len(over)]
            self.unit, self.problem = earlier.unit, earlier.problem

    @property
    def _clerk(self) -> Actor:
        return self.told.actor("clerk", self.unit)

    @property
    def _in_charge(self) -> Actor:
        """The leader in charge of the unit."""
        return self.told.actor("leader", self.unit)

    def meanwhile(self, when: datetime, happen: Callable[[datetime], object]) -> Self:
        """Something on its way, once the regime stands in force."""
        return super().meanwhile(when, happen) if when > self.told.begin else self

    def act(self, when: datetime, who: Actor | Callable[[], Actor], act: str, /, **raw: Any) -> None:
        """Let an act happen; a sheet that came back is the rounds' from then on."""
        super().act(when, who, act, **raw)
        if self.pk is not None:
            (self.own.discard if act == "reopen" else self.own.add)(self.pk)

    def _then(self, days_on: int, hour: int, who: Actor, act: str, **raw: Any) -> None:
        self.on(self._after(days_on), hour, who, act, **raw)

    def _after(self, working_days: int) -> date:
        """So many working days after it was found; a day that never comes where no calendar reaches it."""
        try:
            return self.told.days.add(self.day, working_days)
        except CalendarNotPublished:
            return self.day + timedelta(days=366)

    def _worked(self, day: date) -> date:
        """The day, or the working day next to it."""
        try:
            return self.told.days.next_workday(day)
        except CalendarNotPublished:
            return day
