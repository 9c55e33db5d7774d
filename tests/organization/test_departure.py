"""Whoever leaves loses every role, post and link in one act, and nothing that waited on them is left to nobody."""

from datetime import date, timedelta
from typing import Any

import pytest

from qingfeng.kernel.acts.steps import Seat, Step
from qingfeng.kernel.background import worker
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import person_key
from qingfeng.kernel.people.models import Account, Person
from qingfeng.kernel.people.roles import Delegation, Portfolio, RoleHolding, holdings_of
from qingfeng.kernel.refusals import Barred
from qingfeng.organization.appointment import unentered
from qingfeng.organization.bodies import BodySeat
from qingfeng.organization.leader_links import LinkedUnit
from qingfeng.organization.models import Appointment, PortfolioGrant
from qingfeng.organization.posts import Post, PostHolding
from tests import cast
from tests.cast import NOW, TODAY, account, actor, do, person, unit
from tests.leaves import answered, at, away
from tests.mechanisms.problems.problem_lists import lists
from tests.sheets import sheet

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


def leave(who: str, by: str = "system_administrator", **more: Any) -> Matter:
    return do("departures.enter", by, person=person(who).pk, reason="调离", **more).matter


def lasting(who: Person, on: date) -> list[RoleHolding]:
    return holdings_of(who, on)


def test_leaving_at_once_ends_every_role_and_closes_the_account() -> None:
    who = person("leader")
    _second_leader("housing", "centre")
    matter = leave("leader", successor=person("leader_b").pk)
    assert matter.state == "left"
    assert lasting(who, TODAY) == []
    assert not account("leader").is_active
    assert not Portfolio.objects.filter(holding__person=who).exclude(valid_to__lte=YESTERDAY).exists()
    assert set(Appointment.objects.filter(person=who).values_list("state", flat=True)) == {"ended"}
    assert set(PortfolioGrant.objects.filter(person=who).values_list("state", flat=True)) == {"ended"}
    assert list(verify()) == []


def _second_leader(*codes: str) -> None:
    """Put the other leader in charge too, so that nothing waits on nobody."""
    for code in codes:
        held = RoleHolding.objects.get(person=person("leader_b"), role="leader")
        if not held.portfolio.filter(unit__code=code).exists():
            raw = {"person": person("leader_b").pk, "unit": unit(code).pk}
            proposed = do("portfolio.propose", "system_administrator", **raw)
            do("portfolio.grant", "security_administrator", proposed.matter, since="2026-03-01")


def test_a_last_day_to_come_keeps_roles_to_its_midnight_and_the_worker_closes_the_account() -> None:
    matter = leave("cadre", last_day="2026-03-12")
    assert matter.state == "leaving"
    assert lasting(person("cadre"), date(2026, 3, 12))
    assert lasting(person("cadre"), date(2026, 3, 13)) == []
    assert worker.run_out(NOW + timedelta(days=2)) == 0
    assert account("cadre").is_active
    worker.run_out(NOW + timedelta(days=3))
    assert not account("cadre").is_active


def test_posts_links_seats_and_what_they_stand_in_for_end_too() -> None:
    who = person("stand_in")
    post = Post(unit=unit("township"), title="科员", valid_from=date(2026, 2, 1))
    for row in (
        post,
        PostHolding(post=post, person=who, valid_from=post.valid_from),
        LinkedUnit(person=who, unit=unit("township"), valid_from=post.valid_from),
    ):
        row.save(by_act=True)
    body = do(
        "bodies.set_up",
        "department_a",
        title="防汛领导小组",
        purpose="防汛",
        basis="清办〔2026〕3号",
        office=unit("township").pk,
        unit=unit("township").pk,
        since="2026-03-01",
        seats=[{"capacity": "head", "person": who.pk}],
    ).matter
    leave("stand_in", "security_administrator")
    ended = [
        *PostHolding.objects.filter(person=who),
        *LinkedUnit.objects.filter(person=who),
        *BodySeat.objects.filter(body=body.pk),
        *Delegation.objects.filter(delegate=who),
    ]
    assert len(ended) == 4
    assert {row.valid_to for row in ended} == {YESTERDAY}


def test_a_sheet_they_answer_for_passes_to_who_takes_over() -> None:
    found = sheet("rectifying")
    leave("cadre", successor=person("clerk_housing").pk)
    found.refresh_from_db()
    assert found.rectifier == person("clerk_housing")


