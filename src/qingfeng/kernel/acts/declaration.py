"""How an act is declared: one typed method under ``@act``, the single source of all that follows from it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from qingfeng.kernel.acts.inputs import Inputs
from qingfeng.kernel.acts.links import Event
from qingfeng.kernel.acts.signatures import inputs_of
from qingfeng.kernel.guards import Guard
from qingfeng.kernel.matters.states import ANY, NEW, State
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.record.facts import FactKind
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.regime.parameters import Parameter
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.clocks import Clock

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter

Method = Callable[..., State | None]
Teller = Callable[[Actor, datetime], Sequence[Words]]
Declared = TypeVar("Declared", FactKind, Event, Parameter)
Helper = TypeVar("Helper", bound=Callable[..., Any])


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Act:
    """An act 办理动作, as declared on its matter.

    It is not callable: the engine is the only door through which the method is reached.
    """

    method: Method
    name: str
    sources: tuple[State, ...]
    targets: tuple[State, ...]
    by: Guard
    label: Words
    owed: bool
    starts: tuple[Clock, ...]
    stops: tuple[Clock, ...]
    expires: Clock | None
    provides: str
    touch: bool
    tells: Teller | None
    purpose: str = ""
    labels: Mapping[str, Words] = field(default_factory=dict)
    matter: type[Matter] = field(default=None)  # type: ignore[assignment]  # until the registry binds it

    def __repr__(self) -> str:
        return f"<act {self.method.__qualname__}>"

    @property
    def opens(self) -> bool:
        """Whether it opens a matter instead of moving one."""
        return NEW in self.sources

    def starts_from(self, state: State) -> bool:
        """Whether it is possible in a state."""
        return state in self.sources or (ANY in self.sources and not state.final)

    @property
    def doc(self) -> str:
        """What it is for, in the words of its docstring's first paragraph; translated by the faces."""
        return self.purpose or (inspect.getdoc(self.method) or "").split("\n\n")[0].replace("\n", " ")

    def worded(self, label: Words = "", purpose: str = "", **labels: Words) -> Any:
        """A shape's act under a mechanism's own words: on its button, what it is for, and over inputs, by their names."""
        return replace(self, label=label or self.label, purpose=purpose or self.purpose, labels=labels)

    @cached_property
    def inputs(self) -> Inputs:
        """The typed input, from the signature. Resolved in ``ready()``, when forward references can be."""
        found = inputs_of(self.method, self.matter)
        unknown = self.labels.keys() - {spec.name for spec in found.fields}
        if unknown:
            raise Misdeclared(f"{self.matter.__name__}.{self.name} has no input {', '.join(sorted(unknown))}")
        own = [replace(spec, label=self.labels.get(spec.name, spec.label)) for spec in found.fields]
        return replace(found, fields=tuple(own)) if self.labels else found

    @cached_property
    def facts(self) -> tuple[FactKind, ...]:
        """The kinds of fact its body names."""
        return self._named(FactKind)

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """The events its body names."""
        return self._named(Event)

    @cached_property
    def policy(self) -> tuple[Parameter, ...]:
        """The parameters of the regime it reads: those its body and the helpers it calls name, and its clocks' limits."""
        return self._named(Parameter) + tuple(clock.limit for clock in self.starts if clock.limit)

    def _named(self, kind: type[Declared]) -> tuple[Declared, ...]:
        found: dict[Declared, None] = {}
        for name in self.method.__code__.co_names:
            value: Any = self.method.__globals__.get(name)
            # What a shape leaves is named by the class that uses it.
            own = getattr(self.matter, name, None)
            for one in (value, own, *getattr(value, "parameters_read", ())):
                if isinstance(one, kind):
                    found[one] = None
        return tuple(found)


def reads(*parameters: Parameter) -> Callable[[Helper], Helper]:
    """Say which parameters a helper reads, so that acts whose body calls it are known to read them."""

    def declare(helper: Helper) -> Helper:
        helper.parameters_read = parameters  # type: ignore[attr-defined]  # functions take attributes
        return helper

    return declare


def act(
    source: State | tuple[State, ...],
    *,
    to: State | tuple[State, ...] | None = None,
    by: Guard,
    label: Words,
    owed: bool = False,
    starts: Clock | tuple[Clock, ...] = (),
    stops: Clock | tuple[Clock, ...] = (),
    expires: Clock | None = None,
    provides: str = "",
    touch: bool = False,
    tells: Teller | None = None,
) -> Callable[[Method], Any]:
    """Declare a method of a matter as an act.

    :param source: the state, or states, it starts from; ``NEW`` for one that opens a matter
    :param to: the state it leads to; several: the method returns which; none: the state stays
    :param by: who may do it
    :param label: the words on its button
    :param owed: whether it waits on those who may do it: then it stands in their inbox
    :param starts: clocks it starts
    :param stops: clocks it stops; an owed act is due when the first of them is
    :param expires: the clock whose running out this is; then the worker performs it
    :param provides: the contract under which other mechanisms may open this matter; ``{code}`` in it
        stands for the matter's own code, ``{contract}`` for what the class names so
    :param touch: whether it can be done from a list with one touch; it takes no input then
    :param tells: what its form says beforehand to whoever opens it, such as what is left of a balance
    """
    sources = _tuple(source, State)
    targets = _tuple(to, State) if to is not None else ()
    if NEW in sources and not targets:
        raise Misdeclared("an opening act leads to a state")

    def declare(method: Method) -> Act:
        return Act(
            method=method,
            name=method.__name__,
            sources=sources,
            targets=targets,
            by=by,
            label=label,
            owed=owed,
            starts=_tuple(starts, Clock),
            stops=_tuple(stops, Clock),
            expires=expires,
            provides=provides,
            touch=touch,
            tells=tells,
        )

    return declare


def _tuple(value: Any, kind: type) -> tuple[Any, ...]:
    return (value,) if isinstance(value, kind) else tuple(value)
