"""A cap under any order of reservations, and a balance that is the sum of its entries."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from qingfeng.kernel.books import Book, BookEntry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.refusals import Barred, Refusal
from tests.cast import actor, do

CAP = 5_000_000


def book() -> Book:
    return Book.objects.get(kind="reception")


@pytest.mark.django_db
def test_reserved_spent_and_given_back_never_disagree_with_the_entries() -> None:
    first = do("spending.reserve", "clerk_housing", amount=2_000_000).matter
    second = do("spending.reserve", "clerk_housing", amount=3_000_000).matter
    do("spending.spend", "clerk_housing", first)
    do("spending.give_back", "clerk_housing", second)
    assert (book().reserved, book().committed) == (0, 2_000_000)
    assert BookEntry.objects.count() == 4
    assert list(verify()) == []


@pytest.mark.django_db
def test_one_fen_over_the_cap_is_refused_with_the_clause_and_what_is_left() -> None:
    do("spending.reserve", "clerk_housing", amount=CAP - 10)
    with pytest.raises(Barred) as refusal:
        do("spending.reserve", "clerk_housing", amount=11)
    assert (refusal.value.clause, "10" in str(refusal.value.reason)) == ("第一条", True)
    do("spending.reserve", "clerk_housing", amount=10)
    assert book().reserved == CAP


@pytest.mark.django_db
def test_another_unit_has_a_book_of_its_own() -> None:
    do("spending.reserve", "clerk_housing", amount=CAP)
    do("spending.reserve", "clerk_education", amount=CAP)
    assert Book.objects.count() == 2


def test_eight_writers_never_pass_the_cap(fresh_database: str) -> None:
    acting = actor("clerk_housing")

    def reserve(_number: int) -> bool:
        try:
            do("spending.reserve", acting, amount=700_000)
        except Refusal:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(8) as writers:
        granted = sum(writers.map(reserve, range(16)))
    assert granted == CAP // 700_000
    assert book().reserved == granted * 700_000 <= CAP
    assert BookEntry.objects.count() == granted
    connection.close()
