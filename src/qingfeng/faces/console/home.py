"""The first page of each role 首页: what waits on the reader, and what one in that role has to keep in sight.

A clerk sees what waits on whom; an office what flows, what is late and who is looked at; a leader what they carry,
with one touch to ask for progress. Matters, units and offices stand here, never how busy a person is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.http import HttpResponse
from django.urls import reverse
from django.utils import formats
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qingfeng.faces.console import components, coverage, desks
from qingfeng.faces.console.desks import DeskPiece
from qingfeng.faces.console.inbox import others, tasks
from qingfeng.faces.console.visit import ConsoleRequest, page, signed_in, staff
from qingfeng.faces.console.workbooks import MOST_ROWS, workbook
from qingfeng.faces.design.components import Button, EmptyState, FlashMessage, PageHeader, Pager
from qingfeng.kernel.people import administration
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.paging import LARGEST_PAGE, ListPage
from qingfeng.kernel.reading.workload import OpenMatter
from qingfeng.kernel.refusals import NotFound
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.recount import ENTER_IT, lacking

FEW, MANY = 5, 10
"""Tasks on a first page that has more to show, and on one that is mostly an inbox."""


class DeskSection(NamedTuple):
    """A title, what makes the piece for so many rows, the address of the whole where there is one; two columns wide."""

    title: Words
    make: Callable[[ConsoleRequest, int], DeskPiece]
    whole: str = ""
    wide: bool = False


def _carried(visit: ConsoleRequest, most: int) -> DeskPiece:
    found = reads.carried(visit.actor, "", most)
    empty = EmptyState(title=_("Nothing is open"), icon="light-check")
    return desks.carried(
        visit, found.rows, _("What I carry"), empty, reverse("console:first"), _cut(found, most)
    )


def _cut(found: ListPage, most: int) -> int:
    return most if found.following else 0


def _own(visit: ConsoleRequest, most: int) -> DeskPiece:
    found = reads.own(visit.actor, "", most)
    empty = EmptyState(
        title=_("Nothing of yours is open"),
        text=_("What you ask for yourself, such as leave, stands here until it is done."),
        icon="person",
    )
    return desks.carried(
        visit, found.rows, _("My own matters"), empty, reverse("console:first"), _cut(found, most)
    )


def _awaited(visit: ConsoleRequest, most: int) -> DeskPiece:
    return desks.awaited(visit, reads.awaited(visit.actor, most), most)


def _loads(visit: ConsoleRequest, most: int) -> DeskPiece:
    return desks.loads(visit, reads.loads(visit.actor, visit.now))


def _late(visit: ConsoleRequest, most: int) -> DeskPiece:
    return desks.late(visit, reads.late(visit.actor, visit.now))


def _flow(visit: ConsoleRequest, most: int) -> DeskPiece:
    return desks.flow(visit, reads.flow(visit.actor, day_of(visit.now)))


def _looked(visit: ConsoleRequest, most: int) -> DeskPiece:
    today = day_of(visit.now)
    return coverage.piece(reads.looks(visit.actor, today.year, today))


CARRIED = DeskSection(_("What I carry"), _carried, "carried", wide=True)
OF_UNIT = DeskSection(_("What my unit has open"), _carried, "carried")
LOADS = DeskSection(_("Open and late, by unit"), _loads)
AWAITED = DeskSection(_("Waiting for others"), _awaited)
OWN = DeskSection(_("My own matters"), _own)
LATE = DeskSection(_("Overdue, by who must act"), _late)
FLOW = DeskSection(_("What came in and went out"), _flow, wide=True)
LOOKED = DeskSection(_("Focus topics and units"), _looked, "looks", wide=True)

OF_OFFICE = (LATE, FLOW, LOOKED)
SECTIONS: dict[str, tuple[DeskSection, ...]] = {
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
@signed_in
def first(visit: ConsoleRequest) -> HttpResponse:
    """The first page of the role acted in."""
    sections = SECTIONS.get(visit.actor.role, ())
    waiting = reads.inbox(visit.actor, "", FEW if len(sections) > 2 else MANY)
    cards: list[object] = [
        *_calendar(visit),
        components.Card(
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
            components.Card(
                title=section.title,
                content=piece.drawn,
                more=_more(_("All of it"), section.whole) if section.whole else None,
                wide=section.wide,
                flush=all(isinstance(part, components.PendingMatters) for part in piece.drawn),
            )
        )
    cards += [*_goals(visit), *_administration(visit)]
    context = {
        "header": PageHeader(
            title=_("First page"),
            lead=_lead(visit),
            actions=(_excel("console:first_workbook"),) if sections and not visit.actor.outside else (),
        ),
        "content": cards,
        "others": others(visit),
    }
    return page(visit, "first", context)


def _lead(visit: ConsoleRequest) -> Words:
    if visit.holding:
        return str(visit.holding)
    if visit.actor.outside:
        return _("What you are asked for stands here.")
    return _(
        "You hold no role today. What is yours you may still bring to an end; the rest waits for a role."
    )


def _calendar(visit: ConsoleRequest) -> list[object]:
    year = lacking(visit.now) if visit.actor.role == Role.SUPERVISION_OFFICE else None
    if year is None:
        return []
    title = format_lazy(_("The working days of {} are not known here yet"), year)
    return [FlashMessage(title=title, text=ENTER_IT, tone="near")]


@require_safe
@staff
def first_workbook(visit: ConsoleRequest) -> HttpResponse:
    """The tables of the first page, each a sheet, with all their rows."""
    sections = SECTIONS.get(visit.actor.role, ())
    if not sections:
        raise NotFound
    pieces = [section.make(visit, LARGEST_PAGE) for section in sections]
    return workbook(visit, "first", _("First page"), [piece.sheet for piece in pieces])


@require_safe
@staff
def carried(visit: ConsoleRequest) -> HttpResponse:
    """All that the units the reader answers for have open, a page at a time."""
    cursor = visit.GET.get("page", "")
    found = reads.carried(visit.actor, cursor)
    here = reverse("console:carried")
    empty = EmptyState(title=_("Nothing is open"), icon="light-check")
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
def carried_workbook(visit: ConsoleRequest) -> HttpResponse:
    """The same as a workbook."""
    rows: list[OpenMatter] = []
    cursor: str | None = ""
    while cursor is not None and len(rows) < MOST_ROWS:
        found = reads.carried(visit.actor, cursor, LARGEST_PAGE)
        rows += found.rows
        cursor = found.following
    most = MOST_ROWS if cursor is not None or len(rows) > MOST_ROWS else 0
    piece = desks.carried(visit, rows[:MOST_ROWS], _("What I carry"), EmptyState(title=""), "", most)
    return workbook(visit, "carried", _("What I carry"), [piece.sheet])


def _more(label: Words, name: str) -> components.TextLink:
    return components.TextLink(label=label, href=reverse(f"console:{name}"))


def _excel(name: str) -> Button:
    return Button(label=_("Excel"), href=reverse(name), tone="plain", icon="export")


def _goals(visit: ConsoleRequest) -> Sequence[object]:
    """What binds the reader, and how far they are; of a goal whose matters they read as an office, counts and no names."""
    today = day_of(visit.now)
    lines = [
        components.TextLink(
            label=str(one),
            href=reverse("console:matter", args=[one.code, one.pk]),
            note=format_lazy(
                _("{} of {} so far; the period ends with {}."),
                far.done,
                far.owed,
                formats.date_format(one.last),
            ),
        )
        for one, far in reads.own_goals(visit.actor, today)
    ] + [
        components.TextLink(
            label=f"{count.goal.goal.label} {count.period}",
            href=reverse("console:listing", args=[count.goal.code]),
            note=format_lazy(_("{} of {} have reached the number so far."), count.reached, count.bound),
        )
        for count in reads.goal_counts(visit.actor, today)
    ]
    if not lines:
        return ()
    return (components.Card(title=_("Numbers to reach"), content=[components.SentenceList(sentences=lines)]),)


def _administration(visit: ConsoleRequest) -> Sequence[object]:
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
    link = components.TextLink(label=title, href=reverse(f"console:{name}"))
    return (components.Card(title=title, content=[components.SentenceList(sentences=[*words, link])]),)
