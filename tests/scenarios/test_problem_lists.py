"""Scenarios of own problem lists (S3): who drew one up, by sequence. Records are made up."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.people.actors import Actor, holder_of
from qingfeng.kernel.people.models import Jurisdiction, Unit
from qingfeng.kernel.people.roles import RoleHolding, holdings_of
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.facts import Fact
from tests import cast
from tests.cast import FOUNDED, NOW, TODAY

Case = Mapping[str, Any]
FILE = Path(__file__).parent / "problem_lists" / "coverage.yaml"
PEOPLE = {"unit_head": "head", "unit_clerk": "clerk"}


def cases() -> list[Any]:
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [pytest.param(case, id=f"{case['id']} {case['name']}") for case in said]


@pytest.mark.django_db
@pytest.mark.parametrize("case", cases())
def test_coverage(case: Case) -> None:
    place, units = _found(case["given"])
    for order, unit in enumerate(units):
        _draw_up(unit, approved=order >= case["without_a_list"])
    office = _actor(RoleHolding.objects.get(unit__jurisdiction=place, role="supervision_office"))
    rows = reads.statistics(office, "problem_lists", "coverage", 2026, TODAY).rows
    of_sequences = [row for row in rows if row[0] in case["given"]]
    assert sum(row[2] for row in of_sequences) == case["then"]["lists"]
    assert {row[0]: row[1] for row in of_sequences} == case["given"]
    assert {row[0]: row[3] for row in of_sequences} == case["then"]["coverage"]
    facts = Fact.objects.filter(jurisdiction=place, name="own_list.drawn_up")
    assert facts.count() == len(set(facts.values_list("subject", flat=True))) == case["then"]["lists"]


def _found(given: Mapping[str, int]) -> tuple[Jurisdiction, list[Unit]]:
    """A jurisdiction below the city, whose regime holds there; each unit has a head and a clerk."""
    place = Jurisdiction.objects.create(code="wide", name="青川区", parent=cast.jurisdiction(cast.CITY))
    rows = [
        {"code": f"u{order}", "name": f"{sequence}第{order}单位", "sequence": sequence}
        for order, sequence in enumerate(name for name, number in given.items() for _one in range(number))
    ]
    people = [
        {"username": f"wide-{post}-{row['code']}", "name": "某", "role": role, "unit": row["code"]}
        for row in rows
        for role, post in PEOPLE.items()
    ]
    people.append({"username": "wide-office", "name": "某", "role": "supervision_office", "unit": "office"})
    units = [*rows, {"code": "office", "name": "效能办", "sequence": ""}]
    cast.do("founding.found", cast.the_system("founding", "wide"), at=FOUNDED, units=units, people=people)
    return place, list(Unit.objects.filter(jurisdiction=place).exclude(code="office").order_by("pk"))


def _draw_up(unit: Unit, approved: bool) -> None:
    held = {one.role: one for one in unit.holdings.select_related("person__account")}
    head, clerk = _actor(held["unit_head"]), _actor(held["unit_clerk"])
    row = {
        "problem": "窗口值守不到位",
        "kind": "inaction",
        "measure": "rules",
        "person": head.person_id,
        "road_map": "排班公示抽查",
        "by_day": "2026-06-30",
    }
    own = perform(cast.act("problem_lists.draw_up"), clerk, {"year": 2026, "rows": [row]}, NOW).matter
    if approved:
        perform(cast.act("problem_lists.approve"), head, {}, NOW, matter_id=own.pk)


def _actor(holding: RoleHolding) -> Actor:
    return holder_of(
        holding.person.account,
        next(one for one in holdings_of(holding.person, TODAY) if one == holding),
        TODAY,
    )
