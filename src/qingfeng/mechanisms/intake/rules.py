"""How the rows of a file become messages 来件读取规则: which column is what, and what a cell says. Pure.

A cell is text, a whole number, a day, a day with its time, or nothing, as a workbook or a .csv holds it.
What can't be understood for certain is a fault with its column and reason; nothing is guessed or cut.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from qingfeng.kernel.folded import folded

Cell = str | int | bool | date | datetime | None

NUMBER, RECEIVED, AUTHOR, TITLE, TEXT = "number", "received", "author", "title", "text"
PLACE, THEIR_KIND, CHANNEL, ANSWER, ANSWERED = "place", "their_kind", "channel", "answer", "answered"

WORDS: dict[str, tuple[str, ...]] = {
    ANSWERED: ("答复时间", "回复时间", "办结时间", "回复日期", "answered", "replied"),
    ANSWER: ("答复意见", "答复内容", "回复内容", "答复", "回复", "办理结果", "reply", "answer"),
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
    NUMBER: ("留言编号", "工单编号", "工单号", "编号", "序号", "number", "id", "no"),
    AUTHOR: ("留言用户", "留言人", "来电人", "反映人", "联系人", "诉求人", "姓名", "用户", "author", "user"),
    TITLE: ("留言主题", "诉求标题", "工单标题", "主题", "标题", "title", "subject"),
    TEXT: (
        "留言详情",
        "诉求内容",
        "工单内容",
        "来电内容",
        "反映内容",
        "详情",
        "内容",
        "正文",
        "content",
        "text",
        "description",
    ),
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
HEADS_WITHIN = 5
"""Among so many rows the heads are looked for: files come with a title over them."""

DAY = re.compile(r"(\d{4}) ?([-/.年]) ?(\d{1,2}) ?(?:\2|月) ?(\d{1,2}) ?日?", re.ASCII)
PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
CLOCK = re.compile(
    r"(上午|下午|中午|晚上|凌晨|am|pm)? ?(\d{1,2}) ?[:时点] ?(?:(\d{1,2}) ?分?)?"
    r"(?: ?[:]? ?(\d{1,2})(?:\.0{1,9})? ?秒?)? ?(am|pm)?",
    re.ASCII,
)
ZONED = re.compile(r"\+08:?00$", re.ASCII)
SERIAL = re.compile(r"\d{5}(?:\.\d{1,20})?", re.ASCII)
AFTERNOON = ("下午", "晚上", "pm")
SECONDS_A_DAY = 86_400
_TOKENS = re.compile(r"[a-z]+|[0-9]+", re.ASCII)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Flaw:
    """What can't be read in a row: the column by what it holds (empty: the row as a whole), and why, as a code."""

    column: str
    reason: str


@dataclass(frozen=True)
class When:
    """A day, with its time of day where one was written."""

    day: date
    at: time | None = None


@dataclass(frozen=True)
class Row:
    """A row as it was read: what it says by column, or what is wrong with it."""

    said: Mapping[str, str] = field(default_factory=dict)
    received: When | None = None
    answered: When | None = None
    faults: tuple[Flaw, ...] = ()


class Unreadable(ValueError):
    """A cell that can't be read; its word is the reason's code."""


def heads_at(rows: Sequence[Sequence[Cell]]) -> int | None:
    """The place of the row of heads: the first among the filled ones above whose heads say enough, else the first."""
    filled = [at for at, row in enumerate(rows) if any(cell is not None for cell in row)][:HEADS_WITHIN]
    for at in filled:
        if len({TITLE, TEXT, RECEIVED, NUMBER} & set(suggested(named(rows[at])))) > 1:
            return at
    return filled[0] if filled else None


def named(heads: Sequence[Cell]) -> list[str]:
    """The heads as they are called: each once, those without words by their place."""
    known: dict[str, int] = {}
    names = []
    for place, cell in enumerate(heads, start=1):
        name = one_line(cell)[:LONGEST_HEAD] or f"（{place}）"
        known[name] = known.get(name, 0) + 1
        names.append(name if known[name] == 1 else f"{name} ({known[name]})")
    return names


