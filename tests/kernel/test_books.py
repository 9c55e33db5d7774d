"""A book by itself: what it carries, what it refuses and in which words, and which of a matter's is meant."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils import translation

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.record import books
from qingfeng.kernel.record.books import ALLOT, Book, BookEntry, BookKind, Movement, held, move, seen
from qingfeng.kernel.record.succession import STAYS
from qingfeng.kernel.refusals import Barred, Misdeclared
from tests.cast import CITY, jurisdiction
from tests.sheets import sheet

pytestmark = pytest.mark.django_db

Operation = BookEntry.Operation


@pytest.fixture(autouse=True)
def named_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The kinds of a test are no kinds of the house, and its refusals are told in English."""
    monkeypatch.setattr(books, "BOOKS", dict(books.BOOKS))
    with translation.override("en"):
        yield


@pytest.fixture
def fuel() -> BookKind:
    return BookKind("fuel", "Fuel", "litre", lambda litres: f"{litres} l", STAYS)


@pytest.fixture
def matter() -> Matter:
    return sheet("assigned")


def moved(kind: BookKind, *movements: tuple[str, int], matter: Matter, **more: Any) -> list[Book]:
    """Movements in one book, made and entered as an act does."""
    asked = [
        Movement(kind, **{"owner": "u1", "period": "2026", **more}, operation=operation, amount=amount)
        for operation, amount in movements
    ]
    made = move(jurisdiction(), matter.pk, asked)
    entry = Entry.objects.filter(matter=matter).latest("pk")
    known = BookEntry.objects.count()
    BookEntry.objects.bulk_create(
        BookEntry(
            book=book,
            entry=entry,
            matter=matter,
            ordinal=known + place,
            operation=it.operation,
            amount=it.amount,
        )
        for place, (it, book) in enumerate(made)
    )
    return [book for _movement, book in made]


def totals(kind: BookKind, owner: str = "u1", period: str = "2026") -> tuple[int, int, int]:
    book = seen(jurisdiction().pk, kind, owner, period)
    return book.credited, book.reserved, book.committed


def test_a_kind_says_what_becomes_of_its_books_and_is_known_by_its_name(fuel: BookKind) -> None:
    assert books.BOOKS["fuel"] is fuel
    with pytest.raises(Misdeclared, match="paper: say what becomes of these books"):
        BookKind("paper", "Paper", "sheet")
    assert "paper" not in books.BOOKS
    assert replace(fuel, name="ink").shown(3) == "3 l"


def test_what_is_credited_reserved_spent_and_given_back(fuel: BookKind, matter: Matter) -> None:
    (book, *_more) = moved(fuel, (Operation.CREDIT, 10), matter=matter)
    assert (book.unit, book.kind, book.owner, book.period) == ("litre", "fuel", "u1", "2026")
    moved(fuel, (Operation.RESERVE, 7), (Operation.COMMIT, 4), matter=matter)
    assert totals(fuel) == (10, 3, 4)
    book.refresh_from_db()
    assert (book.used, held(book, matter.pk), held(book, matter.pk + 1)) == (7, 3, 0)
    moved(fuel, (Operation.RELEASE, 3), (Operation.DEBIT, 6), matter=matter)
    assert totals(fuel) == (4, 0, 4)
    assert held(book, matter.pk) == 0


def test_the_unit_comes_with_the_first_movement_and_an_unmoved_book_is_empty(fuel: BookKind) -> None:
    empty = seen(jurisdiction().pk, fuel, "u1", "2026")
    assert empty._state.adding
    assert (empty.jurisdiction_id, empty.unit) == (jurisdiction().pk, "litre")
    assert (empty.kind, empty.owner, empty.period, empty.used) == ("fuel", "u1", "2026", 0)


