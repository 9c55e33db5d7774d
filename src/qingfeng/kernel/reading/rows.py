"""Rows under a matter 事项所附各项: numbered rows, from a register or a JSON list, declared once for every face."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from inspect import getattr_static
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.text import Truncator, format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.reading.row_columns import ColumnLabels, RowColumn
from qingfeng.kernel.refusals import Invalid, Misdeclared
from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter
    from qingfeng.kernel.people.actors import Actor

NamesOfMatters = Callable[["Actor", set[int]], Mapping[int, str]]
"""Of some matters, by their ids, the names of those that an actor may read."""
MOST_NUMBER = 1_000_000
LONGEST_CHOICE = 60
"""Characters of a row's first column in a choice; a list of them is read at a glance."""


@dataclass(frozen=True)
class RowState:
    """How a row stands. ``when``: of a register a condition on its columns, of a JSON list a function of the row."""

    code: str
    label: Words
    when: Q | Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True)
class RowView:
    """A row as one reader has it: its values for programs, and the same in words, by column."""

    number: int
    state: RowState | None
    values: Mapping[str, Any]
    words: Mapping[str, Any]


class DeclaredRows(ABC):
    """Rows as declared on a matter; ``name`` is that of the attribute where none is given. Raises ``Misdeclared``.

    ``drawn_on`` names the matter's own page that shows them in its own way; none: a page of theirs is made, with
    ``lead`` above the table.
    """

    def __init__(
        self, label: Words, states: Sequence[RowState], name: str, drawn_on: str, lead: Words = ""
    ) -> None:
        if name and not name.isidentifier():
            raise Misdeclared(f"{name}: rows are named by one word of letters, digits and _")
        self.label = label
        self.states = tuple(states)
        self.name = name
        self.drawn_on = drawn_on
        self.lead = lead

    def __set_name__(self, owner: type[Matter], name: str) -> None:
        self.name = self.name or name
        # Kept beside the attribute, whose place the related name of a foreign key would take without a word.
        owner.declared_rows = {**getattr(owner, "declared_rows", {}), name: self}

    @property
    @abstractmethod
    def columns(self) -> tuple[RowColumn, ...]:
        """The columns, those of a register with the labels of its fields."""

    @property
    @abstractmethod
    def key(self) -> str:
        """The name of their number, of rows without one ``id``."""

    @abstractmethod
    def after(
        self, matter: Matter, number: int, most: int | None = None, states: Sequence[RowState] = ()
    ) -> Sequence[Any]:
        """The rows of a matter after a number, in their order; no more than ``most``, and only those in some states."""

    @abstractmethod
    def count(self, matter: Matter) -> int:
        """How many rows a matter has."""

    @abstractmethod
    def number_of(self, row: Any) -> int:
        """The number of a row."""

    @abstractmethod
    def value_of(self, row: Any, name: str) -> Any:
        """The row's own value of a name; of a reference the id."""

    @abstractmethod
    def state_of(self, row: Any) -> RowState | None:
        """How a row stands; none where nothing declared holds."""

    @abstractmethod
    def told(self, matter: Matter, rows: Sequence[Any], actor: Actor) -> Sequence[Any]:
        """Rows as they are told to an actor who reads their matter."""

    def chosen(self, matter: Matter, number: int, states: Sequence[RowState]) -> Any:
        """The row that a number names, in one of some states. Raises ``Invalid`` under the key ``""``."""
        row = next(iter(self.after(matter, number - 1, most=1)), None)
        if row is None or self.number_of(row) != number:
            raise Invalid({"": [_("This number isn't there; choose one of those offered.")]})
        found = self.state_of(row)
        if states and found not in states:
            words = _("Number {} is “{}” now; choose one of those offered.")
            raise Invalid({"": [format_lazy(words, number, found.label if found else "")]})
        return row

    def choices(
        self,
        matter: Matter,
        actor: Actor,
        names: NamesOfMatters,
        states: Sequence[RowState] = (),
        after: int = 0,
        most: int | None = None,
    ) -> list[tuple[int, str]]:
        """What may be chosen: number, and it with the words of the first column that has any."""
        rows = self.after(matter, after, most, states)
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
        columns = self.columns
        values = [
            {one.name: self._value(row, one) for one in columns} for row in self.told(matter, rows, actor)
        ]
        labels = ColumnLabels(matter, columns, values, lambda ids: names(actor, ids))
        return [
            RowView(
                self.number_of(row),
                self.state_of(row),
                {one.name: labels.named(one, held[one.name]) for one in columns},
                {one.name: labels.words(one, held[one.name]) for one in columns},
            )
            for row, held in zip(rows, values, strict=True)
        ]

    def _value(self, row: Any, column: RowColumn) -> Any:
        value = column.of(row) if column.of else self.value_of(row, column.name)
        if column.kind in (date, datetime) and isinstance(value, str):
            return column.kind.fromisoformat(value) if value else None
        return value


@cache
def rows_of(matter: type[Matter]) -> dict[str, DeclaredRows]:
    """The rows a matter class declares, by name, in the order they stand. Raises ``Misdeclared`` for a name used twice."""
    found: dict[str, DeclaredRows] = {}
    for attribute, one in matter.declared_rows.items():
        if getattr_static(matter, attribute) is not one:
            raise Misdeclared(
                f"{matter.__name__}.{attribute}: a foreign key's related_name takes the place of these rows;"
                " call one of the two otherwise"
            )
        if one.name in found:
            raise Misdeclared(f"{matter.__name__} has two kinds of rows named “{one.name}”")
        found[one.name] = one
    return found
