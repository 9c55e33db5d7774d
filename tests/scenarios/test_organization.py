"""Scenarios of organization: who has a body of their own, and in which sequences units are ranked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.reading import reads
from tests.cast import TODAY, actor, do

Case = Mapping[str, Any]
FILE = Path(__file__).parent / "organization" / "coverage_and_sequences.yaml"


def cases() -> list[Any]:
    said = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return [pytest.param(case, id=f"{case['id']} {case['name']}") for case in said]


@pytest.mark.django_db
@pytest.mark.parametrize("case", cases())
def test_organization(case: Case) -> None:
    rows = [
        {"code": f"{sequence}{number}", "name": f"{sequence}{number}号", "sequence": sequence}
        for sequence, count in case["units"].items()
        for number in range(count)
    ]
    listed = do("units.propose", "department_a", basis="名册", since="2026-01-05", rows=rows).matter
    do("units.confirm", "department_b", listed)
    for sequence, count in case["own_bodies"].items():
        for unit in Unit.objects.filter(sequence=sequence).order_by("code")[:count]:
            raw = {"title": "领导小组", "purpose": "作风建设", "basis": "发文", "since": "2026-01-05"}
            head = [{"capacity": "head", "unit": unit.pk}]
            do("bodies.set_up", "office_a", unit=unit.pk, office=unit.pk, seats=head, **raw)
    figures = reads.statistics(actor("office_a"), "bodies", "coverage", 2026, TODAY)
    assert {row[0]: row[3] for row in figures.rows} == {
        f"作风建设 · {sequence}": share for sequence, share in case["coverage"].items()
    }
    assert set(Unit.objects.exclude(sequence="").values_list("sequence", flat=True)) == set(case["units"])
