"""Telling a demonstration 演示: what a mechanism's ``demonstration.py`` is given, and what it gives back.

``events(told)`` returns what happens in the mechanism, each with its moment; the loader collects those of all
mechanisms and lets them happen in the order of time, through the very acts that real people use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, Self

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.time.workdays import Workdays

if TYPE_CHECKING:
    from qingfeng.kernel.acts.engine import StoredAct
    from qingfeng.kernel.people.actors import Actor

Event = tuple[datetime, int, Callable[[datetime], object]]
"""When it happens, which goes first of those at one moment, and what happens."""


class Demonstration(Protocol):
    """The demonstration while it is told."""

    begin: datetime
    """When the regime stands in force; nothing happens before."""
    end: datetime
    """Today: nothing happens after it."""
    units: Sequence[Unit]
    """The departments and townships that do the work, in their order."""
    days: Workdays

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment of a day in the country's time."""
        ...

    def actor(self, username: str, unit: Unit | None = None) -> Actor:
        """Somebody in the one role they hold, such as ``office1``; of a unit: ``head``, ``clerk``, ``cadre``, ``leader``."""
        ...

    def perform(
        self,
        matter: type[Matter],
        name: str,
        actor: Actor,
        values: Mapping[str, Any],
        at: datetime,
        matter_id: int | None = None,
    ) -> StoredAct:
        """Let somebody do an act. Raises the act's refusals: a story nobody may live is told nowhere."""
        ...


class Story:
    """One matter's way, act by act, each at its moment; what would come after the end is not told.

    ``order``: which goes first of those at one moment. ``minute``: past the hours of its acts. ``known`` finds the
    matter where somebody else opened it.
    """

    def __init__(
        self,
        told: Demonstration,
        matter: type[Matter],
        order: int = 0,
        minute: int = 0,
        known: Callable[[], Matter] | None = None,
    ) -> None:
        self.told, self.matter, self.order, self.minute, self.known = told, matter, order, minute, known
        self.events: list[Event] = []
        self.pk: int | None = None

    def then(self, when: datetime, who: Actor | Callable[[], Actor], act: str, /, **raw: Any) -> Self:
        """One act more, by somebody who may be known only then, with values that may be made then."""
        return self.meanwhile(when, lambda moment: self.act(moment, who, act, **raw))

    def on(self, day: date, hour: int, who: Actor | Callable[[], Actor], act: str, /, **raw: Any) -> Self:
        """One act more, at an hour of a day."""
        return self.then(self.told.at(day, hour, self.minute), who, act, **raw)

    def meanwhile(self, when: datetime, happen: Callable[[datetime], object]) -> Self:
        """Something else that happens on its way."""
        if when <= self.told.end:
            self.events.append((when, self.order, happen))
        return self

    def act(self, when: datetime, who: Actor | Callable[[], Actor], act: str, /, **raw: Any) -> None:
        """Let an act happen now."""
        if self.pk is None and self.known is not None:
            self.pk = self.known().pk
        values = {name: value(when) if callable(value) else value for name, value in raw.items()}
        acting = who() if callable(who) else who
        self.pk = self.told.perform(self.matter, act, acting, values, when, self.pk).matter.pk
