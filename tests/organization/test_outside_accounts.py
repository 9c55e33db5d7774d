"""Accounts of parties outside the staff: asked for by the keeping unit, granted by another, gone with the entry."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from qingfeng.faces.first_links import first_link
from qingfeng.kernel.background import outbox, worker
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.people.actors import in_role, person_key
from qingfeng.kernel.people.models import Account, Person
from qingfeng.kernel.people.outside import OutsideParty, acting_for_party
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.refusals import Barred, Invalid, NotFound
from qingfeng.kernel.sealing import custody
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, keystore, opened
from qingfeng.organization.appointment import Appointment
from tests import cast
from tests.cast import NOW, TODAY, do
from tests.outside import SINCE, acting, entered, party, with_account

pytestmark = pytest.mark.django_db


def test_an_account_is_asked_for_by_the_unit_and_granted_by_a_security_administrator() -> None:
    found = party("expert", "专家甲")
    asked = do("outside_accounts.request", "clerk_housing", party=found.pk, username="expert-a").matter
    assert not Account.objects.filter(username="expert-a").exists()
    for who in ("clerk_housing", "head_housing"):
        with pytest.raises(Barred, match="安全管理员"):
            do("outside_accounts.carry_out", who, asked)
    with pytest.raises(NotFound):
        do("outside_accounts.carry_out", "system_administrator", asked)
    do("outside_accounts.carry_out", "security_administrator", asked)
    account = Account.objects.get(username="expert-a")
    found.refresh_from_db()
    assert (found.person, account.person.name) == (account.person, "专家甲")
    assert not account.has_usable_password()
    assert "专家甲" not in str(asked)
    seal_all(NOW, signer())
    assert list(verify()) == []


def test_it_answers_to_its_person_key_and_to_nothing_else() -> None:
    account = with_account(party("expert", "专家甲"), "expert-a")
    actor = acting(account)
    assert actor.keys == (person_key(account.person_id),)
    assert (actor.role, actor.units, actor.jurisdictions, actor.unit_id) == ("", (), (), None)
    assert actor.outside
    assert not RoleHolding.objects.filter(person=account.person).exists()
    with pytest.raises(Barred, match="目前不任"):
        in_role(account, TODAY)


@pytest.mark.parametrize("kind", ["village", "household"])
def test_a_place_or_a_household_has_no_account(kind: str) -> None:
    found = party(kind, "王一")
    with pytest.raises(Invalid) as refusal:
        do("outside_accounts.request", "clerk_housing", party=found.pk, username="one")
    assert set(refusal.value.fields) == {"party"}


def test_a_firm_names_the_one_person_who_signs_in_and_nobody_else_does() -> None:
    firm, expert = party("firm", "某某公司"), party("expert", "专家甲")
    for found, more in ((firm, {}), (expert, {"bearer": "别人"})):
        with pytest.raises(Invalid) as refusal:
            do("outside_accounts.request", "clerk_housing", party=found.pk, username="one", **more)
        assert set(refusal.value.fields) == {"bearer"}
    account = with_account(firm, "firm-a", bearer="联络员乙")
    assert account.person.name == "联络员乙"
    entered({"kind": "firm", "name": "某某集团", "entry": firm.pk})
    account.person.refresh_from_db()
    assert account.person.name == "联络员乙"


def test_who_signs_in_for_themselves_is_renamed_with_their_entry() -> None:
    found = party("expert", "专家甲")
    account = with_account(found, "expert-a")
    entered({"kind": "expert", "name": "专家丙", "entry": found.pk})
    account.person.refresh_from_db()
    assert account.person.name == "专家丙"
    assert list(verify()) == []


@pytest.mark.parametrize("username", ["office_a", "with blank"])
def test_a_user_name_is_free_and_without_blanks(username: str) -> None:
    found = party("expert", "专家甲")
    with pytest.raises(Invalid) as refusal:
        do("outside_accounts.request", "clerk_housing", party=found.pk, username=username)
    assert set(refusal.value.fields) == {"username"}


def test_there_is_one_account_to_a_party_and_none_of_another_unit_s() -> None:
    found = party("expert", "专家甲")
    first = do("outside_accounts.request", "clerk_housing", party=found.pk, username="one").matter
    second = do("outside_accounts.request", "clerk_housing", party=found.pk, username="two").matter
    do("outside_accounts.carry_out", "security_administrator", first)
    with pytest.raises(Barred, match="已有账号"):
        do("outside_accounts.carry_out", "security_administrator", second)
    with pytest.raises(Barred, match="已有账号"):
        do("outside_accounts.request", "clerk_housing", party=found.pk, username="three")
    # The office may call on an expert that another unit keeps, and has no say over the account.
    with pytest.raises(Barred, match="其他单位管理"):
        do("outside_accounts.ask", "office_a", party=found.pk, wanted="close", reason="不再聘用")


def test_it_is_helped_as_any_other_by_two() -> None:
    account = with_account(party("expert", "专家甲"), "expert-a")
    account.set_password(cast.PASSWORD)
    account.save()
    entry = OutsideParty.objects.get(person=account.person)
    for wanted, stands in (("password", True), ("close", False), ("open", True)):
        asked = do("outside_accounts.ask", "clerk_housing", party=entry.pk, wanted=wanted, reason="本人申请")
        do("outside_accounts.carry_out", "security_administrator", asked.matter)
        account.refresh_from_db()
        assert (acting_for_party(account, TODAY) is not None) == stands
    assert not account.has_usable_password()
    assert list(verify()) == []


def test_it_stands_in_no_list_of_the_staff_and_nobody_can_name_it_as_one_of_them() -> None:
    account = with_account(party("expert", "专家甲"), "expert-a")
    pk = account.person_id
    for who in cast.PARTS:
        chooser = cast.actor(who)
        assert not Person.choosable(chooser, TODAY).filter(pk=pk).exists()
    wrong: list[tuple[str, str, dict[str, object]]] = [
        (
            "appointment.propose",
            "system_administrator",
            {"person": pk, "role": "cadre", "unit": cast.unit("housing").pk},
        ),
        ("portfolio.propose", "system_administrator", {"person": pk, "unit": cast.unit("housing").pk}),
        (
            "leader_links.link",
            "department_a",
            {"person": pk, "unit": cast.unit("housing").pk, "since": SINCE},
        ),
        ("departures.enter", "system_administrator", {"person": pk, "reason": "离任"}),
        ("accounts.ask", "system_administrator", {"person": pk, "wanted": "close", "reason": "不再聘用"}),
        ("erasure.request", "security_administrator", {"person": pk, "basis": "本人申请"}),
        (
            "cadres.propose",
            "department_a",
            {
                "basis": "名册",
                "rows": [
                    {
                        "person": pk,
                        "unit": cast.unit("housing").pk,
                        "rank": "clerk",
                        "service_since": "2015-07-01",
                        "since": SINCE,
                    }
                ],
            },
        ),
        (
            "role_lists.propose",
            "system_administrator",
            {
                "basis": "名册",
                "since": SINCE,
                "rows": [{"person": pk, "unit": cast.unit("housing").pk, "role": "cadre"}],
            },
        ),
    ]
    for name, who, raw in wrong:
        with pytest.raises(Invalid) as refusal:
            do(name, who, **raw)
        assert any("person" in place for place in refusal.value.fields), name


def test_with_the_entry_the_account_ends_and_a_session_that_is_open_does_nothing_more() -> None:
    found = party("expert", "专家甲")
    account = with_account(found, "expert-a")
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/").status_code == 200
    entered({"kind": "expert", "name": "专家甲", "entry": found.pk, "until": "2026-03-09"})
    assert acting_for_party(account, TODAY) is None
    assert client.get("/").status_code == 403
    assert client.get("/inbox/").status_code == 403


def test_letters_go_to_whoever_is_asked_while_the_entry_stands() -> None:
    found = party("expert", "专家甲", until="2026-03-31")
    account = with_account(found, "expert-a", email="expert-a@example.invalid")
    for days, letters in ((0, 1), (21, 2), (22, 2)):
        at = NOW + timedelta(days=days)
        outbox.tell(person_key(account.person_id), "事项", "请办理", at)
        worker.deliver(at)
        worker.post(at)
        assert len([one for one in mail.outbox if one.to == ["expert-a@example.invalid"]]) == letters


def test_it_holds_to_the_last_day_and_not_before_the_first() -> None:
    found = party("expert", "专家甲", since="2026-03-05", until="2026-03-31")
    account = with_account(found, "expert-a")
    stands = [
        acting_for_party(account, day) is not None
        for day in (date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 31), date(2026, 4, 1))
    ]
    assert stands == [False, True, True, False]


def test_erasure_leaves_nothing_readable_of_a_party_with_its_account() -> None:
    found = party("expert", "专家甲", contact="转交窗口")
    account = with_account(found, "expert-a", email="expert-a@example.invalid")
    person = account.person
    key = keystore().key(f"outsideparty:{found.pk}", "some_mechanism", "outside_party")
    outbox.tell(person_key(person.pk), "事项", "请办理", NOW)
    worker.deliver(NOW)
    assert Message.objects.filter(channel=Message.Channel.MAIL, payload__account=account.pk).exists()
    asked = do("outside_erasure.request", "clerk_housing", party=found.pk, basis="本人申请").matter
    for who in ("clerk_housing", "head_housing"):
        with pytest.raises(Barred, match="安全管理员"):
            do("outside_erasure.erase", who, asked)
    do("outside_erasure.erase", "security_administrator", asked)
    worker.deliver(NOW)
    found.refresh_from_db()
    account.refresh_from_db()
    assert (found.name, found.contact, found.salt, found.person.name, found.person.salt) == (
        "",
        "",
        "",
        "",
        "",
    )
    assert "expert-a" not in account.username
    assert account.email == ""
    worker.post(NOW)
    assert not [letter for letter in mail.outbox if "expert-a@example.invalid" in letter.to]
    for message in Message.objects.all():
        assert not any(word in str(message.payload) for word in ("专家甲", "expert-a", "转交窗口"))
    with pytest.raises(KeyDestroyed):
        keystore().by_id(key.id)
    request = SealedValue.objects.filter(entry__act="request", entry__matter__mechanism="outside_accounts")
    for value in request.filter(name__in=("username", "email")):
        with pytest.raises(KeyDestroyed):
            opened(value)
    for body in Entry.objects.values_list("body", flat=True):
        assert not any(word in body for word in ("专家甲", "expert-a", "转交窗口"))
    assert acting_for_party(account, TODAY) is None
    seal_all(NOW, signer())
    assert list(verify()) == []


def test_erasure_of_a_household_leaves_the_lists_that_named_it_unreadable() -> None:
    household = party("household", "王一", contact="组长转")
    lists = SealedValue.objects.filter(entry__matter__mechanism="outside_parties", name="rows")
    mending = do(
        "outside_parties.propose",
        "clerk_housing",
        basis="更正",
        rows=[{"kind": "household", "name": "王乙", "since": SINCE, "entry": household.pk}],
    ).matter
    asked = do("outside_erasure.request", "clerk_housing", party=household.pk, basis="本人申请").matter
    with pytest.raises(Barred, match="尚待确认"):
        do("outside_erasure.erase", "security_administrator", asked)
    do("outside_parties.withdraw", "clerk_housing", mending, reason="已申请删除")
    do("outside_erasure.erase", "security_administrator", asked)
    worker.deliver(NOW)
    for value in lists:
        with pytest.raises(KeyDestroyed):
            opened(value)
    household.refresh_from_db()
    assert (household.name, household.contact, str(household)) == ("", "", "（已删除）")
    assert list(verify()) == []


def test_keys_brought_back_from_before_are_destroyed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    household = party("household", "王一")
    asked = do("outside_erasure.request", "clerk_housing", party=household.pk, basis="本人申请").matter
    do("outside_erasure.erase", "security_administrator", asked)
    # The worker never heard of it, as where an older copy of the keys was brought back.
    (rows,) = SealedValue.objects.filter(entry__matter__mechanism="outside_parties", name="rows")
    assert "王一" in opened(rows)
    key = keystore().key(f"outsideparty:{household.pk}", "visits", "outside_party")
    assert custody.erase_again() >= 2
    for number in (rows.key, key.id):
        with pytest.raises(KeyDestroyed):
            keystore().by_id(number)


def test_its_owner_sets_a_password_by_the_link_and_signs_in_as_anybody_does(settings: Any) -> None:
    settings.TIMEKEEPER = cast.clock()
    account = with_account(party("supervisor", "监督员丁"), "supervisor-d")
    link = urlsplit(first_link(account, "http://testserver")).path
    client = Client()
    assert client.get(link).status_code == 200
    sent = client.post(link, {"new": cast.PASSWORD, "repeated": cast.PASSWORD})
    assert sent.status_code in (302, 303), sent.content.decode()
    fresh = Client()
    signed = fresh.post("/sign-in/", {"username": "supervisor-d", "password": cast.PASSWORD})
    assert signed.status_code in (302, 303)
    page = fresh.get("/").content.decode()
    assert "监督员丁" in page
    for address in ("/rectification/", "/leave/", "/looks/", "/handbook/"):
        assert f'href="{address}"' not in page
        assert fresh.get(address).status_code == 404


def test_nobody_stands_in_for_it_and_it_stands_in_for_nobody() -> None:
    account = with_account(party("expert", "专家甲"), "expert-a")
    matter = Appointment.objects.get(person=cast.person("cadre"), closed=False)
    with pytest.raises(Invalid) as refusal:
        do(
            "appointment.delegate",
            "cadre",
            matter,
            delegate=account.person_id,
            since="2026-03-10",
            until="2026-03-12",
        )
    assert set(refusal.value.fields) == {"delegate"}


def test_who_asked_as_a_clerk_neither_grants_nor_erases_as_an_administrator() -> None:
    expert = party("expert", "专家甲")
    asked = [
        do("outside_accounts.request", "clerk_housing", party=expert.pk, username="expert-a").matter,
        do("outside_erasure.request", "clerk_housing", party=expert.pk, basis="本人申请").matter,
    ]
    raw = {
        "person": cast.person("clerk_housing").pk,
        "role": "security_administrator",
        "unit": cast.unit("centre").pk,
    }
    proposed = do("appointment.propose", "system_administrator", **raw).matter
    do("appointment.grant", "security_administrator", proposed, since=SINCE)
    holding = RoleHolding.objects.get(person=raw["person"], role="security_administrator")
    both = in_role(cast.account("clerk_housing"), TODAY, holding.pk)
    for matter, act in zip(asked, ("carry_out", "erase"), strict=True):
        for name, more in ((act, {}), ("refuse", {"reason": "不办"})):
            with pytest.raises(Barred, match="由您本人提出"):
                do(f"{matter.mechanism}.{name}", both, matter, **more)
        do(f"{matter.mechanism}.{act}", "security_administrator", matter)
