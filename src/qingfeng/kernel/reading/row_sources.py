"""Where rows under a matter lie: in a register that leads to it, or in a JSON list of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, overload

from django.db.models import Case, Max, Q, QuerySet, Value, When

from qingfeng.kernel.reading.row_columns import RowColumn, column_of
from qingfeng.kernel.reading.rows import DeclaredRows, RowState
from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.acts.do import Do
    from qingfeng.kernel.matters.models import Matter
    from qingfeng.kernel.people.actors import Actor


class Rows(DeclaredRows):
    """Rows of a register: columns are names of its fields, or computed; ``by`` is the whole number that orders them.

    Without a number of their own they are ordered by their id, and can't be chosen. ``only``: which of them stand here.
    """

    def __init__(
        self,
        model: type[Register],
        *,
        label: Words,
        columns: Sequence[str | RowColumn],
        states: Sequence[RowState] = (),
        by: str = "number",
        only: Q = Q(),  # noqa: B008
        name: str = "",
        drawn_on: str = "",
        lead: Words = "",
    ) -> None:
        super().__init__(label, states, name, drawn_on, lead)
        self.model, self.by, self.only, self.given = model, by, only, columns

    @overload
    def __get__(self, matter: None, owner: type) -> Self: ...
    @overload
    def __get__(self, matter: Matter, owner: type) -> RowsOfMatter: ...
    def __get__(self, matter: Matter | None, owner: type) -> Self | RowsOfMatter:
        return self if matter is None else RowsOfMatter(self, matter)

    @cached_property
    def columns(self) -> tuple[RowColumn, ...]:
        return tuple(
            column_of(self.model._meta.get_field(one)) if isinstance(one, str) else one for one in self.given
        )

    @property
    def key(self) -> str:
        return "id" if self.by == "pk" else self.by

    def all(self, matter: Matter) -> QuerySet[Any]:
        """The rows of a matter in their order, each with the code of its state."""
        own = self.model._base_manager.filter(self.only, **{self.leads(type(matter)): matter.pk})
        found = own.order_by(self.by)
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

    def after(
        self, matter: Matter, number: int, most: int | None = None, states: Sequence[RowState] = ()
    ) -> Sequence[Any]:
        found = self.all(matter).filter(**{f"{self.by}__gt": number})
        if states:
            found = found.filter(row_state__in=[one.code for one in states])
        return list(found[:most])

    def count(self, matter: Matter) -> int:
        return self.all(matter).count()

    def number_of(self, row: Any) -> int:
        number: int = getattr(row, self.by)
        return number

    def value_of(self, row: Any, name: str) -> Any:
        return getattr(row, self.model._meta.get_field(name).attname)  # type: ignore[union-attr]  # a column

    def state_of(self, row: Any) -> RowState | None:
        return next((one for one in self.states if one.code == row.row_state), None)

    def told(self, matter: Matter, rows: Sequence[Any], actor: Actor) -> Sequence[Any]:
        return [row.told(actor) for row in rows]


@dataclass(frozen=True)
class ListRow:
    """A row of a JSON list: its place, counted from 1, and what is held there."""

    number: int
    held: Mapping[str, Any]


class ListRows(DeclaredRows):
    """Rows of a JSON list of the matter's own, numbered by their place in it; the list stays as it was stored.

    ``told`` hides words of some rows from an actor who reads the matter; it is handed matter, rows and actor.
    """

    def __init__(
        self,
        field: str,
        *,
        label: Words,
        columns: Sequence[RowColumn],
        states: Sequence[RowState] = (),
        name: str = "",
        drawn_on: str = "",
        told: Callable[[Any, Sequence[ListRow], Actor], Sequence[ListRow]] | None = None,
    ) -> None:
        super().__init__(label, states, name or field, drawn_on)
        self.field, self.given, self.hides = field, tuple(columns), told

    key = "number"

    @property
    def columns(self) -> tuple[RowColumn, ...]:
        return self.given

    def after(
        self, matter: Matter, number: int, most: int | None = None, states: Sequence[RowState] = ()
    ) -> Sequence[Any]:
        rows = [ListRow(place, held) for place, held in enumerate(getattr(matter, self.field), start=1)]
        return [row for row in rows[number:] if not states or self.state_of(row) in states][:most]

    def count(self, matter: Matter) -> int:
        return len(getattr(matter, self.field))

    def told(self, matter: Matter, rows: Sequence[Any], actor: Actor) -> Sequence[Any]:
        return self.hides(matter, rows, actor) if self.hides else rows

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
