"""Looking at units 检查频次: which mechanism looks at which unit, on which focus topic, and how often.

A mechanism's matter class says in one line where its topic and its unit stand; what is gathered over all of them
shows who is never looked at, and who again and again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.regime.parameters import Parameter

Key = tuple[str, int]
"""A topic's code and a unit's id."""


@dataclass(frozen=True)
class Scrutiny:
    """What a matter looks at: ``topic`` and ``unit`` are fields of it or of what is related to it; ``on`` its time.

    ``topics`` is the parameter that lists the topics; ``often`` the one that says how many looks at one unit on one
    topic in a year are too many.
    """

    topics: Parameter
    often: Parameter
    topic: str = "topic"
    unit: str = "responsible"
    on: str = "opened_at"


@dataclass(frozen=True)
class CoverageYear:
    """The looks of one year as one reader has them, by topic and unit; ``often`` is none where no regime says it."""

    year: int
    topics: Sequence[tuple[str, Words]]
    units: Sequence[Unit]
    counts: Mapping[Key, int]
    often: int | None

    @property
    def never(self) -> list[Unit]:
        """The units nobody looked at on any topic."""
        seen = {unit for _topic, unit in self.counts}
        return [unit for unit in self.units if unit.pk not in seen]

    @property
    def again(self) -> list[tuple[Unit, Words, int]]:
        """The units looked at again and again on one topic, the most often first."""
        if self.often is None:
            return []
        found = [
            (unit, words, count)
            for unit in self.units
            for code, words in self.topics
            if (count := self.counts.get((code, unit.pk), 0)) >= self.often
        ]
        return sorted(found, key=lambda row: -row[2])
