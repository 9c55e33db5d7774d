"""Tallies 可加计数: figures of matters by keys, which can be added up, so that they can be kept and not counted each time.

A tally says what is counted of each matter and by what. Its figures are sums: those of all matters are those of some
and those of the others. What they rest on changes by acts on the matter alone: its own columns, its clocks, the rows
under it, its facts. ``kept_figures`` keeps them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

import orjson
from django.apps import apps
from django.db.models import (
    Aggregate,
    Case,
    Count,
    DateTimeField,
    Exists,
    F,
    Field,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from qingfeng.kernel.reading.spans import span_of
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.periods import begin_of, day_of

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter
    from qingfeng.kernel.reading.coverage import Scrutiny

K = TypeVar("K")
Key: TypeAlias = str
"""What a figure is counted by, as JSON: the span, where there is one, and the keys."""
Sums: TypeAlias = dict[Key, list[int]]
"""How many rows were counted by a key, and the figures."""


@dataclass(frozen=True, eq=False)
class Tally:
    """A tally 计数项.

    ``keys``: fields of the matter or of rows under it, or expressions over them; a unit is a key by its id, for its
    name changes by no act on the matter. ``figures``: counts and sums. ``on``: the moment, the day or the number of the
    year by which a matter, or a row under it, belongs to a year; empty: to none. ``each``: the part of the year that
    is the first key, a month as its number, a week as its Monday. ``of``: what alone is counted. ``apart``: a field by
    whose value there is a tally each (``part``).
    """

    name: str
    keys: Sequence[str | Combinable] = ()
    figures: Mapping[str, Aggregate] = field(default_factory=lambda: {"matters": Count("pk")})
    on: str = "opened_at"
    each: Literal["year", "month", "week"] = "year"
    of: Q = field(default_factory=Q)
    apart: str = ""
    of_clocks: bool = False
    besides: Callable[[], Q] = Q

    def part(self, value: str) -> Tally:
        """The tally of one value of ``apart``."""
        return replace(self, name=self.part_named(value), of=self.of & Q(**{self.apart: value}), apart="")

    def part_named(self, *value: str) -> str:
        """The name of the tally of one value, where they are apart."""
        return ".".join((self.name, *value))

    def counted(self, matters: QuerySet[Any], year: int) -> Iterator[tuple[str, Key, list[int]]]:
        """The figures of some matters in a year, counted anew: the tally's name, the key, the figures."""
        for *value, key, figures in self._rows(matters, year, *self._apart):
            yield self.part_named(*value), key, figures

    def of_each(self, matters: QuerySet[Any]) -> Iterator[tuple[int, str, int, Key, list[int]]]:
        """What each of some matters adds to the figures: its id, the tally's name, the year, the key, the figures."""
        for year in self._years(matters):
            for pk, *value, key, figures in self._rows(matters, year, "pk", *self._apart):
                yield pk, self.part_named(*value), year, key, figures

    def statement(self, kind: type[Matter]) -> list[str]:
        """What it asks for, as it is declared: another release may ask for something else. Raises ``Misdeclared``."""
        query = self._asked(kind._default_manager.all(), 2000, *self._apart).query
        for name, joined in query.alias_map.items():
            step: Any = getattr(joined, "join_field", None) if query.alias_refcount[name] else None
            # Filters too: a matter, and what stands under it, are all an act on it changes.
            if step and not step.one_to_many and not step.remote_field.parent_link:
                raise Misdeclared(
                    f"{kind.__name__}, {self.name}: “{name}” is of another matter, or of a unit"
                )
        sql, values = query.sql_with_params()
        return [sql, *sorted(map(str, values))]  # one of several states is told in any order

    def field_of(self, kind: type[Matter], path: str) -> Field[Any, Any]:
        """The field of a path. Raises ``Misdeclared`` where it leads to what no act on the matter changes."""
        model: Any = kind
        *parts, last = path.split("__")
        for part in parts:
            step = model._meta.get_field(part)
            if not step.one_to_many:
                raise Misdeclared(
                    f"{kind.__name__}, {self.name}: “{path}” is of another matter, or of a unit"
                )
            model = step.related_model
        found: Field[Any, Any] = model._meta.get_field(last)
        return found

    @property
    def _apart(self) -> tuple[str, ...]:
        return (self.apart,) if self.apart else ()

    def _rows(self, matters: QuerySet[Any], year: int, *more: str) -> Iterator[Any]:
        spans = self._names(year)
        width = len(more) + len(self.keys) + (self.each != "year")
        for row in self._asked(matters, year, *more):
            key = list(row[len(more) : width])
            if spans:
                key[0] = spans[key[0]]
            # A sum of nothing is none.
            yield (*row[: len(more)], key_of(*key), [one or 0 for one in row[width:]])

    def _asked(self, matters: QuerySet[Any], year: int, *more: str) -> QuerySet[Any, tuple[Any, ...]]:
        names: dict[str, Any] = {
            f"key_{place}": F(key) if isinstance(key, str) else key for place, key in enumerate(self.keys)
        }
        # All of it in one filter: of rows under a matter each further one would ask for other rows.
        found = matters.filter(self.of, self.besides(), **self._within(matters.model, year))
        if self.of_clocks:
            over = Running.objects.filter(matter=OuterRef("pk"), stopped_at=None, expired_at__isnull=False)
            found = found.alias(ran_out=Exists(over))
        if self.each != "year":
            names = {"span": span_of(self.on, self._begins(matters.model, year)), **names}
        figures = {f"figure_{place}": one for place, one in enumerate(self.figures.values())}
        keyed = found.order_by().annotate(**names).values_list(*more, *names)
        asked: QuerySet[Any, tuple[Any, ...]] = keyed.annotate(row_count=Count("pk"), **figures)
        return asked

    def _within(self, kind: type[Matter], year: int) -> dict[str, Any]:
        if not self.on:
            return {}
        if isinstance(self.field_of(kind, self.on), IntegerField):
            return {self.on: year}
        first, after = self._begins_on(kind, date(year, 1, 1)), self._begins_on(kind, date(year + 1, 1, 1))
        return {f"{self.on}__gte": first, f"{self.on}__lt": after}

    def _years(self, matters: QuerySet[Any]) -> Sequence[int]:
        if not self.on:
            return (0,)
        # Counted too: for the ends alone PostgreSQL goes through an index from its end until it meets one of the matters.
        ends = matters.filter(self.of, self.besides()).aggregate(
            Count("pk"), first=Min(self.on), last=Max(self.on)
        )
        if ends["first"] is None:
            return ()
        first, last = (_year_of(ends[name]) for name in ("first", "last"))
        return range(first, last + 1)

    def _begins_on(self, kind: type[Matter], day: date) -> date:
        return begin_of(day) if isinstance(self.field_of(kind, self.on), DateTimeField) else day

    def _begins(self, kind: type[Matter], year: int) -> list[date]:
        return [self._begins_on(kind, day) for day in _days(self.each, year)]

    def _names(self, year: int) -> list[int | str]:
        """What the spans of a year are called in keys."""
        if self.each == "week":
            return [day.isoformat() for day in _days("week", year)]
        return [day.month for day in _days("month", year)] if self.each == "month" else []


