"""On one day units are merged, split, named and placed anew; what will move is seen beforehand, and moves."""

from datetime import date
from typing import Any

import pytest

from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Succession, Unit
from qingfeng.kernel.people.roles import Portfolio, RoleHolding
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.mechanisms.problems.rectification.models import Problem
from qingfeng.organization.bodies import BodySeat
from qingfeng.organization.cadres import cadre_of
from qingfeng.organization.leader_links import linked_to
from qingfeng.organization.posts import posts_of
from qingfeng.organization.units import name_on
from tests import cast
from tests.cast import NOW, TODAY, actor, do, person, unit
from tests.sheets import sheet

pytestmark = pytest.mark.django_db

YESTERDAY = date(2026, 3, 9)


def row(code: str, kind: str, successor: str = "", **more: Any) -> dict[str, Any]:
    to = {"successor": unit(successor).pk} if successor else {}
    return {"unit": unit(code).pk, "kind": kind, **to, **more}


def prepared(*rows: dict[str, Any], on: str = "2026-03-10") -> Matter:
    raw = {"basis": "清编〔2026〕8号", "on": on, "rows": list(rows)}
    return do("reorganization.prepare_day", "department_a", **raw).matter


def carried_out(*rows: dict[str, Any]) -> Matter:
    return do("reorganization.carry_out", "department_b", prepared(*rows)).matter


def moves(matter: Matter, who: str = "department_b") -> dict[str, tuple[int, tuple[str, ...]]]:
    shown = reads.page(actor(who), "reorganization", matter.pk, "moves", NOW)
    items = [item for one in shown.context["ended"] for item in one["held"]]
    return {f"{item.what}：{item.becomes.label}": (item.count, item.names) for item in items}


@pytest.fixture
def hung_about() -> None:
    """What hangs on housing: sheets, a portfolio (of the cast), posts, a cadre record, a link, a seat, a unit below."""
    sheet("assigned")
    sheet("reported")
    raw = {
        "basis": "清编〔2026〕5号",
        "since": "2026-03-01",
        "rows": [{"code": "below", "name": "住建所", "parent": "housing"}],
    }
    listed = do("units.propose", "department_a", **raw).matter
    do("units.confirm", "department_b", listed)
    newcomer = {
        "username": "newcomer",
        "name": "卯一",
        "unit": unit("housing").pk,
        "role": "cadre",
        "since": "2026-03-01",
    }
    people = do(
        "people.propose",
        "system_administrator",
        basis="名册",
        rows=[{**newcomer, "post": "科长", "rank": "section"}],
    ).matter
    do("people.grant", "security_administrator", people)
    do(
        "leader_links.link",
        "department_a",
        person=person("leader").pk,
        unit=unit("housing").pk,
        since="2026-03-01",
    )
    do(
        "bodies.set_up",
        "office_a",
        title="领导小组",
        purpose="作风建设",
        unit=unit("office").pk,
        basis="清发〔2026〕1号",
        office=unit("office").pk,
        since="2026-03-01",
        seats=[
            {"capacity": "head", "person": person("leader").pk},
            {"capacity": "member", "unit": unit("housing").pk},
        ],
    )


def test_what_will_move_is_shown_beforehand_with_figures_and_names(hung_about: None) -> None:
    matter = prepared(row("housing", "merge", "township"))
    shown = moves(matter)
    assert shown[f"{Problem._meta.verbose_name_plural}：逐件划转，由承接单位续办"][0] == 2
    assert shown["职务：自生效日起由承接单位接续"] == (1, ("科长",))
    assert shown["现任职务：自生效日起由承接单位接续"] == (1, ("卯一 科长",))
    assert shown["挂钩单位：自生效日起由承接单位接续"] == (1, ("戊一",))
    assert shown["议事协调机构成员：自生效日起由承接单位接续"] == (1, ("领导小组",))
    assert shown["单位：自生效日起由承接单位接续"] == (1, ("住建所",))
    assert shown["干部基本信息：自生效日起由承接单位接续"][0] == 1
    assert shown["分管：自生效日起由承接单位接续"][0] == 1
    assert "卯一 干部" in shown["授权：随单位撤销终止"][1]
    figures = reads.statistics(actor("department_a"), "reorganization", "moves", 2026, TODAY)
    assert ("住建局 · 职务 · 自生效日起由承接单位接续", 1) in figures.rows


