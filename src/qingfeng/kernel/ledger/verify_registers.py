"""Verification of what is not a matter's own: register rows, the books' totals, the field lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.db.models import BigIntegerField, Case, F, Sum, When

from qingfeng.kernel.books import Book, BookEntry
from qingfeng.kernel.ledger.canonical import encode
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.ledger.faults import Fault
from qingfeng.kernel.ledger.schema import SHORT, FieldList
from qingfeng.kernel.registers import Register, record_digest


class Registers:
    """What the entries said of register rows and books, gathered on the way, then held against them."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, int], tuple[int, str]] = {}
        self._books: dict[int, tuple[Any, ...]] = {}
        self._mixed: set[int] = set()
        self._latest = 0

    def spoken(self, records: Sequence[Sequence[Any]], entry: int) -> None:
        """Note the digests an entry gives; the entry of the highest id speaks last."""
        for label, pk, digest in records:
            known = self._rows.get((label, pk))
            if known is None or known[0] < entry:
                self._rows[label, pk] = (entry, digest)

    def moved(self, book_id: int, jurisdiction: int, line: Sequence[Any]) -> None:
        """Note which book an entry says a movement was in."""
        named = (jurisdiction, line[0], line[1], line[2], line[5])
        if self._books.setdefault(book_id, named) != named:
            self._mixed.add(book_id)

    def faults(self) -> Iterator[Fault]:
        """Rows that are not as the ledger left them, or that it never spoke of, or that are gone."""
        for model in apps.get_models():
            if not issubclass(model, Register):
                continue
            label = model._meta.label_lower
            for row in model._default_manager.order_by("pk").iterator():
                said = self._rows.pop((label, row.pk), None)
                if said is None:
                    yield Fault(f"{label}:{row.pk}", "no entry speaks of this register row")
                elif said[1] != record_digest(row):
                    yield Fault(f"{label}:{row.pk}", "this register row is not as its last act left it")
        for label, pk in self._rows:
            yield Fault(f"{label}:{pk}", "the ledger speaks of this register row, and it is gone")
        yield from self._book_faults()

    def _book_faults(self) -> Iterator[Fault]:
        sums = {
            line["book"]: line
            for line in BookEntry.objects.values("book").annotate(
                credited=_sum(credit=1, debit=-1),
                reserved=_sum(reserve=1, release=-1, commit=-1),
                committed=_sum(commit=1),
            )
        }
        for book in Book.objects.order_by("pk").iterator():
            where = f"kernel_book:{book.pk}"
            line = sums.get(book.pk, {"credited": 0, "reserved": 0, "committed": 0})
            if (book.credited, book.reserved, book.committed) != (
                line["credited"],
                line["reserved"],
                line["committed"],
            ):
                yield Fault(where, "its totals are not the sums of its movements")
            standing = (book.jurisdiction_id, book.kind, book.owner, book.period, book.unit)
            if book.pk in self._mixed or self._books.pop(book.pk, standing) != standing:
                yield Fault(where, "it is not the book the entries named")
        for pk in self._books:
            yield Fault(f"kernel_book:{pk}", "the entries name this book, and it is gone")


def _sum(**signs: int) -> Sum:
    cases = (When(operation=name, then=F("amount") * sign) for name, sign in signs.items())
    return Sum(Case(*cases, default=0, output_field=BigIntegerField()))


def field_lists() -> Iterator[Fault]:
    """Field lists that are not the ones their digests name."""
    for row in FieldList.objects.all():
        if sm3(encode([row.mechanism, *row.fields])).hex()[:SHORT] != row.schema:
            yield Fault(f"kernel_fieldlist:{row.schema}", "the field list is not the one its digest names")
