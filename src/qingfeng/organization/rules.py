"""The pure rules about cadres: years of service, and which of two ranks is the higher."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date


def years_of_service(since: date, on: date) -> int:
    """Full years from the day someone began in public service to ``on`` 工作年限; 0 before the first is full.

    A year is full on the same day of the year; for 29 February on 1 March where there is none.
    """
    return max(0, on.year - since.year - ((on.month, on.day) < (since.month, since.day)))


def at_least(ranks: Sequence[str], rank: str, least: str) -> bool:
    """Whether a rank 层次 is ``least`` or above it; ``ranks`` are the codes, the lowest first.

    A rank that is not listed is below all. Raises ``ValueError`` where ``least`` is not listed.
    """
    return rank in ranks and ranks.index(rank) >= ranks.index(least)
