"""Points by rank within the group, version 1 (按名次计分)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qingfeng.assessment.engine.exact import Ints, plus, times, wide, widest
from qingfeng.assessment.engine.measure import Measure, SubjectRatios, evaluate, read_measure
from qingfeng.assessment.engine.methods.attainment import BEST, Best
from qingfeng.assessment.engine.ranking import ranks
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.refusals import EngineRefusal
from qingfeng.assessment.engine.scheme.dated import SchemeParameter, parameter
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.scheme.model import TIES, Ties
from qingfeng.assessment.engine.sight import Marks, Method, MethodContext, Sight


@dataclass(frozen=True)
class RankPoints:
    """The first has ``first`` points, each rank below ``step`` fewer, nobody fewer than ``least``."""

    value: Measure
    best: Best
    first: SchemeParameter
    step: SchemeParameter
    least: SchemeParameter
    ties: Ties


def read(keys: DocumentMap, reading: MethodContext) -> RankPoints:
    first = parameter(keys.get("first"), reading.places, reading.clause)
    if any(term.value > reading.weight for term in first.terms):
        raise EngineRefusal("points_above_weight", first.place, key="first")
    return RankPoints(
        read_measure(keys.get("value"), reading.catalogue),
        keys.get("best").choice(BEST),
        first,
        parameter(keys.get("step"), reading.places, reading.clause),
        parameter(keys.get("least"), reading.places, reading.clause),
        keys.get("ties").choice(TIES),
    )


def needs(rank_points: RankPoints) -> Iterator[Need]:
    yield from rank_points.value.needs


def score(rank_points: RankPoints, sight: Sight) -> Marks:
    value = evaluate(rank_points.value, sight)
    ranked = value.present & sight.compared
    order = in_order(value)
    rank, size = ranks(-order if rank_points.best == "low" else order, sight.groups, ranked, rank_points.ties)
    points = plus(-times(rank - 1, sight.value(rank_points.step)), sight.value(rank_points.first))
    least = sight.value(rank_points.least)
    points = np.where(points < least, least, points)
    return Marks(
        np.where(ranked, points, 0),
        {
            "value_numerator": value.numerator,
            "value_denominator": value.denominator,
            "rank": rank,
            "of": size,
        },
        absent=~value.present,
        thin=sight.nobody(),
    )


def in_order(value: SubjectRatios) -> Ints:
    """Integers in the exact order of the fractions, equal where they are equal.

    Two different fractions with denominators up to D are at least 1/D**2 apart, so their floors after
    multiplication by D**2 differ.
    """
    apart = widest(value.denominator) ** 2
    keys: Ints = times(wide(value.numerator), apart) // value.denominator
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)


METHOD = Method(
    "rank_points",
    1,
    read,
    needs,
    score,
    may_miss=True,
)
