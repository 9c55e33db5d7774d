"""A round: approved, its team seconded, its units visited or drawn so that anyone can draw again, its circular issued."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.papers.issuing import rendition
from qingfeng.kernel.papers.models import Paper
from qingfeng.kernel.record.batches.draw import draw
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.mechanisms.problems.inspection.models import Inspection
from tests import cast
from tests.cast import do
from tests.mechanisms.problems.inspection.rounds import (
    begun,
    found,
    prepared,
    seen,
    settled,
    used,
    visits,
    wanted,
)

pytestmark = pytest.mark.django_db
FOUR = ("housing", "education", "finance", "township")


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "kept"


def framed(number: int = 2) -> Inspection:
    matter = do("inspections.publish_frame", "office_a", prepared(FOUR, drawn=number)).matter
    assert isinstance(matter, Inspection)
    return matter


def test_all_units_of_a_round_get_a_sheet_each_and_go_on_the_years_account() -> None:
    sheets = begun(("housing", "education"))
    assert {code: sheet.state for code, sheet in sheets.items()} == {
        "education": "scheduled",
        "housing": "scheduled",
    }
    assert used() == (1, 0)
    seen(sheets["housing"])
    assert used() == (0, 1)
    do("inspection_visits.drop", "office_a", sheets["education"], why="与教育督导合并。")
    assert used("education") == (0, 0)


def test_the_frame_is_published_before_there_is_a_seed_and_anyone_draws_again() -> None:
    asked = framed()
    assert (asked.seed, len(asked.frame)) == ("", 64)
    done = do("inspections.draw", "office_a", asked)
    noted = json.loads(done.entry.body)["notes"]["draw"]
    again = draw(noted["frame"], noted["seed"], noted["size"])
    assert (again.frame_digest, list(again.selected)) == (asked.frame, noted["selected"])
    seed = bytes.fromhex(noted["seed"])
    by_hand = sorted(noted["frame"], key=lambda code: hashlib.new("sm3", seed + code.encode()).digest())
    assert by_hand[:2] == noted["selected"]
    assert sorted(visits(asked.pk)) == sorted(noted["selected"])
    assert list(verify()) == []


def test_a_frame_that_changed_since_it_was_published_is_not_drawn_from() -> None:
    asked = framed()
    Inspection.objects.filter(pk=asked.pk).update(objects_of=asked.objects_of[:-1])
    with pytest.raises(Barred, match="单位已与公布的范围不符"):
        do("inspections.draw", "office_a", asked.pk)


def test_nobody_begins_without_a_team_and_nobody_is_on_it_twice() -> None:
    asked = do("inspections.ask", "office_a", reason="群众反映。", **wanted()).matter
    do("inspections.approve", "leader", asked)
    with pytest.raises(Barred, match="检查组还没有人"):
        do("inspections.begin", "office_a", asked)
    people = [{"person": cast.person("office_b").pk}] * 2
    with pytest.raises(Invalid) as refused:
        do("inspections.second", "office_a", asked, people=people)
    assert list(refused.value.fields) == ["people.1.person"]


def test_a_round_beside_the_plan_is_held_against_what_is_on_record_and_its_overlap_needs_a_reason() -> None:
    begun()
    raw = {"reason": "再查一次。", **wanted()}
    with pytest.raises(Barred) as refused:
        do("inspections.ask", "office_a", **raw)
    assert "三月暗访" in str(refused.value)
    do("inspections.ask", "office_a", go_on="问题严重，须马上复查。", **raw)


def test_whoever_asked_for_a_round_does_not_approve_it_in_another_role() -> None:
    asked = do("inspections.ask", "office_a", reason="群众反映。", **wanted()).matter
    both = replace(cast.actor("leader"), person_id=cast.person("office_a").pk)
    with pytest.raises(Barred, match="提出的人不得自己批准"):
        do("inspections.approve", both, asked)


def test_the_circular_waits_for_every_units_say_counts_by_kind_and_is_issued_by_another() -> None:
    sheets = begun(("housing", "education"))
    housing = found(found(seen(sheets["housing"])), kind="slow_action", title="一事多次补正")
    round_id = housing.round_id
    with pytest.raises(Barred, match="还有被检查单位没有收到结论"):
        do("inspections.report", "office_a", round_id)
    settled(housing)
    do("inspection_visits.drop", "office_a", sheets["education"], why="合并。")
    do("inspections.report", "office_a", round_id)
    paper = Paper.objects.get(matter=round_id)
    page = rendition(paper).decode()
    assert "检查单位1家，实地检查1次，发现问题2个，涉及2个方面" in page
    assert "住建局" in page
    assert paper.public_text == (
        "“三月暗访”检查单位1家，实地检查1次，发现问题2个，涉及2个方面：不作为1个；慢作为1个。"
    )
    assert paper.expires_on is not None
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("inspections.issue", "office_a", round_id)
    assert do("inspections.issue", "office_b", round_id).matter.state == "issued"
    assert list(verify()) == []


def test_a_circular_sent_back_is_drawn_up_anew() -> None:
    visit = settled(seen(begun()["housing"]))
    do("inspections.report", "office_a", visit.round_id)
    do("inspections.send_back", "office_b", visit.round_id, why="漏列一个单位。")
    do("inspections.report", "office_a", visit.round_id)
    assert do("inspections.issue", "office_b", visit.round_id).matter.state == "issued"
    assert Paper.objects.filter(matter=visit.round_id).count() == 2


def test_a_unit_that_was_not_visited_is_not_visited_once_the_circular_is_drawn_up() -> None:
    sheets = begun(("housing", "education"))
    settled(seen(sheets["housing"]))
    do("inspections.report", "office_a", sheets["housing"].round_id)
    with pytest.raises(Barred, match="本轮已经结束"):
        seen(sheets["education"])


def test_a_round_called_off_leaves_nothing_on_an_account_and_stands_in_nobodys_way() -> None:
    do("inspections.call_off", "office_a", prepared(), why="已由上级检查。")
    assert prepared().state == "preparing"
