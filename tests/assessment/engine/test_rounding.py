"""Rounding by GB/T 8170-2008 and half up: once, in integers, negatives by absolute value."""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.assessment.engine import decimal, growth, rate
from qingfeng.assessment.engine.exact import divide as divide_columns
from qingfeng.assessment.engine.exact import times
from qingfeng.assessment.engine.rounding import ROUNDINGS, Rounding, divide, scaled

VECTORS = [
    ("12.1498", 0, "12", "12"),
    ("12.1498", 1, "12.1", "12.1"),
    ("10.5002", 0, "11", "11"),
    ("1.050", 1, "1.0", "1.1"),
    ("0.35", 1, "0.4", "0.4"),
    ("28.175", 2, "28.18", "28.18"),
    ("28.165", 2, "28.16", "28.17"),
    ("28.250", 1, "28.2", "28.3"),
    ("15.4546", 0, "15", "15"),
    ("-0.0365", 3, "-0.036", "-0.037"),
]


@pytest.mark.parametrize(("text", "places", "even", "up"), VECTORS)
def test_the_standards_vectors(text: str, places: int, even: str, up: str) -> None:
    value = scaled(text, 6)
    assert decimal(divide(value, 10 ** (6 - places), "gbt8170"), places) == even
    assert decimal(divide(value, 10 ** (6 - places), "half_up"), places) == up


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**20), st.sampled_from(ROUNDINGS))
def test_whole_columns_round_as_single_numbers(numerator: int, denominator: int, rounding: Rounding) -> None:
    columns = (np.array([numerator], dtype=object), np.array([denominator], dtype=object))
    assert divide_columns(*columns, rounding)[0] == divide(numerator, denominator, rounding)


@given(st.integers(-(2**62), 2**62), st.integers(-6, 6), st.sampled_from(ROUNDINGS))
def test_machine_integers_round_as_decimals(numerator: int, shift: int, rounding: Rounding) -> None:
    denominator = 2**31 + shift
    mode = ROUND_HALF_EVEN if rounding == "gbt8170" else ROUND_HALF_UP
    twice = Decimal(numerator) * 2
    halves = np.array([int(twice)], dtype=object) if abs(int(twice)) >= 2**63 else np.array([int(twice)])
    expected = int((Decimal(numerator)).quantize(Decimal(1), rounding=mode))
    assert divide_columns(halves, np.array([2]), rounding)[0] == expected
    single = divide(numerator, denominator, rounding)
    assert divide_columns(np.array([numerator]), np.array([denominator]), rounding)[0] == single


@given(st.lists(st.integers(-(2**62), 2**62), min_size=1), st.integers(-(2**62), 2**62))
def test_a_product_never_overflows(column: list[int], factor: int) -> None:
    assert times(np.array(column), factor).tolist() == [value * factor for value in column]


def test_a_rate_of_nothing_is_refused() -> None:
    with pytest.raises(ZeroDivisionError, match="by zero"):
        rate(1, 0, places=2, rounding="half_up")
    with pytest.raises(ZeroDivisionError, match="by zero"):
        growth(1, 0, places=2, rounding="half_up")


def test_a_smaller_loss_is_growth() -> None:
    assert growth(-50, -100, places=0, rounding="half_up") == 50


@given(st.integers(-(10**12), 10**12), st.integers(0, 6))
def test_a_decimal_is_read_as_it_is_written(value: int, places: int) -> None:
    assert scaled(decimal(value, places), places) == value
