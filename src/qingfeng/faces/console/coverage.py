"""The grid of focus topics and units 突出问题检查频次: who is never looked at, and who again and again."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qingfeng.faces import charts
from qingfeng.faces.console import components
from qingfeng.faces.console.desks import DeskPiece
from qingfeng.faces.console.visit import ConsoleRequest, page, staff
from qingfeng.faces.console.workbooks import WorkbookSheet, workbook
from qingfeng.faces.design.components import Button, EmptyState, PageHeader, Tab, Tabs
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.coverage import CoverageYear
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.time.periods import day_of

YEARS = 3
"""Years that stand as tabs; any other by its address."""


def piece(found: CoverageYear) -> DeskPiece:
    """The grid with its table, and in words what to see in it."""
    title = _("Focus topics and units")
    heads = [say("Unit"), *(str(words) for _code, words in found.topics), say("All topics")]
    counts = [[found.counts.get((code, unit.pk), 0) for code, _words in found.topics] for unit in found.units]
    cells = [(str(unit), *row, sum(row)) for unit, row in zip(found.units, counts, strict=True)]
    sheet = WorkbookSheet(title, heads, cells)
    if not found.topics or not found.units:
        return DeskPiece([EmptyState(title=_("No focus topics are set"), icon="chart")], sheet)
    grid = charts.heat(
        say("How often each unit was looked at"),
        [str(unit) for unit in found.units],
        heads[1:-1],
        counts,
        desc=say("In %(year)s, topic by topic; an empty frame: never") % {"year": found.year},
        head=heads[0],
    )
    return DeskPiece([components.SentenceList(sentences=_told(found)), grid], sheet)


def _told(found: CoverageYear) -> list[object]:
    never = found.never
    said: list[object] = [
        format_lazy(_("Never looked at this year: {}"), " · ".join(map(str, never)))
        if never
        else _("Every unit was looked at this year.")
    ]
    if again := found.again:
        named = " · ".join(f"{unit} {topic} {count}" for unit, topic, count in again)
        said.append(format_lazy(_("Again and again on one topic ({} times or more): {}"), found.often, named))
    return said


@require_safe
@staff
def looks(visit: ConsoleRequest) -> HttpResponse:
    """The grid of one year, over all that the reader may read."""
    found, here = _found(visit), reverse("console:looks")
    today = day_of(visit.now)
    years = dict.fromkeys((*range(today.year, today.year - YEARS, -1), found.year))
    excel = f"{reverse('console:looks_workbook')}?year={found.year}"
    context = {
        "header": PageHeader(
            title=_("Focus topics and units"),
            lead=_("Counted over all mechanisms is what you may read, and nothing else."),
            actions=(Button(label=_("Excel"), href=excel, tone="plain", icon="export"),),
        ),
        "content": [
            Tabs(
                label=_("Year"),
                tabs=[
                    Tab(label=str(year), href=f"{here}?year={year}", current=year == found.year)
                    for year in years
                ],
            ),
            components.Card(content=piece(found).drawn),
        ],
    }
    return page(visit, "stack", context)


@require_safe
@staff
def looks_workbook(visit: ConsoleRequest) -> HttpResponse:
    """The same as a workbook."""
    sheet = piece(_found(visit)).sheet
    return workbook(visit, "looks", sheet.title, [sheet])


def _found(visit: ConsoleRequest) -> CoverageYear:
    today = day_of(visit.now)
    asked = visit.GET.get("year", "") or str(today.year)
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 4):
        raise Invalid({"year": [_("A year has four digits.")]})
    return reads.looks(visit.actor, int(asked), today)
