"""What the administrators see, and nobody else: how the system runs; the journal. No content of matters."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from qingfeng.faces.console import parts
from qingfeng.faces.console.journalled import sentences
from qingfeng.faces.console.visit import Visit, page, staff
from qingfeng.faces.design.parts import Column, Empty, Message, PageHeader, Pager, Table, TableRow
from qingfeng.kernel import administration as office
from qingfeng.kernel.lending import Lent, lent
from qingfeng.kernel.limits import told
from qingfeng.kernel.words import Words


@require_safe
@staff
def system(visit: Visit) -> HttpResponse:
    """Deliveries given up, clocks set aside, and the last checkpoint of each jurisdiction."""
    held = lent(visit.actor, visit.now)
    resending, trying = reverse("console:resend"), reverse("console:try_again")

    def once_more(href: str, label: Words, pk: int) -> parts.OnceMore | parts.Gone:
        if held is None:
            return parts.Gone(words=_("by lent rights only"))
        return parts.OnceMore(href=href, label=label, id=pk)

    failures = [
        TableRow(
            cells=(
                message.get_channel_display(),
                message.pk,
                message.tries,
                message.error,
                once_more(resending, _("Send again"), message.pk),
            )
        )
        for message in office.failed_deliveries(visit.actor)
    ]
    clocks = [
        TableRow(
            cells=(
                clock.matter.number,
                clock.name,
                told(clock.due_at),
                clock.set_aside,
                once_more(trying, _("Try again"), clock.pk),
            )
        )
        for clock in office.clocks_set_aside(visit.actor)
    ]
    heads = [
        TableRow(
            cells=(str(head.jurisdiction), head.number, _moment_of(head.header), parts.Code(text=head.hash)),
        )
        for head in office.last_heads(visit.actor)
    ]
    context = {
        "header": PageHeader(title=_("Running of the system"), lead=_("What stands still and needs a hand.")),
        "content": [
            _rights(held),
            Table(
                caption=_("Deliveries given up"),
                columns=_columns(
                    _("Channel"), _("Number"), _("Tries"), _("What went wrong"), _("Send again")
                ),
                rows=failures,
                empty=Empty(title=_("Everything was delivered"), icon="light-check"),
            ),
            Table(
                caption=_("Time limits that failed"),
                columns=_columns(
                    _("Matter"), _("Time limit"), _("Due"), _("What went wrong"), _("Try again")
                ),
                rows=clocks,
                empty=Empty(title=_("Every clock runs"), icon="light-check"),
            ),
            Table(
                caption=_("Last checkpoint heads"),
                columns=_columns(_("Jurisdiction"), _("Checkpoint"), _("Sealed at"), _("Head (SM3)")),
                rows=heads,
                empty=Empty(
                    title=_("No checkpoint yet"), text=_("The worker seals one each minute."), icon="seal"
                ),
            ),
        ],
    }
    return page(visit, "stack", context)


@require_POST
@staff
def resend(visit: Visit) -> HttpResponse:
    """Give a failed delivery its tries back."""
    office.resend(visit.actor, _wanted(visit), visit.now)
    messages.success(visit, say("It is sent again with the next round."))
    return HttpResponseRedirect(reverse("console:system"))


@require_POST
@staff
def try_again(visit: Visit) -> HttpResponse:
    """Let the worker try a clock that was set aside once more."""
    office.try_again(visit.actor, _wanted(visit), visit.now)
    messages.success(visit, say("It is tried again with the next round."))
    return HttpResponseRedirect(reverse("console:system"))


def _wanted(visit: Visit) -> int:
    wanted = visit.POST.get("id", "")
    return int(wanted) if wanted.isdigit() and len(wanted) < 19 else 0


def _rights(held: Lent | None) -> Message:
    """Whether anything may be changed here now, and by what."""
    if held is None:
        return Message(
            title=_("You may look, and change nothing"),
            text=_("To send or try something again, ask for administration for a time; another grants it."),
        )
    return Message(
        title=format_lazy(_("Rights are lent to you until {}"), _moment(held.until)),
        text=format_lazy(_("For: {}. Whatever you do by them is journalled."), held.reason),
        tone="near",
    )


@require_safe
@staff
def journal(visit: Visit) -> HttpResponse:
    """The journal's lines, the latest first, as they are chained; nothing here can be changed."""
    found = office.journal_lines(visit.actor, visit.GET.get("page", ""))
    rows = [
        TableRow(
            cells=(
                line.seq,
                _moment(line.at),
                line.get_kind_display(),
                line.account.username if line.account else parts.Gone(words=_("nobody")),
                about,
                parts.Code(text=f"{line.hash[:16]}…"),
            )
        )
        for line, about in zip(found.rows, sentences(found.rows), strict=True)
    ]
    context = {
        "header": PageHeader(
            title=_("Journal"),
            lead=_("Sign-ins, refusals, exports and readings of sealed things, in one chain."),
        ),
        "content": [
            Table(
                caption=_("Lines of the journal"),
                columns=(
                    Column(label=_("Line"), numeric=True),
                    *_columns(_("At"), _("Kind"), _("Account"), _("About"), _("Fingerprint")),
                ),
                rows=rows,
                empty=Empty(title=_("Nothing yet"), icon="ledger"),
                tight=True,
                caption_hidden=True,
            ),
            Pager(
                previous_href=reverse("console:journal") if visit.GET.get("page") else "",
                next_href=f"?page={found.following}" if found.following else "",
            ),
        ],
    }
    return page(visit, "stack", context)


def _columns(*labels: Any) -> tuple[Column, ...]:
    return tuple(Column(label=label) for label in labels)


def _moment(moment: Any) -> str:
    return formats.date_format(timezone.localtime(moment), "Y-m-d H:i")


def _moment_of(header: str) -> str:
    return _moment(datetime.fromisoformat(json.loads(header)["at"]))
