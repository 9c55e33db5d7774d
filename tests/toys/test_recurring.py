"""Duties return by the regime's turns: each period once, on its working day, nothing lost and nothing twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils.translation import override

from qingfeng.kernel.background import worker
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.people.actors import NOBODY
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.regime.models import ActivatedRegime
from qingfeng.kernel.time import duties
from qingfeng.kernel.time.duties import Opened, open_due
from qingfeng.kernel.vocabulary import Duty
from tests.toys.duty.models import MEETINGS, Meeting
from tests.toys.duty.place import NOW, Place, found

VALUE = """
  - from: {since}
    value: {{every: {every}, day: {day}, on_workday: {on_workday}}}
    source: {{title: 演练制度, clause: 第一条}}
    verified: {verified}"""


def activate(
    place: Place,
    *values: tuple[str, str, int],
    at: datetime = NOW,
    on_workday: str = "true",
    verified: str = "true",
) -> None:
    """Put a regime into force: (first day, every, day)."""
    more = {"on_workday": on_workday, "verified": verified}
    written = "".join(VALUE.format(since=since, every=every, day=day, **more) for since, every, day in values)
    text = (
        f"regime: toys\ntitle: 演练制度\ntitle_en: Toys\njurisdiction: {place.jurisdiction.code}\n"
        f"place: 松溪县\nyear: 2026\nenables: []\nvalues:\n  toys_meeting.turns:{written}\n"
    )
    ActivatedRegime(
        jurisdiction=place.jurisdiction,
        regime="toys",
        layer=place.jurisdiction.code,
        digest=sm3(text.encode()).hex(),
        text=text,
        recorded_at=at,
        valid_from=at.date(),
    ).save(by_act=True)


def on(month: int, day: int, year: int = 2026) -> datetime:
    """Nine in the morning, Shanghai."""
    return datetime(year, month, day, 1, 0, tzinfo=UTC)


def opened(place: Place) -> list[tuple[str, str]]:
    rows = Opened.objects.filter(jurisdiction=place.jurisdiction).order_by("id")
    return [(row.period, row.opens_on.isoformat()) for row in rows]


@pytest.fixture(autouse=True)
def the_toys_duty_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The house's own duties open nothing here."""
    monkeypatch.setattr(duties, "DUTIES", {MEETINGS.code: MEETINGS})


@pytest.fixture
def place(db: None) -> Place:
    return found()


def test_a_period_opens_its_matter_on_its_day_and_once(place: Place) -> None:
    activate(place, ("2026-01-01", "month", 10))
    assert open_due(on(3, 9)) == ([], [])
    ((done,), skipped) = open_due(on(3, 10))
    assert skipped == []
    assert open_due(on(3, 10)) == open_due(on(3, 31)) == ([], [])
    meeting = Meeting.objects.get(jurisdiction=place.jurisdiction)
    assert (meeting.pk, meeting.period, meeting.opened_for.period) == (done.matter.pk, "2026-03", "2026-03")
    assert done.entry.content["actor"] == {"system": "duty"}
    assert done.entry.content["act"] == "toys_meeting.convene"


def test_the_day_is_the_calendar_day_in_shanghai(place: Place) -> None:
    activate(place, ("2026-01-01", "month", 10))
    midnight = datetime(2026, 3, 9, 16, 0, tzinfo=UTC)
    assert open_due(midnight - timedelta(microseconds=1)) == ([], [])
    assert len(open_due(midnight)[0]) == 1


def test_a_duty_that_falls_on_a_holiday_opens_on_the_next_working_day(place: Place) -> None:
    # 1 May 2026 is Labour Day, a holiday to 5 May.
    activate(place, ("2026-01-01", "month", 1), at=on(4, 20))
    assert open_due(on(5, 5)) == ([], [])
    open_due(on(5, 6))
    assert opened(place) == [("2026-05", "2026-05-06")]


def test_what_an_outage_missed_is_caught_up_in_order(place: Place) -> None:
    activate(place, ("2026-01-01", "half_month", 1))
    open_due(on(3, 2))
    open_due(on(3, 16))
    assert len(open_due(on(5, 20))[0]) == 4
    assert opened(place) == [
        ("2026-03-H1", "2026-03-02"),
        ("2026-03-H2", "2026-03-16"),
        ("2026-04-H1", "2026-04-01"),
        ("2026-04-H2", "2026-04-16"),
        ("2026-05-H1", "2026-05-06"),
        ("2026-05-H2", "2026-05-18"),
    ]
    numbers = (
        Meeting.objects.filter(jurisdiction=place.jurisdiction)
        .order_by("pk")
        .values_list("period", flat=True)
    )
    assert list(numbers) == [period for period, _day in opened(place)]


def test_nothing_is_due_for_days_before_the_regime_was_activated(place: Place) -> None:
    activate(place, ("2020-01-01", "week", 1), at=on(3, 4))
    open_due(on(3, 10))
    assert opened(place) == [("2026-W11", "2026-03-09")]


