"""What a cell says 单元格释义: days and moments, months, counts, signs for nothing. Pure.

What could be meant in two ways is not read. 5/3/2024 is the fifth of March or the third of May: it is read only
where somebody said which order a column is written in.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from qingfeng.kernel.text.normalization import folded

Order = Literal["", "dmy", "mdy"]
"""In which order a column writes day and month 日月顺序; empty: nobody said."""
Cell = str | int | bool | date | datetime | None

NIL = frozenset({"/", "／", "\\", "-", "--", "—", "——", "–", "－", "无", "nil", "none", "n/a"})
"""Signs by which a cell says that it holds nothing 空值符号."""
ZERO = frozenset({"零", "〇", "○"})
TOTALS = re.compile(
    r"(?:本页|本月|本年|本季度?|全年|全[省市区县]|各单位)?(?:合计|总计|小计|共计|累计)[:：]?|(?:sub|grand)?total:?"
)
COUNTERS = "个件次份人场名户项条起篇辆"
"""Words that may stand after a number in a column of counts 量词; none of them measures."""
INVISIBLE = re.compile(
    r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Format characters 不可见控制字符: they turn text round or hide in it, and nobody sees them (Unicode, category Cf)."""

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_SPELT = re.compile(r"(?<![〇○零一二三四五六七八九十])[〇○零一二三四五六七八九十]++(?=[年月日号时点分])")
_YEAR_FIRST = re.compile(
    r"(\d{4})(?:\s*年\s*|\s*[-/.、\\—–]\s*)(\d{1,2})"
    r"(?:\s*月\s*|\s*[-/.、\\—–]\s*)(\d{1,2})\s*[日号]?",
    re.ASCII,
)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_WEEKDAY = re.compile(r"^[(\[]?(?:星期|礼拜|周)[一二三四五六日天][)\]]?[,，]?\s*")
_ZONE = re.compile(r"(?:z|([+-])(\d{2}):?(\d{2})?)$", re.ASCII)
_CLOCK = re.compile(
    r"(?P<half>上午|下午|中午|晚上|夜里|夜间|深夜|凌晨|早上|早晨|清晨|傍晚|am|pm)?"
    r"(?P<hour>\d{1,2})[:时点](?:(?P<minute>\d{1,2})分?|(?P<thirty>半))?"
    r"(?::?(?P<second>\d{1,2})(?:[.,]\d+)?秒?)?(?P<after>am|pm)?",
    re.ASCII,
)
_MONTH = re.compile(r"(\d{4})(?:\s*年\s*|\s*[-/.]\s*)(\d{1,2})\s*(?:月份?)?", re.ASCII)
_COUNT = re.compile(r"(-?\d{1,3}(?:,\d{3})+|-?\d+)(?:\.(\d+))?\s*(万|千)?", re.ASCII)

MORNING = frozenset({"上午", "凌晨", "早上", "早晨", "清晨", "am"})
NIGHT = frozenset({"晚上", "夜里", "夜间", "深夜"})
SECONDS_A_DAY = 86_400
LOCAL = timedelta(hours=8)
"""How far the country's one legal time is ahead of UTC (国务院关于在我国统一实行法定计量单位的命令 and GB/T 7408)."""


class DayAndTime(NamedTuple):
    """A day, with its time of day where one was written."""

    day: date
    at: time | None = None


class AmbiguousDay(ValueError):
    """A day and a month that could be either: which comes first has to be said."""


def plain(text: str) -> str:
    """The text in one width, without blanks around it, in small letters."""
    return folded(text).strip().casefold()


def is_nil(cell: Cell) -> bool:
    """Whether a cell says that it holds nothing."""
    return isinstance(cell, str) and (cell.strip() in NIL or plain(cell) in NIL)


