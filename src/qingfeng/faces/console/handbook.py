"""The handbook 手册 of a mechanism, generated from its declarations: acts, who may do them, inputs, limits, facts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qingfeng.faces.console import components
from qingfeng.faces.console.display import mechanism_name
from qingfeng.faces.console.visit import ConsoleRequest, page, staff
from qingfeng.faces.design.components import (
    Button,
    Chip,
    ColumnHead,
    Crumb,
    DataTable,
    PageHeader,
    Pair,
    Summary,
    TableRow,
)
from qingfeng.faces.handbook import contents
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import clocks_of, matter_class, mechanisms, reads_of
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.regime.value_words import value_words
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of


@require_safe
@staff
def handbook(visit: ConsoleRequest) -> HttpResponse:
    """The mechanisms there are."""
    rows = [
        TableRow(
            cells=(
                mechanism_name(cls),
                contents.about(cls),
                len(contents.shown_acts(cls)),
            ),
            href=reverse("console:handbook_page", args=[code]),
        )
        for code, cls in mechanisms().items()
    ]
    table = DataTable(
        caption=_("Mechanisms"),
        columns=(
            ColumnHead(label=_("Mechanism")),
            ColumnHead(label=_("What it is")),
            ColumnHead(label=_("Acts"), numeric=True),
        ),
        rows=rows,
        caption_hidden=True,
    )
    header = PageHeader(
        title=_("Handbook"),
        lead=_("Written by the system from the rules it works by, so that the two can't differ."),
    )
    return page(visit, "stack", {"header": header, "content": [table]})


@require_safe
@staff
def mechanism(visit: ConsoleRequest, code: str) -> HttpResponse:
    """One mechanism: its states, its acts, what they ask for, and the limits in force."""
    cls = matter_class(code)
    policy = Policy(visit.actor.jurisdiction_id or 0, day_of(visit.now))
    content: list[object] = [
        Summary(
            title=_("Who may see these matters"),
            pairs=[Pair(label=_("Readers"), value=str(reads_of(cls).sentence()), wide=True)],
        ),
        components.Card(title=_("States"), content=[contents.picture(cls)]),
        *[_act(act) for act in contents.shown_acts(cls)],
    ]
    if clocks_of(cls):
        content.append(_clocks(cls, policy))
    values = [
        parameter
        for parameter in contents.parameters_of(cls)
        if parameter not in {c.limit for c in clocks_of(cls).values()}
    ]
    if values:
        content.append(_values(values, policy))
    facts = contents.facts_of(cls)
    if facts:
        content.append(
            components.Card(
                title=_("Facts it leaves"),
                content=[components.SentenceList(sentences=[kind.label for kind in facts])],
            )
        )
    if counted := contents.statistics_of(cls):
        content.append(
            components.Card(title=_("Statistics"), content=[components.SentenceList(sentences=counted)])
        )
    header = PageHeader(
        title=mechanism_name(cls),
        lead=contents.about(cls),
        crumbs=(Crumb(label=_("Handbook"), href=reverse("console:handbook")),),
        actions=(Button(label=_("To the list"), href=reverse("console:listing", args=[code]), icon="list"),),
    )
    return page(visit, "handbook", {"header": header, "content": content})


def _act(act: Act) -> Summary:
    purpose, *rest = contents.about_act(act)
    pairs = [Pair(label=purpose[0], value=purpose[1], wide=True), *(_pair(*one) for one in rest)]
    return Summary(title=act.label, pairs=pairs)


def _pair(label: Words, value: Words | list[str]) -> Pair:
    if isinstance(value, list):
        return Pair(label=label, value=[components.SentenceList(sentences=value)], wide=True)
    return Pair(label=label, value=value)


def _clocks(cls: type[Matter], policy: Policy) -> DataTable:
    limited = [(clock.label, clock.limit) for clock in clocks_of(cls).values() if clock.limit]
    return _table(_("Time limits"), limited, policy)


def _values(parameters: list[Parameter], policy: Policy) -> DataTable:
    return _table(
        _("What the regime sets"), [(parameter.label, parameter) for parameter in parameters], policy
    )


def _table(caption: Words, named: list[tuple[Any, Parameter]], policy: Policy) -> DataTable:
    rows = []
    for label, parameter in named:
        valued = policy.seen(parameter)
        if valued is None:
            rows.append(TableRow(cells=(label, components.GoneValue(words=_("nothing set yet")), "", "", "")))
            continue
        source = say("%(title)s %(clause)s") % {"title": valued.source.title, "clause": valued.source.clause}
        checked = (
            Chip(label=_("checked"), tone="done", icon="check")
            if policy.compared(valued)
            else Chip(label=_("not checked yet"), tone="near")
        )
        since = formats.date_format(valued.since, "Y-m-d")
        rows.append(TableRow(cells=(label, value_words(valued.value, parameter), source, since, checked)))
    columns = (_("What"), _("Value"), _("Where it is written"), _("Since"), _("Verified"))
    return DataTable(caption=caption, columns=[ColumnHead(label=column) for column in columns], rows=rows)
