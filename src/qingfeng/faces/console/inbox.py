"""The inbox: all that waits on the reader, in this role and the others; and the notices."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from qingfeng.faces.console import parts
from qingfeng.faces.console.drawn import address_of, light_of, matter_type, mechanism_name, row_of
from qingfeng.faces.console.frame import role_words
from qingfeng.faces.console.visit import Visit, page, staff
from qingfeng.faces.design.parts import Empty, PageHeader, Pager
from qingfeng.kernel import outbox, reads
from qingfeng.kernel.access import Access
from qingfeng.kernel.actors import holder_of
from qingfeng.kernel.limits import Limit, limit_at
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.time.periods import day_of


@require_safe
@staff
def inbox(visit: Visit) -> HttpResponse:
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


def tasks(visit: Visit, rows: Sequence[Access]) -> parts.Tasks:
    """What waits, matter by matter, or that nothing does."""
    limits = reads.limits([row.matter for row in rows])
    return parts.Tasks(
        label=_("Waiting on you"),
        tasks=[
            _task(visit, list(owed), limits.get(pk, ()))
            for pk, owed in groupby(rows, key=lambda row: row.matter_id)
        ],
        empty=Empty(
            title=_("Nothing waits on you"),
            text=_("What is handed to you appears here at once. All you may read stands in the lists."),
            icon="light-check",
        ),
    )


def _task(visit: Visit, rows: list[Access], limits: Sequence[Limit]) -> parts.Task:
    matter = rows[0].matter
    declared = acts_of(matter_type(matter))
    due = min((row.due for row in rows if row.due is not None), default=None)
    names = list(dict.fromkeys(row.act for row in rows if row.act in declared))
    return parts.Task(
        row=row_of(
            matter,
            light_of(limit_at(limits, due), visit.now),
            (mechanism_name(matter_type(matter), plural=False),),
        ),
        acts=[
            parts.Link(
                label=declared[name].label,
                href=reverse("console:act", args=[matter.mechanism, matter.pk, name]) + f"#act-{name}",
            )
            for name in names
        ],
    )


def others(visit: Visit) -> list[parts.OtherRole]:
    """How much waits in the reader's other roles: counts, no more; one switches to see it."""
    assert visit.account is not None
    waiting = [
        parts.OtherRole(
            key=str(holding.pk),
            label=role_words(holding, visit.account),
            count=reads.waiting(holder_of(visit.account, holding, day_of(visit.now))),
        )
        for holding in visit.holdings
        if holding != visit.holding
    ]
    return [role for role in waiting if role.count]


@require_safe
@staff
def notices(visit: Visit) -> HttpResponse:
    """What the reader was told, the latest first."""
    found = reads.notices(visit.actor, visit.GET.get("page", ""))
    drawn = [
        parts.Notice(
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
        "empty": Empty(
            title=_("No notices yet"),
            text=_("Notices tell you what waits on you and what became of it."),
            icon="voice",
        ),
        "any_unread": any(notice.unread for notice in drawn),
        "pager": Pager(next_href=f"?page={found.following}") if found.following else None,
    }
    return page(visit, "notices", context)


@require_POST
@staff
def notices_read(visit: Visit) -> HttpResponse:
    """Mark notices as read: the one named, or all. Opening the matter from a notice does it too."""
    wanted = visit.POST.get("notice", "")
    outbox.read(visit.actor, visit.now, int(wanted) if wanted.isdigit() and len(wanted) < 19 else None)
    target = visit.POST.get("open", "")
    if target and wanted.isdigit():
        told = reads.notice(visit.actor, int(wanted[:18]))
        if told.entry is not None:
            return HttpResponseRedirect(address_of(told.entry.matter))
    return HttpResponseRedirect(reverse("console:notices"))
