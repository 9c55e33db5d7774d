"""The first page of each role 首页: what waits on the reader, and what one in that role has to keep in sight.

A clerk sees what waits on whom; an office what flows, what is late and who is looked at; a leader what they carry,
with one touch to ask for progress. Matters, units and offices stand here, never how busy a person is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qingfeng.faces.console import desks, looked, parts
from qingfeng.faces.console.desks import Piece
from qingfeng.faces.console.inbox import others, tasks
from qingfeng.faces.console.lists import MOST_EXPORTED
from qingfeng.faces.console.visit import Visit, page, staff
from qingfeng.faces.console.workbooks import workbook
from qingfeng.faces.design.parts import Button, Empty, Message, PageHeader, Pager
from qingfeng.kernel import administration, reads
from qingfeng.kernel.carried import Carried
from qingfeng.kernel.paging import LARGEST_PAGE
from qingfeng.kernel.parties.roles import Role
from qingfeng.kernel.recount import ENTER_IT, lacking
from qingfeng.kernel.refusals import NotFound
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.words import Words

FEW, MANY = 5, 10
"""Tasks on a first page that has more to show, and on one that is mostly an inbox."""


class Section(NamedTuple):
    """A title, what makes the piece for so many rows, the address of the whole where there is one; two columns wide."""

    title: Words
    make: Callable[[Visit, int], Piece]
    whole: str = ""
    wide: bool = False


def _carried(visit: Visit, most: int) -> Piece:
    found = reads.carried(visit.actor, "", most)
    empty = Empty(title=_("Nothing is open"), icon="light-check")
    return desks.carried(visit, found.rows, _("What I carry"), empty, reverse("console:first"))


def _own(visit: Visit, most: int) -> Piece:
    found = reads.own(visit.actor, "", most)
    empty = Empty(
        title=_("Nothing of yours is open"),
        text=_("What you ask for yourself, such as leave, stands here until it is done."),
        icon="person",
    )
    return desks.carried(visit, found.rows, _("My own matters"), empty, reverse("console:first"))


def _awaited(visit: Visit, most: int) -> Piece:
    return desks.awaited(visit, reads.awaited(visit.actor, most))


def _loads(visit: Visit, most: int) -> Piece:
    return desks.loads(visit, reads.loads(visit.actor, visit.now))


def _late(visit: Visit, most: int) -> Piece:
    return desks.late(visit, reads.late(visit.actor, visit.now))


def _flow(visit: Visit, most: int) -> Piece:
    return desks.flow(visit, reads.flow(visit.actor, day_of(visit.now)))


def _looked(visit: Visit, most: int) -> Piece:
    today = day_of(visit.now)
    return looked.piece(reads.looks(visit.actor, today.year, today))


CARRIED = Section(_("What I carry"), _carried, "carried", wide=True)
OF_UNIT = Section(_("What my unit has open"), _carried, "carried")
LOADS = Section(_("Open and late, by unit"), _loads)
AWAITED = Section(_("Waiting for others"), _awaited)
OWN = Section(_("My own matters"), _own)
LATE = Section(_("Overdue, by who must act"), _late)
FLOW = Section(_("What came in and went out"), _flow, wide=True)
LOOKED = Section(_("Focus topics and units"), _looked, "looks", wide=True)

OF_OFFICE = (LATE, FLOW, LOOKED)
SECTIONS: dict[str, tuple[Section, ...]] = {
    Role.UNIT_CLERK: (AWAITED, OWN),
    Role.CADRE: (OWN,),
    "": (OWN,),
    Role.UNIT_HEAD: (LOADS, OF_UNIT, AWAITED, OWN),
    Role.LEADER: (LOADS, CARRIED),
    Role.SUPERVISION_OFFICE: OF_OFFICE,
    Role.DISCIPLINE_ORGAN: OF_OFFICE,
    Role.ORGANIZATION_DEPARTMENT: (LATE, FLOW),
    Role.FINANCE: (LATE, FLOW),
}
"""What stands on the first page of a role below what waits on the reader; an administrator's own page is linked."""

ADMINISTRATION = {
    Role.SYSTEM_ADMINISTRATOR: (_("Running of the system"), "system"),
    Role.AUDIT_ADMINISTRATOR: (_("Journal"), "journal"),
}


