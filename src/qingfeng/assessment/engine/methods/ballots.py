"""Ballots by rater groups with weights, version 1 (民主测评 评议)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qingfeng.assessment.engine.exact import Flags, Ints, divide, plus, times
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.refusals import DocumentPlace, EngineRefusal
from qingfeng.assessment.engine.scheme.dated import SchemeParameter, parameter
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.scheme.model import BELOW, Below
from qingfeng.assessment.engine.sight import Marks, Method, MethodContext, Sight

LEAST_RATERS = 5
"""Nothing is shown of fewer raters than this, or a ballot tells who gave it."""


@dataclass(frozen=True)
class Raters:
    """One rater group: its ballots, its weight in per cent, the fewest that count."""

    id: str
    need: Need
    weight: SchemeParameter
    minimum: SchemeParameter
    place: DocumentPlace


@dataclass(frozen=True)
class Ballots:
    """Weighted mean of the rater groups' mean ratings, over the best rating on the paper."""

    levels: tuple[int, ...]
    raters: tuple[Raters, ...]
    below_minimum: Below

    @property
    def best(self) -> int:
        return max(self.levels)


def read(keys: DocumentMap, reading: MethodContext) -> Ballots:
    item = keys.get("levels")
    raters: list[Raters] = []
    for row_item in keys.get("raters").items():
        with row_item.map() as row:
            fact = reading.catalogue.fact(row.get("ballots"))
            minimum = parameter(row.get("minimum"), 0, reading.clause)
            if any(term.value < LEAST_RATERS for term in minimum.terms):
                raise EngineRefusal("minimum_too_low", minimum.place, least=LEAST_RATERS)
            weight = parameter(row.get("weight"), 2, reading.clause)
            need = Need(fact, "period", "rating")
            raters.append(Raters(row.get("id").text(), need, weight, minimum, row.place))
    together = sum(rater.weight.terms[0].value for rater in raters)
    if together != 100_00:
        raise EngineRefusal("rater_weights", keys.get("raters").place, found=f"{together / 100:g}")
    scale = raters[0].need.fact.scale
    levels = tuple(level.number(scale) for level in item.items())
    if len(set(levels)) < 2 or min(levels) < 0:
        raise EngineRefusal("levels_not_distinct", item.place)
    return Ballots(levels, tuple(raters), keys.get("below_minimum").choice(BELOW))


def needs(ballots: Ballots) -> Iterator[Need]:
    return (rater.need for rater in ballots.raters)


def score(ballots: Ballots, sight: Sight) -> Marks:
    counts, totals, enough = ballots_of(ballots, sight)
    groups = [(weigh(ballots, sight, at), totals[at], counts[at]) for at in range(len(counts))]
    return weighted_mean(ballots, sight, enough, groups)


def weigh(ballots: Ballots, sight: Sight, at: int) -> int:
    return sight.value(ballots.raters[at].weight)


def weighted_mean(
    ballots: Ballots,
    sight: Sight,
    enough: list[Flags],
    groups: list[tuple[int, Ints, Ints]],
) -> Marks:
    """Points from each rater group's (weight, numerator, denominator) where enough ballots came."""
    numerator, denominator, weight = sight.of(0), sight.of(1), sight.of(0)
    for (share, above, below), counted in zip(groups, enough, strict=True):
        above, below = np.where(counted, above, 0), np.where(counted, below, 1)
        numerator = plus(times(numerator, below), times(above, denominator, share))
        denominator = times(denominator, below)
        weight = plus(weight, np.where(counted, share, 0))
    some = weight > 0
    denominator = times(denominator, np.where(some, weight, 1), ballots.best)
    points = divide(times(numerator, sight.indicator.weight), denominator, sight.rounding)
    thin = np.zeros(len(sight.subjects), dtype=bool)
    if ballots.below_minimum == "unranked":
        thin = some & ~np.logical_and.reduce(enough)
    return Marks(points, {"weight_counted": weight}, absent=~some, thin=thin)


def ballots_of(ballots: Ballots, sight: Sight) -> tuple[list[Ints], list[Ints], list[Flags]]:
    counts, totals, enough = [], [], []
    for rater in ballots.raters:
        column = sight.evidence.column(rater.need)
        refuse_other_levels(ballots, rater, sight)
        minimum = sight.value(rater.minimum)
        few = sight.included & (column.count < minimum)
        if ballots.below_minimum == "refuse" and few.any():
            subject = int(np.flatnonzero(few)[0])
            raise EngineRefusal(
                "too_few_ballots",
                rater.place,
                raters=rater.id,
                subject=sight.subjects[subject],
                count=int(column.count[subject]),
                minimum=minimum,
            )
        counts.append(column.count)
        totals.append(column.total)
        enough.append(column.count >= minimum)
    return counts, totals, enough


def refuse_other_levels(ballots: Ballots, rater: Raters, sight: Sight) -> None:
    """Refuse a rating that was not on the paper."""
    ratings = sight.evidence.ratings(rater.need)
    given = ratings.counts.sum(axis=1) != 0
    for level in ratings.levels[given]:
        if int(level) not in ballots.levels:
            raise EngineRefusal("unknown_rating", rater.place, raters=rater.id, rating=int(level))


METHOD = Method("ballots", 1, read, needs, score, may_miss=True)
