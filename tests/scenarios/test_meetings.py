"""Scenarios of meetings, papers and celebrations (S0, S4), written so that a clerk can read them."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.kernel.time.workdays import Workdays
from qingfeng.mechanisms.restraint.meetings.rules import Cap, Caps, FreeMonths, by_day
from tests import cast
from tests.cast import NOW, do
from tests.mechanisms.restraint.meetings.gatherings import convener, facts, wanted

Case = Mapping[str, Any]
HERE = Path(__file__).parent / "meetings"
LAW = "《清风区会议文件管理示范办法》"


def cases(name: str) -> list[Any]:
    said = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return [pytest.param(case, id=f"{case['id']} {case['name']}") for case in said]


@pytest.mark.parametrize("case", cases("days"))
def test_days(case: Case) -> None:
    given, then = case["given"], case["then"]
    free = FreeMonths(frozenset(given["free_months"]), "")
    caps = Caps(None, None, None, free, Cap(given["blocked_from"], ""), None, None, None, 240)

    def broken(day: date) -> list[str]:
        return [str(one.what) for one in by_day(day, caps, Workdays())]

    assert {day: broken(day) for day in then["lawful"]} == {day: [] for day in then["lawful"]}
    assert {day: broken(day) for day in then["refused"]} == then["refused"]


def usual(act: str) -> dict[str, Any]:
    """What is filled in where a case says nothing else."""
    if act == "meetings.ask":
        speaker = {"unit": cast.unit("housing").pk, "post": "副职", "topic": "发言", "minutes": 8}
        return {**wanted(), "agenda": [speaker, {**speaker, "post": "区委副书记"}]}
    return {
        "celebrations.ask": {
            "title": "茶话会",
            "kind": "festival",
            "day": "2026-04-15",
            "budget": 5_000_000,
            "purpose": "联谊。",
        },
        "issued_papers.draft": {"title": "通知", "sort": "special", "characters": 3000},
    }.get(act, {})


def filled(step: Case) -> dict[str, Any]:
    raw = {**usual(step["does"]), **step.get("with", {})}
    if minutes := raw.pop("one_speech", 0):
        raw["agenda"] = [{**raw["agenda"][0], "minutes": minutes}]
    elif "agenda" in raw and raw["minutes"] < 16:
        raw["agenda"] = []
    return raw


@pytest.mark.django_db
@pytest.mark.parametrize("case", cases("acts"))
def test_acts(case: Case) -> None:
    known: dict[str, Matter] = {}
    if many := case.get("repeat"):
        _repeat(many)
    for step in case["when"]:
        _perform(step, known)
    assert facts(*case["then"]) == case["then"]


def _perform(step: Case, known: dict[str, Matter]) -> None:
    at = datetime.fromisoformat(str(step["at"])).replace(tzinfo=ZONE) if "at" in step else NOW
    raw = {name: str(value) if isinstance(value, date) else value for name, value in filled(step).items()}
    before = Matter.objects.count()
    refused: list[str] | None = None
    mended: list[str] | None = None
    try:
        who = step.get("who") or (convener(raw) if step["does"] == "meetings.ask" else "clerk_housing")
        done = do(step["does"], who, known.get(step.get("which", "")), at, **raw)
        known[step.get("as", step.get("which", ""))] = done.matter
    except Barred as refusal:
        refused = [ground.clause.removeprefix(LAW) for ground in refusal.grounds]
    except Invalid as refusal:
        mended = list(refusal.fields)
    assert (refused, mended) == (step.get("refused"), step.get("mended")), step
    assert Matter.objects.count() == before or (refused, mended) == (None, None), "nothing is stored"


def _repeat(many: Case) -> None:
    for number in range(many["times"]):
        asked = do(many["does"], "clerk_housing", **{**usual(many["does"]), "kind": many["kind"]})
        saved = many["last"] if number == many["times"] - 1 else many["saved"]
        do("celebrations.approve", "leader", asked.matter, approval=f"清办〔2026〕{number + 1}号")
        do(many["then"], "clerk_housing", asked.matter, why="厉行节约。", saved=saved)
