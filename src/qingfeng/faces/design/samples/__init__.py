"""Made-up content for the page of components and the sample pages. No place and no person in it exists."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from qingfeng.faces.design.components import Button, MatterList, PageHeader, Pager, RefusalPage
from qingfeng.faces.design.fields import Field
from qingfeng.faces.design.samples import figures
from qingfeng.faces.design.samples.forms import errors, form_fields, messages
from qingfeng.faces.design.samples.frame import frame
from qingfeng.faces.design.samples.lists import (
    chips,
    empty,
    filters,
    lights,
    rows,
    table,
    tabs,
    tiles,
    unit_choices,
)
from qingfeng.faces.design.samples.matter import act_panel, matter_header, paper, steps, summary, timeline
from qingfeng.faces.design.shell import NavItem


def everything() -> dict[str, Any]:
    """The context of the page of components."""
    return {
        "shell": frame(),
        "header": PageHeader(
            title=_("Page of components"),
            lead=_(
                "Every part of the design system with made-up content. What a part "
                "needs is written at its class."
            ),
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
        "empty_rows": MatterList(label=_("Nothing waits for you"), rows=(), empty=empty()),
        "filters": filters(),
        "table": table(),
        "pager": Pager(
            previous_href="?before=x", next_href="?after=y", words=_("25 on a page, newest first")
        ),
        "errors": errors(),
        "fields": form_fields(),
        "summary": summary(),
        "panel": act_panel(),
        "steps": steps(),
        "timeline": timeline(),
        "paper": paper(),
        **figures.all_charts(),
    }


def page(name: str) -> tuple[str, dict[str, Any]]:
    """Template and context of a sample page."""
    if name == "matter":
        return "design/pages/matter.html", {
            "shell": frame("problems"),
            "header": matter_header(),
            "summary": summary(),
            "panel": act_panel(open_first=True),
            "steps": steps(),
            "timeline": timeline(),
        }
    if name == "inbox":
        return "design/pages/inbox.html", {
            "shell": frame("inbox"),
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
                Field(
                    name="password",
                    label=_("Password"),
                    kind="password",
                    required=True,
                    autocomplete="current-password",
                ),
            ),
        }
    if name == "refusal":
        return "design/shells/refusal.html", {
            "refusal": RefusalPage(
                code=403,
                title=_("This is not yours to decide"),
                reason=_("Who wrote a paper may not approve it."),
                clause=_("Rules of the district, article 14"),
                next_step=_("Ask the deputy head, who may approve in your place."),
                actions=(
                    Button(label=_("Back to the sheet"), href="/design/sample/matter/", tone="primary"),
                ),
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
            Field(
                name="what",
                label=_("What the problem is"),
                kind="textarea",
                max_length=1000,
                required=True,
                rows=6,
            ),
            Field(name="where", label=_("Which unit"), kind="picker", choices=unit_choices()),
        ),
    }
