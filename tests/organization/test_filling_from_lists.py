"""A county is filled from two lists: units, then people with account, role, post and rank; two persons each."""

import time
from datetime import date
from typing import Any

import pytest

from qingfeng.kernel import sheets
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Account, Person, Unit
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.record.batches.models import BatchRow
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.organization.cadres import cadre_of
from qingfeng.organization.posts import Post, holders_of, posts_of
from tests import cast
from tests.cast import NOW, TODAY, actor, do, unit

pytestmark = pytest.mark.django_db

UNITS = [
    {"code": "T1", "name": "青石镇", "sequence": "镇街", "short_name": "青石", "code_characters": "青政"},
    {"code": "T1-01", "name": "青石镇党政办", "parent": "T1"},
]


def person(**changed: Any) -> dict[str, Any]:
    return {
        "username": "newcomer",
        "name": "卯一",
        "unit": unit("housing").pk,
        "role": "cadre",
        "since": "2026-03-01",
        **changed,
    }


def proposed(*rows: dict[str, Any]) -> Matter:
    return do("people.propose", "system_administrator", basis="名册", rows=list(rows)).matter


def entered(*rows: dict[str, Any]) -> Matter:
    return do("people.grant", "security_administrator", proposed(*rows)).matter


def told(*rows: dict[str, Any]) -> set[str]:
    with pytest.raises(Invalid) as refusal:
        proposed(*rows)
    return set(refusal.value.fields)


@pytest.mark.parametrize(
    "email",
    ["a@example.cn;b@example.cn", "a@example.cn b@example.cn", "某某 <a@example.cn>", "a@", "example.cn"],
)
def test_an_account_has_one_mail_address_or_none(email: str) -> None:
    assert told(person(), person(username="another", name="卯二", email=email)) == {"rows.1.email"}
    entered(person(email="mao.yi@example.cn"), person(username="another", name="卯二", email=""))
    kept = Account.objects.filter(username__in=("newcomer", "another")).order_by("username")
    assert [account.email for account in kept] == ["", "mao.yi@example.cn"]


def test_units_stand_in_their_tree_once_a_second_person_confirmed_them() -> None:
    raw = {"basis": "清编〔2026〕5号", "since": "2026-03-01", "rows": UNITS}
    matter = do("units.propose", "system_administrator", **raw).matter
    assert not Unit.objects.filter(code="T1").exists()
    do("units.confirm", "department_a", matter)
    office = Unit.objects.get(code="T1-01")
    assert (office.parent, office.valid_from) == (Unit.objects.get(code="T1"), date(2026, 3, 1))
    township = Unit.objects.get(code="T1")
    assert (township.sequence, township.short_name, township.code_characters) == ("镇街", "青石", "青政")
    assert BatchRow.objects.filter(entry__matter=matter).count() == 2


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ({"code": "housing", "name": "局"}, "rows.1.code"),
        ({"code": "T1", "name": "镇"}, "rows.1.code"),
        ({"code": "T2", "name": "镇", "parent": "T9"}, "rows.1.parent"),
        ({"code": "T2", "name": "镇", "code_characters": "青政"}, "rows.1.code_characters"),
    ],
    ids=["taken", "twice", "nobody above", "code characters twice"],
)
def test_a_unit_that_can_not_be_is_told_at_its_row(row: dict[str, str], place: str) -> None:
    rows = [UNITS[0], row]
    with pytest.raises(Invalid) as refusal:
        do("units.propose", "system_administrator", basis="清编", since="2026-03-01", rows=rows)
    assert place in refusal.value.fields


def test_units_whose_code_was_taken_meanwhile_are_not_opened() -> None:
    raw = {"basis": "清编", "since": "2026-03-01", "rows": UNITS}
    first, second = (do("units.propose", "department_a", **raw).matter for _time in range(2))
    do("units.confirm", "department_b", first)
    with pytest.raises(Barred, match="名册中的代码在此期间已被占用"):
        do("units.confirm", "department_b", second)


