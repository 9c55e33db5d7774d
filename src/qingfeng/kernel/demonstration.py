"""Telling a demonstration 演示: what a mechanism's ``demonstration.py`` is given, and what it gives back.

``events(told)`` returns what happens in the mechanism, each with its moment; the loader collects those of all
mechanisms and lets them happen in the order of time, through the very acts that real people use.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.time.workdays import Workdays

if TYPE_CHECKING:
    from qingfeng.kernel.acts.engine import StoredAct
    from qingfeng.kernel.people.actors import Actor

Event = tuple[datetime, int, Callable[[datetime], None]]
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