def suggested(heads: Sequence[str]) -> dict[str, str]:
    """Which head holds what, as far as its words tell; each head once."""
    found: dict[str, str] = {}
    read = [(head, *_forms(head)) for head in heads]
    for column, words in WORDS.items():
        ranked = [
            (rank, order, place, head)
            for place, (head, bare, tokens) in enumerate(read)
            if head not in found.values()
            for order, word in enumerate(words)
            if (rank := _said(word, bare, tokens)) is not None
        ]
        if ranked:
            found[column] = min(ranked)[-1]
    return found


def read(cells: Mapping[str, Cell], today: date) -> Row:
    """What a row says. Everything wrong with it is told at once."""
    faults: list[Flaw] = []
    said: dict[str, str] = {}
    times: dict[str, When | None] = {}
    for column, cell in cells.items():
        try:
            if column in (RECEIVED, ANSWERED):
                times[column] = when(cell, today)
            elif column in (TEXT, ANSWER):
                said[column] = _within(column, prose(cell))
            else:
                said[column] = _within(column, one_line(cell))
        except Unreadable as fault:
            faults.append(Flaw(column, str(fault)))
    if not said.get(TEXT) and not said.get(TITLE) and not faults:
        faults.append(Flaw("", "empty"))
    if faults:
        return Row(faults=tuple(faults))
    if not said.get(TITLE):
        said[TITLE] = said[TEXT].splitlines()[0][:SHOWN_TITLE]
    return Row(said, times.get(RECEIVED), times.get(ANSWERED))


def when(cell: Cell, today: date) -> When | None:
    """The day, and the time where one was written; none for an empty cell. Raises ``Unreadable``.

    A number is a day as workbooks count them, from 1900-01-00 on. A day that is still to come is none.
    """
    if cell is None or cell == "":
        return None
    found = _when(cell)
    if found is None:
        raise Unreadable("date")
    if not EARLIEST <= found.day <= today:
        raise Unreadable("date_outside")
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
        raise Unreadable("too_long")
    return text


def _visible(cell: Cell) -> str:
    if cell is None:
        return ""
    text = cell if isinstance(cell, str) else cell.isoformat() if isinstance(cell, date) else str(cell)
    return "".join(sign if sign in "\n\r\t" or unicodedata.category(sign)[0] != "C" else "" for sign in text)


def _when(cell: Cell) -> When | None:
    if isinstance(cell, datetime):
        return When(cell.date(), cell.time())
    if isinstance(cell, date):
        return When(cell)
    text = " ".join(folded(str(cell)).split()).casefold()
    if SERIAL.fullmatch(text):
        return _serial(text)
    if packed := PACKED.fullmatch(text):
        return _made(packed[1], packed[2], packed[3], None)
    found = DAY.match(text)
    if found is None:
        return None
    rest = ZONED.sub("", text[found.end() :].strip().removeprefix("t").strip()).strip()
    clock = CLOCK.fullmatch(rest) if rest else None
    if rest and clock is None:
        return None
    return _made(found[1], found[3], found[4], clock)


def _serial(text: str) -> When:
    days, _point, part = text.partition(".")
    seconds = round(SECONDS_A_DAY * int(part) / 10 ** len(part)) if part else 0
    # Workbooks count a 29 February 1900 that never was: from March 1900 on their day 0 is 30 December 1899.
    moment = datetime(1899, 12, 30) + timedelta(days=int(days), seconds=seconds)
    return When(moment.date(), moment.time() if seconds else None)


def _made(year: str, month: str, day: str, clock: re.Match[str] | None) -> When | None:
    try:
        on = date(int(year), int(month), int(day))
        if clock is None:
            return When(on)
        half, hour = clock[1] or clock[5] or "", int(clock[2])
        if half in AFTERNOON and hour < 12:
            hour += 12
        elif half in ("上午", "凌晨", "am") and hour == 12:
            hour = 0
        at = time(hour, int(clock[3] or 0), int(clock[4] or 0))
        # Who writes days without a time gets midnight from many a program; the reader of sheets sees it so too.
        return When(on, at if at != time() else None)
    except ValueError:
        return None
