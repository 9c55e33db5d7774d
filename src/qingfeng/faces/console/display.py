"""Things of the kernel as parts of a page: lights, chips, rows, names of holders, values of fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from qingfeng.faces.console.components import GoneValue
from qingfeng.faces.design.components import Chip, Level, Light, MatterRow
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms, states_of
from qingfeng.kernel.money import FenField, in_yuan
from qingfeng.kernel.people.absence import unattended
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Jurisdiction, Person, Unit
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.refusals import Refusal
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.clocks import Clock, Running
from qingfeng.kernel.time.limits import MOMENT, Limit, last, told
from qingfeng.kernel.time.periods import day_of

NEAR = 2
"""From so many days before its end a time limit shows as near."""

NO_LIMIT = Light(level="none", words=_("No time limit"))


def light_of(limit: Limit | None, now: datetime) -> Light:
    """How a time limit stands against now 亮灯, in days of the calendar. A day appointed is never near nor late."""
    if limit is None:
        return NO_LIMIT
    left = (day_of(limit.due - MOMENT) - day_of(now)).days
    pattern = "m-d" if day_of(limit.due - MOMENT).year == day_of(now).year else "Y-m-d"
    detail = f"{limit.label} {told(limit.due, pattern, abs(left) <= 1 and limit.binds)}".strip()
    if not limit.binds:
        words = ngettext("In %d day", "In %d days", left) % left if left > 0 else say("Its day has come")
        return Light(level="none", words=words, detail=detail)
    if limit.due <= now:
        words = (
            ngettext("%d day overdue", "%d days overdue", -left) % -left
            if left
            else say("Overdue since today")
        )
        return Light(level="late", words=words, detail=detail)
    if left == 0:
        return Light(level="near", words=say("Due today"), detail=detail)
    words = ngettext("%d day left", "%d days left", left) % left
    level: Level = "near" if left <= NEAR else "on_time"
    return Light(level=level, words=words, detail=detail)


def due_cells(limit: Limit | None) -> tuple[object, Words]:
    """A time limit in a workbook: its last day, and which limit it is."""
    return ("", "") if limit is None else (last(limit.due), limit.label)


def clock_light(clock: Running, declared: Clock, now: datetime) -> Light:
    """How one clock of a matter stands: running, paused, or stopped in time or late; its name stands beside it."""
    end = told(clock.due_at)
    if clock.stopped_at is not None:
        if not declared.binds:
            came = clock.expired_at is not None or clock.stopped_at >= clock.due_at
            return Light(
                level="done", words=say("Its day has come") if came else say("No longer"), detail=end
            )
        if clock.stopped_at <= clock.due_at:
            return Light(level="done", words=say("Done in time"), detail=end)
        return Light(level="late", words=say("Done, but late"), detail=end)
    if clock.paused_at is not None:
        return Light(level="paused", words=say("Clock paused"), detail=end)
    light = light_of(Limit(clock.due_at, binds=declared.binds), now)
    return Light(level=light.level, words=light.words, detail=end)


def chip_of(matter: Matter) -> Chip:
    """A matter's state; closed ones carry a tick, those that came to nothing a struck circle: no colour is alone."""
    state = states_of(matter_type(matter)).get(matter.state)
    label = state.label if state else matter.state
    if state and state.void:
        return Chip(label=label, icon="void")
    return Chip(label=label, tone="done", icon="check") if matter.closed else Chip(label=label, tone="accent")


def matter_type(matter: Matter) -> type[Matter]:
    """The class of a matter, also where only its base row was read."""
    return mechanisms().get(matter.mechanism, type(matter))


def mechanism_name(matter: type[Matter], plural: bool = True) -> str:
    """What a mechanism's matters are called."""
    return capfirst(str(matter._meta.verbose_name_plural if plural else matter._meta.verbose_name))


def address_of(matter: Matter) -> str:
    """The address of a matter's page."""
    return reverse("console:matter", args=[matter.mechanism, matter.pk])


def row_of(matter: Matter, light: Light, meta: Sequence[Words] = (), fresh: bool = False) -> MatterRow:
    """A matter as a row of a list."""
    return MatterRow(
        href=address_of(matter),
        title=matter.title or matter.number,
        number=matter.number,
        state=chip_of(matter),
        light=light,
        meta=meta,
        fresh=fresh,
    )


