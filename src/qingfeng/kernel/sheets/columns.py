"""Which column is which field 表头对应, and the rows by the names of fields."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.attachments.kinds import refused
from qingfeng.kernel.money import headed
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.sheets.grid import Cell, Grid
from qingfeng.kernel.words import Words

NOTE = "※"
"""How the cells of a line of notes begin; such a line is no row."""
LANGUAGES = ("zh-hans", "en")
_UNIT = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True)
class Table:
    """The rows of a sheet: the filled cells by field, and the number of each row in the sheet (its head is 1)."""

    rows: list[dict[str, Cell]]
    numbers: list[int]


def table(grid: Grid, fields: Sequence[InputField]) -> Table:
    """The rows under their heads: a field's label in Chinese or English or its name, in any order.

    Rows without content and lines of notes (``※``) are left out.

    :raises Invalid: under ``file``: heads that are unknown, double or missing, or no row at all
    """
    filled = [
        (number, row) for number, row in enumerate(grid, start=1) if any(cell is not None for cell in row)
    ]
    if not filled:
        raise refused(_("This sheet is empty; choose another."))
    columns = _columns(filled[0][1], fields)
    rows: list[dict[str, Cell]] = []
    numbers: list[int] = []
    for number, cells in filled[1:]:
        row = {name: cells[at] for name, at in columns.items() if at < len(cells) and cells[at] is not None}
        beyond = any(cell is not None for at, cell in enumerate(cells) if at not in columns.values())
        if beyond and not _noted(cells):
            raise refused(
                format_lazy(_("Row {}: something stands outside the columns that have a head."), number)
            )
        if row and not _noted(cells):
            rows.append(row)
            numbers.append(number)
    if not rows:
        raise refused(_("There are heads in this sheet, but no rows under them."))
    return Table(rows, numbers)


def head(spec: InputField) -> str:
    """The head of a field's column, in the language in force."""
    if spec.kind == "money":
        return str(headed(spec.label))
    return str(format_lazy(_("{} ({})"), spec.label, spec.unit)) if spec.unit else str(spec.label)


def _columns(heads: Sequence[Cell], fields: Sequence[InputField]) -> dict[str, int]:
    names: dict[str, str] = {}
    for spec in fields:
        for language in LANGUAGES:
            with override(language):
                names.setdefault(_bare(head(spec)), spec.name)
                names.setdefault(_bare(str(spec.label)), spec.name)
    # A name is certain where a label is not, so it wins over another field's label.
    names.update({_bare(spec.name): spec.name for spec in fields})
    columns: dict[str, int] = {}
    wrong: list[Words] = []
    for at, cell in enumerate(heads):
        if cell is None:
            continue
        written = _bare(str(cell))
        name = names.get(written) or names.get(_UNIT.sub("", written))
        if name is None:
            wrong.append(
                format_lazy(_("No column is called “{}” here; use the heads of the template."), cell)
            )
        elif name in columns:
            wrong.append(format_lazy(_("The column “{}” stands there twice; leave one out."), cell))
        else:
            columns[name] = at
    wrong += [
        format_lazy(_("The column “{}” is missing; add it, or begin from the template."), spec.label)
        for spec in fields
        if spec.required and spec.name not in columns
    ]
    if wrong:
        raise Invalid({"file": wrong})
    return columns


def _noted(cells: Sequence[Cell]) -> bool:
    return all(isinstance(cell, str) and cell.startswith(NOTE) for cell in cells if cell is not None)


def _bare(text: str) -> str:
    """A head without blanks, case, full-width forms or the star of what is required."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold().strip("*")
