"""The year's number under any interleaving: eight approve at once, and one more than the cap never passes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection, connections

from qingfeng.kernel.acts.engine import StoredAct
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.record.books import Book, BookEntry
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred
from qingfeng.mechanisms.restraint.meetings.meeting import Meeting
from tests.cast import actor, do, unit
from tests.mechanisms.restraint.meetings.gatherings import asked

WRITERS = 8
DAYS = [f"2026-{month:02}-{day:02} 09:00" for month in (4, 5, 6, 7) for day in (8, 14)]


def at_once(attempt: Any) -> list[Any]:
    start = Barrier(WRITERS)

    def one(number: int) -> Any:
        try:
            start.wait(timeout=60)
            return attempt(number)
        except Exception as fault:
            return fault
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as threads:
        return list(threads.map(one, range(WRITERS)))


def test_of_eight_meetings_approved_at_once_one_passes_the_cap_of_one(fresh_database: str) -> None:
    sheets = [asked(starts=day) for day in DAYS]
    office = actor("office_a")
    answers = at_once(lambda number: do("meetings.approve", office, sheets[number]))
    assert Counter(type(answer) for answer in answers) == {StoredAct: 1, Barred: WRITERS - 1}, answers
    book = Book.objects.get(kind="meetings.department")
    assert (book.reserved, book.committed, book.used) == (1, 0, 1)
    assert Meeting.objects.filter(state="approved").count() == BookEntry.objects.count() == 1
    assert list(verify()) == []
    connection.close()


def test_while_others_cancel_and_approve_never_more_than_one_stands(fresh_database: str) -> None:
    office, clerk = actor("office_a"), actor("clerk_housing")
    sheets = [asked(starts=day) for day in DAYS]
    standing = do("meetings.approve", office, sheets[0]).matter

    def attempt(number: int) -> Any:
        if number == 0:
            return do("meetings.cancel", clerk, standing, why="合并。")
        return do("meetings.approve", office, sheets[number])

    answers = at_once(attempt)
    assert all(isinstance(answer, StoredAct | Barred) for answer in answers), answers
    assert Meeting.objects.filter(state="approved").count() <= 1
    assert Book.objects.get(owner=f"unit:{unit('housing').pk}").used <= 1
    assert list(verify()) == []
    connection.close()


def test_eight_papers_issued_at_once_stay_within_last_years_number(fresh_database: str) -> None:
    papers = 3
    row = {"unit": unit("housing").pk, "month": 5, "meetings": 0, "hours": 0, "papers": papers}
    recorded = do("meeting_baselines.record", "office_a", year=2025, rows=[row]).matter
    do("meeting_baselines.confirm", "office_b", recorded)
    paper = {"title": "通知", "sort": "special", "characters": 800}
    sheets = [do("issued_papers.draft", "clerk_housing", **paper).matter for _each in range(WRITERS)]
    office = actor("office_a")
    answers = at_once(lambda number: do("issued_papers.issue", office, sheets[number]))
    assert Counter(type(answer) for answer in answers) == {StoredAct: papers, Barred: WRITERS - papers}, (
        answers
    )
    book = Book.objects.get(kind="issued_papers.year")
    assert (book.credited, book.used) == (papers, papers)
    assert list(verify()) == []
    connection.close()


def test_of_baselines_of_one_unit_confirmed_at_once_one_counts(fresh_database: str) -> None:
    row = {"unit": unit("housing").pk, "month": 5, "meetings": 2, "hours": 4, "papers": 3}
    sheets = [
        do("meeting_baselines.record", "office_a", year=2025, rows=[row]).matter for _each in range(WRITERS)
    ]
    office = actor("office_b")
    answers = at_once(lambda number: do("meeting_baselines.confirm", office, sheets[number]))
    assert Counter(type(answer) for answer in answers) == {StoredAct: 1, Barred: WRITERS - 1}, answers
    assert Book.objects.get(kind="issued_papers.year").credited == 3
    assert Fact.objects.filter(name="meeting.held").count() == 1
    assert list(verify()) == []
    connection.close()
