"""The typed input of an act: its fields, shown as a form and parsed in the actor's scope."""

from __future__ import annotations

import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from django.db import models
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from qingfeng.kernel.acts.sentences import sentence
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.money import Yuan
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter
    from qingfeng.kernel.people.outside import OutsideKind
    from qingfeng.kernel.reading.rows import DeclaredRows, RowState


# typing hands out again what it has once made of equal parts, and texts still to be translated are equal where they read
# alike in the house's language: of two labels alike in Chinese, one would tell the other's English.
_MADE = "_class_getitem_inner" if hasattr(Annotated, "_class_getitem_inner") else "__class_getitem__"
if (_made_anew := getattr(getattr(Annotated, _MADE), "__wrapped__", None)) is not None:
    setattr(Annotated, _MADE, (staticmethod if _MADE == "_class_getitem_inner" else classmethod)(_made_anew))


@dataclass(frozen=True)
class Line:
    """One line of text, at most ``longest`` characters; ``told`` says a code that stands there in words."""

    longest: int = 200
    told: Callable[[str], Words] | None = None


@dataclass(frozen=True)
class Mailbox:
    """One e-mail address 电子邮件地址 and no more, at most 254 characters (RFC 5321, 4.5.3.1.3)."""

    longest: int = 254


@dataclass(frozen=True)
class Prose:
    """Free text, at most ``longest`` characters; it lies sealed beside the ledger, not in it."""

    longest: int = 2000


Reason: TypeAlias = Annotated[str, Prose(500), _("Reason")]
"""Why 理由, in the words of whoever acts."""


class Input(BaseModel):
    """A group of fields that an act asks for together, or one row of a list 表单."""

    model_config = ConfigDict(arbitrary_types_allowed=True)


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
    """One of the codes a parameter of the regime lists; where it may be left out, and nothing is listed, none is offered.

    ``where_listed``: it may be left out only where the regime lists nothing; the act itself asks for it.
    """

    parameter: Parameter
    where_listed: bool = False


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
class OneOfRows:
    """One of the rows of the matter, by its number: ``rows`` names them, ``states`` those in which it can be chosen.

    Annotated with the rows' register the method is handed the row itself, annotated ``int`` its number; 0, where it is
    the default, is none of them. Within a list of rows it is offered as a number; the act looks it up, and says what is
    wrong of it together with its other faults.
    """

    rows: str
    states: tuple[RowState, ...] = ()


HAS_ACCOUNT: tuple[str, Any] = ("person__isnull", False)


@dataclass(frozen=True)
class OneOfKind:
    """A party outside the staff of one of some kinds 外部主体类别; ``signs_in``: one that has an account."""

    kinds: tuple[OutsideKind, ...]
    signs_in: bool = False

    @property
    def narrowing(self) -> tuple[tuple[str, Any], ...]:
        """What is asked of the party besides that it may be chosen."""
        kinds = ("kind__in", tuple(kind.value for kind in self.kinds))
        return (kinds, HAS_ACCOUNT) if self.signs_in else (kinds,)


@dataclass(frozen=True)
class Given:
    """Only asked for where another field has one of these values."""

    name: str
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Monthly:
    """A day of which the month will do 年月: 1998年7月 is taken as its first day."""


Marker = (
    Line | Mailbox | Prose | Sealed | Whole | Yuan | Choice | Files | OneOfRows | OneOfKind | Given | Monthly
)


