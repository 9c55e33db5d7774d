"""Why numbers moved: between two moments of knowledge, two schemes, or both (复算 试算).

A replay runs the same scheme as known then and as known now; a trial runs a changed scheme over the
same period. Both give two outcomes, and the difference says who moved, by how much, through which
indicator, and why.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from qingfeng.assessment.engine.assess import JurisdictionScores, SchemeBook, assess
from qingfeng.assessment.engine.period import AssessmentPeriod
from qingfeng.assessment.engine.readers.question import FactReader
from qingfeng.assessment.engine.scoring import SchemeScores, Standing
from qingfeng.assessment.engine.traces import Trace, traces

Reason = Literal[
    "indicator_added",
    "indicator_removed",
    "method",
    "parameters",
    "weight",
    "rounding",
    "set_aside",
    "facts",
    "linked_scores",
    "peers",
]
"""Facts: other rows came in. Peers: the same facts, but a mean or a rank of the group moved."""


@dataclass(frozen=True)
class IndicatorMove:
    """One indicator's part in a move; ``by`` in scaled points."""

    indicator: str
    before: int
    after: int
    reasons: tuple[Reason, ...]

    @property
    def by(self) -> int:
        return self.after - self.before


@dataclass(frozen=True)
class SubjectMove:
    """How one subject moved; totals are scaled points, None where it was not assessed, ranks 0 where
    unranked.
    """

    subject: str
    before: int | None
    after: int | None
    rank_before: int
    rank_after: int
    indicators: tuple[IndicatorMove, ...]
    rest: int
    """What the total moved beyond its indicators: reweighting, bounds and vetoes."""

    @property
    def by(self) -> int:
        return (self.after or 0) - (self.before or 0)


def difference(
    before: JurisdictionScores, after: JurisdictionScores, scheme: str, to: str | None = None
) -> list[SubjectMove]:
    """Everyone whose total, rank or any indicator moved, the largest move first.

    ``scheme`` is looked up in ``before``; ``to``, when given, in ``after`` (a trial under another id).
    """
    first, second = before[scheme], after[to or scheme]
    moves = [
        _move(before, after, first, second, subject)
        for subject in sorted(set(first.subjects) | set(second.subjects))
    ]
    moved = [
        move
        for move in moves
        if move.before != move.after or move.rank_before != move.rank_after or move.indicators
    ]
    return sorted(moved, key=lambda move: (-abs(move.by), move.subject))


def replay(
    book: SchemeBook, period: AssessmentPeriod, then: dt.datetime, now: dt.datetime, reader: FactReader
) -> tuple[JurisdictionScores, JurisdictionScores]:
    """The same book as known then and as known now."""
    return (
        assess([book], period, then, reader)[book.jurisdiction],
        assess([book], period, now, reader)[book.jurisdiction],
    )


def trial(
    book: SchemeBook,
    changed: SchemeBook,
    periods: Sequence[AssessmentPeriod],
    known_at: dt.datetime,
    reader: FactReader,
    scheme: str,
) -> Mapping[AssessmentPeriod, list[SubjectMove]]:
    """Who would have moved in past periods under the changed book; nothing is stored."""
    return {
        period: difference(
            assess([book], period, known_at, reader)[book.jurisdiction],
            assess([changed], period, known_at, reader)[book.jurisdiction],
            scheme,
        )
        for period in periods
    }


def _move(
    before: JurisdictionScores,
    after: JurisdictionScores,
    first: SchemeScores,
    second: SchemeScores,
    subject: str,
) -> SubjectMove:
    old = _by_indicator(before, first, subject)
    new = _by_indicator(after, second, subject)
    moves = []
    for id in dict.fromkeys([*old, *new]):
        was, is_ = old.get(id), new.get(id)
        points = (was.points if was else 0, is_.points if is_ else 0)
        if points[0] != points[1] or was is None or is_ is None:
            moves.append(IndicatorMove(id, *points, reasons(was, is_)))
    total_before, rank_before = _standing(first, subject)
    total_after, rank_after = _standing(second, subject)
    by = (total_after or 0) - (total_before or 0)
    return SubjectMove(
        subject,
        total_before,
        total_after,
        rank_before,
        rank_after,
        tuple(moves),
        by - sum(move.by for move in moves),
    )


def reasons(before: Trace | None, after: Trace | None) -> tuple[Reason, ...]:
    """Why the points of one indicator differ, read from the two traces alone."""
    if before is None or after is None:
        return ("indicator_added",) if before is None else ("indicator_removed",)
    found: list[Reason] = []
    if before.method != after.method:
        found.append("method")
    if before.parameters != after.parameters or before.missing != after.missing:
        found.append("parameters")
    if before.weight != after.weight:
        found.append("weight")
    if (before.rounding, before.places) != (after.rounding, after.places):
        found.append("rounding")
    if before.status != after.status:
        found.append("set_aside")
    if before.inputs != after.inputs:
        found.append("facts")
    if before.linked != after.linked or (
        before.method.startswith("composite/") and before.steps != after.steps
    ):
        found.append("linked_scores")
    return tuple(found) or ("peers",)


def _by_indicator(outcome: JurisdictionScores, scores: SchemeScores, subject: str) -> dict[str, Trace]:
    if subject not in scores.positions:
        return {}
    return {trace.indicator: trace for trace in traces(outcome, scores.scheme.id, subject)}


def _standing(scores: SchemeScores, subject: str) -> tuple[int | None, int]:
    if subject not in scores.positions:
        return None, 0
    at = scores.at(subject)
    total = None if scores.standing[at] == Standing.NOTHING_LEFT else int(scores.total[at])
    return total, int(scores.ranking.rank[at])
