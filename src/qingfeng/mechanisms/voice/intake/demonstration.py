"""The messages of the demonstration: five files of a hotline, how each was handed out, by a fixed seed.

All of them are made up. From the older files everything was answered or set aside; the latest wait.
"""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from qingfeng.kernel.attachments.intake import FILES
from qingfeng.kernel.attachments.models import Attachment
from qingfeng.kernel.demonstration import Demonstration, Event, Story
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.voice.intake.batch import Batch
from qingfeng.mechanisms.voice.intake.import_jobs import go_on

SEED = 20170412
SOURCE = "12345热线"
HEADS = ("工单编号", "来电人", "诉求标题", "来电时间", "诉求内容", "地址")
DAYS_AGO = (100, 72, 44, 15, 2)
ROWS = 30
SHEETS_FROM_WITHIN = 20
"""Days: from files no older than that sheets are opened; older ones would long be put right."""

STREETS = (
    "东风路",
    "河滨小区",
    "学府街",
    "老城农贸市场",
    "新桥村",
    "南湖公园",
    "桐木巷",
    "向阳社区",
    "清河镇集镇",
    "北门菜场",
)
OFFICES = (
    "便民服务中心",
    "清河镇卫生院",
    "政务大厅",
    "社保窗口",
    "不动产窗口",
    "明溪镇为民服务站",
    "市场监管所",
    "学府街派出所窗口",
)
SURNAMES = "赵钱孙李周吴郑王冯陈"
OPENINGS = (
    "您好，我是附近的住户。",
    "本人上周亲身经历。",
    "家里老人腿脚不便，",
    "这件事邻居们议论很久了。",
    "我在外务工，刚回来。",
    "代表同楼几户反映：",
    "之前没有打过热线，这次实在没办法。",
    "",
)
CLOSINGS = (
    "盼回复。",
    "请有关部门派人到现场看一看，不要只打电话。",
    "希望给一个明确的时间，好让大家心里有数。",
    "请保护反映人的信息。",
    "如果不归你们管，请告诉我该找谁。",
    "谢谢接线的同志。",
    "",
)
SAID = (
    ("livelihood", STREETS, "{p}路灯损坏{n}盏", "{p}有{n}盏路灯不亮，晚上出行看不清路，报修后一直没有人来。"),
    (
        "livelihood",
        STREETS,
        "{p}下水道堵塞，污水外溢",
        "污水从{p}的井盖往外冒了{n}天，气味难闻，孩子上学要绕道。",
    ),
    ("livelihood", STREETS, "{p}水压不足", "早晚做饭的时候{p}的自来水只有细细一股，{n}楼往上干脆没水。"),
    ("livelihood", STREETS, "{p}垃圾{n}天未清运", "{p}的垃圾桶满了{n}天，苍蝇很多，清运车没有来过。"),
    ("inaction", OFFICES, "{p}工作时间无人值守", "上午十点到{p}，窗口是空的，等了{n}0分钟没有人说明去向。"),
    (
        "inaction",
        OFFICES,
        "反映{n}次，{p}一直没有答复",
        "同一件事跟{p}说过{n}次，回回都讲已经记下，至今没有下文。",
    ),
    (
        "slow_action",
        OFFICES,
        "在{p}办证材料补正{n}次",
        "{p}让补了{n}次材料，次次要的不一样，没有一次讲清楚。",
    ),
    (
        "slow_action",
        STREETS,
        "{p}维修超过承诺时间",
        "公示牌写着{p}的维修{n}0日完工，现在超了一个多月还没动土。",
    ),
    (
        "counter_service",
        OFFICES,
        "{p}工作人员态度生硬",
        "咨询政策时{p}的人低头看手机，叫我自己上网查，{n}分钟只说了一句话。",
    ),
    (
        "counter_service",
        OFFICES,
        "{p}提前{n}分钟关门",
        "还没到下班的点，{p}就提前{n}分钟拉了卷帘门，白跑一趟。",
    ),
    (
        "formalism",
        OFFICES,
        "{p}要求重复填报{n}张表",
        "一样的数据要给{p}填{n}张表，分头送几个科室，内容一个字不差。",
    ),
    (
        "formalism",
        OFFICES,
        "{p}工作群打卡{n}次",
        "{p}建的群里每天要签到{n}次还得拍照，走访入户的工夫都没了。",
    ),
    (
        "business_environment",
        STREETS,
        "{p}一月内上门检查{n}次",
        "在{p}开小店，这个月来查了{n}回，每回问的都是同样的事，没出示检查计划。",
    ),
    (
        "business_environment",
        STREETS,
        "{p}商户被要求统一更换招牌",
        "{p}有{n}家店被通知自费换招牌，问依据是什么，没有人拿得出文件。",
    ),
    ("", OFFICES, "感谢{p}工作人员", "{p}的同志把我母亲扶到座位上，{n}分钟办完，特来电感谢。"),
    ("", OFFICES, "咨询{p}周末是否办公", "请问{p}周末开不开门，要带哪{n}样材料。"),
)
NOT_FOR_A_SHEET = "感谢、咨询类，已当场答复"
TOPIC = "not_acting"
ANSWERED = "已转有关单位按时限答复，来电人表示满意"


