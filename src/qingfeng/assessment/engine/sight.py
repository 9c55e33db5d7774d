"""What a method sees of the run, and what it gives back."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from qingfeng.assessment.engine.evidence import Evidence
from qingfeng.assessment.engine.exact import Flags, Ints
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.refusals import DocumentPlace
from qingfeng.assessment.engine.rounding import Rounding
from qingfeng.assessment.engine.scheme.catalogue import Catalogue
from qingfeng.assessment.engine.scheme.dated import SchemeParameter, Term
from qingfeng.assessment.engine.scheme.document import DocumentMap
from qingfeng.assessment.engine.scheme.model import Indicator, Scoring


@dataclass(frozen=True)
class OtherTotals:
    """The published totals of another scheme: by subject, on ``full`` marks of 10**-places."""

    totals: Mapping[str, int]
    full: int
    places: int


@dataclass(frozen=True)
class LinkShare:
    """One subject stands for ``share`` (weight times days) in a leader's score."""

    to: str
    share: int


@dataclass(frozen=True)
class Sight:
    """One indicator over all subjects of a scheme, in one order."""

    subjects: tuple[str, ...]
    groups: Ints
    """Number of each subject's group."""
    included: Flags
    """False where a dated exclusion takes this indicator away from the subject."""
    compared: Flags
    """Who is compared with each other: the same, except when the plain total is formed."""
    evidence: Evidence
    indicator: Indicator
    scoring: Scoring
    day: dt.date
    """The last day of the period: parameters in force on it hold for the whole period."""
    others: Mapping[str, OtherTotals]
    links: Mapping[str, tuple[LinkShare, ...]]

    @property
    def rounding(self) -> Rounding:
        return self.scoring.rounding

    def term(self, parameter: SchemeParameter) -> Term:
        return parameter.on(self.day)

    def value(self, parameter: SchemeParameter) -> int:
        return parameter.on(self.day).value

    def of(self, number: int) -> Ints:
        """The same number for every subject."""
        return np.full(len(self.subjects), number, dtype=np.int64)

    def nobody(self) -> Flags:
        return np.zeros(len(self.subjects), dtype=bool)


@dataclass(frozen=True)
class Marks:
    """What a method gives back, one value per subject."""

    points: Ints
    """Scaled points, already rounded, once."""
    steps: Mapping[str, Ints]
    """The integers between inputs and points, by the method's own step names."""
    absent: Flags
    """Nothing to score: the indicator's ``missing`` decides."""
    thin: Flags
    """Fewer cases than the scheme's minimum: no rank is given."""
    aside: Flags | None = None
    """Set aside for want of cases."""
    ceiling: Ints | None = None
    """The most the total may be (a veto); -1 where there is none."""


@dataclass
class MethodContext:
    """What a method may ask while its parameters are read; it notes the schemes it refers to."""

    catalogue: Catalogue
    places: int
    clause: str
    weight: int
    refers_to: list[tuple[str, DocumentPlace]] = field(default_factory=list)


@dataclass(frozen=True)
class Method:
    """One version of one method. A version once released is never changed: its golden runs stay."""

    name: str
    version: int
    read: Callable[[DocumentMap, MethodContext], Any]
    """Takes the indicator's own keys and returns the parameters."""
    needs: Callable[[Any], Iterable[Need]]
    score: Callable[[Any, Sight], Marks]
    may_miss: bool
    """Whether the scheme must say what a missing value means."""

    @property
    def label(self) -> str:
        return f"{self.name}/{self.version}"
