"""The typed input of an act: read off its signature, shown as a form, parsed in the actor's scope.

A parameter is annotated with its type and, where the name is not that of a field of the matter,
with its label: ``Annotated[str, Prose(500), _("Requirement")]``. A pydantic model as annotation
stands for its own fields (an act with more than four inputs wants one); a list of models is rows.
"""

from __future__ import annotations

import inspect
import numbers
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, LiteralString, Union
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.enums import Choices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
    create_model,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from qingfeng.kernel.acts.sentences import sentence
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.money import Unreadable, Yuan
from qingfeng.kernel.refusals import Invalid, Misdeclared
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.kernel.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter

LATER: dict[str, Any] = {"Do": Any}
"""Names an annotation may use before their module can be imported."""
CONTROL = {chr(code) for code in range(32)} - {"\n", "\r", "\t"}


@dataclass(frozen=True)
class Line:
    """One line of text, at most ``longest`` characters."""

    longest: int = 200


@dataclass(frozen=True)
class Prose:
    """Free text, at most ``longest`` characters; it lies sealed beside the ledger, not in it."""

    longest: int = 2000


@dataclass(frozen=True)
class Sealed:
    """A personal value: sealed under the key of (person, purpose, retention class), never in the ledger's words.

    ``of`` names the field of the matter with the person it is about; none: it is about the one who gives it.
    """

    retention: str
    of: str = ""


@dataclass(frozen=True)
class Whole:
    """A whole number within bounds (both included), with its unit in words; money is ``Yuan``."""

    least: int = 0
    most: int = 2**53 - 1
    unit: Words = ""


@dataclass(frozen=True)
class Choice:
    """One of the codes a parameter of the regime lists."""

    parameter: Parameter


@dataclass(frozen=True)
class Files:
    """Attachments handed in before, at most ``most``.

    ``look`` reads each of them before the transaction opens, so that nobody waits for a long file; what it
    raises as ``Invalid`` is told under the input. ``sheet``: the act is filled from a workbook or .csv.
    """

    most: int = 10
    look: Callable[[Attachment], object] | None = None
    sheet: bool = False


@dataclass(frozen=True)
class Given:
    """Only asked for where another field has one of these values."""

    name: str
    values: tuple[Any, ...]


Marker = Line | Prose | Sealed | Whole | Yuan | Choice | Files | Given


