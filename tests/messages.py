"""A batch of messages, brought to a state by the people of the cast; every message is made up."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.attachments.intake import receive
from qingfeng.mechanisms.voice.intake.import_jobs import go_on
from qingfeng.mechanisms.voice.intake.models import Batch
from tests import cast
from tests.cast import NOW, do

HEADS = ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "所属区域")
ROWS = (
    (
        "1001",
        "张大山",
        "东风路路灯坏了三天",
        "2026/3/1 9:30:00",
        "东风路中段三盏路灯不亮，夜里看不清路，报修三天没人来。",
        "东风路",
    ),
    (
        "1002",
        "李小河",
        "窗口中午没人",
        "2026-03-02",
        "社保窗口中午十二点到两点无人值守，白跑一趟。",
        "政务大厅",
    ),
    (
        "1003",
        "王一",
        "东风路的路灯坏了三天了",
        "2026/3/3 20:01",
        "东风路中段三盏路灯不亮，夜里看不清路，报修三天也没人来！",
        "东风路",
    ),
    (
        "1002",
        "李小河",
        "窗口中午没人",
        "2026-03-04",
        "社保窗口中午十二点到两点无人值守，白跑一趟。",
        "政务大厅",
    ),
    ("1005", "赵二", "感谢帮助", "2026-03-05", "感谢窗口工作人员的耐心帮助。", ""),
    ("1006", "孙三", "", "2026-03-06", "", "南湖公园"),
)
"""Six rows: the third nearly repeats the first, the fourth has the second's number, the last says nothing."""


def csv_of(rows: Sequence[Sequence[Any]] = ROWS, heads: Sequence[str] = HEADS) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([heads, *rows])
    return text.getvalue().encode()


def workbook_of(rows: Sequence[Sequence[Any]] = ROWS, heads: Sequence[str] = HEADS) -> bytes:
    return workbook_with(来件=[heads, *rows])


def workbook_with(**sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of some worksheets, by name."""
    written = BytesIO()
    book = xlsxwriter.Workbook(written)
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    return written.getvalue()


def handed_in(content: bytes, name: str = "来件.csv", who: str = "clerk_housing") -> Attachment:
    place = cast.PARTS[who].jurisdiction
    return receive(BytesIO(content), name, cast.account(who), cast.jurisdiction(place), NOW)


def received(
    content: bytes | None = None,
    name: str = "来件.csv",
    who: str = "clerk_housing",
    at: datetime = NOW,
    **said: Any,
) -> Batch:
    """A batch that was handed in."""
    file = handed_in(csv_of() if content is None else content, name, who)
    raw = {"file": [str(file.pk)], "source": "市长信箱", "origin": "message", "again": True, **said}
    matter = do("intake.receive", who, at=at, **raw).matter
    assert isinstance(matter, Batch)
    return matter


def batch(
    content: bytes | None = None,
    name: str = "来件.csv",
    who: str = "clerk_housing",
    at: datetime = NOW,
    **said: Any,
) -> Batch:
    """A batch that was taken in and sorted."""
    matter = received(content, name, who, at, **said)
    do("intake.take_in", who, matter, at)
    return gone_on(matter, at)


def gone_on(matter: Batch, at: datetime = NOW) -> Batch:
    """The batch once the worker has nothing more to do for it."""
    while go_on(at):
        pass
    return Batch.objects.get(pk=matter.pk)
