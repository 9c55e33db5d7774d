"""What an upgrade does to the rows 升级核对: looked at before the migrations and after, so that it can be entered.

Before: which rows are as the ledger last said, read through the models as the database then has them. After: which
classes have another field list, or other values in the columns that stayed. Those rows that held are restated.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from typing import Any

from django.apps.registry import Apps
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.ledger.canonical import encode_plain, entry_of
from qingfeng.kernel.ledger.comparison import holds
from qingfeng.kernel.ledger.digest import sm3_of
from qingfeng.kernel.ledger.schema import (
    FieldList,
    columns_of,
    digest_of,
    field_list,
    recorded,
    restated_list,
    schema_named,
    schema_of,
    spoken_of,
)
from qingfeng.kernel.ledger.statements import RecordIndex, RowRecord
from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.record.registers import Register

PORTION = 2000
UNNAMED = "unnamed"
"""The list of register rows that were entered before field lists were named."""
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)
"""What a body raises that somebody wrote by hand; verification names it."""
FIRST = "kernel.jurisdiction"
"""A class that is enrolled when a ledger meets for the first time what covers more than matters and registers."""


@dataclass
class ClassSnapshot:
    """A class before the migrations: which columns are to stay, their values in one digest, and how its rows stood.

    ``known``: entries spoke of such rows before. ``lists``: the field lists under which rows are as they were said to
    be. ``left``: the keys of those that are not, or of which nothing was said.
    """

    staying: tuple[str, ...]
    values: str
    known: bool
    lists: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)


Survey = dict[str, ClassSnapshot]


@dataclass(frozen=True)
class FieldListChange:
    """A class whose rows are to be restated: its lists before (none: not covered) and after, and whether values changed."""

    of: str
    before: str
    after: str
    altered: bool


@cache
def listed() -> dict[str, type[models.Model]]:
    """Every class that has a field list, by the name the list is kept under."""
    return {**mechanisms(), **recorded()}


def survey(old: Apps) -> Survey | None:
    """Look at everything before the migrations; none where there is no ledger yet.

    :param old: the models as the database has them
    """
    try:
        kept = list(old.get_model("kernel", "FieldList")._base_manager.all())
    except LookupError:
        return None
    lists = {row.schema: tuple(row.fields) for row in kept}
    named = {row.mechanism for row in kept}
    said = _PastRecords(old)
    found: Survey = {}
    for name, model in listed().items():
        try:
            before: Any = old.get_model(model._meta.app_label, model._meta.model_name or "")
        except LookupError:
            continue
        staying = tuple(column for column in columns_of(before, model) if column in field_list(model))
        known = name in named or issubclass(model, Register)
        found[name] = ClassSnapshot(staying, _values(before, staying), known)
        if known:
            _look(found[name], name, model, before, said, lists)
        elif model is Attachment:
            bound = before._base_manager.exclude(Attachment.awaiting).values_list("pk", "digest")
            found[name].left = {
                str(pk) for pk, digest in bound.iterator() if said.files.get(str(pk)) != digest
            }
    return found


def changes(before: Survey) -> list[FieldListChange]:
    """The classes whose rows have to be restated, now that the migrations are done."""
    found = []
    for name, looked in before.items():
        model = listed()[name]
        after = schema_of(model)
        older = looked.lists - {after, schema_named(name, restated_list(model))}
        altered = _values(model, looked.staying) != looked.values
        if (altered or older or not looked.known) and spoken_of(model).exists():
            lists = " ".join(sorted(older)) or (after if looked.known else "")
            found.append(FieldListChange(name, lists, after, altered))
    return found


def unlisted() -> bool:
    """Whether a field list of the program is not kept yet: an upgrade was not entered to its end."""
    wanted = {schema_of(model) for model in listed().values()}
    return FieldList.objects.filter(schema__in=wanted).count() < len(wanted)


def whole() -> bool:
    """Whether the database has every migration of this version, so that the program's own models fit it."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def restated(name: str, after: str, left: set[str]) -> tuple[list[tuple[str, str, str, str]], str]:
    """The next rows of a class to be restated, for ``do.restate``, and the key of the last one; none left: the empty key."""
    model = listed()[name]
    columns = restated_list(model)
    rows = spoken_of(model).order_by("pk")
    portion = list((rows.filter(pk__gt=after) if after else rows).values_list("pk", *columns)[:PORTION])
    schema = schema_named(name, columns)
    lines = [
        (name, str(pk), schema, digest_of(zip(columns, values, strict=True)))
        for pk, *values in portion
        if str(pk) not in left
    ]
    return lines, str(portion[-1][0]) if len(portion) == PORTION else ""