def test_where_nobody_is_named_it_passes_to_who_serves_in_the_same_unit() -> None:
    found = sheet("rectifying")
    leave("cadre")
    found.refresh_from_db()
    heir = found.rectifier
    assert heir is not None
    assert heir.holdings.filter(unit=unit("housing")).exists()
    assert heir != person("cadre")


def test_a_problem_on_an_own_list_passes_on_and_those_of_others_stay() -> None:
    own = lists.drawn_up(lists.row("cadre"), lists.row("head_housing"))
    leave("cadre", successor=person("clerk_housing_b").pk)
    now = own.items.order_by("number").values_list("person", flat=True)  # type: ignore[attr-defined]
    assert list(now) == [person("clerk_housing_b").pk, person("head_housing").pk]


def test_a_step_that_waits_on_them_in_person_passes_on() -> None:
    found = sheet("signed")
    step = Step.objects.create(matter=found, round=1, order=1, label="会签", need=1)
    seat = Seat.objects.create(step=step, holder=person_key(person("cadre").pk))
    leave("cadre", successor=person("clerk_housing").pk)
    seat.refresh_from_db()
    assert seat.holder == person_key(person("clerk_housing").pk)


@pytest.mark.parametrize("successor", ["finance", "cadre"])
def test_who_takes_over_serves_in_a_unit_of_theirs(successor: str) -> None:
    with pytest.raises(Barred, match="其不在有关单位任职"):
        leave("cadre", successor=person(successor).pk)
    assert account("cadre").is_active


def test_the_last_holder_of_a_role_stays_while_open_matters_wait_on_it() -> None:
    sheet("assigned", unit="township")
    for ending in (leave, _end_the_role):
        with pytest.raises(Barred) as refusal:
            ending("clerk_township")
        assert "账号" in str(refusal.value.remedy)
    assert lasting(person("clerk_township"), TODAY)
    raw = {"person": person("stand_in").pk, "role": "unit_clerk", "unit": unit("township").pk}
    proposed = do("appointment.propose", "system_administrator", **raw).matter
    do("appointment.grant", "security_administrator", proposed, since=TODAY.isoformat())
    leave("clerk_township")
    assert lasting(person("clerk_township"), TODAY) == []


def _end_the_role(who: str) -> None:
    do("appointment.end", "system_administrator", _appointment(who, "unit_clerk"))


def test_one_of_several_holders_leaves_and_the_others_go_on() -> None:
    sheet("assigned")
    leave("clerk_housing")
    assert lasting(person("clerk_housing"), TODAY) == []


def test_nobody_enters_their_own_departure() -> None:
    with pytest.raises(Barred, match="不能登记本人离任"):
        leave("system_administrator")


@pytest.mark.parametrize("day", ["2026-03-09", "2026-01-01"])
def test_a_last_day_that_is_over_is_refused(day: str) -> None:
    with pytest.raises(Barred, match="结束日期早于起始日"):
        leave("cadre", last_day=day)


def test_who_takes_over_may_be_named_until_the_last_day() -> None:
    matter = leave("cadre", last_day="2026-03-12")
    do("departures.succeed", "security_administrator", matter, successor=person("clerk_housing_b").pk)
    found = sheet("rectifying")
    worker.run_out(NOW + timedelta(days=3))
    found.refresh_from_db()
    assert found.rectifier == person("clerk_housing_b")


def test_every_role_of_founding_has_an_appointment_and_entering_again_finds_none() -> None:
    assert Appointment.objects.filter(holding__person=person("finance")).count() == 2
    assert not unentered().exists()


def _appointment(who: str, role: str) -> Matter:
    found: Matter = Appointment.objects.get(person=person(who), role=role, state="standing")
    return found


def test_a_role_from_a_list_is_lent_withdrawn_and_ended() -> None:
    role = _appointment("clerk_township", "unit_clerk")
    raw = {"delegate": person("stand_in").pk, "since": "2026-03-01", "until": "2026-05-01"}
    do("appointment.delegate", "clerk_township", role, **raw)
    held = RoleHolding.objects.get(pk=role.holding_id)  # type: ignore[attr-defined]
    assert held in lasting(person("stand_in"), TODAY)
    do("appointment.recall", "clerk_township", role)
    assert held not in lasting(person("stand_in"), TODAY)
    with pytest.raises(Barred, match="此项任职目前无人代理"):
        do("appointment.recall", "clerk_township", role)
    do("appointment.end", "security_administrator", role)
    assert held not in lasting(person("clerk_township"), TODAY)


