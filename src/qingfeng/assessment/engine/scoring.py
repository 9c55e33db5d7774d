"""From evidence to points, totals and ranks of one scheme, set-wise, in exact integers."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

import numpy as np

from qingfeng.assessment.engine.evidence import Evidence
from qingfeng.assessment.engine.exact import Flags, Ints, divide, narrow, plus, times, zeros
from qingfeng.assessment.engine.methods import METHODS
from qingfeng.assessment.engine.period import AssessmentPeriod
from qingfeng.assessment.engine.ranking import Ranking, ranking
from qingfeng.assessment.engine.refusals import EngineRefusal
from qingfeng.assessment.engine.roster import Exclusion, Member
from qingfeng.assessment.engine.scheme.model import Indicator, Scheme
from qingfeng.assessment.engine.sight import LinkShare, Marks, OtherTotals, Sight


class Status(IntEnum):
    """How a cell's points came about."""

    SCORED = 0
    MISSING_ZERO = 1
    MISSING_FULL = 2
    MISSING_ASIDE = 3
    PROTECTION_ASIDE = 4
    PROTECTION_NEUTRAL = 5
    TOLERANCE_ASIDE = 6
    TOLERANCE_NEUTRAL = 7


ASIDE = (Status.MISSING_ASIDE, Status.PROTECTION_ASIDE, Status.TOLERANCE_ASIDE)


class Standing(IntEnum):
    """Whether a subject is ranked, and if not, why."""

    RANKED = 0
    SMALL_GROUP = 1
    FEW_BALLOTS = 2
    MISSING = 3
    NOTHING_LEFT = 4


@dataclass(frozen=True)
class IndicatorScores:
    """One indicator over all subjects: points as counted, as they would be without exclusions, and how."""

    indicator: Indicator
    points: Ints
    plain: Ints
    status: Ints
    steps: Mapping[str, Ints]


@dataclass(frozen=True)
class SchemeScores:
    """Everything one scheme gave for one period as known at one moment."""

    scheme: Scheme
    period: AssessmentPeriod
    known_at: dt.datetime
    members: tuple[Member, ...]
    subjects: tuple[str, ...]
    groups: Ints
    indicators: tuple[IndicatorScores, ...]
    exclusions: tuple[Exclusion, ...]
    links: Mapping[str, tuple[LinkShare, ...]]
    total: Ints
    plain: Ints
    ranking: Ranking
    standing: Ints
    evidence: Evidence

    def at(self, subject: str) -> int:
        """The subject's position; KeyError when it is not assessed here."""
        return self.positions[subject]

    @cached_property
    def positions(self) -> Mapping[str, int]:
        return {subject: position for position, subject in enumerate(self.subjects)}

    @property
    def totals(self) -> OtherTotals:
        known = self.standing != Standing.NOTHING_LEFT
        return OtherTotals(
            {
                subject: int(total)
                for subject, total, there in zip(self.subjects, self.total, known, strict=True)
                if there
            },
            self.scheme.scoring.full,
            self.scheme.scoring.places,
        )


