"""Whole columns of exact integers.

A column is an int64 array while every intermediate value provably fits, and an array of Python integers
otherwise: fast in the ordinary case, never wrong in the other. DuckDB's decimal division, ``avg`` and
``round_even`` come back as DOUBLE, so no division or rounding is left to SQL.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from qingfeng.assessment.engine.rounding import Rounding

Ints = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]
ROOM = 2**62


def widest(column: Ints | int) -> int:
    """The largest absolute value in the column, 0 when it is empty."""
    if isinstance(column, int):
        return abs(column)
    if column.size == 0:
        return 0
    return max(abs(int(column.max())), abs(int(column.min())))


def wide(column: Ints) -> Ints:
    """The same numbers as Python integers, which cannot overflow."""
    return column.astype(object)


def narrow(column: Ints) -> Ints:
    """Back to int64 where every value fits; OverflowError otherwise."""
    return column if column.dtype == np.int64 else column.astype(np.int64)


def times(first: Ints, *others: Ints | int) -> Ints:
    """The product of columns and numbers, exact."""
    bound = widest(first)
    for other in others:
        bound *= max(1, widest(other))
    result = first if bound < ROOM else wide(first)
    for other in others:
        result = result * other
    return result


def plus(first: Ints, second: Ints | int) -> Ints:
    """The sum of two columns, exact."""
    if widest(first) + widest(second) >= ROOM:
        first = wide(first)
    result: Ints = first + second
    return result


def divide(numerator: Ints, denominator: Ints, rounding: Rounding) -> Ints:
    """Each quotient rounded to an integer by the declared rule; denominators must be above zero."""
    if widest(numerator) >= ROOM or widest(denominator) >= ROOM // 2:
        numerator, denominator = wide(numerator), wide(denominator)
    size = np.abs(numerator)
    quotient = size // denominator
    twice = 2 * (size - quotient * denominator)
    up = twice > denominator
    half = twice == denominator
    up |= half if rounding == "half_up" else half & (quotient % 2 == 1)
    quotient = quotient + up
    signed: Ints = np.where(numerator < 0, -quotient, quotient)
    return signed


def zeros(length: int) -> Ints:
    """A column of zeros."""
    return np.zeros(length, dtype=np.int64)
