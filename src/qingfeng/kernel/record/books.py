"""Books 账簿: reserve, commit and release against a balance or a cap; entries are only added.

A book is locked by itself, after the matter, so that a cap holds whatever else the writers hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.reading.compiled import compiled, int_slot, text_slot
from qingfeng.kernel.record.succession import Becomes
from qingfeng.kernel.refusals import Barred, Misdeclared
from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter


@dataclass(frozen=True)
class BookKind:
    """A kind of book 账簿类型 and the unit its whole numbers are in, such as fen or half days.

    ``shown`` says an amount to a reader: fen as yuan, half days as days. ``becomes``: what becomes of the books of a
    unit that is merged or split; what was reserved is settled in them whatever that is. Raises ``Misdeclared``
    without it.
    """

    name: str
    label: Words
    unit: str
    shown: Callable[[int], Words] = str
    becomes: Becomes | None = None

    def __post_init__(self) -> None:
        if self.becomes is None:
            raise Misdeclared(
                f"{self.name}: say what becomes of these books when their unit is merged or split: becomes=STAYS, "
                'becomes=by_hand("code.act") or, where no unit owns one, becomes=NO_UNITS'
            )
        BOOKS[self.name] = self


BOOKS: dict[str, BookKind] = {}
"""The kinds of books there are, by name."""


class Book(models.Model):
    """One owner's book for one period 账簿. The totals are the sums of its entries; verification compares them."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    owner = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    unit = models.CharField(max_length=20)
    credited = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    committed = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["jurisdiction", "kind", "owner", "period"], name="one_book_a_period"
            ),
        ]

    @property
    def used(self) -> int:
        """What is reserved or committed."""
        return self.reserved + self.committed


class BookEntry(models.Model):
    """A movement in a book 账目: credit, debit (of what was credited), reserve, release, or commit (of what was
    reserved)."""

    class Operation(models.TextChoices):
        CREDIT = "credit", _("credit")
        DEBIT = "debit", _("debit")
        RESERVE = "reserve", _("reserve")
        RELEASE = "release", _("release")
        COMMIT = "commit", _("commit")

    book = models.ForeignKey(Book, models.PROTECT, related_name="entries")
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="book_entries")
    matter = models.ForeignKey("kernel.Matter", models.PROTECT, related_name="book_entries")
    ordinal = models.PositiveSmallIntegerField()
    operation = models.CharField(max_length=10, choices=Operation.choices)
    amount = models.PositiveBigIntegerField()

    append_only: ClassVar[bool] = True


ALLOT = "allot"


@dataclass(frozen=True)
class Movement:
    """A movement asked for by an act, not yet made. ``cap`` none: against the balance credited.

    ``ALLOT`` stands for the credit or debit that brings a balance to the amount; which, is known under the lock.
    """

    kind: BookKind
    owner: str
    period: str
    operation: str
    amount: int
    cap: int | None = None
    clause: str = ""


def move(
    jurisdiction: Jurisdiction, matter_id: int, movements: list[Movement]
) -> list[tuple[Movement, Book]]:
    """Make the movements on locked books, in id order. Raises ``Barred`` for what a book does not carry."""
    # In one order for everybody: two writers that make the same new books must not wait for each other.
    named = {(m.kind.name, m.owner, m.period): m.kind for m in movements}
    for (_name, owner, period), kind in sorted(named.items(), key=lambda item: item[0]):
        if not compiled(_named)(jurisdiction.pk, kind.name, owner, period):
            Book.objects.get_or_create(
                jurisdiction=jurisdiction,
                kind=kind.name,
                owner=owner,
                period=period,
                defaults={"unit": kind.unit},
            )
    asked_for = [text for name in named for text in name]
    locked: list[Book] = compiled(_locked, len(named))(jurisdiction.pk, *asked_for)
    books = {(book.kind, book.owner, book.period): book for book in locked}
    made: list[tuple[Movement, Book]] = []
    for asked in movements:
        book = books[asked.kind.name, asked.owner, asked.period]
        movement = _allotted(book, asked) if asked.operation == ALLOT else asked
        if movement.operation in (BookEntry.Operation.RELEASE, BookEntry.Operation.COMMIT):
            _demand_reserved(book, matter_id, movement, [m for m, other in made if other is book])
        _apply(book, movement)
        made.append((movement, book))
    # Totals are kept though they are sums: a cap is then decided by one row that can be locked. Verification adds up
    # anew.
    for book in books.values():
        book.save(update_fields=["credited", "reserved", "committed"])
    return made


def _named() -> models.QuerySet[Book]:
    return Book.objects.filter(
        jurisdiction=int_slot(0), kind=text_slot(1), owner=text_slot(2), period=text_slot(3)
    )


