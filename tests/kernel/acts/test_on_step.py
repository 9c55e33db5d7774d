"""Whose turn a step is: said in SQL, in Python and by its holders alike."""

from collections.abc import Callable

import pytest

from qingfeng.kernel.acts.access import Access
from qingfeng.kernel.acts.steps import Approval, Seat, Stage
from qingfeng.kernel.guards import OnStep, Question
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import office_key, person_key, unit_key
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast
from tests.cast import NOW, actor, unit
from tests.sheets import sheet

pytestmark = pytest.mark.django_db


def clerks(code: str = "housing") -> str:
    return unit_key("unit_clerk", unit(code).pk)


def head(code: str = "housing") -> str:
    return unit_key("unit_head", unit(code).pk)


def office() -> str:
    return office_key("supervision_office", actor("office_a").jurisdictions[0])


def laid_out(matter: Matter, *stages: Stage) -> Approval:
    steps = Approval(matter)
    steps.route(*stages)
    steps.write()
    return steps


def first_of_two(matter: Matter) -> None:
    laid_out(matter, Stage("一审", (clerks(),)), Stage("二审", (head(),)))


def second_of_two(matter: Matter) -> None:
    laid_out(matter, Stage("一审", (clerks(),)), Stage("二审", (head(),))).decide(
        actor("clerk_housing"), True, NOW
    )


def refused_beside_one_still_open(matter: Matter) -> None:
    steps = laid_out(matter, Stage("会签", (clerks(),)), Stage("会签", (office(),), beside=True))
    steps.decide(actor("clerk_housing"), False, NOW)


def one_of_two_said(matter: Matter) -> None:
    laid_out(matter, Stage("会审", (office(), head(), clerks()), need=2)).decide(actor("office_a"), True, NOW)


def said_already_and_a_seat_of_another_key_left(matter: Matter) -> None:
    steps = laid_out(matter, Stage("会审", (office(), head(), person_key(actor("office_a").person_id or 0))))
    Seat.objects.filter(step__matter=matter, holder=office()).update(
        agrees=True, person_id=actor("office_a").person_id, at=NOW
    )
    assert steps.pending()


def said_already_and_a_seat_of_the_same_key_left(matter: Matter) -> None:
    second_of_two(matter)
    step = matter.steps.get(label="一审")
    step.outcome = "open"
    step.save()
    Seat.objects.create(step=step, holder=clerks())


def stepped_aside(matter: Matter) -> None:
    laid_out(matter, Stage("会审", (office(), head()))).recuse(head())


def another_round(matter: Matter) -> None:
    first_of_two(matter)
    laid_out(matter, Stage("再审", (office(),)))


def another_round_after_a_refusal(matter: Matter) -> None:
    laid_out(matter, Stage("一审", (clerks(),))).decide(actor("clerk_housing"), False, NOW)
    laid_out(matter, Stage("再审", (clerks(),)))


def called_off(matter: Matter) -> None:
    laid_out(matter, Stage("一审", (clerks(),))).drop()


def owing_something_else_while_a_later_step_waits(matter: Matter) -> None:
    first_of_two(matter)
    Access.objects.create(matter=matter, holder=head(), act="answer")


def none(_matter: Matter) -> None:
    """No steps at all."""


COURSES = [
    first_of_two,
    second_of_two,
    refused_beside_one_still_open,
    one_of_two_said,
    said_already_and_a_seat_of_another_key_left,
    said_already_and_a_seat_of_the_same_key_left,
    stepped_aside,
    another_round,
    another_round_after_a_refusal,
    called_off,
    owing_something_else_while_a_later_step_waits,
    none,
]


def test_the_condition_finds_for_everyone_what_the_guard_decides_and_its_holders_hold() -> None:
    matters = {course.__name__: _after(course) for course in COURSES}
    actors = {name: actor(name) for name in cast.PARTS}
    guard = OnStep()
    for name, acting in actors.items():
        found = set(Problem.objects.filter(guard.condition(acting)).values_list("pk", flat=True))
        decided = {one.pk for one in matters.values() if guard.decide(Question(acting, one, NOW))}
        told = [course for course, one in matters.items() if (one.pk in found) != (one.pk in decided)]
        assert not told, (name, told)
        for course, one in matters.items():
            assert one.pk not in decided or guard.holders(one) & set(acting.keys), (name, course)
    turns = {
        (name, course)
        for name in ("clerk_housing", "head_housing", "office_a", "office_b")
        for course, one in matters.items()
        if guard.decide(Question(actors[name], one, NOW))
    }
    assert turns == {
        ("clerk_housing", "first_of_two"),
        ("clerk_housing", "one_of_two_said"),
        ("clerk_housing", "said_already_and_a_seat_of_the_same_key_left"),
        ("clerk_housing", "another_round_after_a_refusal"),
        ("clerk_housing", "owing_something_else_while_a_later_step_waits"),
        ("head_housing", "second_of_two"),
        ("head_housing", "one_of_two_said"),
        ("head_housing", "said_already_and_a_seat_of_another_key_left"),
        ("office_a", "stepped_aside"),
        ("office_a", "another_round"),
        ("office_b", "stepped_aside"),
        ("office_b", "another_round"),
    }


def _after(course: Callable[[Matter], None]) -> Matter:
    matter = sheet("found")
    course(matter)
    return matter
