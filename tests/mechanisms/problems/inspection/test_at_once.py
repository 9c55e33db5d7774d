"""The year's cap under any interleaving: many rounds begin at once, and no unit is inspected once too often."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, connections

from qingfeng.kernel.acts.engine import StoredAct
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.papers.models import PaperTemplate
from qingfeng.kernel.record.books import Book
from qingfeng.kernel.refusals import Barred
from tests.cast import actor, do
from tests.mechanisms.problems.inspection.rounds import TOPICS, begun, prepared, seen, settled

ROUNDS = 8
CIRCULARS = 4


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


def test_circulars_drawn_up_at_once_put_their_wording_into_force_once(fresh_database: str) -> None:
    """Where a place has no wording of its own yet, the first circular brings it; of several at once, one does."""
    rounds = []
    for place, topic in enumerate(TOPICS[:ROUNDS]):
        visits = begun(("housing",), topic=topic, title=f"暗访{place}")
        rounds.append(settled(seen(visits["housing"])).round_id)
        if len(rounds) == CIRCULARS:
            break
    office = actor("office_a")
    ready = Barrier(CIRCULARS)

    def report(number: int) -> Any:
        try:
            ready.wait(timeout=60)
            return do("inspections.report", office, rounds[number])
        except Exception as fault:
            return fault
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CIRCULARS) as threads:
        answers = list(threads.map(report, range(CIRCULARS)))
    assert {type(answer) for answer in answers} <= {StoredAct, Barred}, answers
    assert PaperTemplate.objects.filter(code="inspection.circular").count() == 1
    assert list(verify()) == []
    for left in (
        number for number, answer in zip(rounds, answers, strict=True) if isinstance(answer, Barred)
    ):
        assert do("inspections.report", office, left).matter.state == "reported"
    connection.close()
