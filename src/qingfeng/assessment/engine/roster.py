"""Who is assessed in which group, who is linked to whom, and what is set aside for whom: all by both times.

A row holds from a day to a day, and is known from ``recorded_at`` until ``withdrawn_at``: a correction
withdraws a row and records another. The last day of a period decides which rows hold for it; links
count by their days.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from qingfeng.assessment.engine.period import AssessmentPeriod
from qingfeng.assessment.engine.refusals import NOWHERE, DocumentPlace, EngineRefusal
from qingfeng.assessment.engine.scheme.dated import DateSpan, refuse_overlaps, span
from qingfeng.assessment.engine.scheme.document import DocumentItem, DocumentMap, read_file, read_text
from qingfeng.assessment.engine.sight import LinkShare

Kind = Literal["protection", "tolerance"]
KINDS: tuple[Kind, ...] = ("protection", "tolerance")
TESTS = (
    "inexperience_not_knowing_breach",
    "exploration_not_defiance",
    "development_not_private_gain",
    "bold_and_innovative",
    "clearly_effective",
    "outside_factors",
)
"""The three distinctions of error (三个区分开来), and the three conditions on which one missed item is
tolerated.
"""


@dataclass(frozen=True)
class RecordSpan:
    """When a row was recorded, and when withdrawn; aware instants."""

    recorded_at: dt.datetime
    withdrawn_at: dt.datetime | None = None

    def at(self, moment: dt.datetime) -> bool:
        return self.recorded_at <= moment and (self.withdrawn_at is None or moment < self.withdrawn_at)


@dataclass(frozen=True)
class Member:
    """A subject assessed in a group while the span lasts."""

    subject: str
    name: str
    group: str
    span: DateSpan
    known: RecordSpan
    place: DocumentPlace = NOWHERE


@dataclass(frozen=True)
class RosterLink:
    """A leader (``subject``) answers for ``to`` with this weight while the span lasts."""

    subject: str
    to: str
    weight: int
    span: DateSpan
    known: RecordSpan
    place: DocumentPlace = NOWHERE


@dataclass(frozen=True)
class Exclusion:
    """One indicator of one scheme set aside for one subject by a decision (担当保护, 容错).

    A tolerance answers all of ``TESTS``; it has effect only when every answer is yes.
    """

    subject: str
    scheme: str
    indicator: str
    kind: Kind
    decision: str
    span: DateSpan
    known: RecordSpan
    answers: tuple[tuple[str, bool], ...] = ()
    place: DocumentPlace = NOWHERE

    @property
    def has_effect(self) -> bool:
        return self.kind == "protection" or all(answer for _, answer in self.answers)


_Row = TypeVar("_Row", Member, RosterLink, Exclusion)


class Roster:
    """All rows of one jurisdiction."""

    def __init__(
        self,
        jurisdiction: str,
        members: Sequence[Member],
        links: Sequence[RosterLink] = (),
        exclusions: Sequence[Exclusion] = (),
    ) -> None:
        self.jurisdiction = jurisdiction
        self.members = tuple(members)
        self.links = tuple(links)
        self.exclusions = tuple(exclusions)

    def members_in(self, period: AssessmentPeriod, known_at: dt.datetime) -> tuple[Member, ...]:
        """The members on the period's last day, as known then, by subject; a subject in two groups is
        refused.
        """
        found = self._on(self.members, period.last, known_at)
        by_subject: dict[str, list[tuple[DateSpan, DocumentPlace]]] = {}
        for member in found:
            by_subject.setdefault(member.subject, []).append((member.span, member.place))
        for subject, spans in by_subject.items():
            if len(spans) > 1:
                refuse_overlaps(subject, spans)
        return tuple(sorted(found, key=lambda member: member.subject))

    def links_in(
        self, period: AssessmentPeriod, known_at: dt.datetime
    ) -> Mapping[str, tuple[LinkShare, ...]]:
        """Each leader's links, weighted by the days of the period they lasted."""
        whole = DateSpan(period.first, period.last)
        shares: dict[str, list[LinkShare]] = {}
        for link in sorted(self.links, key=lambda link: (link.subject, link.to, link.span.first)):
            days = link.span.overlap(whole)
            if days and link.known.at(known_at):
                shares.setdefault(link.subject, []).append(LinkShare(link.to, link.weight * days))
        return {subject: tuple(links) for subject, links in shares.items()}

    def exclusions_in(
        self, scheme: str, period: AssessmentPeriod, known_at: dt.datetime
    ) -> tuple[Exclusion, ...]:
        """The exclusions of a scheme that hold and have effect; two tolerances for one subject are
        refused.
        """
        found = [
            exclusion
            for exclusion in self._on(self.exclusions, period.last, known_at)
            if exclusion.scheme == scheme and exclusion.has_effect
        ]
        tolerated: set[str] = set()
        for exclusion in found:
            if exclusion.kind == "tolerance" and exclusion.subject in tolerated:
                raise EngineRefusal("second_tolerance", exclusion.place, subject=exclusion.subject)
            if exclusion.kind == "tolerance":
                tolerated.add(exclusion.subject)
        return tuple(found)

    @staticmethod
    def _on(rows: Iterable[_Row], day: dt.date, known_at: dt.datetime) -> list[_Row]:
        return [row for row in rows if day in row.span and row.known.at(known_at)]


