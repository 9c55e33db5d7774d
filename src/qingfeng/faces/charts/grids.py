"""The heat grid: how often each unit was looked at for each topic."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qingfeng.faces.charts.svg import WIDTH, Chart, box, frame, measure, plain, shorten, text

LEVELS = 5


def level(value: int | None, highest: int) -> int:
    """The shade of a figure: 0 for none, else 1 to 5 in equal parts of the highest."""
    if not value or highest <= 0:
        return 0
    return min(LEVELS, max(1, -(-value * LEVELS // highest)))


def heat(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[int | None]],
    *,
    desc: str = "",
    head: str = "",
    width: int = WIDTH,
    shown: Callable[[int | None], str] = plain,
) -> Chart:
    """A grid of figures, the higher the darker; every cell carries its figure, so that shade is not alone.

    `values[row][column]`; None means it does not apply (a dash), 0 that nobody looked (an empty frame).
    Raises ValueError when the figures don't fit rows and columns.
    """
    if len(values) != len(rows) or any(len(row) != len(columns) for row in values):
        raise ValueError("values must have a row for each row and a figure for each column")
    highest = max((v for row in values for v in row if v is not None), default=0)
    label = min(max((measure(name) for name in rows), default=0), width * 0.3)
    left = label + 12
    cell = (width - left) / max(len(columns), 1)
    # Column names stand slanted only where they don't fit upright over their cells.
    steep = any(measure(name, 13) > cell - 4 for name in columns)
    tall = max((measure(name, 13) for name in columns), default=0) * 0.72 + 18 if steep else 26.0
    body = []
    for i, name in enumerate(columns):
        x = left + i * cell + cell / 2
        if steep:
            cut = shorten(name, 120, 13)
            body.append(
                text(0, 0, cut, size=13).replace(
                    "<text ", f'<text transform="translate({x:.1f} {min(tall, 104) - 8:.1f}) rotate(-45)" ', 1
                )
            )
        else:
            body.append(text(x, 18, name, "", "middle", 13))
    y = min(tall, 104.0)
    extra = 84 if steep else 0
    for name, row in zip(rows, values, strict=True):
        body.append(text(label, y + 19, shorten(name, label + 1), "", "end"))
        for i, value in enumerate(row):
            x = left + i * cell
            shade = level(value, highest)
            look = "c-band" if value is None else f"c-heat-{shade} c-cell"
            body.append(box(x + 1, y + 1, cell - 2, 26, look, f"{name} · {columns[i]}: {shown(value)}", 2))
            body.append(
                text(
                    x + cell / 2,
                    y + 19,
                    shown(value),
                    "c-muted" if value is None else f"c-on-heat-{shade}",
                    "middle",
                    13,
                )
            )
        y += 28
    table = [[name, *(shown(v) for v in row)] for name, row in zip(rows, values, strict=True)]
    svg = frame(title, desc, width + (extra if steep else 0), y + 4, body)
    return Chart(title, desc, svg, [head, *columns], table)
