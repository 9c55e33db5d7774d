"""The messages of the demonstration: five files of a hotline, how each was handed out, by a fixed seed.

All of them are made up. From the older files everything was answered or set aside; the latest wait.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from qingfeng.kernel.actors import Actor
from qingfeng.kernel.attachments.intake import FILES
from qingfeng.kernel.attachments.models import Attachment
from qingfeng.kernel.telling import Event, Told
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.intake.batch import Batch
from qingfeng.mechanisms.intake.going_on import go_on

SEED = 20170412
SOURCE = "12345热线"
HEADS = ("工单编号", "来电人", "诉求标题", "来电时间", "诉求内容", "地址")
DAYS_AGO = (100, 72, 44, 15, 2)
ROWS = 30
SHEETS_FROM_WITHIN = 20
"""Days: from files no older than that sheets are opened; older ones would long be put right."""

PLACES = (
    "东风路",
    "河滨小区",
    "学府街",
    "老城农贸市场",
    "新桥村",
    "清河镇卫生院",
    "便民服务中心",
    "南湖公园",
)
SURNAMES = "赵钱孙李周吴郑王冯陈"
SAID = (
    (
        "livelihood",
        "{p}路灯损坏{n}盏",
        "{p}有{n}盏路灯不亮，晚上出行看不清路，报修后一直没有人来修，请尽快处理。",
    ),
    ("livelihood", "{p}下水道堵塞，污水外溢", "{p}下水道堵塞{n}天，污水流到路面，气味难闻，希望尽快疏通。"),
    ("livelihood", "{p}供水水压不足", "{p}早晚用水高峰水压很低，{n}楼以上基本没有水，请供水单位核实。"),
    ("inaction", "{p}窗口工作时间无人值守", "上午十点到{p}办事，窗口没有人，等了{n}十分钟也无人说明去向。"),
    (
        "inaction",
        "反映问题{n}次，{p}一直无人答复",
        "就{p}占道问题先后反映{n}次，每次都说已记录，至今没有任何答复。",
    ),
    (
        "slow_action",
        "{p}办证材料补正{n}次",
        "在{p}办理登记，先后被要求补正{n}次，每次要的材料都不一样，没有一次说清。",
    ),
    (
        "slow_action",
        "{p}维修承诺{n}日完成，至今未动工",
        "{p}维修公示{n}日内完成，现已超期一个多月，现场没有动工。",
    ),
    (
        "counter_service",
        "{p}工作人员态度生硬",
        "到{p}咨询政策，工作人员看手机，回答生硬，让自己上网查，等了{n}分钟。",
    ),
    (
        "counter_service",
        "{p}中午提前{n}分钟关门",
        "中午去{p}办事，还没到下班时间就提前{n}分钟关门，白跑一趟。",
    ),
    ("formalism", "{p}要求重复填报{n}张表格", "同一数据{p}要求填{n}张表格，分别报几个科室，内容完全一样。"),
    ("formalism", "{p}工作群打卡{n}次", "{p}要求每天在工作群打卡{n}次并拍照，占用了走访入户的时间。"),
    (
        "business_environment",
        "{p}一月内上门检查{n}次",
        "在{p}经营小店，一个月内被上门检查{n}次，每次事项相同，影响经营。",
    ),
    (
        "business_environment",
        "{p}招牌要求统一更换",
        "{p}商户被要求自费统一更换招牌，涉及{n}家，没有见到依据文件。",
    ),
    ("", "感谢{p}工作人员", "感谢{p}工作人员耐心帮助，{n}分钟就把事情办好了，特来电感谢。"),
    ("", "咨询{p}周末是否办公", "请问{p}周末是否办公，需要带哪{n}样材料。"),
)
NOT_FOR_A_SHEET = "感谢、咨询类，已当场答复"
ANSWERED = "已转有关单位按时限答复，来电人表示满意"


def events(told: Told) -> list[Event]:
    """What happens to each of the files."""
    found: list[Event] = []
    for place, days_ago in enumerate(DAYS_AGO):
        day = day_of(told.end) - timedelta(days=days_ago)
        while not told.days.is_workday(day):
            day -= timedelta(days=1)
        if told.at(day, 9) > told.begin:
            found += _events(told, place, day, days_ago)
    return found


def _events(told: Told, place: int, day: date, days_ago: int) -> list[Event]:
    random = Random(SEED + place)
    office = told.actor(f"office{1 + place % 3}")
    rows = _rows(random, day, place)
    kinds = {number: kind for number, (kind, *_row) in enumerate(rows[:-1], start=2)}
    known: dict[str, int] = {}
    latest = days_ago == DAYS_AGO[-1]
    found: list[Event] = []

    def then(hour: int, minute: int, happen: Callable[[datetime], None]) -> None:
        moment = told.at(day, hour, minute)
        if moment <= told.end:
            found.append((moment, place, happen))

    def act(name: str, **raw: Any) -> Callable[[datetime], None]:
        def happen(when: datetime) -> None:
            known["pk"] = told.perform(Batch, name, office, raw, when, known.get("pk")).matter.pk

        return happen

    def receive(when: datetime) -> None:
        file = _handed_in(told, office, f"热线工单{day:%m%d}.csv", [row for _kind, *row in rows], when)
        act("receive", file=[file], source=SOURCE, origin="hotline")(when)

    then(9, 0, receive)
    then(9, 10, act("take_in"))
    then(9, 15, _sorted)
    if latest:
        return found
    then(10, 0, act("confirm", rows=[{"row": row, "kind": kind} for row, kind in kinds.items() if kind]))
    idle = [{"row": row} for row, kind in kinds.items() if not kind]
    then(10, 20, act("set_aside", rows=idle, reason=NOT_FOR_A_SHEET))
    if days_ago <= SHEETS_FROM_WITHIN:
        for order, row in enumerate([row for row, kind in kinds.items() if kind][:4]):
            unit = told.units[random.randrange(len(told.units))]
            then(11, 10 * order, act("open_sheet", row=row, kind=kinds[row], unit=unit.pk))
        return found
    then(16, 0, act("finish", reason=ANSWERED))
    return found


def _sorted(when: datetime) -> None:
    while go_on(when):
        pass


def _rows(random: Random, day: date, place: int) -> list[tuple[str, ...]]:
    """Kind and cells of each row; two repeat an earlier one in other words, the last has no date anyone can read."""
    rows: list[tuple[str, ...]] = []
    for number in range(ROWS):
        kind, title, text = SAID[(number * 7 + place) % len(SAID)]
        where, count = random.choice(PLACES), random.randint(2, 6)
        said = {"p": where, "n": count}
        received = day - timedelta(days=random.randint(1, 9))
        written = (
            f"{received:%Y-%m-%d}"
            if number % 3
            else f"{received.year}/{received.month}/{received.day} 9:{number:02}:00"
        )
        author = f"{random.choice(SURNAMES)}某某"
        rows.append(
            (
                kind,
                f"RX{day:%y%m}{number + 1:03}",
                author,
                title.format(**said),
                written,
                text.format(**said),
                where,
            )
        )
    for at in (11, 23):
        kind, _number, _author, title, _written, text, where = rows[at - 8]
        rows[at] = (
            kind,
            rows[at][1],
            rows[at][2],
            f"再次反映：{title}",
            rows[at][4],
            f"{text}已是第二次来电。",
            where,
        )
    rows[-1] = (*rows[-1][:4], "上周三", *rows[-1][5:])
    return rows


def _handed_in(told: Told, actor: Actor, name: str, rows: list[list[str]], when: datetime) -> str:
    """A file of the hotline, handed in just before."""
    text = io.StringIO()
    csv.writer(text).writerows([HEADS, *rows])
    content = text.getvalue().encode("utf-8-sig")
    digest = FILES.put([content], when)
    held = Attachment.objects.create(
        jurisdiction=told.units[0].jurisdiction,
        account_id=actor.account_id,
        name=name,
        media_type="text/csv",
        size=len(content),
        digest=digest,
        shown=digest,
        received_at=when,
    )
    return str(held.pk)
