"""What is asked of units is counted from what the matters declare, and whoever asks more is told before sending."""

from datetime import datetime
from typing import Any, ClassVar

import pytest

from qingfeng.kernel import checks
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.reading import burden, reads
from qingfeng.kernel.reading.burden import Burden, BurdenKind, BurdenMonth
from qingfeng.kernel.refusals import Invalid
from qingfeng.mechanisms.accountability.statement.models import Statement
from qingfeng.mechanisms.duty.dispatch.models import Task
from qingfeng.mechanisms.problems.rectification.models import Problem
from qingfeng.mechanisms.restraint.meetings.models import Meeting
from qingfeng.mechanisms.restraint.meetings.registers import Invitation
from tests import cast
from tests.cast import NOW, TODAY, actor, do, unit
from tests.mechanisms.accountability.statement.test_statements import asked as statement
from tests.mechanisms.duty.dispatch import meetings as dispatch
from tests.mechanisms.problems.inspection import rounds
from tests.mechanisms.restraint.meetings import gatherings
from tests.organization.test_reorganization_day import carried_out, row
from tests.sheets import sheet

pytestmark = pytest.mark.django_db


def month(who: str = "office_a", of: str = "") -> BurdenMonth:
    return reads.burden(actor(who), of, TODAY)


def asked(code: str = "housing", who: str = "office_a", of: str = "") -> tuple[int, ...]:
    """Meetings, inspections, forms and fields."""
    found = month(who, of)
    return tuple(found.count(unit(code), kind) for kind in BurdenKind)


def invited(*codes: str, **more: Any) -> Meeting:
    meeting = gatherings.approved(**more)
    rows = [{"unit": unit(code).pk} for code in codes]
    return gatherings.meeting(do("meetings.invite", "clerk_housing", meeting, invitations=rows).matter)


def warned(name: str, who: str = "office_a", at: datetime = NOW) -> str:
    code, act = name.split(".")
    return "\n".join(map(str, reads.warned(acts_of(mechanisms()[code])[act], actor(who), at)))


@pytest.fixture
def numbers() -> None:
    """Two of each a month, put into force by the demonstration."""
    kinds = ("meetings", "inspections", "forms")
    said = "\n".join(
        f"  burden.{kind}:\n    - from: 2026-01-01\n      value: 2\n      verified: true\n"
        "      source: {title: 基层减负办法, clause: 第三条}"
        for kind in kinds
    )
    gatherings.put_in_force(cast.demonstration().replace("values:\n", f"values:\n{said}\n", 1))


def test_each_kind_is_counted_from_what_is_declared() -> None:
    dispatch.task()
    statement()
    sheet("assigned")
    rounds.begun()
    dispatch.held(dispatch.called())
    fields = sum(
        burden.fields_of(matter, matter.asks) for matter in (Task, Statement, Problem) if matter.asks
    )
    assert fields > 9
    assert asked() == (1, 1, 3, fields)
    assert asked("education") == (1, 0, 0, 0)
    invited("education", "township")
    assert asked("education", of="2026-04") == asked("township", of="2026-04") == (1, 0, 0, 0)


def test_what_is_withdrawn_or_called_off_counts_no_more() -> None:
    meeting = invited("education")
    task = dispatch.task()
    visit = rounds.begun()["housing"]
    assert (asked("education", of="2026-04")[0], asked()[1:3]) == (1, (1, 1))
    do("meetings.cancel", "clerk_housing", meeting, why="改期。", saved=0)
    do("tasks.call_off", "office_a", task, reason="已办。")
    do("inspection_visits.drop", "office_a", visit, why="合并检查。")
    assert (asked("education", of="2026-04")[0], asked()[1:3]) == (0, (0, 0))


def test_a_meeting_that_is_put_on_another_day_counts_in_the_month_of_that_day() -> None:
    meeting = invited("education")
    do("meetings.cancel", "clerk_housing", meeting, why="改期。", saved=0)
    invited("education", starts="2026-05-13 09:00")
    assert (asked("education", of="2026-04")[0], asked("education", of="2026-05")[0]) == (0, 1)


def test_a_unit_that_is_not_invited_any_more_is_asked_nothing() -> None:
    meeting = invited("education", "township")
    rows = [{"unit": unit("township").pk}, {"unit": unit("centre").pk}]
    do("meetings.invite", "clerk_housing", meeting, invitations=rows)
    assert [asked(code, of="2026-04")[0] for code in ("education", "township", "centre")] == [0, 1, 1]


def test_a_sheet_counts_in_the_month_in_which_it_was_assigned() -> None:
    sheet("verified")
    assert asked()[2] == 0
    sheet("assigned")
    assert asked()[2] == 1


