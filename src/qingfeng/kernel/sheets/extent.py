"""How far the cells of a workbook reach, found out before anything is laid out.

A reader lays out the whole rectangle between the first cell and the last, so one cell in the farthest corner
of a small file would fill the memory. Only what is well-formed passes, so that the reader that comes after
sees the very cells that were measured here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Any
from xml.parsers import expat
from zipfile import ZipFile

from qingfeng.kernel.attachments.inspect import DAMAGED
from qingfeng.kernel.attachments.kinds import refused
from qingfeng.kernel.attachments.store import CHUNK
from qingfeng.kernel.sheets.limits import Bounds

REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})", re.ASCII)
CONTENT = frozenset({"v", "is", "f"})
RELATIONS = "xl/_rels/workbook.xml.rels"


def measure(path: Path, bounds: Bounds) -> None:
    """Refuse a workbook whose cells span more than is read. Raises ``Invalid`` under ``file``."""
    with ZipFile(path) as archive:
        for member in archive.infolist():
            name = member.filename.lower()
            if name.endswith(".xml") or name == RELATIONS:
                with archive.open(member) as part:
                    _Extent(bounds, related=name == RELATIONS).follow(part)


class _Extent:
    """Follows one part of a workbook. Cells without content don't count: the reader leaves them out too."""

    def __init__(self, bounds: Bounds, related: bool) -> None:
        self.bounds = bounds
        self.related = related
        self.row = self.column = self.cells = 0

    def follow(self, part: IO[bytes]) -> None:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._element
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            while chunk := part.read(CHUNK):
                parser.Parse(chunk)
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise refused(DAMAGED) from None

    def _doctype(self, *_declared: Any) -> None:
        raise refused(DAMAGED)

    def _element(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "row":
            self._to_row(attributes.get("r"))
        elif name == "c":
            self._to_cell(attributes.get("r"))
        elif name in CONTENT and self.column:
            self.cells += 1
            bounds = self.bounds
            if self.row > bounds.rows or self.column > bounds.columns or self.cells > 2 * bounds.cells:
                raise bounds.exceeded()
        elif self.related and name == "Relationship" and not _inside(attributes.get("Target", "")):
            raise refused(DAMAGED)

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
