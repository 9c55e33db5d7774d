"""The Beta distribution on columns, with numpy alone: moments to shape, and quantiles.

The regularised incomplete beta function by its continued fraction (modified Lentz; DLMF 8.17.22), inverted by
bisection. These are estimates, not scores: binary floating point is in its place here.
"""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_TINY = 1e-300


def shape_of(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The shape of the Beta on [0, 1] with these moments; the variance is kept below mean x (1 - mean)."""
    mean = np.clip(mean, 1e-9, 1 - 1e-9)
    most = mean * (1 - mean)
    size = most / np.clip(variance, 1e-12, most * 0.999) - 1
    return mean * size, (1 - mean) * size


def quantile(probability: float, a: Floats, b: Floats) -> Floats:
    """The value below which ``probability`` of each Beta(a, b) lies, to about 1e-7."""
    low, high = np.zeros_like(a), np.ones_like(a)
    constant = log_beta(a, b)
    for _ in range(26):
        middle = (low + high) / 2
        under = cumulative(middle, a, b, constant) < probability
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return (low + high) / 2


def cumulative(x: Floats, a: Floats, b: Floats, constant: Floats) -> Floats:
    """The regularised incomplete beta function; ``constant`` is ``log_beta(a, b)``."""
    x = np.clip(x, 1e-15, 1 - 1e-15)
    flipped = x > (a + 1) / (a + b + 2)
    at = np.where(flipped, 1 - x, x)
    first, second = np.where(flipped, b, a), np.where(flipped, a, b)
    front = np.exp(first * np.log(at) + second * np.log1p(-at) - constant) / first
    value: Floats = front * _fraction(at, first, second)
    return np.where(flipped, 1 - value, value)


def _fraction(x: Floats, a: Floats, b: Floats) -> Floats:
    c = np.ones_like(x)
    d = 1 / _away(1 - (a + b) * x / (a + 1))
    h = d.copy()
    for m in range(1, 60):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / _away(1 + step * d)
            c = _away(1 + step / c)
            h = h * c * d
        if float(np.abs(c * d - 1).max(initial=0)) < 1e-9:
            break
    return h


def _away(value: Floats) -> Floats:
    return np.where(np.abs(value) < _TINY, _TINY, value)


def log_beta(a: Floats, b: Floats) -> Floats:
    """Logarithm of the beta function."""
    return _log_gamma(a) + _log_gamma(b) - _log_gamma(a + b)


def _log_gamma(x: Floats) -> Floats:
    """Stirling's series after shifting the argument above 8 (DLMF 5.11.1)."""
    shift = np.zeros_like(x)
    x = x.copy()
    for _ in range(8):
        small = x < 8
        shift = shift + np.where(small, np.log(np.where(small, x, 1)), 0)
        x = np.where(small, x + 1, x)
    series = 1 / (12 * x) - 1 / (360 * x**3) + 1 / (1260 * x**5)
    return (x - 0.5) * np.log(x) - x + 0.5 * math.log(2 * math.pi) + series - shift
