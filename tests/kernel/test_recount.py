"""A limit stands still while the system refuses its act; an amended notice reaches what is open."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from qingfeng.kernel.background import worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.policy import calendar
from qingfeng.kernel.time import recount
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.periods import last_day
from qingfeng.kernel.time.timekeeper import FixedTime
from tests import cast
from tests.cast import do
from tests.faces.console.staff import browser, text
from tests.sheets import FOUND, VERIFIED

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
LATE = datetime(2026, 12, 29, 1, 0, tzinfo=UTC)
"""From here a plan is due in 2027; signing is due before the new year."""
YEAR = {"year": 2027, "off": "2027-01-01 2027-01-02 2027-01-03", "source": "测试所用，并非任何通知"}


def assigned(at: datetime) -> Matter:
    matter = do("rectification.register", "office_a", at=at, **FOUND).matter
    do("rectification.verify", "office_a", matter, at=at, **VERIFIED)
    handed = {"responsible": cast.unit("housing").pk, "requirement": "三日内整改。"}
    return do("rectification.assign", "office_a", matter, at=at, **handed).matter


def clock(matter: Matter, name: str = "signing") -> Running:
    return Running.objects.get(matter=matter, name=name)


def entered(at: datetime, **changes: object) -> Matter:
    proposed = do("calendar.propose", "office_a", at=at, **(YEAR | changes)).matter
    return do("calendar.confirm", "office_b", proposed, at=at).matter


def acts(matter: Matter) -> list[str]:
    return list(Entry.objects.filter(matter=matter).order_by("seq").values_list("act", flat=True))


@pytest.fixture
def handed() -> Matter:
    """Assigned on the last Monday of the year; signing it starts a limit that ends in the next."""
    return assigned(LATE - DAY)


def test_a_limit_whose_act_is_refused_for_want_of_a_calendar_does_not_run_out(handed: Matter) -> None:
    due = clock(handed).due_at
    with pytest.raises(Barred, match="2027"):
        do("rectification.sign", "clerk_housing", handed, at=LATE)
    assert recount.stand_still(LATE) == 1
    assert clock(handed).paused_at == LATE
    worker.run_out(due + 5 * DAY)
    assert "sign_overdue" not in acts(handed)
    assert acts(handed)[-1] == "stand_still"
    assert recount.stand_still(LATE + DAY) == 0


def test_it_runs_on_when_the_calendar_is_entered_by_as_much_as_it_stood(handed: Matter) -> None:
    due = clock(handed).due_at
    recount.stand_still(LATE)
    back = LATE + 7 * DAY
    entered(back)
    assert recount.stand_still(back) == 1
    ran = clock(handed)
    stood = calendar().count(LATE.date(), back.date())
    assert (ran.paused_at, last_day(ran.due_at)) == (None, calendar().add(last_day(due), stood))
    told = Message.objects.filter(entry__matter=handed, entry__act="reckon", channel="notice")
    assert {message.holder.partition("@")[0] for message in told} >= {"unit_clerk", "unit_head"}
    do("rectification.sign", "clerk_housing", handed, at=back + timedelta(hours=1))
    assert list(verify()) == []


def test_a_limit_whose_act_can_be_done_runs_on() -> None:
    early = assigned(datetime(2026, 11, 2, 1, 0, tzinfo=UTC))
    assert recount.stand_still(datetime(2026, 11, 3, 1, 0, tzinfo=UTC)) == 0
    assert clock(early).paused_at is None


def test_what_a_person_suspended_is_not_let_run_on_by_the_calendar() -> None:
    early = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    matter = assigned(early)
    Running.objects.filter(matter=matter).update(paused_at=early)
    entered(early)
    assert recount.stand_still(early + DAY) == 0
    assert clock(matter).paused_at == early


def test_an_amended_notice_moves_the_limits_it_reaches_and_tells_it() -> None:
    start = datetime(2026, 4, 27, 1, 0, tzinfo=UTC)
    matter = assigned(start)
    before = last_day(clock(matter).due_at)
    entered(start, year=2026, off=before.isoformat(), source="测试所用：临时放假")
    assert recount.amended(start) == 1
    assert last_day(clock(matter).due_at) == calendar().next_workday(before)
    assert acts(matter)[-1] == "reckon"
    assert recount.amended(start + DAY) == 0
    assert list(verify()) == []


def test_a_day_off_of_a_year_shipped_with_the_package_can_be_worked_after_all() -> None:
    start = datetime(2026, 4, 27, 1, 0, tzinfo=UTC)
    off = date(2026, 5, 4)
    assert off.weekday() < 5
    assert not calendar().is_workday(off)
    with pytest.raises(Barred, match="调休上班日应在周末"):
        do(
            "calendar.propose",
            "office_a",
            at=start,
            year=2026,
            off="2026-06-01",
            work="2026-06-02",
            source="测试",
        )
    entered(start, year=2026, off="2026-05-09", work=off.isoformat(), source="测试所用：调整")
    assert calendar().is_workday(off)


def test_what_ran_out_already_is_left_to_a_person() -> None:
    start = datetime(2026, 4, 27, 1, 0, tzinfo=UTC)
    matter = assigned(start)
    over = clock(matter).due_at + DAY
    worker.run_out(over)
    entered(over, year=2026, off=last_day(clock(matter).due_at).isoformat(), source="测试所用：追认")
    assert recount.amended(over) == 0


def test_the_page_of_a_notice_lists_what_it_reaches_before_it_is_confirmed() -> None:
    start = datetime(2026, 4, 27, 1, 0, tzinfo=UTC)
    matter = assigned(start)
    before = last_day(clock(matter).due_at)
    raw = {"year": 2026, "off": before.isoformat(), "source": "测试所用：临时放假"}
    notice = do("calendar.propose", "office_a", at=start, **raw).matter
    shown = reads.page(cast.actor("office_a"), "calendar", notice.pk, "reaches", start).context
    assert [one["matter"].pk for one in shown["reached"]] == [matter.pk]
    assert browser("office_a").get(f"/calendar/{notice.pk}/page/reaches/").status_code == 200
    # Of what a reader of the notice may not read they are told how many there are.
    hidden = reads.page(cast.actor("audit_administrator"), "calendar", notice.pk, "reaches", start).context
    assert (hidden["reached"], hidden["others"]) == ([], 1)


def test_from_november_the_office_is_told_once_and_its_first_page_says_it() -> None:
    october, november = datetime(2026, 10, 31, 8, 0, tzinfo=UTC), datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
    assert recount.ask_for_calendar(october) == 0
    assert recount.ask_for_calendar(november) > 0
    assert recount.ask_for_calendar(november + 3 * DAY) == 0
    told = Message.objects.filter(channel="notice", holder=f"supervision_office@j{cast.jurisdiction().pk}")
    assert [message for message in told if "2027" in message.payload["subject"]]
    assert recount.lacking(november) == 2027
    entered(november)
    assert recount.lacking(november) is None


@pytest.mark.parametrize(
    ("who", "day", "stands"),
    [
        ("office_a", datetime(2026, 10, 31, 8, 0, tzinfo=UTC), False),
        ("office_a", datetime(2026, 11, 2, 1, 0, tzinfo=UTC), True),
        ("clerk_housing", datetime(2026, 11, 2, 1, 0, tzinfo=UTC), False),
    ],
)
def test_the_first_page_of_the_office_says_that_a_calendar_is_lacking(
    settings: Any, who: str, day: datetime, stands: bool
) -> None:
    settings.TIMEKEEPER = FixedTime(day)
    page = text(browser(who).get("/"))
    assert ("The working days of 2027 are not known here yet" in page) is stands
    if stands:
        entered(day)
        assert "are not known here yet" not in text(browser(who).get("/"))
