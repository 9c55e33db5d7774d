"""Pages a mechanism draws itself of one matter, within the house's frame."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from qingfeng.faces.console.display import address_of, chip_of, mechanism_name
from qingfeng.faces.console.rows import rows_page, rows_workbook
from qingfeng.faces.console.visit import ConsoleRequest, page, signed_in
from qingfeng.faces.console.workbooks import WorkbookSheet, workbook
from qingfeng.faces.design.components import Button, Crumb, PageHeader
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import matter_class
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.pages import Page
from qingfeng.kernel.reading.rows import DeclaredRows, rows_of
from qingfeng.kernel.refusals import NotFound
from qingfeng.kernel.text.words import Words


@require_safe
@signed_in
def bespoke(visit: ConsoleRequest, code: str, pk: int, name: str) -> HttpResponse:
    """A mechanism's own page of a matter, for whoever may read the matter."""
    declared = _rows(code).get(name)
    if declared is not None:
        matter = reads.one(visit.actor, code, pk)
        return rows_page(visit, matter, declared, _header(visit, matter, declared.label))
    opened = reads.page(visit.actor, code, pk, name, visit.now, visit.GET.dict())
    matter = opened.matter
    header = _header(visit, matter, opened.page.label)
    if opened.page.workbook:
        address = reverse("console:bespoke_workbook", args=[code, pk, name])
        opened = replace(opened, context={**opened.context, "workbook": address})
    own = {"matter": matter, "header": header, "drawn_by": opened.page}
    return page(visit, "bespoke", {**opened.context, **own})


@require_safe
@signed_in
def bespoke_workbook(visit: ConsoleRequest, code: str, pk: int, name: str) -> HttpResponse:
    """The tables of a mechanism's own page, for whoever may read the matter."""
    rows = _rows(code).get(name)
    if rows is not None:
        return rows_workbook(visit, reads.one(visit.actor, code, pk), rows)
    declared, matter = reads.page_of(visit.actor, code, pk, name)
    if declared.workbook is None:
        raise NotFound
    tables = [WorkbookSheet(*table) for table in declared.workbook(matter, visit.actor, visit.now)]
    return workbook(visit, f"{code}-{name}", f"{declared.label} {matter.number}", tables)


def buttons(matter: Matter) -> list[Button]:
    """The ways to a matter's rows and own pages."""
    ways: list[DeclaredRows | Page] = [*_rows(matter.mechanism).values(), *type(matter).pages]
    return [
        Button(label=one.label, href=reverse("console:bespoke", args=[matter.mechanism, matter.pk, one.name]))
        for one in ways
    ]


def _rows(code: str) -> dict[str, DeclaredRows]:
    """The rows that no page of the mechanism's own draws."""
    return {name: one for name, one in rows_of(matter_class(code)).items() if not one.drawn_on}


def way_to_list(visit: ConsoleRequest, matter: Matter) -> tuple[Crumb, ...]:
    """The way back to the list a matter stands in; a party outside the staff has no lists."""
    if visit.actor.outside:
        return ()
    listing = reverse("console:listing", args=[matter.mechanism])
    return (Crumb(label=mechanism_name(type(matter)), href=listing),)


def _header(visit: ConsoleRequest, matter: Matter, title: Words) -> PageHeader:
    return PageHeader(
        title=title,
        lead=matter.title,
        number=matter.number,
        crumbs=(*way_to_list(visit, matter), Crumb(label=matter.number, href=address_of(matter))),
        state=(chip_of(matter),),
    )
