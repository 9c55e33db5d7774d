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

NUMBER = re.compile(r"〔(\d+)〕((?:[^〔〕]*[^〔〕\d])?)(\d+)号\Z")

Series = tuple[int, str, int]
"""Jurisdiction, word and year."""


class Drawn:
    """The numbers that first entries bear: how many of each series, and the highest."""

    def __init__(self) -> None:
        self._drawn: dict[Series, tuple[int, int]] = defaultdict(lambda: (0, 0))

    def number(self, jurisdiction: int, number: str) -> None:
        """Note the number of a matter."""
        found = NUMBER.search(number)
        if found is not None:
            year, word, serial = found.groups()
            self._note((jurisdiction, word, int(year)), 1, int(serial))

    def faults(self) -> Iterator[Fault]:
        """Series that stand elsewhere, that nobody drew from, or that are gone."""
        papers = Paper.objects.values_list("issuer_id", "issuer__jurisdiction_id", "year")
        for issuer, jurisdiction, year, count, last in papers.annotate(Count("id"), Max("serial")):
            self._note((jurisdiction, series_of(issuer), year), count, last)
        rows = NumberSeries.objects.order_by("id").values_list(
            "id", "jurisdiction_id", "word", "year", "last"
        )
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

    def _note(self, series: Series, count: int, serial: int) -> None:
        drawn, highest = self._drawn[series]
        self._drawn[series] = (drawn + count, max(highest, serial))
