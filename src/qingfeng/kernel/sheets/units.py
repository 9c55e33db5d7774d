"""The unit a head states 表头计量单位: yuan or ten thousand of them, heads or ten thousand heads."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from qingfeng.kernel.sheets.cells import COUNTERS
from qingfeng.kernel.text.normalization import folded

YUAN = {
    "元": 1,
    "圆": 1,
    "yuan": 1,
    "rmb": 1,
    "cny": 1,
    "百元": 100,
    "千元": 10**3,
    "thousandyuan": 10**3,
    "万": 10**4,
    "万元": 10**4,
    "10,000yuan": 10**4,
    "十万元": 10**5,
    "百万元": 10**6,
    "millionyuan": 10**6,
    "千万元": 10**7,
    "亿": 10**8,
    "亿元": 10**8,
}
"""How many yuan a column counts in, by what its head says."""
HEADS = {"千": 10**3, "万": 10**4}
"""How many a column counts in, where it counts heads or pieces."""

_BRACKETED = re.compile(r"(.+?)[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_TRAILING = re.compile(r"(.+?)[/:,，、_-]?((?:百|千|万|十万|百万|千万|亿)元)")
_SAID = re.compile(r"单位[:：]?")
_STATED = re.compile(r"单位\s*[:：]\s*([^\s)）]+)")
_MONEYED = re.compile(
    r"[十百千万亿]*(?:[美欧港日澳]?元|圆|港币|外币|英镑)|[万千亿].{0,2}|[%‰]|usd|eur|dollars?|\d[\d,]*+\w*yuan"
)


def parted(head: str) -> tuple[str, str]:
    """A head without its unit, and the unit; empty where it states none."""
    text = "".join(folded(head).split()).casefold().strip("*")
    found = _BRACKETED.fullmatch(text) or _TRAILING.fullmatch(text)
    return (found[1].strip("*"), _SAID.sub("", found[2])) if found else (text, "")


def of_money(unit: str) -> bool:
    """Whether a unit speaks of money, known or not."""
    return unit.removeprefix("人民币") in YUAN or _MONEYED.fullmatch(unit) is not None


def per_yuan(unit: str) -> int | None:
    """How many yuan the unit of a column is: 1 where it says nothing of money, none for one that isn't known."""
    return YUAN.get(unit.removeprefix("人民币")) if of_money(unit) else 1


def per_head(unit: str, own: Collection[str]) -> int:
    """How many the unit of a column of counts is; ``own`` is what the column counts."""
    times = HEADS.get(unit[:1], 1)
    counted = unit[1:]
    return times if not counted.strip(COUNTERS) or counted in own else 1


def stated(titles: Sequence[str]) -> str:
    """The unit of money that stands over the heads, such as 单位：万元; empty where none or several do."""
    said = {
        unit
        for title in titles
        for found in _STATED.finditer(folded(title))
        for unit in re.split(r"[、,/和]", found[1])
        if of_money(unit)
    }
    return said.pop() if len(said) == 1 else ""
