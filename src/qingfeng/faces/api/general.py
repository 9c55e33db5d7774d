"""The operations that belong to no mechanism: who calls, what waits, what is found, what was told, files."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.api import presentation, schemas
from qingfeng.faces.api.auth import caller
from qingfeng.faces.api.operations import Answer, paged
from qingfeng.faces.api.parameters import Paging, Searching
from qingfeng.faces.api.routing import ApiOperation, Face
from qingfeng.kernel.acts.engine import openings
from qingfeng.kernel.people.models import Person, Unit
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.reading import reads

TAG = "general"


def hang(face: Face) -> None:
    """Hang them all."""
    for name, answer, view, label, text, query in (
        ("me", schemas.Me, me, _("Who I am"), _("The account, role and unit this token acts for."), None),
        (
            "inbox",
            schemas.Inbox,
            inbox,
            _("Inbox"),
            _("What waits on you, the most pressing first."),
            Paging,
        ),
        (
            "search",
            schemas.Found,
            search,
            _("Search"),
            _("Matters of all mechanisms, the newest first."),
            Searching,
        ),
        (
            "notices",
            schemas.Notices,
            notices,
            _("Notices"),
            _("What you were told, the latest first."),
            Paging,
        ),
        (
            "openings",
            schemas.Openings,
            opening,
            _("What can be opened"),
            _("Every act that opens a matter, and why you can't do it where you can't."),
            None,
        ),
    ):
        face.hang(ApiOperation(name, "GET", f"/{name}", answer, label, text, TAG, query), view)


def me(request: HttpRequest, response: HttpResponse) -> Answer:
    who = caller(request)
    actor, token = who.actor, who.token
    unit = Unit.objects.select_related("jurisdiction").get(holdings=token.holding_id)
    instead = Person.objects.get(pk=actor.instead_of) if actor.instead_of else None
    return {
        "account": token.account.username,
        "person": _named(token.account.person),
        "role": {"code": actor.role, "label": str(Role(actor.role).label)},
        "unit": _named(unit),
        "portfolio": [
            _named(covered) for covered in Unit.objects.filter(pk__in=actor.portfolio).order_by("code")
        ],
        "jurisdiction": _named(unit.jurisdiction),
        "instead_of": _named(instead) if instead else None,
        "token": {"name": token.name, "created_at": token.created_at, "expires_at": token.expires_at},
    }


def inbox(request: HttpRequest, response: HttpResponse, query: Paging) -> Answer:
    page = reads.inbox(caller(request).actor, query.cursor, query.size)
    rows = [
        {
            "matter": presentation.brief(owed.matter),
            "act": presentation.owed(owed.matter, owed.act),
            "due": owed.due,
        }
        for owed in page.rows
    ]
    return paged(page, rows)


def search(request: HttpRequest, response: HttpResponse, query: Searching) -> Answer:
    page = reads.searched(caller(request).actor, query.q, query.cursor, query.size)
    return paged(page, [presentation.brief(matter) for matter in page.rows])


def notices(request: HttpRequest, response: HttpResponse, query: Paging) -> Answer:
    page = reads.notices(caller(request).actor, query.cursor, query.size)
    return paged(page, [_notice(message) for message in page.rows])


def opening(request: HttpRequest, response: HttpResponse) -> Answer:
    offered = openings(caller(request).actor, caller(request).now)
    return {"rows": [presentation.option(option) for option in offered], "next": None}


def _notice(message: Any) -> Answer:
    entry = message.entry
    return {
        "id": message.pk,
        "at": entry.at if entry else None,
        "subject": message.payload.get("subject", ""),
        "text": message.payload.get("text", ""),
        "mechanism": entry.matter.mechanism if entry else None,
        "matter": entry.matter_id if entry else None,
    }


def _named(row: Any) -> Answer:
    return {"id": row.pk, "name": str(row)}
