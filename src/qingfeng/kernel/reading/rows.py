"""Rows under a matter 事项所附各项: numbered rows, from a register or a JSON list, declared once for every face."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Self, get_args, get_origin, overload

from django.db import models
from django.db.models import Case, Max, Q, QuerySet, Value, When
from django.db.models.enums import Choices
from django.utils.text import Truncator, format_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.money import FenField, Yuan, in_yuan
from qingfeng.kernel.people.outside import NAMED
from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.refusals import Invalid, Misdeclared
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of

if TYPE_CHECKING:
    from qingfeng.kernel.acts.do import Do
    from qingfeng.kernel.matters.models import Matter
    from qingfeng.kernel.people.actors import Actor

NamesOfMatters = Callable[["Actor", set[int]], Mapping[int, str]]
"""Of some matters, by their ids, the names of those that an actor may read."""
MOST_NUMBER = 10_000
LONGEST_CHOICE = 60
"""Characters of a row's first column in a choice; a list of them is read at a glance."""
PLAIN: Mapping[type[models.Field[Any, Any]], type] = {
    FenField: Yuan,
    models.BooleanField: bool,
    models.IntegerField: int,
    models.DateTimeField: datetime,
    models.DateField: date,
    models.JSONField: list,
}
"""What a column of a register is; anything else is text."""


@dataclass(frozen=True)
class RowState:
    """How a row stands. ``when``: of a register a condition on its columns, of a JSON list a function of the row."""

    code: str
    label: Words
    when: Q | Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class RowColumn:
    """A column: ``kind`` is a type as inputs have it (money ``Yuan``), a parameter whose codes it holds, or labels by code.

    ``of`` computes it from the row; none: it is the row's own value of that name.
    """

    name: str
    label: Words
    kind: Any = str
    of: Callable[[Any], Any] | None = None
    null: bool = True

    @property
    def refers(self) -> Any:
        """The persons, units or matters it names: their class, also of a list of them; of anything else none."""
        kind = get_args(self.kind)[0] if get_origin(self.kind) is list else self.kind
        return kind if isinstance(kind, type) and issubclass(kind, models.Model) else None


@dataclass(frozen=True)
class RowView:
    """A row as one reader has it: its values for programs, and the same in words, by column."""

    number: int
    state: RowState | None
    values: Mapping[str, Any]
    words: Mapping[str, Any]


class DeclaredRows(ABC):
    """Rows as declared on a matter; ``name`` is that of the attribute where none is given. Raises ``Misdeclared``.

    ``drawn_on`` names the matter's own page that shows them in its own way; none: a page of theirs is made.
    """

    def __init__(self, label: Words, states: Sequence[RowState], name: str, drawn_on: str) -> None:
        if name and not name.isidentifier():
            raise Misdeclared(f"{name}: rows are named by one word of letters, digits and _")
        self.label = label
        self.states = tuple(states)
        self.name = name
        self.drawn_on = drawn_on

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name

    @property
    @abstractmethod
    def columns(self) -> tuple[RowColumn, ...]:
        """The columns, those of a register with the labels of its fields."""

    @property
    @abstractmethod
    def key(self) -> str:
        """The name of their number, of rows without one ``id``."""

    @abstractmethod
    def after(self, matter: Matter, number: int, most: int | None = None) -> Iterable[Any]:
        """The rows of a matter after a number, in their order, with ``most`` no more than so many."""

    @abstractmethod
    def number_of(self, row: Any) -> int:
        """The number of a row."""

    @abstractmethod
    def value_of(self, row: Any, name: str) -> Any:
        """The row's own value of a name; of a reference the id."""

    @abstractmethod
    def state_of(self, row: Any) -> RowState | None:
        """How a row stands; none where nothing declared holds."""

    def told(self, row: Any, actor: Actor) -> Any:
        """The row as it is told to an actor who reads its matter."""
        return row

    def chosen(self, matter: Matter, number: int, states: Sequence[RowState]) -> Any:
        """The row that a number names, in one of some states. Raises ``Invalid`` under the key ``""``."""
        row = next(iter(self.after(matter, number - 1, 1)), None)
        if row is None or self.number_of(row) != number:
            raise Invalid({"": [_("This number isn't there; choose one of those offered.")]})
        found = self.state_of(row)
        if states and found not in states:
            words = _("Number {} is “{}” now; choose one of those offered.")
            raise Invalid({"": [format_lazy(words, number, found.label if found else "")]})
        return row

    def choices(
        self, matter: Matter, actor: Actor, names: NamesOfMatters, states: Sequence[RowState] = ()
    ) -> list[tuple[int, str]]:
        """What may be chosen: number, and it with the words of the first column that has any."""
        rows = [row for row in self.after(matter, 0) if not states or self.state_of(row) in states]
        found = []
        for view in self.views(matter, rows, actor, names):
            words = next((" ".join(str(one).split()) for one in view.words.values() if one != ""), "")
            found.append((view.number, f"{view.number} · {Truncator(words).chars(LONGEST_CHOICE)}"))
        return found

    def views(
        self, matter: Matter, rows: Sequence[Any], actor: Actor, names: NamesOfMatters
    ) -> list[RowView]:
        """Rows as an actor has them who reads the matter; what they name is asked for once for all.

        Other matters stand by their names for who may read them, and are not told to anybody else.
        """
        told = [(row, self.told(row, actor)) for row in rows]
        columns = self.columns
        values = [{one.name: self._value(row, one) for one in columns} for _row, row in told]
        labels = _Labels(matter, columns, values, lambda ids: names(actor, ids))
        return [
            RowView(
                self.number_of(row),
                self.state_of(row),
                {one.name: labels.named(one, held[one.name]) for one in columns},
                {one.name: labels.words(one, held[one.name]) for one in columns},
            )
            for (row, _told), held in zip(told, values, strict=True)
        ]

    def _value(self, row: Any, column: RowColumn) -> Any:
        value = column.of(row) if column.of else self.value_of(row, column.name)
        if column.kind in (date, datetime) and isinstance(value, str):
            return column.kind.fromisoformat(value) if value else None
        return value


