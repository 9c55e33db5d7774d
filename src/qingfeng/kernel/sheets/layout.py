"""Where heads and rows stand in a file 表头与数据行定位: under titles, on which worksheets, without totals.

Files come with a title over their heads, a cover sheet before them, a sheet a month, and a total beneath. What is
left out is told once; nothing goes without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.sheets.cells import INVISIBLE, TOTALS, plain
from qingfeng.kernel.sheets.grid import Book, Cell, Grid
from qingfeng.kernel.text.words import Words

NOTE = "※"
"""How the cells of a line of notes begin; such a line is no row."""
CHOICES = _("Choices")
"""How the sheet of our own template is called that lists what may be chosen."""
HEADS_WITHIN = 10
"""Among so many filled rows the heads are looked for."""
LONGEST_HEAD = 200
"""Characters of a head that are looked at; a longer one is no column's."""
LONGEST_TOTAL = 12
"""Characters within which a cell may call its row a total, blanks included."""
NAMED = 5
"""Most rows named in one sentence."""


@dataclass(frozen=True)
class HeadedRows:
    """The heads of a file and its filled rows, each with its number; what was left out, and what stood over the heads.

    Rows of several worksheets with the same heads stand one beneath the other, and are counted on.
    """

    heads: list[Cell]
    rows: list[tuple[int, list[Cell]]]
    told: list[Words] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    known: bool = True
    at: int = 1
    """The row of the heads."""


def laid(book: Book, known: Callable[[Sequence[Cell]], int]) -> HeadedRows | None:
    """The heads and rows of a file; ``known`` says how many heads it knows in a row. None for a file without content.

    Where no row has a head that is known, the first filled row of the first filled worksheet stands for the heads.
    """
    filled = [sheet for sheet in book if any(_filled(row) for row in sheet.grid)]
    if not filled:
        return None
    found = [(sheet, at) for sheet in filled if (at := _heads_at(sheet.grid, known)) is not None]
    recognised = bool(found)
    if not found:
        found = [(filled[0], next(at for at, row in enumerate(filled[0].grid) if _filled(row)))]
    best = max(known(sheet.grid[at]) for sheet, at in found)
    first, at = next((sheet, at) for sheet, at in found if known(sheet.grid[at]) == best)
    heads = first.grid[at]
    same = [(sheet, at) for sheet, at in found if _bare(sheet.grid[at]) == _bare(heads)]
    made = HeadedRows(heads, [], known=recognised, at=at + 1)
    before = 0
    for sheet, at in same:
        if sheet is not first and len(same) > 1:
            made.told.append(
                format_lazy(
                    _("The rows of sheet “{}” are read too, and counted on: its row {} is row {} here."),
                    sheet.name,
                    at + 2,
                    before + at + 2,
                )
            )
        _lay(made, sheet.grid, at, before)
        before += len(sheet.grid)
    if left := [sheet.name for sheet in filled if sheet not in [one for one, _at in same]]:
        made.told.append(
            format_lazy(
                _("Not read, for other heads or none: sheet {}."), ", ".join(f"“{name}”" for name in left)
            )
        )
    return made


def _lay(made: HeadedRows, grid: Grid, at: int, before: int) -> None:
    """Add the rows of one worksheet, its heads at a row."""
    titles = [
        str(cell)[:LONGEST_HEAD] for row in grid[:at] for cell in dict.fromkeys(row) if cell is not None
    ]
    if titles:
        made.titles.extend(titles)
        made.told.append(format_lazy(_("Left out above the heads: {}"), " · ".join(titles)[:120]))
    totals: list[int] = []
    hidden: list[int] = []
    for number, row in enumerate(grid[at + 1 :], start=before + at + 2):
        if not _filled(row) or _noted(row):
            continue
        if _is_total(row):
            totals.append(number)
            continue
        if any(type(cell) is str and INVISIBLE.search(cell) for cell in row):
            row = [INVISIBLE.sub("", cell).strip() or None if type(cell) is str else cell for cell in row]
            hidden.append(number)
        made.rows.append((number, row))
    if totals:
        made.told.append(format_lazy(_("Left out as a total: row {}."), _some(totals)))
    if hidden:
        made.told.append(
            format_lazy(
                _("Signs that nobody sees were taken out of row {}; compare its text."), _some(hidden)
            )
        )


def _heads_at(grid: Grid, known: Callable[[Sequence[Cell]], int]) -> int | None:
    filled = [at for at, row in enumerate(grid) if _filled(row)][:HEADS_WITHIN]
    best = max(((known(grid[at]), -at) for at in filled), default=(0, 0))
    return -best[1] if best[0] else None


def _is_total(row: Sequence[Cell]) -> bool:
    first = [cell for cell in row if isinstance(cell, str)][:2]
    return any(
        len(cell) <= LONGEST_TOTAL and TOTALS.fullmatch(plain(cell).replace(" ", "")) for cell in first
    )


def _noted(row: Sequence[Cell]) -> bool:
    return all(isinstance(cell, str) and cell.startswith(NOTE) for cell in row if cell is not None)


def _filled(row: Sequence[Cell]) -> bool:
    return any(cell is not None for cell in row)


def _bare(row: Sequence[Cell]) -> list[str]:
    return [plain(str(cell)[:LONGEST_HEAD]) for cell in row if cell is not None]


def _some(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers[:NAMED])) + (" …" if len(numbers) > NAMED else "")
