"""Scenarios of inspection and special rectification, written so that a clerk can read them."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.background import worker
from qingfeng.kernel.papers.issuing import rendition
from qingfeng.kernel.papers.models import Paper
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.mechanisms.problems.inspection.models import Inspection, Visit
from tests.cast import do
from tests.mechanisms.problems.inspection.rounds import (
    LOOKS,
    begun,
    filed,
    found,
    row,
    running,
    seen,
    settled,
)

Case = Mapping[str, Any]
ORGANS = {
    "visits": ("office_a", "report_work"),
    "problems": ("office_a", "report_work"),
    "sanctions": ("discipline", "report_discipline"),
    "in_cases": ("discipline", "report_discipline"),
    "handled": ("department_a", "report_handled"),
}
HEADS = {"housing": "head_housing", "education": "head_education", "centre": "head_centre"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "kept"


def cases(file: str, known: set[str]) -> list[Any]:
    text = (Path(__file__).parent / "inspection" / f"{file}.yaml").read_text(encoding="utf-8")
    found = yaml.load(text, Loader=yaml.BaseLoader)
    assert all(set(case) <= known | {"name", "seed"} for case in found)
    return [pytest.param(case, id=case["name"]) for case in found]


@pytest.mark.parametrize("case", cases("plans", {"rounds", "go_on", "refused", "approved", "opens"}))
def test_plan(case: Case) -> None:
    rows = [
        row(unit, round=said["round"], topic=said["topic"], first_day=said["first"], last_day=said["last"])
        for said in case["rounds"]
        for unit in said["units"]
    ]
    if "refused" in case:
        with pytest.raises(Barred) as refused:
            filed(*rows, go_on=case.get("go_on", ""))
        assert case["refused"] in refused.value.clause
        return
    plan = filed(*rows, go_on=case.get("go_on", ""))
    assert do("inspection_plans.approve", "leader", plan).matter.state == "approved"
    for said in case.get("opens", []):
        worker.run_out(datetime.fromisoformat(said["day"]).replace(hour=12, tzinfo=ZONE))
        assert list(Inspection.objects.order_by("pk").values_list("title", flat=True)) == said["rounds"]


@pytest.mark.parametrize("case", cases("rounds", {"visited", "findings", "looks", "tested", "circular"}))
def test_round(case: Case) -> None:
    sheets = begun(case["visited"])
    first = sheets[case["visited"][0]]
    for visit in sheets.values():
        seen(visit)
    if "looks" in case:
        looked = do("inspection_visits.look", "office_b", first.pk, **LOOKS).matter
        assert isinstance(looked, Visit)
        assert len(looked.looks_of) == int(case["looks"])
    if "tested" in case:
        asked, right = int(case["tested"]["asked"]), int(case["tested"]["right"])
        questions = [{"question": f"第{place + 1}题", "right": place < right} for place in range(asked)]
        do("inspection_visits.test", "office_b", first.pk, questions=questions)
    places = list(sheets.values())
    number = 0
    for said in case["findings"]:
        for _time in range(int(said["problems"])):
            number += 1
            found(places[number % len(places)], title=f"问题{number}", kind=said["kind"])
    for code, visit in sheets.items():
        _settled(code, visit)
    do("inspections.report", "office_a", first.round_id)
    paper = Paper.objects.get(matter=first.round_id)
    wanted = case["circular"]
    page = rendition(paper).decode()
    assert wanted["says"] in page
    assert page.count("<li>") == int(wanted["kinds"])
    assert number == int(wanted["problems"])
    assert Link.objects.filter(kind="finding").count() == int(wanted["sheets"])
    if "tested" in case:
        assert f"{case['tested']['right']}/{case['tested']['asked']}" in page
    assert not any(name in (paper.public_text or "") for name in ("住建局", "教育局", "庚四", "甲二"))
    assert do("inspections.issue", "office_b", first.round_id).matter.state == "issued"


def _settled(code: str, visit: Visit) -> None:
    """A conclusion accepted by the unit's head; where the cast has none, it stands when nobody objected in time."""
    if code in HEADS:
        settled(visit, HEADS[code])
        return
    done = do("inspection_visits.feed_back", "office_a", visit.pk, conclusion="制度没有落实。").matter
    worker.run_out(done.clocks.get(name="objecting").due_at)


@pytest.mark.parametrize("case", cases("campaigns", {"figures", "report", "never", "says"}))
def test_campaign(case: Case) -> None:
    campaign = running()
    for said in case["figures"]:
        who, name = ORGANS[said["measure"]]
        raw = {
            "number": int(said["number"]),
            "source": "台账",
            "on": "2026-03-10",
            "corrects": int(said.get("corrects", 0)),
        }
        more = {} if said["measure"] == "handled" else {"measure": said["measure"]}
        do(f"campaigns.{name}", who, campaign, **raw, **more)
    done = do("campaigns.draw_up", "office_a", campaign).matter
    assert {name: str(number) for name, number in done.sums().items()} == case["report"]  # type: ignore[attr-defined]
    page = rendition(Paper.objects.get(matter=campaign)).decode()
    assert case["says"] in page
    assert all(f"<td>{number}</td>" in page for number in case["report"].values())
    assert not any(f">{number}<" in page for number in case["never"])