def _locked(many: int) -> models.QuerySet[Book]:
    wanted = models.Q()
    for place in range(1, 3 * many, 3):
        wanted |= models.Q(kind=text_slot(place), owner=text_slot(place + 1), period=text_slot(place + 2))
    # In the order of ids: two acts that need the same two books meet at the first of them.
    return Book.objects.select_for_update().filter(wanted, jurisdiction=int_slot(0)).order_by("id")


def _allotted(book: Book, asked: Movement) -> Movement:
    """What brings a balance to an amount, whatever others credited until the lock was had."""
    more = asked.amount - book.credited
    operation = BookEntry.Operation.CREDIT if more >= 0 else BookEntry.Operation.DEBIT
    return replace(asked, operation=operation, amount=abs(more))


def _demand_reserved(book: Book, matter_id: int, movement: Movement, before: list[Movement]) -> None:
    """A matter settles what it reserved, in earlier acts or earlier in this one."""
    # Earlier in this act: those movements have no row yet to be summed (0020).
    now = sum(HELD.get(BookEntry.Operation(m.operation), 0) * m.amount for m in before)
    if movement.amount > held(book, matter_id) + now:
        raise Misdeclared(f"{book.kind}: only what this matter reserved can be committed or released")


def _apply(book: Book, movement: Movement) -> None:
    amount = movement.amount
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        raise Misdeclared(f"{book.kind}: an amount is a whole number, not below zero")
    if movement.operation == BookEntry.Operation.CREDIT:
        book.credited += amount
    elif movement.operation == BookEntry.Operation.DEBIT:
        if book.used > book.credited - amount:
            raise Barred(
                format_lazy(
                    _("{}: {} are reserved or spent already, so it can't be brought down to {}."),
                    movement.kind.label,
                    movement.kind.shown(book.used),
                    movement.kind.shown(book.credited - amount),
                ),
                movement.clause,
                _("Leave at least that much, or have something released first."),
            )
        book.credited -= amount
    elif movement.operation == BookEntry.Operation.RESERVE:
        # A cap is the regime's of today, not of the day the book was made: a stricter one holds at once.
        limit = movement.cap if movement.cap is not None else book.credited
        if book.used + amount > limit:
            raise Barred(
                format_lazy(
                    _("{}: {} are left, and this needs {}."),
                    movement.kind.label,
                    movement.kind.shown(max(limit - book.used, 0)),
                    movement.kind.shown(amount),
                ),
                movement.clause,
                _("Ask for less, or wait until something is released."),
            )
        book.reserved += amount
    else:
        book.reserved -= amount
        if movement.operation == BookEntry.Operation.COMMIT:
            book.committed += amount


def seen(jurisdiction_id: int, kind: BookKind, owner: str, period: str) -> Book:
    """A book as it stands, unlocked; an empty one where none was made yet."""
    found: list[Book] = compiled(_named)(jurisdiction_id, kind.name, owner, period)
    named = {"jurisdiction_id": jurisdiction_id, "kind": kind.name, "owner": owner, "period": period}
    return found[0] if found else Book(**named, unit=kind.unit)


def reserved_in(kind: BookKind, matter: Matter, period: str = "", owner: str = "") -> Book:
    """The book a matter reserved in: still that one when its unit was merged meanwhile, or the year is over.

    :param period: which, where it reserved in the books of several periods; none: the last
    :param owner: which, where it reserved in the books of several owners; none: the last
    Raises ``Misdeclared`` when it reserved nothing.
    """
    named = {name: said for name, said in (("book__period", period), ("book__owner", owner)) if said}
    reserved = (
        BookEntry.objects.filter(
            matter_id=matter.pk, book__kind=kind.name, operation=BookEntry.Operation.RESERVE, **named
        )
        .select_related("book")
        .order_by("-id")
        .first()
    )
    if reserved is None:
        raise Misdeclared(f"{kind.name}: only what this matter reserved can be committed or released")
    return reserved.book


HELD = {
    BookEntry.Operation.RESERVE: 1,
    BookEntry.Operation.RELEASE: -1,
    BookEntry.Operation.COMMIT: -1,
}
"""How each movement changes what its matter has reserved; the others don't."""


def held(book: Book, matter_id: int) -> int:
    """What a matter has reserved in a book and neither committed nor released."""
    made = compiled(_made)(book.pk, matter_id)
    return sum(HELD.get(BookEntry.Operation(operation), 0) * amount for operation, amount in made)


def _made() -> models.QuerySet[BookEntry, tuple[str, int]]:
    return BookEntry.objects.filter(book=int_slot(0), matter_id=int_slot(1)).values_list(
        "operation", "amount"
    )


def committed(movement: Movement, book: Book) -> list[Any]:
    """What the ledger entry says of a movement."""
    return [book.kind, book.owner, book.period, str(movement.operation), movement.amount, book.unit]
