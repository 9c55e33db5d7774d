"""Plans, rounds and visits brought to a state by the people of the cast."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from qingfeng.kernel.record.books import Book
from qingfeng.mechanisms.problems.inspection.models import Campaign, Inspection, InspectionPlan, Visit
from tests import cast
from tests.cast import NOW, do

TEAM = ("office_b", "clerk_township")
TOPICS = (
    "three_battles",
    "major_projects",
    "not_acting",
    "formalities",
    "irregular_work",
    "eight_rules",
    "weak_rule_of_law",
    "doing_business",
)
"""Eight of the topics of the year."""
LOOKS = {"problem_list": "ok", "ledger": "ok", "limits": "not", "follow_up": "ok", "peoples_view": "unseen"}


def row(unit: str | None = "housing", **changed: Any) -> dict[str, Any]:
    """A line of a plan: the round of July, open, in the topic of not acting."""
    line = {
        "round": "七月督导检查",
        "topic": "not_acting",
        "manner": "open",
        "first_day": "2026-07-01",
        "last_day": "2026-07-10",
        "lead": cast.unit("office").pk,
    }
    named = {"unit": cast.unit(unit).pk} if unit else {}
    return {**line, **named, **changed}


def filed(*rows: dict[str, Any], who: str = "office_a", **more: Any) -> InspectionPlan:
    """A plan of the year, filed."""
    raw = {"title": "二〇二六年督查检查计划", "year": 2026, "rows": list(rows or (row(),)), **more}
    matter = do("inspection_plans.file", who, **raw).matter
    assert isinstance(matter, InspectionPlan)
    return matter


def approved(*rows: dict[str, Any], **more: Any) -> InspectionPlan:
    """A plan of the year, approved by a leader."""
    matter = do("inspection_plans.approve", "leader", filed(*rows, **more)).matter
    assert isinstance(matter, InspectionPlan)
    return matter


def wanted(units: Sequence[str] = ("housing",), **changed: Any) -> dict[str, Any]:
    """A round that begins today, covert."""
    asked = {
        "title": "三月暗访",
        "topic": "not_acting",
        "manner": "covert",
        "first_day": "2026-03-10",
        "last_day": "2026-03-20",
        "lead": cast.unit("office").pk,
        "units": [{"unit": cast.unit(code).pk} for code in units],
    }
    return {**asked, **changed}


def prepared(units: Sequence[str] = ("housing",), team: Sequence[str] = TEAM, **changed: Any) -> Inspection:
    """A round beside the plan, asked for, approved, with its team."""
    raw = {"reason": "群众集中反映。", **wanted(units, **changed)}
    matter = do("inspections.ask", "office_a", **raw).matter
    do("inspections.approve", "leader", matter)
    people = [{"person": cast.person(name).pk} for name in team]
    matter = do("inspections.second", "office_a", matter, people=people).matter
    assert isinstance(matter, Inspection)
    return matter


def begun(units: Sequence[str] = ("housing",), **changed: Any) -> dict[str, Visit]:
    """The visits of a round that has begun, by the code of their unit."""
    return visits(do("inspections.begin", "office_a", prepared(units, **changed)).matter.pk)


def visits(round_id: int) -> dict[str, Visit]:
    """The visits of a round by the code of their unit."""
    found = Visit.objects.filter(round_id=round_id).select_related("unit").order_by("pk")
    return {visit.unit.code: visit for visit in found}


def seen(visit: Visit, who: str = "clerk_township", at: datetime = NOW, on: str = "2026-03-10") -> Visit:
    """A visit, seen."""
    matter = do("inspection_visits.see", who, visit, at, on=on, seen="窗口无人值守。").matter
    assert isinstance(matter, Visit)
    return matter


def found(visit: Visit, title: str = "窗口无人值守", kind: str = "inaction", **more: Any) -> Visit:
    """A finding more."""
    raw = {"title": title, "kind": kind, "found": "上午十点无人值守。", **more}
    matter = do("inspection_visits.find", "clerk_township", visit, **raw).matter
    assert isinstance(matter, Visit)
    return matter


def fed_back(visit: Visit, who: str = "office_a") -> Visit:
    """The conclusion, told to the unit."""
    matter = do("inspection_visits.feed_back", who, visit, conclusion="值守制度没有落实。").matter
    assert isinstance(matter, Visit)
    return matter


def settled(visit: Visit, head: str = "head_housing") -> Visit:
    """Seen, fed back and accepted."""
    matter = do("inspection_visits.accept", head, fed_back(visit)).matter
    assert isinstance(matter, Visit)
    return matter


def running(**changed: Any) -> Campaign:
    """A campaign, launched."""
    raw = {
        "title": "为官不为专项整治",
        "first_day": "2026-03-01",
        "last_day": "2026-10-31",
        "kinds": [{"kind": "inaction"}, {"kind": "slow_action"}],
        "aims": "整治庸懒散拖、太平官、逍遥官。",
    }
    matter = do("campaigns.propose", "office_a", **{**raw, **changed}).matter
    matter = do("campaigns.launch", "leader", matter).matter
    assert isinstance(matter, Campaign)
    return matter


def used(unit: str = "housing", kind: str = "inspections.year", year: int = 2026) -> tuple[int, int]:
    """What is reserved and what is committed on a unit's account."""
    book = Book.objects.get(kind=kind, owner=f"unit:{cast.unit(unit).pk}", period=str(year))
    return book.reserved, book.committed
