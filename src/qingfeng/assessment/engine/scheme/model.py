"""A scheme of assessment as the engine holds it: groups, a weighted tree of indicators, rules (考核方案)."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from qingfeng.assessment.engine.period import Unit
from qingfeng.assessment.engine.readers.question import Need
from qingfeng.assessment.engine.refusals import DocumentPlace
from qingfeng.assessment.engine.rounding import Rounding
from qingfeng.assessment.engine.scheme.catalogue import Title
from qingfeng.assessment.engine.scheme.dated import DateSpan, SchemeParameter

Ties = Literal["competition", "dense"]
Relief = Literal["reweighted", "neutral"]
Missing = Literal["zero", "full", "set_aside", "unranked", "refuse"]
Below = Literal["refuse", "unranked", "set_aside"]
Random = Literal["none", "counts", "sample"]
TIES: tuple[Ties, ...] = ("competition", "dense")
RELIEFS: tuple[Relief, ...] = ("reweighted", "neutral")
BELOW: tuple[Below, ...] = ("refuse", "unranked", "set_aside")
RANDOM: tuple[Random, ...] = ("none", "counts", "sample")
MISSING: tuple[Missing, ...] = ("zero", "full", "set_aside", "unranked", "refuse")


@dataclass(frozen=True)
class Scoring:
    """Full marks, decimal places of every published number, and the one rounding rule."""

    full: int
    places: int
    rounding: Rounding
    least: int | None
    most: int | None

    @property
    def scale(self) -> int:
        return int(10**self.places)


@dataclass(frozen=True)
class ComparisonGroup:
    """Those ranked together (序列), never on fewer than ``minimum``."""

    id: str
    title: Title
    minimum: int
    ties: Ties
    place: DocumentPlace


@dataclass(frozen=True)
class Cases:
    """Below so many events of a fact the indicator refuses, leaves the subject unranked, or is set aside."""

    need: Need
    minimum: SchemeParameter
    below: Below


@dataclass(frozen=True)
class Indicator:
    """A leaf of the tree: scored by one version of one method on its own parameters.

    ``random``: whether its events are counts of chance, or its rate that of a sample; ballots always are.
    """

    id: str
    title: Title
    weight: int
    method: str
    version: int
    parameters: Any
    missing: Missing
    random: Random
    cases: Cases | None
    clause: str
    place: DocumentPlace


@dataclass(frozen=True)
class Branch:
    """A node whose children's weights add up to its own."""

    id: str
    title: Title
    weight: int
    children: tuple["Branch | Indicator", ...]
    place: DocumentPlace

    def leaves(self) -> Iterator[Indicator]:
        for child in self.children:
            if isinstance(child, Indicator):
                yield child
            else:
                yield from child.leaves()


@dataclass(frozen=True)
class Scheme:
    """One dated scheme of one jurisdiction; its digest is that of its text."""

    id: str
    title: Title
    jurisdiction: str
    clause: str
    valid: DateSpan
    units: tuple[Unit, ...]
    """The lengths of period it may be run for."""
    scoring: Scoring
    groups: tuple[ComparisonGroup, ...]
    protection: Relief
    tolerance: Relief
    tree: Branch
    refers_to: tuple[tuple[str, DocumentPlace], ...]
    place: DocumentPlace
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the scheme's text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(self.tree.leaves())

    def indicator(self, id: str) -> Indicator:
        """The indicator of that id; KeyError when there is none."""
        for indicator in self.indicators:
            if indicator.id == id:
                return indicator
        raise KeyError(id)

    def in_force(self, day: dt.date) -> bool:
        return day in self.valid
