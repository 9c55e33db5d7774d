"""The kind of a meeting follows from who convenes it; rank and number a year are capped where the regime says so."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from qingfeng.kernel.record.books import Book
from qingfeng.kernel.refusals import Barred, Invalid
from tests import cast
from tests.cast import NOW, do, unit
from tests.mechanisms.restraint.meetings.gatherings import approved, asked, facts, put_in_force, wanted
from tests.refusals import invalid

pytestmark = pytest.mark.django_db
CENTRE = "finance_clerk"


def refused(who: str, act: str = "meetings.ask", **changed: Any) -> Barred:
    with pytest.raises(Barred) as refusal:
        do(act, who, **wanted(**changed))
    return refusal.value


@pytest.mark.parametrize("kind", ["sessions", "annual", "district"])
def test_a_township_convenes_no_meeting_of_the_district(kind: str) -> None:
    told = refused("clerk_township", kind=kind)
    assert "信息中心" in str(told.grounds[0].reason)
    assert told.grounds[0].clause.endswith("第四条")
    assert asked("clerk_township").state == "asked"
    assert asked(CENTRE, kind=kind, people=90).state == "asked"


@pytest.mark.parametrize(
    ("changed", "clauses"),
    [({"kind": "district", "minutes": 1000}, 2), ({"kind": "annual", "minutes": 1000, "people": 9000}, 3)],
)
def test_whose_it_is_not_and_all_it_breaks_are_told_at_once(changed: dict[str, Any], clauses: int) -> None:
    told = refused("clerk_township", **changed)
    assert "信息中心" in str(told.grounds[0].reason)
    assert len(told.grounds) == clauses
    assert "特批" not in str(told.remedy)


def test_neither_as_an_exception_nor_as_an_emergency() -> None:
    for act in ("meetings.ask_exception", "meetings.convene"):
        grounds = refused("clerk_education", act, kind="annual", people=300, reason="迎检。").grounds
        assert ["召集" in str(ground.reason) for ground in grounds] == [True]


def test_where_the_regime_names_nobody_nobody_convenes_it() -> None:
    text = cast.demonstration()
    start = text.index("        - {kind: annual")
    put_in_force(text[:start] + text[text.index("        - {kind: district") :])
    told = refused(CENTRE, kind="annual")
    assert "没有写明" in str(told.grounds[0].reason)
    assert told.remedy
    assert asked(CENTRE, kind="district").state == "asked"


def test_three_days_of_an_hour_each_are_not_half_a_day() -> None:
    grounds = refused(CENTRE, kind="district", days=3, minutes=180, starts="2026-04-13 09:00").grounds
    assert [ground.clause[-6:] for ground in grounds] == ["第七条第一款"]
    grounds = refused(
        "clerk_housing", kind="discussion", days=2, minutes=120, starts="2026-04-14 09:00"
    ).grounds
    assert "会期跨 2 天" in str(grounds[0].reason)


def test_a_discussion_has_its_cap_of_people_and_a_district_meeting_its_rank() -> None:
    assert asked(kind="discussion", people=100).state == "asked"
    assert "100人" in str(refused("clerk_housing", kind="discussion", people=101).grounds[0].reason)
    assert asked(kind="district", leaders=5).state == "asked"
    assert "出席领导 6 人" in str(refused(CENTRE, kind="district", leaders=6).grounds[0].reason)


def test_what_the_regime_does_not_cap_is_not_capped() -> None:
    assert asked(kind="discussion", leaders=40).state == "asked"
    assert (
        asked(kind="sessions", people=900, leaders=40, days=4, minutes=1200, starts="2026-04-12 09:00").state
        == "asked"
    )


def test_the_number_a_year_holds_for_every_kind_that_has_one() -> None:
    once = cast.demonstration().replace(
        "meetings.district_a_year:\n    - from: 2024-01-01\n      value: 30",
        "meetings.district_a_year:\n    - from: 2024-01-01\n      value: 1",
    )
    put_in_force(once)
    first = approved(kind="district")
    assert "第六条第五款" in refused(CENTRE, kind="district", starts="2026-05-13 09:00").grounds[0].clause
    do("meetings.cancel", CENTRE, first, why="合并。")
    assert approved(kind="district", starts="2026-05-13 09:00").state == "approved"
    assert Book.objects.get(kind="meetings.district", owner=f"unit:{unit('centre').pk}").used == 1


def test_only_what_was_approved_and_then_cancelled_saves_and_no_more_than_its_budget() -> None:
    waiting = asked("clerk_education", budget=900_00, kind="discussion")
    with pytest.raises(Invalid) as refusal:
        do("meetings.cancel", "clerk_education", waiting, why="不开了。", saved=900_00)
    assert list(refusal.value.fields) == ["saved"]
    do("meetings.cancel", "clerk_education", waiting, why="不开了。")
    assert facts("gathering.cancelled", "gathering.saved") == {"gathering.cancelled": 0, "gathering.saved": 0}
    standing = approved("clerk_education", budget=900_00, kind="discussion")
    with invalid("saved", "节约金额不得超过预算 900.00 元"):
        do("meetings.cancel", "office_a", standing, why="合并。", saved=900_01)
    do("meetings.cancel", "office_a", standing, why="合并。", saved=900_00)
    assert facts("gathering.cancelled", "gathering.saved") == {
        "gathering.cancelled": 1,
        "gathering.saved": 90_000,
    }


def test_a_forum_given_up_before_it_was_approved_saved_nothing() -> None:
    raw = {"title": "产业论坛", "kind": "forum", "day": "2026-06-10", "budget": 300_000, "purpose": "招商。"}
    forum = do("celebrations.ask", "clerk_township", **raw).matter
    with invalid("saved", "尚未批准"):
        do("celebrations.cancel", "office_b", forum, NOW + timedelta(days=1), why="压减。", saved=1)
    assert do("celebrations.cancel", "office_b", forum, why="压减。").matter.state == "cancelled"
    assert facts("gathering.cancelled") == {"gathering.cancelled": 0}
