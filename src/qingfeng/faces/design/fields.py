"""Forms as parts: controls, errors, filters. The typed value always comes back, right or wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, ClassVar, Literal

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Kind = Literal[
    "text", "password", "search", "email", "tel", "textarea", "select", "picker",
    "date", "datetime-local", "month", "number", "radios", "checkboxes", "checkbox", "file",
]  # fmt: skip

FILTER = _("Filter")

_PLAIN = {"text", "password", "search", "email", "tel", "date", "datetime-local", "month"}


@dataclass(frozen=True, kw_only=True)
class FieldOption:
    """A choice; `group` puts neighbours of the same group under one heading in a select."""

    value: str
    label: StrOrPromise
    help: StrOrPromise = ""
    group: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One control with label, help, error and count.

    `value` is what stands in it as text; `values` what is ticked in checkboxes.
    `max_length` counts characters (shown under a textarea); `minimum`, `maximum`, `step` are for numbers
    and dates, as text; `unit` stands behind a number; `accept` are file endings with dot, `accept_words` says
    what is taken in words; `picker` is a select with a filter box above it (the filter needs the script,
    the select does not). `shown_when` = (name of another control, value): hidden by the script until it fits.
    """

    template: ClassVar[str] = "design/components/field.html"
    name: str
    label: StrOrPromise
    kind: Kind = "text"
    value: str = ""
    values: Sequence[str] = ()
    choices: Sequence[FieldOption] = ()
    help: StrOrPromise = ""
    errors: Sequence[StrOrPromise] = ()
    required: bool = False
    unit: StrOrPromise = ""
    max_length: int | None = None
    minimum: str = ""
    maximum: str = ""
    step: str = ""
    rows: int = 4
    accept: Sequence[str] = ()
    accept_words: StrOrPromise = ""
    multiple: bool = False
    autocomplete: str = ""
    placeholder: StrOrPromise = ""
    prefix: str = ""
    shown_when: tuple[str, str] | None = None
    marks: bool = True

    @property
    def id(self) -> str:
        return f"{self.prefix}-{self.name}" if self.prefix else f"f-{self.name}"

    @property
    def plain(self) -> bool:
        return self.kind in _PLAIN

    @property
    def grouped(self) -> bool:
        """Several controls under one question: a fieldset with a legend."""
        return self.kind in ("radios", "checkboxes")

    @property
    def described_by(self) -> str:
        ids = []
        if self.help:
            ids.append(f"{self.id}-help")
        if self.errors:
            ids.append(f"{self.id}-error")
        if self.kind == "textarea" and self.max_length:
            ids.append(f"{self.id}-count")
        if self.kind == "file":
            ids.append(f"{self.id}-accept")
        return " ".join(ids)

    @property
    def accept_list(self) -> str:
        return ",".join(self.accept)

    @property
    def length(self) -> int:
        return len(self.value)

    @property
    def groups(self) -> list[tuple[StrOrPromise, list[FieldOption]]]:
        """Neighbouring choices of one group together; a group without name stands free."""
        return [(name, list(members)) for name, members in groupby(self.choices, key=lambda c: c.group)]

    @property
    def ticked(self) -> Sequence[str]:
        return self.values or ((self.value,) if self.value else ())


@dataclass(frozen=True, kw_only=True)
class FieldError:
    """One thing to put right; `field_id` is the id of the control it is about."""

    message: StrOrPromise
    field_id: str = ""


@dataclass(frozen=True, kw_only=True)
class ErrorSummary:
    """All errors of a form on top of it, each a link to its field."""

    template: ClassVar[str] = "design/components/error_summary.html"
    errors: Sequence[FieldError]


@dataclass(frozen=True, kw_only=True)
class FilterForm:
    """A GET form above a list. `fields` are drawn small; `clear_href` takes all filters away."""

    template: ClassVar[str] = "design/components/filters.html"
    action: str
    fields: Sequence[Field]
    clear_href: str = ""
    button: StrOrPromise = FILTER
