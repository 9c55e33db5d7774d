"""What is counted of problems, for whom, and in which year."""

from datetime import UTC, date, datetime, timedelta

import pytest

from qingfeng.kernel.background import worker
from qingfeng.kernel.reading import reads
from qingfeng.kernel.reading.statistics import Figures
from qingfeng.kernel.refusals import NotFound
from tests.cast import NOW, TODAY, actor
from tests.refusals import invalid
from tests.sheets import sheet

pytestmark = pytest.mark.django_db

NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)
"""Midnight in Shanghai, as the year 2027 begins."""


def counted(name: str, who: str = "office_a", year: int = TODAY.year, today: date = TODAY) -> Figures:
    return reads.statistics(actor(who), "rectification", name, year, today)


def test_each_unit_has_what_was_written_off_what_is_under_way_and_what_is_overdue() -> None:
    for state in ("written_off", "written_off", "assigned", "reported"):
        sheet(state)
    sheet("assigned", unit="education")
    sheet("found")
    sheet("found")
    assert counted("by_unit").rows == [
        ("住建局", 2, 2, 0),
        ("教育局", 0, 1, 0),
        ("尚未交办", 0, 2, 0),
    ]


def test_what_ran_out_is_overdue_until_it_is_reported_put_right() -> None:
    sheet("rectifying")
    sheet("reported")
    worker.run_out(NOW + timedelta(days=90))
    assert counted("by_unit").rows == [("住建局", 0, 1, 1)]


def test_a_clerk_finds_the_figures_of_the_own_unit_and_of_no_other() -> None:
    sheet("assigned")
    sheet("written_off", unit="education")
    assert counted("by_unit", "clerk_housing").rows == [("住建局", 0, 1, 0)]
    assert [
        sum(row[2] for row in counted("by_month", who).rows) for who in ("clerk_housing", "office_a")
    ] == [0, 1]


def test_who_reads_nothing_finds_nothing() -> None:
    sheet("written_off")
    assert not counted("by_unit").empty
    assert counted("by_unit", "linan_office").empty
    assert counted("by_month", "cadre").empty


def test_the_months_of_the_year_so_far_have_what_was_found_and_what_was_written_off() -> None:
    sheet("written_off")
    sheet("found")
    assert counted("by_month").rows == [("1月", 0, 0), ("2月", 0, 0), ("3月", 2, 1)]


def test_the_year_ends_at_midnight_of_the_country() -> None:
    sheet("found", at=NEW_YEAR - timedelta(minutes=30))
    sheet("found", at=NEW_YEAR)
    later = date(2027, 2, 1)
    assert [
        sum(row[2] for row in counted("by_unit", year=year, today=later).rows) for year in (2026, 2027)
    ] == [1, 1]
    assert counted("by_month", year=2026, today=later).rows[-1] == ("12月", 1, 0)
    assert list(counted("by_unit", today=later).years) == [2027, 2026]


@pytest.mark.parametrize("year", [0, 1948, 2027, 99999])
def test_no_year_is_counted_that_is_not_yet_or_was_before_the_republic(year: int) -> None:
    with invalid("year", "请选择1949年至2026年之间的年份"):
        counted("by_unit", year=year)


def test_a_statistic_nobody_declared_is_not_there() -> None:
    with pytest.raises(NotFound):
        counted("by_moon")
