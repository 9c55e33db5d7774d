"""The file of a batch, opened once a process 读取来件文件: its heads, its rows, and what each says under a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from qingfeng.kernel import sheets
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.attachments.intake import FILES
from qingfeng.kernel.attachments.kinds import refused
from qingfeng.kernel.sheets.cells import Cell, Order
from qingfeng.kernel.text.words import Words
from qingfeng.mechanisms.voice.intake import rules

BOUNDS = sheets.Bounds(size=200 << 20, rows=200_000, columns=100, cells=3_000_000)
"""Rows are read one by one and stored in pieces, so a file may be longer than one that fills a single act."""


@dataclass(frozen=True)
class MessageFile:
    """The heads of a file and its filled rows, each with its number; what was left out; whether the heads are known."""

    heads: list[str]
    rows: list[tuple[int, list[Cell]]]
    told: list[Words]
    known: bool
    headless: bool = False

    def suggested(self) -> dict[str, str]:
        """Which head holds what, by its words, or in a file without heads by what stands under it."""
        rows = [row for _number, row in self.rows[: rules.LOOKED_AT]]
        return rules.suggested(self.heads, rows) if self.known else rules.by_content(self.heads, rows)

    def said(
        self, columns: Mapping[str, str], order: Order, today: date, begin: int = 0, end: int | None = None
    ) -> Iterator[tuple[int, list[Cell], rules.MessageRow]]:
        """Number, cells and what they say of a stretch of rows, by a mapping of what is held to a head."""
        places = {held: self.heads.index(head) for held, head in columns.items() if head in self.heads}
        for number, cells in self.rows[begin:end]:
            if any(cell is not None for cell in cells[len(self.heads) :]):
                yield number, cells, rules.MessageRow(faults=(rules.Flaw("", "beyond"),))
                continue
            held = {held: cells[at] if at < len(cells) else None for held, at in places.items()}
            doubt = {name: cell.code for name, cell in held.items() if isinstance(cell, sheets.DoubtfulCell)}
            yield number, cells, rules.read(held, today, order, doubt)


@lru_cache(maxsize=2)
def opened(digest: str, name: str, headless: bool | None = None) -> MessageFile:
    """The file that a digest names. Raises ``Invalid`` for what is no sheet, too large, or has no rows.

    ``headless`` says whether its first row is a message already; none: as it looks, where no row has heads we know.
    """
    with FILES.open(digest) as held:
        found = sheets.laid(sheets.read(Path(held.name), name, BOUNDS), rules.known)
    if found is None:
        raise refused(_("This sheet is empty; choose another."))
    if headless is None:
        headless = not found.known and rules.is_message(found.heads)
    if headless:
        width = max(len(row) for row in [found.heads, *(row for _number, row in found.rows)])
        heads = rules.named([None] * width)
        return MessageFile(
            heads, [(found.at, found.heads), *found.rows], found.told, known=False, headless=True
        )
    if not found.rows:
        raise refused(_("There are heads in this sheet, but no rows under them."))
    return MessageFile(rules.named(found.heads), found.rows, found.told, found.known)


def look(file: Attachment) -> None:
    """Open a file before the act that takes it in, so that nobody waits for the reading. Raises ``Invalid``."""
    opened(file.digest, file.name)