def when(cell: Cell, order: Order = "") -> DayAndTime | None:
    """The day, and the time where one was written; none for what is no day for certain.

    A number is a day as workbooks count them. A moment written with its zone is given in the country's time.

    :raises Ambiguous: for 5/3/2024 where no order was said
    """
    if isinstance(cell, datetime):
        return DayAndTime(cell.date(), cell.time() if cell.time() != time() else None)
    if isinstance(cell, date):
        return DayAndTime(cell)
    text = _spelt_out(plain(str(cell)))
    if _SERIAL.fullmatch(text):
        return _serial(text)
    if packed := _PACKED.fullmatch(text):
        year, month, day = (int(part) for part in packed.groups()[:3])
        if packed[4] is None:
            return _made(year, month, day)
        of_day = _of_day(*(int(part) for part in packed.groups()[3:])) if int(packed[4]) < 24 else None
        return _made(year, month, day, *of_day) if of_day else None
    if found := _YEAR_FIRST.match(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
    elif found := _YEAR_LAST.match(text):
        year, (month, day) = int(found[4]), _ordered(int(found[1]), int(found[3]), order)
    else:
        return None
    rest = _WEEKDAY.sub("", text[found.end() :].strip().removeprefix("t").lstrip(" ,，"))
    if not rest or (rest[0] == "+" and _ZONE.fullmatch(rest)):
        return _made(year, month, day)
    zone = _ZONE.search(rest)
    clock = _CLOCK.fullmatch("".join((rest[: zone.start()] if zone else rest).split()))
    if clock is None:
        return None
    of_day = _read_clock(clock)
    made = _made(year, month, day, *of_day) if of_day else None
    return _moved(made, zone) if made and zone else made


def month(cell: Cell) -> date | None:
    """The first of the month a cell names, such as 1998年7月; none for what is no month for certain."""
    if isinstance(cell, date):
        return None
    found = _MONTH.fullmatch(_spelt_out(plain(str(cell))))
    made = _made(int(found[1]), int(found[2]), 1) if found else None
    return made.day if made else None


def count(cell: str, units: frozenset[str] = frozenset()) -> int | None:
    """The whole number a text says: 1,200 · 5次 · 1.2万 · 三; ``units`` may stand after it. None where it doesn't.

    In a column of months (``月``) a month with its year counts for its place in the year.
    """
    text = plain(cell)
    if text in ZERO:
        return 0
    said = next((unit for unit in sorted(units, key=len, reverse=True) if text.endswith(unit)), "")
    bare = text.removesuffix(said).strip() if said else text.rstrip(COUNTERS).strip()
    if "月" in units and (found := _MONTH.fullmatch(_spelt_out(text))):
        return int(found[2])
    if (spelt := _numeral(bare)) is not None:
        return spelt
    found = _COUNT.fullmatch(bare)
    if found is None:
        return None
    times = {"万": 10_000, "千": 1_000}.get(found[3] or "", 1)
    part = found[2] or ""
    whole = int(found[1].replace(",", "") + part) * times
    scale = 10 ** len(part)
    return whole // scale if whole % scale == 0 else None


def _spelt_out(text: str) -> str:
    """A date's numerals in digits: 二〇二四年三月五日 as 2024年3月5日."""
    return _SPELT.sub(
        lambda found: str(value) if (value := _numeral(found[0])) is not None else found[0], text
    )


def _numeral(text: str) -> int | None:
    """A number below a hundred, or one written digit by digit."""
    if not text or any(sign not in _DIGITS and sign != "十" for sign in text):
        return None
    tens, ten, ones = text.partition("十")
    if not ten:
        return int("".join(str(_DIGITS[sign]) for sign in text))
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return None
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


def _ordered(first: int, second: int, order: Order) -> tuple[int, int]:
    """Month and day of two numbers. Raises ``Ambiguous``."""
    if order == "":
        if first <= 12 and second <= 12 and first != second:
            raise AmbiguousDay
        return (second, first) if first > 12 else (first, second)
    return (second, first) if order == "dmy" else (first, second)


def _serial(text: str) -> DayAndTime:
    days, _point, part = text.partition(".")
    seconds = round(SECONDS_A_DAY * int(part) / 10 ** len(part)) if part else 0
    # Workbooks count a 29 February 1900 that never was: from March 1900 on their day 0 is 30 December 1899.
    moment = datetime(1899, 12, 30) + timedelta(days=int(days), seconds=seconds)
    return DayAndTime(moment.date(), moment.time() if seconds else None)


def _read_clock(found: re.Match[str]) -> tuple[int, time] | None:
    """Days to go on and the time of day; none for an hour that could be two, such as 晚上1:30."""
    half, hour = found["half"] or found["after"] or "", int(found["hour"])
    minute = 30 if found["thirty"] else int(found["minute"] or 0)
    second = int(found["second"] or 0)
    if (half in NIGHT and hour < 5) or hour > 24 or (hour == 24 and (minute or second)):
        return None
    if half in NIGHT and hour == 12:
        hour = 24
    elif hour < 12 and (half in NIGHT or half in ("下午", "傍晚", "pm") or (half == "中午" and hour < 4)):
        hour += 12
    elif half in MORNING and hour == 12:
        hour = 0
    return _of_day(hour, minute, second)


def _of_day(hour: int, minute: int, second: int) -> tuple[int, time] | None:
    try:
        days, hour = divmod(hour, 24)
        return (days, time(hour, minute, second)) if days < 2 else None
    except ValueError:
        return None


def _made(year: int, month: int, day: int, on: int = 0, at: time | None = None) -> DayAndTime | None:
    try:
        made = date(year, month, day) + timedelta(days=on)
    except (ValueError, OverflowError):
        return None
    # Who writes days without a time gets midnight from many a program; the reader of sheets sees it so too.
    return DayAndTime(made, at if at != time() or on else None)


def _moved(written: DayAndTime, zone: re.Match[str]) -> DayAndTime:
    """A moment written with its zone, in the country's time."""
    ahead = timedelta(hours=int(zone[2] or 0), minutes=int(zone[3] or 0)) * (-1 if zone[1] == "-" else 1)
    if ahead == LOCAL:
        return written
    moment = datetime.combine(written.day, written.at or time()) - ahead + LOCAL
    return DayAndTime(moment.date(), moment.time())
