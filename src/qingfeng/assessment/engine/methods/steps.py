"""Steps, with or without interpolation between them, version 1 (分段计分)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from qingfeng.assessment.engine.exact import divide, plus, times
from qingfeng.assessment.engine.measure import Measure, evaluate, read_measure
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.refusals import EngineRefusal
from qingfeng.assessment.engine.scheme.dated import SchemeParameter, parameter
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.sight import Marks, Method, MethodContext, Sight

Between = Literal["interpolate", "lower"]
BETWEEN: tuple[Between, ...] = ("interpolate", "lower")
PLACES = 4
"""Decimal places of the values at which steps stand."""


@dataclass(frozen=True)
class PointsThreshold:
    at: SchemeParameter
    points: SchemeParameter


@dataclass(frozen=True)
class Steps:
    """At or above ``at``: ``points``; below the first step the first's, above the last the last's."""

    value: Measure
    table: tuple[PointsThreshold, ...]
    between: Between


def read(keys: DocumentMap, reading: MethodContext) -> Steps:
    value = read_measure(keys.get("value"), reading.catalogue)
    table: list[PointsThreshold] = []
    for item in keys.get("table").items():
        with item.map() as row:
            at = parameter(row.get("at"), PLACES, reading.clause)
            points = parameter(row.get("points"), reading.places, reading.clause)
            table.append(PointsThreshold(at, points))
            if len(table) > 1 and at.terms[0].value <= table[-2].at.terms[0].value:
                raise EngineRefusal("steps_not_ascending", row.place)
            if any(term.value > reading.weight for term in points.terms):
                raise EngineRefusal("points_above_weight", row.place, key="points")
    return Steps(value, tuple(table), keys.get("between").choice(BETWEEN))


def needs(steps: Steps) -> Iterator[Need]:
    yield from steps.value.needs


def score(steps: Steps, sight: Sight) -> Marks:
    value = evaluate(steps.value, sight)
    table = [(sight.value(step.at), sight.value(step.points)) for step in steps.table]
    numerator = times(value.numerator, 10**PLACES)
    points, reached = sight.of(table[0][1]), sight.of(0)
    for number, ((at, low), (following, high)) in enumerate(pairwise(table), start=1):
        inside = (numerator >= times(value.denominator, at)) & (
            numerator < times(value.denominator, following)
        )
        part = sight.of(low)
        if steps.between == "interpolate":
            way = plus(numerator, -times(value.denominator, at))
            share = times(value.denominator, following - at)
            part = divide(plus(times(share, low), times(way, high - low)), share, sight.rounding)
        points, reached = np.where(inside, part, points), np.where(inside, number, reached)
    top = numerator >= times(value.denominator, table[-1][0])
    points, reached = np.where(top, table[-1][1], points), np.where(top, len(table), reached)
    return Marks(
        points,
        {"value_numerator": value.numerator, "value_denominator": value.denominator, "step": reached},
        absent=~value.present,
        thin=sight.nobody(),
    )


METHOD = Method("steps", 1, read, needs, score, may_miss=True)
