"""Eight at the same moment: one has the half day, and no balance is overdrawn."""

from collections import Counter
from datetime import date, timedelta

from qingfeng.kernel.acts.engine import StoredAct
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.record.books import Book
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.mechanisms.restraint.leave.models import AnnualGrant, HalfDay
from tests.cast import actor, do
from tests.kernel.concurrency.conftest import AtOnce
from tests.leaves import asked, in_service


def test_of_eight_who_ask_for_the_same_half_day_one_has_it_and_the_others_are_told(at_once: AtOnce) -> None:
    cadre = actor("cadre")

    def ask(number: int) -> StoredAct:
        # Each begins a day earlier than the one before, so that no two ask for quite the same days.
        first = date(2026, 3, 26) - timedelta(days=number)
        return do("leave.request", cadre, **asked(kind="sick", first_day=str(first), last_day="2026-03-26"))

    answers = at_once(8, ask)
    told = Counter(type(answer) for answer in answers)
    assert (told[StoredAct], told[Barred] + told[Invalid]) == (1, 7), answers
    rows = HalfDay.objects.values_list("person", "day", "half")
    assert len(set(rows)) == len(rows)
    assert list(verify()) == []


def test_eight_who_open_and_spend_one_balance_never_overdraw_it(at_once: AtOnce) -> None:
    in_service("cadre", "2024-03-01")
    cadre = actor("cadre")

    def ask(number: int) -> int:
        granted = 0
        for week in range(2):
            day = date(2026, 3, 16) + timedelta(days=7 * week + number % 5 + (number // 5) * 14)
            try:
                do("leave.request", cadre, **asked(kind="annual", first_day=str(day), last_day=str(day)))
            except (Barred, Invalid):
                continue
            granted += 1
        return granted

    granted = sum(at_once(8, ask))
    book = Book.objects.get()
    assert (book.credited, AnnualGrant.objects.count()) == (10, 1)
    assert book.reserved == 2 * granted == HalfDay.objects.count()
    assert 1 <= granted <= 5
    assert list(verify()) == []