class Holders:
    """Holder keys in words, such as "Housing bureau Unit clerk"; the names are asked for once for all."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = list(dict.fromkeys(keys))
        self._unattended: dict[str, list[str]] | None = None

    def awaited(self, key: str, on: date) -> str:
        """Who a key names as one an act waits on, and that they are away where nobody is there in their place."""
        if self._unattended is None:
            self._unattended = unattended(self.keys, on)
        if key not in self._unattended:
            return self.words(key)
        away = say(", ").join(self._unattended[key])
        return say("%(who)s (%(away)s is away today, and nobody stands in)") % {
            "who": self.words(key),
            "away": away,
        }

    def words(self, key: str) -> str:
        """Who a key names; the key itself where that is nobody."""
        role, _at, place = key.partition("@")
        if role == "person":
            return self._names[Person].get(place, key)
        label = str(Role(role).label) if role in Role.values else role
        model: type[models.Model] = Unit if place.startswith("u") else Jurisdiction
        return f"{self._names[model].get(place[1:], '')} {label}".strip()

    def unit(self, key: str) -> str:
        """The unit a key names; the whole of it in words where it names none."""
        place = key.partition("@")[2]
        return self._names[Unit].get(place[1:], self.words(key)) if place.startswith("u") else self.words(key)

    @cached_property
    def _names(self) -> dict[type[models.Model], dict[str, str]]:
        wanted: dict[type[models.Model], list[str]] = {Person: [], Unit: [], Jurisdiction: []}
        for key in self.keys:
            role, _at, place = key.partition("@")
            if role == "person":
                wanted[Person].append(place)
            elif place[:1] in ("u", "j"):
                wanted[Unit if place[0] == "u" else Jurisdiction].append(place[1:])
        return {
            model: {str(row.pk): str(row) for row in model._default_manager.filter(pk__in=ids)} if ids else {}
            for model, ids in wanted.items()
        }


class Values:
    """The fields of matters in words: choices by their labels, references by their names."""

    def __init__(self, matter: type[Matter], actor: Actor, now: datetime) -> None:
        self.matter = matter
        self.actor = actor
        self.now = now
        self._labels: dict[str, dict[str, Words]] = {}

    @property
    def fields(self) -> list[models.Field[Any, Any]]:
        """The mechanism's own fields, as a sheet shows them; what is not ``editable`` is for the machine only."""
        return [
            field
            for field in self.matter._meta.concrete_fields
            if field.model is not Matter
            and field.editable
            and not field.primary_key
            and not getattr(field, "parent_link", False)
        ]

    def spec(self, name: str) -> InputField | None:
        """The input of an act that fills a field."""
        found = [
            spec for act in acts_of(self.matter).values() for spec in act.inputs.fields if spec.name == name
        ]
        return found[0] if found else None

    def labels(self, name: str, jurisdiction_id: int) -> dict[str, Words]:
        """The labels of a field's codes, from the regime; none where it holds none."""
        if name not in self._labels:
            spec, looks = self.spec(name), self.matter.looks
            self._labels[name] = {}
            policy = ActorScope(self.actor, jurisdiction_id, day_of(self.now))
            with suppress(Refusal):
                if spec is not None and spec.kind == "choice":
                    self._labels[name] = dict(policy.codes(spec))
                elif looks is not None and looks.topic == name:
                    self._labels[name] = dict(policy.policy.choices(looks.topics))
        return self._labels[name]

    def money(self, field: models.Field[Any, Any]) -> bool:
        """Whether a field holds fen: it is declared so, or an input of money fills it."""
        spec = self.spec(field.name)
        return isinstance(field, FenField) or (spec is not None and spec.kind == "money")

    def shown(self, matter: Matter, field: models.Field[Any, Any]) -> object:
        """A field's value for a reader."""
        value = getattr(matter, field.name)
        if value is None or value == "":
            return GoneValue(words=_("not yet"))
        if field.choices:
            return getattr(matter, f"get_{field.name}_display")()
        if isinstance(value, bool):
            return say("yes") if value else say("no")
        if self.money(field):
            return in_yuan(value)
        if field.name == "year":
            # A year is no count: no thousands apart.
            return str(value)
        if isinstance(value, models.Model | int | float):
            return value if isinstance(value, int | float) else str(value)
        if isinstance(value, datetime):
            return formats.date_format(timezone.localtime(value), "Y-m-d H:i")
        if isinstance(value, date):
            return formats.date_format(value, "Y-m-d")
        spec = self.spec(field.name)
        if spec is not None and spec.told is not None:
            return spec.told(str(value))
        if isinstance(value, str):
            return self.labels(field.name, matter.jurisdiction_id).get(value, value)
        return value

    def meta(self, matter: Matter) -> list[Words]:
        """What a list says of a matter besides its title: the fields it can be narrowed by."""
        named = [self.matter._meta.get_field(name) for name in self.matter.filters]
        values = [getattr(matter, field.name) for field in named]
        return [
            str(self.shown(matter, field))  # type: ignore[arg-type]  # a filter names a column
            for field, value in zip(named, values, strict=True)
            if value not in (None, "")
        ]
