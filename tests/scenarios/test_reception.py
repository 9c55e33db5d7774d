"""Scenarios of receptions and the three public expenses, written so that a clerk can read them."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Invalid, Refusal
from qingfeng.kernel.regime.policy import Policy
from qingfeng.mechanisms.restraint.reception import rules
from qingfeng.mechanisms.restraint.reception.policy import A_HEAD, MOST_A_UNIT
from tests import cast
from tests.cast import do
from tests.receptions import AT_TABLE, VISIT, budget, numbered, wanted

Case = Mapping[str, Any]
KNOWN = {"name", "seed", "limits", "given", "asks", "approve", "served", "violations", "growth"}


def cases() -> list[Any]:
    text = (Path(__file__).parent / "reception" / "s4.yaml").read_text(encoding="utf-8")
    return [pytest.param(case, id=case["name"]) for case in yaml.load(text, Loader=yaml.BaseLoader)]


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


@pytest.mark.django_db
@pytest.mark.parametrize("case", cases())
def test_reception(case: Case) -> None:
    assert set(case) <= KNOWN
    for said in case.get("limits", []):
        policy = Policy(cast.jurisdiction().pk, cast.TODAY)
        limit = rules.yearly_limit(int(said["headcount"]), policy.value(A_HEAD), policy.value(MOST_A_UNIT))
        assert limit == fen(said["limit"]), said
    if "growth" in case:
        said = case["growth"]
        found = rules.growth(fen(said["now"]), fen(said["before"]))
        assert ("none" if found is None else rules.percent(found)) == said["written"]
    if "given" in case:
        _budget(case["given"])
    asked = [_asked(number, said) for number, said in enumerate(case.get("asks", []), start=1)]
    matter = next((one for one in asked if one is not None), None)
    for said in case.get("approve", []):
        assert _approves(said["who"], matter) is (said["may"] == "yes"), said
    if "served" in case:
        approved = do("reception.approve", "leader", matter).matter
        alcohol = case["served"]["alcohol"] == "yes"
        do("reception.hand_in_list", "clerk_housing", approved, VISIT, at_table=AT_TABLE, alcohol=alcohol)
        violations = Fact.objects.filter(name="reception.violation").values_list("quantity", flat=True)
        assert sum(violations) == int(case["violations"])


def _budget(given: Case) -> None:
    other = {name: fen(given[name]) for name in ("vehicles", "overseas") if name in given}
    refused = ""
    try:
        budget(int(given["headcount"]), fen(given["budget"]), **other)
    except Invalid as refusal:
        refused = " ".join(str(one) for said in refusal.fields.values() for one in said)
    assert bool(refused) is ("refused" in given)
    assert given.get("refused", "") in refused


def _asked(number: int, said: Case) -> Matter | None:
    raw = wanted(letter_number=numbered(number), estimate=fen(said["estimate"]))
    raw |= {"day": said["day"]} if "day" in said else {}
    raw |= {"alcohol": True} if said.get("alcohol") == "yes" else {}
    clause, matter = "", None
    try:
        matter = do("reception.ask", "clerk_housing", **raw).matter
    except Refusal as refusal:
        clause = refusal.clause
    assert (matter is None) is ("refused" in said), said
    assert said.get("refused", "") in clause, said
    return matter


def _approves(who: str, matter: Matter | None) -> bool:
    try:
        do("reception.approve", who, matter)
    except Refusal:
        return False
    return True