@require_safe
@staff
def first(visit: Visit) -> HttpResponse:
    """The first page of the role acted in."""
    sections = SECTIONS.get(visit.actor.role, ())
    waiting = reads.inbox(visit.actor, "", FEW if len(sections) > 2 else MANY)
    cards: list[object] = [
        *_calendar(visit),
        parts.Card(
            title=_("Waiting on you"),
            content=[tasks(visit, waiting.rows)],
            id="waiting",
            more=_more(_("All that waits on you"), "inbox") if waiting.following else None,
            flush=True,
        ),
    ]
    for section in sections:
        piece = section.make(visit, MANY)
        cards.append(
            parts.Card(
                title=section.title,
                content=piece.drawn,
                more=_more(_("All of it"), section.whole) if section.whole else None,
                wide=section.wide,
                flush=all(isinstance(part, parts.Tasks) for part in piece.drawn),
            )
        )
    cards += _administration(visit)
    context = {
        "header": PageHeader(
            title=_("First page"),
            lead=str(visit.holding)
            if visit.holding
            else _(
                "You hold no role today. What is yours you may still bring to an end; the rest waits for a role."
            ),
            actions=(_excel("console:first_workbook"),) if sections else (),
        ),
        "content": cards,
        "others": others(visit),
    }
    return page(visit, "first", context)


def _calendar(visit: Visit) -> list[object]:
    year = lacking(visit.now) if visit.actor.role == Role.SUPERVISION_OFFICE else None
    if year is None:
        return []
    title = format_lazy(_("The working days of {} are not known here yet"), year)
    return [Message(title=title, text=ENTER_IT, tone="near")]


@require_safe
@staff
def first_workbook(visit: Visit) -> HttpResponse:
    """The tables of the first page, each a sheet, with all their rows."""
    sections = SECTIONS.get(visit.actor.role, ())
    if not sections:
        raise NotFound
    pieces = [section.make(visit, LARGEST_PAGE) for section in sections]
    return workbook(visit, "first", [piece.sheet for piece in pieces])


@require_safe
@staff
def carried(visit: Visit) -> HttpResponse:
    """All that the units the reader answers for have open, a page at a time."""
    cursor = visit.GET.get("page", "")
    found = reads.carried(visit.actor, cursor)
    here = reverse("console:carried")
    empty = Empty(title=_("Nothing is open"), icon="light-check")
    piece = desks.carried(
        visit, found.rows, _("What I carry"), empty, f"{here}?page={cursor}" if cursor else here
    )
    pager = Pager(
        previous_href=here if cursor else "",
        next_href=f"?page={found.following}" if found.following else "",
    )
    context = {
        "header": PageHeader(
            title=_("What I carry"),
            lead=_("Open matters of the units you answer for: what is due first, then the oldest."),
            actions=(_excel("console:carried_workbook"),),
        ),
        "content": [*piece.drawn, *((pager,) if cursor or found.following else ())],
    }
    return page(visit, "stack", context)


@require_safe
@staff
def carried_workbook(visit: Visit) -> HttpResponse:
    """The same as a workbook."""
    rows: list[Carried] = []
    cursor: str | None = ""
    while cursor is not None and len(rows) < MOST_EXPORTED:
        found = reads.carried(visit.actor, cursor, LARGEST_PAGE)
        rows += found.rows
        cursor = found.following
    piece = desks.carried(visit, rows[:MOST_EXPORTED], _("What I carry"), Empty(title=""), "")
    return workbook(visit, "carried", [piece.sheet])


def _more(label: Words, name: str) -> parts.Link:
    return parts.Link(label=label, href=reverse(f"console:{name}"))


def _excel(name: str) -> Button:
    return Button(label=_("Excel"), href=reverse(name), tone="plain", icon="export")


def _administration(visit: Visit) -> Sequence[object]:
    """What an administrator watches over: how much stands still, and the way to the page of it."""
    role = visit.actor.role
    if role not in ADMINISTRATION:
        return ()
    title, name = ADMINISTRATION[Role(role)]
    words: list[Words] = []
    if role == Role.SYSTEM_ADMINISTRATOR:
        failed = len(administration.failed_deliveries(visit.actor))
        aside = len(administration.clocks_set_aside(visit.actor))
        words = [
            format_lazy(_("Deliveries given up: {}"), failed),
            format_lazy(_("Time limits that failed: {}"), aside),
        ]
    link = parts.Link(label=title, href=reverse(f"console:{name}"))
    return (parts.Card(title=title, content=[parts.Words(sentences=[*words, link])]),)
