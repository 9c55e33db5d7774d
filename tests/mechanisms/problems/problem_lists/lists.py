"""Own problem lists as the tests have them, on and around Tuesday, 10 March 2026."""

from typing import Any

from qingfeng.kernel.matters.models import Matter
from qingfeng.mechanisms.problems.problem_lists.models import OwnList
from tests import cast
from tests.cast import NOW, do


def row(person: str = "cadre", **other: Any) -> dict[str, Any]:
    return {
        "problem": "窗口值守不到位",
        "kind": "inaction",
        "measure": "rules",
        "person": cast.person(person).pk,
        "road_map": "排班公示抽查",
        "by_day": "2026-06-30",
        **other,
    }


def drawn_up(*rows: dict[str, Any], who: str = "clerk_housing", year: int = 2026, at: Any = NOW) -> Matter:
    return do("problem_lists.draw_up", who, at=at, year=year, rows=list(rows or (row(),))).matter


def in_force(*rows: dict[str, Any]) -> Matter:
    return do("problem_lists.approve", "head_housing", drawn_up(*rows)).matter


def put_right(own: Matter, item: int = 1, who: str = "clerk_housing") -> Matter:
    return do("problem_lists.put_right", who, own, item=item, result="已排班。").matter


def fresh(own: Matter) -> OwnList:
    return OwnList.objects.get(pk=own.pk)
