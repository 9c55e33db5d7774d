"""A matter for each person or unit a duty binds: in pieces, none twice, none missing, whoever comes and goes."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from qingfeng.kernel.background import jobs, worker
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.time import duties
from qingfeng.kernel.time.duties import Duty, Opened, open_due
from qingfeng.kernel.vocabulary import Role, persons_in
from qingfeng.organization.cadres import CadreRecord
from tests.toys.duty.models import DAYS, REPORTS, YEARS, Report, Year
from tests.toys.duty.place import NOW, Place, found, persons, put_in_force

YEARLY = """
toys_year.turns: (2026-01-01) {every: year, day: 1, on_workday: false}
toys_year.days: (2026-01-01) [{rank: county, number: 90, by_day: false}]
"""
MONTHLY = """
toys_report.turns: (2026-01-01) {every: month, day: 10, on_workday: false}
toys_report.silent_for: (2026-01-01) {n: 20, unit: day, roll_forward: false}
"""


def on(month: int, day: int, year: int = 2026) -> datetime:
    """Nine in the morning, Shanghai."""
    return datetime(year, month, day, 1, 0, tzinfo=UTC)


def years() -> Counter[tuple[int, str]]:
    return Counter(Year.objects.values_list("person", "period"))


@pytest.fixture(autouse=True)
def the_toys_duties_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duties, "DUTIES", {YEARS.code: YEARS, REPORTS.code: REPORTS})


@pytest.fixture
def place(db: None) -> Place:
    """A county where years are due from the day its people serve."""
    place = found(now=on(1, 1))
    put_in_force(place, YEARLY, at=on(1, 1))
    return place


def test_six_hundred_persons_interrupted_half_way_have_one_each(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = persons(place, 600, "county", since=date(2026, 1, 1))
    persons(place, 5, "section", since=date(2026, 1, 1))
    act, asked = YEARS.inputs, count()

    def killed(due: duties.Due) -> Any:
        if next(asked) == 317:
            raise KeyboardInterrupt
        return act(due)

    with monkeypatch.context() as broken:
        broken.setitem(
            duties.DUTIES,
            YEARS.code,
            replace(YEARS, inputs=killed),
        )
        with pytest.raises(KeyboardInterrupt):
            open_due(on(1, 5))
    assert Year.objects.count() == 317
    done, skipped = open_due(on(1, 5))
    assert (len(done), skipped) == (283, [])
    assert years() == Counter({(person.pk, "2026"): 1 for person in bound})
    assert open_due(on(1, 6)) == ([], [])
    assert [fault for fault in verify() if "opened" in fault.where or "matter" in fault.where] == []


def test_the_worker_opens_them_a_piece_at_a_time(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    bound = persons(place, 25, "county", since=date(2026, 1, 1))
    passing = count(0, 0.1)
    monkeypatch.setattr(jobs, "ticks", lambda: next(passing))
    pieces = []
    while did := worker.open_recurring(on(1, 5)):
        pieces.append(did)
    assert sum(pieces) == len(bound) == len(years())
    assert max(pieces) <= 11
    (recurring,) = [task for task in worker.duties() if task.name == "recurring"]
    assert recurring.backlog


@pytest.mark.parametrize(
    ("holds_from", "years_owed"), [("2025-01-01", ["2026"]), ("2026-01-01", ["2026"]), ("2026-03-01", [])]
)
def test_a_rule_that_comes_in_mid_year_opens_the_year_that_runs_and_none_before(
    db: None, holds_from: str, years_owed: list[str]
) -> None:
    place = found(now=on(6, 15))
    put_in_force(place, YEARLY.replace("2026-01-01", holds_from), at=on(6, 15))
    first, late = persons(place, 2, "county", since=date(2025, 1, 1))
    CadreRecord.objects.filter(person=late).update(valid_from=date(2026, 8, 3))
    open_due(on(6, 16))
    assert sorted(years()) == [(first.pk, year) for year in years_owed]
    open_due(on(8, 3))
    assert sorted(years()) == [(person.pk, year) for person in (first, late) for year in years_owed]


def test_who_joins_later_gets_theirs_and_who_left_does_not(place: Place) -> None:
    first, leaver = persons(place, 2, "county", since=date(2026, 1, 1))
    open_due(on(1, 5))
    (joined,) = persons(place, 1, "county", since=date(2026, 7, 1))
    assert open_due(on(6, 30)) == ([], [])
    assert len(open_due(on(7, 1))[0]) == 1
    RoleHolding.objects.filter(person=leaver).update(valid_to=date(2026, 9, 1))
    open_due(on(1, 4, 2027))
    assert sorted(years()) == sorted(
        [
            (first.pk, "2026"),
            (leaver.pk, "2026"),
            (joined.pk, "2026"),
            (first.pk, "2027"),
            (joined.pk, "2027"),
        ]
    )
    assert set(years().values()) == {1}


def test_who_no_longer_has_the_rank_gets_none(place: Place) -> None:
    stays, moves = persons(place, 2, "county", since=date(2026, 1, 1))
    CadreRecord.objects.filter(person=moves).update(valid_to=date(2026, 12, 30))
    open_due(on(2, 1, 2027))
    assert sorted(years()) == [(stays.pk, "2026"), (stays.pk, "2027")]


def test_an_outage_over_the_turn_of_the_year_opens_the_old_year_first(place: Place) -> None:
    early, *_others = persons(place, 3, "county", since=date(2026, 1, 1))
    open_due(on(1, 5))
    (late,) = persons(place, 1, "county", since=date(2026, 12, 20))
    (after,) = persons(place, 1, "county", since=date(2027, 1, 2))
    RoleHolding.objects.filter(person=early).update(valid_to=date(2026, 12, 31))
    open_due(on(1, 9, 2027))
    opened = list(Opened.objects.order_by("id").values_list("period", "subject"))[3:]
    assert opened[0] == ("2026", f"person:{late.pk}")
    assert [period for period, _subject in opened] == ["2026", "2027", "2027", "2027", "2027"]
    assert ("2026", f"person:{after.pk}") not in opened
    assert ("2027", f"person:{early.pk}") not in opened


def test_units_of_a_jurisdiction_each_owe_their_own(place: Place) -> None:
    put_in_force(place, MONTHLY, at=on(2, 20))
    open_due(on(3, 10))
    assert sorted(Report.objects.values_list("unit__code", "period")) == [
        ("01", "2026-03"),
        ("02", "2026-03"),
    ]
    Unit(jurisdiction=place.jurisdiction, code="03", name="河道所", valid_from=date(2026, 3, 20)).save(
        by_act=True
    )
    Unit.objects.filter(code="02").update(valid_to=date(2026, 4, 5))
    open_due(on(4, 15))
    assert sorted(Report.objects.values_list("unit__code", "period")) == [
        ("01", "2026-03"),
        ("01", "2026-04"),
        ("02", "2026-03"),
        ("03", "2026-03"),
        ("03", "2026-04"),
    ]


def test_those_in_a_role_are_bound_by_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    by_role = Duty(
        YEARS.code, "x", YEARS.recurrence, YEARS.opens, YEARS.inputs, persons_in(Role.SUPERVISION_OFFICE)
    )
    monkeypatch.setitem(duties.DUTIES, YEARS.code, by_role)
    open_due(on(1, 5))
    held = RoleHolding.objects.filter(unit__jurisdiction=place.jurisdiction, role=Role.SUPERVISION_OFFICE)
    assert set(years()) == {(person, "2026") for person in held.values_list("person", flat=True)}
    assert len(years()) == 2


def test_one_that_fails_holds_up_the_next_period_and_nobody_of_its_own(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    faulty, *others = persons(place, 8, "county", since=date(2026, 1, 1))
    act = YEARS.inputs

    def inputs(due: duties.Due) -> Any:
        if due.subject == faulty and due.period == "2026":
            raise Barred("没有任免文件")
        return act(due)

    with monkeypatch.context() as broken:
        broken.setitem(
            duties.DUTIES,
            YEARS.code,
            replace(YEARS, inputs=inputs),
        )
        for _round in range(2):
            _done, (skipped,) = open_due(on(1, 5, 2027))
            assert (skipped.subject, skipped.period, skipped.words) == (faulty, "2026", "没有任免文件")
        assert set(years()) == {(person.pk, "2026") for person in others}
        # Tried last, so that those of a piece that fail are no reason for others to wait.
        more = persons(place, 1, "county", since=date(2026, 8, 1))
        asked = [one.subject for one in duties.due(on(1, 5, 2027)) if one.period == "2026"]  # type: ignore[union-attr]
        assert asked == [*more, faulty]
    open_due(on(1, 6, 2027))
    assert years()[faulty.pk, "2026"] == years()[faulty.pk, "2027"] == 1
    assert len(years()) == 18


def test_a_duty_that_can_t_say_whom_it_binds_waits_and_stops_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    persons(place, 2, "county", since=date(2026, 1, 1))
    put_in_force(place, YEARLY + MONTHLY.lstrip(), at=on(1, 2))

    def each(jurisdiction: Any, day: date) -> Any:
        if day.year == 2026:
            raise SystemExit
        return DAYS.bound(jurisdiction, day)

    with monkeypatch.context() as broken:
        broken.setitem(
            duties.DUTIES,
            YEARS.code,
            replace(YEARS, each=each),
        )
        _done, (skipped,) = open_due(on(1, 11, 2027))
    assert (skipped.duty.code, skipped.period, skipped.words) == (YEARS.code, "2026", "SystemExit")
    assert years() == Counter()
    assert Report.objects.filter(period="2027-01").exists()
    open_due(on(1, 12, 2027))
    assert [period for _person, period in sorted(years())] == ["2026", "2027"] * 2


def test_nobody_of_another_county_is_bound(place: Place) -> None:
    other = found("toys2", "柳塘县", now=on(1, 1))
    put_in_force(other, YEARLY, at=on(1, 1))
    here, there = persons(place, 1, "county"), persons(other, 2, "county")
    open_due(on(4, 1))
    assert set(years()) == {(one.pk, "2026") for one in (*here, *there)}
    assert set(Year.objects.filter(person__in=there).values_list("jurisdiction", flat=True)) == {
        other.jurisdiction.pk
    }


def test_workers_at_once_open_each_persons_once(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = found(now=on(1, 1))
    put_in_force(place, YEARLY, at=on(1, 1))
    bound = persons(place, 40, "county", since=date(2026, 1, 1))
    ready, reckon = Barrier(3), duties.due

    def together(now: datetime) -> list[Any]:
        waiting = list(reckon(now))
        ready.wait(30)
        return waiting

    monkeypatch.setattr(duties, "due", together)

    def work(_number: int) -> int:
        try:
            done, skipped = open_due(on(1, 5))
            assert skipped == []
            return len(done)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        assert sum(pool.map(work, range(3))) == len(bound)
    assert years() == Counter({(person.pk, "2026"): 1 for person in bound})


def test_the_row_that_says_whose_it_is_stands_in_the_entry(place: Place) -> None:
    (person,) = persons(place, 1, "county")
    open_due(NOW + timedelta(days=1))
    row = Opened.objects.get(subject=f"person:{person.pk}")
    first = Entry.objects.get(matter=row.matter_id, seq=1)
    assert ["kernel.opened", row.pk] in [line[:2] for line in first.content["records"]]
    with pytest.raises(Exception, match="append-only"):
        Opened.objects.filter(pk=row.pk).update(subject="person:1")
