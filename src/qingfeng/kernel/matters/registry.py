"""The matters and acts there are, found from their declarations in the order they stand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from django.apps import apps

from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.guards import Guard
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.states import ANY, NEW, State
from qingfeng.kernel.refusals import NotFound

if TYPE_CHECKING:
    from qingfeng.kernel.time.clocks import Clock


@cache
def mechanisms() -> dict[str, type[Matter]]:
    """Every matter class by its code."""
    return {
        model.code: model for model in apps.get_models() if issubclass(model, Matter) and model is not Matter
    }


@cache
def acts_of(matter: type[Matter]) -> dict[str, Act]:
    """The acts of a matter class by name, inherited ones first."""
    found: dict[str, Act] = {}
    for cls in reversed(matter.__mro__):
        for name, value in vars(cls).items():
            if isinstance(value, Act):
                found[name] = _bound(value, matter)
            elif name in found:
                del found[name]
    return found


def _bound(declared: Act, matter: type[Matter]) -> Act:
    states = {state.code: state for state in matter.own_states}
    clocks = {clock.name: clock for clock in matter.own_clocks}

    def own(declared: tuple[Clock, ...]) -> tuple[Clock, ...]:
        return tuple(clocks.get(clock.name, clock) for clock in declared)

    return replace(
        declared,
        matter=matter,
        # What is no guard is left for the check at start-up to name.
        by=declared.by.bound(matter) if isinstance(declared.by, Guard) else declared.by,
        provides=declared.provides.format(code=matter.code, contract=matter.contract),
        sources=tuple(states.get(state.code, state) for state in declared.sources),
        targets=tuple(states.get(state.code, state) for state in declared.targets),
        starts=own(declared.starts),
        stops=own(declared.stops),
        expires=declared.expires and clocks.get(declared.expires.name, declared.expires),
    )


@cache
def touches() -> tuple[Act, ...]:
    """Every act that can be done from a list with one touch 一键办理."""
    return tuple(act for matter in mechanisms().values() for act in acts_of(matter).values() if act.touch)


@cache
def reads_of(matter: type[Matter]) -> Guard:
    """Who may read a matter class, with its words bound to it."""
    return matter.reads.bound(matter)


@cache
def states_of(matter: type[Matter]) -> dict[str, State]:
    """The states of a matter class by code, in the order its acts name them."""
    named = [
        state
        for act in acts_of(matter).values()
        for state in (*act.sources, *act.targets)
        if state not in (NEW, ANY)
    ]
    return {state.code: state for state in named}


@cache
def clocks_of(matter: type[Matter]) -> dict[str, Clock]:
    """The clocks of a matter class by name."""
    named = [clock for act in acts_of(matter).values() for clock in (*act.starts, *act.stops)]
    return {clock.name: clock for clock in named}


@cache
def silent_clocks_of(matter: type[Matter]) -> tuple[Clock, ...]:
    """The clocks of a matter class that each act of a person starts anew."""
    return tuple(clock for clock in clocks_of(matter).values() if clock.silent)


def matter_class(code: str) -> type[Matter]:
    """The matter class of a code. Raises ``NotFound``."""
    try:
        return mechanisms()[code]
    except KeyError:
        raise NotFound from None


def find_act(matter: type[Matter], name: str) -> Act:
    """An act of a matter class. Raises ``NotFound``."""
    try:
        return acts_of(matter)[name]
    except KeyError:
        raise NotFound from None