@dataclass(frozen=True)
class InputField:
    """One field of a form, as every face needs it.

    ``kind`` is one of line, prose, whole, money, flag, day, moment, choice, pick, files, rows.
    ``bounds`` of money are in fen.
    """

    name: str
    kind: str
    label: Words
    required: bool
    default: Any = None
    longest: int | None = None
    bounds: tuple[int, int] | None = None
    unit: Words = ""
    options: tuple[tuple[str, Words], ...] = ()
    parameter: Parameter | None = None
    model: type[models.Model] | None = None
    most: int | None = None
    look: Callable[[Attachment], object] | None = None
    taken_in: bool = False
    given: Given | None = None
    sealed: str | None = None
    sealed_of: str = ""
    rows: tuple[InputField, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """The whole input of an act: its fields, the pydantic schema, and how it is handed to the method."""

    fields: tuple[InputField, ...]
    schema: type[BaseModel]
    groups: Mapping[str, type[BaseModel]] = field(default_factory=dict)

    def parse(self, raw: Mapping[str, Any], scope: Scope) -> dict[str, Any]:
        """Typed values by field name.

        :raises Invalid: with sentences for each field; inside rows under ``rows.3.amount`` (the fourth
            row, counted from 0). What may not be seen reads like what is not there
        """
        wrong: dict[str, list[Words]] = {}
        typed: dict[str, Any] = {}
        try:
            typed = dict(self.schema.model_validate(dict(raw)))
        except ValidationError as error:
            rows = {spec.name for spec in self.fields if spec.kind == "rows"}
            for fault in error.errors(include_url=False):
                wrong.setdefault(_place(fault["loc"], rows), []).append(sentence(fault))
        for spec in self.fields:
            if spec.name not in typed:
                continue
            if spec.given is not None:
                asked = plain_choice(typed.get(spec.given.name)) in spec.given.values
                if not asked:
                    typed[spec.name] = None
                elif typed[spec.name] in (None, ""):
                    wrong[spec.name] = [_("Please fill this in.")]
                    continue
            try:
                typed[spec.name] = scope.resolve(spec, typed[spec.name])
            except Invalid as refusal:
                wrong.update(
                    {f"{spec.name}.{place}".rstrip("."): said for place, said in refusal.fields.items()}
                )
        if wrong:
            raise Invalid(wrong)
        return typed

    @property
    def sheet(self) -> InputField | None:
        """The rows a sheet can fill: those of an act that asks for one group of them."""
        rows = [spec for spec in self.fields if spec.kind == "rows"]
        return rows[0] if len(rows) == 1 else None

    @property
    def taken_in(self) -> InputField | None:
        """The file an act takes in whole, to read it itself."""
        return next((spec for spec in self.fields if spec.taken_in), None)

    def arguments(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as the method takes them: a model group is handed over as one object."""
        arguments = dict(values)
        for name, group in self.groups.items():
            members = {key: arguments.pop(key) for key in group.model_fields}
            arguments[name] = group.model_construct(**members)
        return arguments


class Scope(typing.Protocol):
    """What an actor may name in a form."""

    def resolve(self, spec: InputField, value: Any) -> Any:
        """The object, code, files or rows a parsed value names.

        Raises ``Invalid`` under the key ``""``, of rows under keys such as ``3.unit``.
        """


def _place(where: tuple[int | str, ...], rows: set[str]) -> str:
    """The field a fault is told under; of rows with the row and its field."""
    if where and where[0] in rows:
        return ".".join(str(part) for part in where[:3])
    return str(where[0]) if where else ""


def plain_choice(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def inputs_of(method: Callable[..., Any], matter: type[Matter]) -> Inputs:
    """Read the input off a method's signature. Raises ``Misdeclared`` for what no form could show."""
    hints = typing.get_type_hints(method, localns=LATER, include_extras=True)
    fields: list[InputField] = []
    members: dict[str, Any] = {}
    groups: dict[str, type[BaseModel]] = {}
    for name, parameter in list(inspect.signature(method).parameters.items())[2:]:
        if name not in hints:
            raise Misdeclared(f"{method.__qualname__}: {name} has no type")
        kind, _markers = _unwrap(hints[name])
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            groups[name] = kind
            for inner, info in kind.model_fields.items():
                hint = typing.get_type_hints(kind, include_extras=True)[inner]
                _add(fields, members, inner, hint, _default(info), info.is_required(), matter)
        else:
            required = parameter.default is inspect.Parameter.empty
            _add(
                fields, members, name, hints[name], None if required else parameter.default, required, matter
            )
    if len(fields) > 4 and not groups:
        raise Misdeclared(f"{method.__qualname__}: more than four inputs want a model of their own")
    title = f"{matter.__name__}{method.__name__.title().replace('_', '')}Input"
    schema = create_model(title, __config__=ConfigDict(extra="forbid"), **members)
    return Inputs(tuple(fields), schema, groups)


def _add(
    fields: list[InputField],
    members: dict[str, Any],
    name: str,
    hint: Any,
    default: Any,
    required: bool,
    matter: type[Matter],
) -> None:
    spec, parsed = _field(name, hint, default, required, matter)
    fields.append(spec)
    needed = required and spec.given is None
    members[name] = (parsed, ...) if needed else (_left_out(parsed | None, default), default)


def _left_out(parsed: Any, default: Any) -> Any:
    """A type whose null reads like what is left out: as its default."""
    if default is None:
        return parsed
    return typing.Annotated[parsed, AfterValidator(lambda value: default if value is None else value)]


def _default(info: FieldInfo) -> Any:
    """What a field of a model holds when nothing is said; nothing where something must be."""
    return None if info.is_required() else info.get_default()


def _unwrap(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    markers: tuple[Any, ...] = ()
    while True:
        origin = typing.get_origin(hint)
        if origin is typing.Annotated:
            hint, *more = typing.get_args(hint)
            markers = (*markers, *more)
        elif origin in (Union, UnionType):
            kinds = [kind for kind in typing.get_args(hint) if kind is not NoneType]
            if len(kinds) != 1:
                raise Misdeclared(f"{hint}: one type, or it and None")
            hint = kinds[0]
        else:
            return hint, markers


def _field(
    name: str, hint: Any, default: Any, required: bool, matter: type[Matter]
) -> tuple[InputField, Any]:
    kind, markers = _unwrap(hint)
    label = next((marker for marker in markers if isinstance(marker, str | Promise)), None) or _own_label(
        name, matter
    )
    if not label:
        raise Misdeclared(f"{matter.__name__}: the input “{name}” has no label")
    given = next((marker for marker in markers if isinstance(marker, Given)), None)
    sealed = next((marker for marker in markers if isinstance(marker, Sealed)), None)
    base = {
        "name": name,
        "label": label,
        "required": required,
        "default": default,
        "given": given,
        "sealed": sealed.retention if sealed else None,
        "sealed_of": sealed.of if sealed else "",
    }
    marker = next(
        (found for found in markers if isinstance(found, Line | Prose | Whole | Yuan | Choice | Files)), None
    )
    if typing.get_origin(kind) is list:
        (row,) = typing.get_args(kind)
        if isinstance(row, type) and issubclass(row, BaseModel):
            hints = typing.get_type_hints(row, include_extras=True)
            rows = tuple(
                _field(inner, hints[inner], _default(info), info.is_required(), matter)[0]
                for inner, info in row.model_fields.items()
            )
            return InputField(kind="rows", rows=rows, **base), list[_strict(row, hints, rows, matter)]  # type: ignore[misc]
        if row is Attachment:
            files = marker if isinstance(marker, Files) else Files()
            least = int(files.sheet and required)
            held = typing.Annotated[list[UUID], Field(min_length=least, max_length=files.most)]
            return InputField(
                kind="files", most=files.most, look=files.look, taken_in=files.sheet, **base
            ), held
        raise Misdeclared(f"{matter.__name__}: no form shows a list of {row}")
    if isinstance(marker, Choice):
        return InputField(kind="choice", parameter=marker.parameter, **base), _text(60)
    if kind is str:
        if isinstance(marker, Prose):
            return InputField(kind="prose", longest=marker.longest, **base), _text(marker.longest, required)
        longest = marker.longest if isinstance(marker, Line) else Line().longest
        return InputField(kind="line", longest=longest, **base), _text(longest, required, one_line=True)
    if kind is bool:
        return InputField(kind="flag", **base), bool
    if kind is int and isinstance(marker, Yuan):
        return InputField(kind="money", bounds=(marker.least, marker.most), **base), _money(marker)
    if kind is int:
        whole = marker if isinstance(marker, Whole) else Whole()
        bounded = typing.Annotated[
            int, BeforeValidator(_not(bool, "int_type")), Field(ge=whole.least, le=whole.most)
        ]
        return InputField(kind="whole", bounds=(whole.least, whole.most), unit=whole.unit, **base), bounded
    if kind is date:
        return InputField(kind="day", **base), typing.Annotated[date, WRITTEN]
    if kind is datetime:
        return InputField(kind="moment", **base), typing.Annotated[datetime, WRITTEN, IN_THE_COUNTRYS_TIME]
    if isinstance(kind, type) and issubclass(kind, Choices):
        return InputField(kind="choice", options=tuple((str(o.value), o.label) for o in kind), **base), kind
    if isinstance(kind, type) and issubclass(kind, models.Model):
        return InputField(kind="pick", model=kind, **base), typing.Annotated[int, Field(ge=1, le=2**63 - 1)]
    raise Misdeclared(f"{matter.__name__}: no form shows a {kind}")


def _strict(
    row: type[BaseModel], hints: Mapping[str, Any], rows: tuple[InputField, ...], matter: type[Matter]
) -> type[BaseModel]:
    """A row model that holds its fields to what their markers say, and takes no others."""
    parsed = {
        spec.name: _field(spec.name, hints[spec.name], spec.default, spec.required, matter)[1]
        for spec in rows
    }
    defaults = {spec.name: spec.default for spec in rows if not spec.required}
    body = {
        "__annotations__": parsed,
        "__module__": row.__module__,
        "model_config": ConfigDict(extra="forbid"),
    }
    strict: type[BaseModel] = types.new_class(
        row.__name__, (row,), {}, lambda members: members.update(body, **defaults)
    )
    return strict


def _own_label(name: str, matter: type[Matter]) -> Words:
    try:
        return matter._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return ""


def _not(kind: type, fault: LiteralString) -> Callable[[Any], Any]:
    """A check that a raw value is not of a type that pydantic would take for another: true for 1, 0 for 1970."""

    def check(value: Any) -> Any:
        if isinstance(value, kind):
            raise PydanticCustomError(fault, "another type")
        return value

    return check


WRITTEN = BeforeValidator(_not(numbers.Number, "date_type"))
"""A day or a moment is written out, never a number of seconds."""


IN_THE_COUNTRYS_TIME = AfterValidator(
    lambda moment: moment if moment.tzinfo is not None else moment.replace(tzinfo=ZONE)
)
"""A moment written without its zone is of the one legal time, whatever face it comes from."""


def _money(marker: Yuan) -> Any:
    def read(value: Any) -> int:
        try:
            return marker.read(value)
        except Unreadable as refused:
            raise PydanticCustomError("money", "no amount", {"sentence": refused.sentence}) from None

    written = WithJsonSchema({"type": "integer", "minimum": marker.least, "maximum": marker.most})
    return typing.Annotated[int, BeforeValidator(read), written]


def _text(longest: int, required: bool = True, one_line: bool = False) -> Any:
    def clean(value: str) -> str:
        if any(character in CONTROL for character in value) or (one_line and "\n" in value):
            raise PydanticCustomError("control", "control characters")
        return value

    constraint = StringConstraints(strip_whitespace=True, min_length=int(required), max_length=longest)
    return typing.Annotated[str, constraint, AfterValidator(clean)]
