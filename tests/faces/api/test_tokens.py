"""A token opens what its one role may see, from the day it is issued until it ends, and the journal says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured

from qingfeng.faces.api import tokens
from qingfeng.faces.api.models import Token
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.record.journal import JournalEntry
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.kernel.time.timekeeper import FixedTime
from tests import cast
from tests.faces.api.conftest import Program, assign, secret

pytestmark = pytest.mark.django_db


def said(kind: str) -> list[Any]:
    return [json.loads(line.body)["about"] for line in JournalEntry.objects.filter(kind=kind).order_by("seq")]


def test_it_says_whom_it_acts_for(clerk: Program) -> None:
    me = clerk.get("/me").json()
    assert (me["account"], me["role"]["code"], me["unit"]["name"]) == (
        "clerk_housing",
        "unit_clerk",
        "住建局",
    )


def test_it_says_which_units_a_leader_is_in_charge_of(
    clerk: Program, programs: Callable[[str], Program]
) -> None:
    me = programs("leader").get("/me").json()
    assert [unit["name"] for unit in me["portfolio"]] == ["信息中心", "住建局"]
    assert clerk.get("/me").json()["portfolio"] == []


def test_only_a_hash_of_its_secret_is_kept(clock: FixedTime) -> None:
    token, shown = secret("clerk_housing", clock)
    assert shown.startswith("qf_")
    assert not any(shown in str(value) for value in vars(token).values())


def test_it_acts_in_its_role_and_not_in_the_persons_others(
    programs: Callable[[str], Program], problem: str, office: Program
) -> None:
    as_office, as_clerk = programs("two_roles"), programs("two_roles_clerk")
    assert as_office.get(problem).status_code == 200
    assert as_clerk.get(problem).status_code == 404
    assign(office, problem)
    assert as_office.post(f"{problem}/sign").status_code == 403
    assert as_clerk.post(f"{problem}/sign").status_code == 200


def test_it_sees_nothing_of_another_unit(clerk: Program, stranger: Program, assigned: str) -> None:
    for address in ("/rectification", "/inbox", "/search?q=窗口", "/notices"):
        assert len(clerk.get(address).json()["rows"]) == 1
        assert stranger.get(address).json() == {"rows": [], "next": None}


def test_revoked_it_opens_nothing(clock: FixedTime) -> None:
    token, shown = secret("clerk_housing", clock)
    program = Program(shown)
    assert program.get("/me").status_code == 200
    tokens.revoke(token, clock.now(), cast.the_system("command_line"))
    refused = program.get("/me")
    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    assert refused.json()["error"]["code"] == "unauthenticated"


def test_on_its_last_day_it_ends(clock: FixedTime) -> None:
    program = Program(secret("clerk_housing", clock, days=2)[1])
    clock.advance(timedelta(days=2) - timedelta(seconds=1))
    assert program.get("/me").status_code == 200
    clock.advance(timedelta(seconds=1))
    assert program.get("/me").status_code == 401


def test_when_its_role_ends_it_is_barred_with_the_reason(clock: FixedTime) -> None:
    program = Program(secret("clerk_housing", clock)[1])
    assert program.get("/me").status_code == 200
    RoleHolding.objects.filter(pk=cast.actor("clerk_housing").holding_id).update(valid_to=cast.TODAY)
    clock.advance(timedelta(days=1))
    refused = program.get("/me")
    assert refused.status_code == 403
    assert refused.json()["error"]["code"] == "barred"


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer qf_made-up", "Basic b2ZmaWNlOnNlY3JldA=="]
)
def test_without_one_there_is_no_way_in(nobody: Program, header: str) -> None:
    refused = nobody.get("/rectification", headers={"Authorization": header} if header else {})
    assert refused.status_code == 401


def test_issue_use_and_revocation_stand_in_the_journal(clock: FixedTime) -> None:
    before = len(said("sign_in"))
    token, shown = secret("clerk_housing", clock)
    program = Program(shown)
    program.get("/me")
    program.get("/me")
    clock.advance(timedelta(days=1))
    program.get("/me")
    tokens.revoke(token, clock.now(), cast.the_system("command_line"))
    tokens.revoke(token, clock.now(), cast.the_system("command_line"))
    assert [about["event"] for about in said("sign_in")[before:]] == ["issued", "used", "used", "revoked"]
    token.refresh_from_db()
    assert token.last_used_on == cast.TODAY + timedelta(days=1)


def test_a_dead_one_that_is_tried_stands_in_the_journal(clock: FixedTime) -> None:
    token, shown = secret("clerk_housing", clock)
    tokens.revoke(token, clock.now(), cast.the_system("command_line"))
    Program(shown).get("/me")
    assert said("refusal")[-1] == {"token": token.pk, "refused": "unauthenticated"}


@pytest.mark.parametrize("days", [0, -1, configured.TOKEN_DAYS + 1])
def test_it_lasts_no_longer_than_the_installation_allows(clock: FixedTime, days: int) -> None:
    with pytest.raises(Invalid) as refusal:
        secret("clerk_housing", clock, days)
    assert list(refusal.value.fields) == ["days"]


def test_nobody_gets_one_for_a_role_they_do_not_hold(clock: FixedTime) -> None:
    account, by = cast.account("clerk_education"), cast.the_system("command_line")
    others = RoleHolding.objects.get(pk=cast.actor("clerk_housing").holding_id)
    with pytest.raises(Barred, match="您目前不任该角色"):
        tokens.issue(account, others, "交换平台", 30, clock.now(), by)
    with pytest.raises(Barred, match="您目前不任该角色"):
        tokens.holding_in(account, "supervision_office", cast.TODAY)
    assert tokens.holding_in(account, "unit_clerk", cast.TODAY, "education").unit.name == "教育局"
    assert not Token.objects.exists()


def test_too_many_requests_a_minute_wait(
    clock: FixedTime, settings: Any, clerk: Program, office: Program
) -> None:
    settings.API_PER_MINUTE = 2
    assert [clerk.get("/me").status_code for _ in range(3)] == [200, 200, 429]
    refused = clerk.get("/me")
    assert int(refused["Retry-After"]) == 60 - clock.now().second
    assert office.get("/me").status_code == 200
    clock.advance(timedelta(minutes=1))
    assert clerk.get("/me").status_code == 200
