"""Statistics 统计报表: figures of one mechanism's matters, declared once as a table and how it is drawn.

A mechanism's ``statistics.py`` declares them and its matter class names them. Only what the reader may read is
counted: a clerk sees the figures of the own unit, an office those of all. Console page, workbook, REST
operation, command and handbook line follow from the declaration.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from django.db.models import Aggregate, QuerySet, Sum, Value
from django.db.models.expressions import Combinable
from django.utils.formats import date_format
from django.utils.translation import pgettext

from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.reading.paging import rooted
from qingfeng.kernel.reading.spans import span_of
from qingfeng.kernel.record.facts import Fact, FactKind
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import begin_of, day_of

if TYPE_CHECKING:
    from qingfeng.kernel.guards import Guard
    from qingfeng.kernel.people.actors import Actor

Kind = Literal["words", "count", "money", "minutes", "share"]
Picture = Literal["bars", "stacked", "lines", "grid"]
Look = Literal["", "accent", "done", "near", "late", "quiet"]
Row = Sequence[Any]


@dataclass(frozen=True)
class Column:
    """A column 栏目. Its figures are whole numbers: how many, fen, minutes, or thousandths of a whole (share).

    ``look`` gives it a colour that means something; else it takes the next of six.
    """

    label: Words
    kind: Kind = "count"
    look: Look = ""


@dataclass(frozen=True)
class Reading:
    """What a statistic is made from: the matters its reader may read, whatever their year, and the year asked for."""

    queryset: QuerySet[Any]
    actor: Actor
    today: date
    year: int

    @property
    def begin(self) -> datetime:
        """The first moment of the year."""
        return begin_of(date(self.year, 1, 1))

    @property
    def end(self) -> datetime:
        """The first moment after the year."""
        return begin_of(date(self.year + 1, 1, 1))

    @property
    def months(self) -> range:
        """The months of the year that have begun, as numbers."""
        return range(1, 13 if self.year < self.today.year else self.today.month + 1)

    def month_of(self, column: str) -> Combinable:
        """The month of the year that a column of moments falls into, as a number; what is counted lies in the year."""
        begins = [begin_of(date(self.year, month, 1)) for month in range(1, 13)]
        return span_of(column, begins) + Value(1)

    def month(self, number: int) -> str:
        """The name of a month, short."""
        return date_format(date(self.year, number, 1), pgettext("date format", "M"))

    def opened(self) -> QuerySet[Any]:
        """The matters opened in the year."""
        return self.queryset.filter(opened_at__gte=self.begin, opened_at__lt=self.end)

    def facts(self, kind: FactKind) -> QuerySet[Fact]:
        """The facts of a kind that held in the year; those taken back stand in it twice, and sum up to nothing."""
        return Fact.objects.filter(
            name__in=kind.names,
            held_on__gte=date(self.year, 1, 1),
            held_on__lt=date(self.year + 1, 1, 1),
            entry__matter__in=self.queryset.order_by().values("pk"),
        )

    def by_unit(self, *kinds: FactKind) -> list[tuple[Any, ...]]:
        """The sums of the year's facts of some kinds, unit by unit, the most first; units without any are left out."""
        sums = self._sums("subject", kinds)
        names = unit_names({subject for one in sums for subject in one})
        rows = [(name, *(one.get(subject, 0) for one in sums)) for subject, name in names.items()]
        return sorted(rows, key=lambda row: (*(-figure for figure in row[1:]), row[0]))

    def by_month(
        self, *kinds: FactKind, of: QuerySet[Any] | None = None, day: str = "", **figures: Aggregate
    ) -> list[tuple[Any, ...]]:
        """Month by month, figures of matters by a day of theirs, and the sums of the facts of some kinds."""
        counted = of.order_by().values_list(f"{day}__month").annotate(**figures) if of is not None else ()
        rows = {month: found for month, *found in counted}
        sums, none = self._sums("held_on__month", kinds), [0] * len(figures)
        return [
            (self.month(number), *rows.get(number, none), *(one.get(number, 0) for one in sums))
            for number in self.months
        ]

    def by(
        self,
        field: str,
        labels: Mapping[Any, Words] = MappingProxyType({}),
        of: QuerySet[Any] | None = None,
        **figures: Aggregate,
    ) -> list[tuple[Any, ...]]:
        """Figures of the matters opened in the year, or of others, by a field, the most first.

        :param labels: the field's codes in words
        """
        found = self.opened() if of is None else of
        counted = found.order_by().values_list(field).annotate(**figures)
        rows = [(str(labels.get(code, code)), *values) for code, *values in counted]
        return sorted(rows, key=lambda row: (-sum(row[1:]), row[0]))

    def _sums(self, key: str, kinds: Sequence[FactKind]) -> list[dict[Any, int]]:
        return [
            dict(self.facts(kind).order_by().values_list(key).annotate(Sum("quantity"))) for kind in kinds
        ]


def unit_names(subjects: Collection[str]) -> dict[str, str]:
    """The names of the units that facts are about, by the facts' own word for them."""
    found = Unit.objects.filter(pk__in=[subject.partition(":")[2] for subject in subjects])
    return {plain(unit): unit.name for unit in found}


@dataclass(frozen=True)
class Statistic:
    """A statistic 统计表: its first column is words, each other one figures; ``rows`` makes the rows of a reading.

    ``picture``: "bars" beside each other, "stacked" parts of a whole (their sums are added), "lines" over
    the rows, a "grid" the darker the higher. It draws the columns of the same kind as the first figures; the
    table has them all. ``of`` "today" is one that stands as it is now, whatever the year. ``counted_for`` names an
    office that has these counts of the whole jurisdiction though it doesn't read the matters: then ``rows`` tells
    numbers of them, and nothing else. Raises ``Misdeclared``.
    """

    name: str
    label: Words
    columns: Sequence[Column]
    rows: Callable[[Reading], Sequence[Row]]
    picture: Picture = "bars"
    of: Literal["year", "today"] = "year"
    counted_for: Guard | None = None

    def __post_init__(self) -> None:
        kinds = [column.kind for column in self.columns]
        if not self.name.isidentifier() or kinds[:1] != ["words"] or "words" in kinds[1:] or len(kinds) < 2:
            raise Misdeclared(f"{self.name}: a statistic has a name, one column of words, and then figures")

    def counted(self, reading: Reading) -> list[tuple[Any, ...]]:
        """Its rows, each with its words as text. Raises ``Misdeclared`` for what is neither whole number nor none."""
        rows = []
        for head, *figures in self.rows(reading):
            if len(figures) != len(self.columns) - 1 or any(
                type(one) not in (int, type(None)) for one in figures
            ):
                raise Misdeclared(f"{self.name}: each row has its words, and a whole number or none a column")
            rows.append((str(head), *figures))
        return rows


@dataclass(frozen=True)
class Figures:
    """A statistic as one reader has it: none of ``rows`` stands for matters they may not read."""

    statistic: Statistic
    reading: Reading
    rows: Sequence[tuple[Any, ...]]

    @property
    def year(self) -> int:
        """The year they are of."""
        return self.reading.year

    @property
    def today(self) -> date:
        """The day they were counted on."""
        return self.reading.today

    @property
    def years(self) -> range:
        """The years there are, this one first; the last is that of the first matter the reader may read. Asked anew."""
        opened = rooted(self.reading.queryset).order_by("root").values_list("opened_at", flat=True).first()
        since = min(day_of(opened).year, self.today.year) if opened else self.today.year
        return range(self.today.year, since - 1, -1)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not any(figure for row in self.rows for figure in row[1:])
