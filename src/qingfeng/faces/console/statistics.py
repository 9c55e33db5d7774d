"""The statistics of a mechanism: pictures with their tables, year by year, and the same as a workbook."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import xlsxwriter
from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qingfeng.faces import figures
from qingfeng.faces.console import components
from qingfeng.faces.console.display import mechanism_name
from qingfeng.faces.console.visit import ConsoleRequest, page, staff
from qingfeng.faces.console.workbooks import WORKBOOK, handed_out, sheet_name
from qingfeng.faces.design.components import Button, Crumb, EmptyState, PageHeader, Tab, Tabs
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import matter_class
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.statistics import Figures
from qingfeng.kernel.record import journal
from qingfeng.kernel.refusals import Invalid, NotFound
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of

FORMATS = {"count": "#,##0", "money": "#,##0.00", "minutes": "#,##0", "share": "0.0%"}
PARTS = {"money": 100, "share": 1000}
"""How many of the whole numbers kept make one of what a workbook shows."""


@require_safe
@staff
def statistics(visit: ConsoleRequest, code: str) -> HttpResponse:
    """All statistics of a mechanism in one year."""
    found = _found(visit, code)
    matter, year = matter_class(code), found[0].year
    here = reverse("console:statistics", args=[code])
    years = dict.fromkeys((*found[0].years, year))
    content: list[object] = [
        Tabs(
            label=_("Year"),
            tabs=[Tab(label=str(one), href=f"{here}?year={one}", current=one == year) for one in years],
        ),
        *(components.Card(content=[_drawn(one)]) for one in found),
    ]
    header = PageHeader(
        title=_title(matter),
        lead=_("Counted is what you may read, and nothing else."),
        crumbs=(Crumb(label=mechanism_name(matter), href=reverse("console:listing", args=[code])),),
        actions=(
            Button(
                label=_("Excel"),
                href=f"{reverse('console:statistics_workbook', args=[code])}?year={year}",
                tone="plain",
                icon="export",
            ),
        ),
    )
    return page(visit, "stack", {"header": header, "content": content})


@require_safe
@staff
def statistics_workbook(visit: ConsoleRequest, code: str) -> HttpResponse:
    """The same as a workbook, a sheet each; entered in the journal before it leaves."""
    found = _found(visit, code)
    year, rows = found[0].year, sum(len(one.rows) for one in found)
    kind = journal.JournalEntry.Kind.EXPORT
    journal.write(kind, visit.actor, visit.now, mechanism=code, rows=rows, filters=f"statistics={year}")
    return handed_out(workbook(found), f"{_title(matter_class(code))} {year}")


def _title(matter: type[Matter]) -> Words:
    return format_lazy(_("{}: statistics"), mechanism_name(matter))


def workbook(found: list[Figures]) -> bytes:
    """The figures as XLSX: as numbers to reckon with, and words as words."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, WORKBOOK)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    looks = {kind: book.add_format({"num_format": pattern}) for kind, pattern in FORMATS.items()}
    for place, one in enumerate(found, start=1):
        sheet = book.add_worksheet(sheet_name(one.statistic.label, place))
        sheet.write_string(0, 0, f"{one.statistic.label} ({figures.about(one)})")
        for column, declared in enumerate(one.statistic.columns):
            words = declared.label if declared.kind == "minutes" else figures.head(declared)
            sheet.write_string(1, column, str(words), bold)
            sheet.set_column(column, column, 16 if column else 32)
        for line, row in enumerate(one.rows, start=2):
            sheet.write_string(line, 0, row[0])
            for column, value in enumerate(row[1:], start=1):
                declared = one.statistic.columns[column]
                if value is not None:
                    number = Decimal(value) / PARTS.get(declared.kind, 1)
                    sheet.write_number(line, column, number, looks[declared.kind])
        sheet.freeze_panes(2, 1)
    book.close()
    return target.getvalue()


def _found(visit: ConsoleRequest, code: str) -> list[Figures]:
    """Every statistic of a mechanism for the year asked for. Raises ``NotFound`` where it has none, ``Invalid``."""
    today = day_of(visit.now)
    asked = visit.GET.get("year", "") or str(today.year)
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 4):
        raise Invalid({"year": [_("A year has four digits.")]})
    found = [
        reads.statistics(visit.actor, code, one.name, int(asked), today)
        for one in matter_class(code).statistics
    ]
    if not found:
        raise NotFound
    return found


def _drawn(found: Figures) -> object:
    if found.empty:
        return EmptyState(
            title=format_lazy(_("{}: nothing to count"), found.statistic.label),
            text=format_lazy(_("{}: nothing of this kind that you may read."), figures.about(found)),
            icon="chart",
        )
    return figures.chart(found)
