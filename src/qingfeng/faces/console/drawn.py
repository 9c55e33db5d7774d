"""Things of the kernel as parts of a page: lights, chips, rows, names of holders, values of fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from qingfeng.faces.console.parts import Gone
from qingfeng.faces.design.parts import Chip, Level, Light, Row
from qingfeng.kernel.actors import Actor
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.clocks import Running
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import acts_of, mechanisms, states_of
from qingfeng.kernel.money import FenField, in_yuan
from qingfeng.kernel.parties.models import Jurisdiction, Person, Unit
from qingfeng.kernel.parties.roles import Role
from qingfeng.kernel.refusals import Refusal
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.words import Words

NEAR = 2
"""From so many days before its end a time limit shows as near."""

MOMENT = timedelta(microseconds=1)

NO_LIMIT = Light(level="none", words=_("No time limit"))


def light_of(due: datetime | None, now: datetime) -> Light:
    """How a due time stands against now 亮灯, in days of the calendar."""
    if due is None:
        return NO_LIMIT
    left = (day_of(due - MOMENT) - day_of(now)).days
    if due <= now:
        words = (
            ngettext("%d day overdue", "%d days overdue", -left) % -left
            if left
            else say("Overdue since today")
        )
        return Light(level="late", words=words, detail=end_words(due, "m-d", abs(left) <= 1))
    if left == 0:
        return Light(level="near", words=say("Due today"), detail=end_words(due, "m-d"))
    words = ngettext("%d day left", "%d days left", left) % left
    level: Level = "near" if left <= NEAR else "on_time"
    return Light(level=level, words=words, detail=end_words(due, "m-d", left <= 1))


def end_words(due: datetime, pattern: str, with_time: bool = True) -> str:
    """The end of a time limit. What ends at midnight ends with the day before, not on the next."""
    local = timezone.localtime(due)
    midnight = (local.hour, local.minute) == (0, 0)
    day = formats.date_format(local - MOMENT if midnight else local, pattern)
    if not with_time:
        return day
    return f"{day} 24:00" if midnight else f"{day} {formats.date_format(local, 'H:i')}"


def clock_light(clock: Running, now: datetime) -> Light:
    """How one clock of a matter stands: running, paused, or stopped in time or late."""
    end = end_words(clock.due_at, "Y-m-d")
    if clock.stopped_at is not None:
        if clock.stopped_at <= clock.due_at:
            return Light(level="done", words=say("Done in time"), detail=end)
        return Light(level="late", words=say("Done, but late"), detail=end)
    if clock.paused_at is not None:
        return Light(level="paused", words=say("Clock paused"), detail=end)
    light = light_of(clock.due_at, now)
    return Light(level=light.level, words=light.words, detail=end)


def chip_of(matter: Matter) -> Chip:
    """A matter's state; closed ones carry a tick, so that the colour is not alone."""
    state = states_of(matter_type(matter)).get(matter.state)
    label = state.label if state else matter.state
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


def row_of(matter: Matter, light: Light, meta: Sequence[Words] = (), fresh: bool = False) -> Row:
    """A matter as a row of a list."""
    return Row(
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

    def words(self, key: str) -> str:
        """Who a key names; the key itself where that is nobody."""
        role, _at, place = key.partition("@")
        if role == "person":
            return self._names[Person].get(place, key)
        label = str(Role(role).label) if role in Role.values else role
        model: type[models.Model] = Unit if place.startswith("u") else Jurisdiction
        return f"{self._names[model].get(place[1:], '')} {label}".strip()

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
            spec = self.spec(name)
            self._labels[name] = {}
            if spec is not None and spec.kind == "choice":
                scope = ActorScope(self.actor, jurisdiction_id, day_of(self.now))
                with suppress(Refusal):
                    self._labels[name] = dict(scope.codes(spec))
        return self._labels[name]

    def money(self, field: models.Field[Any, Any]) -> bool:
        """Whether a field holds fen: it is declared so, or an input of money fills it."""
        spec = self.spec(field.name)
        return isinstance(field, FenField) or (spec is not None and spec.kind == "money")

    def shown(self, matter: Matter, field: models.Field[Any, Any]) -> object:
        """A field's value for a reader."""
        value = getattr(matter, field.name)
        if value is None or value == "":
            return Gone(words=_("not yet"))
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
