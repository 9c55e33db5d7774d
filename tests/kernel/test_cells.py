"""What a cell says: days, months, counts; what could be two things is not read."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.sheets.cells import AmbiguousDay, DayAndTime, count, is_nil, month, when

DAY = date(2025, 11, 8)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2025年11月8号", None),
        ("二〇二五年十一月八日", None),
        ("2025-11-8 周六", None),
        ("2025/11/8（星期六） 早上7点半", time(7, 30)),
        ("2025-11-08 07:30:05.250", time(7, 30, 5)),
        ("2025-11-07T23:30:00Z", time(7, 30)),
        ("2025-11-08T01:30:00+02:00", time(7, 30)),
        ("2025-11-08 中午12:40", time(12, 40)),
        ("2025-11-08 中午2:05", time(14, 5)),
        ("2025-11-08 夜里11点", time(23)),
        ("2025-11-07 深夜12:00", time(0)),
        ("2025-11-07 24:00", time(0)),
        ("20251108073005", time(7, 30, 5)),
        ("2025、11、8", None),
    ],
)
def test_a_day_is_read_however_offices_write_it(written: str, at: time | None) -> None:
    assert when(written) == DayAndTime(DAY, at)


@pytest.mark.parametrize(
    "written",
    [
        "25.11.8",
        "2025/11",
        "11月8日",
        "2025-11-31",
        "2025-11-08 24:01",
        "2025-11-08 晚上1:30",
        "2025.11.08-11.09",
        "True",
    ],
)
def test_what_is_no_day_for_certain_is_none(written: str) -> None:
    assert when(written) is None


def test_which_of_day_and_month_comes_first_is_asked_only_where_both_could() -> None:
    with pytest.raises(AmbiguousDay):
        when("8/11/2025")
    assert when("8/11/2025", "dmy") == DayAndTime(DAY)
    assert when("11.8.2025", "mdy") == DayAndTime(DAY)
    assert when("25/11/2025") == DayAndTime(date(2025, 11, 25))
    assert when("7-7-2025") == DayAndTime(date(2025, 7, 7))


@given(st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.sampled_from(("dmy", "mdy")))
def test_an_order_that_was_said_is_kept_to(day: date, order: str) -> None:
    first, second = (day.day, day.month) if order == "dmy" else (day.month, day.day)
    assert when(f"{first}/{second}/{day.year}", order) == DayAndTime(day)  # type: ignore[arg-type]


@pytest.mark.parametrize("written", ["2003年9月", "2003.09", "2003-9", "二〇〇三年九月"])
def test_a_month_is_its_first_day(written: str) -> None:
    assert month(written) == date(2003, 9, 1)
    assert month("2003年13月") is None


@pytest.mark.parametrize(
    ("text", "units", "number"),
    [
        ("8件", set(), 8),
        ("1,250人次", set(), 1250),
        ("十二", set(), 12),
        ("零", set(), 0),
        ("3.5万人", set(), 35_000),
        ("90分钟", {"分钟"}, 90),
        ("90分钟", set(), None),
        ("2.5", set(), None),
        ("十一月", {"月"}, 11),
        ("2025年6月", {"月"}, 6),
        ("约30", set(), None),
    ],
)
def test_a_count_may_bear_its_unit_and_no_other(text: str, units: set[str], number: int | None) -> None:
    assert count(text, frozenset(units)) == number


def test_signs_for_nothing_are_told_from_nothing_written() -> None:
    assert all(map(is_nil, ("/", "／", "无", "—", "-", "N/A")))
    assert not any(map(is_nil, (None, 0, "0", "无此项", "")))
