"""The figures of a statistic in words and as a picture: every face writes them the same way, and writes them here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as say

from qingfeng.faces import charts
from qingfeng.kernel.money import headed
from qingfeng.kernel.reading.statistics import Column, Figures, Kind


def shown(value: int | None, kind: Kind) -> str:
    """A figure: 1,234 · 1,234.50 of fen · 8:05 of minutes · 12.5% of thousandths. None is a dash."""
    if value is None:
        return "–"
    sign, size = ("−" if value < 0 else ""), abs(value)
    if kind == "money":
        return f"{sign}{size // 100:,}.{size % 100:02}"
    if kind == "minutes":
        return f"{sign}{size // 60:,}:{size % 60:02}"
    if kind == "share":
        return f"{sign}{size // 10:,}.{size % 10}%"
    return f"{sign}{size:,}"


def head(column: Column) -> str:
    """The head of a column, with the unit its figures are written in."""
    if column.kind == "money":
        return str(headed(column.label))
    if column.kind == "minutes":
        return say("%(label)s (h:min)") % {"label": column.label}
    return str(column.label)


def table(found: Figures) -> tuple[list[str], list[list[str]]]:
    """Heads and rows in words. Where the columns are parts of a whole, their sums stand at the end and below."""
    columns = found.statistic.columns
    heads, rows = [head(column) for column in columns], [list(row) for row in found.rows]
    kinds = [column.kind for column in columns]
    if found.statistic.picture == "stacked":
        drawn = _drawn(found)
        heads, kinds = [*heads, say("Total")], [*kinds, kinds[1]]
        rows = [[*row, sum(row[place] or 0 for place in drawn)] for row in rows]
        rows.append([say("Total"), *(_sum(kind, rows, place) for place, kind in enumerate(kinds) if place)])
    return heads, [
        [row[0], *(shown(value, kind) for value, kind in zip(row[1:], kinds[1:], strict=True))]
        for row in rows
    ]


def chart(found: Figures) -> charts.Chart:
    """The picture of a statistic, with its whole table behind it."""
    statistic = found.statistic
    drawn = _drawn(found)
    kind = statistic.columns[1].kind
    names = [row[0] for row in found.rows]
    series = [
        charts.Series(
            head(statistic.columns[place]), [row[place] for row in found.rows], statistic.columns[place].look
        )
        for place in drawn
    ]
    title, said = str(statistic.label), {"desc": about(found), "shown": partial(shown, kind=kind)}
    if statistic.picture == "grid":
        values = [[row[place] for place in drawn] for row in found.rows]
        picture = charts.heat(title, names, [one.name for one in series], values, **said)  # type: ignore[arg-type]
    else:
        draw: Any = {"bars": charts.bars, "stacked": charts.stacked, "lines": charts.months}[
            statistic.picture
        ]
        picture = draw(title, names, series, **said)
    heads, rows = table(found)
    return replace(picture, head=heads, rows=rows)


def about(found: Figures) -> str:
    """Of when it is."""
    if found.statistic.of == "today":
        return say("As it stands on %(day)s") % {"day": formats.date_format(found.today, "Y-m-d")}
    if found.year == found.today.year:
        return say("Up to %(day)s") % {"day": formats.date_format(found.today, "DATE_FORMAT")}
    return say("The whole of %(year)s") % {"year": found.year}


def _drawn(found: Figures) -> list[int]:
    """The places of the columns that share one scale: those of the kind of the first figures."""
    columns = found.statistic.columns
    return [place for place, column in enumerate(columns) if column.kind == columns[1].kind]


def _sum(kind: Kind, rows: Sequence[Sequence[Any]], place: int) -> int | None:
    return None if kind == "share" else sum(row[place] or 0 for row in rows)