def load_roster(path: Path) -> Roster:
    """Read a roster file."""
    return _roster(read_file(path))


def roster_from(text: str, file: str = "roster.yaml") -> Roster:
    """Read a roster from text."""
    return _roster(read_text(text, file))


def _roster(document: DocumentMap) -> Roster:
    with document:
        jurisdiction = document.get("jurisdiction").text()
        members = [_member(item) for item in document.get("members").items()]
        links, exclusions = document.maybe("links"), document.maybe("exclusions")
        roster = Roster(
            jurisdiction,
            members,
            [_link(item) for item in links.items()] if links else (),
            [_exclusion(item) for item in exclusions.items()] if exclusions else (),
        )
    current: dict[str, list[tuple[DateSpan, DocumentPlace]]] = {}
    for member in members:
        if member.known.withdrawn_at is None:
            current.setdefault(member.subject, []).append((member.span, member.place))
    for subject, spans in current.items():
        refuse_overlaps(subject, spans)
    return roster


def _times(row: DocumentMap) -> tuple[DateSpan, RecordSpan]:
    withdrawn = row.maybe("withdrawn_at")
    known = RecordSpan(row.get("recorded_at").instant(), withdrawn.instant() if withdrawn else None)
    return span(row.get("from"), row.maybe("until")), known


def _member(item: DocumentItem) -> Member:
    with item.map() as row:
        within, known = _times(row)
        subject, name, group = (row.get(key).text() for key in ("subject", "name", "group"))
        return Member(subject, name, group, within, known, row.place)


def _link(item: DocumentItem) -> RosterLink:
    with item.map() as row:
        within, known = _times(row)
        weight = row.get("weight")
        if weight.number() <= 0:
            raise EngineRefusal("points_not_above_zero", weight.place)
        return RosterLink(
            row.get("subject").text(), row.get("to").text(), weight.number(), within, known, row.place
        )


def _exclusion(item: DocumentItem) -> Exclusion:
    with item.map() as row:
        within, known = _times(row)
        kind = row.get("kind").choice(KINDS)
        answers: tuple[tuple[str, bool], ...] = ()
        if kind == "tolerance":
            asked = row.get("answers")
            with asked.map() as given:
                for test in TESTS:
                    if not given.has(test):
                        raise EngineRefusal("tolerance_unanswered", asked.place, test=test)
                answers = tuple((test, given.get(test).truth()) for test in TESTS)
        return Exclusion(
            row.get("subject").text(),
            row.get("scheme").text(),
            row.get("indicator").text(),
            kind,
            row.get("decision").text(),
            within,
            known,
            answers,
            row.place,
        )
