"""The trace of one number: everything from which it can be computed again (计分轨迹)."""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from qingfeng.assessment.engine.assess import JurisdictionScores
from qingfeng.assessment.engine.measure import Amount
from qingfeng.assessment.engine.methods import needs_of
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.scheme.catalogue import FactName
from qingfeng.assessment.engine.scheme.dated import SchemeParameter
from qingfeng.assessment.engine.scheme.model import Indicator
from qingfeng.assessment.engine.scoring import IndicatorScores, SchemeScores, Status


@dataclass(frozen=True)
class TraceInput:
    """One sum the score rests on: net count of events, sum, digest of the rows; its list comes by query."""

    fact: str
    unit: str
    scale: int
    first: str
    last: str
    by: str
    level: int
    """The rating, or the day since 1970, for inputs by rating or by day; else 0."""
    rows: int
    count: int
    total: int
    digest: str
    """16 hexadecimal digits; see ``digest.py`` for how strong it is."""


@dataclass(frozen=True)
class Trace:
    """One indicator's points for one subject. ``data()`` is plain JSON and enough to recompute."""

    jurisdiction: str
    scheme: str
    scheme_digest: str
    period: str
    known_at: str
    subject: str
    indicator: str
    title: Mapping[str, str]
    clause: str
    method: str
    weight: int
    places: int
    rounding: str
    missing: str
    parameters: Mapping[str, Any]
    inputs: tuple[TraceInput, ...]
    linked: tuple[tuple[str, int, int], ...]
    """Of a linked score: subject, share (weight x days), total."""
    steps: Mapping[str, int]
    status: str
    points: int
    plain: int
    """The points had nothing been set aside."""

    def data(self) -> dict[str, Any]:
        """The trace as plain data, keys in declared order."""
        return dataclasses.asdict(self)


def parameters_on(parameters: Any, day: dt.date) -> dict[str, Any]:
    """Every parameter in force on ``day``: ``{path: {value, places, clause}}``, and every choice by
    its word.
    """
    return dict(_walk(parameters, "", day))


def _walk(value: Any, path: str, day: dt.date) -> Iterator[tuple[str, Any]]:
    if isinstance(value, SchemeParameter):
        term = value.on(day)
        yield path, {"value": term.value, "places": value.places, "clause": term.clause}
    elif isinstance(value, Amount):
        yield (
            path,
            {
                "take": value.take,
                "fact": value.need.fact.name,
                "scale": value.need.fact.scale,
                "over": value.need.window,
            },
        )
    elif isinstance(value, Need):
        yield path, {"fact": value.fact.name, "scale": value.fact.scale, "over": value.window}
    elif isinstance(value, FactName):
        yield path, value.name
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if field.name != "place":
                yield from _walk(
                    getattr(value, field.name), f"{path}.{field.name}" if path else field.name, day
                )
    elif isinstance(value, tuple):
        for number, each in enumerate(value, start=1):
            yield from _walk(each, f"{path}.{number}", day)
    else:
        yield path, value


def describe(scores: SchemeScores, indicator: Indicator) -> dict[str, Any]:
    """The part of a trace that all subjects share."""
    scheme, day = scores.scheme, scores.period.last
    return {
        "jurisdiction": scheme.jurisdiction,
        "scheme": scheme.id,
        "scheme_digest": scheme.digest,
        "period": str(scores.period),
        "known_at": scores.known_at.astimezone(dt.UTC).isoformat(),
        "indicator": indicator.id,
        "title": {"zh": indicator.title.zh, "en": indicator.title.en},
        "clause": indicator.clause,
        "method": f"{indicator.method}/{indicator.version}",
        "weight": indicator.weight,
        "places": scheme.scoring.places,
        "rounding": scheme.scoring.rounding,
        "missing": indicator.missing,
        "parameters": parameters_on(indicator.parameters, day) | _cases_on(indicator, day),
    }


def _cases_on(indicator: Indicator, day: dt.date) -> dict[str, Any]:
    if indicator.cases is None:
        return {}
    return {f"cases.{path}": value for path, value in _walk(indicator.cases, "", day)}


def trace(outcome: JurisdictionScores, scheme: str, subject: str, indicator: str) -> Trace:
    """One trace; KeyError when the scheme, subject or indicator is not there."""
    for found in traces(outcome, scheme, subject):
        if found.indicator == indicator:
            return found
    raise KeyError(indicator)


def traces(outcome: JurisdictionScores, scheme: str, subject: str) -> list[Trace]:
    """All of a subject's traces in one scheme, in the scheme's order."""
    scores = outcome[scheme]
    at = scores.at(subject)
    rows = list(_inputs(outcome, subject))
    return [_trace(outcome, scores, at, scored, rows) for scored in scores.indicators]


def _trace(
    outcome: JurisdictionScores,
    scores: SchemeScores,
    at: int,
    scored: IndicatorScores,
    rows: list[tuple[Need, TraceInput]],
) -> Trace:
    indicator = scored.indicator
    needed = set(needs_of(indicator))
    linked: tuple[tuple[str, int, int], ...] = ()
    if indicator.method == "linked":
        totals = outcome[indicator.parameters.scheme].totals.totals
        links = scores.links.get(scores.subjects[at], ())
        linked = tuple((link.to, link.share, totals[link.to]) for link in links)
    return Trace(
        **describe(scores, indicator),
        subject=scores.subjects[at],
        inputs=tuple(row for need, row in rows if need in needed),
        linked=linked,
        steps={name: int(column[at]) for name, column in scored.steps.items()},
        status=Status(int(scored.status[at])).name.lower(),
        points=int(scored.points[at]),
        plain=int(scored.plain[at]),
    )


def _inputs(outcome: JurisdictionScores, subject: str) -> Iterable[tuple[Need, TraceInput]]:
    evidence = outcome.evidence
    position = evidence.subjects.index(subject)
    for question, sums in evidence.answers:
        for row in np.flatnonzero(sums.subject == position):
            need = question.needs[int(sums.need[row])]
            yield (
                need,
                TraceInput(
                    need.fact.name,
                    need.fact.unit,
                    need.fact.scale,
                    question.first.isoformat(),
                    question.last.isoformat(),
                    need.by,
                    int(sums.level[row]),
                    int(sums.rows[row]),
                    int(sums.count[row]),
                    int(sums.total[row]),
                    f"{int(sums.digest[row]):016x}",
                ),
            )
