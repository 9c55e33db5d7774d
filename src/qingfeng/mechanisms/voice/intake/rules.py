"""How the rows of a file become messages 来件读取规则: which column is what, and what a cell says. Pure.

A cell is text, a whole number, a day, a day with its time, or nothing, as a workbook or a .csv holds it.
What can't be understood for certain is left empty and marked with its column and reason; nothing is guessed or cut.
Only a row without any words, or with more of them than a message holds, is no message.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from qingfeng.kernel.sheets.cells import AmbiguousDay, Cell, DayAndTime, Order, is_nil
from qingfeng.kernel.sheets.cells import when as written
from qingfeng.kernel.text.normalization import folded

NUMBER, RECEIVED, AUTHOR, TITLE, TEXT = "number", "received", "author", "title", "text"
PLACE, THEIR_KIND, CHANNEL, ANSWER, ANSWERED = "place", "their_kind", "channel", "answer", "answered"

WEAK = ("问题", "诉求", "事项")
"""Words that name a title only where a head ends in them: 问题 does, 问题分类 doesn't."""
WORDS: dict[str, tuple[str, ...]] = {
    ANSWERED: ("答复时间", "回复时间", "办结时间", "回复日期", "answered", "replied"),
    ANSWER: (
        "答复意见",
        "答复内容",
        "回复内容",
        "答复",
        "回复",
        "办理结果",
        "办理情况",
        "处理结果",
        "处理情况",
        "办结情况",
        "reply",
        "answer",
    ),
    RECEIVED: (
        "留言时间",
        "来电时间",
        "反映时间",
        "受理时间",
        "诉求时间",
        "登记时间",
        "提交时间",
        "创建时间",
        "dateline",
        "received",
        "requested",
        "时间",
        "日期",
        "time",
        "date",
    ),
    NUMBER: ("留言编号", "工单编号", "工单号", "编号", "number", "id", "no"),
    AUTHOR: ("留言用户", "留言人", "来电人", "反映人", "联系人", "诉求人", "姓名", "用户", "author", "user"),
    TEXT: (
        "留言详情",
        "诉求内容",
        "工单内容",
        "来电内容",
        "反映内容",
        "详情",
        "内容",
        "正文",
        "描述",
        "概况",
        "情况",
        "content",
        "text",
        "description",
    ),
    TITLE: ("留言主题", "诉求标题", "工单标题", "主题", "标题", "title", "subject", *WEAK),
    THEIR_KIND: (
        "一级分类",
        "诉求类型",
        "问题分类",
        "分类",
        "类别",
        "类型",
        "领域",
        "性质",
        "kind",
        "category",
        "domain",
    ),
    CHANNEL: ("信息来源", "来源渠道", "渠道", "来源", "channel"),
    PLACE: ("地址", "地点", "位置", "所属区域", "区域", "address", "place", "location"),
}
"""How columns are called in the files of several places, by what they hold, the surest word first."""

LONGEST = {NUMBER: 60, AUTHOR: 100, TITLE: 500, TEXT: 50_000, PLACE: 200, THEIR_KIND: 100, CHANNEL: 100}
LONGEST[ANSWER] = LONGEST[TEXT]
LONGEST_HEAD = 100
SHOWN_TITLE = 60
EARLIEST = date(1990, 1, 1)
LONGEST_HEAD = 20
"""What is longer is no head but words of a message."""
LOOKED_AT = 200
"""Rows that tell which of two columns of days is the cleaner one."""
DAYS = (RECEIVED, ANSWERED)
ASIDE = ("序号", "行号", "备注")
"""Heads of columns that number rows or remark upon them."""
TEXT_ENDS = ("描述", "内容", "情况", "概况", "详情", "详细")

_TOKENS = re.compile(r"[a-z]+|[0-9]+", re.ASCII)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Flaw(NamedTuple):
    """What can't be read in a row: the column by what it holds (empty: the row as a whole), and why, as a code."""

    column: str
    reason: str


