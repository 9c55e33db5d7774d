"""The ground of the charts: elements, scales, the width of words. Pure Python; colours are classes only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from unicodedata import east_asian_width

SIZE = 14
"""Height of chart text in user units; a chart is drawn about 560 units wide."""
WIDTH = 560


@dataclass(frozen=True)
class Chart:
    """A picture with the figures it was drawn from.

    `svg` is complete and escaped; `head` and `rows` are the table behind it; `look` is "" (fills its place),
    "narrow" (small, never scrolls) or "own" (keeps its own size).
    """

    title: str
    desc: str
    svg: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    look: str = ""
    template: str = "design/components/chart.html"


def number(value: float) -> str:
    """A coordinate with at most one decimal, so that a picture is the same on every machine."""
    text = f"{value:.1f}"
    return text.removesuffix(".0").replace("-0", "0") if text in ("-0.0", "0.0") else text.removesuffix(".0")


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """An element; `class_` stands for class and underscores for hyphens; None leaves an attribute out."""
    words = []
    for key, value in attributes.items():
        if value is None or value == "":
            continue
        text = number(value) if isinstance(value, float) else str(value)
        words.append(f' {key.rstrip("_").replace("_", "-")}="{escape(text)}"')
    return f"<{name}{''.join(words)}>{content}</{name}>" if content else f"<{name}{''.join(words)}/>"


def text(x: float, y: float, words: str, look: str = "", anchor: str = "start", size: int = SIZE) -> str:
    return element(
        "text",
        escape(words),
        x=float(x),
        y=float(y),
        class_=f"c-text {look}".strip(),
        font_size=size,
        text_anchor=None if anchor == "start" else anchor,
    )


def line(x1: float, y1: float, x2: float, y2: float, look: str) -> str:
    return element("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), class_=look)


def box(x: float, y: float, width: float, height: float, look: str, hint: str = "", round_: float = 0) -> str:
    """A rectangle; `hint` is what a pointer shows over it."""
    inner = element("title", escape(hint)) if hint else ""
    return element(
        "rect",
        inner,
        x=float(x),
        y=float(y),
        width=float(max(width, 0)),
        height=float(max(height, 0)),
        rx=round_ or None,
        class_=look,
    )


def identity(*parts: object) -> str:
    """A short id that is the same for the same picture, to name its title and description."""
    return "c" + hashlib.blake2s(repr(parts).encode(), digest_size=5).hexdigest()


def frame(title: str, desc: str, width: float, height: float, body: Sequence[str], look: str = "") -> str:
    """The whole picture: an image with a name and a description for those who don't see it."""
    name = identity(title, desc, body)
    return element(
        "svg",
        element("title", escape(title), id=f"{name}-t")
        + (element("desc", escape(desc), id=f"{name}-d") if desc else "")
        + "".join(body),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=float(width),
        height=float(height),
        role="img",
        aria_labelledby=f"{name}-t {name}-d" if desc else f"{name}-t",
        class_=look,
    )


def measure(words: str, size: int = SIZE) -> float:
    """About how wide words are: a Chinese sign takes a full square, a Latin one a little over half."""
    return sum(size if east_asian_width(sign) in "WFA" else size * 0.58 for sign in words)


def shorten(words: str, room: float, size: int = SIZE) -> str:
    """Words cut to fit; the table behind the picture has them whole."""
    if measure(words, size) <= room:
        return words
    kept = ""
    for sign in words:
        if measure(kept + sign + "…", size) > room:
            break
        kept += sign
    return kept + "…"


def nice_top(highest: int) -> tuple[int, int]:
    """A round end of an axis at or over `highest`, and the step of its marks (three to six marks)."""
    if highest <= 4:
        return max(highest, 1), 1
    step = 1
    while True:
        for factor in (1, 2, 5):
            candidate = step * factor
            if highest <= candidate * 5:
                return -(-highest // candidate) * candidate, candidate
        step *= 10


def nice_marks(low: int, high: int) -> list[int]:
    """Round figures between two bounds, at most six of them."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            apart = step * factor
            if (high - low) // apart <= 5:
                first = -(-low // apart) * apart
                return list(range(first, high + 1, apart))
        step *= 10


def plain(value: int | None) -> str:
    """A figure with thousands apart; nothing is a dash."""
    return "–" if value is None else f"{value:,}"


def legend(x: float, y: float, items: Sequence[tuple[str, str]], shape: str = "box") -> str:
    """Names of series with their colours, on one line. Items are (words, class)."""
    parts = []
    for words, look in items:
        if shape == "line":
            parts.append(line(x, y - 5, x + 22, y - 5, look))
            x += 28
        else:
            parts.append(box(x, y - 11, 12, 12, look, round_=2))
            x += 18
        parts.append(text(x, y, words, size=13))
        x += measure(words, 13) + 20
    return "".join(parts)
