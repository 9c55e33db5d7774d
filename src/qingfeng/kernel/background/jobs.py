"""Chores 后台任务: long work of a mechanism, which the worker does a piece at a time.

What takes longer than an act may hold the writers up is cut into pieces, each an act of the system (or the
writing of something that can be made anew), so that nobody waits for the whole, and so that a crash costs no
more than the piece it fell into.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from qingfeng.kernel.refusals import Misdeclared

T = TypeVar("T")

PIECE_SECONDS = 1.0
"""How long a piece of work takes: a worker told to stop has stopped within two."""
ticks = time.monotonic
"""Seconds that only grow: the clock on the wall may be set back."""


def piece(rows: Iterable[T]) -> Iterator[T]:
    """What of some rows is done in one piece: the first, and others until a second is over."""
    ends = ticks() + PIECE_SECONDS
    for row in rows:
        yield row
        if ticks() >= ends:
            return


@dataclass(frozen=True)
class BackgroundJob:
    """A chore: it does a piece of what is waiting, a second's work, and returns how much it did.

    Where it did something it is called again after a rest, where nothing waited after some seconds.
    """

    code: str
    perform: Callable[[datetime], int]


CHORES: dict[str, BackgroundJob] = {}


def background_job(declared: BackgroundJob) -> BackgroundJob:
    """Have the worker see to a chore. Raises ``Misdeclared`` for a second one of a code."""
    if declared.code in CHORES:
        raise Misdeclared(f"there is a chore {declared.code} already")
    CHORES[declared.code] = declared
    return declared
