"""Boards 公示栏: what everybody in the house may know of a day, and no more.

Most of what a mechanism knows is for those a matter names. Some of it is for all who work here: who is away, and
who stands in. A board is a projection of its own, allow-listed column by column, never a list of matters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor

Row = Sequence[Words]


@dataclass(frozen=True)
class Board:
    """A board of one day: ``rows`` makes them for the jurisdictions an actor covers. Raises ``Misdeclared``."""

    name: str
    label: Words
    lead: Words
    columns: Sequence[Words]
    rows: Callable[[Actor, date], Sequence[Row]]

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise Misdeclared(f"{self.name}: a board is named by one word of letters, digits and _")


@dataclass(frozen=True)
class BoardDay:
    """A board as it is on a day."""

    board: Board
    on: date
    rows: Sequence[Row]
