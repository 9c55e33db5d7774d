"""Which fields of a matter an entry's digest covers, and in which version of the field list."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from qingfeng.kernel.ledger.canonical import encode, encode_plain
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.values import plain

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter

SHORT = 16


class FieldList(models.Model):
    """A version of a matter's field list 字段表, kept so that digests of older entries can still be compared."""

    schema = models.CharField(max_length=SHORT, primary_key=True)
    mechanism = models.CharField(max_length=40)
    fields = models.JSONField()

    append_only: ClassVar[bool] = True


@cache
def field_list(matter: type[Matter]) -> tuple[str, ...]:
    """The columns of a matter that its digest covers, by name: all but the link between its two tables."""
    return tuple(
        sorted(
            field.attname
            for field in matter._meta.concrete_fields
            if not (field.remote_field and getattr(field.remote_field, "parent_link", False))
        )
    )


@cache
def schema_of(matter: type[Matter]) -> str:
    """The short digest (hex) that names the field list in an entry."""
    return sm3(encode([matter.code, *field_list(matter)])).hex()[:SHORT]


def digest_of(values: Iterable[tuple[str, Any]]) -> str:
    """Digest (hex) of named values."""
    return sm3(encode_plain({name: plain(value) for name, value in values})).hex()


def fields_digest(matter: Matter) -> str:
    """Digest (hex) of a matter's fields as they stand in memory, which is as they were just written."""
    return digest_of((name, getattr(matter, name)) for name in field_list(type(matter)))


def keep_field_lists(using: str) -> None:
    """Keep the field list of every matter as it is now; called after every migration."""
    from qingfeng.kernel.matters.registry import mechanisms

    kept = set(FieldList.objects.using(using).values_list("schema", flat=True))
    FieldList.objects.using(using).bulk_create(
        FieldList(schema=schema_of(matter), mechanism=code, fields=list(field_list(matter)))
        for code, matter in mechanisms().items()
        if schema_of(matter) not in kept
    )
