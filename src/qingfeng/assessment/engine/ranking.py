"""Ranks within groups, from above and from below, with declared ties (排名)."""

from dataclasses import dataclass

import numpy as np

from qingfeng.assessment.engine.exact import Flags, Ints, zeros
from qingfeng.assessment.engine.scheme.model import Ties


@dataclass(frozen=True)
class Ranking:
    """Rank from above and from below (1 is best, 1 is last), 0 where not ranked; how many are ranked."""

    rank: Ints
    from_below: Ints
    size: Ints


def ranks(keys: Ints, groups: Ints, ranked: Flags, ties: Ties) -> tuple[Ints, Ints]:
    """Rank by falling key within the group and the number ranked there, 0 where not ranked.

    ``competition``: 1 2 2 4 (how many are strictly better, plus one). ``dense``: 1 2 2 3.
    """
    rank, size = zeros(len(keys)), zeros(len(keys))
    at = np.flatnonzero(ranked)
    if at.size == 0:
        return rank, size
    at = at[np.lexsort((-keys[at], groups[at]))]
    group, key = groups[at], keys[at]
    opens = np.r_[True, group[1:] != group[:-1]]
    changes = opens | np.r_[True, key[1:] != key[:-1]]
    start = np.flatnonzero(opens)[np.cumsum(opens) - 1]
    if ties == "competition":
        rank[at] = np.flatnonzero(changes)[np.cumsum(changes) - 1] - start + 1
    else:
        count = np.cumsum(changes)
        rank[at] = count - count[start] + 1
    size[at] = np.bincount(group)[group]
    return rank, size


def ranking(totals: Ints, groups: Ints, ranked: Flags, ties: Ties) -> Ranking:
    """Both ways round; rank from below always counts the strictly lower, so that two last are both last."""
    rank, size = ranks(totals, groups, ranked, ties)
    from_below, _ = ranks(-totals, groups, ranked, "competition")
    return Ranking(rank, from_below, size)
