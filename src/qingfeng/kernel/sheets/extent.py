"""How far the cells of a workbook reach, found out before anything is laid out.

A reader lays out the whole rectangle between the first cell and the last, so one cell in the farthest corner
of a small file would fill the memory. Only what is well-formed passes, so that the reader that comes after
sees the very cells that were measured here. On the way, what a reader of values would not see is marked: a cell
that shows an error or a formula that was never reckoned, and a number shown with zeros before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal
from xml.parsers import expat
from zipfile import ZipFile

from qingfeng.kernel.attachments.inspect import DAMAGED
from qingfeng.kernel.attachments.kinds import refused
from qingfeng.kernel.attachments.store import CHUNK
from qingfeng.kernel.sheets.limits import Bounds

Mark = Literal["error", "unreckoned"] | int
"""What a reader of values would not see of a cell; a number: to how many digits it is shown, such as 6 for 000042."""
Marks = dict[str, dict[tuple[int, int], Mark]]
"""What is marked, by the name of the sheet and the cell's row and column, counted from 0."""

REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
CONTENT = frozenset({"v", "is", "f"})
BOOK, STYLES = "xl/workbook.xml", "xl/styles.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
PADDED = re.compile(r"0{2,}", re.ASCII)


def measure(path: Path, bounds: Bounds) -> Marks:
    """Refuse a workbook whose cells span more than is read; returns what is marked. Raises ``Invalid`` under ``file``."""
    with ZipFile(path) as archive:
        book = _Book()
        for name in (BOOK, RELATIONS, STYLES):
            if name in archive.namelist():
                _follow(archive, name, book.element)
        marks: Marks = {}
        for member in archive.infolist():
            name = member.filename
            if name.lower().endswith(".xml"):
                extent = _Extent(bounds, book.shown)
                _follow(archive, name, extent.element, extent)
                if extent.marks and name in book.sheets:
                    marks[book.sheets[name]] = extent.marks
        return marks


class _Book:
    """What stands about the sheets of a workbook: their names by part, and to how many digits styles show numbers."""

    def __init__(self) -> None:
        self.shown: dict[str, int] = {}
        self.sheets: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._padded: dict[str, int] = {}
        self._styles: int | None = None

    def element(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "sheet":
            related = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self._names[related] = attributes.get("name", "")
        elif name == "Relationship":
            target = attributes.get("Target", "")
            if not _inside(target):
                raise refused(DAMAGED)
            part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            if (said := self._names.get(attributes.get("Id", ""))) is not None:
                self.sheets[part] = said
        elif name == "numFmt" and PADDED.fullmatch(code := attributes.get("formatCode", "")):
            self._padded[attributes.get("numFmtId", "")] = len(code)
        elif name == "cellXfs":
            self._styles = 0
        elif name == "cellStyles":
            self._styles = None
        elif name == "xf" and self._styles is not None:
            if (digits := self._padded.get(attributes.get("numFmtId", ""))) is not None:
                self.shown[str(self._styles)] = digits
            self._styles += 1


def _follow(
    archive: ZipFile, name: str, element: Callable[[str, dict[str, str]], None], extent: _Extent | None = None
) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = element
    parser.StartDoctypeDeclHandler = _doctype
    if extent is not None:
        extent.parser = parser
    try:
        with archive.open(name) as part:
            while chunk := part.read(CHUNK):
                parser.Parse(chunk)
            parser.Parse(b"", True)
    except expat.ExpatError:
        raise refused(DAMAGED) from None


def _doctype(*_declared: Any) -> None:
    raise refused(DAMAGED)


class _Extent:
    """Follows one part of a workbook. Cells without content don't count: the reader leaves them out too."""

    parser: Any

    def __init__(self, bounds: Bounds, shown: Mapping[str, int]) -> None:
        self.bounds = bounds
        self.shown = shown
        self.marks: dict[tuple[int, int], Mark] = {}
        self.row = self.column = self.cells = 0
        self.as_text = self.in_value = self.reckoned = False

    def element(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            self._to_row(attributes.get("r"))
        elif name == "c":
            self._to_cell(attributes.get("r"))
            self._mark(attributes.get("t", ""), attributes.get("s", ""))
        elif name in CONTENT and self.column:
            self.cells += 1
            bounds = self.bounds
            if self.row > bounds.rows or self.column > bounds.columns or self.cells > 2 * bounds.cells:
                raise bounds.exceeded()
            self.in_value = name == "v"
            if name == "f" and not self.as_text:
                self.reckoned = False
                self.parser.CharacterDataHandler = self._text
                self.parser.EndElementHandler = self._end

    def _mark(self, kind: str, style: str) -> None:
        at = (self.row - 1, self.column - 1)
        self.as_text = kind == "str"
        if kind == "e":
            self.marks[at] = "error"
        elif not kind and style in self.shown:
            self.marks[at] = self.shown[style]

    def _text(self, text: str) -> None:
        if self.in_value and text.strip():
            self.reckoned = True

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "c":
            if not self.reckoned:
                self.marks[self.row - 1, self.column - 1] = "unreckoned"
            self.parser.CharacterDataHandler = self.parser.EndElementHandler = None

    def _to_row(self, written: str | None) -> None:
        if written is not None and not (written.isascii() and written.isdigit() and len(written) < 8):
            raise refused(DAMAGED)
        self.row, self.column = int(written) if written else self.row + 1, 0

    def _to_cell(self, written: str | None) -> None:
        if written is None:
            self.column += 1
            return
        reference = REFERENCE.fullmatch(written)
        if reference is None:
            raise refused(DAMAGED)
        self.column = 0
        for letter in reference[1].upper():
            self.column = self.column * 26 + ord(letter) - 64
        self.row = int(reference[2])


def _inside(target: str) -> bool:
    """Whether a workbook points to a part that was measured."""
    return target.lower().endswith(".xml")
