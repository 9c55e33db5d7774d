"""What is counted: spent of the limit, the three lines with growth, and the report that may be made public."""

from datetime import date
from typing import Any

import pytest

from qingfeng.kernel.reading import reads
from tests import cast
from tests.cast import NOW
from tests.receptions import VISIT, YUAN, budget, expenses, numbered, reception

pytestmark = pytest.mark.django_db


def figures(code: str, name: str, who: str = "finance", year: int = 2026) -> list[tuple[Any, ...]]:
    return [*reads.statistics(cast.actor(who), code, name, year, date(2026, 3, 31)).rows]


def page(matter: Any, who: str = "finance") -> Any:
    return reads.page(cast.actor(who), "expenses", matter.pk, "public", NOW).context


def test_spent_reserved_and_left_add_up_to_what_a_unit_may_spend() -> None:
    budget(50, 40_000 * YUAN)
    reception("settled", estimate=300 * YUAN)
    reception(letter_number=numbered(16), estimate=10_000 * YUAN)
    (row,) = figures("reception", "of_limit")
    assert row == ("住建局", 260 * YUAN, 10_000 * YUAN, 29_740 * YUAN, 256)


def test_a_clerk_counts_the_own_unit_only() -> None:
    budget()
    reception()
    assert figures("reception", "of_limit", "clerk_education") == []
    assert len(figures("reception", "of_limit", "clerk_housing")) == 1


def test_receptions_are_counted_by_the_month_of_the_visit_without_those_that_never_were() -> None:
    budget()
    reception("settled", guests=2)
    withdrawn = reception(letter_number=numbered(16))
    cast.do("reception.withdraw", "clerk_housing", withdrawn, reason="改期。")
    counted = figures("reception", "by_month")
    assert [row[1:] for row in counted] == [(0, 0, 0), (0, 0, 0), (1, 2, 260 * YUAN)]


def test_violations_are_counted_by_unit() -> None:
    budget()
    settled = reception("settled")
    cast.do("reception.find", "office_a", settled, VISIT, kind="alcohol", finding="有酒。")
    assert figures("reception", "found_wrong", "office_a") == [("住建局", 1, 0)]


def test_the_three_lines_grow_against_the_same_stretch_of_the_year_before() -> None:
    for year, spent in ((2024, (40_000, 50_000, 10_000)), (2025, (30_000, 43_200, 0))):
        expenses(year, housing=spent)
    assert figures("expenses", "three_lines", year=2025) == [
        ("住建局", 30_000 * YUAN, 43_200 * YUAN, 0, -268)
    ]
    assert figures("expenses", "three_lines", year=2024)[0][-1] is None


def test_only_what_was_published_is_counted_and_the_last_of_two_counts() -> None:
    expenses(2025, housing=(1, 0, 0))
    expenses(2025, housing=(2, 0, 0))
    expenses(2025, publish=False, housing=(3, 0, 0))
    assert [row[2] for row in figures("expenses", "against_budget", year=2025)] == [2 * YUAN, 0, 0]


def test_the_public_report_has_unit_line_budget_spent_growth_and_nothing_else() -> None:
    expenses(2024, housing=(100, 0, 0), education=(0, 10, 0))
    published = expenses(2025, housing=(73, 0, 5), education=(7, 12, 0))
    assert page(published)["rows"] == [
        ("住建局", "公务接待费", "–", "73.00", "-27.0%"),
        ("住建局", "公务用车购置及运行费", "–", "0.00", "上年无支出"),
        ("住建局", "因公出国（境）费", "–", "5.00", "上年无支出"),
        ("教育局", "公务接待费", "–", "7.00", "上年无支出"),
        ("教育局", "公务用车购置及运行费", "–", "12.00", "+20.0%"),
        ("教育局", "因公出国（境）费", "–", "0.00", "上年无支出"),
        ("合计", "公务接待费", "–", "80.00", "-20.0%"),
        ("合计", "公务用车购置及运行费", "–", "12.00", "+20.0%"),
        ("合计", "因公出国（境）费", "–", "5.00", "上年无支出"),
    ]


def test_before_a_return_is_published_there_is_no_report() -> None:
    expenses(2024, housing=(100, 0, 0))
    entered = expenses(2024, publish=False, housing=(73, 0, 5))
    assert page(entered)["rows"] == []


def test_a_year_before_that_was_not_returned_is_said_in_words() -> None:
    assert page(expenses(2025, housing=(73, 0, 5)))["rows"][0][-1] == "上年未报"
