"""Values that hold from a day on, each with the clause it rests on."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from qingfeng.assessment.engine.refusals import DocumentPlace, EngineRefusal
from qingfeng.assessment.engine.scheme.document import DocumentItem

BEGINNING = dt.date.min
END = dt.date.max


@dataclass(frozen=True)
class DateSpan:
    """Days from ``first`` to ``last``, both included."""

    first: dt.date
    last: dt.date

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def overlap(self, other: "DateSpan") -> int:
        """Days both have."""
        return max(0, (min(self.last, other.last) - max(self.first, other.first)).days + 1)


@dataclass(frozen=True)
class Term:
    """A value while it holds: integer scaled by the parameter's places."""

    span: DateSpan
    value: int
    clause: str


@dataclass(frozen=True)
class SchemeParameter:
    """A number of the scheme by date: scaled by 10**places, in the unit its key says."""

    name: str
    places: int
    place: DocumentPlace
    terms: tuple[Term, ...]

    def on(self, day: dt.date) -> Term:
        """The term in force on ``day``; a day before the first value is refused, never guessed."""
        for term in self.terms:
            if day in term.span:
                return term
        raise EngineRefusal("no_value_on_day", self.place, key=self.name, day=day)


def span(first: DocumentItem | None, last: DocumentItem | None) -> DateSpan:
    """The days between two optional ends; the end before the beginning is refused."""
    start = first.date() if first else BEGINNING
    end = last.date() if last else END
    if last is not None and end < start:
        raise EngineRefusal("end_before_start", last.place, start=start, end=end)
    return DateSpan(start, end)


def refuse_overlaps(key: str, spans: Sequence[tuple[DateSpan, DocumentPlace]]) -> None:
    """Refuse two spans that share a day, at the place of the later one."""
    ordered = sorted(spans, key=lambda pair: (pair[0].first, pair[1].line))
    for (before, _), (after, place) in pairwise(ordered):
        if before.overlap(after):
            raise EngineRefusal(
                "overlapping_dates", place, key=key, first=after.first, last=min(before.last, after.last)
            )


def parameter(item: DocumentItem, places: int, clause: str) -> SchemeParameter:
    """A parameter written as a bare number, or as a list of ``{from, until?, value, clause?}``."""
    if not item.is_list:
        term = Term(DateSpan(BEGINNING, END), item.number(places), clause)
        return SchemeParameter(item.name, places, item.place, (term,))
    terms: list[Term] = []
    places_of: list[tuple[DateSpan, DocumentPlace]] = []
    for entry in item.items():
        with entry.map() as row:
            within = span(row.get("from"), row.maybe("until"))
            own = row.maybe("clause")
            terms.append(Term(within, row.get("value").number(places), own.text() if own else clause))
            places_of.append((within, row.place))
    refuse_overlaps(item.name, places_of)
    return SchemeParameter(item.name, places, item.place, tuple(terms))
