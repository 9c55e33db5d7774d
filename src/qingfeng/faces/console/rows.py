"""The rows under a matter as a page and a workbook, read off their declaration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import formats
from django.utils.text import Truncator, capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.console.components import Card, SentenceList, TextLink
from qingfeng.faces.console.display import address_of
from qingfeng.faces.console.visit import ConsoleRequest, page
from qingfeng.faces.console.workbooks import MOST_ROWS, WorkbookSheet, workbook
from qingfeng.faces.design.components import (
    Button,
    ColumnHead,
    DataTable,
    EmptyState,
    PageHeader,
    Pager,
    TableRow,
)
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.money import Yuan
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.paging import LARGEST_PAGE, ListPage
from qingfeng.kernel.reading.row_columns import RowColumn
from qingfeng.kernel.reading.rows import DeclaredRows, RowView, rows_of
from qingfeng.kernel.refusals import NotFound
from qingfeng.kernel.text.words import Words

ON_A_PAGE = 100
FIRST = 5
"""Rows of each kind on the matter's own page."""
MOST_COLUMNS, SHORT = 4, 40
"""Their columns there, and the characters of a text: the whole stands a click away."""


def rows_page(
    visit: ConsoleRequest, matter: Matter, declared: DeclaredRows, header: PageHeader
) -> HttpResponse:
    """The rows as a table, with the way to the next page and to a workbook."""
    found = _read(visit, matter, declared, visit.GET.get("after", ""), ON_A_PAGE)
    here = reverse("console:bespoke", args=[matter.mechanism, matter.pk, declared.name])
    table = replace(_table(declared, found.rows), empty=EmptyState(title=_("Nothing stands here yet.")))
    content: list[object] = [SentenceList(sentences=[declared.lead]), table] if declared.lead else [table]
    if found.following:
        content.append(Pager(next_href=f"{here}?after={found.following}"))
    address = reverse("console:bespoke_workbook", args=[matter.mechanism, matter.pk, declared.name])
    excel = Button(label=_("Excel"), href=address, tone="plain", icon="export")
    header = replace(header, actions=(excel,) if found.rows else ())
    return page(visit, "stack", {"header": header, "content": content})


def first_rows(visit: ConsoleRequest, matter: Matter) -> list[Card]:
    """The first rows of each kind there are, for the matter's page, with the way to all of them."""
    found = []
    for declared in rows_of(type(matter)).values():
        try:
            shown = _read(visit, matter, declared, "", FIRST)
        except NotFound:
            # Its words were sealed later, and who reads the sheet doesn't read where they lie.
            continue
        more = None
        if shown.following:
            name = declared.drawn_on or declared.name
            href = reverse("console:bespoke", args=[matter.mechanism, matter.pk, name])
            more = TextLink(label=format_lazy(_("All {}"), declared.count(matter)), href=href)
        if shown.rows:
            table = replace(_table(declared, shown.rows, MOST_COLUMNS), caption_hidden=True, tight=True)
            found.append(Card(title=declared.label, content=[table], more=more, flush=True))
    return found


def rows_workbook(visit: ConsoleRequest, matter: Matter, declared: DeclaredRows) -> HttpResponse:
    """The rows as a workbook: amounts as yuan, days as days."""
    rows: list[RowView] = []
    cursor: str | None = ""
    while cursor is not None and len(rows) < MOST_ROWS:
        found = _read(visit, matter, declared, cursor, LARGEST_PAGE)
        rows += found.rows
        cursor = found.following
    cells = [
        _framed(
            declared,
            view.number,
            [
                Decimal(view.values[one.name]) / 100
                if one.kind is Yuan and view.values[one.name] is not None
                else view.words[one.name]
                for one in declared.columns
            ],
            _state(view),
        )
        for view in rows
    ]
    most = MOST_ROWS if cursor is not None else 0
    sheet = WorkbookSheet(declared.label, _heads(declared), cells, most)
    name = f"{matter.mechanism}-{declared.name}"
    return workbook(visit, name, f"{declared.label} {matter.number}", [sheet])


def _read(visit: ConsoleRequest, matter: Matter, declared: DeclaredRows, cursor: str, size: int) -> ListPage:
    return reads.rows(visit.actor, matter.mechanism, matter.pk, declared.name, cursor, size)


def _table(declared: DeclaredRows, views: Sequence[RowView], most: int | None = None) -> DataTable:
    """Rows as a table, with no more than ``most`` columns of their own; matters that are named can be gone to."""
    # What a program takes apart (cells, faults by their codes) is nothing to read.
    columns = [one for one in declared.columns if one.kind is not list][:most]
    numbers = [one.kind in (int, Yuan) for one in columns]
    heads = [capfirst(str(one.label)) for one in columns]
    addresses = _addresses(declared, views)
    return DataTable(
        caption=declared.label,
        columns=[
            ColumnHead(label=head, numeric=numeric)
            for head, numeric in zip(
                _framed(declared, _("No."), heads, _("How it stands")),
                _framed(declared, True, numbers, False),
                strict=True,
            )
        ],
        rows=[
            TableRow(
                cells=_framed(
                    declared,
                    view.number,
                    [_cell(view, one, addresses, most is not None) for one in columns],
                    _state(view),
                )
            )
            for view in views
        ],
    )


def _addresses(declared: DeclaredRows, views: Sequence[RowView]) -> dict[int, str]:
    """Of the matters that rows name to this reader, where each is."""
    named = {
        view.values[one.name]["id"]
        for one in declared.columns
        if one.refers is Matter
        for view in views
        if view.values[one.name]
    }
    return {one.pk: address_of(one) for one in Matter.objects.filter(pk__in=named)} if named else {}


def _heads(declared: DeclaredRows) -> list[Words]:
    labels = [capfirst(str(one.label)) for one in declared.columns]
    return _framed(declared, _("No."), labels, _("How it stands"))


def _framed(declared: DeclaredRows, number: Any, cells: list[Any], state: Any) -> list[Any]:
    """The cells of a line: its number where it has one, its columns, how it stands where that is declared."""
    numbered = [] if declared.key == "id" else [number]
    return [*numbered, *cells, *([state] if declared.states else [])]


def _state(view: RowView) -> Words:
    return view.state.label if view.state else ""


def _cell(view: RowView, column: RowColumn, addresses: Mapping[int, str], short: bool) -> Any:
    value, held = view.words[column.name], view.values[column.name]
    if column.refers is Matter and held:
        return TextLink(label=value, href=addresses[held["id"]])
    if isinstance(value, date):
        return formats.date_format(value, "Y-m-d")
    return Truncator(value).chars(SHORT) if short and isinstance(value, str) else value
