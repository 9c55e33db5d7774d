"""The columns of rows under a matter: what each holds, for programs as it is, for people in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, get_args, get_origin

from django.db import models
from django.db.models.enums import Choices
from django.utils.timezone import localtime
from django.utils.translation import gettext as say

from qingfeng.kernel.money import FenField, Yuan, in_yuan
from qingfeng.kernel.people.outside import NAMED
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter

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


class ColumnLabels:
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


def column_of(field: Any) -> RowColumn:
    """The column that shows a field of a register, under its own label."""
    if field.related_model:
        kind: Any = field.related_model
    elif field.choices:
        kind = dict(field.flatchoices)
    else:
        kind = next((plain for cls, plain in PLAIN.items() if isinstance(field, cls)), str)
    return RowColumn(field.name, field.verbose_name, kind, null=field.null)
