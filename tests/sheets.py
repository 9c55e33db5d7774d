"""A problem sheet, brought to a state by the people of the cast."""

from datetime import datetime, timedelta
from typing import Any

from django.apps import apps

from qingfeng.kernel.time.periods import day_of
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast
from tests.cast import NOW, do

FOUND: dict[str, Any] = {
    "title": "窗口上午无人值守",
    "kind": "inaction",
    "topic": "not_acting",
    "description": "三月九日上午十点，二号窗口无人。",
}
VERIFIED: dict[str, Any] = {"finding": "调取监控，情况属实。"}
STATES = ("found", "verified", "assigned", "signed", "rectifying", "reported", "written_off")


def plan(unit: str = "housing", at: datetime = NOW) -> dict[str, Any]:
    """A plan of a unit's own, in two steps, made at a time."""
    person = "cadre" if unit == "housing" else f"clerk_{unit}"
    days = [(day_of(at) + timedelta(days=days)).isoformat() for days in (3, 7)]
    return {
        "rectifier": cast.person(person).pk,
        "measures": "窗口实行双岗，午间轮值，公示去向。",
        "steps": [
            {"what": "排定轮值表", "day": days[0]},
            {"what": "公示并抽查", "day": days[1]},
        ],
        "finish_on": days[1],
    }


def sheet(state: str = "found", at: datetime = NOW, unit: str = "housing", **said: Any) -> Problem:
    """A sheet of the county in a state: office A registers and assigns, the unit's clerk signs, plans and reports."""
    matter = do("rectification.register", "office_a", at=at, **{**FOUND, **said}).matter
    clerk = f"clerk_{unit}"
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("verify", "office_a", VERIFIED),
        ("assign", "office_a", {"responsible": cast.unit(unit).pk, "requirement": "三日内整改。"}),
        ("sign", clerk, {}),
        ("plan", clerk, plan(unit, at)),
        ("report", clerk, {"result": "已安排专人值守。", "no_evidence": "已由科室现场看过。"}),
        ("write_off", "office_b", {"finding": "现场核查属实。"}),
    ]
    for name, who, raw in steps[: STATES.index(state)]:
        matter = do(f"rectification.{name}", who, matter, at, **raw).matter
    assert isinstance(matter, Problem)
    return matter


def rows() -> dict[str, int]:
    """How many rows every table has, but for the journal's, where refusals are kept."""
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if not model._meta.label.startswith("kernel.Journal")
    }
