"""The rules by themselves: overlap, burden, figures."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qingfeng.mechanisms.problems.inspection.rules import (
    CampaignFigure,
    InspectionSlot,
    apart,
    overlapping,
    standing,
    sums,
    times,
    too_often,
)

DAY = date(2026, 7, 1)


@st.composite
def looks(draw: st.DrawFn) -> InspectionSlot:
    first = DAY + timedelta(days=draw(st.integers(0, 300)))
    return InspectionSlot(
        draw(st.sampled_from("甲乙丙")),
        draw(st.integers(1, 3)),
        draw(st.sampled_from(["not_acting", "formalities"])),
        first,
        first + timedelta(days=draw(st.integers(0, 20))),
        draw(st.sampled_from(["", "1", "2"])),
    )


@given(looks(), looks())
def test_days_apart_are_the_same_from_both_sides_and_none_where_they_meet(
    one: InspectionSlot, other: InspectionSlot
) -> None:
    meet = one.first <= other.last and other.first <= one.last
    assert apart(one, other) == apart(other, one)
    assert (apart(one, other) == 0) is meet


@given(st.lists(looks(), max_size=6), st.lists(looks(), max_size=6), st.integers(0, 100))
def test_overlaps_are_of_one_unit_and_topic_in_different_rounds_and_grow_with_the_window(
    asked: list[InspectionSlot], others: list[InspectionSlot], within: int
) -> None:
    found = overlapping(asked, others, within)
    for one, other in found:
        assert (one.unit, one.topic) == (other.unit, other.topic)
        assert one.key != other.key
        assert apart(one, other) <= within
    assert len(found) <= len(overlapping(asked, others, within + 1))
    assert len(overlapping(asked, [], within)) == len(overlapping(asked[::-1], [], within))


@given(st.lists(looks(), max_size=10))
def test_a_unit_is_counted_once_a_round_whatever_its_topics(asked: list[InspectionSlot]) -> None:
    rounds = {looked.key for looked in asked}
    counted = times(asked)
    assert all(number <= len(rounds) for number in counted.values())
    assert set(counted) == {looked.unit for looked in asked}


def test_the_last_that_fits_passes_and_one_more_does_not() -> None:
    assert too_often({7: 1, 8: 1}, {7: 5, 8: 6}, 6) == [8]
    assert too_often({7: 2}, {}, 1) == [7]


MEASURES = ["visits", "sanctions"]


@given(st.lists(st.tuples(st.sampled_from(MEASURES), st.integers(0, 500)), max_size=12), st.data())
def test_a_correction_takes_the_place_of_what_it_corrects_and_of_nothing_else(
    entered: list[tuple[str, int]], data: st.DataObject
) -> None:
    figures = [CampaignFigure(measure, number) for measure, number in entered]
    before = sums(figures, MEASURES)
    assert sum(before.values()) == sum(number for _measure, number in entered)
    if not figures:
        return
    place = data.draw(st.integers(1, len(figures)))
    old = figures[place - 1]
    after = sums([*figures, CampaignFigure(old.measure, 7, place)], MEASURES)
    assert after[old.measure] == before[old.measure] - old.number + 7
    assert {name: after[name] for name in MEASURES if name != old.measure} == {
        name: before[name] for name in MEASURES if name != old.measure
    }
    assert (
        old not in standing([*figures, CampaignFigure(old.measure, 7, place)])
        or figures.count(old) > 1
        or (old == CampaignFigure(old.measure, 7, place))
    )
