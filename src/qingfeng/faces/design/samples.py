"""Made-up content for the page of components and the sample pages. No place and no person in it exists."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from qingfeng.faces.design import samples_charts
from qingfeng.faces.design.fields import Choice, Field
from qingfeng.faces.design.parts import (
    Act,
    ActPanel,
    Barred,
    Button,
    Chip,
    Column,
    Crumb,
    Empty,
    Entry,
    ErrorSummary,
    FieldError,
    Filters,
    Light,
    Message,
    PageHeader,
    Pager,
    Pair,
    Paper,
    Refusal,
    Row,
    Rows,
    Step,
    Steps,
    Summary,
    Tab,
    Table,
    TableRow,
    Tabs,
    Tile,
    Tiles,
    Timeline,
)
from qingfeng.faces.design.shell import MenuLink, NavGroup, NavItem, RoleChoice, Shell

_HASH = "9f2c41d07be6a8835c1e0f4492ab67d1e85530c94a7fb21683de0c5517a94be2"


def sample_shell(current: str = "") -> Shell:
    def item(key: str, label: str, icon: str, count: int = 0, primary: bool = False) -> NavItem:
        href = "/design/sample/inbox/" if key == "inbox" else "#content"
        return NavItem(label=label, href=href, icon=icon, count=count, current=key == current, primary=primary)

    return Shell(
        home_href="/design/",
        search_href="/design/sample/inbox/",
        sign_out_action="/design/preferences/",
        role_action="/design/preferences/",
        person=_("Clerk Lin"),
        role=_("Supervision office"),
        place=_("Model District"),
        nav=(
            NavGroup(
                items=(
                    item("inbox", _("Inbox"), "inbox", 7, True),
                    item("matters", _("All matters"), "list", 0, True),
                    item("board", _("Board"), "chart", 0, True),
                    item("person", _("Mine"), "person", 0, True),
                )
            ),
            NavGroup(
                title=_("Mechanisms"),
                items=(
                    item("problems", _("Problem sheets"), "sheet", 4),
                    item("voice", _("Public voice"), "voice"),
                    item("leave", _("Leave and whereabouts"), "leave"),
                    item("vehicles", _("Official vehicles"), "vehicle"),
                    item("assessment", _("Assessment"), "scale"),
                ),
            ),
            NavGroup(
                title=_("Ground"),
                items=(
                    item("units", _("Units and posts"), "people"),
                    item("ledger", _("Ledger"), "ledger"),
                    item("regime", _("Regime"), "settings"),
                ),
            ),
        ),
        roles=(
            RoleChoice(key="a", label=_("Supervision office"), current=True),
            RoleChoice(key="b", label=_("Unit clerk")),
        ),
        links=(MenuLink(label=_("My account"), href="#content"),),
    )


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
        Chip(label=_("Written off"), tone="done", icon="check"),
        Chip(label=_("Refused"), tone="late"),
        Chip(label=_("Draft"), tone="neutral"),
        Chip(label=_("Sealed"), tone="outline", icon="lock"),
    ]


def rows() -> Rows:
    light = lights()

    def row(title: str, number: str, state: Chip, level: str, unit: str, kind: str, fresh: bool = False) -> Row:
        return Row(
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
    return Rows(
        label=_("Matters waiting for you"),
        rows=(
            row(
                _("Counter asks for papers the system already holds"),
                "〔2026〕整改12号",
                chip[0],
                "late",
                _("Housing bureau"),
                sheet,
                True,
            ),
            row(
                _("Telephone of the enquiry desk not answered on three working days"),
                "〔2026〕整改17号",
                chip[1],
                "near",
                _("Transport bureau"),
                sheet,
                True,
            ),
            row(_("Annual leave, 4 working days"), "〔2026〕请假208号", chip[0], "on_time", _("River township"), leave),
            row(
                _("Same approval asked for by two counters"),
                "〔2026〕整改9号",
                chip[1],
                "paused",
                _("Market bureau"),
                sheet,
            ),
            row(_("Door plate without complaint telephone"), "〔2026〕整改5号", chip[2], "done", _("Hill township"), sheet),
        ),
        empty=empty(),
    )


def empty() -> Empty:
    return Empty(
        title=_("Nothing waits for you"),
        text=_("New matters appear here as soon as somebody hands them to you. Everything you may read is in the list."),
        action=Button(label=_("All matters"), href="#content"),
    )


def unit_choices() -> list[Choice]:
    organs, towns = _("Departments"), _("Townships")
    return [
        Choice(value="u1", label=_("Housing bureau"), group=organs),
        Choice(value="u2", label=_("Transport bureau"), group=organs),
        Choice(value="u3", label=_("Market bureau"), group=organs),
        Choice(value="u4", label=_("River township"), group=towns),
        Choice(value="u5", label=_("Hill township"), group=towns),
    ]


def filters() -> Filters:
    states = [Choice(value="open", label=_("Still open")), Choice(value="done", label=_("Written off"))]
    return Filters(
        action="",
        fields=(
            Field(name="q", label=_("Words"), kind="search", prefix="list", marks=False),
            Field(name="unit", label=_("Unit"), kind="select", choices=unit_choices(), prefix="list", marks=False),
            Field(
                name="state", label=_("State"), kind="select", choices=states, value="open", prefix="list", marks=False
            ),
            Field(name="since", label=_("Opened since"), kind="date", prefix="list", marks=False),
        ),
        clear_href="?",
    )


def table() -> Table:
    light, chip = lights(), chips()
    return Table(
        caption=_("Problem sheets by unit"),
        columns=(
            Column(label=_("Title")),
            Column(label=_("Unit")),
            Column(label=_("State")),
            Column(label=_("Due"), sort_href="?sort=due", sorted="ascending"),
            Column(label=_("Entries"), numeric=True, sort_href="?sort=entries"),
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
                cells=(_("Door plate without complaint telephone"), _("Hill township"), chip[2], light["done"], 11),
                href="/design/sample/matter/",
            ),
        ),
        empty=empty(),
    )


def form_fields() -> list[Field]:
    return [
        Field(
            name="unit",
            label=_("Responsible unit"),
            kind="picker",
            choices=unit_choices(),
            required=True,
            help=_("One unit answers for it; others may be joined later."),
        ),
        Field(
            name="requirement",
            label=_("What must be put right"),
            kind="textarea",
            max_length=500,
            required=True,
            value=_("Stop asking for copies of papers issued by this district; read them from the shared register."),
        ),
        Field(name="due", label=_("Report by"), kind="date", required=True, minimum="2026-11-23", value="2026-12-06"),
        Field(
            name="points",
            label=_("Points if not put right"),
            kind="number",
            unit=_("points"),
            value="6",
            errors=(_("At most 5 points. Please lower it."),),
            help=_("From 0 to 5, by the scheme of 2026."),
        ),
        Field(
            name="publicity",
            label=_("Who may read it"),
            kind="radios",
            required=True,
            value="unit",
            choices=(
                Choice(value="unit", label=_("The unit and the office")),
                Choice(value="district", label=_("All units of the district"), help=_("After the appeal period.")),
            ),
        ),
        Field(
            name="kinds",
            label=_("Kinds of problem"),
            kind="checkboxes",
            values=("buck",),
            choices=(Choice(value="buck", label=_("Passing the buck")), Choice(value="slow", label=_("Slow action"))),
        ),
        Field(
            name="papers",
            label=_("Evidence"),
            kind="file",
            multiple=True,
            accept=(".pdf", ".jpg", ".png", ".xlsx"),
            accept_words=_("PDF, JPG, PNG or XLSX, each up to 20 MB, at most 10."),
        ),
        Field(name="urgent", label=_("Urge every working day until signed for"), kind="checkbox", value="on"),
        Field(name="phone", label=_("Telephone"), kind="tel", autocomplete="tel", placeholder="0000-0000000"),
    ]


def errors() -> ErrorSummary:
    return ErrorSummary(errors=(FieldError(message=_("At most 5 points. Please lower it."), field_id="f-points"),))


def act_panel(open_first: bool = False) -> ActPanel:
    return ActPanel(
        acts=(
            Act(
                key="verify",
                label=_("Write off"),
                action="/design/sample/matter/",
                tone="primary",
                open=open_first,
                explain=_("Strike the problem from the books after a check on the spot."),
                hidden=(("version", "6"),),
                fields=(
                    Field(name="found", label=_("What the check found"), kind="textarea", max_length=300, required=True, prefix="v"),
                    Field(name="checked", label=_("Checked on"), kind="date", required=True, prefix="v"),
                ),
            ),
            Act(
                key="return",
                label=_("Send back"),
                action="/design/sample/matter/",
                explain=_("The unit goes on; its clock starts again."),
                fields=(Field(name="reason", label=_("Reason"), kind="textarea", max_length=300, required=True, prefix="r"),),
            ),
            Act(
                key="cancel",
                label=_("Withdraw"),
                action="/design/sample/matter/",
                tone="danger",
                explain=_("The sheet was a mistake. It stays readable, with your reason."),
                fields=(Field(name="reason", label=_("Reason"), kind="textarea", max_length=300, required=True, prefix="w"),),
            ),
        ),
        barred=(
            Barred(
                label=_("Extend the time limit"),
                reason=_("It has been extended once already."),
                clause=_("Rules of the district, article 14"),
                next_step=_("Ask for a joint conference; its resolution may set a new date."),
            ),
            Barred(
                label=_("Report back"),
                reason=_("Only the responsible unit reports."),
                next_step=_("Remind the unit by the act Urge."),
            ),
        ),
    )


def summary() -> Summary:
    return Summary(
        title=_("The sheet"),
        pairs=(
            Pair(label=_("Responsible unit"), value=_("Housing bureau")),
            Pair(label=_("Responsible person"), value=_("Section chief Zhou")),
            Pair(label=_("Source"), value=_("Service rating, three negative ones in a week")),
            Pair(label=_("Topic"), value=_("Asking again for papers already held")),
            Pair(label=_("Opened"), value=date(2026, 11, 2)),
            Pair(label=_("Due"), value=lights()["late"]),
            Pair(
                label=_("What must be put right"),
                value=_("Stop asking for copies of papers issued by this district; read them from the shared register."),
                prose=True,
            ),
        ),
    )


def timeline() -> Timeline:
    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 11, day, hour, minute, tzinfo=UTC)

    unit, office = _("Housing bureau"), _("Supervision office")
    return Timeline(
        title=_("What happened"),
        entries=(
            Entry(
                label=_("Time limit passed"),
                actor=_("System"),
                role=_("clock: put right within 10 working days"),
                at=at(19, 16, 0),
                look="late",
                fingerprint=_HASH[::-1],
                verify_href="#content",
            ),
            Entry(
                label=_("Report back"),
                actor=_("Clerk Shen"),
                role=unit,
                at=at(17, 2, 41),
                inputs=(
                    Pair(
                        label=_("Done so far"),
                        value=_("The counter reads eleven kinds of papers from the register; four are still asked for."),
                    ),
                    Pair(label=_("Evidence"), value=_("2 files")),
                ),
                fingerprint=_HASH[8:] + _HASH[:8],
                verify_href="#content",
            ),
            Entry(
                label=_("Sign for"),
                actor=_("Section chief Zhou"),
                role=unit,
                at=at(4, 6, 20),
                look="done",
                fingerprint=_HASH[20:] + _HASH[:20],
                verify_href="#content",
            ),
            Entry(
                label=_("Assign"),
                actor=_("Clerk Lin"),
                role=office,
                at=at(2, 1, 5),
                inputs=(
                    Pair(label=_("Responsible unit"), value=unit),
                    Pair(label=_("Report by"), value=date(2026, 11, 19)),
                ),
                fingerprint=_HASH,
                verify_href="#content",
            ),
        ),
    )


def matter_header() -> PageHeader:
    return PageHeader(
        title=_("Counter asks for papers the system already holds"),
        number="〔2026〕整改12号",
        crumbs=(
            Crumb(label=_("Inbox"), href="/design/sample/inbox/"),
            Crumb(label=_("Problem sheets"), href="#content"),
        ),
        state=(Chip(label=_("Waiting for verification"), tone="accent"), lights()["late"]),
        actions=(
            Button(label=_("Print"), href="#content", icon="print"),
            Button(label=_("Export"), href="#content", icon="export"),
        ),
    )


def steps() -> Steps:
    return Steps(
        label=_("Approval"),
        steps=(
            Step(label=_("Asked"), state="done", who=_("Clerk Shen"), at=date(2026, 11, 2)),
            Step(label=_("Section chief"), state="done", who=_("Section chief Zhou"), at=date(2026, 11, 3)),
            Step(label=_("Unit head"), state="current", who=_("Housing bureau"), note=_("1 of 2 have signed")),
            Step(label=_("Filed"), state="waiting"),
        ),
    )


def tiles() -> Tiles:
    return Tiles(
        tiles=(
            Tile(label=_("Open sheets"), value=128, note=_("12 fewer than last month"), spark=samples_charts.spark()),
            Tile(label=_("Overdue"), value=3, tone="late", note=_("in 2 units"), href="/design/sample/inbox/"),
            Tile(label=_("Due in 3 days"), value=9, tone="near", href="/design/sample/inbox/"),
            Tile(label=_("Written off this year"), value=1204, tone="done", unit=_("sheets")),
        )
    )


def paper() -> Paper:
    return Paper(
        organ=_("Effectiveness office of Model District"),
        number="示效能〔2026〕12号",
        title=_("On putting right the repeated asking for papers"),
        addressee=_("Housing bureau"),
        paragraphs=(
            _("In the first week of November three users rated your counter as poor, all for the same reason."),
            _("Please put it right by 19 November 2026 and report in writing. The sheet stays open until it was checked."),
        ),
        signer=_("Effectiveness office of Model District"),
        signed_on=date(2026, 11, 2),
        copies_to=_("District government office"),
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


def messages() -> list[Message]:
    return [
        Message(title=_("Assigned to the Housing bureau."), text=_("It has 10 working days, until 19 November."), tone="done"),
        Message(title=_("The rules changed on 1 November."), text=_("Sheets opened before keep their time limits.")),
        Message(title=_("Two sheets are due tomorrow."), tone="near"),
        Message(
            title=_("Somebody else has just changed this sheet."),
            text=_("Nothing was lost: your words are in the form below. Read what changed, then send again."),
            tone="late",
        ),
    ]


def everything() -> dict[str, Any]:
    """The context of the page of components."""
    return {
        "shell": sample_shell(),
        "header": PageHeader(
            title=_("Page of components"),
            lead=_("Every part of the design system with made-up content. What a part needs is written at its class."),
            actions=(
                Button(label=_("A matter"), href="/design/sample/matter/"),
                Button(label=_("An inbox"), href="/design/sample/inbox/"),
                Button(label=_("Sign in"), href="/design/sample/sign-in/"),
                Button(label=_("A refusal"), href="/design/sample/refusal/"),
                Button(label=_("Public page"), href="/design/sample/public/"),
            ),
        ),
        "buttons": [
            Button(label=_("Primary"), href="#content", tone="primary"),
            Button(label=_("Secondary"), href="#content", icon="export"),
            Button(label=_("Danger"), href="#content", tone="danger"),
            Button(label=_("Plain"), href="#content", tone="plain"),
        ],
        "chips": chips(),
        "lights": list(lights().values()),
        "tiles": tiles(),
        "messages_shown": messages(),
        "tabs": tabs(),
        "rows": rows(),
        "empty_rows": Rows(label=_("Matters waiting for you"), rows=(), empty=empty()),
        "filters": filters(),
        "table": table(),
        "pager": Pager(previous_href="?before=x", next_href="?after=y", words=_("25 on a page, newest first")),
        "errors": errors(),
        "fields": form_fields(),
        "summary": summary(),
        "panel": act_panel(),
        "steps": steps(),
        "timeline": timeline(),
        "paper": paper(),
        **samples_charts.all_charts(),
    }


def page(name: str) -> tuple[str, dict[str, Any]]:
    """Template and context of a sample page."""
    if name == "matter":
        return "design/pages/matter.html", {
            "shell": sample_shell("problems"),
            "header": matter_header(),
            "summary": summary(),
            "panel": act_panel(open_first=True),
            "steps": steps(),
            "timeline": timeline(),
        }
    if name == "inbox":
        return "design/pages/inbox.html", {
            "shell": sample_shell("inbox"),
            "header": PageHeader(title=_("Inbox"), lead=_("What waits for you, the most pressing first.")),
            "tiles": tiles(),
            "tabs": tabs(),
            "filters": filters(),
            "rows": rows(),
            "pager": Pager(next_href="?after=y", words=_("25 on a page, newest first")),
        }
    if name == "sign-in":
        return "design/shells/sign_in.html", {
            "action": "/design/preferences/",
            "place": _("Model District"),
            "fields": (
                Field(name="username", label=_("Account"), required=True, autocomplete="username"),
                Field(name="password", label=_("Password"), kind="password", required=True, autocomplete="current-password"),
            ),
        }
    if name == "refusal":
        return "design/shells/refusal.html", {
            "refusal": Refusal(
                code=403,
                title=_("This is not yours to decide"),
                reason=_("Who wrote a paper may not approve it."),
                clause=_("Rules of the district, article 14"),
                next_step=_("Ask the deputy head, who may approve in your place."),
                actions=(Button(label=_("Back to the sheet"), href="/design/sample/matter/", tone="primary"),),
            )
        }
    return "design/pages/public.html", {
        "home_href": "/design/sample/public/",
        "places": (
            NavItem(label=_("Tell us"), href="#content", icon="voice", current=True),
            NavItem(label=_("Follow your report"), href="#content", icon="search"),
        ),
        "header": PageHeader(
            title=_("Tell us about a problem"),
            lead=_("You need no account and need not give your name. You get a receipt to follow it with."),
        ),
        "fields": (
            Field(name="what", label=_("What happened"), kind="textarea", max_length=1000, required=True, rows=6),
            Field(name="where", label=_("Which unit"), kind="picker", choices=unit_choices()),
        ),
    }
