"""Charts: right figures, complete words, a picture that is the same each time."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.faces.charts import (
    Interval,
    Series,
    WorkItem,
    bars,
    gantt,
    heat,
    intervals,
    months,
    sparkline,
    stacked,
    standalone,
)
from qingfeng.faces.charts.grids import level
from qingfeng.faces.charts.svg import nice_marks, nice_top

SVG = "{http://www.w3.org/2000/svg}"
HEADS = ("item", "a", "b", "c", "d")


def every_chart():
    units, two = ["住建局", "<交通> & 运输局"], [Series("今年", (3, 12)), Series("去年", (4, None), "quiet")]
    item = WorkItem(
        "土建 <一期>",
        date(2026, 3, 1),
        date(2026, 6, 30),
        "late",
        "逾期",
        40,
        0,
        ((date(2026, 4, 1), "封顶 & 验收"),),
    )
    return [
        bars("数", units, two, head="单位"),
        stacked("数", units, two, head="单位", total="合计"),
        months("数", ["1月", "2月"], [two[0]], before=[two[1]], target=("目标", 10)),
        heat("数", units, ["会议", "文件"], [[1, None], [0, 9]]),
        heat("数", units, [f"很长的专题名称{i}" for i in range(12)], [[1] * 12, [0] * 12]),
        gantt("数", [item], today=date(2026, 5, 1), today_words="今天", heads=HEADS),
        intervals("数", [Interval("住建局", 9000, 8900, 9100, "1")], heads=HEADS, too_few="样本不足"),
        sparkline("数", [1, 2, None, 3]),
    ]


@pytest.mark.parametrize("chart", every_chart(), ids=lambda chart: re.sub(r"\W", "", chart.svg)[-12:])
class TestEveryChart:
    def test_is_well_formed_and_named_for_those_who_do_not_see_it(self, chart):
        root = ElementTree.fromstring(chart.svg)
        assert root.get("role") == "img"
        title = root.find(f"{SVG}title")
        assert title is not None
        assert title.text.startswith(chart.title)
        assert root.get("aria-labelledby").split()[0] == title.get("id")

    def test_carries_no_style_of_its_own(self, chart):
        assert not re.search(r"style=|<style|fill=|stroke=", chart.svg)

    def test_stays_inside_its_frame(self, chart):
        root = ElementTree.fromstring(chart.svg)
        width, height = (float(root.get(side)) for side in ("width", "height"))
        for box in root.iter(f"{SVG}rect"):
            assert float(box.get("x")) >= 0
            assert float(box.get("x")) + float(box.get("width")) <= width + 0.1
            assert float(box.get("y")) + float(box.get("height")) <= height + 0.1


def test_the_same_figures_give_the_same_picture():
    assert [chart.svg for chart in every_chart()] == [chart.svg for chart in every_chart()]


def test_the_table_has_every_figure():
    chart = bars("数", ["甲", "乙"], [Series("今年", (1200, None)), Series("去年", (3, 4))], head="单位")
    assert chart.head == ["单位", "今年", "去年"]
    assert chart.rows == [["甲", "1,200", "3"], ["乙", "–", "4"]]


def test_the_stacked_table_ends_with_the_whole():
    chart = stacked("数", ["甲"], [Series("a", (2,)), Series("b", (5,))], total="合计")
    assert chart.rows == [["甲", "2", "5", "7"]]


def test_bars_are_as_long_as_their_figures():
    chart = bars("数", ["甲", "乙"], [Series("a", (10, 5))])
    long, short = (float(r.get("width")) for r in ElementTree.fromstring(chart.svg).iter(f"{SVG}rect"))
    assert long == pytest.approx(2 * short, abs=0.2)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: bars("数", ["甲"], [Series("a", (1, 2))]),
        lambda: bars("数", ["甲"], [Series("a", (-1,))]),
        lambda: months("数", ["1月"], [Series("a", (1, 2))]),
        lambda: heat("数", ["甲"], ["x"], [[1, 2]]),
        lambda: intervals("数", [Interval("甲", 5, 6, 7)], heads=HEADS, too_few=""),
        lambda: gantt(
            "数",
            [WorkItem("甲", date(2026, 2, 1), date(2026, 1, 1), "late", "")],
            today=date(2026, 1, 1),
            today_words="",
            heads=HEADS,
        ),
    ],
)
def test_figures_that_do_not_fit_are_refused(wrong):
    with pytest.raises(ValueError, match=r".+"):
        wrong()


def test_a_missing_month_breaks_the_line():
    chart = months("数", list("abcd"), [Series("今年", (1, None, 2, 3))])
    paths = [p.get("d") for p in ElementTree.fromstring(chart.svg).iter(f"{SVG}path")]
    assert paths[0].count("M") == 2


def test_too_few_answers_get_no_dot():
    chart = intervals("数", [Interval("甲", 1, 0, 2, counted=False)], heads=HEADS, too_few="样本不足")
    assert "<circle" not in chart.svg
    assert chart.rows == [["甲", "样本不足", "–", "–", "–"]]


def test_results_are_written_in_whole_digits():
    chart = intervals("数", [Interval("甲", 9105, 9000, 9200)], heads=HEADS, too_few="", scale=100)
    assert chart.rows[0][2:] == ["91.05", "90.00", "92.00"]


def test_a_file_of_its_own_carries_its_colours():
    text = standalone(bars("数", ["甲"], [Series("a", (1,))]))
    ElementTree.fromstring(text)
    assert "--c1:" in text


@given(st.integers(0, 10**9))
def test_axis_ends_at_a_round_figure_just_over_the_highest(highest):
    top, step = nice_top(highest)
    assert top >= highest
    assert top % step == 0
    assert 1 <= top // step <= 5
    assert top - highest < step or highest == 0


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6))
def test_marks_lie_between_the_bounds(low, span):
    marks = nice_marks(low, low + span)
    assert len(marks) <= 6
    assert all(low <= mark <= low + span for mark in marks)


@given(st.integers(0, 500), st.integers(1, 500))
def test_shade_grows_with_the_figure_and_only_none_is_empty(value, highest):
    shade = level(min(value, highest), highest)
    assert (shade == 0) == (value == 0)
    assert shade <= level(highest, highest) == 5
