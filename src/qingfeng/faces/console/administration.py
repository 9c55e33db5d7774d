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

from qingfeng.faces.console import components
from qingfeng.faces.console.journal_sentences import sentences
from qingfeng.faces.console.visit import ConsoleRequest, page, staff
from qingfeng.faces.design.components import (
    ColumnHead,
    DataTable,
    EmptyState,
    FlashMessage,
    PageHeader,
    Pager,
    TableRow,
)
from qingfeng.kernel.people import administration as office
from qingfeng.kernel.people.lending import Lent, lent
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.limits import told


@require_safe
@staff
def system(visit: ConsoleRequest) -> HttpResponse:
    """Deliveries given up, clocks set aside, and the last checkpoint of each jurisdiction."""
    held = lent(visit.actor, visit.now)
    resending, trying = reverse("console:resend"), reverse("console:try_again")

    def once_more(href: str, label: Words, pk: int) -> components.RetryButton | components.GoneValue:
        if held is None:
            return components.GoneValue(words=_("by lent rights only"))
        return components.RetryButton(href=href, label=label, id=pk)

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
            cells=(
                str(head.jurisdiction),
                head.number,
                _moment_of(head.header),
                components.Code(text=head.hash),
            ),
        )
        for head in office.last_heads(visit.actor)
    ]
    context = {
        "header": PageHeader(title=_("Running of the system"), lead=_("What stands still and needs a hand.")),
        "content": [
            _rights(held),
            DataTable(
                caption=_("Deliveries given up"),
                columns=_columns(
                    _("Channel"), _("Number"), _("Tries"), _("What went wrong"), _("Send again")
                ),
                rows=failures,
                empty=EmptyState(title=_("Everything was delivered"), icon="light-check"),
            ),
            DataTable(
                caption=_("Time limits that failed"),
                columns=_columns(
                    _("Matter"), _("Time limit"), _("Due"), _("What went wrong"), _("Try again")
                ),
                rows=clocks,
                empty=EmptyState(title=_("Every clock runs"), icon="light-check"),
            ),
            DataTable(
                caption=_("Last checkpoint heads"),
                columns=_columns(_("Jurisdiction"), _("Checkpoint"), _("Sealed at"), _("Head (SM3)")),
                rows=heads,
                empty=EmptyState(
                    title=_("No checkpoint yet"), text=_("The worker seals one each minute."), icon="seal"
                ),
            ),
        ],
    }
    return page(visit, "stack", context)


@require_POST
@staff
def resend(visit: ConsoleRequest) -> HttpResponse:
    """Give a failed delivery its tries back."""
    office.resend(visit.actor, _wanted(visit), visit.now)
    messages.success(visit, say("It is sent again with the next round."))
    return HttpResponseRedirect(reverse("console:system"))


@require_POST
@staff
def try_again(visit: ConsoleRequest) -> HttpResponse:
    """Let the worker try a clock that was set aside once more."""
    office.try_again(visit.actor, _wanted(visit), visit.now)
    messages.success(visit, say("It is tried again with the next round."))
    return HttpResponseRedirect(reverse("console:system"))


def _wanted(visit: ConsoleRequest) -> int:
    wanted = visit.POST.get("id", "")
    return int(wanted) if wanted.isdigit() and len(wanted) < 19 else 0


def _rights(held: Lent | None) -> FlashMessage:
    """Whether anything may be changed here now, and by what."""
    if held is None:
        return FlashMessage(
            title=_("You may look, and change nothing"),
            text=_("To send or try something again, ask for administration for a time; another grants it."),
        )
    return FlashMessage(
        title=format_lazy(_("Rights are lent to you until {}"), _moment(held.until)),
        text=format_lazy(_("For: {}. Whatever you do by them is journalled."), held.reason),
        tone="near",
    )


@require_safe
@staff
def journal(visit: ConsoleRequest) -> HttpResponse:
    """The journal's lines, the latest first, as they are chained; nothing here can be changed."""
    found = office.journal_lines(visit.actor, visit.GET.get("page", ""))
    rows = [
        TableRow(
            cells=(
                line.seq,
                _moment(line.at),
                line.get_kind_display(),
                line.account.username if line.account else components.GoneValue(words=_("nobody")),
                about,
                components.Code(text=f"{line.hash[:16]}…"),
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
            DataTable(
                caption=_("Lines of the journal"),
                columns=(
                    ColumnHead(label=_("Line"), numeric=True),
                    *_columns(_("At"), _("Kind"), _("Account"), _("About"), _("Fingerprint")),
                ),
                rows=rows,
                empty=EmptyState(title=_("Nothing yet"), icon="ledger"),
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


def _columns(*labels: Any) -> tuple[ColumnHead, ...]:
    return tuple(ColumnHead(label=label) for label in labels)


def _moment(moment: Any) -> str:
    return formats.date_format(timezone.localtime(moment), "Y-m-d H:i")


def _moment_of(header: str) -> str:
    return _moment(datetime.fromisoformat(json.loads(header)["at"]))
