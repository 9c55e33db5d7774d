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
from qingfeng.mechanisms.intake import rules

BOUNDS = sheets.Bounds(size=200 << 20, rows=200_000, columns=100, cells=3_000_000)
"""Rows are read one by one and stored in pieces, so a file may be longer than one that fills a single act."""


@dataclass(frozen=True)
class File:
    """The heads of a file and its filled rows, each with its number as the sheet counts."""

    heads: list[str]
    rows: list[tuple[int, list[rules.Cell]]]

    def said(
        self, columns: Mapping[str, str], today: date, begin: int = 0, end: int | None = None
    ) -> Iterator[tuple[int, list[rules.Cell], rules.Row]]:
        """Number, cells and what they say of a stretch of rows, by a mapping of what is held to a head."""
        places = {held: self.heads.index(head) for held, head in columns.items() if head in self.heads}
        for number, cells in self.rows[begin:end]:
            if any(cell is not None for cell in cells[len(self.heads) :]):
                yield number, cells, rules.Row(faults=(rules.Flaw("", "beyond"),))
                continue
            yield (
                number,
                cells,
                rules.read(
                    {held: cells[at] if at < len(cells) else None for held, at in places.items()}, today
                ),
            )


@lru_cache(maxsize=2)
def opened(digest: str, name: str) -> File:
    """The file that a digest names. Raises ``Invalid`` for what is no sheet, too large, or has no rows."""
    with FILES.open(digest) as held:
        grid = sheets.read(Path(held.name), name, BOUNDS)
    at = rules.heads_at(grid[:200])
    if at is None:
        raise refused(_("This sheet is empty; choose another."))
    rows = [
        (number, row)
        for number, row in enumerate(grid[at + 1 :], start=at + 2)
        if any(cell is not None for cell in row)
    ]
    if not rows:
        raise refused(_("There are heads in this sheet, but no rows under them."))
    return File(rules.named(grid[at]), rows)


def look(file: Attachment) -> None:
    """Open a file before the act that takes it in, so that nobody waits for the reading. Raises ``Invalid``."""
    opened(file.digest, file.name)
