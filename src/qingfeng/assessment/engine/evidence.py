"""What the reader answered, laid out as columns over the subjects, one column per need."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from qingfeng.assessment.engine.exact import Ints, zeros
from qingfeng.assessment.engine.period import AssessmentPeriod
from qingfeng.assessment.engine.readers.question import FactQuery, FactReader, Need, Sums, Window


@dataclass(frozen=True)
class SubjectSums:
    """Over all subjects: rows, net count, sum and digest; for a need by day, those of the last day
    that holds.
    """

    rows: Ints
    count: Ints
    total: Ints
    digest: Ints


@dataclass(frozen=True)
class Ratings:
    """How often each rating was given: ``counts[level, subject]``, ``levels`` ascending."""

    levels: Ints
    counts: Ints


def window_days(window: Window, period: AssessmentPeriod) -> tuple[dt.date, dt.date]:
    """First and last day of a window."""
    of = period.year_before if window.endswith("before") else period
    first = dt.date(of.year, 1, 1) if window.startswith("year_to_date") else of.first
    return first, of.last


def questions(
    jurisdiction: str,
    needs: Iterable[Need],
    subjects: tuple[str, ...],
    period: AssessmentPeriod,
    known_at: dt.datetime,
) -> Iterator[FactQuery]:
    """The fewest questions that ask every need: one per window, a further one where a fact is needed
    two ways.
    """
    rounds: dict[tuple[Window, int], dict[str, Need]] = {}
    for need in dict.fromkeys(needs):
        turn = 0
        while need.fact.name in rounds.get((need.window, turn), {}):
            turn += 1
        rounds.setdefault((need.window, turn), {})[need.fact.name] = need
    for (window, _), asked in rounds.items():
        first, last = window_days(window, period)
        yield FactQuery(jurisdiction, first, last, known_at, tuple(asked.values()), subjects)


class Evidence:
    """All answers for one set of subjects."""

    def __init__(self, subjects: tuple[str, ...]) -> None:
        self.subjects = subjects
        self.answers: list[tuple[FactQuery, Sums]] = []
        self._columns: dict[Need, SubjectSums] = {}
        self._ratings: dict[Need, Ratings] = {}

    @classmethod
    def gather(cls, asked: Iterable[FactQuery], subjects: tuple[str, ...], reader: FactReader) -> "Evidence":
        """Ask the reader everything."""
        evidence = cls(subjects)
        for question in asked:
            evidence._take(question, reader.sums(question))
        return evidence

    def column(self, need: Need) -> SubjectSums:
        return self._columns[need]

    def ratings(self, need: Need) -> Ratings:
        return self._ratings[need]

    def over(self, positions: list[int]) -> "Evidence":
        """The same evidence over some of the subjects, in that order."""
        if len(positions) == len(self.subjects):
            return self
        part = Evidence(tuple(self.subjects[position] for position in positions))
        for need, column in self._columns.items():
            columns = (column.rows, column.count, column.total, column.digest)
            part._columns[need] = SubjectSums(*(values[positions] for values in columns))
        for need, ratings in self._ratings.items():
            part._ratings[need] = Ratings(ratings.levels, ratings.counts[:, positions])
        return part

    @property
    def outside(self) -> tuple[str, ...]:
        """Subjects with facts that nobody asked about."""
        return tuple(sorted({subject for _, sums in self.answers for subject in sums.outside}))

    def _take(self, question: FactQuery, sums: Sums) -> None:
        self.answers.append((question, sums))
        ends = np.searchsorted(sums.need, np.arange(len(question.needs) + 1))
        for position, need in enumerate(question.needs):
            rows = slice(ends[position], ends[position + 1])
            self._columns[need] = self._column(need, sums, rows)
            if need.by == "rating":
                self._ratings[need] = self._histogram(sums, rows)

    def _column(self, need: Need, sums: Sums, rows: slice) -> SubjectSums:
        length = len(self.subjects)
        column = SubjectSums(zeros(length), zeros(length), zeros(length), zeros(length))
        subject = sums.subject[rows]
        if need.by == "day":
            held = sums.count[rows] > 0
            last = zeros(length)
            np.maximum.at(last, subject[held], sums.level[rows][held])
            chosen = held & (sums.level[rows] == last[subject])
            for target, source in _pairs(column, sums):
                target[subject[chosen]] = source[rows][chosen]
            return column
        np.bitwise_xor.at(column.digest, subject, sums.digest[rows])
        for target, source in _pairs(column, sums)[:-1]:
            np.add.at(target, subject, source[rows])
        return column

    def _histogram(self, sums: Sums, rows: slice) -> Ratings:
        levels, index = np.unique(sums.level[rows], return_inverse=True)
        counts = np.zeros((len(levels), len(self.subjects)), dtype=np.int64)
        np.add.at(counts, (index, sums.subject[rows]), sums.count[rows])
        return Ratings(levels, counts)


def _pairs(column: SubjectSums, sums: Sums) -> tuple[tuple[Ints, Ints], ...]:
    return (
        (column.rows, sums.rows),
        (column.count, sums.count),
        (column.total, sums.total),
        (column.digest, sums.digest),
    )