def test_a_list_gives_person_account_role_post_and_rank_at_once() -> None:
    matter = entered(
        person(post="局长", duty="principal", rank="section", service_since="2010-07-01", role="unit_head"),
        person(username="another", name="卯二", post="科员", secret=True),
        person(username="third", name="卯三", post="科员", secret=True),
    )
    newcomer = Account.objects.get(username="newcomer").person
    assert (newcomer.name, newcomer.jurisdiction) == ("卯一", cast.jurisdiction())
    assert RoleHolding.objects.get(person=newcomer).role == "unit_head"
    (held,) = posts_of(newcomer, TODAY)
    assert (held.post.title, held.post.duty, held.post.places) == ("局长", "principal", 1)
    cadre = cadre_of(newcomer, TODAY)
    assert cadre is not None
    assert (cadre.rank, cadre.service_since) == ("section", date(2010, 7, 1))
    ordinary = Post.objects.get(title="科员")
    assert (ordinary.secret, ordinary.places, holders_of(ordinary, TODAY).count()) == (True, None, 2)
    assert BatchRow.objects.filter(entry__matter=matter).count() == 3
    seal_all(NOW, signer())
    assert list(verify()) == []


def test_nothing_stands_before_a_second_person_granted_it_and_nobody_can_sign_in_by_it() -> None:
    matter = proposed(person())
    assert not Account.objects.filter(username="newcomer").exists()
    do("people.grant", "security_administrator", matter)
    assert not Account.objects.get(username="newcomer").has_usable_password()


def test_a_second_role_is_a_second_row_of_the_same_person() -> None:
    entered(person(rank="clerk"), person(role="unit_clerk"))
    newcomer = Account.objects.get(username="newcomer").person
    assert set(RoleHolding.objects.filter(person=newcomer).values_list("role", flat=True)) == {
        "cadre",
        "unit_clerk",
    }
    assert Person.objects.filter(name="卯一").count() == 1


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"username": "cadre"}, "username"),
        ({"username": "new comer"}, "username"),
        ({"name": "卯九"}, "name"),
        ({"role": "system_administrator"}, "role"),
        ({"role": "discipline_organ"}, "role"),
        ({"role": "minister"}, "role"),
        ({"unit": 10**6}, "unit"),
        ({}, "role"),
        ({"role": "unit_clerk", "service_since": "2026-03-02"}, "service_since"),
        ({"role": "unit_clerk", "rank": "clerk"}, "rank"),
        ({"role": "unit_clerk", "duty": "deputy"}, "post"),
        ({"post": "科员", "secret": True}, "post"),
    ],
)
def test_a_row_that_can_not_be_is_told_at_its_place_and_nothing_is_stored(
    changed: dict[str, Any], place: str
) -> None:
    before = Matter.objects.count()
    assert f"rows.1.{place}" in told(person(post="科员"), person(**changed))
    assert Matter.objects.count() == before


def test_a_post_has_no_more_holders_than_places() -> None:
    entered(person(post="局长", duty="principal"))
    assert told(person(username="another", name="卯二", post="局长", duty="principal")) == {"rows.0.post"}


def test_a_preview_tells_what_the_act_would_tell() -> None:
    scope = ActorScope(actor("system_administrator"), cast.jurisdiction().pk, TODAY)
    with pytest.raises(Invalid) as refusal:
        cast.act("people.propose").inputs.parse(
            {"basis": "名册", "rows": [person(), person(username="cadre")]}, scope
        )
    assert set(refusal.value.fields) == {"rows.1.username"}


def test_a_list_whose_user_names_were_taken_meanwhile_is_not_granted() -> None:
    first, second = proposed(person()), proposed(person())
    do("people.grant", "security_administrator", first)
    with pytest.raises(Barred, match="名册中的用户名在此期间已被占用"):
        do("people.grant", "security_administrator", second)


def test_six_hundred_cadres_are_entered_in_seconds() -> None:
    rows = [
        person(username=f"cadre{number}", name=f"干部{number}", post="科员", rank="clerk")
        for number in range(600)
    ]
    began = time.process_time()
    entered(*rows)
    assert Account.objects.filter(username__startswith="cadre").count() >= 600
    assert time.process_time() - began < 10


def test_people_of_one_name_are_told_apart_in_a_sheet_by_user_name() -> None:
    entered(person(), person(username="latecomer"))
    scope = ActorScope(actor("office_a"), unit("housing").jurisdiction_id, TODAY)
    spec = InputField("who", "pick", "Who", True, model=Person)
    table = sheets.SheetTable([{"who": "latecomer"}, {"who": "卯一"}], [2, 3])
    found = sheets.taken(table, [spec], scope)
    assert found.rows == [{"who": Account.objects.get(username="latecomer").person_id}, {}]
    assert "用户名" in str(found.wrong["1.who"][0])


def test_faults_of_cells_names_and_rows_together_come_in_one_pass() -> None:
    wrong = told(
        person(username="a b"),
        person(username="second", since="gestern"),
        person(username="third", unit=999_999),
    )
    assert wrong == {"rows.0.username", "rows.1.since", "rows.2.unit"}