def test_a_units_own_people_have_all_of_theirs_but_what_they_do_not_know_yet() -> None:
    dispatch.task()
    visit = rounds.begun(manner="covert")["housing"]
    for who in ("cadre", "clerk_housing", "head_housing", "leader"):
        assert asked(who=who) == (0, 0, 1, 3)
    assert [one.code for one in month("cadre").units] == ["housing"]
    rounds.fed_back(rounds.seen(visit))
    assert asked(who="cadre")[1] == 1
    assert asked("education", who="cadre") == (0, 0, 0, 0)


def test_whoever_asks_one_more_is_told_count_clause_and_what_was_asked(numbers: None) -> None:
    dispatch.task(title="门头整治")
    assert warned("tasks.set") == ""
    statement()
    told = warned("tasks.set")
    assert "住建局（2026-03）：报表已有2项，限额2（《基层减负办法》第三条）" in told
    assert "门头整治" in told
    assert "一次要齐" in told
    assert warned("dispatch.conclude") == warned("statement.set") == told
    assert warned("meetings.invite", "clerk_housing") == ""
    assert dispatch.task().state == "set"


def test_a_unit_that_asks_is_told_of_counts_and_of_no_matter_it_may_not_read(numbers: None) -> None:
    for day in ("2026-04-14 09:00", "2026-04-15 09:00"):
        invited("education", kind="discussion", starts=day, title="密件议题", people=10)
    told = warned("meetings.invite", "clerk_education")
    assert "教育局（2026-04）：会议已有2项" in told
    assert "密件议题" not in told
    assert "密件议题" in warned("meetings.invite", "clerk_housing")


def test_a_covert_visit_is_told_to_who_inspects_and_to_nobody_else(numbers: None) -> None:
    rounds.begun(manner="covert")
    rounds.begun(manner="covert", topic="formalities")
    assert "检查已有2项" in warned("inspections.ask")
    assert "检查已有2项" in warned("inspection_plans.file")
    for name, who in (("meetings.invite", "clerk_education"), ("tasks.set", "office_a")):
        assert "检查" not in warned(name, who)


def test_where_no_number_is_in_force_it_is_counted_and_nobody_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("qingfeng.kernel.regime.policy.Policy.seen", lambda self, parameter: None)
    for _number in range(12):
        dispatch.task()
    assert asked()[2] == 12
    assert warned("tasks.set") == ""
    assert month().over() == []


def test_a_number_nobody_compared_tells_nobody_off(numbers: None, monkeypatch: pytest.MonkeyPatch) -> None:
    dispatch.task()
    dispatch.task()
    monkeypatch.setattr("qingfeng.kernel.regime.policy.Policy.confirmed", lambda self, valued: False)
    assert warned("tasks.set") == ""
    assert dict(month().most) == {}


def test_an_invitation_goes_on_with_the_successor_and_one_that_is_over_stays() -> None:
    invited("education", "township")
    carried_out(row("education", "merge", "township"))
    assert asked("township", of="2026-04")[0] == 1
    assert [one.code for one in month(of="2026-04").units if month(of="2026-04").count(one, "meeting")] == [
        "township"
    ]
    assert Invitation.objects.filter(unit=unit("township"), valid_to="2026-04-15").count() == 2


@pytest.mark.parametrize("wrong", ["2026", "2026-13", "march", "2026-3", "0001-01", "1900-01"])
def test_a_month_that_is_none_is_told(wrong: str) -> None:
    with pytest.raises(Invalid) as refused:
        month(of=wrong)
    assert set(refused.value.fields) == {"month"}


@pytest.mark.parametrize(
    ("declared", "number"),
    [
        (Burden(BurdenKind.FORM, by=("moon.fly",)), "E035"),
        (Burden(BurdenKind.FORM, act="fly"), "E035"),
        (Burden(BurdenKind.FORM, unit="moon"), "E036"),
        (Burden(BurdenKind.FORM, on="moon"), "E036"),
        (Burden(BurdenKind.FORM, told="what"), "E036"),
        (Burden(BurdenKind.FORM, told="unit"), ""),
    ],
)
def test_a_faulty_word_stops_the_start(
    declared: Burden, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Task, "asks", declared)
    found = [fault.id for fault in checks.declarations(None) if fault.obj is Task]
    assert found == ([f"qingfeng.{number}"] if number else [])


class Wanted(Task):
    """A mechanism that comes later needs its line, and nothing of the kernel."""

    asks: ClassVar = Burden(BurdenKind.INSPECTION)

    class Meta:
        abstract = True


def test_the_next_mechanism_needs_its_line_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    dispatch.task()
    monkeypatch.setattr(Task, "asks", Wanted.asks)
    assert asked() == (0, 1, 0, 0)
