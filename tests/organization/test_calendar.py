"""The yearly calendar: entered by one, confirmed by another; until then no limit is reckoned into the year."""

from datetime import UTC, date, datetime

import pytest

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.models import CalendarNotice
from qingfeng.kernel.regime.policy import calendar
from tests.cast import do, unit

pytestmark = pytest.mark.django_db

LATE = datetime(2026, 12, 15, 2, 0, tzinfo=UTC)
"""Fifteen working days from here reach into 2027."""


def enter(**changes: object) -> Matter:
    raw = {
        "year": 2027,
        "off": "2027-01-01，2027-01-02 2027-01-03",
        "source": "测试所用，并非任何通知",
    } | changes
    return do("calendar.propose", "office_a", at=LATE, **raw).matter


@pytest.fixture
def sheet() -> Matter:
    raw = {
        "title": "窗口无人值守",
        "kind": "inaction",
        "topic": "not_acting",
        "description": "上午十点无人。",
    }
    sheet = do("rectification.register", "office_a", at=LATE, **raw).matter
    do("rectification.verify", "office_a", sheet, at=LATE, finding="属实。")
    return do(
        "rectification.assign",
        "office_a",
        sheet,
        at=LATE,
        responsible=unit("housing").pk,
        requirement="尽快整改。",
    ).matter


def test_a_limit_that_reaches_an_unknown_year_is_refused_until_its_notice_is_confirmed(sheet: Matter) -> None:
    with pytest.raises(Barred) as refusal:
        do("rectification.sign", "clerk_housing", sheet, at=LATE)
    assert "2027" in str(refusal.value)
    notice = enter()
    with pytest.raises(Barred, match="本系统尚无 2027 年的工作日安排"):
        do("rectification.sign", "clerk_housing", sheet, at=LATE)
    do("calendar.confirm", "office_b", notice, at=LATE)
    assert do("rectification.sign", "clerk_housing", sheet, at=LATE).matter.state == "signed"


def test_who_entered_it_does_not_confirm_it() -> None:
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("calendar.confirm", "office_a", enter(), at=LATE)


@pytest.mark.parametrize(
    "changes",
    [
        {"off": "元旦"},
        {"off": "2027-13-01"},
        {"off": "2026-05-01"},
        {"off": "2027-01-01", "work": "2027-01-01"},
        {"work": "2027-01-05"},
    ],
)
def test_days_that_can_not_be_are_told_and_nothing_is_stored(changes: dict[str, str]) -> None:
    with pytest.raises(
        Barred,
        match=r"2026-05-01 不属于 2027 年的通知|2027-01-01 不能既放假又上班|2027-01-05 本是工作日|有日期无法识别",
    ):
        enter(**changes)
    assert not CalendarNotice.objects.exists()


def test_a_later_notice_corrects_the_days_it_names() -> None:
    do("calendar.confirm", "office_b", enter(), at=LATE)
    assert not calendar().is_workday(date(2027, 1, 1))
    do("calendar.confirm", "office_b", enter(off="2027-01-04"), at=LATE)
    assert [calendar().is_workday(date(2027, 1, day)) for day in (1, 4, 5)] == [False, False, True]