@dataclass(frozen=True)
class MessageRow:
    """A row as it was read: what it says by column, what was left empty and why; or why it is no message."""

    said: Mapping[str, str] = field(default_factory=dict)
    received: DayAndTime | None = None
    answered: DayAndTime | None = None
    marks: tuple[Flaw, ...] = ()
    faults: tuple[Flaw, ...] = ()


class UnreadableCell(ValueError):
    """A cell that can't be read; its word is the reason's code."""


def known(row: Sequence[Cell]) -> int:
    """How surely a row is one of heads: how much of what a message needs its heads name; 0 for no row of heads."""
    heads = [cell for cell in row if isinstance(cell, str) and len(cell) <= LONGEST_HEAD]
    found = len({TITLE, TEXT, RECEIVED, NUMBER} & set(suggested(heads)))
    if found > 1:
        return found
    read = [_forms(head) for head in heads]
    return int(any(_said(word, *forms) == 0 for word in WORDS[TITLE] + WORDS[TEXT] for forms in read))


def is_message(row: Sequence[Cell]) -> bool:
    """Whether a row looks like a message rather than heads: a number or a day in it, or words longer than a head has."""
    texts = [cell.strip() if isinstance(cell, str) else str(cell) for cell in row if cell is not None]
    return any(text.isdigit() or len(text) > LONGEST_HEAD for text in texts) or any(map(_certain, row))


def named(heads: Sequence[Cell]) -> list[str]:
    """The heads as they are called: each once, those without words by their place."""
    known: dict[str, int] = {}
    names = []
    for place, cell in enumerate(heads, start=1):
        name = one_line(cell)[:LONGEST_HEAD] or f"（{place}）"
        known[name] = known.get(name, 0) + 1
        names.append(name if known[name] == 1 else f"{name} ({known[name]})")
    return names


def suggested(heads: Sequence[str], rows: Sequence[Sequence[Cell]] = ()) -> dict[str, str]:
    """Which head holds what, as far as its words tell; each head once.

    Of two columns of days of one kind that is taken whose days are read, as ``rows`` show.
    """
    found: dict[str, str] = {}
    read = [(head, *_forms(head)) for head in heads]
    for column, words in WORDS.items():
        ranked = [
            (column in DAYS and _unclean(rows, place), rank, order, place, head)
            for place, (head, bare, tokens) in enumerate(read)
            if head not in found.values()
            and bare not in ASIDE
            and not (column == TITLE and head.endswith(TEXT_ENDS))
            for order, word in enumerate(words)
            if (word not in WEAK or head.endswith(word)) and (rank := _said(word, bare, tokens)) is not None
        ]
        if ranked:
            found[column] = min(ranked)[-1]
    return found


