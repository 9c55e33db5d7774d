"""What the handbook says of a mechanism: every face and file that shows one takes it from here."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces import charts
from qingfeng.faces.console.display import mechanism_name
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.guards import System
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, clocks_of, states_of
from qingfeng.kernel.matters.states import ANY, NEW, State
from qingfeng.kernel.money import yuan
from qingfeng.kernel.reading.statistics import Statistic
from qingfeng.kernel.record.facts import FactKind
from qingfeng.kernel.record.goals import PersonalGoal
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.sealing.retention import CLASSES
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.duties import DUTIES

KINDS: dict[str, Words] = {
    "line": _("a line of text"),
    "prose": _("text"),
    "whole": _("a whole number"),
    "money": _("an amount in yuan"),
    "flag": _("yes or no"),
    "day": _("a day"),
    "moment": _("a day and time"),
    "choice": _("a choice"),
    "pick": _("a choice"),
    "row": _("a choice"),
    "files": _("files"),
    "rows": _("rows"),
}
PARAMETER_KINDS: dict[str, Words] = {
    "Count": _("a whole number"),
    "Money": _("an amount in fen"),
    "Points": _("points"),
    "Span": _("a period"),
    "Flag": _("yes or no"),
    "Choices": _("a list of choices"),
    "Day": _("a day"),
    "Text": _("text"),
    "Months": _("months of the year"),
    "Turns": _("how often it returns"),
    "Table": _("a table"),
    "TimeOfDay": _("a time of the day"),
}
STRICTER: dict[str | None, Words] = {
    "smaller": _("the smaller one"),
    "larger": _("the larger one"),
    None: _("the most local one"),
}

Pairs = list[tuple[Words, Words | list[str]]]
"""Labels with what stands beside them: one sentence, or several."""


def about(cls: type[Matter]) -> str:
    """What a mechanism's matter is, in a sentence."""
    return _said(" ".join((cls.__doc__ or "").split("\n\n")[0].split()))


def shown_acts(cls: type[Matter]) -> list[Act]:
    """The acts people meet: what the system does to all matters alike is not of one mechanism."""
    return [act for act in acts_of(cls).values() if not (ANY in act.sources and isinstance(act.by, System))]


def picture(cls: type[Matter]) -> charts.Chart:
    """The states of a mechanism and the acts between them."""
    drawn = [charts.StateNode(key="", label=str(NEW.label), kind="start")]
    drawn += [
        charts.StateNode(
            key=state.code,
            label=str(state.label),
            kind="void" if state.void else "end" if state.final else "middle",
        )
        for state in states_of(cls).values()
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
        desc=say("Broken line: it came to nothing.") if any(one.kind == "void" for one in drawn) else "",
    )


def about_act(act: Act) -> Pairs:
    """What an act is for, who may do it when, what it asks for, and what it leaves."""
    pairs: Pairs = [
        (_("What for"), _said(act.doc)),
        (_("Who"), str(act.by.sentence())),
        (_("When"), _states(act.sources)),
    ]
    if act.targets:
        pairs.append((_("Leads to"), _states(act.targets)))
    if act.owed:
        pairs.append((_("Waits in the inbox"), say("yes")))
    for label, clocks in ((_("Starts the clock"), act.starts), (_("Stops the clock"), act.stops)):
        if clocks:
            pairs.append((label, listed([clock.label for clock in clocks])))
    if act.expires:
        pairs.append((_("Happens when this runs out"), str(act.expires.label)))
    if act.inputs.fields:
        pairs.append((_("Asks for"), [asked(spec, act) for spec in act.inputs.fields]))
    if act.facts:
        pairs.append((_("Leaves the facts"), listed([kind.label for kind in act.facts])))
    if act.events:
        pairs.append((_("Tells others of"), listed([event.label for event in act.events])))
    return pairs


def asked(spec: InputField, act: Act) -> str:
    """What one input of an act wants, with its limits, in words."""
    words = f"{capfirst(str(spec.label))}{say(': ')}{_wanted(spec)}"
    if spec.given is not None:
        other = next((one.label for one in act.inputs.fields if one.name == spec.given.name), spec.given.name)
        note = say("(depends on “%(field)s”)") % {"field": other}
    elif spec.sealed is not None:
        note = say("(sealed; kept %(how_long)s)") % {"how_long": CLASSES[spec.sealed]}
    else:
        note = "" if spec.required else say("(optional)")
    return say("{} {}").format(words, note).rstrip()


def parameters_of(cls: type[Matter]) -> list[Parameter]:
    """The parameters of the regime that a mechanism's acts and inputs read, those of clocks, duties and goals included."""
    read = [parameter for act in acts_of(cls).values() for parameter in act.policy]
    chosen = [spec.parameter for act in acts_of(cls).values() for spec in act.inputs.fields if spec.parameter]
    limits = [clock.limit for clock in clocks_of(cls).values() if clock.limit]
    opened = {act.provides for act in acts_of(cls).values()}
    duties = [duty.recurrence for duty in DUTIES.values() if duty.opens in opened]
    goal = [cls.goal.numbers, cls.goal.early, cls.goal.late] if issubclass(cls, PersonalGoal) else []
    return list(dict.fromkeys(read + limits + chosen + duties + goal))


def facts_of(cls: type[Matter]) -> list[FactKind]:
    """The kinds of fact a mechanism's acts leave."""
    return list(dict.fromkeys(kind for act in acts_of(cls).values() for kind in act.facts))


def statistics_of(cls: type[Matter]) -> list[str]:
    """The statistics of a mechanism, each with what its columns say, and who has it without reading the matters."""
    return [
        f"{one.label}{say(': ')}{listed([column.label for column in one.columns])}{_counted_for(one)}"
        for one in cls.statistics
    ]


def _counted_for(statistic: Statistic) -> str:
    if statistic.counted_for is None:
        return ""
    return say(" (counted as a whole for %(who)s)") % {"who": statistic.counted_for.sentence()}


def listed(words: Sequence[Words]) -> str:
    """Words in one line."""
    return say(", ").join(str(word) for word in words)


def _wanted(spec: InputField) -> Words:
    if spec.longest:
        return format_lazy(_("text of at most {} characters"), spec.longest)
    if spec.kind == "files":
        return format_lazy(_("at most {} files"), spec.most or 1)
    if spec.kind == "rows":
        return format_lazy(_("rows of: {}"), listed([row.label for row in spec.rows]))
    if spec.among is not None:
        return format_lazy(_("one of: {}"), spec.among.label)
    if spec.parameter is not None:
        return format_lazy(_("a choice from “{}”"), spec.parameter.label)
    if spec.options:
        return format_lazy(_("one of: {}"), listed([label for _code, label in spec.options]))
    if spec.model is not None:
        return format_lazy(_("a choice from: {}"), spec.model._meta.verbose_name_plural)
    if spec.bounds is not None and spec.kind == "money":
        return format_lazy(_("in yuan, from {} to {}"), *map(yuan, spec.bounds))
    if spec.bounds is not None:
        least, most = spec.bounds
        return format_lazy(_("a whole number from {} to {} {}"), least, most, spec.unit)
    return KINDS[spec.kind]


def _states(states: tuple[State, ...]) -> str:
    return say(" / ").join(str(state.label) for state in states)


def _said(words: str | Promise) -> str:
    return say(str(words)) if words else ""
