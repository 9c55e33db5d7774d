"""Which columns of a row a digest covers, in which version of the field list, and what an upgrade says anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar

from django.apps import apps
from django.db import models

from qingfeng.kernel.ledger.canonical import encode, encode_plain
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.values import plain

SHORT = 16


class FieldList(models.Model):
    """A version of a field list 字段表, kept so that digests of older entries can still be compared.

    ``mechanism``: the code of a matter, the label of any other class that entries speak of.
    """

    schema = models.CharField(max_length=SHORT, primary_key=True)
    mechanism = models.CharField(max_length=100)
    fields = models.JSONField()

    append_only: ClassVar[bool] = True


class Restatement(models.Model):
    """A row's digest under its new field list 重述, entered by an upgrade for a row that held under its old one.

    ``of`` is named as in ``FieldList``; ``row`` is the row's key in words. Together they are leaves of a root in the entry.
    """

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="restatements", db_index=False)
    position = models.PositiveIntegerField()
    of = models.CharField(max_length=100)
    row = models.CharField(max_length=36)
    schema = models.CharField(max_length=SHORT)
    digest = models.CharField(max_length=64)

    append_only: ClassVar[bool] = True

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["entry", "position"], name="one_restatement_a_place"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["of", "row"], name="restated_rows")]

    def leaf(self) -> bytes:
        """What the entry's root commits to."""
        return encode([self.of, self.row, self.schema, self.digest])


@cache
def recorded() -> dict[str, type[models.Model]]:
    """The classes, by their labels, whose rows the entries' ``records`` speak of: registers and what is like them."""
    return {
        model._meta.label_lower: model for model in apps.get_models() if getattr(model, "recorded", False)
    }


def spoken_of(model: type[models.Model]) -> models.QuerySet[Any]:
    """The rows that an entry has to speak of: all but those that still wait for the act that will (``awaiting``)."""
    found = model._base_manager.all()
    return found.exclude(model.awaiting) if hasattr(model, "awaiting") else found


@cache
def field_list(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that a digest covers, by name."""
    return columns_of(model, model)


def columns_of(model: type[models.Model], declared: type[models.Model]) -> tuple[str, ...]:
    """The columns of a class as some migration left it: all but the link between a matter's tables and ``outside``."""
    outside: frozenset[str] = getattr(declared, "outside", frozenset())
    return tuple(
        sorted(
            field.attname
            for field in model._meta.concrete_fields
            if not (field.remote_field and getattr(field.remote_field, "parent_link", False))
            and field.attname not in outside
        )
    )


@cache
def restated_list(model: type[models.Model]) -> tuple[str, ...]:
    """The columns that a restatement covers: those of the list, and the one that names the entry which speaks of the row."""
    speaker = getattr(model, "spoken_by", None)
    return tuple(sorted((*field_list(model), *([speaker] if speaker else []))))


@cache
def schema_of(model: type[models.Model]) -> str:
    """The short digest (hex) that names the field list in an entry."""
    name = model._meta.label_lower if getattr(model, "recorded", False) else str(model.code)  # type: ignore[attr-defined]
    return schema_named(name, field_list(model))


@cache
def schema_named(name: str, columns: tuple[str, ...]) -> str:
    """The same of any list."""
    return sm3(encode([name, *columns])).hex()[:SHORT]


def digest_of(values: Iterable[tuple[str, Any]]) -> str:
    """Digest (hex) of named values."""
    return sm3(encode_plain({name: plain(value) for name, value in values})).hex()


def fields_digest(row: models.Model) -> str:
    """Digest (hex) of a row's columns as they stand in memory, which is as they were just written."""
    return digest_of((name, getattr(row, name)) for name in field_list(type(row)))


def record_line(row: models.Model) -> list[Any]:
    """What an entry says of a row it wrote: class, key, digest, and the field list that was."""
    return [row._meta.label_lower, plain(row.pk), fields_digest(row), schema_of(type(row))]


def keep_field_lists(using: str, classes: Mapping[str, type[models.Model]]) -> None:
    """Keep the field lists of classes as they are now; called once the rows are restated under them.

    ``classes``: by the name their list is kept under.
    """
    kept = set(FieldList.objects.using(using).values_list("schema", flat=True))
    wanted = {
        schema_named(name, columns): (name, columns)
        for name, model in classes.items()
        for columns in (field_list(model), restated_list(model))
    }
    FieldList.objects.using(using).bulk_create(
        FieldList(schema=schema, mechanism=name, fields=list(columns))
        for schema, (name, columns) in wanted.items()
        if schema not in kept
    )
