"""Parties outside the staff: entered, mended and ended by two people of the unit that keeps them."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from qingfeng.kernel import sheets
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.background import worker
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.actors import as_person, system
from qingfeng.kernel.people.identification import told_apart
from qingfeng.kernel.people.models import Person, Unit
from qingfeng.kernel.people.outside import OutsideParty
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, Invalid, NotFound
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, opened
from tests import cast
from tests.cast import NOW, TODAY, act, actor, do, unit
from tests.faces.console.staff import browser
from tests.outside import SINCE, entered, party

pytestmark = pytest.mark.django_db

ANY = InputField(name="party", kind="pick", label="对象", required=True, model=OutsideParty)


def row(name: str = "王一", **more: Any) -> dict[str, Any]:
    return {"kind": "household", "name": name, "since": SINCE, **more}


def proposed(*rows: dict[str, Any], by: str = "clerk_housing") -> Matter:
    return do("outside_parties.propose", by, basis="清住建〔2026〕7号", rows=list(rows)).matter


def told(*rows: dict[str, Any], by: str = "clerk_housing") -> set[str]:
    with pytest.raises(Invalid) as refusal:
        proposed(*rows, by=by)
    return set(refusal.value.fields)


def offered(who: str, on: date = TODAY) -> set[str]:
    acting = actor(who)
    assert acting.jurisdiction_id is not None
    return {str(one) for one in ActorScope(acting, acting.jurisdiction_id, on).candidates(ANY)}


def test_a_party_stands_once_a_second_person_of_its_unit_confirmed_the_list() -> None:
    matter = proposed(row(contact="村委会转"), row("河湾村", kind="village"))
    assert not OutsideParty.objects.exists()
    with pytest.raises(Barred, match="应当回避"):
        do("outside_parties.confirm", "clerk_housing", matter)
    for stranger in ("clerk_education", "office_a", "city_office", "linan_clerk", "system_administrator"):
        with pytest.raises(NotFound):
            do("outside_parties.confirm", stranger, matter)
    do("outside_parties.confirm", "head_housing", matter)
    household, village = OutsideParty.objects.order_by("pk")
    assert (household.kind, household.name, household.contact) == ("household", "王一", "村委会转")
    assert {household.kept_by, village.kept_by} == {unit("housing")}
    assert household.salt
    seal_all(NOW, signer())
    assert list(verify()) == []


def test_the_supervision_office_keeps_its_own_by_two_of_its_own() -> None:
    (found,) = entered(row("专家甲", kind="expert"), by="office_a", confirmed_by="office_b")
    assert found.kept_by == unit("office")


@pytest.mark.parametrize("who", ["head_housing", "cadre", "leader", "finance", "department_a", "discipline"])
def test_who_neither_handles_a_unit_s_papers_nor_serves_in_the_office_enters_none(who: str) -> None:
    with pytest.raises(Barred, match="由登记单位办理"):
        proposed(row(), by=who)


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([row(until="2026-02-28")], "rows.0.until"),
        ([row(), row("李二"), row()], "rows.0.name"),
        ([row(kind="tenant")], "rows.0.kind"),
        ([row("王" * 61)], "rows.0.name"),
        ([row(name="")], "rows.0.name"),
    ],
)
def test_a_row_that_can_not_be_is_told_at_its_place(rows: list[dict[str, Any]], place: str) -> None:
    assert place in told(*rows)
    assert not OutsideParty.objects.exists()


def test_one_of_a_name_that_stands_is_told_and_another_is_entered_where_somebody_says_so() -> None:
    party("household", "王一")
    assert told(row()) == {"rows.0.name"}
    assert told(row(), row("李二"), row()) == {"rows.0.name", "rows.2.name"}
    # Of another kind it is another thing, and of another unit nobody here is told.
    entered(row(kind="firm"))
    entered(row("王一", another=True))
    assert OutsideParty.objects.filter(name="王一", kind="household").count() == 2
    do("outside_parties.propose", "clerk_education", basis="另一单位", rows=[row()])


def test_an_entry_that_was_confirmed_meanwhile_is_told_to_whoever_confirms_the_other_list() -> None:
    first, second = proposed(row()), proposed(row())
    do("outside_parties.confirm", "head_housing", first)
    with pytest.raises(Barred, match="登记已有变化"):
        do("outside_parties.confirm", "head_housing", second)
    do("outside_parties.refuse", "head_housing", second, reason="重复")
    assert OutsideParty.objects.count() == 1


def test_an_entry_is_mended_and_ended_by_a_list_and_keeps_its_kind() -> None:
    found = party("household", "王一")
    entered(row("王乙", entry=found.pk, contact="组长转", until="2026-06-30"))
    found.refresh_from_db()
    assert (found.name, found.contact, found.valid_to) == ("王乙", "组长转", date(2026, 6, 30))
    assert told(row("王乙", kind="village", entry=found.pk)) == {"rows.0.kind"}
    assert told(row(entry=found.pk), row(entry=found.pk)) == {"rows.0.entry", "rows.1.entry"}
    assert "王乙" in offered("clerk_housing", date(2026, 6, 30))
    assert "王乙" not in offered("clerk_housing", date(2026, 7, 1))
    seal_all(NOW, signer())
    assert list(verify()) == []


def test_nobody_mends_what_another_unit_keeps() -> None:
    village = party("village", "河湾村")
    assert "河湾村" in offered("clerk_education")
    assert told(row("河湾新村", kind="village", entry=village.pk), by="clerk_education") == {"rows.0.entry"}
    household = party("household", "王一")
    # What isn't offered reads as if it weren't there.
    assert told(row("王一", entry=household.pk), by="clerk_education") == {"rows.0.entry"}
    assert told(row("王一", entry=10**9), by="clerk_education") == {"rows.0.entry"}


def test_a_household_is_named_by_its_unit_alone_and_a_village_by_the_staff_of_its_county() -> None:
    kinds = ("village", "household", "firm", "delegate", "supervisor", "expert")
    entered(*({"kind": kind, "name": kind} for kind in kinds))
    assert offered("clerk_housing") == set(kinds)
    assert offered("head_housing") == set(kinds)
    assert offered("office_a") == set(kinds) - {"household"}
    assert offered("cadre") == set(kinds)
    for who in ("clerk_education", "leader_b", "finance", "discipline", "department_a"):
        assert offered(who) == {"village", "firm"}
    # A city covers its counties: it names their villages and firms, and nobody in them.
    assert offered("city_office") == offered("city_leader") == {"village", "firm"}
    assert offered("linan_office") == offered("linan_clerk") == set()


def test_whose_last_role_has_ended_is_offered_nothing_of_a_register() -> None:
    party("village", "河湾村")
    gone = as_person(cast.account("no_role"), TODAY)
    scope = ActorScope(gone, cast.jurisdiction().pk, TODAY)
    for model in (OutsideParty, Person, Unit):
        spec = replace(ANY, model=model)
        assert not scope.candidates(spec).exists()
        with pytest.raises(Invalid) as refused:
            scope.resolve(spec, model._default_manager.earliest("pk").pk)
        assert set(refused.value.fields) == {""}
        serving = ActorScope(actor("office_a"), cast.jurisdiction().pk, TODAY)
        assert serving.candidates(spec).exists()


def test_what_opens_a_matter_for_another_may_name_any_of_its_jurisdiction() -> None:
    household = party("household", "王一")
    for place, found in ((cast.COUNTY, household), (cast.BESIDE, None)):
        here = cast.jurisdiction(place).pk
        scope = ActorScope(system("some.contract", [here]), here, TODAY)
        assert scope.candidates(ANY).first() == found


def test_people_and_parties_of_one_name_are_told_apart_in_a_sheet_and_in_a_chooser() -> None:
    one, other = entered(row(another=True), row(another=True))
    firm = party("firm", "王一")
    spec = act("outside_erasure.request").inputs.fields[0]
    scope = ActorScope(actor("clerk_housing"), cast.jurisdiction().pk, TODAY)
    cells = [f"王一 · 农户 · 住建局 ({one.pk})", f"王一 · 农户 · 住建局 ({other.pk})", "王一 · 企业 · 住建局"]
    assert told_apart([one, other, firm], TODAY) == cells
    table = sheets.SheetTable(
        [{"party": cell} for cell in [*cells, "王一", "王一 · 农户 · 住建局", "王二"]], [*range(2, 8)]
    )
    found = sheets.taken(table, [spec], scope)
    assert [line.get("party") for line in found.rows] == [one.pk, other.pk, firm.pk, None, None, None]
    assert set(found.wrong) == {"3.party", "4.party", "5.party"}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_a_unit_keeps_leaves_as_a_workbook_and_comes_back_mended_by_it(
    language: str, tmp_path: Path
) -> None:
    matter = proposed(
        row(contact="村委会转"), row("河湾村", kind="village"), row("河湾村", kind="firm", until="2026-12-31")
    )
    do("outside_parties.confirm", "head_housing", matter)
    client = browser("clerk_housing")
    answer = client.get(
        f"/outside_parties/{matter.pk}/page/register.xlsx", headers={"accept-language": language}
    )
    assert answer.status_code == 200
    file = tmp_path / "register.xlsx"
    file.write_bytes(answer.content)
    spec = act("outside_parties.propose").inputs.sheet
    assert spec is not None
    with override(language):
        table = sheets.table(sheets.read(file, "register.xlsx"), spec.rows)
        scope = ActorScope(actor("clerk_housing"), cast.jurisdiction().pk, TODAY)
        found = sheets.taken(table, spec.rows, scope)
    assert not found.wrong
    assert {line["entry"] for line in found.rows} == set(OutsideParty.objects.values_list("pk", flat=True))
    for line in found.rows:
        line["contact"] = "新的联系方式"
    again = do("outside_parties.propose", "clerk_housing", basis="更正", rows=found.rows)
    do("outside_parties.confirm", "head_housing", again.matter)
    assert set(OutsideParty.objects.values_list("contact", flat=True)) == {"新的联系方式"}
    assert OutsideParty.objects.get(kind="firm").valid_to == date(2026, 12, 31)


def test_whoever_confirms_sees_the_names_and_once_it_is_settled_the_list_forgets_them() -> None:
    matter = proposed(row("王一"), row("李二"))
    page = browser("head_housing").get(f"/outside_parties/{matter.pk}/page/register/").content.decode()
    assert "王一" in page
    assert "李二" in page
    assert browser("office_a").get(f"/outside_parties/{matter.pk}/page/register/").status_code == 404
    do("outside_parties.withdraw", "clerk_housing", matter, reason="有误")
    worker.deliver(NOW)
    with pytest.raises(KeyDestroyed):
        opened(SealedValue.objects.get(entry__matter=matter, name="rows"))
    page = browser("head_housing").get(f"/outside_parties/{matter.pk}/").content.decode()
    assert "王一" not in page
    assert "李二" not in page
    seal_all(NOW, signer())
    assert list(verify()) == []


def test_no_name_of_a_party_stands_in_a_title_a_search_or_a_ledger_entry() -> None:
    found = party("household", "王一")
    entries = Matter.objects.filter(mechanism="outside_parties").values_list("entries__body", flat=True)
    assert not any("王一" in body for body in entries)
    assert not reads.searched(actor("clerk_housing"), "王一").rows
    erasure = do("outside_erasure.request", "clerk_housing", party=found.pk, basis="本人申请").matter
    assert "王一" not in str(erasure)


def test_a_unit_that_is_merged_leaves_its_parties_to_its_successor() -> None:
    found = party("household", "王一")
    units = {"predecessor": unit("housing").pk, "successor": unit("township").pk}
    prepared = do("reorganization.prepare", "department_a", **units, on="2026-03-10").matter
    page = browser("department_b").get(f"/reorganization/{prepared.pk}/page/moves/").content.decode()
    assert "王一" not in page
    do("reorganization.carry_out", "department_b", prepared)
    found.refresh_from_db()
    assert found.kept_by == unit("township")
    assert offered("clerk_township") == {"王一"}
    seal_all(NOW, signer())
    assert list(verify()) == []
