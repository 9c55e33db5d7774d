"""Statistics 统计报表: figures of one mechanism's matters, declared once as a table and how it is drawn.

A mechanism's ``statistics.py`` declares them and its matter class names them. Only what the reader may read is
counted: a clerk sees the figures of the own unit, an office those of all. Console page, workbook, REST
operation, command and handbook line follow from the declaration.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import orjson
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import pgettext

from qingfeng.kernel.acts.access import Reach
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.reading import kept_figures
from qingfeng.kernel.reading.paging import rooted
from qingfeng.kernel.reading.tallies import FACTS, Tally, tallies_of
from qingfeng.kernel.record.facts import FactKind
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import begin_of, day_of

if TYPE_CHECKING:
    from qingfeng.kernel.guards import Guard
    from qingfeng.kernel.matters.models import Matter
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
    """What a statistic is made from: the matters its reader may read, whatever their year, and the year asked for.

    ``reach`` says the same of the reader: by it figures are found that are kept. Without it all are counted.
    """

    queryset: QuerySet[Any]
    actor: Actor
    today: date
    year: int
    reach: Reach | None = None

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

    def month(self, number: int) -> str:
        """The name of a month, short."""
        return date_format(date(self.year, number, 1), pgettext("date format", "M"))

    def opened(self) -> QuerySet[Any]:
        """The matters opened in the year."""
        return self.queryset.filter(opened_at__gte=self.begin, opened_at__lt=self.end)

    def beside(self, kind: type[Matter]) -> Reading:
        """The same of another class of matters."""
        return of_kind(kind, self.actor, self.today, self.year)

    def count(self, tally: Tally, year: int | None = None) -> dict[tuple[Any, ...], Sequence[int]]:
        """The figures of a tally by its keys, of the year or another: kept ones, and what moved since.

        Raises ``Misdeclared`` for one that the class of matters doesn't name, and that therefore isn't kept.
        """
        kind = self.queryset.model
        if tally.name.partition(".")[0] not in tallies_of(kind):
            raise Misdeclared(f"{kind.__name__} doesn't name the tally “{tally.name}” in its tallies")
        of = (self.year if year is None else year) if tally.on else 0
        if self.reach is not None:
            sums = kept_figures.counted(tally, kind, self.reach, of)
        else:
            sums = {key: figures for _name, key, figures in tally.counted(self.queryset, of)}
        return {tuple(orjson.loads(key)): figures[1:] for key, figures in sums.items()}

    def facts(self, kind: FactKind, year: int | None = None) -> dict[tuple[int, str], int]:
        """The sums of the facts of a kind that held in the year, by month and the unit they are about.

        Those taken back stand in it twice, and add nothing. What is about persons is under no unit.
        """
        return {place: quantity for place, (quantity, _facts) in self.facts_counted(kind, year).items()}

    def facts_counted(self, kind: FactKind, year: int | None = None) -> dict[tuple[Any, ...], Sequence[int]]:
        """The same, each sum with the number of facts."""
        found: dict[tuple[Any, ...], Sequence[int]] = {}
        for name in kind.names:
            for place, figures in self.count(FACTS.part(name), year).items():
                before = found.get(place, (0, 0))
                found[place] = [one + other for one, other in zip(before, figures, strict=True)]
        return found

    def by_unit(self, *kinds: FactKind) -> list[tuple[Any, ...]]:
        """The sums of the year's facts of some kinds, unit by unit, the most first; units without any are left out."""
        sums = [summed(self.facts(kind), 1) for kind in kinds]
        names = unit_names({subject for one in sums for subject in one})
        rows = [(name, *(one[subject] for one in sums)) for subject, name in names.items()]
        return sorted(rows, key=lambda row: (*(-figure for figure in row[1:]), row[0]))

    def by_month(self, *kinds: FactKind, of: Tally | None = None) -> list[tuple[Any, ...]]:
        """Month by month, the figures of a tally of months, and the sums of the facts of some kinds."""
        rows = {} if of is None else together(self.count(of), 0)
        none = [] if of is None else [0] * len(of.figures)
        sums = [summed(self.facts(kind), 0) for kind in kinds]
        return [
            (self.month(number), *rows.get(number, none), *(one[number] for one in sums))
            for number in self.months
        ]

    def by(self, tally: Tally, labels: Mapping[Any, Words] | None = None) -> list[tuple[Any, ...]]:
        """The figures of a tally by its one key, the most first.

        :param labels: the key's codes in words; where none are given, the key is a unit, and has its name
        """
        counted = together(self.count(tally), 0)
        if labels is None:
            labels = named(counted)
        rows = [(str(labels.get(code, code)), *figures) for code, figures in counted.items()]
        return sorted(rows, key=lambda row: (-sum(row[1:]), row[0]))


def of_kind(kind: type[Matter], actor: Actor, today: date, year: int, reach: Reach | None = None) -> Reading:
    """The reading of an actor, or of another reach, over a class of matters in a year."""
    reach = reach or Reach.of(actor, kind)
    return Reading(reach.narrow(kind._default_manager.all(), to_count=True), actor, today, year, reach)


def together(counted: Mapping[tuple[Any, ...], Sequence[int]], place: int) -> dict[Any, list[int]]:
    """Figures by one of the keys alone."""
    found: dict[Any, list[int]] = {}
    for key, figures in counted.items():
        held = found.get(key[place])
        found[key[place]] = (
            list(figures) if held is None else [a + b for a, b in zip(held, figures, strict=True)]
        )
    return found


def summed(counted: Mapping[tuple[Any, ...], int], place: int) -> Counter[Any]:
    """Sums by one of the keys alone."""
    found: Counter[Any] = Counter()
    for key, figure in counted.items():
        found[key[place]] += figure
    return found


def named(units: Collection[Any]) -> dict[Any, str]:
    """The names of units by their ids."""
    return dict(Unit.objects.filter(pk__in=[unit for unit in units if unit]).values_list("pk", "name"))


def unit_names(subjects: Collection[str]) -> dict[str, str]:
    """The names of the units that facts are about, by the facts' own word for them."""
    found = Unit.objects.filter(pk__in=[subject.partition(":")[2] for subject in subjects if subject])
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
