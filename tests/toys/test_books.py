"""A cap under any order of reservations, and a balance that is the sum of its entries."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections

from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.record.books import Book, BookEntry
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


@pytest.mark.django_db
def test_what_an_act_reserves_more_it_spends_in_the_same_act_in_the_book_of_before() -> None:
    cost_more = do("spending.reserve", "clerk_housing", amount=2_000_000).matter
    done = do("spending.spend_more", "clerk_housing", cost_more, amount=CAP)
    assert (book().reserved, book().committed) == (0, CAP)
    assert [line[3:5] for line in done.entry.content["books"]] == [["reserve", 3_000_000], ["commit", CAP]]
    assert list(verify()) == []


@pytest.mark.django_db
def test_one_fen_more_than_the_cap_leaves_what_was_reserved_as_it_was() -> None:
    cost_more = do("spending.reserve", "clerk_housing", amount=2_000_000).matter
    with pytest.raises(Barred, match="接待经费"):
        do("spending.spend_more", "clerk_housing", cost_more, amount=CAP + 1)
    assert (book().reserved, book().committed) == (2_000_000, 0)


@pytest.mark.django_db
def test_a_balance_is_brought_up_and_down_to_an_amount_and_never_below_what_is_used() -> None:
    matter = do("spending.reserve", "clerk_housing", amount=1).matter
    for amount in (500, 900, 900, 300):
        do("spending.allot", "clerk_housing", matter, amount=amount)
    do("spending.draw_on", "clerk_housing", matter, amount=200)
    do("spending.allot", "clerk_housing", matter, amount=200)
    with pytest.raises(Barred) as refusal:
        do("spending.allot", "clerk_housing", matter, amount=100)
    assert (refusal.value.clause, "2元" in str(refusal.value.reason)) == ("第二条", True)
    balance = Book.objects.get(kind="balance")
    assert (balance.credited, balance.reserved) == (200, 200)
    moved = balance.entries.order_by("id").values_list("operation", "amount")
    assert [*moved] == [
        ("credit", 500),
        ("credit", 400),
        ("credit", 0),
        ("debit", 600),
        ("reserve", 200),
        ("debit", 100),
    ]
    assert list(verify()) == []


@pytest.mark.django_db
def test_more_than_the_balance_is_refused_in_the_words_of_its_unit() -> None:
    matter = do("spending.reserve", "clerk_housing", amount=1).matter
    do("spending.allot", "clerk_housing", matter, amount=500)
    with pytest.raises(Barred, match=r"剩余5元.*需要6元"):
        do("spending.draw_on", "clerk_housing", matter, amount=600)


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
