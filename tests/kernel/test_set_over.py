"""Who works for a unit or is set over it is known by the person, whatever role they act in, and so is who stands in."""

from datetime import timedelta

import pytest

from qingfeng.kernel.guards import Question, SetOver
from qingfeng.kernel.people.actors import NOBODY, Actor
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.people.roles import Delegation, Portfolio, RoleHolding, set_over
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast
from tests.cast import NOW, TODAY, actor, person, unit
from tests.sheets import sheet

pytestmark = pytest.mark.django_db

GUARD = SetOver("responsible").bound(Problem)


def over(who: str | Actor, matter: Problem | None = None) -> bool:
    """Whether somebody works for the housing bureau or is set over it; asked in Python and in SQL."""
    matter = Problem.objects.get(pk=(matter or sheet("assigned")).pk)
    acting = actor(who) if isinstance(who, str) else who
    decided = bool(GUARD.decide(Question(acting, matter, NOW)))
    assert Problem.objects.filter(GUARD.condition(acting), pk=matter.pk).exists() is decided
    return decided


def held(who: str, role: Role, code: str, **days: object) -> RoleHolding:
    row = RoleHolding(person=person(who), role=role, unit=unit(code), **{"valid_from": TODAY, **days})
    row.save(by_act=True)
    return row


@pytest.mark.parametrize(
    "who",
    ["clerk_housing", "head_housing", "leader", "leader_clerk", "two_roles", "stand_in", "stand_in_clerk"],
)
def test_clerk_head_leader_in_charge_and_who_stands_in_are_in_any_of_their_roles(who: str) -> None:
    assert over(who)


@pytest.mark.parametrize(
    "who", ["office_a", "clerk_education", "head_education", "leader_b", "discipline", "cadre"]
)
def test_others_are_not(who: str) -> None:
    assert not over(who)


def test_the_head_of_a_unit_above_is_and_its_clerk_is_not() -> None:
    Unit.objects.filter(pk=unit("township").pk).update(parent=unit("education"))
    Unit.objects.filter(pk=unit("housing").pk).update(parent=unit("township"))
    assert over("head_education")
    assert over("leader_b")
    assert not over("clerk_education")


def test_a_holding_counts_from_its_first_day_to_its_last() -> None:
    held("office_a", Role.UNIT_HEAD, "housing", valid_from=TODAY + timedelta(days=1))
    held("office_b", Role.UNIT_CLERK, "housing", valid_to=TODAY - timedelta(days=1))
    assert not over("office_a")
    assert not over("office_b")
    assert unit("housing").pk in set_over({person("office_a").pk}, TODAY + timedelta(days=1))


def test_who_stands_in_for_the_head_or_the_leader_is_as_they_are() -> None:
    for name, who in (("head_housing", "office_a"), ("leader", "office_b")):
        holding = RoleHolding.objects.get(pk=actor(name).holding_id)
        Delegation(holding=holding, delegate=person(who), valid_from=TODAY).save(by_act=True)
    assert over("office_a")
    assert over("office_b")


def test_a_portfolio_that_ended_does_not_count() -> None:
    Portfolio.objects.filter(holding_id=actor("leader").holding_id).update(valid_to=TODAY - timedelta(days=1))
    assert not over("leader")


def test_nobody_and_the_system_are_set_over_nothing() -> None:
    assert not over(NOBODY)
    assert not over(cast.the_system("clock"))


def test_a_matter_without_a_unit_has_nobody_over_it() -> None:
    assert not over("two_roles", sheet("found"))
