"""Scenarios of leave, written so that a clerk can read them: asked for before, cancelled after, a call put in writing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db.models import Sum

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Refusal
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.periods import last_day
from tests import cast
from tests.leaves import at

Case = Mapping[str, Any]
FILE = Path(__file__).parent / "leave" / "s0_ask_before_cancel_after.yaml"
FLAGS = {"true": True, "false": False}


def cases() -> list[Any]:
    said = yaml.load(FILE.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return [pytest.param(case, id=f"{case['id']} {case['name']}") for case in said]


@pytest.mark.django_db
@pytest.mark.parametrize("case", cases())
def test_leave(case: Case) -> None:
    leaves: dict[str, Matter] = {}
    for step in case["when"]:
        _perform(step, leaves)
    for name, expected in case["then"].items():
        assert _found(name, leaves) == expected, name


def _perform(step: Case, leaves: dict[str, Matter]) -> None:
    who = cast.the_system("clock") if step["who"] == "the clock" else step["who"]
    raw = {name: FLAGS.get(value, value) for name, value in step.get("with", {}).items()}
    if "person" in raw:
        raw["person"] = cast.person(str(raw["person"])).pk
    refused = ""
    try:
        done = cast.do(f"leave.{step['does']}", who, leaves.get(step["leave"]), at(step["at"]), **raw)
        leaves[step["leave"]] = done.matter
    except Refusal as refusal:
        refused = refusal.code
    assert refused == step.get("refused", ""), step


def _found(name: str, leaves: dict[str, Matter]) -> Any:
    stored = {leave: Matter.objects.get(pk=matter.pk) for leave, matter in leaves.items()}
    own = list(stored.values())
    facts = Fact.objects.filter(entry__matter__in=own).values_list("name").annotate(Sum("quantity"))
    found = {
        "states": {leave: matter.state for leave, matter in stored.items()},
        "open": str(sum(not matter.closed for matter in own)),
        "facts": {fact: str(quantity) for fact, quantity in facts},
        "last_days": {
            leave: last_day(running.due_at).isoformat()
            for leave, matter in stored.items()
            for running in Running.objects.filter(matter=matter, name="cancelling", stopped_at=None)
        },
    }
    return found[name]
