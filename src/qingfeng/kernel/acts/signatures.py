"""The input of an act, read off the signature of its method.

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
from datetime import date, datetime
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, LiteralString, Union
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models.enums import Choices
from django.utils.functional import Promise
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    create_model,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from qingfeng.kernel.acts.inputs import (
    Choice,
    Files,
    Given,
    InputField,
    Inputs,
    Line,
    Mailbox,
    Monthly,
    OneOfKind,
    OneOfRows,
    Prose,
    Sealed,
    Whole,
)
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.money import UnreadableAmount, Yuan
from qingfeng.kernel.people.outside import OutsideParty
from qingfeng.kernel.reading.rows import MOST_NUMBER, rows_of
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.timekeeper import ZONE

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter

LATER: dict[str, Any] = {"Do": Any}
"""Names an annotation may use before their module can be imported."""
CONTROL = {chr(code) for code in range(32)} - {"\n", "\r", "\t"}


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
    members[name] = (_member(parsed, needed, default), ... if needed else default)


def _member(parsed: Any, needed: bool, default: Any) -> Any:
    """The type of a value; where it may be left out, null reads like what is left out: as its default."""
    if needed:
        return parsed
    if default is None:
        return parsed | None
    return typing.Annotated[parsed | None, AfterValidator(lambda value: default if value is None else value)]


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
        (
            found
            for found in markers
            if isinstance(found, Line | Mailbox | Prose | Whole | Yuan | Choice | Files | OneOfRows)
        ),
        None,
    )
    if typing.get_origin(kind) is list:
        (row,) = typing.get_args(kind)
        if isinstance(row, type) and issubclass(row, BaseModel):
            hints = typing.get_type_hints(row, include_extras=True)
            rows = tuple(
                _field(inner, hints[inner], _default(info), info.is_required(), matter)[0]
                for inner, info in row.model_fields.items()
            )
            if any(one.whole_row for one in rows):
                raise Misdeclared(
                    f"{matter.__name__}: rows in a list of rows are named by their numbers (int)"
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
    if isinstance(marker, OneOfRows):
        among = rows_of(matter).get(marker.rows)
        whole_row = among is not None and kind is getattr(among, "model", None)
        if among is None or among.key == "id" or not (whole_row or kind is int):
            raise Misdeclared(f"{matter.__name__}: “{name}” is none of its numbered rows")
        least = 0 if default == 0 and not required else 1
        within = Field(ge=least, le=MOST_NUMBER)
        number = typing.Annotated[int, within, BeforeValidator(_not(bool, "int_type"))]
        return InputField(kind="row", among=among, states=marker.states, whole_row=whole_row, **base), number
    if isinstance(marker, Choice):
        return InputField(
            kind="choice", parameter=marker.parameter, where_listed=marker.where_listed, **base
        ), _text(60, required)
    if kind is str:
        if isinstance(marker, Prose):
            return InputField(kind="prose", longest=marker.longest, **base), _text(marker.longest, required)
        longest = marker.longest if isinstance(marker, Line | Mailbox) else Line().longest
        line = _text(longest, required, one_line=True)
        if isinstance(marker, Mailbox):
            line = typing.Annotated[line, AfterValidator(_mailbox)]
        told = marker.told if isinstance(marker, Line) else None
        return InputField(kind="line", longest=longest, told=told, **base), line
    if kind is bool:
        return InputField(kind="flag", **base), bool
    if kind is int and isinstance(marker, Yuan):
        return InputField(kind="money", bounds=(marker.least, marker.most), **base), _money(marker)
    if kind is int:
        whole = marker if isinstance(marker, Whole) else Whole()
        bounded = typing.Annotated[
            int, Field(ge=whole.least, le=whole.most), BeforeValidator(_not(bool, "int_type"))
        ]
        return InputField(kind="whole", bounds=(whole.least, whole.most), unit=whole.unit, **base), bounded
    if kind is date:
        monthly = any(isinstance(one, Monthly) for one in markers)
        return InputField(kind="day", monthly=monthly, **base), typing.Annotated[date, WRITTEN]
    if kind is datetime:
        return InputField(kind="moment", **base), typing.Annotated[datetime, WRITTEN, IN_THE_COUNTRYS_TIME]
    if isinstance(kind, type) and issubclass(kind, Choices):
        return InputField(kind="choice", options=tuple((str(o.value), o.label) for o in kind), **base), kind
    if isinstance(kind, type) and issubclass(kind, models.Model):
        narrowing = _narrowing(name, kind, markers, matter)
        picked = InputField(kind="pick", model=kind, narrowing=narrowing, **base)
        return picked, typing.Annotated[int, Field(ge=1, le=2**63 - 1)]
    raise Misdeclared(f"{matter.__name__}: no form shows a {kind}")


def _narrowing(
    name: str, kind: type[models.Model], markers: tuple[Any, ...], matter: type[Matter]
) -> tuple[tuple[str, Any], ...]:
    of_kind = next((marker for marker in markers if isinstance(marker, OneOfKind)), None)
    if (of_kind is None) == (kind is OutsideParty):
        raise Misdeclared(f"{matter.__name__}: “{name}” says of which kinds a party outside the staff is")
    return of_kind.narrowing if of_kind else ()


def _strict(
    row: type[BaseModel], hints: Mapping[str, Any], rows: tuple[InputField, ...], matter: type[Matter]
) -> type[BaseModel]:
    """A row model that holds its fields to what their markers say, and takes no others."""
    parsed = {
        spec.name: _member(
            _field(spec.name, hints[spec.name], spec.default, spec.required, matter)[1],
            spec.required,
            spec.default,
        )
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
        except UnreadableAmount as refused:
            raise PydanticCustomError("money", "no amount", {"sentence": refused.sentence}) from None

    written = WithJsonSchema({"type": "integer", "minimum": marker.least, "maximum": marker.most})
    return typing.Annotated[int, BeforeValidator(read), written]


def _mailbox(value: str) -> str:
    try:
        if value:
            validate_email(value)
    except ValidationError:
        raise PydanticCustomError("mailbox", "no e-mail address") from None
    return value


def _text(longest: int, required: bool = True, one_line: bool = False) -> Any:
    def clean(value: str) -> str:
        if any(character in CONTROL for character in value) or (one_line and "\n" in value):
            raise PydanticCustomError("control", "control characters")
        return value

    constraint = StringConstraints(strip_whitespace=True, min_length=int(required), max_length=longest)
    return typing.Annotated[str, constraint, AfterValidator(clean)]
