"""The office's rounds in the demonstration: a sheet that an inspection, a message or a look-back opened goes its way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from qingfeng.kernel.demonstration import Demonstration, Event, Story
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.problems.rectification.declarations import (
    ASSIGNED,
    FOUND,
    LOOK_BACK_DUE,
    RECTIFYING,
    REPORTED,
)
from qingfeng.mechanisms.problems.rectification.models import Problem

EVERY = 2
"""Working days from one round to the next; a unit has three to sign."""
TAKES = 4
"""Working days a unit takes."""
VERIFIED = "与移交的线索核对，现场查看，情况属实。"
REQUIREMENT = "请对照线索立行立改，按时反馈结果与佐证材料。"
MEASURES = "主要负责人约谈责任科室，当周整改到位，并纳入每周抽查。"
STEP = "约谈责任科室、整改到位"
RESULT = "已整改到位，责任科室作出说明，抽查未再出现。"
NO_EVIDENCE = "演示数据不附文件，佐证材料留存单位备查。"
FINDING = "现场复核，整改到位，同意销号。"
HELD = "回头看未发现同类问题，整改成果得到巩固。"


def rounds(told: Demonstration, own: Collection[int]) -> list[Event]:
    """A round every other working day up to the day before yesterday, over all sheets but those of ``own`` stories."""
    day, last = day_of(told.begin), day_of(told.end) - timedelta(days=2)
    found: list[Event] = []
    while (day := told.days.add(day, EVERY)) < last:
        found.append((told.at(day, 16, 30), 0, _round(told, own)))
    return found


def _round(told: Demonstration, own: Collection[int]) -> Callable[[datetime], None]:
    def happen(when: datetime) -> None:
        for pk, state in Problem.objects.filter(state__in=STEPS).order_by("pk").values_list("pk", "state"):
            if pk not in own:
                _Sheet(told, pk, when).go_on(state)

    return happen


class _Sheet(Story):
    """One sheet met on a round."""

    def __init__(self, told: Demonstration, pk: int, when: datetime) -> None:
        super().__init__(told, Problem)
        self.pk, self.when = pk, when
        self.sheet = Problem.objects.get(pk=pk)
        self.office, self.other = told.actor(f"office{2 + pk % 2}"), told.actor("office1")
        whose = self.sheet.responsible_id or self.sheet.concerned_id
        known = [unit for unit in told.units if unit.pk == whose]
        self.unit: Unit = (known or [told.units[pk % len(told.units)]])[0]

    def go_on(self, state: str) -> None:
        """What is next for it."""
        STEPS[state](self)

    def assign(self) -> None:
        self.act(self.when, self.office, "verify", finding=VERIFIED)
        self.act(self.when, self.office, "assign", responsible=self.unit.pk, requirement=REQUIREMENT)

    def plan(self) -> None:
        clerk, ends = self._clerk, self.told.days.add(day_of(self.when), TAKES).isoformat()
        plan = {
            "rectifier": self.told.actor("cadre", self.unit).person_id,
            "measures": MEASURES,
            "steps": [{"what": STEP, "day": ends}],
            "finish_on": ends,
        }
        self.act(self.when, clerk, "sign")
        self.act(self.when, clerk, "plan", **plan)

    def report(self) -> None:
        ends = self.sheet.finish_on
        if ends is not None and ends <= day_of(self.when):
            self.act(self.when, self._clerk, "report", result=RESULT, no_evidence=NO_EVIDENCE)

    def write_off(self) -> None:
        other = self.office if self.other.person_id == self.sheet.assigner_id else self.other
        self.act(self.when, other, "write_off", finding=FINDING, how="on_site", view="not_asked")

    def look_back(self) -> None:
        self.act(self.when, self.office, "look_back", finding=HELD)

    @property
    def _clerk(self) -> Actor:
        return self.told.actor("clerk", self.unit)


STEPS = {
    FOUND.code: _Sheet.assign,
    ASSIGNED.code: _Sheet.plan,
    RECTIFYING.code: _Sheet.report,
    REPORTED.code: _Sheet.write_off,
    LOOK_BACK_DUE.code: _Sheet.look_back,
}
