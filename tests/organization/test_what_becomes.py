"""Of all that holds something of a unit it is said what becomes of it; it is told beforehand, and so it comes."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.db import models
from django.test.utils import isolate_apps

from qingfeng.kernel import checks
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters import unit_holders
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.people.models import Unit, standing
from qingfeng.kernel.people.roles import Portfolio
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.books import BookKind
from qingfeng.kernel.record.registers import Register
from qingfeng.kernel.record.succession import CARRIED, ENDS, FOLLOWS, STAYS, by_hand
from qingfeng.kernel.refusals import Barred, Misdeclared
from qingfeng.mechanisms.duty.dispatch.models import Task
from qingfeng.mechanisms.restraint.reception.registers import in_force
from qingfeng.organization.bodies import Body, BodySeat, seats_of
from qingfeng.organization.leader_links import LinkedUnit
from qingfeng.organization.posts import Post
from qingfeng.organization.succession import lasting
from tests import leaves, receptions
from tests.cast import NOW, TODAY, actor, do, person, unit
from tests.faces.console.staff import browser
from tests.mechanisms.accountability.statement.test_statements import asked as statement
from tests.mechanisms.duty.dispatch import meetings as dispatch
from tests.mechanisms.problems.inspection import rounds
from tests.mechanisms.problems.problem_lists import lists
from tests.mechanisms.restraint.meetings import gatherings
from tests.organization.test_reorganization_day import YESTERDAY, carried_out, prepared, row
from tests.sheets import sheet

pytestmark = pytest.mark.django_db


def body(*units: str, office: str = "office") -> Matter:
    seats = [{"capacity": "head", "person": person("leader").pk}]
    seats += [{"capacity": "member", "unit": unit(code).pk} for code in units]
    wanted = {"title": "专班", "purpose": "作风建设", "basis": "清发〔2026〕1号", "since": "2026-03-01"}
    where = {"unit": unit("office").pk, "office": unit(office).pk}
    return do("bodies.set_up", "office_a", **wanted, **where, seats=seats).matter


def linked(code: str) -> Matter:
    raw = {"person": person("leader_b").pk, "unit": unit(code).pk, "since": "2026-03-01"}
    return do("leader_links.link", "department_a", **raw).matter


@pytest.fixture
def everywhere() -> None:
    """Something of housing in each mechanism, and in the registers of the organization."""
    receptions.budget()
    receptions.reception("approved")
    sheet("assigned")
    leaves.request()
    lists.in_force()
    dispatch.resolved(dispatch.held(dispatch.called()))
    dispatch.task()
    statement()
    rounds.approved(rounds.row())
    rounds.seen(rounds.begun()["housing"])
    gatherings.asked(agenda=[{"topic": "工作汇报", "unit": unit("housing").pk, "post": "局长", "minutes": 5}])
    body("housing", office="housing")
    linked("housing")


def told(matter: Matter) -> dict[str, tuple[int, str]]:
    """What the preview says: how many, and what becomes of them."""
    shown = reads.page(actor("department_b"), "reorganization", matter.pk, "moves", NOW)
    return {
        str(item.what): (item.count, item.becomes.code)
        for one in shown.context["ended"]
        for item in one["held"]
    }


def left(ended: Unit) -> Iterator[str]:
    """What still names a unit that ended, though it was to go on or end."""
    for matter in mechanisms().values():
        for name, fate in matter.becomes.items():
            if fate == FOLLOWS and matter._default_manager.filter(closed=False, **{name: ended}).exists():
                yield f"{matter.__name__}.{name}"
    for register in unit_holders.registers():
        for name, fate in register.becomes.items():
            of = register._meta.get_field(name).related_model
            moves = of is Unit and fate.code in (CARRIED.code, ENDS.code)
            if moves and lasting(register, TODAY).filter(**{name: ended}).exists():
                yield f"{register.__name__}.{name}"


MERGED = [("housing", "merge", "education", "")]
SPLIT = [
    ("housing", "split", "township", ""),
    ("housing", "split", "centre", "督办事项、leader_links、portfolio、reception"),
]


@pytest.mark.parametrize(
    "rows", [MERGED, SPLIT, [SPLIT[0], ("housing", "split", "centre", "rectification、leave")]]
)
def test_what_is_told_beforehand_comes_and_nothing_is_left_behind(everywhere: None, rows: list[Any]) -> None:
    laid_out = [row(code, kind, to, **({"takes": takes} if takes else {})) for code, kind, to, takes in rows]
    matter = prepared(*laid_out)
    beforehand = told(matter)
    open_ = [str(kind._meta.verbose_name_plural) for kind in mechanisms().values() if _named(kind)]
    assert [name for name in open_ if name not in beforehand] == []
    assert len(open_) >= 8
    expected = {
        "预算项目": "by_hand",
        "议定事项": "stays",
        "到会单位": "stays",
        "清单年度": "stays",
        "挂钩单位": "carried",
    }
    assert {what: beforehand[what][1] for what in expected} == expected
    before = {model: model._default_manager.count() for model in unit_holders.records()}
    do("reorganization.carry_out", "department_b", matter)
    assert list(left(unit("housing"))) == []
    stay = [
        model
        for model in before
        if {fate.code for fate in unit_holders.fates_of(model).values()} == {STAYS.code}
    ]
    assert [
        model for model in stay if model.__name__ != "Succession" and before[model] != _count(model)
    ] == []
    seal_all(NOW, signer())
    assert list(verify()) == []


def _named(kind: type[Matter]) -> bool:
    fields = [name for name, fate in kind.becomes.items() if fate == FOLLOWS]
    return any(
        kind._default_manager.filter(closed=False, **{name: unit("housing")}).exists() for name in fields
    )


def _count(model: type[models.Model]) -> int:
    return model._default_manager.count()


def test_rows_go_where_the_matters_go_that_they_belong_to() -> None:
    link = linked("housing")
    grant = Portfolio.objects.filter(unit=unit("housing"), valid_to=None).get()
    carried_out(
        row("housing", "split", "township"),
        row("housing", "split", "centre", takes="leader_links、portfolio"),
    )
    assert LinkedUnit.objects.get(valid_to=None, person=person("leader_b")).unit == unit("centre")
    assert Portfolio.objects.filter(holding=grant.holding, unit=unit("centre"), valid_to=None).exists()
    ended = do("leader_links.end", "department_a", link, last_day="2026-03-31", reason="调整。")
    assert ended.matter.state == "ended"


def test_a_body_goes_on_with_its_office_and_a_unit_with_two_seats_is_asked_once() -> None:
    matter = body("housing", "education", office="housing")
    carried_out(row("housing", "merge", "education"))
    moved = Body.objects.get(pk=matter.pk)
    assert moved.office == unit("education")
    assert [seat.unit for seat in seats_of(moved, TODAY) if seat.unit] == [unit("education")] * 2
    left_out = [{"capacity": "head", "person": person("leader").pk}]
    do("bodies.change", "office_a", moved, basis="清发〔2026〕9号", since="2026-03-11", seats=left_out)
    assert not BodySeat.objects.filter(body=matter, valid_to=None, unit__isnull=False).exists()


def test_merged_twice_in_a_chain_it_is_with_the_last() -> None:
    task, link = dispatch.task(), linked("housing")
    first = prepared(row("housing", "merge", "education"))
    second = prepared(row("education", "merge", "township"))
    do("reorganization.carry_out", "department_b", first)
    do("reorganization.carry_out", "department_b", second)
    assert Task.objects.get(pk=task.pk).unit == unit("township")
    link.refresh_from_db()
    assert link.unit == unit("township")  # type: ignore[attr-defined]
    assert [one.unit for one in LinkedUnit.objects.filter(standing(TODAY), person=person("leader_b"))] == [
        unit("township")
    ]


def test_the_other_way_round_the_first_is_refused() -> None:
    first = prepared(row("housing", "merge", "education"))
    do("reorganization.carry_out", "department_b", prepared(row("education", "merge", "township")))
    with pytest.raises(Barred, match="其中有单位已撤销"):
        do("reorganization.carry_out", "department_b", first)


@pytest.mark.parametrize("upper_first", [True, False])
def test_a_unit_and_the_one_above_it_end_on_one_day(upper_first: bool) -> None:
    raw = {"code": "below", "name": "住建所", "parent": "housing"}
    listed = do(
        "units.propose", "department_a", basis="清编〔2026〕5号", since="2026-03-01", rows=[raw]
    ).matter
    do("units.confirm", "department_b", listed)
    both = [row("housing", "merge", "township"), row("below", "merge", "centre")]
    carried_out(*(both if upper_first else reversed(both)))
    assert unit("below").valid_to == YESTERDAY
    assert unit("below").parent == (unit("township") if upper_first else unit("housing"))


def test_withdrawn_before_its_day_nothing_is_touched(everywhere: None) -> None:
    matter = prepared(row("housing", "merge", "education"), on="2026-04-01")
    before = told(matter)
    do("reorganization.withdraw", "department_a", matter, reason="暂缓。")
    again = prepared(row("housing", "merge", "education"), on="2026-04-01")
    assert told(again) == before


def test_carried_out_later_what_came_meanwhile_goes_too() -> None:
    matter = prepared(row("housing", "merge", "education"), on="2026-03-05")
    task, link = dispatch.task(), linked("housing")
    do("reorganization.carry_out", "department_b", matter)
    assert Task.objects.get(pk=task.pk).unit == unit("education")
    link.refresh_from_db()
    assert link.unit == unit("education")  # type: ignore[attr-defined]
    assert list(left(unit("housing"))) == []


def test_of_a_unit_with_nothing_but_a_seat_to_be_taken_the_matter_is_told_and_follows() -> None:
    leaves.request()
    matter = prepared(row("leaders", "merge", "office"))
    before = told(matter)
    do("reorganization.carry_out", "department_b", matter)
    assert before != {}
    assert list(left(unit("leaders"))) == []


def test_what_is_spent_can_be_told_after_a_merger_and_the_budget_is_entered_anew() -> None:
    receptions.budget()
    receptions.budget(unit="education", reception=50_000 * receptions.YUAN)
    carried_out(row("housing", "merge", "education"))
    held = in_force(unit("education"), TODAY)
    assert held is not None
    assert held.reception == 50_000 * receptions.YUAN
    assert receptions.expenses(2025, education=(1, 0, 0)).state == "published"
    rows = [{"unit": unit("education").pk, "headcount": 150, "reception": 100_000 * receptions.YUAN}]
    rows = [one | {"vehicles": 0, "overseas": 0} for one in rows]
    entered = do(
        "expense_budget.enter", "finance", since="2026-03-10", basis="清财〔2026〕9号", rows=rows
    ).matter
    do("expense_budget.put_in_force", "leader", entered)
    assert receptions.books("education")["reception.budget"][0] == 100_000 * receptions.YUAN


def test_the_page_links_to_what_is_to_be_done_by_hand() -> None:
    receptions.budget()
    matter = prepared(row("housing", "merge", "education"))
    page = browser("department_b").get(f"/reorganization/{matter.pk}/page/moves/").content.decode()
    assert "/expense_budget/new/enter/" in page
    assert "Are seen to by hand".lower() in page.lower()


@isolate_apps("qingfeng.organization")
@pytest.mark.parametrize(
    ("word", "faults"),
    [
        (None, 1),
        ({"unit": FOLLOWS}, 1),
        ({"unit": STAYS, "town": STAYS}, 1),
        ({"unit": by_hand("moon.fly")}, 1),
        ({"unit": CARRIED.with_matters("moon")}, 1),
        ({"unit": CARRIED}, 0),
        ({"unit": ENDS}, 0),
        ({"unit": by_hand("expense_budget.enter")}, 0),
    ],
)
def test_a_register_without_a_fitting_word_stops_the_start(
    word: dict[str, Any] | None, faults: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Well(Register):
        unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
        becomes: ClassVar = word or {}

        class Meta:
            app_label = "organization"

    class There:
        def get_models(self, include_auto_created: bool = False) -> list[type[models.Model]]:
            return [Unit, Well]

    monkeypatch.setattr(unit_holders, "apps", There())
    found = [fault for fault in checks.declarations(None) if fault.id == "qingfeng.E034"]
    assert len(found) == faults
    assert all("organization.Well" in fault.msg for fault in found)
    if word is None:
        assert "“unit”" in found[0].msg
        assert "CARRIED or GOES_ON or ENDS or STAYS" in str(found[0].hint)


@isolate_apps("qingfeng.organization")
def test_what_hangs_on_a_row_that_goes_on_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Key(Register):
        post = models.ForeignKey(Post, models.PROTECT, related_name="+")

        class Meta:
            app_label = "organization"

    class There:
        def get_models(self, include_auto_created: bool = False) -> list[type[models.Model]]:
            return [Unit, Post, Key]

    monkeypatch.setattr(unit_holders, "apps", There())
    (found,) = [fault for fault in checks.declarations(None) if fault.id == "qingfeng.E034"]
    assert "organization.Key" in found.msg
    assert "“post”" in found.msg


def test_books_without_a_word_are_refused_at_once() -> None:
    with pytest.raises(Misdeclared, match="becomes=STAYS"):
        BookKind("moon", "月", "times")


def test_all_there_is_says_it_and_has_a_name_in_chinese() -> None:
    assert list(unit_holders.unsaid()) == []
    assert [
        model for model in unit_holders.records() if not checks.translated(model._meta.verbose_name or "")
    ] == []
