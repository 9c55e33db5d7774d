"""What an actor may name in a form; everything else reads as if it were not there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from qingfeng.kernel.access import readable
from qingfeng.kernel.actors import Actor
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.words import Words


@dataclass(frozen=True)
class ActorScope:
    """The objects, codes and files one actor may name on a day in a jurisdiction."""

    actor: Actor
    jurisdiction_id: int
    on: date

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
            found = self.candidates(spec).filter(pk=value).first()
            if found is None:
                raise Invalid({"": [_("Choose one of those offered.")]})
            return found
        if spec.kind == "choice" and spec.parameter is not None:
            if value not in dict(self.codes(spec)):
                raise Invalid({"": [_("Choose one of those offered.")]})
            return value
        if spec.kind == "files":
            return self._files(value)
        if spec.kind == "rows":
            return self._rows(spec, value)
        return value

    def candidates(self, spec: InputField) -> models.QuerySet[Any]:
        """What a chooser offers. A model that says nothing of choosing offers nothing."""
        model = spec.model
        assert model is not None
        if issubclass(model, Matter):
            return readable(model._default_manager.order_by("-pk"), self.actor)
        choosable = getattr(model, "choosable", None)
        return choosable(self.actor, self.on) if choosable else model._default_manager.none()

    def codes(self, spec: InputField) -> list[tuple[str, Words]]:
        """The codes a choice offers, with their labels."""
        if spec.parameter is None:
            return list(spec.options)
        return self.policy.choices(spec.parameter)

    def _files(self, ids: list[Any]) -> list[Attachment]:
        found: dict[Any, Attachment] = {}
        if self.actor.account_id is not None:
            own = Attachment.objects.filter(pk__in=ids, account_id=self.actor.account_id, matter=None)
            found = {attachment.pk: attachment for attachment in own}
        if len(found) != len(set(ids)):
            raise Invalid({"": [_("This file was not handed in; attach it again.")]})
        return [found[file] for file in dict.fromkeys(ids)]

    def _rows(self, spec: InputField, rows: list[BaseModel]) -> list[BaseModel]:
        """The rows with what they name, each thing asked for once however many rows name it."""
        wrong: dict[str, list[Words]] = {}
        columns: dict[str, list[Any]] = {}
        for inner in spec.rows:
            known: dict[Any, Any] = {}
            column = columns[inner.name] = []
            for number, row in enumerate(rows):
                value = getattr(row, inner.name)
                if inner.kind not in ("pick", "choice"):
                    column.append(value)
                    continue
                try:
                    if value not in known:
                        known[value] = self.resolve(inner, value)
                    column.append(known[value])
                except Invalid as refusal:
                    wrong[f"{number}.{inner.name}"] = refusal.fields[""]
        if wrong:
            raise Invalid(wrong)
        return [
            type(row).model_construct(**{name: column[number] for name, column in columns.items()})
            for number, row in enumerate(rows)
        ]
