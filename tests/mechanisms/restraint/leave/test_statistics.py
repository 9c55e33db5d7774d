"""What is counted of leave: half days by unit and class, what came late, one's own balance."""

import pytest

from qingfeng.kernel.reading import reads
from tests import cast
from tests.cast import actor, do
from tests.leaves import at, clock, in_service, over, phoned, request

pytestmark = pytest.mark.django_db
APRIL = at("2026-04-01 09:00").date()


def rows(who: str, name: str) -> list[tuple[object, ...]]:
    return list(reads.statistics(actor(who), "leave", name, 2026, APRIL).rows)


def test_half_days_are_counted_by_unit_and_class_for_who_reads_them() -> None:
    leave = over()
    do("leave.cancel", "cadre", leave, at=at("2026-03-13 09:00"))
    phoned(person=cast.person("clerk_housing_b").pk, kind="sick", last_half="am")
    request(first_day="2026-03-16", last_day="2026-03-17")
    assert rows("department_a", "by_unit") == [("住建局", 0, 4, 3)]
    assert rows("head_housing", "by_unit") == [("住建局", 0, 4, 0)]
    assert rows("clerk_education", "by_unit") == []
    assert [row[1:] for row in rows("department_a", "by_month")][2] == (0, 4, 3)


def test_what_came_late_is_counted() -> None:
    clock("overdue", over(), "2026-03-14 00:00")
    assert rows("department_a", "late") == [("住建局", 1, 1, 0)]


def test_one_s_balance_is_one_s_own() -> None:
    in_service("cadre", "2024-03-01")
    request(kind="annual")
    assert rows("cadre", "balance") == [("2026", 10, 0, 4, 6, 0)]
    assert rows("head_housing", "balance") == rows("department_a", "balance") == []
