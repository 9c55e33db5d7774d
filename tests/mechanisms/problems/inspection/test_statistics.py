"""What is counted of inspection: only what the reader may read, the burden against the cap, findings by kind."""

import pytest
from django.utils.translation import override

from qingfeng.kernel.reading import reads
from tests import cast
from tests.cast import actor, do
from tests.mechanisms.problems.inspection.rounds import LOOKS, begun, fed_back, found, running, seen

pytestmark = pytest.mark.django_db


def counted(name: str, who: str = "office_a", code: str = "inspection_visits") -> list[tuple[object, ...]]:
    return list(reads.statistics(actor(who), code, name, cast.TODAY.year, cast.TODAY).rows)


def test_visits_are_counted_by_unit_and_month_and_the_burden_stands_against_the_cap() -> None:
    sheets = begun(("housing", "education"))
    seen(seen(sheets["housing"]))
    assert counted("by_month") == [("住建局", 0, 0, 2, *[0] * 9)]
    assert counted("burden") == [("住建局", 1, 0, 6), ("教育局", 0, 1, 6)]


def test_findings_are_counted_by_kind_and_looks_by_what_they_showed() -> None:
    visit = found(found(seen(begun()["housing"])), kind="formalism", title="一表多报")
    found(visit, title="午间无人")
    do("inspection_visits.look", "office_b", visit.pk, **LOOKS)
    assert counted("by_kind") == [("不作为", 2), ("形式主义官僚主义", 1)]
    assert ("问题清单", 1, 0, 0) in counted("five_looks")
    with override("en"):
        assert counted("by_kind")[0][0] == "Inaction"


def test_a_unit_sees_its_own_figures_and_those_only_once_they_are_told() -> None:
    sheets = begun(("housing", "education"))
    visit = seen(sheets["housing"])
    assert counted("burden", "head_housing") == []
    fed_back(visit)
    assert counted("burden", "head_housing") == [("住建局", 1, 0, 6)]


def test_measures_stand_beside_each_other_and_no_column_adds_them_up() -> None:
    campaign = running()
    raw = {"number": 46, "source": "台账", "on": "2026-03-10"}
    do("campaigns.report_discipline", "discipline", campaign, measure="sanctions", **raw)
    assert counted("measures", code="campaigns") == [("为官不为专项整治", 0, 0, 46, 0, 0)]
