"""What first pages are made of, for programs: what is carried, own and late, on whom it waits, what flows, the grid."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from qingfeng.faces.api import presentation, schemas
from qingfeng.faces.api.auth import caller
from qingfeng.faces.api.operations import Answer, paged
from qingfeng.faces.api.parameters import Paging, asked
from qingfeng.faces.api.routing import ApiOperation, Face
from qingfeng.faces.api.statistics import YearQuery
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.burden import BurdenKind
from qingfeng.kernel.reading.paging import LARGEST_PAGE, ListPage
from qingfeng.kernel.time.periods import day_of

TAG = "general"


class CarriedView(BaseModel):
    """An open matter, and when the next of its clocks is due."""

    matter: schemas.Brief
    due: datetime | None


class LoadView(BaseModel):
    """How much a holder (``role@u<unit>``) has open, and how much of it is late."""

    holder: str
    open: int
    late: int


class AwaitedView(schemas.Owed):
    """What is owed, and by which holder: ``role@u<unit>``, ``role@j<jurisdiction>`` or ``person@<id>``."""

    holder: str


class LateView(BaseModel):
    """The matters of a mechanism in which a holder's act is overdue, and since when the oldest is."""

    mechanism: str
    holder: str
    matters: int
    since: datetime


class FlowView(BaseModel):
    """What was opened and closed of a mechanism, week by week."""

    mechanism: str
    weeks: list[date]
    opened: list[int]
    closed: list[int]


class BurdenView(BaseModel):
    """What was asked of a unit in a month, by kind; ``most`` is null where no number is in force."""

    unit: schemas.Named
    month: str
    kind: BurdenKind
    asked: int
    most: int | None


class MonthQuery(BaseModel):
    """Of which month."""

    month: str = asked(_("Month, written 2026-03; this one where it isn't said"), default="", max_length=7)


class LookView(BaseModel):
    """How often a unit was looked at on each topic; ``counts`` stand in the order of ``topics``."""

    unit: schemas.Named
    topics: list[schemas.Coded]
    counts: list[int]


def hang(face: Face) -> None:
    """Hang them all."""
    for name, row, view, label, text, query in (
        (
            "carried",
            CarriedView,
            carried,
            _("What is carried"),
            _("Open matters of the units you answer for, what is due first."),
            Paging,
        ),
        (
            "own",
            CarriedView,
            own,
            _("My own matters"),
            _("Open matters that name you yourself, what is due first."),
            Paging,
        ),
        ("loads", LoadView, loads, _("Open and late"), _("How much is open and late, unit by unit."), None),
        (
            "awaited",
            AwaitedView,
            awaited,
            _("What waits on others"),
            _("What others owe in matters of your units and in your own."),
            None,
        ),
        (
            "late",
            LateView,
            late,
            _("What is late"),
            _("On whom what is overdue waits, in all you may read."),
            None,
        ),
        ("flow", FlowView, flow, _("What flows"), _("What came in and went out, week by week."), None),
        (
            "looks",
            LookView,
            looks,
            _("Focus topics and units"),
            _("How often each unit was looked at on each focus topic in a year."),
            YearQuery,
        ),
        (
            "burden",
            BurdenView,
            burden,
            _("Burden of units"),
            _("What was asked of each unit in a month: meetings, inspections, forms and their fields."),
            MonthQuery,
        ),
    ):
        answer = schemas.page_of(row, name.title())
        face.hang(ApiOperation(name, "GET", f"/{name}", answer, label, text, TAG, query), view)


def carried(request: HttpRequest, response: HttpResponse, query: Paging) -> Answer:
    return _carried(reads.carried(caller(request).actor, query.cursor, query.size))


def own(request: HttpRequest, response: HttpResponse, query: Paging) -> Answer:
    return _carried(reads.own(caller(request).actor, query.cursor, query.size))


def _carried(page: ListPage) -> Answer:
    return paged(page, [{"matter": presentation.brief(row.matter), "due": row.due} for row in page.rows])


def loads(request: HttpRequest, response: HttpResponse) -> Answer:
    return _whole([row._asdict() for row in reads.loads(caller(request).actor, caller(request).now)])


def awaited(request: HttpRequest, response: HttpResponse) -> Answer:
    rows = reads.awaited(caller(request).actor, LARGEST_PAGE)
    return _whole(
        [
            {
                "matter": presentation.brief(row.matter),
                "act": presentation.owed(row.matter, row.act),
                "due": row.due,
                "holder": row.holder,
            }
            for row in rows
        ]
    )


def late(request: HttpRequest, response: HttpResponse) -> Answer:
    return _whole([row._asdict() for row in reads.late(caller(request).actor, caller(request).now)])


def flow(request: HttpRequest, response: HttpResponse) -> Answer:
    return _whole([vars(row) for row in reads.flow(caller(request).actor, day_of(caller(request).now))])


def looks(request: HttpRequest, response: HttpResponse, query: YearQuery) -> Answer:
    today = day_of(caller(request).now)
    found = reads.looks(caller(request).actor, query.year or today.year, today)
    topics = [{"code": code, "label": str(words)} for code, words in found.topics]
    return _whole(
        [
            {
                "unit": {"id": unit.pk, "name": str(unit)},
                "topics": topics,
                "counts": [found.counts.get((code, unit.pk), 0) for code, _words in found.topics],
            }
            for unit in found.units
        ]
    )


def burden(request: HttpRequest, response: HttpResponse, query: MonthQuery) -> Answer:
    found = reads.burden(caller(request).actor, query.month, day_of(caller(request).now))
    return _whole(
        [
            {
                "unit": {"id": unit.pk, "name": str(unit)},
                "month": f"{found.first:%Y-%m}",
                "kind": kind,
                "asked": found.count(unit, kind),
                "most": found.most[kind].value if kind in found.most else None,
            }
            for unit in found.units
            for kind in BurdenKind
        ]
    )


def _whole(rows: list[Answer]) -> Answer:
    """An answer that is not cut into pages."""
    return {"rows": rows, "next": None}
