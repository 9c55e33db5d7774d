"""Cells as an act takes them 单元格取值: labels as codes, names as what they name, dates as people write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple, Protocol

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.money import PLAIN
from qingfeng.kernel.parties import telling
from qingfeng.kernel.parties.models import Person
from qingfeng.kernel.sheets.columns import LANGUAGES, Table
from qingfeng.kernel.sheets.grid import Cell, Spread
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.kernel.words import Words

YES = frozenset({"是", "有", "对", "√", "✓", "y", "yes", "true", "1"})
NO = frozenset({"否", "无", "不", "×", "✗", "n", "no", "false", "0"})
NAMES = ("name", "code", "number")
"""What something is chosen by in a sheet; an id means nothing to whoever fills it in."""
ASKED_AT_ONCE, PERSONS_AT_ONCE = 400, 50
SPREAD = _("This amount is merged over several rows; whose it is can't be known. Write in each row its own.")

_DAY = re.compile(r"(\d{4})([-/.年])(\d{1,2})(?:\2|月)(\d{1,2})日?", re.ASCII)
_MOMENT = re.compile(r"(.{1,20}?)[ T]{0,3}(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+", re.ASCII)


class Choosing(Protocol):
    """What may be named in a sheet: the scope of an actor on a day."""

    @property
    def on(self) -> date: ...

    def candidates(self, spec: InputField) -> models.QuerySet[Any]: ...

    def codes(self, spec: InputField) -> list[tuple[str, Words]]: ...


@dataclass(frozen=True)
class Taken:
    """Rows as an act takes them, and what names nothing, by places such as ``3.unit``."""

    rows: list[dict[str, Any]]
    wrong: dict[str, list[Words]] = field(default_factory=dict)


class Fault(NamedTuple):
    """What is wrong in one cell, or with a whole row (``column`` empty); ``row`` counts as the sheet does."""

    row: int
    column: Words
    name: str
    sentence: Words


def taken(table: Table, fields: Sequence[InputField], scope: Choosing) -> Taken:
    """The rows of a sheet as the raw input of an act; what fits no field is left for the act to refuse."""
    rows: list[dict[str, Any]] = [{} for _row in table.rows]
    wrong: dict[str, list[Words]] = {}
    for spec in fields:
        cells = [(at, row[spec.name]) for at, row in enumerate(table.rows) if spec.name in row]
        if spec.kind in ("pick", "choice"):
            named = _named(spec, {str(cell) for _at, cell in cells}, scope)
        for at, cell in cells:
            if spec.kind == "money" and isinstance(cell, Spread) and cell.strip("0.,"):
                wrong[f"{at}.{spec.name}"] = [SPREAD]
            elif spec.kind not in ("pick", "choice"):
                rows[at][spec.name] = _raw(spec.kind, cell)
            elif len(found := named.get(str(cell), set())) == 1:
                (rows[at][spec.name],) = found
            else:
                wrong[f"{at}.{spec.name}"] = [_unknown(spec, cell, found, scope)]
    return Taken(rows, wrong)


def placed(
    fields: Mapping[str, Sequence[Words]], spec: InputField, numbers: Sequence[int]
) -> tuple[list[Fault], dict[str, list[Words]]]:
    """What is wrong inside rows, by their numbers in the sheet; and the rest, by field."""
    labels = {inner.name: inner.label for inner in spec.rows}
    faults: list[Fault] = []
    rest: dict[str, list[Words]] = {}
    for place, sentences in fields.items():
        head, _dot, tail = place.partition(".")
        number, _dot, name = tail.partition(".")
        if head != spec.name or not number.isdigit() or int(number) >= len(numbers):
            rest[place] = list(sentences)
            continue
        faults += [Fault(numbers[int(number)], labels.get(name, name), name, said) for said in sentences]
    return sorted(faults, key=lambda fault: fault.row), rest


def _unknown(spec: InputField, cell: Cell, found: set[Any], scope: Choosing) -> Words:
    person = spec.model is not None and issubclass(spec.model, Person)
    if person and found:
        words = _("“{0}” names several, in: {1}. Write the user name, or the name with the unit beside it.")
        return format_lazy(words, cell, telling.units_of(found, scope.on))
    if person:
        words = _(
            "“{}” is nobody who may be chosen; write the name, with the unit beside it, or the user name."
        )
        return format_lazy(words, cell)
    if found:
        return format_lazy(_("“{}” names several; write the code instead."), cell)
    return format_lazy(_("“{}” is not among those that may be chosen; write its name or code."), cell)


def _named(spec: InputField, texts: set[str], scope: Choosing) -> dict[str, set[Any]]:
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
            named |= telling.named(found, some, scope.on)
        return named
    columns = [one.name for one in found.model._meta.concrete_fields if one.name in NAMES]
    for some in _parted(sorted(texts)):
        condition = models.Q(pk__in=())
        for column in columns:
            condition |= models.Q(**{f"{column}__in": some})
        for row in found.filter(condition).values("pk", *columns):
            for column in columns:
                named.setdefault(str(row[column]), set()).add(row["pk"])
    return named


def _parted(texts: list[str], size: int = ASKED_AT_ONCE) -> Iterable[list[str]]:
    return (texts[start : start + size] for start in range(0, len(texts), size))


def _raw(kind: str, cell: Cell) -> Any:
    if kind == "flag":
        word = str(cell).casefold()
        return True if word in YES else False if word in NO else cell
    if kind == "day":
        return cell.isoformat() if isinstance(cell, date) else _day(cell)
    if kind == "moment":
        return _moment(cell)
    if kind == "whole" and isinstance(cell, str):
        plain = cell.translate(PLAIN)
        return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain
    if isinstance(cell, date):
        return cell.isoformat()
    return cell if kind == "whole" else str(cell)


def _day(cell: Cell) -> Any:
    """A day written out, as ISO; anything else as it is."""
    found = _DAY.fullmatch(cell.translate(PLAIN)) if isinstance(cell, str) else None
    return f"{found[1]}-{int(found[3]):02}-{int(found[4]):02}" if found else cell


def _moment(cell: Cell) -> Any:
    """A day and time in the country's one legal time, as ISO; anything else as it is."""
    if isinstance(cell, date):
        moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
        return moment.replace(tzinfo=ZONE).isoformat()
    found = _MOMENT.fullmatch(" ".join(cell.translate(PLAIN).split())) if isinstance(cell, str) else None
    if found is None:
        return cell
    try:
        day = date.fromisoformat(str(_day(found[1])))
        moment = datetime.combine(day, time(int(found[2]), int(found[3]), int(found[4] or 0)))
    except ValueError:
        return cell
    return moment.replace(tzinfo=ZONE).isoformat()
