"""The list of a mechanism's matters with its filters, the search across all, and the list as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.urls import reverse
from django.utils import formats
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qingfeng.faces.console import boards
from qingfeng.faces.console.display import Values, due_cells, light_of, matter_type, mechanism_name, row_of
from qingfeng.faces.console.visit import ConsoleRequest, page, signed_in, staff
from qingfeng.faces.console.workbooks import MOST_ROWS, WorkbookSheet, workbook
from qingfeng.faces.design.components import Button, EmptyState, MatterList, PageHeader, Pager
from qingfeng.faces.design.fields import Field, FieldOption, FilterForm
from qingfeng.kernel.acts.engine import openings
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import matter_class, states_of
from qingfeng.kernel.money import headed
from qingfeng.kernel.people.identification import told_apart
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.paging import LARGEST_PAGE, ListPage
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.limits import next_limit
from qingfeng.kernel.time.periods import day_of

MOST_OFFERED = 300


@require_safe
@staff
def listing(visit: ConsoleRequest, code: str) -> HttpResponse:
    """The matters of one mechanism, the newest first."""
    matter = matter_class(code)
    found = reads.listing(visit.actor, code, narrowing(visit, matter), visit.GET.get("page", ""))
    values = Values(matter, visit.actor, visit.now)
    with_names(found.rows, matter)
    limits = reads.limits(found.rows)
    buttons = [
        Button(
            label=one.act.label,
            href=reverse("console:open", args=[code, one.act.name]),
            tone="primary",
            icon="plus",
        )
        for one in openings(visit.actor, visit.now)
        if one.act.matter is matter and one.decision
    ]
    query = _query(visit)
    export = Button(
        label=_("Excel"),
        href=f"{reverse('console:export', args=[code])}?{query}".rstrip("?"),
        tone="plain",
        icon="export",
    )
    links = [export]
    links = [*boards.buttons(matter), *links]
    if matter.statistics:
        counted = reverse("console:statistics", args=[code])
        links.insert(0, Button(label=_("Statistics"), href=counted, tone="plain", icon="chart"))
    context = {
        "header": PageHeader(title=mechanism_name(matter), actions=(*buttons, *links)),
        "filters": _filters(visit, matter, values),
        "rows": MatterList(
            label=mechanism_name(matter),
            rows=[
                row_of(one, light_of(next_limit(limits.get(one.pk, ())), visit.now), values.meta(one))
                for one in found.rows
            ],
            empty=_empty(bool(query), buttons),
        ),
        "pager": _pager(visit, found),
    }
    return page(visit, "list", context)


@require_safe
@signed_in
def search(visit: ConsoleRequest) -> HttpResponse:
    """The matters of all mechanisms by words in number, title or unit."""
    text = visit.GET.get("q", "").strip()[:100]
    found = reads.searched(visit.actor, text, visit.GET.get("page", "")) if text else ListPage((), None)
    limits = reads.limits(found.rows)
    box = Field(name="q", label=_("Words in number, title or unit"), kind="search", value=text, marks=False)
    context = {
        "header": PageHeader(
            title=_("Search"),
            lead=format_lazy(_("Matters with “{}” in number, title or unit."), text)
            if text
            else _("Two characters are enough. All mechanisms are searched."),
        ),
        "filters": FilterForm(action=reverse("console:search"), fields=(box,), button=_("Search")),
        "rows": MatterList(
            label=_("Matters found"),
            rows=[
                row_of(
                    one,
                    light_of(next_limit(limits.get(one.pk, ())), visit.now),
                    (mechanism_name(matter_type(one), plural=False),),
                )
                for one in found.rows
            ],
            empty=EmptyState(
                title=_("Nothing found") if text else _("Type what you look for"),
                text=_("Every word must stand in number, title or unit. Try fewer, or others.")
                if text
                else "",
                icon="search",
            ),
        ),
        "pager": _pager(visit, found),
    }
    return page(visit, "list", context)


@require_safe
@staff
def export(visit: ConsoleRequest, code: str) -> HttpResponse:
    """The list as it is narrowed, as a workbook; entered in the journal before it leaves."""
    matter = matter_class(code)
    filters = narrowing(visit, matter)
    rows: list[Matter] = []
    cursor: str | None = ""
    while cursor is not None and len(rows) < MOST_ROWS:
        found = reads.listing(visit.actor, code, filters, cursor, LARGEST_PAGE)
        rows += found.rows
        cursor = found.following
    cut = cursor is not None or len(rows) > MOST_ROWS
    sheet = replace(_sheet(visit, matter, rows[:MOST_ROWS]), most=MOST_ROWS if cut else 0)
    return workbook(visit, code, sheet.title, [sheet], _query(visit))


def _sheet(visit: ConsoleRequest, matter: type[Matter], rows: Sequence[Matter]) -> WorkbookSheet:
    values = Values(matter, visit.actor, visit.now)
    for start in range(0, len(rows), 500):
        with_names(rows[start : start + 500], matter, [field.name for field in values.fields])
    limits = reads.limits(rows)
    states = states_of(matter)
    heads = [
        _("number"),
        _("title"),
        _("state"),
        _("opened"),
        _("due"),
        _("time limit"),
        *(
            headed(field.verbose_name) if values.money(field) else field.verbose_name
            for field in values.fields
        ),
    ]
    cells = [
        (
            one.number,
            one.title,
            str(states[one.state].label) if one.state in states else one.state,
            one.opened_at,
            *due_cells(next_limit(limits.get(one.pk, ()))),
            *(_cell(values, one, field) for field in values.fields),
        )
        for one in rows
    ]
    return WorkbookSheet(mechanism_name(matter), heads, cells)


def _cell(values: Values, matter: Matter, field: Any) -> object:
    value = getattr(matter, field.name)
    if value in (None, ""):
        return ""
    if isinstance(value, date):
        return value
    if values.money(field):
        return Decimal(value) / 100
    shown = values.shown(matter, field)
    return shown if isinstance(shown, int) else str(formats.localize(shown))


def narrowing(visit: ConsoleRequest, matter: type[Matter]) -> reads.Filters:
    """What the list is narrowed to. Raises ``Invalid`` for a value no chooser of it offers."""
    chosen: dict[str, int | str] = {}
    for name in matter.filters:
        value = visit.GET.get(name, "").strip()
        if not value:
            continue
        if isinstance(matter._meta.get_field(name), models.ForeignKey):
            if not value.isdigit() or len(value) > 18:
                raise Invalid({name: [_("Choose one of those offered.")]})
            chosen[name] = int(value)
        else:
            chosen[name] = value
    return reads.Filters(
        state=visit.GET.get("state", ""),
        open={"open": True, "closed": False}.get(visit.GET.get("open", "")),
        text=visit.GET.get("q", "").strip()[:100],
        fields=chosen,
    )


def with_names(rows: Sequence[Matter], matter: type[Matter], names: Sequence[str] = ()) -> None:
    """Fetch what the rows refer to, once for all of them."""
    wanted = [
        name
        for name in (names or matter.filters)
        if isinstance(matter._meta.get_field(name), models.ForeignKey)
    ]
    prefetch_related_objects(list(rows), *wanted)


def _filters(visit: ConsoleRequest, matter: type[Matter], values: Values) -> FilterForm:
    fields = [
        Field(
            name="q",
            label=_("Words in number, title or unit"),
            kind="search",
            value=visit.GET.get("q", ""),
            prefix="list",
            marks=False,
        ),
        _select(visit, "open", _("Open or closed"), [("open", _("still open")), ("closed", _("closed"))]),
        _select(
            visit, "state", _("State"), [(state.code, state.label) for state in states_of(matter).values()]
        ),
    ]
    for name in matter.filters:
        field: Any = matter._meta.get_field(name)
        label = capfirst(str(field.verbose_name))
        fields.append(_select(visit, name, label, _offered(visit, values, name, field)))
    return FilterForm(
        action=reverse("console:listing", args=[matter.code]),
        fields=fields,
        clear_href=reverse("console:listing", args=[matter.code]) if _query(visit) else "",
    )


def _offered(visit: ConsoleRequest, values: Values, name: str, field: Any) -> list[tuple[str, Words]]:
    place = visit.actor.jurisdiction_id
    if isinstance(field, models.ForeignKey) and place is not None:
        scope = ActorScope(visit.actor, place, day_of(visit.now))
        spec = InputField(name=name, kind="pick", label="", required=False, model=field.related_model)
        found = list(scope.candidates(spec)[:MOST_OFFERED])
        return list(zip((str(one.pk) for one in found), told_apart(found, scope.on), strict=True))
    if field.choices:
        return [(str(code), label) for code, label in field.choices]
    return list(values.labels(name, place).items()) if place is not None else []


def _select(visit: ConsoleRequest, name: str, label: Words, offered: Sequence[tuple[str, Words]]) -> Field:
    return Field(
        name=name,
        label=label,
        kind="picker" if len(offered) > 10 else "select",
        value=visit.GET.get(name, ""),
        choices=[FieldOption(value=value, label=words) for value, words in offered],
        placeholder=_("Any"),
        prefix="list",
        marks=False,
    )


def _query(visit: ConsoleRequest) -> str:
    query = visit.GET.copy()
    query.pop("page", None)
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return query.urlencode()


def _pager(visit: ConsoleRequest, found: ListPage) -> Pager | None:
    query = _query(visit)
    first = f"?{query}" if visit.GET.get("page") else ""
    if found.following is None and not first:
        return None
    following = f"?{query}&page={found.following}".replace("?&", "?") if found.following else ""
    return Pager(previous_href=first, next_href=following, words=say("20 to a page, the newest first."))


def _empty(narrowed: bool, buttons: Sequence[Button]) -> EmptyState:
    if narrowed:
        return EmptyState(
            title=_("Nothing fits these filters"), text=_("Take one away, or clear them all."), icon="list"
        )
    return EmptyState(
        title=_("Nothing here yet"),
        text=_("What you may read of this kind will stand here."),
        action=buttons[0] if buttons else None,
        icon="sheet",
    )