def by_content(heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> dict[str, str]:
    """Which column holds what in a file without heads, by what stands in the first rows."""
    columns = [
        [row[at] for row in rows[:LOOKED_AT] if at < len(row) and row[at] is not None]
        for at in range(len(heads))
    ]
    lengths = [sum(len(str(cell)) for cell in column) / len(column) if column else 0 for column in columns]
    days = [
        at for at, column in enumerate(columns) if column and sum(map(_certain, column)) > len(column) / 2
    ]
    words = sorted((at for at in range(len(heads)) if at not in days), key=lambda at: -lengths[at])
    found = {RECEIVED: heads[days[0]]} if days else {}
    if words:
        found[TEXT] = heads[words[0]]
    if len(words) > 1 and lengths[words[1]] > 4:
        found[TITLE] = heads[words[1]]
    return found


def read(
    cells: Mapping[str, Cell], today: date, order: Order = "", doubt: Mapping[str, str] | None = None
) -> MessageRow:
    """What a row says. ``doubt`` names columns whose cell can't be relied on, each with its reason."""
    doubt = doubt or {}
    wrong = [Flaw(column, reason) for column, reason in doubt.items()]
    said: dict[str, str] = {}
    times: dict[str, DayAndTime | None] = {}
    for column, cell in cells.items():
        if column in doubt:
            continue
        try:
            if column in DAYS:
                times[column] = when(cell, today, order)
            elif column in (TEXT, ANSWER):
                said[column] = _within(column, prose(cell))
            else:
                said[column] = _within(column, one_line(cell))
        except UnreadableCell as fault:
            wrong.append(Flaw(column, str(fault)))
    if is_nil(said.get(NUMBER)):
        said[NUMBER] = ""
    words = said.get(TITLE) or said.get(TEXT)
    lost = [flaw for flaw in wrong if flaw.column == TEXT or (flaw.column == TITLE and not words)]
    if lost or not words:
        return MessageRow(faults=tuple(wrong) if lost else (*wrong, Flaw("", "empty")))
    if not said.get(TITLE):
        said[TITLE] = said[TEXT].splitlines()[0][:SHOWN_TITLE]
    return MessageRow(said, times.get(RECEIVED), times.get(ANSWERED), tuple(wrong))


def when(cell: Cell, today: date, order: Order = "") -> DayAndTime | None:
    """The day, and the time where one was written; none for an empty cell. Raises ``Unreadable``.

    A day that is still to come is none.
    """
    if cell is None or cell == "" or is_nil(cell):
        return None
    try:
        found = written(cell, order)
    except AmbiguousDay:
        raise UnreadableCell("order") from None
    if found is None:
        raise UnreadableCell("date")
    if not EARLIEST <= found.day <= today:
        raise UnreadableCell("date_outside")
    return found


def prose(cell: Cell) -> str:
    """The text of a cell: its lines without the blanks around them, and without empty ones."""
    lines = (" ".join(line.split()) for line in _visible(cell).splitlines())
    return "\n".join(line for line in lines if line)


def one_line(cell: Cell) -> str:
    """The text of a cell in one line."""
    return " ".join(_visible(cell).split())


def masked(name: str) -> str:
    """A name with all but its first character hidden."""
    return f"{name[0]}＊＊" if name else ""


def _forms(head: str) -> tuple[str, list[str]]:
    """A head as words are looked for in it: without blanks, and cut into Latin words and numbers."""
    plain = folded(head[:LONGEST_HEAD])
    return "".join(plain.split()).casefold(), _TOKENS.findall(_HUMP.sub(" ", plain).casefold())


def _said(word: str, bare: str, tokens: Sequence[str]) -> int | None:
    """How surely a head says a word: 0 it is the word, 1 begins with it, 2 has it in it; none: it doesn't."""
    if not word.isascii():
        return 0 if bare == word else 1 if bare.startswith(word) else 2 if word in bare else None
    if word not in tokens:
        return None
    return 0 if bare == word else 1 if tokens[0] == word else 2


def _within(column: str, text: str) -> str:
    if len(text) > LONGEST[column]:
        raise UnreadableCell("too_long")
    return text


def _visible(cell: Cell) -> str:
    if cell is None:
        return ""
    text = cell if isinstance(cell, str) else cell.isoformat() if isinstance(cell, date) else str(cell)
    # Private-use and newest signs, which this machine has no name for, are kept: somebody's name may be written in them.
    return "".join(
        sign for sign in text if sign in "\n\r\t" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs")
    )


def _certain(cell: Cell) -> bool:
    """Whether a cell holds a day; a bare number of five digits may as well be a number of the message."""
    try:
        return not isinstance(cell, int) and cell is not None and written(cell) is not None
    except AmbiguousDay:
        return True


def _unclean(rows: Sequence[Sequence[Cell]], at: int) -> bool:
    """Whether more than a tenth of the first cells of a column are no day for certain."""
    filled = [row[at] for row in rows[:LOOKED_AT] if at < len(row) and row[at] is not None]
    unread = 0
    for cell in filled:
        try:
            unread += written(cell) is None
        except AmbiguousDay:
            unread += 1
    return 10 * unread > len(filled)
