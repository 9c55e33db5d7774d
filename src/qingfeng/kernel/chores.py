"""Chores 后台任务: long work of a mechanism, which the worker does a piece at a time.

What takes longer than an act may hold the writers up is cut into pieces, each an act of the system (or the
writing of something that can be made anew), so that nobody waits for the whole, and so that a crash costs no
more than the piece it fell into.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from qingfeng.kernel.refusals import Misdeclared


@dataclass(frozen=True)
class Chore:
    """A chore: called every few seconds, it does some pieces of what is waiting and returns how many."""

    code: str
    perform: Callable[[datetime], int]


CHORES: dict[str, Chore] = {}


def chore(declared: Chore) -> Chore:
    """Have the worker see to a chore. Raises ``Misdeclared`` for a second one of a code."""
    if declared.code in CHORES:
        raise Misdeclared(f"there is a chore {declared.code} already")
    CHORES[declared.code] = declared
    return declared
