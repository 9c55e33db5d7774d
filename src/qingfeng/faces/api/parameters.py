"""What is asked for in an address: ids, pages, and what a list can be narrowed by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, Field, StringConstraints
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

from qingfeng.kernel.acts.signatures import CONTROL
from qingfeng.kernel.reading.paging import CURSOR, LARGEST_PAGE, PAGE
from qingfeng.kernel.text.words import Words

LARGEST = 2**63 - 1
Id = Annotated[int, Field(ge=1, le=LARGEST)]
Address = Annotated[int, WithJsonSchema({"type": "integer", "minimum": 1, "maximum": LARGEST})]
"""An id in an address: one that can't be is simply not there."""


def titled(words: Words, key: str = "title", **more: Any) -> Any:
    """A field with its words in the language in which the description is asked for."""

    def title(schema: dict[str, Any]) -> None:
        schema[key] = str(words)

    return Field(json_schema_extra=title, **more)


def asked(words: Words, **more: Any) -> Any:
    """A parameter of an address, with its words."""
    return titled(words, "description", **more)


def _kept(value: str) -> str:
    if any(character in CONTROL for character in value):
        raise PydanticCustomError("control", "control characters")
    return value


Text = Annotated[
    str,
    StringConstraints(max_length=200),
    AfterValidator(_kept),
    WithJsonSchema(
        {"type": "string", "maxLength": 200, "pattern": r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f]*$"}
    ),
]
FILTERS: Mapping[Any, Any] = {
    str: Text,
    int: Annotated[int, Field(ge=-LARGEST, le=LARGEST)],
    bool: bool,
    date: date,
}
"""What a list can be narrowed by, as it is read from the address."""
Cursor = Annotated[str, WithJsonSchema({"type": "string", "pattern": f"^{CURSOR}$"})]


class Paging(BaseModel):
    """Where a page begins and how long it is."""

    cursor: Cursor = asked(_("Cursor: “next” of the page before"), default="")
    size: int = asked(_("Rows on a page"), default=PAGE, ge=1, le=LARGEST_PAGE)


class Searching(Paging):
    """What is searched."""

    q: Text = asked(_("Words in number, title or unit, two characters or more"))


class Listing(Paging):
    """What every list can be narrowed by."""

    open: bool | None = asked(_("still open"), default=None)
    q: Text = asked(_("Words in number, title or unit, two characters or more"), default="")