def _days(each: str, year: int) -> list[date]:
    if each == "month":
        return [date(year, month, 1) for month in range(1, 13)]
    first = date(year, 1, 1)
    monday = first - timedelta(days=first.weekday())
    return [
        monday + timedelta(weeks=number)
        for number in range(54)
        if (monday + timedelta(weeks=number)).year <= year
    ]


def _year_of(value: Any) -> int:
    if isinstance(value, int):
        return value
    return (day_of(value) if isinstance(value, datetime) else value).year


OPENED = Tally("opened", each="week", apart="mechanism")
CLOSED = Tally("closed", on="closed_at", each="week", apart="mechanism")
"""What came in and what went out, each mechanism apart, week by week; as what is owed, of the table of all matters."""


def _first_of_holder() -> Q:
    """Of what a holder owes in a matter, what is due first."""
    rows: Any = apps.get_model("kernel", "Access")
    same = rows.objects.filter(matter=OuterRef("pk"), holder=OuterRef("access__holder")).exclude(act="")
    due = Q(due__lt=OuterRef("access__due")) | Q(due=OuterRef("access__due"), pk__lt=OuterRef("access__pk"))
    return ~Q(Exists(same.filter(due)))


OWED = Tally(
    "owed",
    ("access__holder", Cast("access__due", TextField())),
    on="",
    of=Q(access__act__gt="", access__due__isnull=False),
    apart="mechanism",
    besides=_first_of_holder,
)
"""In how many matters a holder owes acts, each mechanism apart, by when the first of them in a matter is due."""
EVERYWHERE = (OPENED, CLOSED, OWED)
OF_UNITS = When(entries__facts__subject__startswith="unit:", then="entries__facts__subject")
FACTS = Tally(
    "facts",
    # What is about a unit by the unit; what is about persons by none of them.
    (Case(OF_UNITS, default=Value("")),),
    {"quantity": Sum("entries__facts__quantity"), "facts": Count("entries__facts")},
    "entries__facts__held_on",
    "month",
    Q(entries__facts__isnull=False),
    "entries__facts__name",
)
"""The facts of matters, each kind apart, by the month they held in and the unit they are about."""


@cache
def looks_tally(looks: Scrutiny) -> Tally:
    """How often units were looked at on topics, where these are the matter's own columns."""
    named = ~Q(**{looks.topic: ""}) & Q(**{f"{looks.unit}__isnull": False})
    return Tally("looks", (looks.topic, looks.unit), on=looks.on, of=named)


def tallies_of(kind: type[Matter]) -> dict[str, Tally]:
    """The tallies of a class of matters by name: those all have, and its own. Raises ``Misdeclared``."""
    if not kind.code:  # of the table of all matters
        return {tally.name: tally for tally in EVERYWHERE}
    looks = (looks_tally(kind.looks),) if kind.looks is not None else ()
    found: dict[str, Tally] = {}
    for tally in (FACTS, *looks, *kind.tallies):
        if tally.name in found:
            raise Misdeclared(f"{kind.__name__} has two tallies “{tally.name}”")
        for path in (*tally.keys, *filter(None, (tally.on, tally.apart))):
            if isinstance(path, str):
                tally.field_of(kind, path)
        found[tally.name] = tally
    return found


def key_of(*parts: str | int | bool | None) -> Key:
    """The key of its parts."""
    return orjson.dumps(parts).decode()


def add(sums: dict[K, list[int]], key: K, figures: Sequence[int]) -> None:
    """Add figures to those of a key."""
    held = sums.get(key)
    if held is None:
        sums[key] = list(figures)
    else:
        for place, figure in enumerate(figures):
            held[place] += figure
