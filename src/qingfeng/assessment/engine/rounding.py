"""Rounding of scores and rates, in integers, once (数值修约).

Sources: GB/T 8170-2008 (round half to even, once, negatives by absolute value); half up (四舍五入) is what
most administrative percentages use and stays selectable.
"""

from typing import Literal

Rounding = Literal["gbt8170", "half_up"]
ROUNDINGS: tuple[Rounding, ...] = ("gbt8170", "half_up")


def divide(numerator: int, denominator: int, rounding: Rounding) -> int:
    """``numerator / denominator`` rounded to an integer; raises ZeroDivisionError on a zero denominator."""
    quotient, rest = divmod(abs(numerator), abs(denominator))
    twice = 2 * rest
    if twice > abs(denominator) or (
        twice == abs(denominator) and (rounding == "half_up" or quotient % 2 == 1)
    ):
        quotient += 1
    return quotient if (numerator < 0) == (denominator < 0) else -quotient


def rate(part: int, whole: int, *, places: int, rounding: Rounding) -> int:
    """``part`` as a percentage of ``whole``, scaled by 10**places: ``rate(1, 3, places=2, …)`` is 3333.

    Raises ZeroDivisionError when ``whole`` is zero.
    """
    return divide(part * 100 * 10**places, whole, rounding)


def growth(now: int, before: int, *, places: int, rounding: Rounding) -> int:
    """Growth of ``now`` on ``before`` in per cent (同比), scaled by 10**places, negative when it fell.

    The base is taken by absolute value, so that a smaller loss is growth. Raises ZeroDivisionError on base 0.
    """
    return rate(now - before, abs(before), places=places, rounding=rounding)


def decimal(value: int, places: int) -> str:
    """A scaled integer as a reader writes it: ``decimal(8650, 2)`` is ``"86.50"``."""
    sign, digits = ("-" if value < 0 else ""), str(abs(value)).rjust(places + 1, "0")
    return sign + (digits if places == 0 else f"{digits[:-places]}.{digits[-places:]}")


def scaled(text: str, places: int) -> int:
    """A decimal as written, as an integer scaled by 10**places.

    Raises ValueError when it is no plain decimal or has more places than asked for.
    """
    body = text.removeprefix("-")
    whole, point, fraction = body.partition(".")
    if not (whole.isascii() and whole.isdigit()) or (
        point and not (fraction.isascii() and fraction.isdigit())
    ):
        raise ValueError(text)
    if len(fraction.rstrip("0")) > places:
        raise ValueError(text)
    value = int(whole + fraction[:places].ljust(places, "0"))
    return -value if text.startswith("-") else value
