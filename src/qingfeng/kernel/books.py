"""Books 账簿: reserve, commit and release against a balance or a cap; entries are only added.

A book is locked by itself, after the matter, so that a cap holds whatever else the writers hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import F
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.parties.models import Jurisdiction
from qingfeng.kernel.refusals import Barred, Misdeclared
from qingfeng.kernel.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter


@dataclass(frozen=True)
class BookKind:
    """A kind of book 账簿类型 and the unit its whole numbers are in, such as fen or half days."""

    name: str
    label: Words
    unit: str


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
    """A movement in a book 账目: credit, reserve, release, or commit (of what was reserved)."""

    class Operation(models.TextChoices):
        CREDIT = "credit", _("credit")
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


@dataclass(frozen=True)
class Movement:
    """A movement asked for by an act, not yet made. ``cap`` none: against the balance credited."""

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
    for kind, owner, period in {(m.kind, m.owner, m.period) for m in movements}:
        Book.objects.get_or_create(
            jurisdiction=jurisdiction,
            kind=kind.name,
            owner=owner,
            period=period,
            defaults={"unit": kind.unit},
        )
    wanted = models.Q()
    for movement in movements:
        wanted |= models.Q(kind=movement.kind.name, owner=movement.owner, period=movement.period)
    locked = Book.objects.select_for_update().filter(wanted, jurisdiction=jurisdiction).order_by("id")
    books = {(book.kind, book.owner, book.period): book for book in locked}
    made = []
    for movement in movements:
        book = books[movement.kind.name, movement.owner, movement.period]
        _apply(book, matter_id, movement)
        made.append((movement, book))
    for book in books.values():
        book.save(update_fields=["credited", "reserved", "committed"])
    return made


def _apply(book: Book, matter_id: int, movement: Movement) -> None:
    amount = movement.amount
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        raise Misdeclared(f"{book.kind}: an amount is a whole number, not below zero")
    if movement.operation == BookEntry.Operation.CREDIT:
        book.credited += amount
    elif movement.operation == BookEntry.Operation.RESERVE:
        limit = movement.cap if movement.cap is not None else book.credited
        if book.used + amount > limit:
            raise Barred(
                format_lazy(
                    _("{}: {} are left, and this needs {}."),
                    movement.kind.label,
                    max(limit - book.used, 0),
                    amount,
                ),
                movement.clause,
                _("Ask for less, or wait until something is released."),
            )
        book.reserved += amount
    else:
        if amount > held(book, matter_id):
            raise Misdeclared(f"{book.kind}: only what this matter reserved can be committed or released")
        book.reserved -= amount
        if movement.operation == BookEntry.Operation.COMMIT:
            book.committed += amount


def reserved_in(kind: BookKind, matter: Matter, period: str = "") -> Book:
    """The book a matter reserved in: still that one when its unit was merged meanwhile, or the year is over.

    :param period: which, where it reserved in the books of several periods; none: the last
    Raises ``Misdeclared`` when it reserved nothing.
    """
    named = {"book__period": period} if period else {}
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


def held(book: Book, matter_id: int) -> int:
    """What a matter has reserved in a book and neither committed nor released."""
    signed = models.Case(
        models.When(operation=BookEntry.Operation.CREDIT, then=0),
        models.When(operation=BookEntry.Operation.RESERVE, then=F("amount")),
        default=-F("amount"),
        output_field=models.BigIntegerField(),
    )
    total = BookEntry.objects.filter(book=book, matter_id=matter_id).aggregate(left=models.Sum(signed))[
        "left"
    ]
    return total or 0


def committed(movement: Movement, book: Book) -> list[Any]:
    """What the ledger entry says of a movement."""
    return [book.kind, book.owner, book.period, str(movement.operation), movement.amount, book.unit]