def test_a_balance_is_allotted_up_and_down_and_by_nothing(fuel: BookKind, matter: Matter) -> None:
    asked = [Movement(fuel, "u1", "2026", ALLOT, amount) for amount in (5, 5, 2)]
    made = move(jurisdiction(), matter.pk, asked)
    assert [(it.operation, it.amount) for it, _book in made] == [("credit", 5), ("credit", 0), ("debit", 3)]
    assert totals(fuel) == (2, 0, 0)


def test_what_was_neither_reserved_before_nor_in_this_act_is_not_settled(
    fuel: BookKind, matter: Matter
) -> None:
    for operation in (Operation.RELEASE, Operation.COMMIT):
        with pytest.raises(Misdeclared, match="fuel: only what this matter reserved"):
            moved(fuel, (Operation.CREDIT, 9), (Operation.RESERVE, 2), (operation, 3), matter=matter)
    with pytest.raises(Misdeclared, match="only what this matter reserved"):
        moved(
            fuel,
            (Operation.CREDIT, 9),
            (Operation.RESERVE, 2),
            (Operation.COMMIT, 2),
            (Operation.RELEASE, 1),
            matter=matter,
        )
    moved(fuel, (Operation.CREDIT, 9), (Operation.RESERVE, 2), (Operation.RELEASE, 1), matter=matter)
    moved(fuel, (Operation.RESERVE, 1), (Operation.COMMIT, 2), matter=matter)
    assert totals(fuel) == (9, 0, 2)


def test_what_is_reserved_in_another_book_of_the_act_is_not_there_to_be_settled(
    fuel: BookKind, matter: Matter
) -> None:
    asked = [
        Movement(fuel, owner, "2026", operation, 2, cap=5)
        for owner, operation in (("u1", Operation.RESERVE), ("u2", Operation.COMMIT))
    ]
    with pytest.raises(Misdeclared, match="only what this matter reserved"):
        move(jurisdiction(), matter.pk, asked)


@pytest.mark.parametrize("amount", [-1, True, 1.5, "1"])
def test_an_amount_is_a_whole_number_not_below_zero(fuel: BookKind, matter: Matter, amount: Any) -> None:
    with pytest.raises(Misdeclared, match="fuel: an amount is a whole number"):
        moved(fuel, (Operation.CREDIT, amount), matter=matter)
    moved(fuel, (Operation.CREDIT, 0), matter=matter)


def test_a_cap_counts_what_is_reserved_and_what_is_spent_and_not_the_balance(
    fuel: BookKind, matter: Matter
) -> None:
    moved(fuel, (Operation.RESERVE, 5), (Operation.COMMIT, 2), matter=matter, cap=8)
    with pytest.raises(Barred) as refused:
        moved(fuel, (Operation.RESERVE, 4), matter=matter, cap=8, clause="第四条")
    assert str(refused.value.reason) == "Fuel: 3 l are left, and this needs 4 l."
    assert refused.value.clause == "第四条"
    assert str(refused.value.remedy).startswith("Ask for less")
    moved(fuel, (Operation.RESERVE, 3), matter=matter, cap=8)
    assert totals(fuel) == (0, 6, 2)


def test_a_stricter_cap_leaves_nothing_and_no_cap_means_the_balance(fuel: BookKind, matter: Matter) -> None:
    moved(fuel, (Operation.RESERVE, 5), matter=matter, cap=8)
    for more, left in (({"cap": 3}, 0), ({"cap": 0}, 0), ({}, 0)):
        with pytest.raises(Barred, match=f"Fuel: {left} l are left"):
            moved(fuel, (Operation.RESERVE, 1), matter=matter, **more)
    moved(fuel, (Operation.CREDIT, 6), (Operation.RESERVE, 1), matter=matter)
    with pytest.raises(Barred, match="are left"):
        moved(fuel, (Operation.RESERVE, 1), matter=matter)


