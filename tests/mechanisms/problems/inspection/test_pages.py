"""What a leader sees of a plan before approving it, and what others see of rounds, visits and campaigns."""

from typing import Any

import pytest
from django.template.loader import render_to_string

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Invalid
from tests import cast
from tests.cast import actor, do
from tests.mechanisms.problems.inspection.rounds import (
    LOOKS,
    approved,
    begun,
    fed_back,
    filed,
    found,
    row,
    running,
    seen,
)

pytestmark = pytest.mark.django_db


def page(who: str, matter: Matter, name: str) -> str:
    opened = reads.page(actor(who), matter.mechanism, matter.pk, name, cast.NOW)
    context: dict[str, Any] = {**opened.context, "matter": opened.matter}
    return render_to_string(opened.page.template, context)


def told(who: str, matter: Matter, name: str) -> list[Any]:
    return list(reads.rows(actor(who), matter.mechanism, matter.pk, name).rows)


def test_a_leader_sees_the_rounds_of_a_plan_with_topic_days_and_units_before_approving_it() -> None:
    (shown,) = told("leader", filed(row(), row("education")), "rounds")
    assert [str(one) for one in shown.words.values()][:7] == [
        "七月督导检查",
        "不作为",
        "明察",
        "2026-07-01",
        "2026-07-10",
        "效能办",
        "住建局、教育局",
    ]
    assert [one["name"] for one in shown.values["units"]] == ["住建局", "教育局"]


def test_a_round_that_was_opened_is_shown_with_its_number() -> None:
    plan = approved()
    do("inspection_plans.open_round", "office_a", plan, number=1)
    (shown,) = told("office_a", plan, "rounds")
    assert (shown.words["opened"], shown.state.code) == ("清风区督查〔2026〕1号", "opened")
    for number, words in ((1, "已开展"), (2, "没有这个序号")):
        with pytest.raises(Invalid) as refused:
            do("inspection_plans.open_round", "office_a", plan, number=number)
        assert words in str(refused.value.fields["number"][0])


def test_a_round_shows_its_team_and_of_its_visits_those_the_reader_reads() -> None:
    visit = found(seen(begun(("housing", "township"))["housing"]))
    shown = page("office_a", visit.round, "course")
    assert "庚四" in shown
    assert shown.count("督查结论") == 2
    # A clerk of the township is on the team and sees everything but their own unit's sheet.
    assert page("clerk_township", visit.round, "course").count("督查结论") == 1


def test_a_visit_shows_its_findings_by_number_and_the_five_looks() -> None:
    visit = found(seen(begun()["housing"]))
    do("inspection_visits.look", "office_b", visit, **LOOKS, limits_words="两件超期。")
    shown = page("head_housing", fed_back(visit), "findings")
    for words in ("窗口无人值守", "不作为", visit.findings[0]["sheet"], "整改时限", "不符合", "两件超期。"):
        assert words in shown


def test_a_campaign_shows_each_measure_and_every_figure_with_what_corrects_it() -> None:
    campaign = running()
    for number, corrects in ((160, 0), (163, 1)):
        raw = {"number": number, "source": "台账", "on": "2026-03-10", "corrects": corrects}
        campaign = do("campaigns.report_handled", "department_a", campaign, **raw).matter
    shown = page("leader", campaign, "figures")
    for words in ("不作为", "慢作为"):
        assert words in shown
    rows = told("leader", campaign, "reported")
    assert [(one.number, one.values["count"], one.values["corrects"]) for one in rows] == [
        (1, 160, None),
        (2, 163, 1),
    ]
    assert [one.words["organ"] for one in rows] == ["组织部", "组织部"]
    with pytest.raises(Invalid) as refused:
        do("campaigns.report_handled", "department_a", campaign, **raw | {"corrects": 3})
    assert list(refused.value.fields) == ["corrects"]