def score_scheme(
    scheme: Scheme,
    period: AssessmentPeriod,
    known_at: dt.datetime,
    members: tuple[Member, ...],
    exclusions: tuple[Exclusion, ...],
    evidence: Evidence,
    others: Mapping[str, OtherTotals],
    links: Mapping[str, tuple[LinkShare, ...]],
) -> SchemeScores:
    """Score, total and rank; ``evidence`` and ``members`` stand in the same order."""
    subjects = tuple(member.subject for member in members)
    numbers = {group.id: number for number, group in enumerate(scheme.groups)}
    groups = np.array([numbers[member.group] for member in members], dtype=np.int64)
    _refuse_groups_of_one(scheme, groups)
    excluded = _excluded(scheme, subjects, exclusions)
    scored: list[IndicatorScores] = []
    plain_aside: list[tuple[Indicator, Ints, Flags]] = []
    ceiling, plain_ceiling = np.full(len(subjects), -1), np.full(len(subjects), -1)
    standing = zeros(len(subjects))
    for indicator in scheme.indicators:
        status = excluded.get(indicator.id, zeros(len(subjects)))
        included = status == Status.SCORED
        sight = Sight(
            subjects,
            groups,
            included,
            included,
            evidence,
            indicator,
            scheme.scoring,
            period.last,
            others,
            links,
        )
        marks, plain_marks = _marks(sight)
        marks, plain_marks = _few(marks, sight), _few(plain_marks, sight)
        _refuse_missing(indicator, marks, sight)
        points, how = _counted(indicator, marks, status)
        plain, plain_how = _counted(indicator, plain_marks, zeros(len(subjects)))
        plain_aside.append((indicator, plain, np.isin(plain_how, ASIDE)))
        standing[(standing == 0) & included & marks.thin] = Standing.FEW_BALLOTS
        if indicator.missing == "unranked":
            standing[(standing == 0) & included & marks.absent] = Standing.MISSING
        if marks.ceiling is not None and plain_marks.ceiling is not None:
            ceiling = _lower(ceiling, np.where(included, marks.ceiling, -1))
            plain_ceiling = _lower(plain_ceiling, plain_marks.ceiling)
        steps = {name: narrow(column) for name, column in marks.steps.items()}
        scored.append(IndicatorScores(indicator, narrow(points), narrow(plain), how, steps))
    total, nothing = _total(
        scheme, [(s.indicator, s.points, np.isin(s.status, ASIDE)) for s in scored], ceiling
    )
    plain_total, _ = _total(scheme, plain_aside, plain_ceiling)
    standing[(standing == 0) & nothing] = Standing.NOTHING_LEFT
    rank = _rank(scheme, groups, total, standing)
    return SchemeScores(
        scheme,
        period,
        known_at,
        members,
        subjects,
        groups,
        tuple(scored),
        exclusions,
        links,
        narrow(total),
        narrow(plain_total),
        rank,
        standing,
        evidence,
    )


def _marks(sight: Sight) -> tuple[Marks, Marks]:
    """The marks, and those that would stand without exclusions (the same when there are none)."""
    indicator = sight.indicator
    method = METHODS[indicator.method, indicator.version]
    marks = method.score(indicator.parameters, sight)
    if sight.included.all():
        return marks, marks
    everyone = np.ones(len(sight.subjects), dtype=bool)
    plain_sight = Sight(
        sight.subjects,
        sight.groups,
        sight.included,
        everyone,
        sight.evidence,
        indicator,
        sight.scoring,
        sight.day,
        sight.others,
        sight.links,
    )
    return marks, method.score(indicator.parameters, plain_sight)


def _few(marks: Marks, sight: Sight) -> Marks:
    """What fewer cases than the indicator's minimum lead to."""
    cases = sight.indicator.cases
    if cases is None:
        return marks
    minimum = sight.value(cases.minimum)
    count = sight.evidence.column(cases.need).count
    few = count < minimum
    refused = np.flatnonzero(few & sight.included)
    if cases.below == "refuse" and refused.size:
        at = int(refused[0])
        raise EngineRefusal(
            "too_few_cases",
            cases.minimum.place,
            indicator=sight.indicator.id,
            subject=sight.subjects[at],
            count=int(count[at]),
            minimum=minimum,
        )
    if cases.below == "unranked":
        return replace(marks, thin=marks.thin | few)
    return replace(marks, aside=few)


def _refuse_groups_of_one(scheme: Scheme, groups: Ints) -> None:
    for number, group in enumerate(scheme.groups):
        if int((groups == number).sum()) == 1:
            raise EngineRefusal("group_of_one", group.place, group=group.id)


