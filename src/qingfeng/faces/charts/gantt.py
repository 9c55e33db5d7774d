"""The operation chart 运行图: work items on a line of months, with progress, nodes and today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Literal

from qingfeng.faces.charts.svg import Chart, box, element, frame, line, measure, number, shorten, text

Standing = Literal["on_time", "near", "late", "done"]
_FILL = {"on_time": "accent", "near": "near", "late": "late", "done": "done"}
_ROW = 34


@dataclass(frozen=True)
class WorkItem:
    """A work item from `start` to `end`, both days counted.

    `percent` is the progress 0–100; `depth` indents children; `nodes` are dated milestones (day, name);
    `words` says how it stands in the reader's language, as `standing` says it in colour.
    """

    name: str
    start: date
    end: date
    standing: Standing
    words: str
    percent: int = 0
    depth: int = 0
    nodes: Sequence[tuple[date, str]] = ()


def _month_starts(first: date, last: date) -> list[date]:
    month, found = first.replace(day=1), []
    while month <= last:
        found.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return found


def gantt(
    title: str,
    items: Sequence[WorkItem],
    *,
    today: date,
    today_words: str,
    heads: tuple[str, str, str, str, str],
    desc: str = "",
    month_words: str = "{month}",
    width: int = 760,
) -> Chart:
    """Bars over time in the order given. `heads`: item, start, end, progress, standing, for the table.

    `month_words` is how a month is written, with ``{month}`` and ``{year}``.
    Raises ValueError for an item that ends before it begins or a progress outside 0–100.
    """
    for item in items:
        if item.end < item.start or not 0 <= item.percent <= 100:
            raise ValueError(f"{item.name}: dates or progress are impossible")
    days = [d for item in items for d in (item.start, item.end, *(n[0] for n in item.nodes))] or [today]
    months = _month_starts(min(days), max(days))
    first, last = months[0], (months[-1] + timedelta(days=32)).replace(day=1)
    label = min(max((measure(i.name) + 16 * i.depth for i in items), default=0), width * 0.3)
    state = max((measure(i.words, 13) for i in items), default=0) + 8
    left, right = label + 14, width - state - 6
    per_day = (right - left) / (last - first).days

    def at(day: date) -> float:
        return left + (day - first).days * per_day

    bottom = 30.0 + _ROW * len(items)
    body: list[str] = []
    for i, month in enumerate(months):
        end = (month + timedelta(days=32)).replace(day=1)
        if i % 2:
            body.append(box(at(month), 26, at(end) - at(month), bottom - 26, "c-band"))
        words = month_words.format(month=month.month, year=month.year)
        body.append(
            text(
                (at(month) + at(end)) / 2,
                18,
                shorten(words, at(end) - at(month), 12),
                "c-muted",
                "middle",
                12,
            )
        )
    body.append(line(left, 26, right, 26, "c-axis"))
    y = 30.0
    for item in items:
        body.append(
            text(
                16 * item.depth,
                y + 22,
                shorten(item.name, label - 16 * item.depth + 1),
                "" if item.depth else "c-strong",
            )
        )
        x, wide = at(item.start), (item.end - item.start).days * per_day + per_day
        look = _FILL[item.standing]
        hint = f"{item.name}: {item.start} – {item.end}, {item.percent} %, {item.words}"
        body.append(
            element(
                "rect",
                element("title", escape(hint)),
                x=float(x), y=y + 9, width=float(wide), height=16, rx=3, class_=f"c-plan c-line-{look}",
            )
        )  # fmt: skip
        body.append(box(x, y + 9, wide * item.percent / 100, 16, f"c-fill-{look}", round_=3))
        for day, name in item.nodes:
            cx = at(day) + per_day / 2
            body.append(
                element(
                    "path",
                    element("title", escape(f"{day} {name}")),
                    d=f"M{number(cx)} {number(y + 8)}l8 9l-8 9l-8 -9z",
                    class_="c-fill-ink c-gap",
                )
            )
        body.append(
            text(right + 10, y + 22, item.words, "c-late-text" if item.standing == "late" else "", size=13)
        )
        y += _ROW
    if first <= today < last:
        x = at(today) + per_day / 2
        body.append(line(x, 26, x, bottom, "c-today"))
        body.append(text(x, bottom + 15, today_words, "c-strong", "middle", 12))
    rows = [[i.name, str(i.start), str(i.end), f"{i.percent} %", i.words] for i in items]
    return Chart(title, desc, frame(title, desc, width, bottom + 22, body), list(heads), rows)