def test_all_of_it_moves_on_the_day_and_the_ledger_verifies(hung_about: None) -> None:
    matter = carried_out(row("housing", "merge", "township"))
    newcomer = RoleHolding.objects.get(person__name="卯一").person
    township = unit("township")
    assert [(held.post.unit, held.post.title) for held in posts_of(newcomer, TODAY)] == [(township, "科长")]
    assert [held.post.unit for held in posts_of(newcomer, YESTERDAY)] == [unit("housing")]
    cadre = cadre_of(newcomer, TODAY)
    assert cadre is not None
    assert cadre.unit == township
    assert list(linked_to(person("leader"), TODAY)) == [township]
    assert BodySeat.objects.get(valid_to=None, person=None).unit == township
    assert Unit.objects.get(code="below").parent == township
    assert not RoleHolding.objects.filter(unit=unit("housing"), valid_to=None).exists()
    assert Portfolio.objects.filter(unit=township, valid_to=None).exists()
    assert moves(matter) == {}
    seal_all(NOW, signer())
    assert list(verify()) == []


def test_several_units_change_on_one_day() -> None:
    carried_out(
        row("housing", "merge", "centre"),
        row("education", "merge", "centre"),
        row(
            "township",
            "change",
            name="清河街道",
            sequence="街道",
            short_name="清河街办",
            code_characters="清街",
        ),
        row("finance", "change", above=unit("leaders").pk),
    )
    assert {one.predecessor.code for one in Succession.objects.filter(successor=unit("centre"))} == {
        "housing",
        "education",
    }
    township = unit("township")
    assert (township.name, township.sequence, township.valid_to) == ("清河街道", "街道", None)
    assert (name_on(township, YESTERDAY), name_on(township, TODAY)) == ("清河镇", "清河街道")
    assert (township.short_name, township.former_names.get().short_name) == ("清河街办", "")
    assert (township.code_characters, township.former_names.get().code_characters) == ("清街", "")
    assert unit("finance").parent == unit("leaders")


def test_of_a_unit_that_is_split_each_successor_takes_its_matters() -> None:
    problem = sheet("assigned")
    away = {"person": person("leader_b").pk, "unit": unit("housing").pk}
    portfolio = do("portfolio.propose", "system_administrator", **away).matter
    carried_out(row("housing", "split", "township"), row("housing", "split", "centre", takes="rectification"))
    assert Problem.objects.get(pk=problem.pk).responsible == unit("centre")
    portfolio.refresh_from_db()
    assert portfolio.unit == unit("township")  # type: ignore[attr-defined]
    assert Succession.objects.filter(predecessor=unit("housing")).count() == 2


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([("housing", "merge", "", {})], "rows.0.successor"),
        ([("housing", "merge", "housing", {})], "rows.0.successor"),
        ([("housing", "merge", "education", {}), ("education", "merge", "centre", {})], "rows.0.successor"),
        ([("housing", "merge", "centre", {}), ("housing", "change", "", {"name": "局"})], "rows.1.unit"),
        ([("housing", "change", "", {})], "rows.0.name"),
        ([("housing", "change", "centre", {"name": "局"})], "rows.0.successor"),
        ([("housing", "merge", "centre", {"name": "局"})], "rows.0.name"),
        ([("housing", "split", "centre", {"takes": "rectification"})], "rows.0.takes"),
        ([("housing", "split", "centre", {}), ("housing", "split", "finance", {})], "rows.1.takes"),
        (
            [("housing", "split", "centre", {}), ("housing", "split", "finance", {"takes": "nothing"})],
            "rows.1.takes",
        ),
    ],
)
def test_what_can_not_happen_on_one_day_is_told_by_row(rows: list[Any], place: str) -> None:
    with pytest.raises(Invalid) as refusal:
        prepared(*(row(code, kind, to, **more) for code, kind, to, more in rows))
    assert place in refusal.value.fields


def test_it_is_carried_out_by_a_second_person_on_its_day_only() -> None:
    early = prepared(row("housing", "merge", "centre"), on="2026-03-11")
    with pytest.raises(Barred, match="实施日期未到"):
        do("reorganization.carry_out", "department_b", early)
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("reorganization.carry_out", "department_a", prepared(row("housing", "merge", "centre")))


def test_a_unit_that_ended_meanwhile_ends_no_second_time() -> None:
    first, second = (prepared(row("housing", "merge", code)) for code in ("centre", "township"))
    do("reorganization.carry_out", "department_b", first)
    with pytest.raises(Barred, match="其中有单位已撤销"):
        do("reorganization.carry_out", "department_b", second)
    assert cast.unit("housing").valid_to == YESTERDAY
