"""Figures over months with last year's beside them, and sparklines."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from html import escape

from qingfeng.faces.charts.bars import Series
from qingfeng.faces.charts.svg import (
    WIDTH,
    Chart,
    element,
    frame,
    line,
    measure,
    nice_top,
    number,
    plain,
    shorten,
    text,
)


def _path(points: Sequence[tuple[float, float] | None]) -> str:
    """A path that breaks where a figure is missing."""
    words, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        words.append(f"{pen}{number(point[0])} {number(point[1])}")
        pen = "L"
    return "".join(words)


def _spread(wanted: list[float], apart: float) -> list[float]:
    """Heights of labels moved down as little as keeps them apart; order and count stay."""
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    placed = wanted[:]
    for before, after in itertools.pairwise(order):
        placed[after] = max(placed[after], placed[before] + apart)
    return placed


def months(
    title: str,
    periods: Sequence[str],
    series: Sequence[Series],
    *,
    before: Sequence[Series] = (),
    desc: str = "",
    head: str = "",
    unit: str = "",
    target: tuple[str, int] | None = None,
    width: int = WIDTH,
    shown: Callable[[int | None], str] = plain,
    height: int = 260,
) -> Chart:
    """Lines over periods; `before` are last year's 同期, dashed and quiet. Each line is named at its end.

    `target` is a level with its name. Missing figures (None) leave a gap. Figures are zero or more.
    """
    lines = [*series, *before]
    for one in lines:
        if len(one.values) != len(periods):
            raise ValueError(f"series {one.name!r} has {len(one.values)} values for {len(periods)} periods")
    figures = [v for one in lines for v in one.values if v is not None] + ([target[1]] if target else [])
    top, step = nice_top(max(figures, default=1))
    names = [one.name for one in lines]
    right = min(max((measure(name, 13) for name in names), default=0), width * 0.22) + 14
    left = max(measure(shown(top), 12) + 10, 26)
    x0, x1, y0, y1 = left, width - right, 24.0, height - 30.0
    stride = (x1 - x0) / max(len(periods) - 1, 1)

    def at(value: int) -> float:
        return y1 - (y1 - y0) * value / top

    body = [text(0, 13, unit, "c-muted", size=12)] if unit else []
    for mark in range(0, top + 1, step):
        body.append(line(x0, at(mark), x1, at(mark), "c-axis" if mark == 0 else "c-grid"))
        body.append(text(x0 - 8, at(mark) + 4, shown(mark), "c-muted", "end", 12))
    every = 1 if stride >= max((measure(p, 12) for p in periods), default=0) + 6 else 2
    for i, period in enumerate(periods):
        if i % every == 0 or (i == len(periods) - 1 and every == 1):
            body.append(text(x0 + i * stride, y1 + 20, period, "c-muted", "middle", 12))
    if target:
        body.append(line(x0, at(target[1]), x1, at(target[1]), "c-line-late c-dash"))
        body.append(
            text(x0 + 4, at(target[1]) - 6, f"{target[0]} {shown(target[1])}", "c-late-text c-halo", size=12)
        )
    ends: list[tuple[float, float, str, str]] = []
    for i, one in [*((len(series) + j, b) for j, b in enumerate(before)), *enumerate(series)]:
        old = i >= len(series)
        colour = one.look or ("quiet" if old else str(i % 6 + 1))
        points = [None if v is None else (x0 + k * stride, at(v)) for k, v in enumerate(one.values)]
        body.append(
            element("path", d=_path(points), class_=f"c-line c-line-{colour}{' c-dash' if old else ''}")
        )
        if not old:
            for k, point in enumerate(points):
                if point:
                    hint = element("title", escape(f"{periods[k]} {one.name}: {shown(one.values[k])}{unit}"))
                    body.append(
                        element(
                            "circle",
                            hint,
                            cx=float(point[0]),
                            cy=float(point[1]),
                            r=3,
                            class_=f"c-fill-{colour}",
                        )
                    )
        if last := next((p for p in reversed(points) if p), None):
            ends.append((last[0], last[1], one.name, "c-muted" if old else "c-strong"))
    for (x, _y, name, look), y in zip(ends, _spread([e[1] for e in ends], 17), strict=True):
        body.append(text(x + 8, y + 4, shorten(name, right - 8, 13), f"{look} c-halo", size=13))
    rows = [[period, *(shown(one.values[i]) for one in lines)] for i, period in enumerate(periods)]
    return Chart(title, desc, frame(title, desc, width, height, body), [head, *names], rows)


def sparkline(title: str, values: Sequence[int | None], *, width: int = 112, height: int = 28) -> Chart:
    """A line the size of a word; its last figure is a dot. The title says what it shows, figures and all."""
    known = [v for v in values if v is not None]
    low, high = min(known, default=0), max(known, default=1)
    span = high - low or 1
    stride = (width - 8) / max(len(values) - 1, 1)
    points = [
        None if v is None else (4 + i * stride, height - 4 - (height - 8) * (v - low) / span)
        for i, v in enumerate(values)
    ]
    body = [element("path", d=_path(points), class_="c-line c-line-1")]
    if last := next((p for p in reversed(points) if p), None):
        body.append(element("circle", cx=float(last[0]), cy=float(last[1]), r=3, class_="c-fill-1"))
    said = f"{title}: {', '.join(plain(v) for v in values)}"
    return Chart(
        title,
        "",
        frame(said, "", width, height, body, "spark"),
        [],
        [[plain(v) for v in values]],
        template="design/components/spark.html",
    )
