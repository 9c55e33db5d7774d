"""A story lets one matter's acts happen, each at its moment, and none after the end."""

from collections.abc import Mapping
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from qingfeng.kernel.demonstration import Demonstration, Story
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.time.periods import begin_of
from qingfeng.mechanisms.problems.rectification.models import Problem

DAY = date(2026, 3, 2)
CLERK, HEAD = Actor(person_id=1), Actor(person_id=2)


class Told:
    """Notes what is performed; a matter gets its id with its first act."""

    end = begin_of(date(2026, 3, 4))

    def __init__(self) -> None:
        self.done: list[tuple[str, int | None, Mapping[str, Any], int | None]] = []

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        return begin_of(day).replace(hour=hour, minute=minute)

    def perform(
        self, matter: type[Matter], name: str, actor: Actor, raw: Any, _at: datetime, matter_id: int | None
    ) -> Any:
        self.done.append((name, actor.person_id, raw, matter_id))
        return SimpleNamespace(matter=SimpleNamespace(pk=matter_id or 77))


@pytest.fixture
def told() -> Told:
    return Told()


def happened(story: Story) -> list[datetime]:
    for when, _order, happen in story.events:
        happen(when)
    return [when for when, _order, _happen in story.events]


def test_each_act_moves_the_matter_that_the_first_one_opened(told: Told) -> None:
    story = Story(cast("Demonstration", told), Problem, order=4, minute=7)
    story.on(DAY, 9, CLERK, "ask", reason="探亲").then(told.at(DAY, 15), HEAD, "decide", agrees=True)
    assert happened(story) == [told.at(DAY, 9, 7), told.at(DAY, 15)]
    assert {order for _when, order, _happen in story.events} == {4}
    assert told.done == [("ask", 1, {"reason": "探亲"}, None), ("decide", 2, {"agrees": True}, 77)]


def test_what_would_come_after_the_end_is_left_out(told: Told) -> None:
    story = Story(cast("Demonstration", told), Problem).on(DAY, 9, CLERK, "ask")
    story.then(told.end, CLERK, "last").on(told.end.date(), 1, HEAD, "too_late")
    happened(story)
    assert [name for name, *_rest in told.done] == ["ask", "last"]


def test_who_and_what_may_be_known_only_when_it_happens(told: Told) -> None:
    asked: list[str] = []

    def known() -> Any:
        asked.append("known")
        return SimpleNamespace(pk=5)

    story = Story(cast("Demonstration", told), Problem, known=known)
    story.on(DAY, 9, lambda: HEAD, "see", file=lambda when: [when.hour]).on(DAY, 10, CLERK, "close")
    assert asked == []
    happened(story)
    assert told.done == [("see", 2, {"file": [9]}, 5), ("close", 1, {}, 5)]
    assert asked == ["known"]


def test_something_else_may_happen_on_the_way(told: Told) -> None:
    story = Story(cast("Demonstration", told), Problem)
    story.meanwhile(told.at(DAY, 8), lambda when: story.act(when, CLERK, "draw", act_of="丙"))
    happened(story)
    assert told.done == [("draw", 1, {"act_of": "丙"}, None)]
