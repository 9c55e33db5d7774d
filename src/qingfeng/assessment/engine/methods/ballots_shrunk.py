"""Ballots, version 2: a small number of ballots is drawn towards the mean of the peer group (收缩估计).

With n ballots fewer than ``below``, the rater group's mean is (sum + strength x peer mean) / (n + strength):
as if ``strength`` further ballots had come in with the mean of all ballots of the same ranking group. From
``below`` ballots on, and where the scheme does not say ``small``, it is version 1.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qingfeng.assessment.engine.exact import Ints, plus, times, zeros
from qingfeng.assessment.engine.methods import ballots as first
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.refusals import EngineRefusal
from qingfeng.assessment.engine.scheme.dated import SchemeParameter, parameter
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.sight import Marks, Method, MethodContext, Sight


@dataclass(frozen=True)
class ShrunkBallots:
    """Ballots as in version 1, and how small numbers are drawn to the peers."""

    ballots: first.Ballots
    below: SchemeParameter
    strength: SchemeParameter


def read(keys: DocumentMap, reading: MethodContext) -> ShrunkBallots:
    with keys.get("small").map() as small:
        below = parameter(small.get("below"), 0, reading.clause)
        strength = parameter(small.get("strength"), 0, reading.clause)
    ballots = first.read(keys, reading)
    minimum = max(term.value for rater in ballots.raters for term in rater.minimum.terms)
    if any(term.value <= minimum for term in below.terms):
        raise EngineRefusal("small_below_minimum", below.place, below=below.terms[0].value, minimum=minimum)
    return ShrunkBallots(ballots, below, strength)


def needs(parameters: ShrunkBallots) -> Iterator[Need]:
    return first.needs(parameters.ballots)


def score(parameters: ShrunkBallots, sight: Sight) -> Marks:
    ballots = parameters.ballots
    counts, totals, enough = first.ballots_of(ballots, sight)
    below, strength = sight.value(parameters.below), sight.value(parameters.strength)
    groups, steps = [], {}
    for at, (count, total) in enumerate(zip(counts, totals, strict=True)):
        peer_count, peer_total = _peers(count, sight), _peers(total, sight)
        small = (count < below) & (peer_count > 0)
        numerator = plus(
            times(total, np.where(small, peer_count, 1)), times(np.where(small, peer_total, 0), strength)
        )
        denominator = times(plus(count, np.where(small, strength, 0)), np.where(small, peer_count, 1))
        groups.append((first.weigh(ballots, sight, at), numerator, denominator))
        steps[f"peer_count_{at + 1}"] = np.where(small, peer_count, 0)
        steps[f"peer_total_{at + 1}"] = np.where(small, peer_total, 0)
    marks = first.weighted_mean(ballots, sight, enough, groups)
    return Marks(marks.points, {**marks.steps, **steps}, marks.absent, marks.thin)


def _peers(column: Ints, sight: Sight) -> Ints:
    """The ranking group's sum of a column over those to whom the indicator applies."""
    sums = zeros(int(sight.groups.max()) + 1)
    np.add.at(sums, sight.groups[sight.compared], column[sight.compared])
    return sums[sight.groups]


METHOD = Method("ballots", 2, read, needs, score, may_miss=True)