def test_a_balance_is_not_brought_below_what_is_used(fuel: BookKind, matter: Matter) -> None:
    moved(fuel, (Operation.CREDIT, 9), (Operation.RESERVE, 5), (Operation.COMMIT, 2), matter=matter)
    with pytest.raises(Barred) as refused:
        moved(fuel, (Operation.DEBIT, 5), matter=matter, clause="第二条")
    assert str(refused.value.reason) == (
        "Fuel: 5 l are reserved or spent already, so it can't be brought down to 4 l."
    )
    assert refused.value.clause == "第二条"
    assert str(refused.value.remedy).startswith("Leave at least that much")
    moved(fuel, (Operation.DEBIT, 4), matter=matter)
    assert totals(fuel) == (5, 3, 2)


def test_books_of_an_act_are_apart_by_kind_owner_and_period_and_each_is_kept(
    fuel: BookKind, matter: Matter
) -> None:
    ink = BookKind("ink", "Ink", "ml", becomes=STAYS)
    named = [(ink, "u2", "2026"), (fuel, "u2", "2026"), (fuel, "u1", "2027"), (fuel, "u1", "2026")]
    asked = [Movement(*which, Operation.CREDIT, amount) for amount, which in enumerate(named, 1)]
    made = move(jurisdiction(), matter.pk, asked)
    assert [it for it, _book in made] == asked
    assert [totals(*which)[0] for which in named] == [1, 2, 3, 4]
    assert Book.objects.filter(kind__in=("fuel", "ink")).count() == 4
    assert {book.pk for _it, book in move(jurisdiction(), matter.pk, asked)} == {
        book.pk for _it, book in made
    }
    # New books are made in one order for everybody, whatever the act asked for first.
    made_first = Book.objects.filter(kind__in=("fuel", "ink")).order_by("pk")
    assert [*made_first.values_list("kind", "owner", "period")] == [
        ("fuel", "u1", "2026"),
        ("fuel", "u1", "2027"),
        ("fuel", "u2", "2026"),
        ("ink", "u2", "2026"),
    ]


def test_the_books_of_another_jurisdiction_are_others(fuel: BookKind, matter: Matter) -> None:
    moved(fuel, (Operation.CREDIT, 9), matter=matter)
    move(jurisdiction(CITY), matter.pk, [Movement(fuel, "u1", "2026", Operation.CREDIT, 2)])
    assert totals(fuel) == (9, 0, 0)
    assert seen(jurisdiction(CITY).pk, fuel, "u1", "2026").credited == 2


def test_a_matter_settles_in_the_book_it_reserved_in_last_or_in_the_one_named(
    fuel: BookKind, matter: Matter
) -> None:
    with pytest.raises(Misdeclared, match="fuel: only what this matter reserved"):
        books.reserved_in(fuel, matter)
    moved(fuel, (Operation.RESERVE, 1), matter=matter, cap=9)
    moved(fuel, (Operation.RESERVE, 1), matter=matter, cap=9, period="2027")
    moved(fuel, (Operation.RESERVE, 1), matter=matter, cap=9, owner="u2")
    moved(fuel, (Operation.RELEASE, 1), matter=matter, period="2027")

    def found(**which: str) -> tuple[str, str]:
        book = books.reserved_in(fuel, matter, **which)
        return book.owner, book.period

    assert found() == ("u2", "2026")
    assert found(period="2027") == ("u1", "2027")
    assert found(owner="u1") == ("u1", "2027")
    assert found(period="2026", owner="u1") == ("u1", "2026")
    with pytest.raises(Misdeclared, match="only what this matter reserved"):
        found(period="2028")
    with pytest.raises(Misdeclared, match="only what this matter reserved"):
        books.reserved_in(replace(fuel, name="ink"), matter)
    with pytest.raises(Misdeclared, match="only what this matter reserved"):
        books.reserved_in(fuel, sheet("assigned"))


def test_an_entry_says_kind_owner_period_operation_amount_and_unit(fuel: BookKind, matter: Matter) -> None:
    asked = Movement(fuel, "u1", "2026", Operation.CREDIT, 7)
    ((movement, book),) = move(jurisdiction(), matter.pk, [asked])
    assert books.committed(movement, book) == ["fuel", "u1", "2026", "credit", 7, "litre"]
