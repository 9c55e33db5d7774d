"""A role is granted by two people, delegated by its holder, ended by one; the register follows."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from qingfeng.kernel.acts.engine import StoredAct, perform
from qingfeng.kernel.people.roles import Delegation, RoleHolding, holdings_of
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred
from tests import cast
from tests.cast import NOW, TODAY, actor, do

pytestmark = pytest.mark.django_db


def granted(who: str = "cadre", since: str = "2026-03-10", **more: Any) -> StoredAct:
    raw = {"person": cast.person(who).pk, "role": "finance", "unit": cast.unit("finance").pk}
    proposed = do("appointment.propose", "system_administrator", **raw)
    return do("appointment.grant", "security_administrator", proposed.matter, since=since)


def holding(done: StoredAct) -> RoleHolding:
    return RoleHolding.objects.get(pk=done.matter.holding_id)  # type: ignore[attr-defined]


def test_a_granted_role_is_a_holding_named_by_its_appointment() -> None:
    held = holding(granted())
    assert (held.person, held.role, held.valid_from, held.valid_to) == (
        cast.person("cadre"),
        "finance",
        date(2026, 3, 10),
        None,
    )
    assert held in holdings_of(cast.person("cadre"), TODAY)


def test_nobody_grants_a_role_to_the_one_they_stand_in_for() -> None:
    raw = {"person": cast.person("cadre").pk, "role": "finance", "unit": cast.unit("finance").pk}
    proposed = do("appointment.propose", "system_administrator", **raw)
    security = actor("security_administrator")
    standing_in = replace(security, instead_of=cast.person("cadre").pk)
    grant = cast.act("appointment.grant")
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        perform(grant, standing_in, {"since": "2026-03-10"}, NOW, matter_id=proposed.matter.pk)
    assert perform(grant, security, {"since": "2026-03-10"}, NOW, matter_id=proposed.matter.pk)


def test_a_role_granted_from_a_later_day_is_not_held_before_it() -> None:
    held = holding(granted(since="2026-04-01"))
    assert held not in holdings_of(cast.person("cadre"), date(2026, 3, 31))
    assert held in holdings_of(cast.person("cadre"), date(2026, 4, 1))


def test_an_ended_role_is_held_to_the_end_of_its_last_day() -> None:
    done = granted()
    do("appointment.end", "system_administrator", done.matter, last_day="2026-06-30")
    assert holding(done) in holdings_of(cast.person("cadre"), date(2026, 6, 30))
    assert holding(done) not in holdings_of(cast.person("cadre"), date(2026, 7, 1))


def test_a_delegation_lasts_from_its_first_day_to_its_last() -> None:
    done = granted()
    raw = {"delegate": cast.person("finance").pk, "since": "2026-04-01", "until": "2026-04-10"}
    do("appointment.delegate", "cadre", done.matter, **raw)
    stands_in = cast.person("finance")
    days = [date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 10), date(2026, 4, 11)]
    assert [holding(done) in holdings_of(stands_in, day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("delegate", "since", "until"),
    [("cadre", "2026-04-01", "2026-04-10"), ("finance", "2026-04-10", "2026-04-01")],
)
def test_a_delegation_to_oneself_or_backward_is_refused_and_leaves_none(
    delegate: str, since: str, until: str
) -> None:
    done = granted()
    before, who = Delegation.objects.count(), cast.person(delegate).pk
    with pytest.raises(Barred) as refusal:
        do("appointment.delegate", "cadre", done.matter, delegate=who, since=since, until=until)
    assert refusal.value.remedy
    assert Delegation.objects.count() == before


def test_who_stands_in_no_longer_acts_once_the_delegation_is_over() -> None:
    assert actor("stand_in_clerk", NOW)
    with pytest.raises(Barred, match="您目前不任该角色"):
        actor("stand_in_clerk", NOW + timedelta(days=300))


def test_an_administrator_reads_an_appointment_of_their_own_made_in_another_jurisdiction() -> None:
    raw = {
        "person": cast.person("linan_system_administrator").pk,
        "role": "cadre",
        "unit": cast.unit("finance", cast.CITY).pk,
    }
    matter = do("appointment.propose", "city_system_administrator", **raw).matter
    own = actor("linan_system_administrator")
    assert reads.one(own, "appointment", matter.pk).pk == matter.pk
    assert matter.pk in {row.pk for row in reads.listing(own, "appointment").rows}
    assert matter.pk in {row.pk for row in reads.searched(own, matter.number).rows}
