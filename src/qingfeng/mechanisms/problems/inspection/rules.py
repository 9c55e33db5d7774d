"""What can be decided of inspections without a database: what overlaps, what it adds up to, what stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class InspectionSlot:
    """One unit looked at in one topic, in a round, between two days (both included).

    ``round`` is its title; ``of`` the number of the matter that holds it, empty for what is only asked for.
    """

    round: str
    unit: int
    topic: str
    first: date
    last: date
    of: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells its round from others."""
        return self.of, self.round


def apart(one: InspectionSlot, other: InspectionSlot) -> int:
    """Days between the end of the earlier and the beginning of the later; 0 where they meet."""
    earlier, later = sorted((one, other), key=lambda looked: (looked.first, looked.last))
    return max(0, (later.first - earlier.last).days)


def overlapping(
    asked: Sequence[InspectionSlot], others: Sequence[InspectionSlot], within: int
) -> list[tuple[InspectionSlot, InspectionSlot]]:
    """The pairs of different rounds that look at one unit in one topic no more than ``within`` days apart.

    Pairs among those asked for are found too, each once, in the order of asking (督查检查不得重复、多头).
    """
    pairs = []
    for place, one in enumerate(asked):
        for other in (*asked[:place], *others):
            same = (one.unit, one.topic) == (other.unit, other.topic)
            if same and one.key != other.key and apart(one, other) <= within:
                pairs.append((one, other))
    return pairs


def times(asked: Sequence[InspectionSlot]) -> Counter[int]:
    """How often each unit is inspected: once a round."""
    return Counter(unit for unit, _key in {(looked.unit, looked.key) for looked in asked})


def too_often(wanted: Mapping[int, int], used: Mapping[int, int], cap: int) -> list[int]:
    """The units for which what is wanted goes, with what is used, over the cap; in the order wanted."""
    return [unit for unit, number in wanted.items() if used.get(unit, 0) + number > cap]


@dataclass(frozen=True)
class CampaignFigure:
    """A figure as an organ reported it: of which measure, and the number of the row it takes the place of (0: none)."""

    measure: str
    number: int
    corrects: int = 0


def standing(figures: Sequence[CampaignFigure]) -> list[CampaignFigure]:
    """The figures that no later one corrects. Rows are numbered from 1."""
    corrected = {figure.corrects for figure in figures}
    return [figure for place, figure in enumerate(figures, start=1) if place not in corrected]


def sums(figures: Sequence[CampaignFigure], measures: Sequence[str]) -> dict[str, int]:
    """The sum of each measure by itself: problems and persons are never added up."""
    found = dict.fromkeys(measures, 0)
    for figure in standing(figures):
        found[figure.measure] += figure.number
    return found
