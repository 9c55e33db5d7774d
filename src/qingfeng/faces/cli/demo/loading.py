"""Loading the demonstration through the very acts that real people use, each at its own past moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import override

from qingfeng.faces.cli.demo import posts, stories
from qingfeng.faces.cli.demo.people import CODE, NAME, PASSWORD, PEOPLE, UNITS, WORKING
from qingfeng.faces.cli.demo.stories import Story
from qingfeng.kernel import worker
from qingfeng.kernel.actors import Actor, in_role, system
from qingfeng.kernel.acts.engine import Done, perform
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.parties.models import Account, Jurisdiction, Unit
from qingfeng.kernel.regime.policy import calendar
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.kernel.time.workdays import LAST_YEAR
from qingfeng.mechanisms.rectification.models import Problem
from qingfeng.organization.models import Activation, Founding

BEGAN = timedelta(days=140)
LAST_DAY = date(LAST_YEAR, 11, 25)
"""Time limits set later would run into a year whose working days nobody has published yet."""

LATE_TO_SIGN, LATE_TO_REPORT = 5, 18
"""Working days, beyond what the demonstration's regime allows."""

Event = tuple[datetime, int, Callable[[datetime], None]]


def load(now: datetime) -> int:
    """Load it whole or not at all; returns how many matters it has. ``now`` is when the story ends."""
    end = min(now, datetime.combine(LAST_DAY, time(18), ZONE))
    with override("zh-hans"), transaction.atomic():
        told = Telling(end)
        told.found()
        told.tell()
        seal_all(now, signer())
    return told.count


class Telling:
    """The story while it is being told."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self.begin = at(day_of(end - BEGAN), 9)
        self.count = 0
        self.jurisdiction = Jurisdiction.objects.create(code=CODE, name=NAME)
        self.units: list[Unit] = []
        self._actors: dict[str, Actor] = {}
        self._accounts: dict[str, Account] = {}

    def found(self) -> None:
        """Units, people, accounts; then the regime, by two of them."""
        plan = {
            "units": [{"code": unit.code, "name": unit.name, "sequence": unit.sequence} for unit in UNITS],
            "people": [
                {"username": one.username, "name": one.name, "role": one.role.value, "unit": one.unit}
                for one in PEOPLE
            ],
        }
        self._perform(Founding, "found", system("founding", [self.jurisdiction.pk]), plan, self.begin)
        # One hash for all: the password is known anyway, and thirty Argon2 runs take their time.
        Account.objects.update(password=make_password(PASSWORD))
        self._accounts = {account.username: account for account in Account.objects.select_related("person")}
        self.units = [Unit.objects.get(code=unit.code) for unit in WORKING]
        regime = files("qingfeng.regimes").joinpath("demonstration/regime.yaml").read_text(encoding="utf-8")
        proposed = self._perform(Activation, "propose", self.actor("office1"), {"text": regime}, self.begin)
        later = self.begin + timedelta(hours=1)
        self._perform(Activation, "activate", self.actor("office2"), {}, later, proposed.matter.pk)
        posts.fill(self._perform, self.actor, later)

    def tell(self) -> None:
        """Everything that happens, in the order of time; each night the clocks that ran out are acted on."""
        events: list[Event] = []
        for place, story in enumerate(stories.stories(len(self.units))):
            events += self._events(place, story)
        today = day_of(self.begin)
        for moment, _place, happen in sorted(events, key=lambda event: event[:2]):
            today = self._until(today, day_of(moment))
            happen(moment)
        self._until(today, day_of(self.end))
        worker.run_out(self.end)

    def _until(self, today: date, day: date) -> date:
        while today < day:
            today += timedelta(days=1)
            worker.run_out(at(today, 0, 5))
        return today

    def actor(self, username: str) -> Actor:
        """Somebody, in the one role they hold."""
        if username not in self._actors:
            self._actors[username] = in_role(self._accounts[username], day_of(self.begin))
        return self._actors[username]

    def _events(self, place: int, story: Story) -> list[Event]:
        days = calendar()
        found_on = day_of(self.end) - timedelta(days=story.days_ago)
        while not days.is_workday(found_on) or at(found_on, story.hour + 2) > self.end:
            found_on -= timedelta(days=1)
        clerk = self.actor(f"clerk-{WORKING[story.unit].short}")
        first, second = self.actor(f"office{1 + place % 3}"), self.actor(f"office{1 + (place + 1) % 3}")
        known: dict[str, int] = {}
        events: list[Event] = []

        def then(days_on: int, hour: int, actor: Actor, name: str, raw: Mapping[str, Any]) -> None:
            moment = at(days.add(found_on, days_on), hour, place % 60)
            if moment > self.end:
                return

            def happen(when: datetime) -> None:
                done = self._perform(Problem, name, actor, raw, when, known.get("pk"))
                known["pk"] = done.matter.pk

            events.append((moment, place, happen))

        registered = {"title": story.title, "kind": story.kind, "description": story.description}
        then(0, story.hour, first, "register", registered)
        if story.way == "found":
            return events
        unit = self.units[story.unit].pk
        then(0, story.hour + 1, first, "assign", {"responsible": unit, "requirement": stories.REQUIREMENT})
        if story.way in ("assigned", "unsigned"):
            return events
        signed = LATE_TO_SIGN if story.way == "late" else story.sign_after
        then(signed, 9, clerk, "sign", {})
        if story.way == "signed":
            return events
        reported = signed + (LATE_TO_REPORT if story.way == "late" else story.report_after)
        then(reported, 10, clerk, "report", {"result": stories.RESULT})
        if story.way == "reported":
            return events
        if story.way in ("returned", "mended"):
            then(reported + 1, 11, second, "send_back", {"reason": stories.REASON})
        if story.way == "returned":
            return events
        if story.way == "mended":
            then(reported + 4, 15, clerk, "report", {"result": stories.AGAIN})
        then(reported + 6, 16, second, "write_off", {"finding": stories.FINDING})
        return events

    def _perform(
        self,
        matter: type,
        name: str,
        actor: Actor,
        raw: Mapping[str, Any],
        when: datetime,
        pk: int | None = None,
    ) -> Done:
        act = acts_of(matter)[name]
        self.count += act.opens
        return perform(act, actor, raw, when, matter_id=pk)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day in the country's time."""
    return datetime.combine(day, time(hour, minute), ZONE)
