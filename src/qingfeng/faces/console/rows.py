"""The rows under a matter as a page and a workbook, read off their declaration."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

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
from qingfeng.kernel.reading.rows import DeclaredRows, RowView
from qingfeng.kernel.text.words import Words

ON_A_PAGE = 100


def rows_page(
    visit: ConsoleRequest, matter: Matter, declared: DeclaredRows, header: PageHeader
) -> HttpResponse:
    """The rows as a table, with the way to the next page and to a workbook."""
    found = _read(visit, matter, declared, visit.GET.get("after", ""), ON_A_PAGE)
    here = reverse("console:bespoke", args=[matter.mechanism, matter.pk, declared.name])
    numbers = [one.kind in (int, Yuan) for one in declared.columns]
    table = DataTable(
        caption=declared.label,
        columns=[
            ColumnHead(label=head, numeric=numeric)
            for head, numeric in zip(_heads(declared), _framed(declared, True, numbers, False), strict=True)
        ],
        rows=[
            TableRow(
                cells=_framed(
                    declared, view.number, [_cell(value) for value in view.words.values()], _state(view)
                )
            )
            for view in found.rows
        ],
        empty=EmptyState(title=_("Nothing stands here yet.")),
    )
    content: list[object] = [table]
    if found.following:
        content.append(Pager(next_href=f"{here}?after={found.following}"))
    address = reverse("console:bespoke_workbook", args=[matter.mechanism, matter.pk, declared.name])
    excel = Button(label=_("Excel"), href=address, tone="plain", icon="export")
    header = replace(header, actions=(excel,) if found.rows else ())
    return page(visit, "stack", {"header": header, "content": content})


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


def _heads(declared: DeclaredRows) -> list[Words]:
    labels = [capfirst(str(one.label)) for one in declared.columns]
    return _framed(declared, _("No."), labels, _("How it stands"))


def _framed(declared: DeclaredRows, number: Any, cells: list[Any], state: Any) -> list[Any]:
    """The cells of a line: its number where it has one, its columns, how it stands where that is declared."""
    numbered = [] if declared.key == "id" else [number]
    return [*numbered, *cells, *([state] if declared.states else [])]


def _state(view: RowView) -> Words:
    return view.state.label if view.state else ""


def _cell(value: Any) -> Any:
    return formats.date_format(value, "Y-m-d") if isinstance(value, date) else value
