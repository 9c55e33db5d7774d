"""Pages of lists 分页: each begins after the last row of the one before, never after a number of rows.

A row that left the list meanwhile then leaves none out, and one that came in shows none twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any, NamedTuple

from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Invalid

PAGE = 20
LARGEST_PAGE = 200
CURSOR = re.compile(r"[0-9]{0,18}(-[0-9]{1,18}){0,2}", re.ASCII)
"""A number, or what a row that presses stands at: when it is due, and ids."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = timedelta(days=365 * 8000)


class RootKey(F):
    """The key in a table of a query that its model inherits from, such as that of all matters."""

    def __init__(self, root: type[Model]) -> None:
        self.root: Any = root
        # By another column: of the two tables' keys, which are the same, Django would take the model's own.
        super().__init__(next(one.name for one in self.root._meta.concrete_fields if not one.primary_key))

    def resolve_expression(self, *args: Any, **named: Any) -> Any:
        """Its column where the query has that table."""
        other: Any = super().resolve_expression(*args, **named)
        return self.root._meta.pk.get_col(other.alias)


def rooted(found: QuerySet[Any]) -> QuerySet[Any]:
    """The same rows, with their key as ``root``, to be put in order by.

    Where matters are found by what the table of all matters says, it is that table's: its index has them in their
    order, and by the mechanism's own key all of them would be sorted.
    """
    root = (found.model, *found.model._meta.get_parent_list())[-1]
    joined = root is not found.model and found.query.alias_refcount.get(root._meta.db_table)
    ordered: QuerySet[Any] = found.alias(root=RootKey(root) if joined else F("pk"))
    return ordered


@dataclass(frozen=True)
class ListPage:
    """A page of a list: its rows, and the cursor of the next page (none: this is the last). Never counted."""

    rows: Sequence[Any]
    following: str | None


class PageCursor(NamedTuple):
    """Where a row stands among those that press: when it is due (none: last of all), then its ids."""

    due: datetime | None
    ids: tuple[int, ...]

    def __str__(self) -> str:
        due = "" if self.due is None else str((self.due - _EPOCH) // timedelta(microseconds=1))
        return "-".join((due, *map(str, self.ids)))

    @classmethod
    def read(cls, cursor: str, ids: int) -> PageCursor | None:
        """The place a cursor names by some ids; none for the first page. Raises ``Invalid``."""
        if not cursor:
            return None
        due, *rest = cursor.split("-")
        if not CURSOR.fullmatch(cursor) or len(rest) != ids:
            raise _no_page()
        since = timedelta(microseconds=int(due)) if due else None
        if since is not None and since > _LAST:
            raise _no_page()
        return cls(None if since is None else _EPOCH + since, tuple(map(int, rest)))


def pressing_after(found: QuerySet[Any], place: PageCursor, due: str, *ids: str) -> QuerySet[Any]:
    """Of rows in the order of when they are due (none: last) and of ids, those after a place."""
    here = {f"{due}__isnull": True} if place.due is None else {due: place.due}
    later = (
        Q(pk__in=()) if place.due is None else Q(**{f"{due}__gt": place.due}) | Q(**{f"{due}__isnull": True})
    )
    same = Q(**here)
    for name, pk in zip(ids, place.ids, strict=True):
        later |= same & Q(**{f"{name}__gt": pk})
        same &= Q(**{name: pk})
    return found.filter(later)


def choices_after(found: QuerySet[Any], cursor: str) -> QuerySet[Any]:
    """Of rows in the order of their columns, those after the one whose id the cursor is. Raises ``Invalid``.

    It is looked for among the rows alone: how another would be sorted in tells something of it.
    """
    if not cursor:
        return found
    row = found.filter(pk=number_of(cursor)).first()
    if row is None:
        raise _no_page()
    later, same = Q(pk__in=()), Q()
    for name in map(str, found.query.order_by):
        column = name.removeprefix("-")
        value = reduce(getattr, column.split("__"), row)
        later |= same & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{column: value})
    return found.filter(later)


def paged(found: QuerySet[Any], cursor: str, size: int = PAGE, *related: str) -> ListPage:
    """A page of rows, the latest first, with what is related to them. Raises ``Invalid``.

    Which rows they are is found first, by their ids alone: only these are then looked up whole.
    """
    size = size_of(size)
    found = rooted(found)
    if cursor:
        found = found.filter(root__lt=number_of(cursor))
    keys = found.order_by("-root").values("pk")[: size + 1]
    rows = list(found.model._base_manager.filter(pk__in=keys).select_related(*related).order_by("-pk"))
    return cut(rows, size, lambda row: row.pk)


def cut(rows: Sequence[Any], size: int, place: Callable[[Any], object]) -> ListPage:
    """The page of rows of which one more was read than it holds; the cursor is the place of its last."""
    return ListPage(rows[:size], str(place(rows[size - 1])) if len(rows) > size else None)


def number_of(cursor: str) -> int:
    """The number a cursor stands for, none being the first. Raises ``Invalid``."""
    if not cursor:
        return 0
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise _no_page()
    return int(cursor)


def size_of(size: int) -> int:
    """A number of rows a page may have. Raises ``Invalid``."""
    if not 1 <= size <= LARGEST_PAGE:
        raise Invalid({"size": [_("A page has 1 to 200 rows.")]})
    return size


def _no_page() -> Invalid:
    return Invalid({"cursor": [_("This page can't be found; begin at the first.")]})
