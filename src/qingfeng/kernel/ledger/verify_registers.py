"""Verification of what is not a matter's own: rows that entries speak of, and the books' totals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, Case, F, Sum, When

from qingfeng.kernel.ledger.comparison import ALTERED, RecordComparison
from qingfeng.kernel.ledger.faults import Fault
from qingfeng.kernel.ledger.models import Leaf
from qingfeng.kernel.ledger.schema import field_list, recorded, schema_of, spoken_of
from qingfeng.kernel.ledger.statements import RecordIndex
from qingfeng.kernel.record.books import Book, BookEntry

PORTION = 2000


class Registers:
    """What the entries said of rows that are no matters, and of books, gathered on the way, then held against them."""

    def __init__(self, comparing: RecordComparison) -> None:
        self.comparing = comparing
        self.spoken = RecordIndex()
        self._books: dict[int, tuple[Any, ...]] = {}
        self._mixed: set[int] = set()

    def moved(self, book_id: int, jurisdiction: int, line: Sequence[Any]) -> None:
        """Note which book an entry says a movement was in."""
        named = (jurisdiction, line[0], line[1], line[2], line[5])
        if self._books.setdefault(book_id, named) != named:
            self._mixed.add(book_id)

    def faults(self) -> Iterator[Fault]:
        """Rows that are not as the ledger left them, or that it never spoke of, or that are gone."""
        for line, entry in self.comparing.records():
            if line[0] in recorded():
                self.spoken.note([line], entry)
        yield from self._out_of_order()
        for label, model in recorded().items():
            yield from self._of(label, model)
        for label, pk in self.spoken.left():
            yield Fault(f"{label}:{pk}", "the ledger speaks of this row, and it is gone")
        yield from self._book_faults()

    def _out_of_order(self) -> Iterator[Fault]:
        """Rows of which an entry speaks last, by its id, that was sealed before another.

        No hash holds an entry's id: with two of them exchanged an older state of a row would pass for the last. The
        checkpoints hold the order in which a jurisdiction's entries were sealed.
        """
        several = self.spoken.several()
        while portion := list(islice(several, PORTION)):
            speakers = sorted({entry for _of, _row, entries in portion for entry in entries})
            places: dict[int, tuple[int, int, int]] = {}
            for start in range(0, len(speakers), PORTION):
                sealed = Leaf.objects.filter(entry_id__in=speakers[start : start + PORTION])
                for entry, *place in sealed.values_list(
                    "entry_id", "checkpoint__jurisdiction_id", "checkpoint__number", "position"
                ):
                    places[entry] = (place[0], place[1], place[2])
            for label, row, entries in portion:
                if not _ascending([places[entry] for entry in entries if entry in places]):
                    yield Fault(f"{label}:{row}", "the entries that speak of it are out of their order")

    def _of(self, label: str, model: type[models.Model]) -> Iterator[Fault]:
        columns, schema = field_list(model), schema_of(model)
        speaker = getattr(model, "spoken_by", None)
        read = (*columns, speaker) if speaker else columns
        rows = spoken_of(model).order_by("pk").values_list("pk", *read).iterator(PORTION)
        while portion := list(islice(rows, PORTION)):
            said = self.spoken.of(label, [str(row[0]) for row in portion])
            self.spoken.done(label, list(said))
            for pk, *values in portion:
                last = said.get(str(pk))
                if last is None:
                    yield Fault(f"{label}:{pk}", "no entry speaks of this row")
                    continue
                words = self.comparing.fault(label, schema, read, values, last)
                if words is None and speaker and last.schema == schema and values[-1] != last.entry:
                    words = ALTERED
                if words is not None:
                    yield Fault(f"{label}:{pk}", words)

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
            if book.pk in self._mixed or self._books.pop(book.pk, None) != standing:
                yield Fault(where, "it is not the book the entries named")
        for pk in self._books:
            yield Fault(f"kernel_book:{pk}", "the entries name this book, and it is gone")


def _ascending(places: Sequence[tuple[int, int, int]]) -> bool:
    """Whether places (jurisdiction, checkpoint, position) go up, each jurisdiction's by themselves."""
    last: dict[int, tuple[int, int]] = {}
    for jurisdiction, *place in places:
        if last.get(jurisdiction, (0, -1)) > (place[0], place[1]):
            return False
        last[jurisdiction] = (place[0], place[1])
    return True


def _sum(**signs: int) -> Sum:
    cases = (When(operation=name, then=F("amount") * sign) for name, sign in signs.items())
    return Sum(Case(*cases, default=0, output_field=BigIntegerField()))
