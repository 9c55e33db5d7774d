"""The cells of a workbook or CSV file 读取单元格, within bounds that no file can talk its way out of.

Formulas count for nothing but the value that was last reckoned. Of a workbook the first sheet is read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from qingfeng.kernel.apart import apart
from qingfeng.kernel.attachments.inspect import DAMAGED, inspect
from qingfeng.kernel.attachments.kinds import Kind, by_name, cleaned, refused
from qingfeng.kernel.sheets.extent import measure
from qingfeng.kernel.sheets.limits import OF_AN_ACT, Bounds

Cell = str | int | bool | date | datetime | None
Grid = list[list[Cell]]


class Spread(str):
    """A text or number merged over several rows: what it says is true of each, unless it is an amount of all together."""

    __slots__ = ()


DIGITS = 15
"""What a workbook keeps of a number; what stands beyond is noise of its arithmetic."""

KINDS_READ = ("xlsx", "csv")
WRONG_KIND = _(
    "Rows come from a workbook (.xlsx) or a .csv file; save it as one of these and choose it again."
)


def read(path: Path, name: str, bounds: Bounds = OF_AN_ACT) -> Grid:
    """The cells of a file, row by row from its first; ``name`` tells its kind by its ending.

    Text is stripped; a number that is whole is a whole number, another is text with at most 15 digits; a date
    is a date. Cells merged into one all have its value; over several rows a text or number is ``Spread``.

    :raises Invalid: under ``file``: no workbook or CSV, damaged, dangerous, too large, or too much work to read
    """
    kind = by_name(cleaned(name))
    if kind.endings[0] not in KINDS_READ:
        raise refused(WRONG_KIND)
    if path.stat().st_size > bounds.size:
        raise bounds.exceeded()
    return apart(bounds.limits, cells, path, kind, bounds)


def cells(path: Path, kind: Kind, bounds: Bounds) -> Grid:
    """The same for a file of a kind that is read, in this process. Raises ``Invalid``."""
    media_type = inspect(path, kind)
    if kind.text:
        return _bounded(_separated(path, media_type.rpartition("=")[2]), bounds)
    measure(path, bounds)
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        grid = _bounded(sheet.to_python(skip_empty_area=False), bounds)
        return _unmerged(grid, sheet, bounds)
    except CalamineError:
        raise refused(DAMAGED) from None


def _separated(path: Path, charset: str) -> Iterator[Sequence[str]]:
    with path.open(encoding="utf-8-sig" if charset == "utf-8" else charset, newline="") as file:
        head = file.readline()
        file.seek(0)
        tabbed = "\t" in head and "," not in head
        try:
            yield from csv.reader(file, delimiter="\t" if tabbed else ",", strict=True)
        except csv.Error:
            raise refused(DAMAGED) from None


def _bounded(rows: Iterable[Sequence[object]], bounds: Bounds) -> Grid:
    grid: Grid = []
    cells = 0
    for row in rows:
        cells += len(row)
        if len(grid) >= bounds.rows or len(row) > bounds.columns or cells > bounds.cells:
            raise bounds.exceeded()
        grid.append([_cell(value) for value in row])
    return grid


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, float):
        return int(value) if value.is_integer() else f"{value:.{DIGITS}g}"
    if isinstance(value, bool | int | date):
        return value
    if isinstance(value, time | timedelta):
        return str(value)
    return None


def _unmerged(grid: Grid, sheet: CalamineSheet, bounds: Bounds) -> Grid:
    filled = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(grid) or left >= len(grid[top]):
            continue
        value = grid[top][left]
        if bottom > top and isinstance(value, str | int) and not isinstance(value, bool):
            value = Spread(value)
        for row in grid[top : bottom + 1]:
            end = min(right + 1, len(row))
            filled += end - left
            if filled > bounds.cells:
                raise bounds.exceeded()
            row[left:end] = [value] * (end - left)
    return grid
