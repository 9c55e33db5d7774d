"""Few cases, ballots or units: refused, unranked or set aside as the scheme says, never ranked in silence."""

import pytest

from qingfeng.assessment.engine import PlainReader, assess
from qingfeng.assessment.engine.scoring import SchemeScores, Standing, Status
from tests.assessment.engine.worlds import World, sound_world


def daily(world: World) -> SchemeScores:
    return assess([world.book], world.period, world.known_at, PlainReader(world.facts))["321311"]["daily"]


@pytest.mark.parametrize(("minimum", "standing"), [(1, Standing.RANKED), (2, Standing.FEW_BALLOTS)])
def test_fewer_cases_than_the_minimum_are_not_ranked(minimum: int, standing: Standing) -> None:
    cases = f"best: high\n        cases: {{of: work.done, minimum: {minimum}, below: unranked}}\n"
    scores = daily(sound_world(("best: high\n", cases)))
    assert scores.standing.tolist() == [standing, standing]


@pytest.mark.parametrize(("minimum", "total"), [(1, 8600), (2, 9000)])
def test_fewer_cases_than_the_minimum_are_set_aside(minimum: int, total: int) -> None:
    cases = f"best: high\n        cases: {{of: work.done, minimum: {minimum}, below: set_aside}}\n"
    scores = daily(sound_world(("best: high\n", cases)))
    status = Status.SCORED if minimum == 1 else Status.MISSING_ASIDE
    assert scores.indicators[0].status.tolist() == [status, status]
    # Work 32 of 40, pace 20 of 20 (14 % growth), rectification 10 of 10, voice 24 of 30.
    assert scores.total.tolist() == [total, total]


@pytest.mark.parametrize(("times", "standing"), [(5, Standing.RANKED), (4, Standing.MISSING)])
def test_too_few_ballots_to_count_are_not_ranked(times: int, standing: Standing) -> None:
    world = sound_world(
        (
            "below_minimum: refuse\n        missing: refuse",
            "below_minimum: unranked\n        missing: unranked",
        ),
        ("times: 5", f"times: {times}"),
    )
    assert daily(world).standing.tolist() == [standing, standing]


def test_a_group_below_its_minimum_is_scored_but_not_ranked() -> None:
    scores = daily(sound_world(("en: Towns}, minimum: 2", "en: Towns}, minimum: 3")))
    assert scores.standing.tolist() == [Standing.SMALL_GROUP, Standing.SMALL_GROUP]
    assert scores.ranking.rank.tolist() == [0, 0]
    assert (scores.total > 0).all()
