"""The question every reader answers: integer sums of one jurisdiction's facts, as known at a moment.

A reader filters, counts, sums and digests; it never divides or rounds. Another engine (Spark on a
cluster) that answers with the same rows can stand in its place.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from qingfeng.assessment.engine.contract import FactRow
from qingfeng.assessment.engine.exact import Ints
from qingfeng.assessment.engine.scheme.catalogue import FactName

By = Literal["total", "rating", "day"]
Window = Literal["period", "year_before", "year_to_date", "year_to_date_before"]
WINDOWS: tuple[Window, ...] = ("period", "year_before", "year_to_date", "year_to_date_before")


@dataclass(frozen=True)
class Need:
    """One fact over one window: in one sum, by each rating given, or by the day it held."""

    fact: FactName
    window: Window
    by: By


@dataclass(frozen=True)
class FactQuery:
    """Facts of ``jurisdiction`` held from ``first`` to ``last`` (both included), recorded up to ``known_at``.

    All needs share one window and each names another fact. Facts of subjects not listed are left out
    and their subjects counted.
    """

    jurisdiction: str
    first: dt.date
    last: dt.date
    known_at: dt.datetime
    needs: tuple[Need, ...]
    subjects: tuple[str, ...]


@dataclass(frozen=True)
class Sums:
    """The answer, one row per need, subject and level that has facts, in this order; columns of equal length.

    ``need`` and ``subject`` index the question's tuples. ``level`` is the rating (as the facts'
    integer) or the day (days since 1970) for needs by rating or day, else 0. ``rows`` is the number of
    rows, ``count`` rows less twice the reversals, ``total`` the sum of quantities, ``digest`` the
    digest of the rows.
    """

    outside: tuple[str, ...]
    """Subjects that have such facts and were not asked about, in order."""
    need: Ints
    subject: Ints
    level: Ints
    rows: Ints
    count: Ints
    total: Ints
    digest: Ints

    @classmethod
    def of(cls, columns: Sequence[Ints], outside: Iterable[str]) -> "Sums":
        """From the columns need, subject, level, rows, count, total, digest."""
        need, subject, level, rows, count, total, digest = columns
        return cls(tuple(outside), need, subject, level, rows, count, total, digest)


class FactReader(Protocol):
    """What stands between the facts and the engine."""

    def sums(self, question: FactQuery) -> Sums:
        """Answer; raises Refused when a fact comes in another unit or scale than declared, or a sum
        overflows.
        """
        ...

    def inputs(self, question: FactQuery) -> list[FactRow]:
        """The facts behind the sums, by day and id. ``question`` names one subject."""
        ...
