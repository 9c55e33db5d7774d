"""What is counted of meetings and papers: against last year, only what one may read, and to the digit."""

from datetime import date

import pytest

from qingfeng.kernel.acts.access import readable
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.reading import reads
from qingfeng.kernel.vocabulary import Reading
from qingfeng.mechanisms.restraint.meetings.models import Celebration, IssuedPaper, Meeting
from qingfeng.mechanisms.restraint.meetings.policy import BLOCKED_FROM, FREE_MONTHS
from tests import cast
from tests.cast import do
from tests.mechanisms.restraint.meetings.gatherings import ON_THE_DAY, approved, in_session

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 20)


@pytest.fixture
def years() -> None:
    """Last year's four meetings and thirty papers; this year one meeting with one long speech, and one cancelled."""
    row = {"unit": cast.unit("housing").pk, "month": 4, "meetings": 4, "hours": 200, "papers": 30}
    base = do("meeting_baselines.record", "office_a", year=2025, rows=[row]).matter
    do("meeting_baselines.confirm", "office_b", base)
    sheet = do("meetings.begin_speaking", "clerk_housing", in_session(), ON_THE_DAY, item=1).matter
    later = ON_THE_DAY.replace(hour=10)
    sheet = do("meetings.end_speaking", "clerk_housing", sheet, later).matter
    do("meetings.close", "clerk_housing", sheet, later, attended=90, took=60, cost=0, decided="抓好落实。")
    do(
        "meetings.cancel",
        "clerk_education",
        approved("clerk_education", budget=240_000),
        why="合并。",
        saved=240_000,
    )
    paper = {"title": "通知", "sort": "special", "characters": 900}
    do("issued_papers.issue", "office_a", do("issued_papers.draft", "clerk_housing", **paper).matter)


def rows(matter: type, name: str, who: str = "office_a") -> list[tuple[object, ...]]:
    actor = cast.actor(who)
    reading = Reading(readable(matter._default_manager.all(), actor), actor, TODAY, 2026)
    (statistic,) = [one for one in matter.statistics if one.name == name]
    return statistic.counted(reading)


def test_the_burden_of_a_unit_stands_beside_last_years(years: None) -> None:
    assert rows(Meeting, "by_unit") == [("住建局", 1, 4, 90 * 60, 200 * 60)]
    assert rows(IssuedPaper, "by_unit") == [("住建局", 1, 30)]


def test_months_stand_beside_last_years(years: None) -> None:
    april = rows(Meeting, "by_month")[3]
    assert april[1:] == (1, 4, 90 * 60, 200 * 60)
    assert rows(IssuedPaper, "by_month")[2][1:] == (1, 0)


def test_overruns_and_savings_are_counted_by_unit(years: None) -> None:
    assert rows(Meeting, "overruns") == [("住建局", 1)]
    assert rows(Meeting, "cancelled") == [("教育局", 1, 240_000)]
    assert rows(Celebration, "cancelled") == []


def test_a_clerk_sees_the_own_units_figures_and_none_of_a_year_they_may_not_read(years: None) -> None:
    assert rows(Meeting, "by_unit", "clerk_housing") == [("住建局", 1, None, 90 * 60, None)]
    assert rows(Meeting, "by_unit", "clerk_township") == []


def test_a_meeting_stands_in_the_calendar_once_it_is_approved() -> None:
    meeting = approved()
    occasion = meeting.occasion()
    assert occasion is not None
    assert (occasion.start, occasion.title, occasion.place) == (ON_THE_DAY, meeting.title, "区会议中心")
    cancelled = do("meetings.cancel", "clerk_housing", meeting, why="合并。").matter
    assert isinstance(cancelled, Meeting)
    assert cancelled.occasion() is None


def test_a_meeting_of_several_days_stands_there_by_its_days() -> None:
    days = {"kind": "sessions", "days": 3, "minutes": 1200, "starts": "2026-04-13 09:00"}
    occasion = approved(**days).occasion()
    assert occasion is not None
    assert (occasion.start, occasion.end) == (date(2026, 4, 13), date(2026, 4, 15))


def test_the_handbook_knows_what_asking_reads_though_a_helper_reads_it() -> None:
    assert {FREE_MONTHS, BLOCKED_FROM} <= set(acts_of(Meeting)["ask"].policy)


def test_who_may_not_read_a_meeting_finds_no_hall() -> None:
    from qingfeng.kernel.refusals import NotFound

    with pytest.raises(NotFound):
        reads.page(cast.actor("clerk_education"), "meetings", approved().pk, "hall", cast.NOW)
