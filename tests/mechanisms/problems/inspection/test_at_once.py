"""The year's cap under any interleaving: many rounds begin at once, and no unit is inspected once too often."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, connections

from qingfeng.kernel.acts.engine import StoredAct
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.record.books import Book
from qingfeng.kernel.refusals import Barred
from tests.cast import actor, do
from tests.mechanisms.problems.inspection.rounds import TOPICS, prepared

ROUNDS = 8


def test_of_eight_rounds_that_begin_at_once_six_pass_the_cap_of_six(fresh_database: str) -> None:
    office = actor("office_a")
    units = ("housing", "education")
    asked = [prepared(units, topic=topic, title=f"暗访{place}") for place, topic in enumerate(TOPICS)]
    ready = Barrier(ROUNDS)

    def begin(number: int) -> Any:
        try:
            ready.wait(timeout=60)
            return do("inspections.begin", office, asked[number])
        except Exception as fault:
            return fault
        finally:
            connections.close_all()

    with ThreadPoolExecutor(ROUNDS) as threads:
        answers = list(threads.map(begin, range(ROUNDS)))
    assert Counter(type(answer) for answer in answers) == {StoredAct: 6, Barred: 2}, answers
    books = Book.objects.filter(kind="inspections.year")
    assert [(book.reserved, book.committed) for book in books] == [(6, 0), (6, 0)]
    assert list(verify()) == []
    connection.close()