def test_a_role_ended_today_says_that_it_lasts_to_midnight_and_without_a_day_ends_at_once() -> None:
    role = _appointment("finance", "finance")
    last_day = next(one for one in cast.act("appointment.end").inputs.fields if one.name == "last_day")
    assert "24" in str(last_day.label)
    do("appointment.end", "system_administrator", role, last_day=TODAY.isoformat())
    held = RoleHolding.objects.get(pk=role.holding_id)  # type: ignore[attr-defined]
    assert held in lasting(person("finance"), TODAY)
    assert held not in lasting(person("finance"), TODAY + timedelta(days=1))


def test_a_last_day_before_the_first_is_refused() -> None:
    with pytest.raises(Barred, match="结束日期早于起始日"):
        do(
            "appointment.end",
            "system_administrator",
            _appointment("finance", "finance"),
            last_day="2026-01-04",
        )


def test_an_erased_person_has_no_account_name_address_role_or_way_in() -> None:
    who, pk = person("finance"), account("finance").pk
    request = do("erasure.request", "security_administrator", person=who.pk, basis="本人申请").matter
    do("erasure.erase", "security_administrator_b", request)
    gone = Account.objects.get(pk=pk)
    assert (gone.is_active, gone.email, gone.has_usable_password()) == (False, "", False)
    assert "finance" not in gone.username
    assert lasting(who, TODAY) == []
    assert set(Appointment.objects.filter(person=who).values_list("state", flat=True)) == {"ended"}
    with pytest.raises(Account.DoesNotExist, match="Account matching query"):
        Account.objects.get_by_natural_key("finance")
    assert list(verify()) == []


def test_who_still_answers_for_something_is_not_erased_before_it_is_handed_over() -> None:
    found = sheet("rectifying")
    request = do("erasure.request", "security_administrator", person=person("cadre").pk, basis="申请").matter
    with pytest.raises(Barred, match="尚有 1 件在办事项由其本人负责"):
        do("erasure.erase", "security_administrator_b", request)
    assert person("cadre").name
    leave("cadre", successor=person("clerk_housing").pk)
    do("erasure.erase", "security_administrator_b", request)
    found.refresh_from_db()
    assert found.rectifier == person("clerk_housing")


def test_with_a_closed_account_nobody_stands_in_for_its_owner_even_once_it_is_opened_again() -> None:
    who = person("two_roles")
    assert actor("stand_in_clerk")
    for wanted in ("close", "open"):
        asked = do("accounts.ask", "system_administrator", person=who.pk, wanted=wanted, reason="停职").matter
        do("accounts.carry_out", "security_administrator", asked)
        with pytest.raises(Barred, match="您目前不任该角色"):
            actor("stand_in_clerk")


def test_a_stand_in_who_was_withdrawn_does_not_come_back_with_more_leave() -> None:
    thursday = at("2026-03-12 09:00")
    on_leave = away(stand_in=person("clerk_housing_b").pk)
    answered(on_leave, "clerk_housing_b", at("2026-03-11 09:00"))
    do("appointment.recall", "cadre", _appointment("cadre", "cadre"), at=thursday)
    row = Delegation.objects.get(delegate=person("clerk_housing_b"))
    assert row.valid_to == date(2026, 3, 11)
    more = {"more_day": "2026-03-13", "more_half": "pm", "reason": "未办完。"}
    do("leave.extend", "cadre", on_leave, at=thursday, **more)
    do("leave.decide_more", "head_housing", on_leave, at=thursday, agrees=True)
    row.refresh_from_db()
    assert row.valid_to == date(2026, 3, 11)


def test_no_role_is_granted_to_somebody_whose_account_is_closed() -> None:
    raw = {"person": person("cadre").pk, "role": "unit_clerk", "unit": unit("finance").pk}
    proposed = do("appointment.propose", "system_administrator", **raw).matter
    leave("cadre")
    with pytest.raises(Barred, match="其账号已停用"):
        do("appointment.grant", "security_administrator", proposed, since="2026-03-11")
