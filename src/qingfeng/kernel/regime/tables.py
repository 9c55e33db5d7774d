"""Tables as policy: rows of typed cells, such as a ladder of approval or what each kind of leave needs.

A mechanism writes a frozen dataclass for the row and names the kind of each of its cells; the loader demands
exactly these keys of every row. Rows with code, zh and en serve a ``Choice`` of a form like any list of choices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, ClassVar

from qingfeng.kernel.regime.parameters import ParameterKind, Raw, UnfitValue, Value, shown
from qingfeng.kernel.text.translatable import gettext_noop as _
from qingfeng.kernel.text.words import Words

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of a few codes that the program knows; of any form of code where none are named.

    ``listed`` names the parameter that lists them for a locality: a code it hasn't got is refused when a regime is proposed.
    """

    ordered: ClassVar[bool] = False
    codes: tuple[str, ...] = ()
    listed: str = ""

    def read(self, raw: Raw) -> str:
        """Read a code."""
        if not isinstance(raw, str) or not _CODE.fullmatch(raw):
            raise UnfitValue(_("A code is wanted, of a-z, 0-9 and _, not %(found)s."), found=shown(raw))
        if self.codes and raw not in self.codes:
            raise UnfitValue(
                _("One of %(allowed)s is wanted, not %(found)s."),
                allowed=", ".join(self.codes),
                found=shown(raw),
            )
        return raw


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """A time of the day, written "08:30"; kept as minutes after midnight."""

    ordered: ClassVar[bool] = True
    timed: ClassVar[bool] = True

    def read(self, raw: Raw) -> int:
        """Read hours and minutes."""
        match = _TIME.fullmatch(raw) if isinstance(raw, str) else None
        if match is None:
            raise UnfitValue(
                _('A time of the day is wanted, in quotes, such as "08:30", not %(found)s.'),
                found=shown(raw),
            )
        return int(match[1]) * 60 + int(match[2])


@dataclass(frozen=True, slots=True)
class Several:
    """A list of cells of one kind, in their order, none twice; at least one."""

    ordered: ClassVar[bool] = False
    of: ParameterKind

    def read(self, raw: Raw) -> Value:
        """Read the list."""
        if not isinstance(raw, list) or not raw:
            raise UnfitValue(_("A list of at least one is wanted, not %(found)s."), found=shown(raw))
        cells = tuple(self.of.read(cell) for cell in raw)
        if len(set(cells)) < len(cells):
            raise UnfitValue(_("Something stands in this list twice."))
        return cells


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows of one dataclass, each cell of the kind named for it; a field with a default may be left out.

    ``unique`` names the fields that together may stand in one row only. ``checks`` see the whole table and
    return what is wrong with it in words, or nothing. ``told`` tells one row to a reader.
    """

    ordered: ClassVar[bool] = False
    row: type[Any]
    cells: Mapping[str, ParameterKind]
    unique: tuple[str, ...] = ("code",)
    checks: Callable[[tuple[Any, ...]], str] = lambda rows: ""
    told: Callable[[Any], Words] = str

    def __post_init__(self) -> None:
        if not is_dataclass(self.row) or {one.name for one in fields(self.row)} != set(self.cells):
            raise ValueError(f"{self.row.__name__}: name the kind of each of its fields, and no other.")

    def read(self, raw: Raw) -> Value:
        """Read the rows, in their order."""
        if not isinstance(raw, list) or not raw:
            raise UnfitValue(_("A list of rows is wanted, not %(found)s."), found=shown(raw))
        rows = tuple(self._one(item) for item in raw)
        seen: set[tuple[Any, ...]] = set()
        for row in rows:
            key = tuple(getattr(row, name) for name in self.unique)
            if key in seen:
                raise UnfitValue(
                    _("There are two rows for %(key)s; keep one."), key=" ".join(str(part) for part in key)
                )
            seen.add(key)
        if wrong := self.checks(rows):
            raise UnfitValue(wrong)
        return rows

    def _one(self, item: Raw) -> Any:
        needed = {one.name for one in fields(self.row) if one.default is MISSING}
        if not isinstance(item, dict) or not needed <= set(item) <= set(self.cells):
            raise UnfitValue(
                _("A row has %(needed)s; this is %(found)s."), needed=", ".join(self.cells), found=shown(item)
            )
        return self.row(**{name: self.cells[name].read(cell) for name, cell in item.items()})
