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
