"""Companions, limits, growth, letters: what is decided without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.mechanisms.restraint.reception import rules


@pytest.mark.parametrize(
    ("guests", "most"), [(1, 3), (9, 3), (10, 3), (11, 3), (12, 4), (14, 4), (15, 5), (29, 9), (30, 10)]
)
def test_up_to_ten_guests_have_three_companions_more_have_a_third(guests: int, most: int) -> None:
    assert rules.most_companions(guests, small_party=10, few=3, guests_each=3) == most


@given(st.integers(1, 1000))
def test_more_guests_never_mean_fewer_companions(guests: int) -> None:
    assert rules.most_companions(guests, 10, 3, 3) <= rules.most_companions(guests + 1, 10, 3, 3)


@given(st.integers(0, 10**6), st.integers(0, 10**9), st.integers(0, 10**12))
def test_the_limit_is_what_both_allow(headcount: int, a_head: int, most: int) -> None:
    limit = rules.yearly_limit(headcount, a_head, most)
    assert limit in (headcount * a_head, most)
    assert limit <= most
    assert limit <= headcount * a_head


@pytest.mark.parametrize(
    ("now", "before", "expected", "written"),
    [
        (732_000_00, 1_000_000_00, -268, "-26.8%"),
        (1, 3, -667, "-66.7%"),
        (2, 3, -333, "-33.3%"),
        (4, 3, 333, "+33.3%"),
        (20_01, 20_00, 1, "+0.1%"),
        (19_99, 20_00, -1, "-0.1%"),
        (1_000_49, 1_000_00, 0, "0.0%"),
        (0, 5, -1000, "-100.0%"),
        (5, 5, 0, "0.0%"),
        (3_000, 1, 2_999_000, "+299900.0%"),
    ],
)
def test_growth_is_exact_to_the_digit_with_halves_away_from_zero(
    now: int, before: int, expected: int, written: str
) -> None:
    found = rules.growth(now, before)
    assert found == expected
    assert rules.percent(expected) == written


def test_nothing_grows_from_nothing() -> None:
    assert rules.growth(5, 0) is None
    assert rules.growth(0, 0) is None


@given(st.integers(0, 10**12), st.integers(1, 10**12))
def test_growth_is_never_further_off_than_half_a_thousandth(now: int, before: int) -> None:
    found = rules.growth(now, before)
    assert found is not None
    assert abs(found * before - (now - before) * 1000) * 2 <= before


@given(st.integers(1, 10**9), st.integers(0, 10**9))
def test_a_fall_and_a_rise_of_the_same_size_read_the_same(before: int, by: int) -> None:
    risen, fallen = rules.growth(before + by, before), rules.growth(before - by, before)
    assert risen is not None
    assert fallen == -risen


@pytest.mark.parametrize(
    "number",
    [
        "云建函〔2026〕15号",
        "云建函[2026]15号",
        "云建函（2026）15号",
        "云建函【２０２６】 15 号",
        "云建函〔2026〕16号",
    ],
)
def test_a_letter_is_known_however_its_number_is_typed(number: str) -> None:
    one = rules.letter_key("云川市住建局", "云建函〔2026〕15号")
    assert (rules.letter_key(" 云川市住建局", number) == one) is (not number.endswith("16号"))


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ({"year": 7}, {"year": 10}, (7, 10)),
        ({"year": 7, "q1": 99}, {"q1": 1, "q2": 2, "q3": 3, "q4": 4}, (7, 10)),
        ({"q1": 1, "q2": 1}, {"q1": 2, "q2": 3, "q3": 9}, (2, 5)),
        ({"q1": 1, "q2": 1}, {"q1": 2}, (2, None)),
        ({"q1": 1, "q2": 1}, {"year": 9}, (2, None)),
        ({"q1": 1, "q2": 1, "q3": 1, "q4": 1}, {"year": 9}, (4, 9)),
        ({}, {"year": 9}, (None, None)),
        ({"year": 7}, {}, (7, None)),
    ],
)
def test_only_the_same_stretch_of_the_year_before_is_compared(
    now: dict[str, int], before: dict[str, int], expected: tuple[int | None, int | None]
) -> None:
    assert rules.like_before(now, before) == expected


@pytest.mark.parametrize(
    ("organ", "here"),
    [
        ("清风区教育局", True),
        ("云川市清风区教育局", True),
        (" 教育 局", True),
        ("云川市教育局", False),
        ("林岸县教育局", False),
        ("清风区清河镇", False),
    ],
)
def test_an_organ_is_of_this_place_by_its_name_or_as_one_of_its_units(organ: str, here: bool) -> None:
    assert rules.of_this_place(organ, "清风区", ["清河镇"], ["教育局"]) is here
