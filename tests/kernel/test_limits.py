"""A time limit is told by one function: by its name and its last day, in lists, pages, workbooks, on the command line."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from qingfeng.faces.console.display import light_of
from qingfeng.kernel.reading import reads
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.limits import Limit, last, limit_at, limits, next_limit, told
from qingfeng.kernel.time.timekeeper import ZONE
from tests.cast import NOW
from tests.faces.console.staff import browser
from tests.sheets import sheet


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        ("2026-04-01 00:00", "2026-03-31 24:00"),
        ("2027-01-01 00:00", "2026-12-31 24:00"),
        ("2028-03-01 00:00", "2028-02-29 24:00"),
        ("2026-04-01 00:01", "2026-04-01 00:01"),
        ("2026-04-01 17:30", "2026-04-01 17:30"),
    ],
)
def test_what_ends_at_midnight_ends_with_the_day_before(due: str, words: str) -> None:
    assert told(at(due)) == words
    assert str(Limit(at(due), "签收")) == f"签收 {words}"
    assert str(Limit(at(due))) == words
    assert told(at(due), "m-d", with_time=False) == words[5:10]
    assert last(at(due)) == (at(due) if "24:00" not in words else date.fromisoformat(words[:10]))


def test_the_next_limit_is_the_first_that_binds_and_else_the_first() -> None:
    day, other = at("2026-04-01 00:00"), at("2026-04-02 00:00")
    heard, answered, shown = (
        Limit(day, "公示", binds=False),
        Limit(other, "答复"),
        Limit(other, "公示", binds=False),
    )
    assert next_limit([heard, answered]) == answered
    assert next_limit([heard, shown]) == heard
    assert next_limit([]) is None
    assert limit_at([heard, shown, answered], other) == answered
    assert limit_at([heard, answered], at("2026-04-03 00:00")) == Limit(at("2026-04-03 00:00"))
    assert limit_at([heard], None) is None


@pytest.mark.django_db
def test_limits_are_read_with_one_query_or_none_and_a_clock_declared_no_more_is_a_moment(
    django_assert_num_queries: Any,
) -> None:
    first, second = sheet("assigned"), sheet("assigned")
    Running.objects.filter(matter=first, name="signing").update(name="former")
    stopped = Running.objects.get(matter=second, name="signing")
    Running.objects.filter(pk=stopped.pk).update(stopped_at=NOW)
    with django_assert_num_queries(1):
        found = limits([first, second])
    former = Running.objects.get(matter=first, name="former").due_at
    assert Limit(former) in found[first.pk]
    assert [one.due for one in found[second.pk]] == [
        *Running.objects.filter(matter=second, stopped_at=None).values_list("due_at", flat=True)
    ]
    Running.objects.filter(matter=second).update(stopped_at=None, paused_at=NOW)
    assert second.pk not in limits([second])
    with django_assert_num_queries(0):
        assert not limits([])


def test_a_light_names_its_limit_and_the_year_where_it_is_another() -> None:
    now = at("2026-12-20 09:00")
    assert light_of(Limit(at("2027-01-10 00:00"), "整改"), now).detail == "整改 2027-01-09"
    assert light_of(Limit(at("2026-12-26 00:00"), "整改"), now).detail == "整改 12-25"


@pytest.mark.django_db
def test_of_two_limits_of_a_matter_each_is_told_with_its_name() -> None:
    matter = sheet("assigned")
    limits = reads.limits([matter])[matter.pk]
    assert len({str(limit.label) for limit in limits}) == len(limits) == 2
    # Signing binds; the time to dispute ends on the same day and binds nobody.
    assert limit_at(limits, limits[0].due) == next_limit(limits)
    assert [limit.binds for limit in limits if limit == next_limit(limits)] == [True]


@pytest.mark.django_db
def test_workbooks_tell_the_last_day_and_not_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    matter = sheet("rectifying")
    clock = Running.objects.get(matter=matter, name="rectifying")
    last = f"{(clock.due_at - timedelta(seconds=1)).astimezone(ZONE):%Y-%m-%d}"
    next_day = f"{clock.due_at.astimezone(ZONE):%Y-%m-%d}"
    for who, address in (("office_a", "/rectification/export.xlsx"), ("head_housing", "/first.xlsx")):
        answer = browser(who).get(address)
        assert answer.status_code == 200, address
        cells = [
            str(cell)
            for name in CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).sheet_names
            for row in CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
            .get_sheet_by_name(name)
            .to_python()
            for cell in row
        ]
        assert any(cell.startswith(last) for cell in cells), (address, cells)
        assert not any(next_day in cell for cell in cells), address
    assert clock.started_at == NOW
