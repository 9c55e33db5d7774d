"""The burden of units 基层负担: what was asked of each in a month, and over which number that is."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qingfeng.faces.console import components
from qingfeng.faces.console.visit import ConsoleRequest, page, staff
from qingfeng.faces.console.workbooks import WorkbookSheet, workbook
from qingfeng.faces.design.components import (
    Button,
    ColumnHead,
    DataTable,
    EmptyState,
    PageHeader,
    Tab,
    TableRow,
    Tabs,
)
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.burden import BurdenKind, BurdenMonth
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of

MONTHS = 3
"""Months that stand as tabs, with the next one, for which there are meetings already; any other by its address."""
TITLE = _("Burden of units")


@require_safe
@staff
def burden(visit: ConsoleRequest) -> HttpResponse:
    """What was asked of units in a month: an office sees all its units, others those they answer for."""
    found, here = _found(visit), reverse("console:burden")
    table = DataTable(
        caption=format_lazy("{} {}", TITLE, f"{found.first:%Y-%m}"),
        columns=[
            ColumnHead(label=_("Unit")),
            *(ColumnHead(label=head, numeric=True) for head in _heads(found)),
        ],
        rows=[TableRow(cells=row) for row in _cells(found)],
        empty=EmptyState(title=_("No units are yours to see here"), icon="check"),
    )
    excel = f"{reverse('console:burden_workbook')}?month={found.first:%Y-%m}"
    header = PageHeader(
        title=TITLE,
        lead=_(
            "Counted is what the mechanisms ask: nothing is barred, and whoever asks more than the number is told so."
        ),
        actions=(Button(label=_("Excel"), href=excel, tone="plain", icon="export"),),
    )
    shown = f"{found.first:%Y-%m}"
    tabs = [Tab(label=one, href=f"{here}?month={one}", current=one == shown) for one in _months(visit, found)]
    content: list[object] = [Tabs(label=_("Month"), tabs=tabs), table]
    if told := _told(found):
        content.insert(1, components.SentenceList(sentences=told))
    return page(visit, "stack", {"header": header, "content": content})


@require_safe
@staff
def burden_workbook(visit: ConsoleRequest) -> HttpResponse:
    """The same as a workbook."""
    found = _found(visit)
    return workbook(
        visit, "burden", TITLE, [WorkbookSheet(TITLE, [_("Unit"), *_heads(found)], _cells(found))]
    )


def _found(visit: ConsoleRequest) -> BurdenMonth:
    return reads.burden(visit.actor, visit.GET.get("month", ""), day_of(visit.now))


def _heads(found: BurdenMonth) -> list[Words]:
    """The kinds, each with the number in force."""
    return [
        format_lazy(_("{} (number {})"), kind.label, found.most[kind].value)
        if kind in found.most
        else kind.label
        for kind in BurdenKind
    ]


def _cells(found: BurdenMonth) -> list[tuple[object, ...]]:
    return [(str(unit), *(found.count(unit, kind) for kind in BurdenKind)) for unit in found.units]


def _told(found: BurdenMonth) -> list[object]:
    words = _("{}: {} {}, the number is {} ({}).")
    return [
        format_lazy(words, unit, kind.label, count, found.most[kind].value, found.most[kind].source.said)
        for unit, kind, count in found.over()
    ]


def _months(visit: ConsoleRequest, found: BurdenMonth) -> list[str]:
    first = day_of(visit.now).replace(day=1)
    shown = {found.first, (first + timedelta(days=32)).replace(day=1)}
    for _number in range(MONTHS):
        shown.add(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return [f"{one:%Y-%m}" for one in sorted(shown, reverse=True)]
