"""Replay, difference and trial: who moved, by how much, through which indicator, and why."""

import pytest

from qingfeng.assessment.engine import PlainReader, assess
from qingfeng.assessment.engine.replay import difference, replay, trial
from tests.assessment.engine.support import moment
from tests.assessment.engine.worlds import World, sound_world


@pytest.fixture
def corrected() -> World:
    """One overdue rectification of unit:1 became known after the first run."""
    fact = ("work.done", "unit:1", 1, "2013-02-20", "2013-05-01T00:00:00Z")
    return sound_world().with_fact(*fact)


def test_as_known_then_and_as_known_now(corrected: World) -> None:
    reader = PlainReader(corrected.facts)
    then, now = replay(corrected.book, corrected.period, corrected.known_at, moment("2013-06-01"), reader)
    again, _ = replay(corrected.book, corrected.period, corrected.known_at, moment("2014-06-01"), reader)
    assert then["daily"].total.tolist() == again["daily"].total.tolist()
    moves = difference(then, now, "daily")
    assert [move.subject for move in moves] == ["unit:1", "unit:2"]
    assert moves[0].by == sum(each.by for each in moves[0].indicators) + moves[0].rest
    assert {each.indicator: (each.by, each.reasons) for each in moves[0].indicators} == {
        "work": (400, ("facts",))
    }
    assert moves[1].by == 0
    assert (moves[1].rank_before, moves[1].rank_after) == (1, 2)


def test_a_leader_moves_with_the_linked_unit(corrected: World) -> None:
    reader = PlainReader(corrected.facts)
    then, now = replay(corrected.book, corrected.period, corrected.known_at, moment("2013-06-01"), reader)
    (leader, *_) = difference(then, now, "leaders")
    assert leader.subject == "person:1"
    assert [each.reasons for each in leader.indicators] == [("linked_scores",)]


def test_a_trial_says_who_moves_through_which_indicator() -> None:
    world = sound_world()
    changed = sound_world(
        ("weight: 40", "weight: 45"), ("weight: 10\n", "weight: 5\n"), ("cap: 10\n", "cap: 5\n")
    )
    moves = trial(
        world.book, changed.book, [world.period], world.known_at, PlainReader(world.facts), "daily"
    )[world.period]
    assert {move.subject for move in moves} == {"unit:1", "unit:2"}
    assert {each.indicator: (each.by, each.reasons) for each in moves[0].indicators} == {
        "work": (400, ("weight",)),
        "rectification": (-500, ("parameters", "weight")),
    }
    assert moves[0].by == -100


def test_nothing_moves_between_equal_runs() -> None:
    world = sound_world()
    outcomes = [
        assess([world.book], world.period, world.known_at, PlainReader(world.facts))["321311"]
        for _ in range(2)
    ]
    assert difference(*outcomes, "daily") == []
