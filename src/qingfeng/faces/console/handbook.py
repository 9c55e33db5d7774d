"""The handbook 手册 of a mechanism, generated from its declarations: acts, who may do them, inputs, limits, facts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import formats
from django.utils.text import capfirst, format_lazy
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from qingfeng.faces import charts
from qingfeng.faces.console import parts
from qingfeng.faces.console.drawn import mechanism_name
from qingfeng.faces.console.visit import Visit, page, staff
from qingfeng.faces.design.parts import (
    Button,
    Chip,
    Column,
    Crumb,
    PageHeader,
    Pair,
    Summary,
    Table,
    TableRow,
)
from qingfeng.kernel.acts.declare import Act
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.guards import System
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, clocks_of, matter_class, mechanisms, reads_of, states_of
from qingfeng.kernel.matters.states import ANY, NEW, State
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.parameters import Choice, Parameter
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.time.periods import Period, day_of
from qingfeng.kernel.words import Words

KINDS: dict[str, Words] = {
    "line": _("a line of text"),
    "prose": _("text"),
    "whole": _("a whole number"),
    "flag": _("yes or no"),
    "day": _("a day"),
    "moment": _("a day and time"),
    "choice": _("a choice"),
    "pick": _("a choice"),
    "files": _("files"),
    "rows": _("rows"),
}


@require_safe
@staff
def handbook(visit: Visit) -> HttpResponse:
    """The mechanisms there are."""
    rows = [
        TableRow(
            cells=(
                mechanism_name(cls),
                _doc(cls),
                len([act for act in acts_of(cls).values() if _shown(act)]),
            ),
            href=reverse("console:handbook_page", args=[code]),
        )
        for code, cls in mechanisms().items()
    ]
    table = Table(
        caption=_("Mechanisms"),
        columns=(
            Column(label=_("Mechanism")),
            Column(label=_("What it is")),
            Column(label=_("Acts"), numeric=True),
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
def mechanism(visit: Visit, code: str) -> HttpResponse:
    """One mechanism: its states, its acts, what they ask for, and the limits in force."""
    cls = matter_class(code)
    policy = Policy(visit.actor.jurisdiction_id or 0, day_of(visit.now))
    acts = [act for act in acts_of(cls).values() if _shown(act)]
    content: list[object] = [
        Summary(
            title=_("Who may see these matters"),
            pairs=[Pair(label=_("Who"), value=str(reads_of(cls).sentence()), wide=True)],
        ),
        parts.Card(title=_("States"), content=[picture(cls)]),
        *[_act(act) for act in acts],
    ]
    if clocks_of(cls):
        content.append(_clocks(cls, policy))
    values = [
        parameter
        for parameter in _parameters(cls)
        if parameter not in {c.limit for c in clocks_of(cls).values()}
    ]
    if values:
        content.append(_values(values, policy))
    facts = dict.fromkeys(kind for act in acts_of(cls).values() for kind in act.facts)
    if facts:
        content.append(
            parts.Card(
                title=_("Facts it leaves"), content=[parts.Words(sentences=[kind.label for kind in facts])]
            )
        )
    header = PageHeader(
        title=mechanism_name(cls),
        lead=_doc(cls),
        crumbs=(Crumb(label=_("Handbook"), href=reverse("console:handbook")),),
        actions=(Button(label=_("To the list"), href=reverse("console:listing", args=[code]), icon="list"),),
    )
    return page(visit, "handbook", {"header": header, "content": content})


def picture(cls: type[Matter]) -> charts.Chart:
    """The states of a mechanism and the acts between them."""
    states = states_of(cls)
    drawn = [charts.State(key="", label=str(NEW.label), kind="start")]
    drawn += [
        charts.State(key=state.code, label=str(state.label), kind="end" if state.final else "middle")
        for state in states.values()
    ]
    transitions = [
        charts.Transition(source=source.code, target=target.code, label=str(act.label))
        for act in acts_of(cls).values()
        if ANY not in act.sources
        for source in act.sources
        for target in (act.targets or (source,))
    ]
    return charts.state_picture(
        say("States of: %(name)s") % {"name": mechanism_name(cls)},
        drawn,
        transitions,
        heads=(say("From"), say("Act"), say("To")),
    )


def _shown(act: Act) -> bool:
    """Whether people meet it: what the system does to all matters alike is not of one mechanism."""
    return not (ANY in act.sources and isinstance(act.by, System))


def _doc(cls: type[Matter]) -> str:
    words = " ".join((cls.__doc__ or "").split("\n\n")[0].split())
    return say(words) if words else ""


def _states(states: tuple[State, ...]) -> str:
    return say(" / ").join(str(state.label) for state in states)


def _act(act: Act) -> Summary:
    pairs = [
        Pair(label=_("What for"), value=say(act.doc), wide=True),
        Pair(label=_("Who"), value=str(act.by.sentence())),
        Pair(label=_("When"), value=_states(act.sources)),
    ]
    if act.targets:
        pairs.append(Pair(label=_("Leads to"), value=_states(act.targets)))
    if act.owed:
        pairs.append(Pair(label=_("Waits in the inbox"), value=say("yes")))
    for label, clocks in ((_("Starts the clock"), act.starts), (_("Stops the clock"), act.stops)):
        if clocks:
            pairs.append(Pair(label=label, value=say(", ").join(str(clock.label) for clock in clocks)))
    if act.expires:
        pairs.append(Pair(label=_("Happens when this runs out"), value=act.expires.label))
    if act.inputs.fields:
        asked = parts.Words(sentences=[_asked(spec) for spec in act.inputs.fields])
        pairs.append(Pair(label=_("Asks for"), value=[asked], wide=True))
    if act.facts:
        pairs.append(
            Pair(label=_("Leaves the facts"), value=say(", ").join(str(kind.label) for kind in act.facts))
        )
    return Summary(title=act.label, pairs=pairs)


def _asked(spec: InputField) -> str:
    what: Words = KINDS[spec.kind]
    if spec.longest:
        what = format_lazy(_("text of at most {} characters"), spec.longest)
    elif spec.kind == "files":
        what = format_lazy(_("at most {} files"), spec.most or 1)
    elif spec.kind == "rows":
        inner = say(", ").join(str(row.label) for row in spec.rows)
        what = format_lazy(_("rows of: {}"), inner)
    elif spec.parameter is not None:
        what = format_lazy(_("a choice from “{}”"), spec.parameter.label)
    words = f"{capfirst(str(spec.label))}{say(': ')}{what}"
    return words if spec.required or spec.given else f"{words} {say('(optional)')}"


def _parameters(cls: type[Matter]) -> list[Parameter]:
    read = [parameter for act in acts_of(cls).values() for parameter in act.policy]
    asked = [spec.parameter for act in acts_of(cls).values() for spec in act.inputs.fields if spec.parameter]
    return list(dict.fromkeys(read + asked))


def _clocks(cls: type[Matter], policy: Policy) -> Table:
    return _table(_("Time limits"), [(clock.label, clock.limit) for clock in clocks_of(cls).values()], policy)


def _values(parameters: list[Parameter], policy: Policy) -> Table:
    return _table(
        _("What the regime sets"), [(parameter.label, parameter) for parameter in parameters], policy
    )


def _table(caption: Words, named: list[tuple[Any, Parameter]], policy: Policy) -> Table:
    rows = []
    for label, parameter in named:
        try:
            valued = policy.valued(parameter)
        except Barred:
            rows.append(TableRow(cells=(label, parts.Gone(words=_("nothing set yet")), "", "", "")))
            continue
        source = " ".join(part for part in (valued.source.title, valued.source.clause) if part)
        checked = (
            Chip(label=_("checked"), tone="done", icon="check")
            if valued.verified
            else Chip(label=_("not checked yet"), tone="near")
        )
        since = formats.date_format(valued.since, "Y-m-d")
        rows.append(TableRow(cells=(label, value_words(valued.value), source, since, checked)))
    columns = (_("What"), _("Value"), _("Where it is written"), _("Since"), _("Verified"))
    return Table(caption=caption, columns=[Column(label=column) for column in columns], rows=rows)


def value_words(value: Any) -> str:
    """A parameter's value in words."""
    if isinstance(value, Period):
        return period_words(value)
    if isinstance(value, tuple):
        english = (get_language() or "").startswith("en")
        return say(", ").join(
            choice.en if english else choice.zh for choice in value if isinstance(choice, Choice)
        )
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    return str(formats.localize(value))


def period_words(period: Period) -> str:
    """A period, such as “15 working days”."""
    patterns = {
        "hour": ngettext("%d hour", "%d hours", period.n),
        "day": ngettext("%d day", "%d days", period.n),
        "workday": ngettext("%d working day", "%d working days", period.n),
        "month": ngettext("%d month", "%d months", period.n),
    }
    return patterns[str(period.unit)] % period.n
