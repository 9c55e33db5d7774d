"""Made-up lists, tables and tiles."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qingfeng.faces.design.components import (
    Button,
    Chip,
    ColumnHead,
    DataTable,
    EmptyState,
    Light,
    MatterList,
    MatterRow,
    Tab,
    TableRow,
    Tabs,
    Tile,
    Tiles,
)
from qingfeng.faces.design.fields import Field, FieldOption, FilterForm
from qingfeng.faces.design.samples import figures


def lights() -> dict[str, Light]:
    return {
        "late": Light(level="late", words=_("3 days overdue"), detail="11-19"),
        "near": Light(level="near", words=_("2 days left"), detail="11-24"),
        "on_time": Light(level="on_time", words=_("14 days left"), detail="12-06"),
        "done": Light(level="done", words=_("Done in time"), detail="11-12"),
        "paused": Light(level="paused", words=_("Clock paused"), detail=_("joint conference")),
        "none": Light(level="none", words=_("No time limit")),
    }


def chips() -> list[Chip]:
    return [
        Chip(label=_("Assigned"), tone="accent"),
        Chip(label=_("Waiting for verification"), tone="near"),
        Chip(label=_("Closed out"), tone="done", icon="check"),
        Chip(label=_("Refused"), icon="void"),
        Chip(label=_("Draft"), tone="neutral"),
        Chip(label=_("Sealed"), tone="outline", icon="lock"),
    ]


def rows() -> MatterList:
    light = lights()

    def row(
        title: str, number: str, state: Chip, level: str, unit: str, kind: str, fresh: bool = False
    ) -> MatterRow:
        return MatterRow(
            href="/design/sample/matter/",
            title=title,
            number=number,
            state=state,
            light=light[level],
            meta=(unit, kind),
            fresh=fresh,
        )

    chip = chips()
    sheet, leave = _("Problem sheet"), _("Leave")
    return MatterList(
        label=_("Matters waiting for you"),
        rows=(
            row(
                _("Counter asks for papers the system already holds"),
                "整改〔2026〕12号",
                chip[0],
                "late",
                _("Housing bureau"),
                sheet,
                True,
            ),
            row(
                _("Telephone of the enquiry desk not answered on three working days"),
                "整改〔2026〕17号",
                chip[1],
                "near",
                _("Transport bureau"),
                sheet,
                True,
            ),
            row(
                _("Annual leave, 4 working days"),
                "请假〔2026〕208号",
                chip[0],
                "on_time",
                _("River township"),
                leave,
            ),
            row(
                _("Same approval asked for by two counters"),
                "整改〔2026〕9号",
                chip[1],
                "paused",
                _("Market bureau"),
                sheet,
            ),
            row(
                _("Door plate without complaint telephone"),
                "整改〔2026〕5号",
                chip[2],
                "done",
                _("Hill township"),
                sheet,
            ),
        ),
        empty=empty(),
    )


def empty() -> EmptyState:
    return EmptyState(
        title=_("Nothing waits for you"),
        text=_(
            "New matters appear here as soon as somebody hands them to you. "
            "Everything you may read is in the list."
        ),
        action=Button(label=_("All matters"), href="#content"),
    )


def filters() -> FilterForm:
    states = [
        FieldOption(value="open", label=_("Still open")),
        FieldOption(value="done", label=_("Closed out")),
    ]
    return FilterForm(
        action="",
        fields=(
            Field(name="q", label=_("Words"), kind="search", prefix="list", marks=False),
            Field(
                name="unit",
                label=_("Unit"),
                kind="select",
                choices=unit_choices(),
                prefix="list",
                marks=False,
            ),
            Field(
                name="state",
                label=_("State"),
                kind="select",
                choices=states,
                value="open",
                prefix="list",
                marks=False,
            ),
            Field(name="since", label=_("Opened since"), kind="date", prefix="list", marks=False),
        ),
        clear_href="?",
    )


def table() -> DataTable:
    light, chip = lights(), chips()
    return DataTable(
        caption=_("Problem sheets by unit"),
        columns=(
            ColumnHead(label=_("Title")),
            ColumnHead(label=_("Unit")),
            ColumnHead(label=_("State")),
            ColumnHead(label=_("Due"), sort_href="?sort=due", sorted="ascending"),
            ColumnHead(label=_("Entries"), numeric=True, sort_href="?sort=entries"),
        ),
        rows=(
            TableRow(
                cells=(
                    _("Counter asks for papers the system already holds"),
                    _("Housing bureau"),
                    chip[0],
                    light["late"],
                    6,
                ),
                href="/design/sample/matter/",
            ),
            TableRow(
                cells=(
                    _("Same approval asked for by two counters"),
                    _("Market bureau"),
                    chip[1],
                    light["paused"],
                    1204,
                ),
                href="/design/sample/matter/",
            ),
            TableRow(
                cells=(
                    _("Door plate without complaint telephone"),
                    _("Hill township"),
                    chip[2],
                    light["done"],
                    11,
                ),
                href="/design/sample/matter/",
            ),
        ),
        empty=empty(),
    )


def tiles() -> Tiles:
    return Tiles(
        tiles=(
            Tile(
                label=_("Open sheets"),
                value=128,
                note=_("12 fewer than last month"),
                spark=figures.spark(),
            ),
            Tile(
                label=_("Overdue"), value=3, tone="late", note=_("in 2 units"), href="/design/sample/inbox/"
            ),
            Tile(label=_("Due in 3 days"), value=9, tone="near", href="/design/sample/inbox/"),
            Tile(label=_("Closed out this year"), value=1204, tone="done", unit=_("sheets")),
        )
    )


def tabs() -> Tabs:
    return Tabs(
        label=_("Views of the inbox"),
        tabs=(
            Tab(label=_("To do"), href="#content", current=True, count=7),
            Tab(label=_("I follow"), href="#content", count=23),
            Tab(label=_("Done by me"), href="#content"),
        ),
    )


def unit_choices() -> list[FieldOption]:
    organs, towns = _("Departments"), _("Townships")
    return [
        FieldOption(value="u1", label=_("Housing bureau"), group=organs),
        FieldOption(value="u2", label=_("Transport bureau"), group=organs),
        FieldOption(value="u3", label=_("Market bureau"), group=organs),
        FieldOption(value="u4", label=_("River township"), group=towns),
        FieldOption(value="u5", label=_("Hill township"), group=towns),
    ]
