"""Loading the demonstration through the very acts that real people use, each at its own past moment."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils.module_loading import module_has_submodule
from django.utils.translation import override

from qingfeng.faces.cli.demo import posts
from qingfeng.faces.invented_district import CODE, NAME, PASSWORD, PEOPLE, SHORT, UNITS, WORKING, leader_of
from qingfeng.kernel.acts.engine import StoredAct, perform
from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.demonstration import Demonstration, Event
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.people.actors import Actor, holder_of, system
from qingfeng.kernel.people.models import Account, Jurisdiction, Unit
from qingfeng.kernel.people.roles import RoleHolding, holdings_on
from qingfeng.kernel.regime.policy import calendar
from qingfeng.kernel.time.periods import begin_of, day_of
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.kernel.time.workdays import LAST_YEAR
from qingfeng.organization.models import Activation, Founding
from qingfeng.regimes import general

BEGAN = timedelta(days=365)
READ = timedelta(days=14)
"""What is older than this has been read."""
NIGHT = timedelta(minutes=5)
"""After midnight, when the clocks that ran out with the day are acted on."""
LAST_DAY = date(LAST_YEAR, 11, 25)
"""Time limits set later would run into a year whose working days nobody has published yet."""


def load(now: datetime) -> int:
    """Load it whole or not at all; returns how many matters it has. ``now`` is when the story ends."""
    end = min(now, datetime.combine(LAST_DAY, time(18), ZONE))
    with override("zh-hans"), _uncollected(), transaction.atomic():
        told = DemonstrationRun(end)
        told.found()
        told.tell()
        seal_all(now, signer())
    return told.count


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing of it goes in circles that weigh anything, and to look for them again and again takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def told_by_mechanisms() -> Iterator[Callable[[Demonstration], list[Event]]]:
    """What tells the stories of each app that has a ``demonstration``, in the order of the apps."""
    for app in apps.get_app_configs():
        # The kernel's module of that name says what the others are given.
        if app.label != "kernel" and app.module and module_has_submodule(app.module, "demonstration"):
            yield import_module(f"{app.name}.demonstration").events


class DemonstrationRun:
    """The story while it is being told; a ``kernel.demonstration.Demonstration``."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self.days = calendar()
        self.begin = self.at(day_of(end - BEGAN), 9)
        self.count = 0
        self.jurisdiction = Jurisdiction.objects.create(code=CODE, name=NAME)
        self.units: Sequence[Unit] = []
        self._actors: dict[str, Actor] = {}
        self._accounts: dict[str, Account] = {}
        self._holdings: dict[int, RoleHolding] = {}

    def found(self) -> None:
        """Units, people, accounts; then the regime, by two of them."""
        plan = {
            "units": [
                {
                    "code": unit.code,
                    "name": unit.name,
                    "sequence": unit.sequence,
                    "short_name": unit.short_name,
                    "code_characters": unit.code_characters,
                }
                for unit in UNITS
            ],
            "people": [
                {"username": one.username, "name": one.name, "role": one.role.value, "unit": one.unit}
                for one in PEOPLE
            ],
        }
        self.perform(Founding, "found", system("founding", [self.jurisdiction.pk]), plan, self.begin)
        # One hash for all: the password is known anyway, and thirty Argon2 runs take their time.
        Account.objects.update(password=make_password(PASSWORD))
        self._accounts = {account.username: account for account in Account.objects.select_related("person")}
        self._meet()
        units = {unit.code: unit for unit in Unit.objects.all()}
        self.units = [units[unit.code] for unit in WORKING]
        later = self.begin + timedelta(hours=1)
        for regime in (*general(), "demonstration"):
            draft = {"draft": regime}
            proposed = self.perform(Activation, "propose", self.actor("office1"), draft, self.begin)
            self.perform(Activation, "activate", self.actor("office2"), {}, later, proposed.matter.pk)
        posts.fill(self.perform, self.actor, later)
        self._meet()

    def _meet(self) -> None:
        """Learn anew who holds what."""
        self._actors.clear()
        self._holdings = {holding.person_id: holding for holding in holdings_on(day_of(self.begin))}

    def tell(self) -> None:
        """Everything that happens, in the order of time; each night the clocks that ran out are acted on."""
        events = [event for tell in told_by_mechanisms() for event in tell(self)]
        today = day_of(self.begin)
        for moment, _place, happen in sorted(events, key=lambda event: event[:2]):
            today = self._until(today, day_of(moment))
            happen(moment)
        self._until(today, day_of(self.end))
        while worker.run_out(self.end):
            pass
        self.read()

    def read(self) -> None:
        """Have what people were told been read, but for the last of it, and none of it be sent when the worker starts."""
        told = Message.objects.filter(channel=Message.Channel.NOTICE)
        told.update(sent_at=F("next_try_at"))
        told.filter(next_try_at__lt=self.end - READ).update(read_at=self.end - READ)

    def _until(self, today: date, day: date) -> date:
        """Let the nights pass up to a day. Those in which no clock runs out pass unseen."""
        while today < day and (due := worker.next_due()) is not None:
            night = max(today + timedelta(days=1), day_of(due - NIGHT) + timedelta(days=1))
            if night > day:
                break
            today = night
            moment = begin_of(night) + NIGHT
            # A clock that ran out may start another that has run out too: leave of one day begins and ends.
            while due is not None and due <= moment and worker.run_out(moment):
                due = worker.next_due()
        return day

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment of a day in the country's time."""
        return datetime.combine(day, time(hour, minute), ZONE)

    def actor(self, username: str, unit: Unit | None = None) -> Actor:
        """Somebody, in the one role they hold; of a unit: ``head``, ``clerk``, ``cadre``, ``cadre2``, ``leader``."""
        if unit is not None and username == "leader":
            username = leader_of([one.pk for one in self.units].index(unit.pk))
        elif unit is not None:
            username = f"{username}-{SHORT[unit.code]}"
        if username not in self._actors:
            account = self._accounts[username]
            self._actors[username] = holder_of(account, self._holdings[account.person_id], day_of(self.begin))
        return self._actors[username]

    def perform(
        self,
        matter: type[Matter],
        name: str,
        actor: Actor,
        values: Mapping[str, Any],
        at: datetime,
        matter_id: int | None = None,
    ) -> StoredAct:
        """Let somebody do an act; those that open a matter are counted."""
        act = acts_of(matter)[name]
        self.count += act.opens
        return perform(act, actor, values, at, matter_id=matter_id)