def test_nothing_is_due_before_the_mechanism_is_enabled_nor_for_the_time_before(db: None) -> None:
    place = found(now=on(4, 8))
    activate(place, ("2026-01-01", "month", 3), at=on(2, 1))
    open_due(on(5, 6))
    assert opened(place) == [("2026-05", "2026-05-06")]
    plain = Jurisdiction.objects.create(code="plain", name="石桥县")
    activate(Place(plain, NOBODY, NOBODY), ("2026-01-01", "month", 3), at=on(2, 1))
    assert open_due(on(6, 3))[1] == []
    assert not Opened.objects.filter(jurisdiction=plain).exists()


def test_a_changed_rule_holds_from_its_day_and_the_old_one_until_then(place: Place) -> None:
    activate(place, ("2026-01-01", "month", 10), ("2026-05-01", "half_month", 4))
    open_due(on(5, 25))
    assert opened(place) == [
        ("2026-03", "2026-03-10"),
        ("2026-04", "2026-04-10"),
        ("2026-05-H1", "2026-05-06"),
        ("2026-05-H2", "2026-05-19"),
    ]


def test_a_jurisdiction_whose_regime_says_nothing_has_no_duty(place: Place) -> None:
    other = found("toys2", "柳塘县")
    activate(other, ("2026-01-01", "month", 3))
    open_due(on(3, 3))
    assert opened(place) == []
    assert opened(other) == [("2026-03", "2026-03-03")]
    assert Meeting.objects.get(period="2026-03").jurisdiction == other.jurisdiction


def test_a_year_without_a_calendar_is_shown_and_waits_and_what_lies_before_it_opens(place: Place) -> None:
    activate(place, ("2026-01-01", "month", 28), at=on(11, 2))
    late = on(2, 3, year=2098)
    with override("en"):
        _done, skipped = open_due(on(1, 5, year=2027))
        assert opened(place) == [("2026-11", "2026-11-30"), ("2026-12", "2026-12-28")]
        assert skipped == []
        _done, skipped = open_due(late)
    assert [period for period, _day in opened(place)] == ["2026-11", "2026-12"]
    (waiting,) = [left for left in skipped if left.jurisdiction == place.jurisdiction]
    assert "2027" in str(waiting.words)


def test_a_rule_nobody_has_compared_is_shown_and_waits(place: Place) -> None:
    activate(place, ("2026-01-01", "month", 10), verified="false")
    done, (skipped,) = open_due(on(3, 10))
    assert (done, skipped.duty) == ([], MEETINGS)
    assert "待核对数值" in str(skipped.words)


def test_without_working_days_no_calendar_is_asked(place: Place) -> None:
    activate(place, ("2026-01-01", "year", 31), on_workday="false")
    _done, skipped = open_due(on(2, 1, year=2028))
    assert opened(place) == [("2027", "2027-01-31"), ("2028", "2028-01-31")]
    assert skipped == []


def test_an_opening_that_fails_leaves_nothing_and_is_tried_again_in_order(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = found("toys2", "柳塘县")
    for one in (place, other):
        activate(one, ("2026-01-01", "month", 3))

    def fail(due: duties.Due) -> dict[str, Any]:
        if due.jurisdiction == place.jurisdiction and due.period == "2026-03":
            raise ValueError("no agenda")
        return {"period": due.period}

    with monkeypatch.context() as broken:
        broken.setitem(
            duties.DUTIES,
            MEETINGS.code,
            Duty(MEETINGS.code, "x", MEETINGS.recurrence, "toys.meeting", fail),
        )
        _done, skipped = open_due(on(4, 3))
    assert opened(place) == []
    assert [period for period, _day in opened(other)] == ["2026-03", "2026-04"]
    assert [(left.period, left.words) for left in skipped] == [("2026-03", "ValueError")]
    assert not Meeting.objects.filter(jurisdiction=place.jurisdiction).exists()
    open_due(on(4, 4))
    assert [period for period, _day in opened(place)] == ["2026-03", "2026-04"]


def test_the_worker_opens_what_is_due_and_says_what_waits(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    activate(place, ("2026-01-01", "month", 28))
    assert worker.open_recurring(on(3, 30)) == 1
    assert worker.open_recurring(on(2, 3, year=2098)) > 0
    assert "toys_meeting.meetings" in caplog.text


def test_a_duty_is_declared_once() -> None:
    with pytest.raises(Misdeclared, match="the duty toys_meeting"):
        duties.recurring(Duty(MEETINGS.code, "x", MEETINGS.recurrence, "toys.meeting", lambda due: {}))
    assert duties.recurring(MEETINGS) is MEETINGS


def test_workers_at_once_open_each_period_once(fresh_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place = found()
    activate(place, ("2026-01-01", "week", 1))
    ready = Barrier(3)
    reckon = duties.due

    def together(now: datetime) -> list[Any]:
        found = list(reckon(now))
        ready.wait(30)
        return found

    monkeypatch.setattr(duties, "due", together)

    def work(_number: int) -> tuple[int, list[Any]]:
        try:
            done, skipped = open_due(on(4, 1))
            return len(done), skipped
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(work, range(3)))
    periods = [period for period, _day in opened(place)]
    assert periods == ["2026-W10", "2026-W11", "2026-W12", "2026-W13", "2026-W14"]
    assert Meeting.objects.count() == len(periods) == sum(count for count, _skipped in results)
    assert [skipped for _count, skipped in results] == [[], [], []]
