"""The boards of a mechanism: what everybody may know of a day."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils import formats
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qingfeng.faces.console.display import mechanism_name
from qingfeng.faces.console.visit import ConsoleRequest, page, staff
from qingfeng.faces.design.components import (
    Button,
    ColumnHead,
    Crumb,
    DataTable,
    EmptyState,
    PageHeader,
    Tab,
    TableRow,
    Tabs,
)
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import matter_class
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.time.periods import day_of

AHEAD = 6
"""Days after today that stand as tabs; any other by its address."""


@require_safe
@staff
def board(visit: ConsoleRequest, code: str, name: str) -> HttpResponse:
    """A board of today, or of the day asked for."""
    today = day_of(visit.now)
    try:
        on = date.fromisoformat(visit.GET.get("day") or today.isoformat())
    except ValueError:
        raise Invalid({"day": [_("Write the day as 2026-03-10.")]}) from None
    shown = reads.board(visit.actor, code, name, on)
    here = reverse("console:board", args=[code, name])
    days = sorted({*(today + timedelta(days=n) for n in range(AHEAD + 1)), on})
    tabs = [
        Tab(label=formats.date_format(one, "m-d D"), href=f"{here}?day={one.isoformat()}", current=one == on)
        for one in days
    ]
    table = DataTable(
        caption=format_lazy("{} {}", shown.board.label, on.isoformat()),
        columns=[ColumnHead(label=column) for column in shown.board.columns],
        rows=[TableRow(cells=row) for row in shown.rows],
        empty=EmptyState(title=_("Nobody stands here on this day."), icon="check"),
    )
    header = PageHeader(
        title=shown.board.label,
        lead=shown.board.lead,
        crumbs=(
            Crumb(label=mechanism_name(matter_class(code)), href=reverse("console:listing", args=[code])),
        ),
    )
    return page(visit, "stack", {"header": header, "content": [Tabs(label=_("Day"), tabs=tabs), table]})


def buttons(matter: type[Matter]) -> list[Button]:
    """The ways to a mechanism's boards."""
    return [
        Button(
            label=one.label,
            href=reverse("console:board", args=[matter.code, one.name]),
            tone="plain",
            icon="list",
        )
        for one in matter.boards
    ]
