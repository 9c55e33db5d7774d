"""Intervals of totals, and of ranks by seeded draws of the totals."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from qingfeng.assessment.engine.exact import Flags, Ints
from qingfeng.assessment.engine.scoring import SchemeScores, Standing
from qingfeng.assessment.engine.uncertainty.beta import Floats, quantile
from qingfeng.assessment.engine.uncertainty.totals import Totals, bounds, totals_of

DRAWS = 1000


@dataclass(frozen=True)
class Uncertainty:
    """Per subject: the interval of the total in scaled points, of the rank, and chances among the last."""

    subjects: tuple[str, ...]
    lower: Ints
    upper: Ints
    rank_lower: Ints
    """0 where not ranked, as in the ranking."""
    rank_upper: Ints
    seed: int
    draws: int
    last: Mapping[int, Floats]
    """For each number of last places, the chance to be among them; 0 where not ranked."""

    @cached_property
    def chances(self) -> dict[tuple[str, int], float]:
        """By subject and number of last places, as the ladder asks for it."""
        return {
            (subject, places): float(chance)
            for places, column in self.last.items()
            for subject, chance in zip(self.subjects, column, strict=True)
        }


def uncertainty(
    scores: SchemeScores,
    others: Mapping[str, SchemeScores] | None = None,
    *,
    overall: bool = False,
    level: float = 0.95,
    draws: int = DRAWS,
    last_places: tuple[int, ...] = (1, 2),
) -> Uncertainty:
    """Intervals at ``level`` and rank chances; the seed follows from scheme, period and moment.

    ``overall`` ranks all groups in one list, as a ladder over a whole jurisdiction does.
    ``others`` are the run's schemes: what a composite or linked score takes from them is as uncertain
    as it was there; without them it counts as certain.
    """
    totals = totals_of(scores, others or {})
    tail = (1 - level) / 2
    lower, upper = (totals.offset + totals.width * quantile(p, totals.a, totals.b) for p in (tail, 1 - tail))
    low, high = bounds(scores)
    lower, upper = np.clip(lower, low, high), np.clip(upper, low, high)
    sure = totals.width == 0
    seed = _seed(scores)
    groups = np.zeros_like(scores.groups) if overall else scores.groups
    rank_lower, rank_upper, chances = _ranks(scores, groups, totals, seed, draws, tail, last_places)
    return Uncertainty(
        scores.subjects,
        np.where(sure, scores.total, np.minimum(np.floor(lower + 1e-6), scores.total)).astype(np.int64),
        np.where(sure, scores.total, np.maximum(np.ceil(upper - 1e-6), scores.total)).astype(np.int64),
        rank_lower,
        rank_upper,
        seed,
        draws,
        chances,
    )


def _seed(scores: SchemeScores) -> int:
    text = f"{scores.scheme.digest} {scores.period} {scores.known_at.isoformat()}"
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")


def _ranks(
    scores: SchemeScores,
    groups: Ints,
    totals: Totals,
    seed: int,
    draws: int,
    tail: float,
    last_places: tuple[int, ...],
) -> tuple[Ints, Ints, dict[int, Floats]]:
    length = len(scores.subjects)
    rank_lower, rank_upper = np.zeros(length, dtype=np.int64), np.zeros(length, dtype=np.int64)
    chances = {places: np.zeros(length) for places in last_places}
    low, high = bounds(scores)
    generator = np.random.RandomState(seed)
    ends = (int(tail * draws), min(draws - 1, int((1 - tail) * draws)))
    for number in np.unique(groups):
        inside = np.flatnonzero((groups == number) & (scores.standing == Standing.RANKED))
        if inside.size == 0:
            continue
        a, b = totals.a[inside], totals.b[inside]
        drawn = generator.beta(a, b, size=(draws, inside.size))
        drawn = np.clip(totals.offset[inside] + totals.width[inside] * drawn, low, high[inside])
        below = _from_below(drawn)
        above = _from_below(-drawn)
        above.partition(ends, axis=0)
        rank_lower[inside], rank_upper[inside] = above[ends[0]], above[ends[1]]
        for places in last_places:
            chances[places][inside] = (below <= places).mean(axis=0)
    return rank_lower, rank_upper, chances


def _from_below(drawn: Floats) -> Ints:
    """Rank from below in each row: how many are strictly lower, plus one."""
    order = np.argsort(drawn, axis=1, kind="stable")
    values = np.take_along_axis(drawn, order, axis=1)
    fresh: Flags = np.ones(drawn.shape, dtype=bool)
    fresh[:, 1:] = values[:, 1:] != values[:, :-1]
    places = np.maximum.accumulate(np.where(fresh, np.arange(drawn.shape[1]), 0), axis=1) + 1
    ranks = np.empty(drawn.shape, dtype=np.int32)
    np.put_along_axis(ranks, order, places.astype(np.int32), axis=1)
    return ranks
