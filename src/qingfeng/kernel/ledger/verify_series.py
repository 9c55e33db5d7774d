"""Verification of number series: each stands where the numbers that matters and papers bear say that it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, Max

from qingfeng.kernel.ledger.faults import Fault
from qingfeng.kernel.matters.models import NumberSeries
from qingfeng.kernel.papers.issuing import series_of
from qingfeng.kernel.papers.models import Paper

NUMBER = re.compile(r"([^〔〕]*)〔(\d+)〕((?:[^〔〕]*[^〔〕\d])?)(\d+)号\Z")
"""Place and word, year and serial; numbers of older releases have the word behind the year."""

Series = tuple[int, str, int]
"""Jurisdiction, word and year."""


class DrawnNumbers:
    """The numbers that first entries bear: how many of each series, and the highest."""

    def __init__(self) -> None:
        self._drawn: dict[Series, tuple[int, int]] = defaultdict(lambda: (0, 0))
        self._placed: dict[Series, tuple[int, int]] = defaultdict(lambda: (0, 0))

    def number(self, jurisdiction: int, number: str) -> None:
        """Note the number of a matter."""
        found = NUMBER.match(number)
        if found is not None:
            placed, year, word, serial = found.groups()
            if word:
                _note(self._drawn, (jurisdiction, word, int(year)), 1, int(serial))
            else:
                _note(self._placed, (jurisdiction, placed, int(year)), 1, int(serial))

    def faults(self) -> Iterator[Fault]:
        """Series that stand elsewhere, that nobody drew from, or that are gone."""
        papers = Paper.objects.values_list("issuer_id", "issuer__jurisdiction_id", "year")
        for issuer, jurisdiction, year, count, last in papers.annotate(Count("id"), Max("serial")):
            _note(self._drawn, (jurisdiction, series_of(issuer), year), count, last)
        rows = NumberSeries.objects.order_by("id").values_list(
            "id", "jurisdiction_id", "word", "year", "last"
        )
        known = {(jurisdiction, word, year) for _pk, jurisdiction, word, year, _last in rows.iterator()}
        for series, drawn in self._placed.items():
            _note(self._drawn, _without_place(series, known), *drawn)
        for pk, jurisdiction, word, year, last in rows.iterator():
            if self._drawn.pop((jurisdiction, word, year), None) != (last, last):
                yield Fault(
                    f"kernel_numberseries:{pk}",
                    "the series does not stand where the numbers drawn from it say",
                )
        for _jurisdiction, word, year in self._drawn:
            yield Fault(
                f"kernel_numberseries:{word}/{year}", "numbers were drawn from this series, and it is gone"
            )


def _note(noted: dict[Series, tuple[int, int]], series: Series, count: int, serial: int) -> None:
    drawn, highest = noted[series]
    noted[series] = (drawn + count, max(highest, serial))


def _without_place(series: Series, known: set[Series]) -> Series:
    """The known series a number is of, whose word stands behind the name of the place; the longest such word is it."""
    jurisdiction, placed, year = series
    words = (placed[start:] for start in range(len(placed) + 1))
    return next((of for word in words if (of := (jurisdiction, word, year)) in known), series)
