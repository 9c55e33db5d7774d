"""The cells of a workbook or CSV file 读取单元格, within bounds that no file can talk its way out of.

Formulas count for nothing but the value that was last reckoned.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

from qingfeng.kernel.attachments.inspect import DAMAGED, inspect
from qingfeng.kernel.attachments.kinds import FileKind, by_name, cleaned, refused
from qingfeng.kernel.background.isolation import apart
from qingfeng.kernel.sheets.delimited import separated
from qingfeng.kernel.sheets.extent import Mark, measure
from qingfeng.kernel.sheets.limits import OF_AN_ACT, Bounds
from qingfeng.kernel.text.words import Words

Cell = str | int | bool | date | datetime | None
Grid = list[list[Cell]]


@dataclass(frozen=True)
class Worksheet:
    """One worksheet of a file 工作表, by its name; a .csv is one without."""

    name: str
    grid: Grid


Book = list[Worksheet]


class MergedText(str):
    """A text or number merged over several rows: what it says is true of each, unless it is an amount of all together."""

    __slots__ = ()


class DoubtfulCell(str):
    """What stands in a cell that can't be relied on 存疑单元格; ``why`` is told, ``code`` is kept."""

    __slots__ = ()
    code: ClassVar[str] = ""
    why: ClassVar[Words] = ""


class ErrorCell(DoubtfulCell):
    """An error of the spreadsheet, such as #DIV/0!."""

    __slots__ = ()
    code = "error"
    why = _("The cell shows an error of the spreadsheet; write the value itself.")


class UnreckonedFormula(DoubtfulCell):
    """A formula without a value."""

    __slots__ = ()
    code = "unreckoned"
    why = _(
        "The formula was never reckoned; open the workbook in the spreadsheet program, save it, and choose it again."
    )


class RoundedNumber(DoubtfulCell):
    """A number longer than a spreadsheet keeps."""

    __slots__ = ()
    code = "rounded"
    why = _(
        "Of a number over 15 digits the spreadsheet has lost the end; format the cell as text and write it again."
    )


DIGITS = 15
"""What a workbook keeps of a number; what stands beyond is noise of its arithmetic."""
MARKED: Mapping[str, type[DoubtfulCell]] = {kind.code: kind for kind in (ErrorCell, UnreckonedFormula)}

KINDS_READ = ("xlsx", "csv")
WRONG_KIND = _(
    "Rows come from a workbook (.xlsx) or a .csv file; save it as one of these and choose it again."
)


def read(path: Path, name: str, bounds: Bounds = OF_AN_ACT) -> Book:
    """The cells of a file by worksheet, row by row from its first; ``name`` tells its kind by its ending.

    Text is stripped; a number that is whole is a whole number, another is text with at most 15 digits; a date
    is a date. A number shown with zeros before it is the text that is shown. Cells merged into one all have its
    value; over several rows a text or number is ``Spread``. What can't be relied on is ``Doubtful``.

    :raises Invalid: under ``file``: no workbook or CSV, damaged, dangerous, too large, or too much work to read
    """
    kind = by_name(cleaned(name))
    if kind.endings[0] not in KINDS_READ:
        raise refused(WRONG_KIND)
    if path.stat().st_size > bounds.size:
        raise bounds.exceeded()
    return apart(bounds.limits, cells, path, kind, bounds)


def cells(path: Path, kind: FileKind, bounds: Bounds) -> Book:
    """The same for a file of a kind that is read, in this process. Raises ``Invalid``."""
    media_type = inspect(path, kind)
    if kind.text:
        return [Worksheet("", _bounded(separated(path, media_type.rpartition("=")[2]), bounds))]
    marks = measure(path, bounds)
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            names = [one.name for one in book.sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
            found: Book = []
            for name in names:
                grid = _worksheet(book.get_sheet_by_name(name), marks.get(name, {}), bounds)
                found.append(Worksheet(name, grid))
                if sum(len(one.grid) * len(one.grid[0]) for one in found if one.grid) > bounds.cells:
                    raise bounds.exceeded()
            return found
    except CalamineError:
        raise refused(DAMAGED) from None


def _worksheet(sheet: CalamineSheet, marks: Mapping[tuple[int, int], Mark], bounds: Bounds) -> Grid:
    grid = _bounded(sheet.to_python(skip_empty_area=False), bounds)
    for (at, column), mark in marks.items():
        if at >= len(grid) or column >= len(grid[at]):
            continue
        cell = grid[at][column]
        if isinstance(mark, str):
            grid[at][column] = MARKED[mark](cell if isinstance(cell, str) else "")
        elif isinstance(cell, int) and not isinstance(cell, bool) and cell >= 0:
            grid[at][column] = f"{cell:0{mark}}"
    return _unmerged(grid, sheet, bounds)


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
        if abs(value) >= 10**DIGITS:
            return RoundedNumber(f"{value:.0f}")
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
        if bottom > top and isinstance(value, str | int) and not isinstance(value, bool | DoubtfulCell):
            value = MergedText(value)
        for row in grid[top : bottom + 1]:
            end = min(right + 1, len(row))
            filled += end - left
            if filled > bounds.cells:
                raise bounds.exceeded()
            row[left:end] = [value] * (end - left)
    return grid
