"""What holds something of a unit 涉及单位的登记, and whether it says what becomes of it when the unit is merged or split.

A field that refers to a unit, or to a row that goes on with one; a JSON list that names units; a kind of book. Seats of
steps follow with their matter and facts stay, whatever a mechanism declares.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from django.apps import apps
from django.db.models import ForeignKey, JSONField, ManyToManyField, Model

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.reading.row_sources import ListRows
from qingfeng.kernel.reading.rows import rows_of
from qingfeng.kernel.record.books import BOOKS
from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.record.succession import CARRIED, ENDS, FOLLOWS, GOES_ON, STAYS, Becomes, Fates, by_hand

Fault = tuple[str, str, str]
"""Of what, what is wrong, and what to write."""

BY_HAND = by_hand("code.act")
OF_A_MATTER = (FOLLOWS, STAYS)
OF_A_REGISTER = (CARRIED, GOES_ON, ENDS, STAYS, BY_HAND)
OF_A_LIST = (STAYS, BY_HAND)
OF_A_RECORD = (STAYS,)


def records() -> list[type[Model]]:
    """What else than matters holds something of a unit, in the order of their apps."""
    return [model for model in apps.get_models() if fates_of(model) and not issubclass(model, Matter)]


def registers() -> list[type[Register]]:
    """Those of them whose rows are dated."""
    return [model for model in records() if issubclass(model, Register)]


def lists_of(matter: type[Matter]) -> dict[str, ListRows | None]:
    """The JSON lists of a matter that name units: with the rows that say in which column; of a plain list of ids none."""
    plain = [
        field.name
        for field in matter._meta.concrete_fields
        if isinstance(field, JSONField) and field.name in matter.becomes
    ]
    told = {
        one.field: one
        for one in rows_of(matter).values()
        if isinstance(one, ListRows) and any(column.refers is Unit for column in one.columns)
    }
    return {**dict.fromkeys(plain), **told}


def names(matter: Matter, field: str, unit_id: int) -> bool:
    """Whether a JSON list of a matter names a unit."""
    rows = lists_of(type(matter))[field]
    if rows is None:
        return unit_id in getattr(matter, field)
    columns = [column.name for column in rows.columns if column.refers is Unit]
    held = [rows.value_of(row, name) for row in rows.after(matter, 0) for name in columns]
    return any(unit_id in value if isinstance(value, list) else unit_id == value for value in held)


def unsaid() -> Iterator[Fault]:
    """All that holds something of a unit and doesn't say, or says wrongly, what becomes of it."""
    every = apps.get_models(include_auto_created=True)
    carried = {
        model for model in every for fate in fates_of(model).values() if fate == CARRIED and model != Unit
    }
    for model in every:
        fates, held = fates_of(model), _held(model, carried)
        for name, words in held.items():
            yield from _faults(model._meta.label, name, fates.get(name), words)
        for name in fates.keys() - held.keys():
            yield model._meta.label, f"says what becomes of “{name}”, which holds nothing of a unit", ""
    for kind in BOOKS.values():
        if kind.becomes is not None:
            yield from _unknown(f"The books {kind.name}", "", kind.becomes)


def fates_of(model: type[Model]) -> Fates:
    """What a model says becomes of it, by field."""
    fates: Fates = getattr(model, "becomes", {})
    return fates


def _held(model: type[Model], carried: set[type[Model]]) -> Mapping[str, Sequence[Becomes]]:
    """The fields of a model that hold something of a unit, each with the words that fit."""
    fields = [
        field
        for field in chain(model._meta.concrete_fields, model._meta.many_to_many)
        if isinstance(field, ForeignKey | ManyToManyField)
    ]
    if issubclass(model, Matter):
        named = {field.name: OF_A_MATTER for field in fields if field.related_model is Unit}
        return named | dict.fromkeys(lists_of(model), OF_A_LIST)
    fit = OF_A_REGISTER if issubclass(model, Register) else OF_A_RECORD
    return {field.name: fit for field in fields if field.related_model in {Unit, *carried}}


def _faults(of: str, name: str, fate: Becomes | None, words: Sequence[Becomes]) -> Iterator[Fault]:
    if fate is not None and fate.code in {word.code for word in words}:
        yield from _unknown(of, f" “{name}”", fate)
        return
    fault = "doesn't say what becomes of" if fate is None else "says what can't become of"
    choices = " or ".join(f'by_hand("{word.act}")' if word.act else word.code.upper() for word in words)
    yield (
        of,
        f"{fault} “{name}” when units are merged or split",
        f'Write becomes = {{"{name}": {choices}}} in the model (docs/how-to/add-a-mechanism.md).',
    )


def _unknown(of: str, what: str, fate: Becomes) -> Iterator[Fault]:
    known = mechanisms()
    code, _dot, act = fate.act.partition(".")
    if fate.act and (code not in known or act not in acts_of(known[code])):
        yield of, f"has{what} seen to by “{fate.act}”, which is no act", ""
    if fate.goes_with and fate.goes_with not in known:
        yield of, f"has{what} go with the matters of “{fate.goes_with}”, which is no mechanism", ""
