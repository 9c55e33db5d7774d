"""Intervals, rank chances, and what the scheme says of small numbers."""

import numpy as np
import pytest

from bench.engine.coverage import SIZES, coverage, ours
from qingfeng.assessment.engine import PlainReader, assess
from qingfeng.assessment.engine.uncertainty import uncertainty
from qingfeng.assessment.engine.uncertainty.beta import quantile, shape_of
from tests.assessment.engine.test_golden_runs import WORLD
from tests.assessment.engine.worlds import World, sound_world


@pytest.mark.parametrize("raters", SIZES)
def test_coverage_over_the_family_is_93_to_97_per_cent(raters: int) -> None:
    found = coverage(ours, raters, 1000, np.random.RandomState(raters))
    assert 0.93 <= np.mean(list(found.values())) <= 0.97
    assert min(found.values()) > 0.85


def test_five_equal_ballots_are_not_certain() -> None:
    world = sound_world(("amount: 80, times: 5", "amount: 100, times: 5"))
    scores = assess([world.book], world.period, world.known_at, PlainReader(world.facts))["321311"]["daily"]
    found = uncertainty(scores)
    assert (found.lower < scores.total).all()
    assert (found.upper == scores.total).all()


def test_more_ballots_give_narrower_intervals() -> None:
    widths = []
    for times in (5, 50, 500):
        world = mixed(times)
        scores = assess([world.book], world.period, world.known_at, PlainReader(world.facts))["321311"][
            "daily"
        ]
        found = uncertainty(scores)
        assert (found.lower <= scores.total).all()
        assert (found.upper >= scores.total).all()
        widths.append(int((found.upper - found.lower).max()))
    assert widths[0] > 2 * widths[1] > 4 * widths[2] > 0


def mixed(times: int) -> World:
    like = f"amount: 80, times: {times}, on: 2013-03-31}}\n"
    more = (
        f'  - {{fact: ballot.staff, for: ["unit:1", "unit:2"], amount: 60, times: {times}, on: 2013-03-31}}'
    )
    return sound_world(("amount: 80, times: 5, on: 2013-03-31}\n", like + more))


def test_two_alike_are_last_with_even_chances() -> None:
    world = mixed(20)
    scores = assess([world.book], world.period, world.known_at, PlainReader(world.facts))["321311"]["daily"]
    found = uncertainty(scores)
    assert found.last[1].sum() == pytest.approx(1)
    assert found.last[1].tolist() == pytest.approx([0.5, 0.5], abs=0.06)
    assert found.last[2].tolist() == [1, 1]
    assert found.rank_lower.tolist() == [1, 1]
    assert found.rank_upper.tolist() == [2, 2]


def test_the_same_run_gives_the_same_chances() -> None:
    first, second = (
        uncertainty(
            assess([WORLD.book], WORLD.period, WORLD.known_at, PlainReader(WORLD.facts()))["1"]["golden"]
        )
        for _ in range(2)
    )
    assert first.seed == second.seed
    assert first.chances == second.chances
    assert first.lower.tolist() == second.lower.tolist()


def test_what_is_certain_has_no_interval() -> None:
    outcome = assess([WORLD.book], WORLD.period, WORLD.known_at, PlainReader(WORLD.facts()))["1"]
    above = outcome["above"]
    found = uncertainty(above)
    assert found.lower.tolist() == found.upper.tolist() == above.total.tolist()


def test_a_composite_is_as_uncertain_as_what_it_takes() -> None:
    outcome = assess([WORLD.book], WORLD.period, WORLD.known_at, PlainReader(WORLD.facts()))["1"]
    found = uncertainty(outcome["above"], outcome.schemes)
    below = uncertainty(outcome["golden"])
    at, of = outcome["above"].at("unit:1"), outcome["golden"].at("unit:1")
    # The composite is all that unit:1 has there: 50 marks to one place for 100 to two.
    width, wider = int((found.upper - found.lower)[at]), int((below.upper - below.lower)[of])
    assert abs(width - wider / 20) <= 2
    assert found.chances["person:2", 1] > found.chances["person:1", 1]


def test_a_veto_bounds_the_interval() -> None:
    outcome = assess([WORLD.book], WORLD.period, WORLD.known_at, PlainReader(WORLD.facts()))["1"]
    at = outcome["golden"].at("unit:3")
    assert uncertainty(outcome["golden"]).upper[at] == 5999


def test_a_rate_of_a_sample_is_uncertain_where_the_scheme_says_so() -> None:
    value = "value: {growth: {sum: work.done}}"
    rate = "random: sample\n        value: {rate: {of: {count: work.done}, in: {count: ballot.staff}}}"
    steps = ("{at: 10, points: 20}", "{at: 40, points: 20}")
    world = sound_world((value, rate), steps)
    certain = sound_world((value, rate.replace("random: sample\n        ", "")), steps)
    widths = []
    for each in (world, certain):
        scores = assess([each.book], each.period, each.known_at, PlainReader(each.facts))["321311"]["daily"]
        found = uncertainty(scores)
        widths.append(int((found.upper - found.lower)[0]))
    assert widths[0] > widths[1]


@pytest.mark.parametrize(
    ("probability", "a", "b", "expected"),
    [
        (0.5, 1.0, 1.0, 0.5),
        (0.025, 2.0, 2.0, 0.09429932),
        (0.975, 0.5, 0.5, 0.99845866),
        (0.5, 3.0, 1.0, 0.79370053),
        (0.95, 1.0, 9.0, 0.28312955),
    ],
)
def test_quantiles_of_the_beta_distribution(probability: float, a: float, b: float, expected: float) -> None:
    assert quantile(probability, np.array([a]), np.array([b]))[0] == pytest.approx(expected, abs=2e-6)


def test_moments_give_back_the_shape() -> None:
    a, b = np.array([2.0]), np.array([5.0])
    mean = a / (a + b)
    found = shape_of(mean, mean * (1 - mean) / (a + b + 1))
    assert found[0][0] == pytest.approx(2)
    assert found[1][0] == pytest.approx(5)
