"""A campaign: launched by a leader, its rounds and sheets gathered, its figures entered by those who took the measures."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qingfeng.kernel.acts.links import Link
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.papers.issuing import rendition
from qingfeng.kernel.papers.models import Paper
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.mechanisms.problems.inspection.models import Campaign, Inspection
from tests import cast
from tests.cast import do
from tests.mechanisms.problems.inspection.rounds import begun, found, running, seen, settled, visits, wanted
from tests.refusals import invalid
from tests.sheets import sheet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "kept"


def report(campaign: Campaign, measure: str, number: int, corrects: int = 0) -> Campaign:
    who, name = {
        "visits": ("office_a", "report_work"),
        "problems": ("office_a", "report_work"),
        "sanctions": ("discipline", "report_discipline"),
        "in_cases": ("discipline", "report_discipline"),
        "handled": ("department_a", "report_handled"),
    }[measure]
    raw: dict[str, Any] = {"number": number, "source": "台账", "on": "2026-03-10", "corrects": corrects}
    if measure != "handled":
        raw["measure"] = measure
    matter = do(f"campaigns.{name}", who, campaign, **raw).matter
    assert isinstance(matter, Campaign)
    return matter


def test_a_figure_is_corrected_by_a_later_one_and_each_measure_counts_for_itself() -> None:
    campaign = running()
    for measure, number in (("visits", 300), ("visits", 42), ("sanctions", 46), ("handled", 163)):
        campaign = report(campaign, measure, number)
    campaign = report(campaign, "visits", 32, corrects=2)
    assert campaign.sums() == {"visits": 332, "problems": 0, "sanctions": 46, "handled": 163, "in_cases": 0}
    assert len(campaign.figures) == 5


@pytest.mark.parametrize("corrects", [1, 2, 9], ids=["corrected already", "another measure", "not there"])
def test_a_correction_names_a_figure_of_its_own_measure_that_still_stands(corrects: int) -> None:
    campaign = report(report(report(running(), "visits", 300), "sanctions", 46), "visits", 301, corrects=1)
    with pytest.raises(Invalid) as refused:
        report(campaign, "visits", 302, corrects=corrects)
    assert list(refused.value.fields) == ["corrects"]


def test_a_figure_is_of_a_day_that_has_come() -> None:
    with invalid("on", "这一天还没有到"):
        do("campaigns.report_handled", "department_a", running(), number=1, source="台账", on="2026-03-11")


def test_an_organ_reports_no_measure_of_another() -> None:
    campaign = running()
    raw = {"number": 1, "source": "台账", "on": "2026-03-10"}
    for who, name in (("office_a", "report_handled"), ("department_a", "report_discipline")):
        with pytest.raises(Barred, match=r"此项由纪检监察机关办理|此项由组织部门办理"):
            do(f"campaigns.{name}", who, campaign, **raw, measure="sanctions")
    with invalid("measure", "请从所列值中选择"):
        do("campaigns.report_work", "office_a", campaign, **raw, measure="sanctions")


def test_a_campaign_gathers_its_rounds_and_the_sheets_they_opened_and_those_taken_in() -> None:
    campaign = running()
    do("campaigns.open_round", "office_a", campaign, **wanted())
    (round_,) = Inspection.objects.filter(pk__in=Link.objects.filter(kind="round").values("target"))
    people = [{"person": cast.person(name).pk} for name in ("office_b", "clerk_township")]
    do("inspections.second", "office_a", round_, people=people)
    do("inspections.begin", "office_a", round_)
    visit = settled(found(seen(visits(round_.pk)["housing"])))
    with pytest.raises(Barred, match="还有轮次没有通报"):
        do("campaigns.draw_up", "office_a", campaign)
    do("inspections.report", "office_a", visit.round_id)
    do("inspections.issue", "office_b", visit.round_id)
    elsewhere = sheet("written_off", title="群众来信反映久拖不办")
    numbers = [{"number": elsewhere.number}]
    do("campaigns.take_in", "office_a", campaign, sheets=numbers)
    for wrong, said in (
        (elsewhere.number, "这份问题单已经纳入"),
        ("没有的文号", "没有这个编号的问题单"),
        (campaign.number, "没有这个编号的问题单"),
    ):
        with invalid("sheets.0.number", said):
            do("campaigns.take_in", "office_a", campaign, sheets=[{"number": wrong}])
    report(Campaign.objects.get(pk=campaign.pk), "visits", 1)
    do("campaigns.draw_up", "office_a", campaign)
    page = rendition(Paper.objects.get(matter=campaign)).decode()
    assert "检查1轮，实地检查1次；问题单2张，其中销号1张" in page
    assert "整治重点：不作为、慢作为" in page
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("campaigns.issue", "office_a", campaign)
    assert do("campaigns.issue", "office_b", campaign).matter.state == "closed"
    assert list(verify()) == []


def test_visits_and_problems_are_counted_and_typed_figures_that_differ_stand_beside() -> None:
    campaign = running()
    do("campaigns.open_round", "office_a", campaign, **wanted(("education",)))
    (round_,) = Inspection.objects.all()
    do("inspections.second", "office_a", round_, people=[{"person": cast.person("clerk_township").pk}])
    do("inspections.begin", "office_a", round_)
    visit = found(found(seen(seen(visits(round_.pk)["education"]))), title="文件照抄照转")
    report(Campaign.objects.get(pk=campaign.pk), "visits", 2)
    report(Campaign.objects.get(pk=campaign.pk), "problems", 71)
    campaign = report(Campaign.objects.get(pk=campaign.pk), "in_cases", 0)
    assert campaign.beside() == {"problems": 71, "sanctions": 0, "handled": 0, "in_cases": 0}
    settled(visit, "head_education")
    # Covert findings become sheets, and count, with the conclusion.
    assert campaign.counted() == {"visits": 2, "problems": 2}
    do("inspections.report", "office_a", round_)
    do("inspections.issue", "office_b", round_)
    do("campaigns.draw_up", "office_a", campaign)
    page = rendition(Paper.objects.get(matter=campaign)).decode()
    rows = {row.partition("</td>")[0]: row for row in page.split("<tr><td>")}
    assert "<td>2</td>" in rows["发现问题"]
    assert "<td>71</td>" in rows["发现问题"]
    assert "<td>—</td>" in rows["明察暗访次数"]


def test_a_round_of_a_campaign_is_held_against_what_is_on_record() -> None:
    campaign = running()
    begun()
    with pytest.raises(Barred, match=r"“三月暗访”.*相隔过近"):
        do("campaigns.open_round", "office_a", campaign, **wanted())
    do("campaigns.open_round", "office_a", campaign, **wanted(), go_on="专项整治须复查。")


def test_whoever_proposed_a_campaign_does_not_launch_it_in_another_role() -> None:
    asked = do(
        "campaigns.propose",
        "office_a",
        title="整治",
        first_day="2026-03-01",
        last_day="2026-10-31",
        kinds=[{"kind": "inaction"}],
        aims="整治。",
    ).matter
    both = replace(cast.actor("leader"), person_id=cast.person("office_a").pk)
    with pytest.raises(Barred, match="提出的人不得自己批准"):
        do("campaigns.launch", both, asked)


def test_a_campaign_aims_at_something() -> None:
    with invalid("kinds", "专项整治至少针对一类问题"):
        running(kinds=[])
