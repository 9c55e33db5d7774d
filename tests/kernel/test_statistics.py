"""What a statistic may be declared as, and what its rows have to be."""

from typing import Any

import pytest

from qingfeng.kernel.people.actors import NOBODY
from qingfeng.kernel.reading.statistics import Column, Reading, Statistic
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests.cast import TODAY

WORDS, NUMBER = Column("单位", "words"), Column("数")


def reading(year: int = TODAY.year) -> Reading:
    return Reading(Problem._default_manager.none(), NOBODY, TODAY, year)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("by unit", (WORDS, NUMBER)),
        ("by-unit", (WORDS, NUMBER)),
        ("by_unit", (NUMBER, NUMBER)),
        ("by_unit", (WORDS, NUMBER, WORDS)),
        ("by_unit", (WORDS,)),
        ("by_unit", ()),
    ],
)
def test_a_statistic_has_a_name_words_and_then_figures(name: str, columns: tuple[Column, ...]) -> None:
    with pytest.raises(Misdeclared, match="a statistic has a name"):
        Statistic(name, "统计", columns, lambda reading: [])


@pytest.mark.parametrize("row", [("甲",), ("甲", 1, 2), ("甲", "1"), ("甲", 1.5), ("甲", True)])
def test_a_row_has_a_whole_number_or_none_for_each_column(row: tuple[Any, ...]) -> None:
    with pytest.raises(Misdeclared, match="by_unit"):
        Statistic("by_unit", "统计", (WORDS, NUMBER), lambda reading: [row]).counted(reading())


def test_the_words_of_a_row_are_text_whatever_they_stand_for() -> None:
    statistic = Statistic("by_unit", "统计", (WORDS, NUMBER), lambda reading: [(7, 1), ("甲", None)])
    assert statistic.counted(reading()) == [("7", 1), ("甲", None)]


def test_of_this_year_only_the_months_that_have_begun_are_counted() -> None:
    assert list(reading().months) == [1, 2, 3]
    assert list(reading(TODAY.year - 1).months) == list(range(1, 13))
