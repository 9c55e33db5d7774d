"""The receptions, budgets and returns of the demonstration, by a fixed seed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import cycle
from random import Random
from typing import Any

from qingfeng.kernel.attachments.intake import FILES
from qingfeng.kernel.attachments.models import Attachment
from qingfeng.kernel.demonstration import Demonstration, Event, Story
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.restraint.reception.models import ExpenseBudget, ExpenseReturn, Reception
from qingfeng.mechanisms.restraint.reception.registers import ExpensePeriod

SEED = 20130101
COUNT = 36
YUAN = 100
WAYS = ("settled",) * 6 + ("submitted", "held", "overdue", "refused", "withdrawn", "returned", "violation")
"""How a reception went; most are settled."""
LEFT = (("overdue",), ("overdue", "held"), ("overdue", "held", "submitted"))
LEFT_LYING = timedelta(days=30)
"""How long the list, the settlement and the closing of some were left lying."""

ORGANS = (
    ("云川市住房和城乡建设局", "云建函"),
    ("云川市教育局", "云教函"),
    ("云川市财政局", "云财函"),
    ("林岸县人民政府办公室", "林政办函"),
    ("云川市发展和改革委员会", "云发改函"),
)
"""Who sends guests, and the word before the year in the numbers of their letters (机关代字)."""
PURPOSES = (
    "调研老旧小区改造项目进度，现场察看两个点位并召开座谈会。",
    "考察政务服务“一窗受理”改革做法，交流事项梳理经验。",
    "对口检查校园食品安全，查阅台账并走访三所学校。",
    "调研乡村振兴项目资金使用情况，入村走访并座谈。",
    "交流基层医疗机构药品集中采购工作，观摩中心卫生院。",
)
PLACES = ("机关食堂", "区接待中心餐厅", "镇机关食堂")
HEADCOUNTS = (86, 132, 58, 97, 74, 101, 45, 39)
BASIS = "清风区人大常委会关于批准{year}年区级预算的决议"
VIOLATION = "核对票据时发现点菜单列有白酒一瓶，金额已由经办人退回。"


def events(told: Demonstration) -> list[Event]:
    """What happens, in no order."""
    chance = Random(SEED)
    happening = _budgets(told) + _returns(told, chance)
    for number in range(COUNT):
        happening += _reception(told, number, chance)
    return [event for event in happening if told.begin < event[0] <= told.end]


def _budgets(told: Demonstration) -> list[Event]:
    """The budget of each year the story touches, entered by one of the finance department, put in force by another."""
    found: list[Event] = []
    for year in {told.begin.year, told.end.year}:
        rows = [
            {
                "unit": unit.pk,
                "headcount": headcount,
                "reception": min(headcount, 100) * 600 * YUAN,
                "vehicles": headcount * 1_500 * YUAN,
                "overseas": 30_000 * YUAN if headcount > 100 else 0,
            }
            for unit, headcount in zip(told.units, cycle(HEADCOUNTS), strict=False)
        ]
        raw = {"since": f"{year}-01-01", "basis": BASIS.format(year=year), "rows": rows}
        found += _two(told, ExpenseBudget, "put_in_force", _budgeted(told, year), raw)
    return found


def _budgeted(told: Demonstration, year: int) -> date:
    """The day on which the budget of a year is put in force."""
    return max(told.days.next_workday(date(year, 1, 4)), told.days.add(day_of(told.begin), 1))


def _returns(told: Demonstration, chance: Random) -> list[Event]:
    """The quarters of the year before and of this year as far as they are over, each returned and published."""
    found: list[Event] = []
    year = told.end.year
    for of, fewer in ((year - 1, 100), (year, 74)):
        for period in (ExpensePeriod.Q1, ExpensePeriod.Q2, ExpensePeriod.Q3, ExpensePeriod.Q4):
            over = period.last_day(of) + timedelta(days=8)
            if over >= day_of(told.end):
                continue
            over = told.days.next_workday(over)
            rows = []
            for unit, headcount in zip(told.units, cycle(HEADCOUNTS), strict=False):
                share = chance.randrange(70, 110)
                nil = headcount < 50 and period == ExpensePeriod.Q2
                amounts = {
                    "reception": headcount * share * fewer,
                    "vehicles": headcount * share * fewer * 3,
                    "overseas": 18_000 * fewer if headcount > 100 and period == ExpensePeriod.Q3 else 0,
                }
                rows.append({"unit": unit.pk} | ({"nil": True} if nil else amounts))
            raw = {"year": of, "period": period.value, "rows": rows}
            found += _two(
                told, ExpenseReturn, "publish", max(over, told.days.add(day_of(told.begin), 2)), raw
            )
    return found


def _two(told: Demonstration, matter: type[Matter], name: str, day: date, raw: dict[str, Any]) -> list[Event]:
    """Entered by one person in the morning, let pass by another in the afternoon."""
    story = Story(told, matter).then(told.at(day, 9, 30), told.actor("finance1"), "enter", **raw)
    return story.then(told.at(day, 15), told.actor("finance2"), name).events


def _reception(told: Demonstration, number: int, chance: Random) -> list[Event]:
    unit = told.units[chance.randrange(len(told.units))]
    way = WAYS[number % len(WAYS)]
    span = max((day_of(told.end) - day_of(told.begin)).days - 12, 1)
    asked_on = told.days.next_workday(day_of(told.begin) + timedelta(days=5 + number * span // COUNT))
    # Who comes in the first days of a year is asked for when its budget stands.
    coming = told.days.add(asked_on, 2 + number % 2)
    asked_on = max(asked_on, told.days.add(_budgeted(told, coming.year), 1))
    visit = told.days.add(asked_on, 2 + number % 2)
    guests = chance.choice((2, 3, 4, 6, 8, 12))
    cost = guests * 60 * YUAN + chance.randrange(0, 40) * 10 * YUAN
    organ, word = ORGANS[number % len(ORGANS)]
    clerk, leader = told.actor("clerk", unit), told.actor("leader", unit)
    story = Story(told, Reception, number, number % 60)

    def files(name: str) -> Callable[[datetime], list[str]]:
        return lambda when: [_handed_in(clerk, unit, name, when)]

    letter = f"{word}〔{asked_on.year}〕{20 + number}号"
    asked = {
        "letter_organ": organ,
        "has_letter": True,
        "letter_number": letter,
        "letter_date": (asked_on - timedelta(days=1)).isoformat(),
        "purpose": PURPOSES[number % len(PURPOSES)],
        "day": visit.isoformat(),
        "place": PLACES[number % len(PLACES)],
        "guests": guests,
        "companions": min(guests, 3),
        "meals": 1,
        "estimate": cost + 200 * YUAN,
    }
    story.on(asked_on, 9, clerk, "ask", letter=files(f"{letter}.txt"), **asked)
    if way == "refused":
        story.on(asked_on, 16, leader, "refuse", reason="来访可改为视频会商，不安排接待。")
        return story.events
    story.on(told.days.add(asked_on, 1), 10, leader, "approve")
    if way == "withdrawn":
        story.on(told.days.add(asked_on, 1), 16, clerk, "withdraw", reason="派出单位来函告知行程取消。")
        return story.events
    at_table = [
        {"side": "guest", "name": f"来宾{place}", "organ": organ, "post": "干部"}
        for place in range(1, guests + 1)
    ] + [
        {"side": "companion", "name": f"陪同{place}", "organ": unit.name, "post": "干部"}
        for place in range(1, min(guests, 3) + 1)
    ]
    # What is left lying is made good in the end: first the list, then the settlement, then the closing.
    handed_in, settled, closed = (visit + LEFT_LYING * (way in ways) for ways in LEFT)
    story.on(told.days.add(handed_in, 1), 9, clerk, "hand_in_list", at_table=at_table)
    story.on(told.days.add(settled, 3), 10, clerk, "settle", cost=cost, invoice=files("发票.txt"))
    finance = told.actor("finance1")
    if way == "returned":
        story.on(
            told.days.add(visit, 4),
            10,
            finance,
            "send_back",
            reason="发票抬头与单位名称不一致，请换开。",
        )
        story.on(told.days.add(visit, 6), 10, clerk, "settle", cost=cost, invoice=files("发票（换开）.txt"))
    story.on(told.days.add(closed, 7), 15, finance, "close")
    if way == "violation":
        office = told.actor("office1")
        story.on(told.days.add(visit, 9), 11, office, "find", kind="alcohol", finding=VIOLATION)
    return story.events


def _handed_in(actor: Actor, unit: Unit, name: str, when: datetime) -> str:
    """A file handed in just before; its words say that it is made up."""
    content = f"{name}\n（演示所用，并非真实文件）\n".encode()
    digest = FILES.put([content], when)
    held = Attachment.objects.create(
        jurisdiction=unit.jurisdiction,
        account_id=actor.account_id,
        name=name,
        media_type="text/plain",
        size=len(content),
        digest=digest,
        shown=digest,
        received_at=when,
    )
    return str(held.pk)
