"""What plans and rounds on record look at already 重复检查: what an overlap is looked for among."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from qingfeng.kernel.vocabulary import Matter
from qingfeng.mechanisms.problems.inspection.rules import InspectionSlot

OnRecord = Callable[[Matter], Iterable[InspectionSlot]]
"""What one kind of matter looks at, in the jurisdiction of the matter that asks, but for that one itself."""

_handed_in: list[OnRecord] = []


def hand_in(*on_record: OnRecord) -> None:
    """Say what there is to overlap with, in the order it is named: a plan and a round each look among both."""
    _handed_in[:] = on_record


def others(asked: Matter) -> list[InspectionSlot]:
    """What the jurisdiction's plans still hold and its rounds visited or will visit, but for the matter itself."""
    return [slot for on_record in _handed_in for slot in on_record(asked)]
