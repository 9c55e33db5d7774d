"""Papers: short, electronic unless important, and no more than in the year before."""

from typing import Any

import pytest

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.refusals import Barred, Invalid
from tests import cast
from tests.cast import do
from tests.mechanisms.restraint.meetings.gatherings import facts
from tests.refusals import invalid

pytestmark = pytest.mark.django_db
PAPER = {"title": "关于做好防汛工作的通知", "sort": "special", "characters": 4000}


def drafted(**changed: Any) -> Matter:
    return do("issued_papers.draft", "clerk_housing", **{**PAPER, **changed}).matter


def based(papers: int, year: int = 2025) -> Matter:
    row = {"unit": cast.unit("housing").pk, "month": 5, "meetings": 4, "hours": 200, "papers": papers}
    recorded = do("meeting_baselines.record", "office_a", year=year, rows=[row]).matter
    return do("meeting_baselines.confirm", "office_b", recorded).matter


@pytest.mark.parametrize(("sort", "most"), [("special", 4000), ("general", 5000)])
def test_a_paper_over_its_length_is_refused_with_the_clause(sort: str, most: int) -> None:
    assert drafted(sort=sort, characters=most).state == "drafted"
    before = Matter.objects.count()
    with pytest.raises(Barred) as refusal:
        drafted(sort=sort, characters=most + 1)
    (ground,) = refusal.value.grounds
    assert ground.clause == "《清风区会议文件管理示范办法》第十二条第一款"
    assert Matter.objects.count() == before


def test_what_is_not_important_is_not_printed() -> None:
    assert drafted(copies=50, important=True).state == "drafted"
    with pytest.raises(Barred) as refusal:
        drafted(copies=1)
    assert refusal.value.grounds[0].clause == "《清风区会议文件管理示范办法》第十二条第二款"


def test_both_faults_are_told_at_once() -> None:
    with pytest.raises(Barred) as refusal:
        drafted(copies=1, characters=4001)
    assert len(refusal.value.grounds) == 2


def test_the_number_of_papers_only_falls_and_an_excess_is_explained() -> None:
    based(2)
    for _each in range(2):
        do("issued_papers.issue", "office_a", drafted())
    third = drafted()
    with pytest.raises(Barred) as refusal:
        do("issued_papers.issue", "office_a", third)
    assert "上年发文2件，本年已发2件" in str(refusal.value.reason)
    assert refusal.value.clause.endswith("第十三条")
    do("issued_papers.issue_in_excess", "office_a", third, why="上级要求转发。")
    # Two of last year come from the baseline.
    assert facts("paper.issued", "paper.excess") == {"paper.issued": 2 + 3, "paper.excess": 1}


def test_without_last_years_number_a_paper_waits_for_it_or_is_explained() -> None:
    sheet = drafted()
    with pytest.raises(Barred, match="该单位上年发文0件"):
        do("issued_papers.issue", "office_a", sheet)
    based(1)
    assert do("issued_papers.issue", "office_a", sheet).matter.state == "issued"


def test_a_withdrawn_paper_is_not_counted() -> None:
    do("issued_papers.withdraw", "clerk_housing", drafted(), why="合并印发。")
    assert facts("paper.issued") == {"paper.issued": 0}


class TestBaselines:
    def row(self, **changed: Any) -> dict[str, Any]:
        return {
            "unit": cast.unit("housing").pk,
            "month": 5,
            "meetings": 4,
            "hours": 200,
            "papers": 3,
            **changed,
        }

    def test_confirmed_numbers_become_facts_of_their_months(self) -> None:
        based(7)
        assert facts("meeting.held", "meeting.time", "paper.issued") == {
            "meeting.held": 4,
            "meeting.time": 200 * 60,
            "paper.issued": 7,
        }

    def test_a_second_person_confirms(self) -> None:
        recorded = do("meeting_baselines.record", "office_a", year=2025, rows=[self.row()]).matter
        with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
            do("meeting_baselines.confirm", "office_a", recorded)
        do("meeting_baselines.discard", "office_a", recorded, why="数据有误。")

    def test_the_same_month_twice_a_year_not_over_and_a_year_recorded_before_are_refused(self) -> None:
        with pytest.raises(Invalid) as twice:
            do("meeting_baselines.record", "office_a", year=2025, rows=[self.row(), self.row()])
        assert list(twice.value.fields) == ["rows.1.month"]
        with pytest.raises(Invalid) as early:
            do("meeting_baselines.record", "office_a", year=2026, rows=[self.row()])
        assert list(early.value.fields) == ["year"]
        other = do("meeting_baselines.record", "office_a", year=2025, rows=[self.row(month=6)]).matter
        based(3)
        with invalid("rows.0.unit", "2025年住建局的数据已经在案"):
            do("meeting_baselines.record", "office_a", year=2025, rows=[self.row(month=7)])
        with pytest.raises(Barred, match="2025年住建局的数据已经在案"):
            do("meeting_baselines.confirm", "office_b", other)
