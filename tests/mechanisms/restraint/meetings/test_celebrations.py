"""Celebrations: none without an approval number; what a cancelled one saves is counted."""

from typing import Any

import pytest

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Barred, Invalid
from tests.cast import do
from tests.mechanisms.restraint.meetings.gatherings import ON_THE_DAY, facts

pytestmark = pytest.mark.django_db
FESTIVAL = {
    "title": "清河桃花节",
    "kind": "festival",
    "day": "2026-04-15",
    "budget": 5_000_000,
    "purpose": "推介文旅。",
}


def asked(**changed: Any) -> Matter:
    return do("celebrations.ask", "clerk_housing", **{**FESTIVAL, **changed}).matter


def test_a_celebration_is_held_only_under_an_approval_number() -> None:
    sheet = asked()
    with pytest.raises(Barred, match="本事项现为“待审批”"):
        do("celebrations.hold", "clerk_housing", sheet, ON_THE_DAY, cost=1)
    with pytest.raises(Invalid) as refusal:
        do("celebrations.approve", "leader", sheet, approval=" ")
    assert list(refusal.value.fields) == ["approval"]
    do("celebrations.approve", "leader", sheet, approval="清办〔2026〕7号")
    assert do("celebrations.hold", "clerk_housing", sheet, ON_THE_DAY, cost=1).matter.state == "held"


def test_it_is_reported_held_on_its_day_and_not_before() -> None:
    sheet = do("celebrations.approve", "leader", asked(), approval="清办〔2026〕7号").matter
    with pytest.raises(Barred, match="活动日期未到"):
        do("celebrations.hold", "clerk_housing", sheet, cost=1)


def test_a_day_that_is_past_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        asked(day="2026-03-09")
    assert list(refusal.value.fields) == ["day"]


def test_one_refused_or_cancelled_is_not_held() -> None:
    do("celebrations.refuse", "leader", asked(), why="无必要。")
    standing = do(
        "celebrations.approve", "leader", asked(kind="tea_party"), approval="清办〔2026〕8号"
    ).matter
    do("celebrations.cancel", "clerk_housing", standing, why="从简。", saved=1_000_000)
    assert facts("celebration.held", "gathering.cancelled", "gathering.saved") == {
        "celebration.held": 0,
        "gathering.cancelled": 1,
        "gathering.saved": 1_000_000,
    }


@pytest.mark.parametrize(("saved", "stands"), [(4_999_999, True), (5_000_000, True), (5_000_001, False)])
def test_no_more_is_saved_than_an_approved_one_had_for_a_budget(saved: int, stands: bool) -> None:
    approved = do("celebrations.approve", "leader", asked(), approval="清办〔2026〕9号").matter
    if stands:
        do("celebrations.cancel", "clerk_housing", approved, why="从简。", saved=saved)
    else:
        with pytest.raises(Invalid) as refusal:
            do("celebrations.cancel", "clerk_housing", approved, why="从简。", saved=saved)
        assert list(refusal.value.fields) == ["saved"]
    assert facts("gathering.saved") == {"gathering.saved": saved if stands else 0}
