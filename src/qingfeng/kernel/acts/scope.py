"""What an actor may name in a form; everything else reads as if it were not there."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias

from django.db import models
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from qingfeng.kernel.acts.access import one, readable, readable_everywhere
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.matters.models import Matter, Secrecy
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.role import SYSTEM
from qingfeng.kernel.reading.compiled import compiled, day_slot, int_slot
from qingfeng.kernel.refusals import Invalid, NotFound
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.text.words import Words


class Chooser(NamedTuple):
    """All of an actor that what it is offered may turn on: a model's ``choosable`` takes this and a day.

    ``role`` is ``SYSTEM`` where the system opens a matter for another.
    """

    role: str
    jurisdictions: tuple[int, ...]
    units: tuple[int, ...]


Narrowing: TypeAlias = tuple[tuple[str, Any], ...]
"""What an input asks of a row besides that it may be chosen, by column."""


def offered(model: Any, chooser: Chooser, on: date, narrowing: Narrowing = ()) -> models.QuerySet[Any]:
    """What a register offers a chooser on a day."""
    found: models.QuerySet[Any] = model.choosable(chooser, on)
    return found.filter(**dict(narrowing)) if narrowing else found


def offered_one(
    model: Any, role: str, jurisdictions: int, units: int, at: int = 0, narrowing: Narrowing = ()
) -> models.QuerySet[Any]:
    """What a register offers of an id, with slots from ``at`` on: id, day, jurisdictions, units."""
    covered = tuple(map(int_slot, range(at + 2, at + 2 + jurisdictions)))
    answered = tuple(map(int_slot, range(at + 2 + jurisdictions, at + 2 + jurisdictions + units)))
    found = offered(model, Chooser(role, covered, answered), day_slot(at + 1), narrowing)
    return found.filter(pk=int_slot(at))


def names_of_matters(actor: Actor, ids: set[int]) -> dict[int, str]:
    """The names of those of some matters that an actor may read and that are not sealed."""
    seen = readable_everywhere(actor, mechanisms().values()).exclude(secrecy=Secrecy.SEALED)
    return {matter.pk: str(matter) for matter in seen.filter(pk__in=ids)}


@dataclass(frozen=True)
class ActorScope:
    """The objects, codes and files one actor may name on a day in a jurisdiction.

    ``picked`` keeps what was named, by table and id: it is looked at again under the lock. ``matter`` is the one
    whose rows may be named, where there is one.
    """

    actor: Actor
    jurisdiction_id: int
    on: date
    picked: dict[tuple[str, int], Any] = field(default_factory=dict)
    matter: Matter | None = None

    @cached_property
    def policy(self) -> Policy:
        """The regime in force there that day; what is read of it is kept for the entry."""
        return Policy(self.jurisdiction_id, self.on)

    def resolve(self, spec: InputField, value: Any) -> Any:
        """The object, code, files or rows a parsed value names.

        Raises ``Invalid`` under the key ``""``, of rows under keys such as ``3.unit``.
        """
        if value is None or value == "":
            return value
        if spec.kind == "pick":
            return self._picked(spec, value)
        if spec.kind == "choice" and spec.parameter is not None:
            if value not in dict(self.codes(spec)):
                raise Invalid({"": [_("Choose one of those offered.")]})
            return value
        if spec.kind == "files":
            files = self._files(value)
            for file in files if spec.look else ():
                spec.look(file)  # type: ignore[misc]  # asked just above
            return files
        if spec.kind == "rows":
            return self._rows(spec, value)
        return value

    def candidates(self, spec: InputField) -> models.QuerySet[Any]:
        """What a chooser offers. A model that says nothing of choosing offers nothing."""
        model = spec.model
        assert model is not None
        if issubclass(model, Matter):
            return readable(model._default_manager.order_by("-pk"), self.actor)
        if not hasattr(model, "choosable") or not self.chooser.jurisdictions:
            return model._default_manager.none()
        return offered(model, self.chooser, self.on, spec.narrowing)

    @property
    def chooser(self) -> Chooser:
        """All of the actor that what it is offered may turn on. A person in no role is offered nothing of a register."""
        actor = self.actor
        alone = actor.person_id is not None and not actor.role
        role = SYSTEM if actor.reason else actor.role
        return Chooser(role, () if alone else actor.jurisdictions, actor.units)

    def _picked(self, spec: InputField, pk: int) -> Any:
        """The one of the candidates that has an id, by statements compiled once."""
        model = spec.model
        assert model is not None
        found: list[Any] = []
        if issubclass(model, Matter):
            with suppress(NotFound):
                found = [one(model, self.actor, pk)]
        elif hasattr(model, "choosable"):
            role, jurisdictions, units = self.chooser
            if jurisdictions:
                ask = compiled(offered_one, model, role, len(jurisdictions), len(units), 0, spec.narrowing)
                found = ask(pk, self.on, *jurisdictions, *units)
        if not found:
            raise Invalid({"": [_("Choose one of those offered.")]})
        self.picked[model._meta.label, pk] = found[0]
        return found[0]

    def codes(self, spec: InputField) -> list[tuple[str, Words]]:
        """The codes a choice offers, with their labels; of a list that no regime in force has, none."""
        if spec.parameter is None:
            return list(spec.options)
        return self.policy.choices(spec.parameter) if self.policy.seen(spec.parameter) else []

    def rows(self, spec: InputField, after: int = 0, most: int | None = None) -> list[tuple[int, str]]:
        """The rows of the matter after a number that a choice of them offers, by number; no more than ``most``."""
        if self.matter is None or spec.among is None:
            return []
        return spec.among.choices(self.matter, self.actor, names_of_matters, spec.states, after, most)

    def _files(self, ids: list[Any]) -> list[Attachment]:
        found: dict[Any, Attachment] = {}
        if ids and self.actor.account_id is not None:
            own = Attachment.objects.filter(pk__in=ids, account_id=self.actor.account_id, matter=None)
            found = {attachment.pk: attachment for attachment in own}
        if len(found) != len(set(ids)):
            raise Invalid({"": [_("This file was not handed in; attach it again.")]})
        return [found[file] for file in dict.fromkeys(ids)]

    def _rows(self, spec: InputField, rows: list[BaseModel]) -> list[BaseModel]:
        """The rows with what they name, each thing asked for once however many rows name it.

        A row model may say by ``together(rows, jurisdiction_id, on)`` what its rows can't be beside each other or
        beside what stands: a preview of a sheet then tells it too. It returns faults under places such as ``3.unit``,
        or ``""`` for the list as a whole.
        """
        wrong: dict[str, list[Words]] = {}
        columns: dict[str, list[Any]] = {}
        for inner in spec.rows:
            known: dict[Any, Any] = {}
            column = columns[inner.name] = []
            for place, row in enumerate(rows):
                value = getattr(row, inner.name)
                if inner.kind not in ("pick", "choice"):
                    column.append(value)
                    continue
                try:
                    if value not in known:
                        known[value] = self.resolve(inner, value)
                    column.append(known[value])
                except Invalid as refusal:
                    column.append(None)
                    wrong[f"{place}.{inner.name}"] = list(refusal.fields[""])
        # Rows whose names are known are looked at beside each other even where others fail, to tell all in one pass.
        failed = {int(place.partition(".")[0]) for place in wrong}
        kept = [place for place in range(len(rows)) if place not in failed]
        resolved = [
            type(rows[place]).model_construct(**{name: column[place] for name, column in columns.items()})
            for place in kept
        ]
        together = getattr(type(rows[0]), "together", None) if kept else None
        for place, said in (together(resolved, self.jurisdiction_id, self.on) if together else {}).items():
            number, _dot, name = place.partition(".")
            wrong[f"{kept[int(number)]}.{name}" if number else ""] = said
        if wrong:
            raise Invalid(wrong)
        return resolved
