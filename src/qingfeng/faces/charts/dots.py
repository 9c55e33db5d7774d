"""Results with their uncertainty: a dot and an interval for each, so that a rank is not read as exact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from qingfeng.faces.charts.svg import (
    WIDTH,
    Chart,
    box,
    element,
    frame,
    line,
    measure,
    nice_marks,
    shorten,
    text,
)


@dataclass(frozen=True)
class Interval:
    """A result and its bounds, in scaled integers (``9150`` with ``scale=100`` is 91.50).

    `counted` False: fewer than the scheme's minimum, shown without a dot. `rank` is the words of the rank
    or its span ("2–4").
    """

    name: str
    value: int
    low: int
    high: int
    rank: str = ""
    counted: bool = True


def _figure(value: int, scale: int) -> str:
    places = len(str(scale)) - 1
    whole, rest = divmod(abs(value), scale)
    return f"{'-' if value < 0 else ''}{whole}{f'.{rest:0{places}d}' if places else ''}"


def intervals(
    title: str,
    items: Sequence[Interval],
    *,
    heads: tuple[str, str, str, str, str],
    too_few: str,
    desc: str = "",
    scale: int = 100,
    width: int = WIDTH,
) -> Chart:
    """Dots with intervals in the order given. `heads`: name, rank, result, low, high, for the table.

    `too_few` is said instead of a result of fewer than the minimum. `scale` is a power of ten.
    Raises ValueError when a result lies outside its bounds.
    """
    shown = [one for one in items if one.counted]
    if any(not one.low <= one.value <= one.high for one in shown):
        raise ValueError("a result lies outside its interval")
    least, most = min((o.low for o in shown), default=0), max((o.high for o in shown), default=1)
    margin = max((most - least) // 12, 1)
    least, most = least - margin, most + margin
    label = min(max((measure(one.name) for one in items), default=0), width * 0.32)
    rank = max((measure(one.rank, 13) for one in items), default=0)
    left, right = label + 14, width - rank - 18 if rank else width - 8
    body, y = [], 8.0

    def at(value: int) -> float:
        return left + (right - left) * (value - least) / (most - least)

    bottom = 8 + 30 * len(items)
    for mark in nice_marks(least, most):
        body.append(line(at(mark), 4, at(mark), bottom, "c-grid"))
        body.append(text(at(mark), bottom + 18, _figure(mark, scale), "c-muted", "middle", 12))
    for i, one in enumerate(items):
        middle = y + 15
        if i % 2:
            body.insert(0, box(0, y, width, 30, "c-band"))
        body.append(text(label, middle + 5, shorten(one.name, label + 1), "", "end"))
        if one.counted:
            hint = element(
                "title",
                escape(
                    f"{one.name}: {_figure(one.value, scale)} "
                    f"({_figure(one.low, scale)} – {_figure(one.high, scale)})"
                ),
            )
            body.append(line(at(one.low), middle, at(one.high), middle, "c-line c-line-1"))
            for end in (one.low, one.high):
                body.append(line(at(end), middle - 5, at(end), middle + 5, "c-line c-line-1"))
            body.append(
                element(
                    "circle", hint, cx=float(at(one.value)), cy=float(middle), r=5.5, class_="c-fill-1 c-gap"
                )
            )
        else:
            body.append(text(left + 8, middle + 5, too_few, "c-muted", size=13))
        if one.rank:
            body.append(text(width - 6, middle + 5, one.rank, "c-strong", "end", 13))
        y += 30
    rows = [
        [one.name, one.rank or "–", *(_figure(v, scale) for v in (one.value, one.low, one.high))]
        if one.counted
        else [one.name, too_few, "–", "–", "–"]
        for one in items
    ]
    return Chart(title, desc, frame(title, desc, width, bottom + 26, body), list(heads), rows)