def events(told: Demonstration) -> list[Event]:
    """What happens to each of the files."""
    found: list[Event] = []
    for place, days_ago in enumerate(DAYS_AGO):
        day = day_of(told.end) - timedelta(days=days_ago)
        while not told.days.is_workday(day):
            day -= timedelta(days=1)
        if told.at(day, 9) > told.begin:
            found += _events(told, place, day, days_ago)
    return found


def _events(told: Demonstration, place: int, day: date, days_ago: int) -> list[Event]:
    random = Random(SEED + place)
    office = told.actor(f"office{1 + place % 3}")
    rows = _rows(random, day, place)
    kinds = {number: kind for number, (kind, *_row) in enumerate(rows[:-1], start=2)}
    latest = days_ago == DAYS_AGO[-1]
    story = Story(told, Batch, place)

    def then(hour: int, minute: int, name: str, **raw: Any) -> None:
        story.then(told.at(day, hour, minute), office, name, **raw)

    def file(when: datetime) -> list[str]:
        name = f"热线工单{day:%m%d}.csv"
        return [_handed_in(told, office, name, [row for _kind, *row in rows], when)]

    then(9, 0, "receive", file=file, source=SOURCE, origin="hotline")
    then(9, 10, "take_in")
    story.meanwhile(told.at(day, 9, 15), _sorted)
    if latest:
        return story.events
    then(10, 0, "confirm", rows=[{"row": row, "kind": kind} for row, kind in kinds.items() if kind])
    idle = [{"row": row} for row, kind in kinds.items() if not kind]
    then(10, 20, "set_aside", rows=idle, reason=NOT_FOR_A_SHEET)
    if days_ago <= SHEETS_FROM_WITHIN:
        for order, row in enumerate([row for row, kind in kinds.items() if kind][:4]):
            unit = told.units[random.randrange(len(told.units))]
            then(11, 10 * order, "open_sheet", row=row, kind=kinds[row], topic=TOPIC, unit=unit.pk)
        return story.events
    then(16, 0, "finish", reason=ANSWERED)
    return story.events


def _sorted(when: datetime) -> None:
    while go_on(when):
        pass


def _rows(random: Random, day: date, place: int) -> list[tuple[str, ...]]:
    """Kind and cells of each row; two repeat an earlier one in other words, the last has no date anyone can read."""
    rows: list[tuple[str, ...]] = []
    for number in range(ROWS):
        kind, places, title, text = SAID[(number * 7 + place) % len(SAID)]
        where, count = random.choice(places), random.randint(2, 6)
        said = {"p": where, "n": count}
        whole = random.choice(OPENINGS) + text.format(**said) + random.choice(CLOSINGS)
        received = day - timedelta(days=random.randint(1, 9))
        written = (
            f"{received:%Y-%m-%d}"
            if number % 3
            else f"{received.year}/{received.month}/{received.day} 9:{number:02}:00"
        )
        author = f"{random.choice(SURNAMES)}某某"
        rows.append(
            (kind, f"RX{day:%y%m}{number + 1:03}", author, title.format(**said), written, whole, where)
        )
    for at in (11, 23):
        kind, _number, _author, title, _written, text, where = rows[at - 8]
        rows[at] = (
            kind,
            rows[at][1],
            rows[at][2],
            f"再次反映：{title}",
            rows[at][4],
            f"{text}这是第二次来电。",
            where,
        )
    rows[-1] = (*rows[-1][:4], "上周三", *rows[-1][5:])
    return rows


def _handed_in(told: Demonstration, actor: Actor, name: str, rows: list[list[str]], when: datetime) -> str:
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
