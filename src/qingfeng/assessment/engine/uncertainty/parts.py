"""The uncertain part of each indicator: mean, variance and range of its points, per subject."""

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from qingfeng.assessment.engine.measure import Measure
from qingfeng.assessment.engine.methods.attainment import Attainment
from qingfeng.assessment.engine.methods.ballots import Ballots, Raters
from qingfeng.assessment.engine.methods.ballots_shrunk import ShrunkBallots
from qingfeng.assessment.engine.methods.events import Events
from qingfeng.assessment.engine.methods.steps import Steps
from qingfeng.assessment.engine.scoring import IndicatorScores, SchemeScores
from qingfeng.assessment.engine.uncertainty.beta import Floats, quantile

_NODES = 32
_PROBABILITIES = tuple((number + 0.5) / _NODES for number in range(_NODES))
_NORMAL = np.array([NormalDist().inv_cdf(p) for p in _PROBABILITIES])


@dataclass(frozen=True)
class UncertainIndicator:
    """One uncertain indicator, in scaled points: moments, and the least and most it can give."""

    mean: Floats
    variance: Floats
    least: float
    most: float


def parts(scores: SchemeScores) -> Iterator[tuple[IndicatorScores, UncertainIndicator]]:
    """The uncertain indicators of a scheme: all ballots, and what the scheme declares counts or samples."""
    for scored in scores.indicators:
        parameters, part = scored.indicator.parameters, None
        if isinstance(parameters, Ballots):
            part = _ballots(scores, scored, parameters, None)
        elif isinstance(parameters, ShrunkBallots):
            part = _ballots(scores, scored, parameters.ballots, parameters)
        elif scored.indicator.random == "counts":
            part = _counts(scores, scored, parameters)
        elif scored.indicator.random == "sample":
            part = _sample(scores, scored, parameters)
        if part is not None:
            yield scored, part


def _ballots(
    scores: SchemeScores, scored: IndicatorScores, ballots: Ballots, small: ShrunkBallots | None
) -> UncertainIndicator:
    day, weight = scores.period.last, scored.indicator.weight
    length = len(scores.subjects)
    levels = np.array(sorted(ballots.levels), dtype=float)
    mean, variance, shares = np.zeros(length), np.zeros(length), np.zeros(length)
    for rater in ballots.raters:
        counts = _histogram(scores, rater, levels)
        given = counts.sum(axis=0)
        enough = given >= rater.minimum.on(day).value
        borrowed = 0.0 if small is None else _borrowed(scores, counts, given, small)
        middle, spread = mean_rating(counts + borrowed, levels)
        share = np.where(enough, rater.weight.on(day).value, 0)
        mean, variance, shares = mean + share * middle, variance + share**2 * spread, shares + share
    factor = weight / (np.where(shares > 0, shares, 1) * levels[-1])
    return UncertainIndicator(mean * factor, variance * factor**2, weight * levels[0] / levels[-1], weight)


def mean_rating(counts: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the mean rating's posterior; ``counts[level, subject]``, prior 1/K on each
    level.
    """
    alpha = counts + 1 / len(levels)
    size = alpha.sum(axis=0)
    middle = levels @ alpha / size
    return middle, ((levels**2) @ alpha / size - middle**2) / (size + 1)


def _histogram(scores: SchemeScores, rater: Raters, levels: Floats) -> Floats:
    ratings = scores.evidence.ratings(rater.need)
    counts = np.zeros((len(levels), len(scores.subjects)))
    for level, row in zip(ratings.levels, ratings.counts, strict=True):
        counts[int(np.searchsorted(levels, level))] = row
    return counts


def _borrowed(scores: SchemeScores, counts: Floats, given: Floats, small: ShrunkBallots) -> Floats:
    """The further ballots a small number is given, spread as the group's are."""
    day = scores.period.last
    pooled = np.zeros((len(counts), int(scores.groups.max()) + 1))
    for row, target in zip(counts, pooled, strict=True):
        np.add.at(target, scores.groups, row)
    together = pooled.sum(axis=0)
    spread = (pooled / np.where(together > 0, together, 1))[:, scores.groups]
    return np.where(given < small.below.on(day).value, spread * small.strength.on(day).value, 0)


def _counts(scores: SchemeScores, scored: IndicatorScores, events: Events) -> UncertainIndicator:
    """Points of all events at the middle of 32 equally likely slices of each posterior."""
    day, length = scores.period.last, len(scores.subjects)
    cap = float(events.cap.on(day).value)
    middle, spread = np.zeros(length), np.zeros(length)
    for event in events.events:
        each = event.points.on(day).value
        shape = np.maximum(scores.evidence.column(event.amount.need).count, 0) + 0.5
        middle, spread = middle + each * shape, spread + each**2 * shape
    shape, scale = middle**2 / spread, spread / middle
    nodes = _NORMAL[:, None]
    slices = scale * shape * np.maximum(1 - 1 / (9 * shape) + nodes / (3 * np.sqrt(shape)), 0) ** 3
    points = np.minimum(slices, cap)
    if scored.indicator.method == "deduction":
        weight = scored.indicator.weight
        return UncertainIndicator(weight - points.mean(axis=0), points.var(axis=0), weight - cap, weight)
    return UncertainIndicator(points.mean(axis=0), points.var(axis=0), 0, cap)


def _sample(
    scores: SchemeScores, scored: IndicatorScores, parameters: Attainment | Steps
) -> UncertainIndicator:
    """Points over 32 equally likely slices of the rate's posterior."""
    measure: Measure = parameters.value
    found = [scores.evidence.column(need).count for need in measure.needs]
    hits, whole = np.clip(found[0], 0, None), np.clip(found[-1], 0, None)
    misses = np.clip(whole - hits, 0, None)
    slices = np.array([quantile(p, hits + 0.5, misses + 0.5) * 100 for p in _PROBABILITIES])
    points = _points_of(slices, scores, scored, parameters)
    return UncertainIndicator(points.mean(axis=0), points.var(axis=0), 0, scored.indicator.weight * 1.0)


def _points_of(
    rates: Floats, scores: SchemeScores, scored: IndicatorScores, parameters: Attainment | Steps
) -> Floats:
    day = scores.period.last
    if isinstance(parameters, Steps):
        ats = [step.at.on(day).value / 10**step.at.places for step in parameters.table]
        points = [float(step.points.on(day).value) for step in parameters.table]
        if parameters.between == "interpolate":
            return np.interp(rates, ats, points)
        return np.array(points)[np.clip(np.searchsorted(ats, rates, side="right") - 1, 0, None)]
    target = parameters.target
    base = 1.0 if isinstance(target, Measure) else target.on(day).value / 10**target.places
    share = rates / base if parameters.best == "high" else base / np.maximum(rates, 1e-9)
    share = np.where(share < parameters.floor.on(day).value / 10_000, 0, share)
    return np.minimum(share, parameters.cap.on(day).value / 10_000) * scored.indicator.weight
