"""Cells as an act takes them 单元格取值: labels as codes, names as what they name, dates as people write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple, Protocol

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.people import identification
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.people.outside import OutsideParty, parties_named
from qingfeng.kernel.sheets import cells
from qingfeng.kernel.sheets.columns import LANGUAGES, SheetTable, in_languages
from qingfeng.kernel.sheets.former import former
from qingfeng.kernel.sheets.grid import Cell, MergedText
from qingfeng.kernel.sheets.units import parted
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.timekeeper import ZONE

YES = frozenset({"是", "有", "对", "√", "✓", "y", "yes", "true", "1"})
NO = frozenset({"否", "无", "不", "×", "✗", "n", "no", "false", "0"})
NAMES = ("name", "short_name", "code", "number")
"""What something is chosen by in a sheet; an id means nothing to whoever fills it in."""
ASKED_AT_ONCE, PERSONS_AT_ONCE = 400, 50
NUMBERS = ("money", "whole", "row")
LEFT_OUT = ("line", "day", "moment", "pick", "choice")
"""Kinds of input that a sign for nothing, such as / or 无, leaves out where they may be left out."""
SPREAD = _("This amount is merged over several rows; whose it is can't be known. Write in each row its own.")

WHICH_FIRST = _("This may be two days, by which of day and month comes first; write it as 2026-03-10.")


class ChoiceScope(Protocol):
    """What may be named in a sheet: the scope of an actor on a day."""

    @property
    def on(self) -> date: ...

    def candidates(self, spec: InputField) -> models.QuerySet[Any]: ...

    def codes(self, spec: InputField) -> list[tuple[str, Words]]: ...


@dataclass(frozen=True)
class FilledRows:
    """Rows as an act takes them, and what names nothing, by places such as ``3.unit``."""

    rows: list[dict[str, Any]]
    wrong: dict[str, list[Words]] = field(default_factory=dict)


class SheetFault(NamedTuple):
    """What is wrong in one cell, or with a whole row (``column`` empty); ``row`` counts as the sheet does."""

    row: int
    column: Words
    name: str
    sentence: Words


def taken(table: SheetTable, fields: Sequence[InputField], scope: ChoiceScope) -> FilledRows:
    """The rows of a sheet as the raw input of an act; what fits no field is left for the act to refuse."""
    rows: list[dict[str, Any]] = [{} for _row in table.rows]
    wrong: dict[str, list[Words]] = dict(table.wrong)
    for spec in fields:
        filled = [
            (at, row[spec.name])
            for at, row in enumerate(table.rows)
            if spec.name in row and f"{at}.{spec.name}" not in wrong
        ]
        labels = _labels(spec) if spec.kind == "flag" else frozenset()
        units = _units(spec) if spec.kind == "whole" else frozenset()
        if spec.kind in ("pick", "choice"):
            named = _named(spec, {str(cell) for _at, cell in filled}, scope)
        for at, cell in filled:
            place = f"{at}.{spec.name}"
            if spec.kind == "money" and isinstance(cell, MergedText) and cell.strip("0.,"):
                wrong[place] = [SPREAD]
            elif cells.is_nil(cell) and (
                spec.kind in NUMBERS or (not spec.required and spec.kind in LEFT_OUT)
            ):
                if spec.kind == "money" or spec.required:
                    rows[at][spec.name] = "0"
            elif spec.kind in ("pick", "choice"):
                if len(found := named.get(str(cell), set())) == 1:
                    (rows[at][spec.name],) = found
                else:
                    wrong[place] = [_unknown(spec, cell, found, scope)]
            else:
                try:
                    rows[at][spec.name] = True if str(cell) in labels else _raw(spec, cell, units)
                except cells.AmbiguousDay:
                    wrong[place] = [WHICH_FIRST]
    return FilledRows(rows, wrong)


def placed(
    fields: Mapping[str, Sequence[Words]], spec: InputField, numbers: Sequence[int]
) -> tuple[list[SheetFault], dict[str, list[Words]]]:
    """What is wrong inside rows, by their numbers in the sheet; and the rest, by field."""
    labels = {inner.name: inner.label for inner in spec.rows}
    faults: list[SheetFault] = []
    rest: dict[str, list[Words]] = {}
    for place, sentences in fields.items():
        head, _dot, tail = place.partition(".")
        number, _dot, name = tail.partition(".")
        if head != spec.name or not number.isdigit() or int(number) >= len(numbers):
            rest[place] = list(sentences)
            continue
        faults += [SheetFault(numbers[int(number)], labels.get(name, name), name, said) for said in sentences]
    return sorted(faults, key=lambda fault: fault.row), rest


def _unknown(spec: InputField, cell: Cell, found: set[Any], scope: ChoiceScope) -> Words:
    person = spec.model is not None and issubclass(spec.model, Person)
    if person and found:
        words = _("“{0}” names several, in: {1}. Write the user name, or the name with the unit beside it.")
        return format_lazy(words, cell, identification.units_of(found, scope.on))
    if person:
        words = _(
            "“{}” is nobody who may be chosen; write the name, with the unit beside it, or the user name."
        )
        return format_lazy(words, cell)
    if found and spec.model is OutsideParty:
        return format_lazy(_("“{}” names several; take the words from the list, with kind and unit."), cell)
    if found:
        return format_lazy(_("“{}” names several; write the code instead."), cell)
    return format_lazy(_("“{}” is not among those that may be chosen; write its name or code."), cell)


def _named(spec: InputField, texts: set[str], scope: ChoiceScope) -> dict[str, set[Any]]:
    """What each text names: codes by code or label in either language, else rows by name or code."""
    named: dict[str, set[Any]] = {}
    if spec.kind == "choice":
        for language in LANGUAGES:
            with override(language):
                for code, label in scope.codes(spec):
                    named[str(label)] = named.get(str(label), set()) | {code}
        return named | {code: {code} for code, _label in scope.codes(spec)}
    found = scope.candidates(spec)
    if issubclass(found.model, Person):
        for some in _parted(sorted(texts), PERSONS_AT_ONCE):
            named |= identification.named(found, some, scope.on)
        return named
    if issubclass(found.model, OutsideParty):
        for some in _parted(sorted(texts)):
            named |= parties_named(found, some)
        return named
    columns = [one.name for one in found.model._meta.concrete_fields if one.name in NAMES]
    for some in _parted(sorted(texts)):
        condition = models.Q(pk__in=())
        for column in columns:
            condition |= models.Q(**{f"{column}__in": some})
        for row in found.filter(condition).values("pk", *columns):
            for column in columns:
                if row[column]:
                    named.setdefault(str(row[column]), set()).add(row["pk"])
    return named


def _parted(texts: list[str], size: int = ASKED_AT_ONCE) -> Iterable[list[str]]:
    return (texts[start : start + size] for start in range(0, len(texts), size))


def _raw(spec: InputField, cell: Cell, units: frozenset[str]) -> Any:
    """A cell as the act takes it; what is not understood is left as it is. Raises ``Ambiguous``."""
    if spec.kind == "flag":
        word = str(cell).casefold()
        return True if word in YES else False if word in NO else cell
    if spec.kind == "day":
        return _day(cell, spec.monthly)
    if spec.kind == "moment":
        return _moment(cell)
    if spec.kind in ("whole", "row") and isinstance(cell, str):
        found = cells.count(cell, units)
        return cell if found is None else str(found)
    if spec.kind == "money" and cell in cells.ZERO:
        return "0"
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if spec.kind in ("whole", "row") else str(cell)


def _day(cell: Cell, monthly: bool) -> Any:
    """A day as ISO, or the first of a month where a month will do; anything else as it is."""
    if monthly and (first := cells.month(cell)):
        return first.isoformat()
    found = cells.when(cell)
    return cell if found is None or found.at else found.day.isoformat()


def _moment(cell: Cell) -> Any:
    """A day and time in the country's one legal time, as ISO; anything else as it is."""
    found = cells.when(cell)
    if found is None:
        return cell
    return datetime.combine(found.day, found.at or time(), ZONE).isoformat()


def _units(spec: InputField) -> frozenset[str]:
    """What may stand after a number in a column: its unit, or what its label has, or had, in brackets."""
    labels = in_languages(spec.label) | set(former(spec.label))
    return frozenset(in_languages(spec.unit) | {parted(label)[1] for label in labels} - {""})


def _labels(spec: InputField) -> frozenset[str]:
    """What a flag is ticked with besides yes: its own name, such as 零报告."""
    return frozenset(in_languages(spec.label))