class Rows(DeclaredRows):
    """Rows of a register: columns are names of its fields, or computed; ``by`` is the whole number that orders them.

    Without a number of their own they are ordered by their id, and can't be chosen.
    """

    def __init__(
        self,
        model: type[Register],
        *,
        label: Words,
        columns: Sequence[str | RowColumn],
        states: Sequence[RowState] = (),
        by: str = "number",
        name: str = "",
        drawn_on: str = "",
    ) -> None:
        super().__init__(label, states, name, drawn_on)
        self.model, self.by, self.given = model, by, columns

    @overload
    def __get__(self, matter: None, owner: type) -> Self: ...
    @overload
    def __get__(self, matter: Matter, owner: type) -> RowsOfMatter: ...
    def __get__(self, matter: Matter | None, owner: type) -> Self | RowsOfMatter:
        return self if matter is None else RowsOfMatter(self, matter)

    @cached_property
    def columns(self) -> tuple[RowColumn, ...]:
        return tuple(
            _of_field(self.model._meta.get_field(one)) if isinstance(one, str) else one for one in self.given
        )

    @property
    def key(self) -> str:
        return "id" if self.by == "pk" else self.by

    def all(self, matter: Matter) -> QuerySet[Any]:
        """The rows of a matter in their order, each with the code of its state."""
        found = self.model._base_manager.filter(**{self.leads(type(matter)): matter.pk}).order_by(self.by)
        if self.states:
            cases = [When(one.when, then=Value(one.code)) for one in self.states]
            found = found.annotate(row_state=Case(*cases, default=Value("")))
        return found.select_related(*self.model.told_by) if self.model.told_by else found

    def leads(self, owner: type[Matter]) -> str:
        """The field that leads to the matter."""
        found = [
            field.name
            for field in self.model._meta.concrete_fields
            # What leads to any matter at all, such as one that an item speaks of, is no way to its own.
            if field.related_model
            and field.related_model._meta.label != "kernel.Matter"
            and issubclass(owner, field.related_model)
        ]
        if len(found) != 1:
            raise Misdeclared(f"{self.model.__name__} has {len(found)} ways to {owner.__name__}, not one")
        return found[0]

    def after(self, matter: Matter, number: int, most: int | None = None) -> Iterable[Any]:
        return self.all(matter).filter(**{f"{self.by}__gt": number})[:most]

    def number_of(self, row: Any) -> int:
        number: int = getattr(row, self.by)
        return number

    def value_of(self, row: Any, name: str) -> Any:
        return getattr(row, self.model._meta.get_field(name).attname)  # type: ignore[union-attr]  # a column

    def state_of(self, row: Any) -> RowState | None:
        return next((one for one in self.states if one.code == row.row_state), None)

    def told(self, row: Any, actor: Actor) -> Any:
        return row.told(actor)


@dataclass(frozen=True)
class ListRow:
    """A row of a JSON list: its place, counted from 1, and what is held there."""

    number: int
    held: Mapping[str, Any]


