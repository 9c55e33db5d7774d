"""The distribution of each total: its certain part, and a Beta with the summed moments of the
uncertain ones.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from qingfeng.assessment.engine.methods.composite import Composite
from qingfeng.assessment.engine.methods.linked import LinkedMean
from qingfeng.assessment.engine.scoring import ASIDE, IndicatorScores, SchemeScores, Status
from qingfeng.assessment.engine.uncertainty.beta import Floats, shape_of
from qingfeng.assessment.engine.uncertainty.parts import UncertainIndicator, parts

_OUT = (*ASIDE, Status.PROTECTION_NEUTRAL, Status.TOLERANCE_NEUTRAL, Status.MISSING_ZERO, Status.MISSING_FULL)


@dataclass(frozen=True)
class Totals:
    """Each total as offset + width x Beta(a, b); width 0 where nothing is uncertain."""

    offset: Floats
    width: Floats
    a: Floats
    b: Floats

    @property
    def mean(self) -> Floats:
        return self.offset + self.width * self.a / (self.a + self.b)

    @property
    def variance(self) -> Floats:
        size = self.a + self.b
        return self.width**2 * self.a * self.b / (size**2 * (size + 1))


def totals_of(scores: SchemeScores, others: Mapping[str, SchemeScores]) -> Totals:
    """Sum the uncertain parts where they count, reweighted as the total is."""
    length, full = len(scores.subjects), scores.scheme.scoring.full
    left = np.full(length, float(full))
    for scored in scores.indicators:
        left -= np.where(np.isin(scored.status, ASIDE), scored.indicator.weight, 0)
    factor = full / np.where(left > 0, left, 1)
    mean, variance, least, most = (np.zeros(length) for _ in range(4))
    sure = scores.total.astype(float)
    for scored, part in (*parts(scores), *_taken(scores, others)):
        counts = ~np.isin(scored.status, _OUT)
        scale = np.where(counts, factor if scored.indicator.weight else 1.0, 0.0)
        mean, variance = mean + scale * part.mean, variance + scale**2 * part.variance
        least, most = least + scale * part.least, most + scale * part.most
        sure = sure - scale * scored.points
    width = most - least
    some = (width > 0) & (variance > 0)
    unit = np.where(some, width, 1)
    a, b = shape_of(np.where(some, (mean - least) / unit, 0.5), np.where(some, variance / unit**2, 0.05))
    return Totals(sure + least, np.where(some, width, 0), a, b)


def bounds(scores: SchemeScores) -> tuple[float, Floats]:
    scoring = scores.scheme.scoring
    low = -math.inf if scoring.least is None else float(scoring.least)
    high = np.full(len(scores.subjects), math.inf if scoring.most is None else float(scoring.most))
    for scored in scores.indicators:
        if "struck" in scored.steps:
            most = scored.indicator.parameters.most.on(scores.period.last).value
            struck = (scored.steps["struck"] == 1) & (scored.status == Status.SCORED)
            high = np.where(struck, np.minimum(high, most), high)
    return low, high


def _taken(
    scores: SchemeScores, others: Mapping[str, SchemeScores]
) -> Iterator[tuple[IndicatorScores, UncertainIndicator]]:
    """What composite and linked indicators take from other schemes, with its uncertainty there."""
    known: dict[str, Totals] = {}
    for scored in scores.indicators:
        parameters = scored.indicator.parameters
        if not isinstance(parameters, Composite | LinkedMean) or parameters.scheme not in others:
            continue
        other = others[parameters.scheme]
        totals = known.setdefault(parameters.scheme, totals_of(other, others))
        mean, variance = np.zeros(len(scores.subjects)), np.zeros(len(scores.subjects))
        for at, subject in enumerate(scores.subjects):
            shares = _shares(scores, parameters, subject, other)
            together = sum(shares.values())
            for position, share in shares.items():
                mean[at] += totals.mean[position] * share / together
                variance[at] += totals.variance[position] * (share / together) ** 2
        factor = scored.indicator.weight / other.scheme.scoring.full
        most = scored.indicator.weight * 1.0
        yield scored, UncertainIndicator(np.clip(mean * factor, 0, most), variance * factor**2, 0.0, most)


def _shares(
    scores: SchemeScores, parameters: Composite | LinkedMean, subject: str, other: SchemeScores
) -> dict[int, int]:
    """Whose totals stand for a subject, by position in the other scheme, with their shares."""
    if isinstance(parameters, Composite):
        return {other.at(subject): 1} if subject in other.positions else {}
    shares: dict[int, int] = {}
    for link in scores.links.get(subject, ()):
        shares[other.at(link.to)] = shares.get(other.at(link.to), 0) + link.share
    return shares
