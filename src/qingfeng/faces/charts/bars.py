"""Horizontal bars, one series or several, grouped or stacked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qingfeng.faces.charts.svg import (
    WIDTH,
    Chart,
    box,
    frame,
    legend,
    line,
    measure,
    nice_top,
    plain,
    shorten,
    text,
)


@dataclass(frozen=True)
class Series:
    """A name and a figure for each category, None where there is none. `look` is a colour: "1" to "6",
    "late", "near", "done", "accent" or "quiet"; empty takes the next of the six."""

    name: str
    values: Sequence[int | None]
    look: str = ""


def _look(index: int, series: Series) -> str:
    return f"c-fill-{series.look or index % 6 + 1}"


def _table(
    head: str, names: Sequence[str], series: Sequence[Series], shown: Callable[[int | None], str]
) -> tuple[list[str], list[list[str]]]:
    for one in series:
        if len(one.values) != len(names):
            raise ValueError(f"series {one.name!r} has {len(one.values)} values for {len(names)} categories")
    rows = [[name, *(shown(one.values[i]) for one in series)] for i, name in enumerate(names)]
    return [head, *(one.name for one in series)], rows


def bars(
    title: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    desc: str = "",
    head: str = "",
    unit: str = "",
    marked: Sequence[int] = (),
    width: int = WIDTH,
    shown: Callable[[int | None], str] = plain,
) -> Chart:
    """Horizontal bars: one a category, or a group of them where there are several series.

    `head` names the categories in the table; `marked` are the places of categories written strong.
    Figures are integers, zero or more; each stands at the end of its bar, as ``shown`` writes it.
    Raises ValueError when a series doesn't fit the categories or a figure is negative.
    """
    table_head, rows = _table(head, categories, series, shown)
    figures = [v for one in series for v in one.values if v is not None]
    if any(v < 0 for v in figures):
        raise ValueError("bars begin at zero: a figure is negative")
    top, _step = nice_top(max(figures, default=1))
    label = min(max((measure(name) for name in categories), default=0), width * 0.34)
    room = max((measure(shown(v) + unit, 13) for v in figures), default=0) + 10
    left, scale = label + 12, (width - label - 12 - room) / top
    thick = 18 if len(series) == 1 else 16
    gap = 12
    body = []
    y = 6.0
    if len(series) > 1:
        body.append(legend(left, 16, [(one.name, _look(i, one)) for i, one in enumerate(series)]))
        y = 32.0
    first = y
    for place, name in enumerate(categories):
        middle = y + thick * len(series) / 2 + 5
        body.append(
            text(label, middle, shorten(name, label + 1), "c-strong" if place in marked else "", "end")
        )
        for i, one in enumerate(series):
            value = one.values[place]
            if value is None:
                body.append(text(left + 6, y + thick / 2 + 4.5, "–", "c-muted", size=13))
            else:
                wide = max(value * scale, 1.5 if value else 0)
                body.append(
                    box(
                        left,
                        y + 1,
                        wide,
                        thick - 2,
                        _look(i, one),
                        f"{name} {one.name}: {shown(value)}{unit}",
                        2,
                    )
                )
                body.append(
                    text(left + wide + 6, y + thick / 2 + 4.5, shown(value) + unit, "c-strong", size=13)
                )
            y += thick
        y += gap
    body.append(line(left, first - 3, left, y - gap + 3, "c-axis"))
    return Chart(title, desc, frame(title, desc, width, y - gap + 8, body), table_head, rows)


def stacked(
    title: str,
    categories: Sequence[str],
    series: Sequence[Series],
    *,
    desc: str = "",
    head: str = "",
    total: str = "",
    width: int = WIDTH,
    shown: Callable[[int | None], str] = plain,
) -> Chart:
    """Parts of a whole for each category, laid end to end in the order of the series.

    A part wide enough carries its figure; the whole stands at the end. `total` names the whole in the table.
    """
    table_head, rows = _table(head, categories, series, shown)
    sums = [sum(one.values[i] or 0 for one in series) for i in range(len(categories))]
    for row, whole in zip(rows, sums, strict=True):
        row.append(shown(whole))
    top, _step = nice_top(max(sums, default=1))
    label = min(max((measure(name) for name in categories), default=0), width * 0.34)
    room = max((measure(shown(v), 13) for v in sums), default=0) + 12
    left, scale = label + 12, (width - label - 12 - room) / top
    body = [legend(left, 16, [(one.name, _look(i, one)) for i, one in enumerate(series)])]
    y = 32.0
    for place, name in enumerate(categories):
        body.append(text(label, y + 16, shorten(name, label + 1), "", "end"))
        x = left
        for i, one in enumerate(series):
            value = one.values[place] or 0
            wide = value * scale
            if value:
                body.append(
                    box(x, y, wide, 22, f"{_look(i, one)} c-gap", f"{name} {one.name}: {shown(value)}")
                )
                if wide > measure(shown(value), 13) + 8:
                    body.append(
                        text(
                            x + wide / 2,
                            y + 16,
                            shown(value),
                            "c-on-near" if one.look == "near" else "c-on-fill",
                            "middle",
                            13,
                        )
                    )
            x += wide
        body.append(text(x + 6, y + 16, shown(sums[place]), "c-strong", size=13))
        y += 34
    body.append(line(left, 28, left, y - 8, "c-axis"))
    return Chart(title, desc, frame(title, desc, width, y, body), [*table_head, total], rows)
