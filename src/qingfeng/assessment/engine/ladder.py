"""The bottom-rank ladder as data (末位淘汰): rungs, entry by rank from below, terms, restoration.

It proposes; people decide. A proposal names the rank, the list it was taken in, the total and its
trace, and the chance that the rank is right. It changes nothing (RULES E14).
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from qingfeng.assessment.engine.refusals import DocumentPlace, EngineRefusal
from qingfeng.assessment.engine.roster import RecordSpan
from qingfeng.assessment.engine.scheme.catalogue import Title, title
from qingfeng.assessment.engine.scheme.dated import DateSpan
from qingfeng.assessment.engine.scheme.document import DocumentItem, read_text
from qingfeng.assessment.engine.scoring import SchemeScores, Standing
from qingfeng.assessment.engine.uncertainty import uncertainty

Lists = Literal["overall", "by_group"]
Applies = Literal["ranked", "linked"]
Tied = Literal["all", "none"]
LISTS: tuple[Lists, ...] = ("overall", "by_group")
APPLIES: tuple[Applies, ...] = ("ranked", "linked")
TIED: tuple[Tied, ...] = ("all", "none")


@dataclass(frozen=True)
class Rung:
    """Where one stands: who is among the ``last_places`` falls to ``falls_to``, others go to ``else_to``.

    A rung with a term is looked at again only when its months are over. A rung without ``falls_to`` is
    an end.
    """

    id: str
    title: Title
    term_months: int
    last_places: int
    falls_to: str | None
    else_to: str | None
    place: DocumentPlace


@dataclass(frozen=True)
class Ladder:
    """A dated ladder over one scheme; the first rung is where everyone begins."""

    id: str
    title: Title
    clause: str
    scheme: str
    lists: Lists
    applies_to: Applies
    tied: Tied
    rungs: tuple[Rung, ...]

    def rung(self, id: str, place: DocumentPlace) -> Rung:
        for rung in self.rungs:
            if rung.id == id:
                return rung
        raise EngineRefusal("unknown_rung", place, rung=id)


@dataclass(frozen=True)
class RungStanding:
    """By a decision, ``subject`` stands on ``rung`` while the span lasts."""

    subject: str
    rung: str
    span: DateSpan
    known: RecordSpan
    place: DocumentPlace


@dataclass(frozen=True)
class LadderProposal:
    """A step for people to decide on; nothing has changed."""

    ladder: str
    clause: str
    subject: str
    ranked: str
    """Whose rank it is: the subject itself, or the unit linked to it."""
    step: Literal["falls", "restored"]
    from_rung: str
    to_rung: str
    from_below: int
    size: int
    total: int
    chance: float | None
    """That the true rank from below is within the places in question; None where nothing was uncertain."""
    scheme: str


@dataclass(frozen=True)
class WithheldProposal:
    """No proposal is made, and why: ``unranked``, ``term_running``, ``tied`` or ``end_of_ladder``."""

    subject: str
    ranked: str
    reason: Literal["unranked", "term_running", "tied", "end_of_ladder"]


def load_ladder(path: Path) -> Ladder:
    """Read a ladder file; raises Refused with file, line and words."""
    return ladder_from(path.read_text(encoding="utf-8"), path.name)


def ladder_from(text: str, file: str = "ladder.yaml") -> Ladder:
    """Read a ladder from text."""
    with read_text(text, file) as document:
        ladder = Ladder(
            document.get("ladder").text(),
            title(document.get("title")),
            document.get("clause").text(),
            document.get("scheme").text(),
            document.get("lists").choice(LISTS),
            document.get("applies_to").choice(APPLIES),
            document.get("tied").choice(TIED),
            tuple(_rung(item) for item in document.get("rungs").items()),
        )
    for rung in ladder.rungs:
        for to in (rung.falls_to, rung.else_to):
            if to is not None:
                ladder.rung(to, rung.place)
    return ladder


def _rung(item: DocumentItem) -> Rung:
    with item.map() as row:
        falls = row.maybe("falls")
        places, falls_to = 0, None
        if falls:
            with falls.map() as fall:
                last_places = fall.get("last_places")
                places, falls_to = last_places.number(), fall.get("to").text()
                if places <= 0:
                    raise EngineRefusal("points_not_above_zero", last_places.place)
        otherwise = row.maybe("otherwise")
        term = row.maybe("term_months")
        return Rung(
            row.get("id").text(),
            title(row.get("title")),
            term.number() if term else 0,
            places,
            falls_to,
            otherwise.text() if otherwise else None,
            row.place,
        )


def standings_from(text: str, file: str = "standings.yaml") -> tuple[RungStanding, ...]:
    """Read who stands where: ``standings: [{subject, rung, from, until?, recorded_at}]``."""
    with read_text(text, file) as document:
        return tuple(_on_rung(item) for item in document.get("standings").items())


def _on_rung(item: DocumentItem) -> RungStanding:
    with item.map() as row:
        until, withdrawn = row.maybe("until"), row.maybe("withdrawn_at")
        return RungStanding(
            row.get("subject").text(),
            row.get("rung").text(),
            DateSpan(row.get("from").date(), until.date() if until else dt.date.max),
            RecordSpan(row.get("recorded_at").instant(), withdrawn.instant() if withdrawn else None),
            row.place,
        )


def chances_for(
    ladder: Ladder, scores: SchemeScores, others: Mapping[str, SchemeScores] | None = None
) -> Mapping[tuple[str, int], float]:
    """The chances the ladder asks for, in the list it ranks in; ``others`` as for ``uncertainty``."""
    places = tuple(sorted({rung.last_places for rung in ladder.rungs if rung.last_places}))
    overall = ladder.lists == "overall"
    return uncertainty(scores, others, overall=overall, last_places=places).chances


def propose(
    ladder: Ladder,
    scores: SchemeScores,
    standings: Sequence[RungStanding],
    chances: Mapping[tuple[str, int], float] | None = None,
) -> tuple[list[LadderProposal], list[WithheldProposal]]:
    """What the ladder proposes on these scores, and for whom it holds back.

    ``chances`` gives, by subject and number of last places, the chance to be among them.
    """
    below, size = _from_below(ladder, scores)
    proposals: list[LadderProposal] = []
    held: list[WithheldProposal] = []
    for subject, ranked in sorted(_pairs(ladder, scores)):
        rung, since = _stands(ladder, subject, scores, standings)
        at = scores.at(ranked)
        if scores.standing[at] != Standing.RANKED:
            held.append(WithheldProposal(subject, ranked, "unranked"))
            continue
        if rung.falls_to is None:
            held.append(WithheldProposal(subject, ranked, "end_of_ladder"))
            continue
        if since is not None and _months_after(since, rung.term_months) > scores.period.last:
            held.append(WithheldProposal(subject, ranked, "term_running"))
            continue
        among = below[ranked] <= rung.last_places
        if among and ladder.tied == "none" and _tied_over(ranked, rung.last_places, below):
            held.append(WithheldProposal(subject, ranked, "tied"))
            continue
        to = rung.falls_to if among else rung.else_to
        if to is None:
            continue
        chance = (chances or {}).get((ranked, rung.last_places))
        proposals.append(
            LadderProposal(
                ladder.id,
                ladder.clause,
                subject,
                ranked,
                "falls" if among else "restored",
                rung.id,
                to,
                below[ranked],
                size[ranked],
                int(scores.total[at]),
                chance if among or chance is None else 1 - chance,
                scores.scheme.id,
            )
        )
    return proposals, held


def _from_below(ladder: Ladder, scores: SchemeScores) -> tuple[dict[str, int], dict[str, int]]:
    """Rank from below and length of the list, for everyone who is ranked."""
    ranked = [at for at in range(len(scores.subjects)) if scores.standing[at] == Standing.RANKED]
    below: dict[str, int] = {}
    size: dict[str, int] = {}
    for at in ranked:
        subject = scores.subjects[at]
        if ladder.lists == "by_group":
            below[subject], size[subject] = int(scores.ranking.from_below[at]), int(scores.ranking.size[at])
        else:
            below[subject] = 1 + sum(int(scores.total[other]) < int(scores.total[at]) for other in ranked)
            size[subject] = len(ranked)
    return below, size


def _tied_over(subject: str, places: int, below: Mapping[str, int]) -> bool:
    """Whether a tie at this place reaches beyond the places in question."""
    tied = sum(other == below[subject] for other in below.values())
    return below[subject] + tied - 1 > places


def _pairs(ladder: Ladder, scores: SchemeScores) -> Iterator[tuple[str, str]]:
    """Whom the ladder looks at, and whose rank counts: the lowest, for a leader of several units."""
    if ladder.applies_to == "ranked":
        yield from ((subject, subject) for subject in scores.subjects)
        return
    for leader, links in scores.links.items():
        units = [link.to for link in links if link.to in scores.positions]
        if units:
            yield leader, min(units, key=lambda unit: int(scores.total[scores.at(unit)]))


def _stands(
    ladder: Ladder, subject: str, scores: SchemeScores, standings: Iterable[RungStanding]
) -> tuple[Rung, dt.date | None]:
    found = [
        row
        for row in standings
        if row.subject == subject and scores.period.last in row.span and row.known.at(scores.known_at)
    ]
    if len(found) > 1:
        raise EngineRefusal("standing_rows", found[1].place, subject=subject)
    if not found:
        return ladder.rungs[0], None
    return ladder.rung(found[0].rung, found[0].place), found[0].span.first


def _months_after(day: dt.date, months: int) -> dt.date:
    """The last day of a term of so many months that began on ``day``."""
    if months == 0:
        return day
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last)) - dt.timedelta(days=1)
