"""The rules of leave: half days, what counts, how much, who approves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.time.workdays import Workdays
from qingfeng.mechanisms.restraint.leave.rules import (
    AFTERNOON,
    MORNING,
    ApprovalLevel,
    Band,
    LeaveKind,
    Loss,
    begins,
    by_year,
    carried,
    counting,
    ends,
    entitled,
    halves,
    loses,
    route,
    rung,
    withheld,
)
from qingfeng.organization.rules import years_of_service
from tests.leaves import at

BANDS = [Band(1, 5), Band(10, 10), Band(20, 15)]
ANNUAL = LeaveKind("annual", "年休假", "Annual leave", "annual", "workday")
SICK = LeaveKind("sick", "病假", "Sick leave", "statutory", "day", proof_from=3)
LOSSES = [Loss("personal", 1, days=20), *(Loss("sick", 10 * n or 1, months=n + 2) for n in range(3))]
LADDER = [
    ApprovalLevel("any", ("unit_head",), 3),
    ApprovalLevel("any", ("unit_head", "leader")),
    ApprovalLevel("unit_head", ("leader",)),
]

DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
PARTS = st.sampled_from([MORNING, AFTERNOON])


@pytest.mark.parametrize(
    ("on", "half_days"),
    [
        ("2026-05-31", 0),
        ("2026-06-01", 10),
        ("2035-05-31", 10),
        ("2035-06-01", 20),
        ("2045-05-31", 20),
        ("2045-06-01", 30),
    ],
)
def test_annual_leave_grows_on_the_day_on_which_one_ten_and_twenty_years_are_full(
    on: str, half_days: int
) -> None:
    years = years_of_service(date(2025, 6, 1), date.fromisoformat(on))
    assert entitled(BANDS, years) == half_days


def test_holidays_and_rest_days_are_not_counted_as_annual_leave_but_are_as_sick_leave() -> None:
    # The National Day of 2026: off from 1 to 7 October, worked on Saturday the 10th.
    week = halves((date(2026, 9, 30), MORNING), (date(2026, 10, 10), AFTERNOON))
    assert sum(counting(week, ANNUAL, Workdays().is_workday).values()) == 2 * 4
    assert sum(counting(week, SICK, Workdays().is_workday).values()) == 2 * 11


def test_a_morning_begins_in_the_morning_and_ends_at_noon() -> None:
    morning, afternoon = (date(2026, 3, 11), MORNING), (date(2026, 3, 11), AFTERNOON)
    assert (begins(morning, 510, 720), ends(morning, 720)) == (at("2026-03-11 08:30"), at("2026-03-11 12:00"))
    assert (begins(afternoon, 510, 720), ends(afternoon, 720)) == (
        at("2026-03-11 12:00"),
        at("2026-03-12 00:00"),
    )


def test_proof_is_needed_from_the_day_named_on() -> None:
    assert (SICK.demands_proof(5), SICK.demands_proof(6), ANNUAL.demands_proof(60)) == (False, True, False)


@pytest.mark.parametrize(
    ("applicant", "half_days", "approvers"),
    [
        (["cadre"], 6, ("unit_head",)),
        (["cadre"], 7, ("unit_head", "leader")),
        (["unit_head"], 1, ("leader",)),
        (["section", "unit_head"], 1, ("leader",)),
    ],
)
def test_the_ladder_goes_by_rank_or_role_and_by_length(
    applicant: list[str], half_days: int, approvers: tuple[str, ...]
) -> None:
    found = rung(LADDER, applicant, half_days)
    assert found is not None
    assert found.approvers == approvers


def test_a_length_that_no_rung_reaches_is_nobodys_to_approve() -> None:
    assert rung([ApprovalLevel("any", ("unit_head",), 3)], ["cadre"], 7) is None


def test_where_the_approver_is_the_applicant_or_nobody_it_is_the_next_above() -> None:
    held = {"unit_head": set[int](), "leader": {3}, "organization_department": {4, 5}, "leadership": {3, 6}}
    assert route(("unit_head",), held.__getitem__) == ["leader"]
    assert route(("unit_head", "leader"), held.__getitem__) == ["leader"]
    held["leader"] = set()
    assert route(("unit_head", "leader"), held.__getitem__) == ["organization_department"]
    held["organization_department"] = set()
    assert route(("unit_head",), held.__getitem__) == ["leadership"]
    held["leadership"] = set()
    assert route(("unit_head",), held.__getitem__) == []


def test_only_a_year_s_own_leave_goes_over_into_the_next() -> None:
    assert (carried(4, 10), carried(14, 10), carried(-1, 10)) == (4, 10, 0)


@given(DAYS, PARTS, st.integers(0, 40), PARTS)
def test_half_days_are_in_order_whole_and_twice_the_days_but_for_the_cut_ends(
    first: date, from_part: int, length: int, to_part: int
) -> None:
    last = first + timedelta(days=length)
    found = halves((first, from_part), (last, to_part))
    assert found == sorted(set(found))
    assert len(found) == max(0, 2 * (length + 1) - (from_part == AFTERNOON) - (to_part == MORNING))
    assert sum(by_year(found).values()) == len(found)


@given(st.integers(0, 50), st.integers(0, 50))
def test_more_years_of_service_never_mean_less_annual_leave(years: int, more: int) -> None:
    assert entitled(BANDS, years) <= entitled(BANDS, years + more)


TAKEN = st.dictionaries(st.sampled_from(["personal", "sick", "marriage"]), st.integers(0, 300))


@given(st.integers(0, 60), TAKEN)
def test_annual_leave_is_lost_by_20_days_or_2_3_4_months_and_by_nothing_else(
    years: int, taken: dict[str, int]
) -> None:
    months = 2 + (years >= 10) + (years >= 20)
    lost = taken.get("personal", 0) >= 40 or taken.get("sick", 0) >= 60 * months
    assert loses(LOSSES, years, 30, taken) == (years >= 1 and lost)


@given(st.integers(0, 60), TAKEN, TAKEN)
def test_more_leave_never_brings_annual_leave_back(
    years: int, taken: dict[str, int], more: dict[str, int]
) -> None:
    both = {kind: taken.get(kind, 0) + more.get(kind, 0) for kind in {*taken, *more}}
    assert loses(LOSSES, years, 30, taken) <= loses(LOSSES, years, 30, both)


@given(st.integers(0, 60), st.integers(-5, 90))
def test_what_is_withheld_of_a_year_and_of_the_next_is_one_years_leave_and_no_more(
    granted: int, left: int
) -> None:
    now, later = withheld(granted, left)
    assert now + later == granted
    assert 0 <= now <= max(left, 0)
    assert later >= 0
