"""Occasions 日程: what of a matter stands in a calendar, such as a leave, a meeting, a duty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from qingfeng.kernel.refusals import Misdeclared


@dataclass(frozen=True)
class CalendarEvent:
    """From when to when: two aware moments, or two whole days of which the last counts too. Raises ``Misdeclared``."""

    start: date
    end: date
    title: str
    place: str = ""

    def __post_init__(self) -> None:
        moments = [isinstance(one, datetime) for one in (self.start, self.end)]
        naive = [one for one in (self.start, self.end) if isinstance(one, datetime) and one.tzinfo is None]
        if moments[0] != moments[1] or naive or self.end < self.start:
            raise Misdeclared("an occasion has two aware moments or two days, the later one last")
