"""How often the interval of a mean rating holds the truth, over a stated family of rating distributions.

    python -m bench.engine.coverage --papers 4000

Ratings 1 to 5. The family: the twelve shapes below and distributions drawn evenly at random; each counts the
same. The plain normal interval stands beside for comparison. Exits with 1 when the average leaves 93 to 97 %.
"""

import argparse
import sys
from collections.abc import Callable

import numpy as np

from qingfeng.assessment.engine.uncertainty.beta import Floats, quantile, shape_of
from qingfeng.assessment.engine.uncertainty.parts import mean_rating

LEVELS = np.arange(1.0, 6.0)
SIZES = (5, 6, 8, 10, 15, 20, 30, 50, 100, 300)
FAMILY = {
    "even": (0.2, 0.2, 0.2, 0.2, 0.2),
    "bell": (0.05, 0.2, 0.5, 0.2, 0.05),
    "slope": (0.05, 0.1, 0.2, 0.3, 0.35),
    "good": (0.02, 0.03, 0.1, 0.35, 0.5),
    "very good": (0.0, 0.02, 0.03, 0.15, 0.8),
    "90 % best": (0.0, 0.0, 0.02, 0.08, 0.9),
    "95 % best": (0.0, 0.0, 0.0, 0.05, 0.95),
    "split": (0.4, 0.1, 0.0, 0.1, 0.4),
    "good, some angry": (0.1, 0.0, 0.05, 0.25, 0.6),
    "poor": (0.5, 0.3, 0.1, 0.05, 0.05),
    "middle": (0.0, 0.1, 0.8, 0.1, 0.0),
    "two ratings": (0.0, 0.0, 0.0, 0.5, 0.5),
}
Interval = Callable[[Floats, int], tuple[Floats, Floats]]


def ours(counts: Floats, raters: int) -> tuple[Floats, Floats]:
    """The engine's interval; ``counts[level, paper]``."""
    mean, variance = mean_rating(counts, LEVELS)
    width = LEVELS[-1] - LEVELS[0]
    a, b = shape_of((mean - LEVELS[0]) / width, variance / width**2)
    return LEVELS[0] + width * quantile(0.025, a, b), LEVELS[0] + width * quantile(0.975, a, b)


def normal(counts: Floats, raters: int) -> tuple[Floats, Floats]:
    """Mean plus and minus 1.96 standard errors."""
    mean = LEVELS @ counts / raters
    variance = np.maximum(LEVELS**2 @ counts / raters - mean**2, 0) / (raters - 1)
    return mean - 1.96 * np.sqrt(variance), mean + 1.96 * np.sqrt(variance)


def coverage(
    interval: Interval, raters: int, papers: int, generator: np.random.RandomState
) -> dict[str, float]:
    """The share of simulated papers whose interval holds the true mean, for each shape."""
    found = {}
    for name, shape in FAMILY.items():
        counts = generator.multinomial(raters, shape, size=papers).T.astype(float)
        found[name] = _held(interval, counts, raters, LEVELS @ np.array(shape))
    shapes = generator.dirichlet(np.ones(len(LEVELS)), size=papers)
    counts = np.array([generator.multinomial(raters, shape) for shape in shapes]).T.astype(float)
    found["drawn at random"] = _held(interval, counts, raters, shapes @ LEVELS)
    return found


def _held(interval: Interval, counts: Floats, raters: int, truth: Floats) -> float:
    lower, upper = interval(counts, raters)
    return float(np.mean((lower <= truth) & (truth <= upper)))


def main() -> int:
    parser = argparse.ArgumentParser(description="Simulate the coverage of the intervals.")
    parser.add_argument("--papers", type=int, default=4000)
    papers = parser.parse_args().papers
    sound = True
    for raters in SIZES:
        generator = np.random.RandomState(raters)
        for name, interval in (("ours", ours), ("normal", normal)):
            found = coverage(interval, raters, papers, generator)
            average, worst = float(np.mean(list(found.values()))), min(found, key=lambda shape: found[shape])
            print(f"n = {raters:3}  {name:6}  average {average:.1%}  worst {found[worst]:.1%} ({worst})")
            sound = sound and (name == "normal" or 0.93 <= average <= 0.97)
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
