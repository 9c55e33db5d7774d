"""The small typed set of methods, each in numbered versions. No free formulas.

A released version is never edited: a change of meaning is a new version in a module of its own, and the
golden runs of the old one stay, so that a replay agrees to the digit.
"""

from qingfeng.assessment.engine.methods import (
    addition,
    attainment,
    ballots,
    ballots_shrunk,
    composite,
    deduction,
    linked,
    rank_points,
    steps,
    veto,
)
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.scheme.model import Indicator
from qingfeng.assessment.engine.sight import Method

METHODS: dict[tuple[str, int], Method] = {
    (method.name, method.version): method
    for method in (
        attainment.METHOD,
        steps.METHOD,
        deduction.METHOD,
        addition.METHOD,
        ballots.METHOD,
        ballots_shrunk.METHOD,
        rank_points.METHOD,
        veto.METHOD,
        linked.METHOD,
        composite.METHOD,
    )
}


def needs_of(indicator: Indicator) -> tuple[Need, ...]:
    """Everything an indicator asks of the facts, its cases included, each once."""
    needs = list(METHODS[indicator.method, indicator.version].needs(indicator.parameters))
    if indicator.cases is not None:
        needs.append(indicator.cases.need)
    return tuple(dict.fromkeys(needs))
