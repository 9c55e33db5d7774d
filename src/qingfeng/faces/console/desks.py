"""The pieces of first pages: what is carried, what waits on whom, what is late, what flows; each with its table."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces import charts
from qingfeng.faces.console import components
from qingfeng.faces.console.display import Holders, due_cells, light_of, matter_type, mechanism_name, row_of
from qingfeng.faces.console.visit import ConsoleRequest
from qingfeng.faces.console.workbooks import WorkbookSheet
from qingfeng.faces.design.components import (
    ColumnHead,
    DataTable,
    EmptyState,
    MatterRow,
    TableRow,
    Tile,
    Tiles,
)
from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.former_codes import act_of
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, matter_class, states_of
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.workload import Flow, Load, OpenMatter, OverdueMatters
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.limits import Limit, last, limit_at
from qingfeng.kernel.time.periods import day_of


class DeskPiece(NamedTuple):
    """A piece of a first page: how it is drawn, and the same as a sheet of a workbook."""

    drawn: Sequence[object]
    sheet: WorkbookSheet


def carried(
    visit: ConsoleRequest,
    rows: Sequence[OpenMatter],
    title: Words,
    empty: EmptyState,
    back: str,
    most: int = 0,
) -> DeskPiece:
    """Open matters with their lights, and what may be done with each by one touch.

    ``back``: the page they stand on. ``most``: the limit they were cut at, if they were.
    """
    offered = reads.touchable(visit.actor, [one.matter for one in rows])
    limits = reads.limits([one.matter for one in rows])
    drawn = [
        components.PendingMatter(
            row=_row(visit, one.matter, limit_at(limits.get(one.matter.pk, ()), one.due)),
            acts=(),
            touches=[
                components.Touch(
                    label=act.label,
                    number=one.matter.number,
                    action=reverse("console:act", args=[one.matter.mechanism, one.matter.pk, act.name]),
                    key=secrets.token_urlsafe(18),
                    back=back,
                )
                for act in offered.get(one.matter.pk, ())
            ],
        )
        for one in rows
    ]
    heads = (_("Number"), _("Title"), _("Mechanism"), _("State"), _("Opened"), _("Due"), _("Time limit"))
    cells = [
        (
            *_named(one.matter),
            day_of(one.matter.opened_at),
            *due_cells(limit_at(limits.get(one.matter.pk, ()), one.due)),
        )
        for one in rows
    ]
    return DeskPiece(
        [components.PendingMatters(label=title, tasks=drawn, empty=empty)],
        WorkbookSheet(title, heads, cells, most),
    )


def awaited(visit: ConsoleRequest, rows: Sequence[Access], most: int) -> DeskPiece:
    """What others owe in matters of the reader's: the matter, the act, and on whom it waits."""
    title = _("Waiting for others")
    holders = Holders(row.holder for row in rows)
    limits = reads.limits([row.matter for row in rows])
    drawn, cells = [], []
    for pk, owed in groupby(rows, key=lambda row: row.matter_id):
        owing = list(owed)
        matter = owing[0].matter
        declared = acts_of(matter_type(matter))
        due = min((row.due for row in owing if row.due is not None), default=None)
        who = " · ".join(dict.fromkeys(holders.words(row.holder) for row in owing))
        acts = [declared.get(act_of(matter.mechanism, row.act)) for row in owing]
        what = " · ".join(dict.fromkeys(str(act.label) for act in acts if act))
        waits = say("%(act)s: waits on %(who)s") % {"act": what, "who": who}
        limit = limit_at(limits.get(pk, ()), due)
        drawn.append(components.PendingMatter(row=_row(visit, matter, limit, waits), acts=()))
        cells.append((*_named(matter), what, who, *due_cells(limit)))
    empty = EmptyState(title=_("Nothing waits on others"), icon="light-check")
    heads = (
        _("Number"),
        _("Title"),
        _("Mechanism"),
        _("State"),
        _("What waits"),
        _("On whom"),
        _("Due"),
        _("Time limit"),
    )
    sheet = WorkbookSheet(title, heads, cells, most if len(rows) >= most else 0)
    return DeskPiece([components.PendingMatters(label=title, tasks=drawn, empty=empty)], sheet)


