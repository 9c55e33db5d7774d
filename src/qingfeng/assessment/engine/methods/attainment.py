"""Attainment against a target, version 1 (目标完成率)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qingfeng.assessment.engine.exact import divide, times
from qingfeng.assessment.engine.measure import Measure, SubjectRatios, evaluate, read_measure, refuse_zero
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.scheme.dated import SchemeParameter, parameter
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.sight import Marks, Method, MethodContext, Sight

Best = Literal["high", "low"]
BEST: tuple[Best, ...] = ("high", "low")
PLACES = 4
"""Decimal places a constant target may have."""


@dataclass(frozen=True)
class Attainment:
    """weight x value / target (target / value where low is best); per cent of two decimals bound the
    fraction.
    """

    value: Measure
    target: Measure | SchemeParameter
    best: Best
    cap: SchemeParameter
    floor: SchemeParameter


def read(keys: DocumentMap, reading: MethodContext) -> Attainment:
    value = read_measure(keys.get("value"), reading.catalogue)
    item = keys.get("target")
    target: Measure | SchemeParameter
    target = read_measure(item, reading.catalogue) if item.is_map else parameter(item, PLACES, reading.clause)
    return Attainment(
        value,
        target,
        keys.get("best").choice(BEST),
        parameter(keys.get("cap"), 2, reading.clause),
        parameter(keys.get("floor"), 2, reading.clause),
    )


def needs(attainment: Attainment) -> Iterator[Need]:
    yield from attainment.value.needs
    if isinstance(attainment.target, Measure):
        yield from attainment.target.needs


def score(attainment: Attainment, sight: Sight) -> Marks:
    value = evaluate(attainment.value, sight)
    target = _target(attainment, sight)
    present = value.present & target.present
    above, below = (value, target) if attainment.best == "high" else (target, value)
    numerator = times(above.numerator, below.denominator)
    denominator = times(above.denominator, below.numerator)
    cap, floor = sight.value(attainment.cap), sight.value(attainment.floor)
    perfect = denominator <= 0
    """Only where low is best: nothing at all of what should be low."""
    denominator = np.where(perfect, 1, denominator)
    over = perfect | (times(numerator, 10_000) > times(denominator, cap))
    under = ~over & ((numerator <= 0) | (times(numerator, 10_000) < times(denominator, floor)))
    numerator = np.where(over, cap, np.where(under, 0, numerator))
    denominator = np.where(over, 10_000, np.where(under, 1, denominator))
    points = divide(times(numerator, sight.indicator.weight), denominator, sight.rounding)
    return Marks(
        points,
        {
            "value_numerator": value.numerator,
            "value_denominator": value.denominator,
            "target_numerator": target.numerator,
            "target_denominator": target.denominator,
        },
        absent=~present,
        thin=sight.nobody(),
    )


def _target(attainment: Attainment, sight: Sight) -> SubjectRatios:
    if isinstance(attainment.target, Measure):
        target, place = evaluate(attainment.target, sight), attainment.target.place
    else:
        target = SubjectRatios(
            sight.of(sight.value(attainment.target)), sight.of(10**PLACES), ~sight.nobody()
        )
        place = attainment.target.place
    refuse_zero(target.numerator <= 0, target.present & sight.included, sight, place)
    sound = target.numerator > 0
    return SubjectRatios(np.where(sound, target.numerator, 1), target.denominator, target.present & sound)


METHOD = Method(
    "attainment",
    1,
    read,
    needs,
    score,
    may_miss=True,
)