class ListRows(DeclaredRows):
    """Rows of a JSON list of the matter's own, numbered by their place in it; the list stays as it was stored."""

    def __init__(
        self,
        field: str,
        *,
        label: Words,
        columns: Sequence[RowColumn],
        states: Sequence[RowState] = (),
        name: str = "",
        drawn_on: str = "",
    ) -> None:
        super().__init__(label, states, name or field, drawn_on)
        self.field, self.given = field, tuple(columns)

    key = "number"

    @property
    def columns(self) -> tuple[RowColumn, ...]:
        return self.given

    def after(self, matter: Matter, number: int, most: int | None = None) -> Iterable[Any]:
        rows = [ListRow(place, held) for place, held in enumerate(getattr(matter, self.field), start=1)]
        return rows[number:][:most]

    def number_of(self, row: ListRow) -> int:
        return row.number

    def value_of(self, row: ListRow, name: str) -> Any:
        return row.held.get(name)

    def state_of(self, row: ListRow) -> RowState | None:
        return next((one for one in self.states if callable(one.when) and one.when(row.held)), None)


class RowsOfMatter:
    """The rows of one matter, in the hand of its acts."""

    def __init__(self, declared: Rows, matter: Matter) -> None:
        self.declared, self.matter = declared, matter

    @property
    def all(self) -> QuerySet[Any]:
        """The rows in their order."""
        return self.declared.all(self.matter)

    @property
    def last(self) -> int:
        """The number of the last row, also of one that was struck; 0 where there is none."""
        if self.matter.pk is None:
            return 0
        last: int | None = self.all.aggregate(last=Max(self.declared.by))["last"]
        return last or 0

    def add(self, do: Do, rows: Sequence[Any]) -> None:
        """Number rows behind those that stand there, and have them recorded."""
        leads = self.declared.leads(type(self.matter))
        for number, row in enumerate(rows, start=self.last + 1):
            setattr(row, leads, self.matter)
            setattr(row, self.declared.by, number)
        do.record_all(rows)

    def strike(self, do: Do, row: Any) -> None:
        """End a row: it stays to be seen, struck."""
        row.valid_to = do.today
        do.record(row)


@cache
def rows_of(matter: type[Matter]) -> dict[str, DeclaredRows]:
    """The rows a matter class declares, by name, in the order they stand."""
    return {
        one.name: one
        for cls in reversed(matter.__mro__)
        for one in vars(cls).values()
        if isinstance(one, DeclaredRows)
    }


class _Labels:
    """Names, labels and words of what stands in columns, read once for a page of rows."""

    def __init__(
        self,
        matter: Matter,
        columns: Sequence[RowColumn],
        values: Sequence[Mapping[str, Any]],
        matters: Callable[[set[int]], Mapping[int, str]],
    ) -> None:
        # Labels hold what was in force once too, so that no clock is asked.
        policy = Policy(matter.jurisdiction_id, day_of(matter.opened_at))
        self._coded = {
            one.name: policy.labels(one.kind) for one in columns if isinstance(one.kind, Parameter)
        }
        wanted: dict[Any, set[int]] = {}
        for one in columns:
            if one.refers:
                ids = wanted.setdefault(one.refers, set())
                ids.update(pk for held in values for pk in _listed(held[one.name]))
        self._names = {
            model: {row.pk: str(row) for row in model._default_manager.filter(pk__in=ids)}
            if model in NAMED
            else matters(ids)
            for model, ids in wanted.items()
        }

    def named(self, column: RowColumn, value: Any) -> Any:
        """A value for programs: what it names by id and name, anything else as it is held."""
        if column.refers is None or value is None:
            return value
        known = self._names[column.refers]
        found = [{"id": pk, "name": known[pk]} for pk in _listed(value) if pk in known]
        return found if isinstance(value, list) else next(iter(found), None)

    def words(self, column: RowColumn, value: Any) -> Any:
        """A value for people: days and numbers as such, all else in words."""
        kind = column.kind
        if value is None or value == "":
            return ""
        if column.refers is not None:
            known = self._names[column.refers]
            return say(", ").join(known.get(pk, say("a matter not yours to read")) for pk in _listed(value))
        if column.name in self._coded:
            return self._coded[column.name].get(value, value)
        if isinstance(kind, Mapping):
            return kind.get(value, value)
        if isinstance(kind, type) and issubclass(kind, Choices):
            return kind(value).label
        if kind is Yuan:
            return in_yuan(value)
        if isinstance(value, bool):
            return say("yes") if value else say("no")
        if isinstance(value, datetime):
            return f"{localtime(value):%Y-%m-%d %H:%M}"
        return say(", ").join(map(str, value)) if isinstance(value, list) else value


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _of_field(field: Any) -> RowColumn:
    if field.related_model:
        kind: Any = field.related_model
    elif field.choices:
        kind = dict(field.flatchoices)
    else:
        kind = next((plain for cls, plain in PLAIN.items() if isinstance(field, cls)), str)
    return RowColumn(field.name, field.verbose_name, kind, null=field.null)
