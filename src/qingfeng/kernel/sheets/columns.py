"""Which column is which field 表头对应, and the rows by the names of fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.attachments.kinds import refused
from qingfeng.kernel.money import UnreadableAmount, headed, read_yuan
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.sheets import cells
from qingfeng.kernel.sheets.former import former
from qingfeng.kernel.sheets.grid import Book, Cell, DoubtfulCell, MergedText
from qingfeng.kernel.sheets.layout import CHOICES, LONGEST_HEAD, laid
from qingfeng.kernel.sheets.units import of_money, parted, per_head, per_yuan, stated
from qingfeng.kernel.text.normalization import folded
from qingfeng.kernel.text.words import Words

ASIDE = frozenset(
    {"序号", "序", "行号", "no", "no.", "№", "#", "备注", "备注说明", "remark", "remarks", "note", "notes"}
)
"""Heads of columns that number rows or remark upon them, for whoever keeps the file."""
LANGUAGES = ("zh-hans", "en")
NOT_WHOLE: Words = _("In the unit of this column that is no whole number; write the number itself.")


@dataclass(frozen=True)
class SheetTable:
    """The rows of a sheet: the filled cells by field, and the number of each row in the sheet.

    Amounts and counts are in units, whatever the head counts in. ``wrong`` names what can't be read, by places such
    as ``3.amount``; ``told`` is what whoever hands the file in should know of how it was read.
    """

    rows: list[dict[str, Cell]]
    numbers: list[int]
    told: list[Words] = field(default_factory=list)
    wrong: dict[str, list[Words]] = field(default_factory=dict)


def table(book: Book, fields: Sequence[InputField]) -> SheetTable:
    """The rows under their heads: a field's label in Chinese or English or its name, in any order.

    Rows without content, lines of notes (``※``), titles and totals are left out.

    :raises Invalid: under ``file``: heads that are unknown, double or missing, or no row at all
    """
    names = _names(fields)
    found = laid(
        [sheet for sheet in book if sheet.name not in in_languages(CHOICES)],
        lambda row: sum(_named(cell, names) is not None for cell in row if isinstance(cell, str)),
    )
    if found is None:
        raise refused(_("This sheet is empty; choose another."))
    columns, aside = _columns(found.heads, fields, names)
    made = SheetTable([], [], found.told)
    if aside:
        left = ", ".join(f"“{found.heads[at]}”" for at in sorted(aside))
        made.told.append(format_lazy(_("Left out: column {}."), left))
    made.told.extend(_renamed(found.heads, columns, fields))
    pers = _units(found.heads, columns, fields, stated(found.titles), made.told)
    kept = {*columns.values(), *aside}
    for number, row in found.rows:
        if any(cell is not None for at, cell in enumerate(row) if at not in kept):
            raise refused(
                format_lazy(_("Row {}: something stands outside the columns that have a head."), number)
            )
        filled = {name: row[at] for name, at in columns.items() if at < len(row) and row[at] is not None}
        if filled:
            _add(made, number, filled, pers, {spec.name: spec.kind for spec in fields})
    if not made.rows:
        raise refused(_("There are heads in this sheet, but no rows under them."))
    return made


def head(spec: InputField) -> str:
    """The head of a field's column, in the language in force."""
    if spec.kind == "money":
        return str(headed(spec.label))
    return str(format_lazy(_("{} ({})"), spec.label, spec.unit)) if spec.unit else str(spec.label)


def _add(
    made: SheetTable, number: int, row: dict[str, Cell], pers: dict[str, int], kinds: dict[str, str]
) -> None:
    place = len(made.rows)
    for name, cell in row.items():
        if isinstance(cell, DoubtfulCell):
            made.wrong[f"{place}.{name}"] = [cell.why]
        elif name in pers and not isinstance(cell, MergedText) and not cells.is_nil(cell):
            try:
                row[name] = _in_units(kinds[name], cell, pers[name])
            except UnreadableAmount as fault:
                made.wrong[f"{place}.{name}"] = [fault.sentence]
    made.rows.append(row)
    made.numbers.append(number)


def _in_units(kind: str, cell: Cell, per: int) -> Cell:
    """An amount in yuan or a count, of a cell that counts in more. Raises ``Unreadable``."""
    text = str(cell)
    if text in cells.ZERO:
        return 0
    if kind == "money":
        fen = read_yuan(text, per)
        return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"
    found = cells.count(f"{text}{'万' if per == 10**4 else '千'}")
    if found is None:
        raise UnreadableAmount(NOT_WHOLE)
    return found


