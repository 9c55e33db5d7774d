"""Money as people write it 金额, and as it is kept: a whole number of fen 分, a hundred to the yuan 元."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    Number = models.BigIntegerField[int, int]
else:
    Number = models.BigIntegerField

UNCERTAIN: Words = _(
    "This can't be read as an amount for certain; write it in yuan, such as 1,234.50 or 1.2万."
)
TOO_FINE: Words = _("An amount has at most two decimals of a yuan.")
MOST = 10**15
"""The most an input takes, in fen: ten trillion yuan."""

PLAIN = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFFE5: "¥"}
"""Full-width signs as the plain ones they stand for; no others, or 10² would be read as 102."""
TIMES = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
WRITTEN = re.compile(
    r"(?P<sign>[-−]?) ?(?:¥|人民币|RMB|CNY)? ?(?P<minus>[-−]?)"
    r"(?P<whole>\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.(?P<part>\d{1,12}))?"
    r" ?(?P<times>百万|千万|万|千|亿|) ?(?P<unit>元整|元|圆整|圆)?",
    re.ASCII | re.IGNORECASE,
)


def headed(label: Words) -> Words:
    """The head of a column of amounts, with the unit they are written in."""
    return format_lazy(_("{} (yuan)"), label)


class UnreadableAmount(ValueError):
    """A text that is no amount for certain; ``sentence`` says what to write instead."""

    def __init__(self, sentence: Words) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Yuan:
    """An input in yuan 元, kept in fen: ``least`` to ``most`` fen, both included."""

    least: int = 0
    most: int = MOST

    def read(self, raw: Any) -> int:
        """Fen from what a face handed over: a text is in yuan, a whole number is in fen.

        :raises Unreadable: no amount for certain, finer than a fen, or out of bounds
        """
        if isinstance(raw, bool) or not isinstance(raw, int | str):
            raise UnreadableAmount(UNCERTAIN)
        fen = raw if isinstance(raw, int) else read_yuan(raw)
        if fen < self.least:
            raise UnreadableAmount(format_lazy(_("At least {} yuan."), yuan(self.least)))
        if fen > self.most:
            raise UnreadableAmount(format_lazy(_("At most {} yuan."), yuan(self.most)))
        return fen


class FenField(Number):
    """A column of fen, shown to readers in yuan; to the database and to migrations a whole number."""

    def deconstruct(self) -> Any:
        """As the plain column it is, so that no migration depends on this class."""
        name, _path, arguments, settings = super().deconstruct()
        return name, "django.db.models.BigIntegerField", arguments, settings


def read_yuan(text: str, per: int = 1) -> int:
    """Fen from an amount as people write it: ``1234.5``, ``￥1,234.50元``, ``1.2万元``, full-width too.

    ``per`` is how many yuan a column counts in; an amount that names its own unit, such as ``500元``, is in that.

    :raises Unreadable: what could be meant in two ways, and what is finer than a fen
    """
    found = WRITTEN.fullmatch(" ".join(text.translate(PLAIN).split()))
    if found is None or (found["sign"] and found["minus"]):
        raise UnreadableAmount(UNCERTAIN)
    decimals = found["part"] or ""
    if per > 1 and found["unit"]:
        per = 1
    elif per > 1 and found["times"]:
        raise UnreadableAmount(UNCERTAIN)
    if per == 1 and not found["times"] and len(decimals) > 2:
        raise UnreadableAmount(TOO_FINE)
    scale = int("1" + "0" * len(decimals))
    parts = int(found["whole"].replace(",", "") + decimals) * TIMES[found["times"]] * per * 100
    if parts % scale:
        raise UnreadableAmount(TOO_FINE)
    return -(parts // scale) if found["sign"] or found["minus"] else parts // scale


def yuan(fen: int) -> str:
    """An amount in yuan with two decimals and thousands apart: ``1,234.50``."""
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{part:02}"


def in_yuan(fen: int) -> str:
    """An amount with its unit, for readers: ``1,234.50 yuan``."""
    return str(format_lazy(_("{} yuan"), yuan(fen)))