@dataclass(frozen=True)
class InputField:
    """One field of a form, as every face needs it.

    ``kind`` is one of line, prose, whole, money, flag, day, moment, choice, pick, row, files, rows.
    ``bounds`` of money are in fen.
    """

    name: str
    kind: str
    label: Words
    required: bool
    default: Any = None
    longest: int | None = None
    told: Callable[[str], Words] | None = None
    bounds: tuple[int, int] | None = None
    unit: Words = ""
    options: tuple[tuple[str, Words], ...] = ()
    parameter: Parameter | None = None
    where_listed: bool = False
    model: type[models.Model] | None = None
    narrowing: tuple[tuple[str, Any], ...] = ()
    most: int | None = None
    look: Callable[[Attachment], object] | None = None
    taken_in: bool = False
    given: Given | None = None
    sealed: str | None = None
    sealed_of: str = ""
    monthly: bool = False
    rows: tuple[InputField, ...] = ()
    among: DeclaredRows | None = None
    states: tuple[RowState, ...] = ()
    whole_row: bool = False


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
        rows = {spec.name for spec in self.fields if spec.kind == "rows"}
        faults, typed = self._typed(raw)
        faulty: dict[str, set[int]] = {}
        for fault in faults:
            wrong.setdefault(_place(fault["loc"], rows), []).append(sentence(fault))
            if len(fault["loc"]) > 1 and fault["loc"][0] in rows:
                faulty.setdefault(str(fault["loc"][0]), set()).add(int(fault["loc"][1]))
        if faulty and not typed:
            # What is wrong with the other rows is told in the same pass.
            whole = {
                name: [row for at, row in enumerate(raw[name]) if at not in places]
                for name, places in faulty.items()
            }
            typed = self._typed({**raw, **whole})[1]
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
                left = _left(len(raw[spec.name]), faulty[spec.name]) if spec.name in faulty else None
                for place, said in refusal.fields.items():
                    wrong.setdefault(f"{spec.name}.{_moved(place, left)}".rstrip("."), list(said))
        if wrong:
            raise Invalid(wrong)
        return typed

    def _typed(self, raw: Mapping[str, Any]) -> tuple[list[ErrorDetails], dict[str, Any]]:
        """What is wrong with the raw values, or the typed ones."""
        try:
            return [], dict(self.schema.model_validate(dict(raw)))
        except ValidationError as error:
            return error.errors(include_url=False), {}

    @property
    def sheet(self) -> InputField | None:
        """The rows a sheet can fill: those of an act that asks for one group of them."""
        rows = [spec for spec in self.fields if spec.kind == "rows"]
        return rows[0] if len(rows) == 1 else None

    @property
    def taken_in(self) -> InputField | None:
        """The file an act takes in whole, to read it itself."""
        return next((spec for spec in self.fields if spec.taken_in), None)

    def arguments(self, values: Mapping[str, Any], matter: Matter) -> dict[str, Any]:
        """The values as the method takes them: a model group as one object, a row for its number.

        :raises Invalid: where a row of the matter isn't there or doesn't stand as it is asked to
        """
        arguments = dict(values) | self._chosen(values, matter)
        for name, group in self.groups.items():
            members = {key: arguments.pop(key) for key in group.model_fields}
            arguments[name] = group.model_construct(**members)
        return arguments

    def _chosen(self, values: Mapping[str, Any], matter: Matter) -> dict[str, Any]:
        """The rows of the matter that the method is handed for their numbers; every number that is named is looked up."""
        found: dict[str, Any] = {}
        wrong: dict[str, list[Words]] = {}
        for spec in self.fields:
            if spec.among is None or not (number := values.get(spec.name)):
                continue
            try:
                row = spec.among.chosen(matter, number, spec.states)
            except Invalid as refusal:
                wrong[spec.name] = list(refusal.fields[""])
            else:
                found[spec.name] = row if spec.whole_row else number
        if wrong:
            raise Invalid(wrong)
        return found


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


def _left(rows: int, faulty: set[int]) -> list[int]:
    """The places of the rows that are left when the faulty ones are taken out."""
    return [at for at in range(rows) if at not in faulty]


def _moved(place: str, left: list[int] | None) -> str:
    """A place among the rows that are left as a place among all."""
    number, dot, name = place.partition(".")
    return f"{left[int(number)]}{dot}{name}" if left is not None and number.isdigit() else place


def plain_choice(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value
