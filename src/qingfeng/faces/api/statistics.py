"""How statistics are asked for and answered: the figures as they are kept, in whole numbers."""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from qingfeng.faces.api.parameters import asked
from qingfeng.faces.api.schemas import page_of
from qingfeng.kernel.reading.overviews import FIRST_YEAR
from qingfeng.kernel.reading.statistics import Figures


class YearQuery(BaseModel):
    """Of which year."""

    year: int | None = asked(_("Year; this one where it isn't said"), default=None, ge=FIRST_YEAR, le=9999)


class ColumnView(BaseModel):
    """A column: words, how many, fen, minutes, or thousandths of a whole."""

    label: str
    kind: Literal["words", "count", "money", "minutes", "share"]


class StatisticView(BaseModel):
    """A statistic; ``year`` is null for one that stands as it is today."""

    name: str
    label: str
    year: int | None
    columns: list[ColumnView]
    rows: list[list[str | int | None]]


Statistics = page_of(StatisticView, "Statistics")


def shown(found: Figures) -> dict[str, Any]:
    """A statistic as it is answered."""
    statistic = found.statistic
    return {
        "name": statistic.name,
        "label": str(statistic.label),
        "year": found.year if statistic.of == "year" else None,
        "columns": [{"label": str(one.label), "kind": one.kind} for one in statistic.columns],
        "rows": [list(row) for row in found.rows],
    }
