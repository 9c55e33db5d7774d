"""Assessment periods: whole years, halves, quarters and months, with both ends included (考核周期)."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Unit = Literal["year", "half_year", "quarter", "month"]
UNITS: tuple[Unit, ...] = ("year", "half_year", "quarter", "month")
_MONTHS: dict[Unit, int] = {"year": 12, "half_year": 6, "quarter": 3, "month": 1}
_LETTER: dict[Unit, str] = {"year": "", "half_year": "H", "quarter": "Q", "month": "M"}
LOCAL = dt.timezone(dt.timedelta(hours=8))
"""China keeps one time; ``held_on`` is a date of this clock."""


@dataclass(frozen=True, order=True)
class AssessmentPeriod:
    """The ``number``-th ``unit`` of ``year``: ``Period(2013, "quarter", 2)`` is April to June 2013."""

    year: int
    unit: Unit
    number: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= 12 // _MONTHS[self.unit]:
            raise ValueError(f"{self.year} has no {self.unit} {self.number}")

    @classmethod
    def parse(cls, text: str) -> "AssessmentPeriod":
        """Read ``2013``, ``2013H1``, ``2013Q2`` or ``2013M07``; ValueError otherwise."""
        for unit, letter in _LETTER.items():
            year, found, number = text.partition(letter) if letter else (text, "", "1")
            if year.isdigit() and len(year) == 4 and number.isdigit() and (found or not letter):
                return cls(int(year), unit, int(number))
        raise ValueError(text)

    @property
    def first(self) -> dt.date:
        """The first day."""
        return dt.date(self.year, (self.number - 1) * _MONTHS[self.unit] + 1, 1)

    @property
    def last(self) -> dt.date:
        """The last day, included."""
        month = self.number * _MONTHS[self.unit]
        following = dt.date(self.year + month // 12, month % 12 + 1, 1)
        return following - dt.timedelta(days=1)

    @property
    def year_before(self) -> "AssessmentPeriod":
        """The same period of the year before, for growth (同比)."""
        return AssessmentPeriod(self.year - 1, self.unit, self.number)

    def over_at(self, moment: dt.datetime) -> bool:
        """Whether the period had ended, by local date, at ``moment`` (aware)."""
        return moment.astimezone(LOCAL).date() > self.last

    def __str__(self) -> str:
        if self.unit == "month":
            return f"{self.year}M{self.number:02d}"
        return f"{self.year}" + (f"{_LETTER[self.unit]}{self.number}" if self.unit != "year" else "")
