"""Figures in words, in tables and pictures, the same at every face."""

from typing import Any

import pytest

from qingfeng.faces import figures
from qingfeng.kernel.people.actors import NOBODY
from qingfeng.kernel.reading.statistics import Column, Figures, Kind, Reading, Statistic
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests.cast import TODAY

WORDS = Column("单位", "words")


def reading(year: int) -> Reading:
    return Reading(Problem._default_manager.none(), NOBODY, TODAY, year)


def found(columns: tuple[Column, ...], rows: list[tuple[Any, ...]], **more: Any) -> Figures:
    statistic = Statistic("some", "统计", (WORDS, *columns), lambda reading: rows, **more)
    return Figures(statistic, reading(TODAY.year), rows)


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (0, "count", "0"),
        (1234567, "count", "1,234,567"),
        (-3, "count", "−3"),
        (5, "money", "0.05"),
        (123456789, "money", "1,234,567.89"),
        (-150, "money", "−1.50"),
        (5, "minutes", "0:05"),
        (60065, "minutes", "1,001:05"),
        (1000, "share", "100.0%"),
        (5, "share", "0.5%"),
        (None, "money", "–"),
    ],
)
def test_a_figure_is_written_by_its_kind(value: int | None, kind: Kind, words: str) -> None:
    assert figures.shown(value, kind) == words


def test_parts_of_a_whole_are_summed_beside_and_below() -> None:
    columns = (Column("甲", "money"), Column("乙", "money"), Column("占比", "share"))
    heads, rows = figures.table(
        found(columns, [("住建局", 100, 250, 500), ("教育局", 50, None, 125)], picture="stacked")
    )
    assert heads == ["单位", "甲（元）", "乙（元）", "占比", "合计"]
    assert rows == [
        ["住建局", "1.00", "2.50", "50.0%", "3.50"],
        ["教育局", "0.50", "–", "12.5%", "0.50"],
        ["合计", "1.50", "2.50", "–", "4.00"],
    ]


@pytest.mark.parametrize("picture", ["bars", "stacked", "lines", "grid"])
def test_a_picture_draws_what_is_of_one_kind_and_has_the_whole_table_behind_it(picture: Any) -> None:
    columns = (Column("金额", "money"), Column("件数"))
    drawn = figures.chart(found(columns, [("住建局", 123450, 7), ("教育局", 250, 9)], picture=picture))
    assert "1,234.50" in drawn.svg
    assert "件数" not in drawn.svg
    assert "件数" in drawn.head
    assert [row[2] for row in drawn.rows[:2]] == ["7", "9"]


def test_a_statistic_says_of_when_it_is() -> None:
    year, now = found((Column("数"),), []), found((Column("数"),), [], of="today")
    assert figures.about(year) == "截至2026年3月10日"
    assert figures.about(now) == "截至2026-03-10的现状"
    assert figures.about(Figures(year.statistic, reading(2025), [])) == "2025年全年"