class _PastRecords:
    """What the ledger last said of rows, through the models as the database has them.

    ``files``: by an attachment's key, the digest that the input of an act named.
    """

    def __init__(self, old: Apps) -> None:
        self._old = old
        self.files: dict[str, str] = {}
        self._spoken = RecordIndex()
        for entry, body in self._all("Entry").order_by("id").values_list("id", "body").iterator(PORTION):
            with suppress(*UNREADABLE):
                self._read(entry, entry_of(body.encode()))

    def _read(self, entry: int, content: dict[str, Any]) -> None:
        self._spoken.note(content.get("records", ()), entry)
        for given in content.get("input", {}).values():
            if isinstance(given, list) and all(isinstance(one, list) for one in given):
                self.files.update(given)

    def of(self, name: str, keys: Sequence[Any], matters: bool) -> dict[str, RowRecord]:
        """What was last said of rows of one class, by their keys in words."""
        rows = [str(key) for key in keys]
        if matters:
            entries = self._all("Entry").filter(matter_id__in=keys).order_by("seq")
            acts = entries.values_list("id", "matter_id", "body")
            said = {str(matter): _acted(entry, body) for entry, matter, body in acts}
        else:
            said = self._spoken.of(name, rows)
        if self._has("Restatement"):
            anew = self._all("Restatement").filter(of=name, row__in=rows).order_by("entry_id")
            for entry, row, schema, digest in anew.values_list("entry_id", "row", "schema", "digest"):
                if row not in said or said[row].entry < entry:
                    said[row] = RowRecord(entry, digest, schema)
        return said

    def _has(self, model: str) -> bool:
        return any(one.__name__ == model for one in self._old.get_app_config("kernel").get_models())

    def _all(self, model: str) -> Any:
        return self._old.get_model("kernel", model)._base_manager.all()


def _acted(entry: int, body: str) -> RowRecord:
    """What an act said of its matter; of a body that can't be read nothing, which verification names."""
    try:
        content = entry_of(body.encode())
        return RowRecord(entry, content["fields"], content["schema"])
    except (ValueError, LookupError):
        return RowRecord(entry, "", UNNAMED)


def _look(
    looked: ClassSnapshot,
    name: str,
    model: type[models.Model],
    before: type[models.Model],
    said: _PastRecords,
    lists: dict[str, tuple[str, ...]],
) -> None:
    """Hold every row of a class against what was last said of it."""
    columns = [field.attname for field in before._meta.concrete_fields]
    found = before._base_manager.order_by("pk")
    if hasattr(model, "awaiting"):
        found = found.exclude(model.awaiting)
    rows = found.values_list("pk", *columns).iterator(PORTION)
    while portion := list(islice(rows, PORTION)):
        told = said.of(name, [row[0] for row in portion], issubclass(model, Matter))
        for pk, *values in portion:
            last = told.get(str(pk))
            if last is not None and _held(model, last, dict(zip(columns, values, strict=True)), lists):
                looked.lists.add(last.schema or UNNAMED)
            else:
                looked.left.add(str(pk))


def _held(
    model: type[models.Model], said: RowRecord, row: dict[str, Any], lists: dict[str, tuple[str, ...]]
) -> bool:
    if said.schema:
        return bool(holds(said, list(row), list(row.values()), lists))
    # Before a row's field list was named, its digest left out what was personal.
    out = {*getattr(model, "personal", {}), "erased_at", "salt"}
    return digest_of((name, value) for name, value in row.items() if name not in out) == said.digest


def _values(model: type[models.Model], columns: tuple[str, ...]) -> str:
    """One digest (hex) of some columns of all rows, in the order of their keys."""
    rows = model._base_manager.order_by("pk").values_list("pk", *columns).iterator(PORTION)
    return sm3_of(encode_plain(plain(row)) for row in rows).hex()
