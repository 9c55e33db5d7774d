"""A leader is put in charge of a unit by two people and relieved by two; a merger hands the unit on."""

from datetime import date
from typing import Any

import pytest

from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import unit_key
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.people.roles import Portfolio, RoleHolding, holdings_of
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.organization.portfolio import PortfolioGrant
from tests import cast
from tests.cast import NOW, TODAY, actor, do, unit

pytestmark = pytest.mark.django_db


def proposed(who: str = "leader", code: str = "finance", **more: Any) -> Matter:
    raw = {"person": cast.person(who).pk, "unit": unit(code).pk, **more}
    return do("portfolio.propose", "system_administrator", **raw).matter


def granted(who: str = "leader", code: str = "finance", since: str = "2026-03-10") -> Matter:
    return do("portfolio.grant", "security_administrator", proposed(who, code), since=since).matter


def merged(predecessor: str, successor: str, on: str = "2026-03-10") -> Matter:
    units = {"predecessor": unit(predecessor).pk, "successor": unit(successor).pk}
    prepared = do("reorganization.prepare", "department_a", **units, on=on)
    return do("reorganization.carry_out", "department_b", prepared.matter).matter


def test_a_granted_portfolio_is_answered_for_from_its_day() -> None:
    granted()
    assert unit("finance").pk in actor("leader").units
    assert unit_key(Role.LEADER, unit("finance").pk) in actor("leader").keys
    granted(code="township", since="2026-03-11")
    assert unit("township").pk not in actor("leader").units


def test_it_ends_with_the_day_that_one_proposed_and_another_confirmed() -> None:
    matter = granted()
    do("portfolio.propose_end", "system_administrator", matter, last_day="2026-06-30")
    row = Portfolio.objects.get(unit=unit("finance"))
    assert row.valid_to is None
    do("portfolio.end", "security_administrator", matter)
    assert Portfolio.objects.get(pk=row.pk).valid_to == date(2026, 6, 30)


def test_an_end_that_is_refused_leaves_it_standing() -> None:
    matter = granted()
    do("portfolio.propose_end", "system_administrator", matter, last_day="2026-06-30")
    kept = do("portfolio.keep", "security_administrator", matter, reason="分工未作调整。").matter
    assert (kept.state, PortfolioGrant.objects.get(pk=kept.pk).last_day) == ("standing", None)
    assert Portfolio.objects.get(unit=unit("finance")).valid_to is None


@pytest.mark.parametrize(
    "raw",
    [{"who": "clerk_housing"}, {"code": "leaders"}, {"who": "city_leader"}],
    ids=["who is no leader", "their own unit", "a leader elsewhere"],
)
def test_what_can_not_be_a_portfolio_is_refused(raw: dict[str, str]) -> None:
    before = Portfolio.objects.count()
    with pytest.raises((Barred, Invalid), match=r"不是该处的分管领导|就在该单位任职|需要修改"):
        proposed(**raw)
    assert Portfolio.objects.count() == before


def test_a_leader_in_two_units_needs_the_unit_to_be_named() -> None:
    raw = {"person": cast.person("leader").pk, "role": "leader", "unit": unit("office").pk}
    second = do("appointment.propose", "system_administrator", **raw).matter
    do("appointment.grant", "security_administrator", second, since="2026-03-10")
    with pytest.raises(Barred, match="此人今日不是该处的分管领导"):
        proposed()
    matter = proposed(post=unit("office").pk)
    assert PortfolioGrant.objects.get(pk=matter.pk).holding.unit == unit("office")


def test_the_same_unit_is_not_granted_twice() -> None:
    twice = proposed()
    granted()
    with pytest.raises(Barred, match="此人当日不任分管领导"):
        do("portfolio.grant", "security_administrator", twice, since="2026-04-01")


def test_an_end_before_the_beginning_is_refused() -> None:
    with pytest.raises(Barred, match="结束日期早于起始日"):
        do("portfolio.propose_end", "system_administrator", granted(), last_day="2026-03-09")


def test_who_stands_in_for_a_leader_is_in_charge_too() -> None:
    raw = {"person": cast.person("cadre").pk, "role": "leader", "unit": unit("leaders").pk}
    appointment = do("appointment.propose", "system_administrator", **raw).matter
    do("appointment.grant", "security_administrator", appointment, since="2026-03-10")
    granted(who="cadre")
    away = {"delegate": cast.person("finance").pk, "since": "2026-03-10", "until": "2026-03-20"}
    do("appointment.delegate", "cadre", appointment, **away)
    (stood_in,) = (one for one in holdings_of(cast.person("finance"), TODAY) if one.role == "leader")
    assert [covered.unit for covered in stood_in.covers] == [unit("finance")]


def test_a_merger_hands_the_unit_on_and_says_so_beforehand() -> None:
    units = {"predecessor": unit("housing").pk, "successor": unit("township").pk}
    prepared = do("reorganization.prepare", "department_a", **units, on="2026-03-10").matter
    assert "党政办" in str(
        reads.page(actor("department_a"), "reorganization", prepared.pk, "moves", NOW).context
    )
    do("reorganization.carry_out", "department_b", prepared)
    assert actor("leader").units == (unit("leaders").pk, unit("centre").pk, unit("township").pk)
    old = Portfolio.objects.get(unit=unit("housing"))
    assert old.valid_to == date(2026, 3, 9)
    seal_all(NOW, signer())
    assert list(verify()) == []


def test_what_followed_a_merger_is_ended_by_its_own_grant() -> None:
    matter = granted(code="housing", who="leader_b")
    merged("housing", "finance")
    do("portfolio.propose_end", "system_administrator", matter, last_day="2026-06-30")
    do("portfolio.end", "security_administrator", matter)
    held = Portfolio.objects.get(unit=unit("finance"), holding_id=actor("leader_b").holding_id)
    assert held.valid_to == date(2026, 6, 30)


def test_two_grants_that_a_merger_made_one_unit_of_end_one_by_one() -> None:
    first, second = granted(code="finance"), granted(code="township")
    merged("finance", "township")
    for matter, left in ((first, True), (second, False)):
        do("portfolio.propose_end", "system_administrator", matter, last_day="2026-03-10")
        do("portfolio.end", "security_administrator", matter)
        assert (
            Portfolio.objects.filter(
                unit=unit("township"), holding_id=actor("leader").holding_id, valid_to=None
            ).exists()
            is left
        )


def test_a_role_that_was_to_end_later_ends_with_its_unit() -> None:
    held = actor("clerk_housing").holding_id
    RoleHolding.objects.filter(pk=held).update(valid_to=date(2026, 12, 31))
    merged("housing", "education")
    assert RoleHolding.objects.get(pk=held).valid_to == date(2026, 3, 9)
