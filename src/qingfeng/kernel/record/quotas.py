"""How much is owed 应完成数量: a number a rank, and what follows where the rank changes while the period runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Spell = tuple[date, str]
"""From a day on, the rank held; empty: none."""


@dataclass(frozen=True, slots=True)
class Quota:
    """The number owed in a period by who holds a rank; ``by_day``: by the days for which it was owed 按任职天数折算."""

    rank: str
    number: int
    by_day: bool = False


def rank_on(held: Sequence[Spell], day: date) -> str:
    """The rank held on a day; the spells stand in order."""
    return next((rank for since, rank in reversed(held) if since <= day), "")


def owed(quotas: Sequence[Quota], held: Sequence[Spell], first: date, last: date) -> int | None:
    """What is owed in a period, from ``first`` to ``last``; none where the rank held on the last day owes nothing.

    The rank held last decides, and whether the number goes by days: then each day counts a day's part of the number of
    the rank held on it, and a part of one that is left over is not owed.
    """
    by_rank = {quota.rank: quota for quota in quotas}
    decides = by_rank.get(rank_on(held, last))
    if decides is None:
        return None
    if not decides.by_day:
        return decides.number
    begins = [max(first, min(since, last.fromordinal(last.toordinal() + 1))) for since, _rank in held]
    ends = [*begins[1:], last.fromordinal(last.toordinal() + 1)]
    total = sum(
        by_rank[rank].number * (until - since).days
        for since, until, (_since, rank) in zip(begins, ends, held, strict=True)
        if rank in by_rank
    )
    return total // ((last - first).days + 1)
