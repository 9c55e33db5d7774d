"""Scenarios of recurring meetings and tasks (S1, S2, S3), written so that a clerk can read them."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db.models import Sum

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Refusal
from qingfeng.kernel.regime.models import ActivatedRegime
from qingfeng.kernel.time.duties import Due, due
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.mechanisms.duty.dispatch.models import Dispatch
from tests import cast

Case = Mapping[str, Any]
HERE = Path(__file__).parent / "dispatch"
SYSTEM = {"the clock": "clock", "the duty": "duty"}


def at(said: str) -> datetime:
    return datetime.fromisoformat(said).replace(tzinfo=ZONE)


def read(name: str) -> list[Case]:
    said: list[Case] = yaml.load((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return said


@pytest.mark.django_db
def test_a_year_has_as_many_meetings_as_the_rules_ask_for() -> None:
    # As if the regime had been put in force before the year began.
    before = at("2025-12-30 09:00")
    rows = ActivatedRegime.objects.filter(jurisdiction=cast.jurisdiction()).order_by("pk")
    for row in rows:
        ActivatedRegime(
            jurisdiction=cast.jurisdiction(cast.BESIDE),
            regime=row.regime,
            layer=row.layer,
            digest=row.digest,
            text=row.text,
            recorded_at=before,
            valid_from=before.date(),
        ).save(by_act=True)
    found: dict[str, list[Due]] = {}
    for one in due(at("2026-12-31 18:00")):
        if isinstance(one, Due) and one.jurisdiction.code == cast.BESIDE:
            found.setdefault(one.duty.code, []).append(one)
    for case in read("year"):
        periods = found[f"dispatch.{case['kind']}"]
        assert len(periods) == len({one.period for one in periods}) == int(case["due"]), case["name"]
        assert {"period": periods[0].period, "opens": periods[0].opens_on.isoformat()} == case["first"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "case", [pytest.param(case, id=f"{case['id']} {case['name']}") for case in read("acts")]
)
def test_acts(case: Case) -> None:
    known: dict[str, Matter] = {}
    for step in case["when"]:
        _perform(step, known)
    stored = {name: Matter.objects.get(pk=matter.pk) for name, matter in known.items()}
    facts = (
        Fact.objects.filter(entry__matter__in=stored.values()).values_list("name").annotate(Sum("quantity"))
    )
    assert {name: matter.state for name, matter in stored.items()} == case["then"]["states"]
    assert {name: str(quantity) for name, quantity in facts} == case["then"]["facts"]


def _perform(step: Case, known: dict[str, Matter]) -> None:
    name = step["who"]
    who = cast.the_system(SYSTEM[name]) if name in SYSTEM else name
    raw = {key: _filled(key, value) for key, value in step.get("with", {}).items()}
    refused = ""
    try:
        done = cast.do(step["does"], who, known.get(step["as"]), at(step["at"]), **raw)
        known[step["as"]] = done.matter
    except Refusal as refusal:
        refused = refusal.code
    assert refused == step.get("refused", ""), step
    if "sets" in step:
        known[step["sets"]] = _meeting(known[step["as"]]).resolutions.get().task
    if "agenda" in step:
        items = _meeting(known[step["as"]]).items.order_by("number")
        assert [f"{row.section} {row.topic or row.matter.title}" for row in items] == step["agenda"]


def _meeting(matter: Matter) -> Dispatch:
    return Dispatch.objects.get(pk=matter.pk)


def _filled(key: str, value: Any) -> Any:
    if key == "unit":
        return cast.unit(value).pk
    if isinstance(value, list):
        return [{inner: _filled(inner, cell) for inner, cell in row.items()} for row in value]
    return int(value) if key in ("people", "item") else value
