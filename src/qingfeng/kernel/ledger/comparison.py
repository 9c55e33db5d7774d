"""Comparing 比对: a row against what the ledger last said of it, under the field list of that entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_noop

from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.faults import Fault
from qingfeng.kernel.ledger.merkle import leaf_hash, root
from qingfeng.kernel.ledger.schema import SHORT, FieldList, Restatement, digest_of
from qingfeng.kernel.ledger.statements import RowRecord

ALTERED = gettext_noop("this row is not as its last act left it")
UNLISTED = gettext_noop(
    "it can't be compared: its field list doesn't fit the columns there are, and no upgrade restated it"
)


def holds(
    said: RowRecord, columns: Sequence[str], values: Sequence[Any], lists: Mapping[str, Sequence[str]]
) -> bool | None:
    """Whether a row is as it was said to be; none where that can't be told from the columns that are there."""
    own = lists.get(said.schema)
    if own is None or not set(own).issubset(columns):
        return None
    named = dict(zip(columns, values, strict=True))
    return digest_of((name, named[name]) for name in own) == said.digest


def _names(fields: object) -> bool:
    return isinstance(fields, list) and all(isinstance(name, str) for name in fields)


class RecordComparison:
    """The field lists and restatements as they are kept, and what could not be compared by them."""

    def __init__(self) -> None:
        # One that holds no names compares nothing, and is named below.
        self.lists = {
            row.schema: tuple(row.fields) if _names(row.fields) else () for row in FieldList.objects.all()
        }
        self._restated = set(Restatement.objects.values_list("of", flat=True).distinct())
        self._roots: dict[int, tuple[str, str, int]] = {}
        self._uncovered: set[str] = set()

    def last(self, name: str, said: Mapping[int, RowRecord]) -> Mapping[int, RowRecord]:
        """What was last said of some matters of a mechanism, restatements after their last acts taken in."""
        if name not in self._restated:
            return said
        rows = Restatement.objects.filter(of=name, row__in=[str(pk) for pk in said]).order_by("entry_id")
        later = {
            int(row.row): RowRecord(row.entry_id, row.digest, row.schema)
            for row in rows
            if row.entry_id > said[int(row.row)].entry
        }
        return {**said, **later}

    def records(self) -> Iterator[tuple[list[Any], int]]:
        """The restatements, as lines of records with their entries."""
        rows = Restatement.objects.values_list("of", "row", "digest", "schema", "entry_id")
        return (([*line], entry) for *line, entry in rows.iterator())

    def fault(
        self, name: str, schema: str, columns: Sequence[str], values: Sequence[Any], said: RowRecord
    ) -> str | None:
        """What does not hold of a row, in words; none when it is as it was said to be.

        :param schema: the field list that stands today, whose columns the first values are
        """
        if said.schema == schema:
            own = self.lists.get(schema)
            if own is not None:
                same = digest_of(zip(own, values, strict=False)) == said.digest
                return None if same else ALTERED
        found = holds(said, columns, values, self.lists)
        if found is None:
            return UNLISTED
        if not found:
            return ALTERED
        listed = self.lists.get(schema, columns)
        self._uncovered.update(
            f"{name}.{column}" for column in set(listed).difference(self.lists[said.schema])
        )
        return None

    def entered(self, where: str, entry: int, notes: Mapping[str, Any]) -> None:
        """Note the root under which an entry restated rows."""
        if "restated" in notes:
            self._roots[entry] = (where, notes["restated"]["root"], notes["restated"]["size"])

    def faults(self) -> Iterator[Fault]:
        """Columns that rows are not compared in, restatements that no entry made, field lists not their own."""
        for column in sorted(self._uncovered):
            yield Fault(
                column, "rows entered before this column came are not compared in it: run “qingfeng migrate”"
            )
        for schema, name, fields in FieldList.objects.values_list("schema", "mechanism", "fields"):
            if not _names(fields) or sm3(encode([name, *fields])).hex()[:SHORT] != schema:
                yield Fault(f"kernel_fieldlist:{schema}", "the field list is not the one its digest names")
        rows = Restatement.objects.order_by("entry_id", "position").iterator()
        for entry, group in groupby(rows, key=lambda row: row.entry_id):
            where, *said = self._roots.pop(entry, (f"kernel_restatement:{entry}", "", 0))
            restated = list(group)
            placed = [row.position for row in restated] == list(range(len(restated)))
            if not placed or said != [*rooted(restated)]:
                yield Fault(where, "the rows it restated are not the ones it committed to")
        for where, _root, _size in self._roots.values():
            yield Fault(where, "the rows it restated are not the ones it committed to")


def rooted(rows: Iterable[Restatement]) -> tuple[str, int]:
    """The root (hex) that commits to restatements in their order, and how many they are."""
    leaves = [leaf_hash(row.leaf()) for row in rows]
    return root(leaves).hex(), len(leaves)
