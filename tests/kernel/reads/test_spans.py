"""Weeks and months as the database tells them: at their edges, in the country's time, the same on both databases."""

from datetime import datetime, timedelta

import pytest
from django.db.models import DateField

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.spans import MonthOfDay, span_of
from qingfeng.kernel.reading.tallies import Tally, key_of
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests.cast import NOW, TODAY, actor, do

pytestmark = pytest.mark.django_db

BEGINS = [datetime(2026, 3, day, tzinfo=ZONE) for day in (2, 9, 16)]
TICK = timedelta(microseconds=1)


def opened(*moments: datetime) -> list[Matter]:
    found = []
    for moment in moments:
        sheet = do(
            "rectification.register",
            "office_a",
            title="路灯不亮",
            kind="inaction",
            topic="not_acting",
            description="三盏",
        ).matter
        Matter.objects.filter(pk=sheet.pk).update(opened_at=moment)
        found.append(sheet)
    return found


def test_a_moment_belongs_to_the_span_that_began_last() -> None:
    moments = [
        BEGINS[0] - TICK,
        BEGINS[0],
        BEGINS[1] - TICK,
        BEGINS[1],
        BEGINS[2] - TICK,
        BEGINS[2],
        NOW + timedelta(days=90),
    ]
    sheets = opened(*moments)
    spans = dict(Matter.objects.annotate(span=span_of("opened_at", BEGINS)).values_list("pk", "span"))
    assert [spans[sheet.pk] for sheet in sheets] == [None, 0, 0, 1, 1, 2, 2]


def test_the_month_of_a_moment_is_that_of_the_country_s_time() -> None:
    new_year = datetime(2026, 1, 1, tzinfo=ZONE)
    moments = [
        new_year,
        *(datetime(2026, month, 1, tzinfo=ZONE) - TICK for month in (2, 3)),
        datetime(2026, 3, 1, tzinfo=ZONE),
    ]
    sheets = opened(*moments)
    tally = Tally("by_month", each="month")
    added = {pk: (year, key) for pk, _name, year, key, _figures in tally.of_each(Problem.objects.all())}
    assert [added[sheet.pk] for sheet in sheets] == [(2026, key_of(month)) for month in (1, 1, 2, 3)]


@pytest.mark.parametrize("month", [1, 2, 9, 10, 12])
def test_the_month_of_a_day_is_its_own_and_can_be_grouped_and_asked_by(month: int) -> None:
    assert DateField.get_lookups()["month"] is MonthOfDay
    day = TODAY.replace(month=month, day=28)
    Unit.objects.filter(code="housing").update(valid_from=day)
    units = Unit.objects.filter(code="housing").order_by()
    assert set(units.values_list("valid_from__month", flat=True)) == {month}
    assert units.filter(valid_from__month=month).count() == units.count()
    assert not units.filter(valid_from__month=month % 12 + 1).exists()


def test_what_came_in_is_told_in_the_week_of_its_monday() -> None:
    monday = datetime(2026, 3, 9, tzinfo=ZONE)
    opened(monday - timedelta(weeks=12), monday - TICK, monday, monday - timedelta(weeks=12) - TICK)
    (flow,) = (one for one in reads.flow(actor("office_a"), day_of(NOW)) if one.mechanism == "rectification")
    assert list(flow.opened) == [1, *[0] * 10, 1, 1]
    assert list(flow.closed) == [0] * 13


def test_the_years_of_a_statistic_begin_with_the_first_matter_that_may_be_read() -> None:
    opened(datetime(2023, 12, 31, 16, tzinfo=ZONE), NOW)
    found = reads.statistics(actor("office_a"), "rectification", "by_kind", 2026, TODAY)
    assert list(found.years) == [2026, 2025, 2024, 2023]
    assert list(
        reads.statistics(actor("clerk_education"), "rectification", "by_kind", 2026, TODAY).years
    ) == [2026]
