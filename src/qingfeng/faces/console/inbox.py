"""The inbox: all that waits on the reader, in this role and the others; and the notices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from qingfeng.faces.console import components
from qingfeng.faces.console.display import address_of, light_of, matter_type, mechanism_name, row_of
from qingfeng.faces.console.navigation import role_words
from qingfeng.faces.console.visit import ConsoleRequest, page, signed_in
from qingfeng.faces.design.components import EmptyState, PageHeader, Pager
from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.background import outbox
from qingfeng.kernel.former_codes import act_of
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.people.actors import holder_of
from qingfeng.kernel.reading import reads
from qingfeng.kernel.time.limits import Limit, limit_at
from qingfeng.kernel.time.periods import day_of


@require_safe
@signed_in
def inbox(visit: ConsoleRequest) -> HttpResponse:
    """What waits on the reader, the most pressing first."""
    cursor = visit.GET.get("page", "")
    found = reads.inbox(visit.actor, cursor)
    context = {
        "header": PageHeader(
            title=_("Inbox"), lead=_("What waits on you in this role, the most pressing first.")
        ),
        "tasks": tasks(visit, found.rows),
        "pager": Pager(
            previous_href=reverse("console:inbox") if cursor else "",
            next_href=f"?page={found.following}" if found.following else "",
        )
        if cursor or found.following
        else None,
        "others": others(visit),
    }
    return page(visit, "inbox", context)


def tasks(visit: ConsoleRequest, rows: Sequence[Access]) -> components.PendingMatters:
    """What waits, matter by matter, or that nothing does."""
    limits = reads.limits([row.matter for row in rows])
    return components.PendingMatters(
        label=_("Waiting on you"),
        tasks=[
            _task(visit, list(owed), limits.get(pk, ()))
            for pk, owed in groupby(rows, key=lambda row: row.matter_id)
        ],
        empty=EmptyState(
            title=_("Nothing waits on you"),
            text=_("What is handed to you appears here at once. All you may read stands in the lists."),
            icon="light-check",
        ),
    )


def _task(visit: ConsoleRequest, rows: list[Access], limits: Sequence[Limit]) -> components.PendingMatter:
    matter = rows[0].matter
    declared = acts_of(matter_type(matter))
    due = min((row.due for row in rows if row.due is not None), default=None)
    owed = dict.fromkeys(act_of(matter.mechanism, row.act) for row in rows)
    names = [name for name in owed if name in declared]
    return components.PendingMatter(
        row=row_of(
            matter,
            light_of(limit_at(limits, due), visit.now),
            (mechanism_name(matter_type(matter), plural=False),),
        ),
        acts=[
            components.TextLink(
                label=declared[name].label,
                href=reverse("console:act", args=[matter.mechanism, matter.pk, name]) + f"#act-{name}",
            )
            for name in names
        ],
    )


def others(visit: ConsoleRequest) -> list[components.OtherRole]:
    """How much waits in the reader's other roles: counts, no more; one switches to see it."""
    assert visit.account is not None
    waiting = [
        components.OtherRole(
            key=str(holding.pk),
            label=role_words(holding, visit.account),
            count=reads.waiting(holder_of(visit.account, holding, day_of(visit.now))),
        )
        for holding in visit.holdings
        if holding != visit.holding
    ]
    return [role for role in waiting if role.count]


@require_safe
@signed_in
def notices(visit: ConsoleRequest) -> HttpResponse:
    """What the reader was told, the latest first."""
    found = reads.notices(visit.actor, visit.GET.get("page", ""))
    drawn = [
        components.Notice(
            id=told.pk,
            subject=str(told.payload.get("subject", "")),
            text=str(told.payload.get("text", "")),
            at=told.entry.at if told.entry else told.next_try_at,
            href=address_of(told.entry.matter) if told.entry else "",
            unread=told.read_at is None,
        )
        for told in found.rows
    ]
    context = {
        "header": PageHeader(title=_("Notices"), lead=_("What you were told in this role.")),
        "notices": drawn,
        "empty": EmptyState(
            title=_("No notices yet"),
            text=_("Notices tell you what waits on you and what became of it."),
            icon="voice",
        ),
        "any_unread": any(notice.unread for notice in drawn),
        "pager": Pager(next_href=f"?page={found.following}") if found.following else None,
    }
    return page(visit, "notices", context)


@require_POST
@signed_in
def notices_read(visit: ConsoleRequest) -> HttpResponse:
    """Mark notices as read: the one named, or all. Opening the matter from a notice does it too."""
    wanted = visit.POST.get("notice", "")
    outbox.read(visit.actor, visit.now, int(wanted) if wanted.isdigit() and len(wanted) < 19 else None)
    target = visit.POST.get("open", "")
    if target and wanted.isdigit():
        told = reads.notice(visit.actor, int(wanted[:18]))
        if told.entry is not None:
            return HttpResponseRedirect(address_of(told.entry.matter))
    return HttpResponseRedirect(reverse("console:notices"))
