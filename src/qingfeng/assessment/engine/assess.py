"""The one door: schemes, rosters and facts in; scores, ranks and traces out, for a period, as known at
a moment.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qingfeng.assessment.engine.evidence import Evidence, questions
from qingfeng.assessment.engine.methods import needs_of
from qingfeng.assessment.engine.period import AssessmentPeriod
from qingfeng.assessment.engine.readers.question import FactReader, Need
from qingfeng.assessment.engine.refusals import EngineRefusal
from qingfeng.assessment.engine.roster import Member, Roster
from qingfeng.assessment.engine.scheme.dated import refuse_overlaps
from qingfeng.assessment.engine.scheme.model import Scheme
from qingfeng.assessment.engine.scoring import SchemeScores, score_scheme


@dataclass(frozen=True)
class SchemeBook:
    """The schemes and the roster of one jurisdiction; refused when they do not fit together."""

    schemes: tuple[Scheme, ...]
    roster: Roster

    def __post_init__(self) -> None:
        for scheme in self.schemes:
            if scheme.jurisdiction != self.jurisdiction:
                raise EngineRefusal(
                    "other_jurisdiction",
                    scheme.place,
                    scheme=scheme.id,
                    found=scheme.jurisdiction,
                    here=self.jurisdiction,
                )
            refuse_overlaps(
                scheme.id, [(each.valid, each.place) for each in self.schemes if each.id == scheme.id]
            )

    @property
    def jurisdiction(self) -> str:
        return self.roster.jurisdiction

    def in_force(self, period: AssessmentPeriod) -> list[Scheme]:
        """The schemes for such a period in force on its last day, each after those it refers to."""
        found = {
            scheme.id: scheme
            for scheme in self.schemes
            if scheme.in_force(period.last) and period.unit in scheme.units
        }
        if not found:
            raise EngineRefusal(
                "no_scheme", self.schemes[0].place, jurisdiction=self.jurisdiction, period=period
            )
        ordered: list[Scheme] = []
        for id in found:
            _visit(id, found, ordered, ())
        return ordered


def _visit(id: str, found: Mapping[str, Scheme], ordered: list[Scheme], path: tuple[str, ...]) -> None:
    scheme = found[id]
    if scheme in ordered:
        return
    for other, place in scheme.refers_to:
        if other in (*path, id):
            raise EngineRefusal("cycle", place, way=" -> ".join((*path, id, other)))
        if other not in found:
            raise EngineRefusal("unknown_scheme", place, scheme=other)
        _visit(other, found, ordered, (*path, id))
    ordered.append(scheme)


@dataclass(frozen=True)
class JurisdictionScores:
    """All schemes' scores of one jurisdiction."""

    jurisdiction: str
    schemes: Mapping[str, SchemeScores]
    evidence: Evidence

    def __getitem__(self, scheme: str) -> SchemeScores:
        return self.schemes[scheme]


def assess(
    books: Sequence[SchemeBook], period: AssessmentPeriod, known_at: dt.datetime, reader: FactReader
) -> Mapping[str, JurisdictionScores]:
    """Assess every jurisdiction: all or none. ``known_at`` is an aware instant; later facts are not seen.

    Raises Refused, before anything is stored, when the period was not over at ``known_at`` or anything
    does not fit; the same arguments give the same digits for ever.
    """
    for book in books:
        if not period.over_at(known_at):
            raise EngineRefusal("period_not_over", book.schemes[0].place, period=period, last=period.last)
    return {book.jurisdiction: _assess(book, period, known_at, reader) for book in books}


def _assess(
    book: SchemeBook, period: AssessmentPeriod, known_at: dt.datetime, reader: FactReader
) -> JurisdictionScores:
    schemes = book.in_force(period)
    members = book.roster.members_in(period, known_at)
    of_scheme = {scheme.id: _members_of(scheme, members) for scheme in schemes}
    for scheme in schemes:
        if not of_scheme[scheme.id]:
            raise EngineRefusal("nobody_to_assess", scheme.place, scheme=scheme.id)
    _refuse_strangers(schemes, members)
    subjects = tuple(member.subject for member in members)
    asked = questions(book.jurisdiction, _needs(schemes), subjects, period, known_at)
    evidence = Evidence.gather(asked, subjects, reader)
    links = book.roster.links_in(period, known_at)
    scores: dict[str, SchemeScores] = {}
    for scheme in schemes:
        at = of_scheme[scheme.id]
        scores[scheme.id] = score_scheme(
            scheme,
            period,
            known_at,
            tuple(members[position] for position in at),
            book.roster.exclusions_in(scheme.id, period, known_at),
            evidence.over(at),
            {id: done.totals for id, done in scores.items()},
            links,
        )
    return JurisdictionScores(book.jurisdiction, scores, evidence)


def _members_of(scheme: Scheme, members: tuple[Member, ...]) -> list[int]:
    """Positions of those whose group the scheme assesses."""
    groups = {group.id for group in scheme.groups}
    return [at for at, member in enumerate(members) if member.group in groups]


def _refuse_strangers(schemes: list[Scheme], members: tuple[Member, ...]) -> None:
    """A member whom no scheme assesses would be a unit without a score record."""
    groups = {group.id for scheme in schemes for group in scheme.groups}
    for member in members:
        if member.group not in groups:
            raise EngineRefusal(
                "group_without_scheme", member.place, subject=member.subject, group=member.group
            )


def _needs(schemes: Sequence[Scheme]) -> Iterator[Need]:
    for scheme in schemes:
        for indicator in scheme.indicators:
            yield from needs_of(indicator)
