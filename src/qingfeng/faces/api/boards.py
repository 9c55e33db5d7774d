"""How boards are asked for and answered: what everybody may know of a day, in words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from qingfeng.faces.api.parameters import asked
from qingfeng.faces.api.schemas import page_of
from qingfeng.kernel.reading.boards import BoardDay


class DayQuery(BaseModel):
    """Of which day."""

    day: date | None = asked(_("Day; today where it isn't said"), default=None)


class BoardView(BaseModel):
    """A board of one day, with its columns and rows in words."""

    name: str
    label: str
    day: date
    columns: list[str]
    rows: list[list[str]]


Boards = page_of(BoardView, "Boards")


def shown(found: BoardDay) -> dict[str, Any]:
    """A board as it is answered."""
    return {
        "name": found.board.name,
        "label": str(found.board.label),
        "day": found.on,
        "columns": [str(column) for column in found.board.columns],
        "rows": [[str(cell) for cell in row] for row in found.rows],
    }