def _excluded(
    scheme: Scheme, subjects: tuple[str, ...], exclusions: tuple[Exclusion, ...]
) -> dict[str, Ints]:
    """Status per indicator where a decision sets it aside."""
    positions = {subject: position for position, subject in enumerate(subjects)}
    ids = {indicator.id for indicator in scheme.indicators}
    found: dict[str, Ints] = {}
    for exclusion in exclusions:
        if exclusion.indicator not in ids:
            raise EngineRefusal(
                "unknown_indicator", exclusion.place, indicator=exclusion.indicator, scheme=scheme.id
            )
        if exclusion.subject not in positions:
            raise EngineRefusal(
                "unknown_subject", exclusion.place, subject=exclusion.subject, scheme=scheme.id
            )
        relief = scheme.protection if exclusion.kind == "protection" else scheme.tolerance
        status = {
            ("protection", "reweighted"): Status.PROTECTION_ASIDE,
            ("protection", "neutral"): Status.PROTECTION_NEUTRAL,
            ("tolerance", "reweighted"): Status.TOLERANCE_ASIDE,
            ("tolerance", "neutral"): Status.TOLERANCE_NEUTRAL,
        }[exclusion.kind, relief]
        column = found.setdefault(exclusion.indicator, zeros(len(subjects)))
        column[positions[exclusion.subject]] = status
    return found


def _refuse_missing(indicator: Indicator, marks: Marks, sight: Sight) -> None:
    gone = np.flatnonzero(marks.absent & sight.included)
    if indicator.missing == "refuse" and gone.size:
        subject = sight.subjects[int(gone[0])]
        raise EngineRefusal("value_missing", indicator.place, indicator=indicator.id, subject=subject)


def _counted(indicator: Indicator, marks: Marks, status: Ints) -> tuple[Ints, Ints]:
    """Points as they enter the total, and the status of each cell."""
    points, how = marks.points, status.copy()
    fill, filled = {
        "zero": (0, Status.MISSING_ZERO),
        "refuse": (0, Status.MISSING_ZERO),
        "unranked": (0, Status.MISSING_ZERO),
        "full": (indicator.weight, Status.MISSING_FULL),
        "set_aside": (0, Status.MISSING_ASIDE),
    }[indicator.missing]
    free = status == Status.SCORED
    points = np.where(marks.absent, fill, points)
    how[free & marks.absent] = filled
    if marks.aside is not None:
        how[free & marks.aside] = Status.MISSING_ASIDE
    neutral = np.isin(status, (Status.PROTECTION_NEUTRAL, Status.TOLERANCE_NEUTRAL))
    points = np.where(neutral & (points < indicator.weight), indicator.weight, points)
    return np.where(np.isin(how, ASIDE), 0, points), how


def _total(scheme: Scheme, parts: list[tuple[Indicator, Ints, Flags]], ceiling: Ints) -> tuple[Ints, Flags]:
    """Weighted points brought to full marks over what is left, then plus and minus points, bounds and
    vetoes.
    """
    scoring, length = scheme.scoring, len(ceiling)
    weighted, extra, left = zeros(length), zeros(length), np.full(length, scoring.full)
    for indicator, points, aside in parts:
        if indicator.weight:
            weighted, left = plus(weighted, points), left - np.where(aside, indicator.weight, 0)
        else:
            extra = plus(extra, points)
    nothing = left == 0
    total = divide(times(weighted, scoring.full), np.where(nothing, 1, left), scoring.rounding)
    total = plus(total, extra)
    if scoring.most is not None:
        total = np.where(total > scoring.most, scoring.most, total)
    if scoring.least is not None:
        total = np.where(total < scoring.least, scoring.least, total)
    return np.where((ceiling >= 0) & (total > ceiling), ceiling, total), nothing


def _lower(first: Ints, second: Ints) -> Ints:
    """The lower of two ceilings, -1 being none."""
    both = np.minimum(first, second)
    return np.where(first < 0, second, np.where(second < 0, first, both))


def _rank(scheme: Scheme, groups: Ints, total: Ints, standing: Ints) -> Ranking:
    length = len(groups)
    rank, from_below, size = zeros(length), zeros(length), zeros(length)
    for number, group in enumerate(scheme.groups):
        inside = groups == number
        ranked = inside & (standing == Standing.RANKED)
        if int(ranked.sum()) < group.minimum:
            standing[ranked] = Standing.SMALL_GROUP
            continue
        own = ranking(total, groups, ranked, group.ties)
        rank[ranked], from_below[ranked], size[ranked] = (
            own.rank[ranked],
            own.from_below[ranked],
            own.size[ranked],
        )
    return Ranking(rank, from_below, size)