def _units(
    heads: Sequence[Cell],
    columns: dict[str, int],
    fields: Sequence[InputField],
    over_all: str,
    told: list[Words],
) -> dict[str, int]:
    """How many yuan, or how many, the columns count in that count in more than one. Raises ``Invalid``."""
    pers: dict[str, int] = {}
    wrong: list[Words] = []
    for spec in fields:
        if spec.name not in columns or spec.kind not in ("money", "whole"):
            continue
        said = heads[columns[spec.name]]
        unit = parted(str(said))[1]
        per: int | None
        if spec.kind == "money":
            unit = unit if of_money(unit) else over_all
            per = per_yuan(unit)
        else:
            per = per_head(unit, in_languages(spec.unit))
        if per is None:
            wrong.append(
                format_lazy(
                    _("The unit “{}” of the column “{}” isn't known; write amounts in yuan."), unit, said
                )
            )
        elif per > 1:
            pers[spec.name] = per
            counted = (
                _("“{}” counts in {} yuan; what is shown here is in yuan.")
                if spec.kind == "money"
                else _("“{}” counts by {}; what is shown here is the number itself.")
            )
            told.append(format_lazy(counted, said, f"{per:,}"))
    if wrong:
        raise Invalid({"file": wrong})
    return pers


def _names(fields: Sequence[InputField]) -> dict[str, str]:
    """Fields by what their heads may be called, or were called before; what is called so now comes first."""
    return {_bare(said): spec.name for spec in fields for said in former(spec.label)} | _present(fields)


def _present(fields: Sequence[InputField]) -> dict[str, str]:
    """Fields by what their heads are called, in either language."""
    names: dict[str, str] = {}
    for spec in fields:
        for language in LANGUAGES:
            with override(language):
                names.setdefault(_bare(head(spec)), spec.name)
                names.setdefault(_bare(str(spec.label)), spec.name)
    # A name is certain where a label is not, so it wins over another field's label.
    return names | {_bare(spec.name): spec.name for spec in fields}


def _renamed(heads: Sequence[Cell], columns: dict[str, int], fields: Sequence[InputField]) -> list[Words]:
    """Which columns were found by what they were called before."""
    present = _present(fields)
    return [
        format_lazy(_("The column “{0}” is called “{1}” now, and is read as that."), heads[at], spec.label)
        for spec in fields
        if (at := columns.get(spec.name)) is not None and _named(heads[at], present) is None
    ]


def _named(cell: Cell, names: dict[str, str]) -> str | None:
    """The field a head names, with its unit or without."""
    said = str(cell)[:LONGEST_HEAD]
    return names.get(_bare(said)) or names.get(parted(said)[0])


def _columns(
    heads: Sequence[Cell], fields: Sequence[InputField], names: dict[str, str]
) -> tuple[dict[str, int], set[int]]:
    """The place of each field's column, and of those that are left out. Raises ``Invalid``."""
    columns: dict[str, int] = {}
    aside: set[int] = set()
    wrong: list[Words] = []
    for at, cell in enumerate(heads):
        if cell is None:
            continue
        said = str(cell)[:LONGEST_HEAD]
        name = _named(said, names)
        if name is None and _bare(said) in ASIDE:
            aside.add(at)
        elif name is None:
            wrong.append(
                format_lazy(_("No column is called “{}” here; use the heads of the template."), said)
            )
        elif name in columns:
            wrong.append(format_lazy(_("The column “{}” stands there twice; leave one out."), said))
        else:
            columns[name] = at
    wrong += [
        format_lazy(_("The column “{}” is missing; add it, or begin from the template."), spec.label)
        for spec in fields
        if spec.required and spec.name not in columns
    ]
    if wrong:
        raise Invalid({"file": wrong})
    return columns, aside


def in_languages(words: Words) -> set[str]:
    """Words as they are said in either language."""
    said = set()
    for language in LANGUAGES:
        with override(language):
            said.add(str(words))
    return said - {""}


def _bare(text: str) -> str:
    """A head without blanks, case, full-width forms or the star of what is required."""
    return "".join(folded(text[:LONGEST_HEAD]).split()).casefold().strip("*")