def loads(visit: ConsoleRequest, rows: Sequence[Load]) -> DeskPiece:
    """How much is open and late, as a whole and, where there are several, unit by unit."""
    title = _("Open and late, by unit")
    holders = Holders(row.holder for row in rows)
    whole, late = sum(row.open for row in rows), sum(row.late for row in rows)
    tiles = Tiles(
        tiles=(
            Tile(label=_("Open"), value=whole),
            Tile(label=_("Late"), value=late, tone="late" if late else "done"),
            Tile(label=_("In time"), value=whole - late),
        )
    )
    ordered = sorted(rows, key=lambda row: (-row.late, -row.open, row.holder))
    cells = [(holders.unit(row.holder), row.open, row.late) for row in ordered]
    heads = (_("Unit"), _("Open"), _("Late"))
    drawn: list[object] = [tiles]
    if len(rows) > 1:
        drawn.append(_table(title, heads, cells))
    return DeskPiece(drawn, WorkbookSheet(title, heads, cells))


def late(visit: ConsoleRequest, rows: Sequence[OverdueMatters]) -> DeskPiece:
    """What is overdue, by whom it waits on."""
    title = _("Overdue, by who must act")
    holders = Holders(row.holder for row in rows)
    cells = [
        (
            holders.words(row.holder),
            mechanism_name(matter_class(row.mechanism)),
            row.matters,
            last(row.since),
        )
        for row in rows
    ]
    heads = (_("On whom"), _("Mechanism"), _("Overdue"), _("Oldest since"))
    shown = [(*one[:3], light_of(Limit(row.since), visit.now)) for one, row in zip(cells, rows, strict=True)]
    empty = EmptyState(title=_("Nothing is overdue"), icon="light-check")
    return DeskPiece([_table(title, heads, shown[:MOST_SHOWN], empty)], WorkbookSheet(title, heads, cells))


MOST_SHOWN = 12
"""Rows of what is late on a first page; the workbook has them all."""


def flow(visit: ConsoleRequest, found: Sequence[Flow]) -> DeskPiece:
    """What came in and went out week by week: all together as lines, and each mechanism with a line of its own."""
    title = _("What came in and went out")
    heads = (_("Mechanism"), _("Came in"), _("Went out"), _("Week by week"))
    weeks = found[0].weeks if found else ()
    named = [formats.date_format(week, "m-d") for week in weeks]
    opened = [sum(one.opened[place] for one in found) for place in range(len(weeks))]
    closed = [sum(one.closed[place] for one in found) for place in range(len(weeks))]
    rows, cells = [], []
    for one in found:
        name = mechanism_name(matter_class(one.mechanism))
        spark = charts.sparkline(f"{name}: {heads[3]}", one.opened)
        rows.append((name, sum(one.opened), sum(one.closed), spark))
        for place, week in enumerate(weeks):
            cells.append((name, week, one.opened[place], one.closed[place]))
    sheet = WorkbookSheet(title, (_("Mechanism"), _("Week from"), _("Came in"), _("Went out")), cells)
    if not found:
        return DeskPiece([EmptyState(title=_("Nothing came in or went out"), icon="chart")], sheet)
    lines = charts.months(
        say("Week by week"),
        named,
        [charts.Series(say("Came in"), opened, "accent"), charts.Series(say("Went out"), closed, "done")],
        desc=say("Each week is named by its Monday; counted is all you may read"),
        head=say("Week from"),
    )
    return DeskPiece([lines, _table(_("By mechanism"), heads, rows)], sheet)


def _table(
    title: Words, heads: Sequence[Words], rows: Sequence[Sequence[object]], empty: EmptyState | None = None
) -> DataTable:
    numeric = [bool(rows) and isinstance(rows[0][place], int) for place in range(len(heads))]
    return DataTable(
        caption=title,
        columns=[
            ColumnHead(label=head, numeric=is_number) for head, is_number in zip(heads, numeric, strict=True)
        ],
        rows=[TableRow(cells=row) for row in rows],
        empty=empty,
        tight=True,
        caption_hidden=True,
    )


def _row(visit: ConsoleRequest, matter: Matter, limit: Limit | None, *more: Words) -> MatterRow:
    name = mechanism_name(matter_type(matter), plural=False)
    return row_of(matter, light_of(limit, visit.now), (name, *more))


def _named(matter: Matter) -> tuple[str, str, str, str]:
    """Number, title, mechanism and state, as a workbook has them."""
    state = states_of(matter_type(matter)).get(matter.state)
    name = mechanism_name(matter_type(matter), plural=False)
    return matter.number, matter.title, name, str(state.label if state else matter.state)
