"""The monthly inspection opens a round by itself, among the units that the year's cap has room for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.time import duties
from qingfeng.kernel.time.duties import Due, open_due
from qingfeng.mechanisms.problems.inspection.duties import MONTH, wanted
from qingfeng.mechanisms.problems.inspection.models import Inspection, Visit
from tests import cast
from tests.cast import NOW, do
from tests.mechanisms.problems.inspection.rounds import begun
from tests.mechanisms.restraint.meetings.gatherings import put_in_force

pytestmark = pytest.mark.django_db
TURNS = """  inspections.monthly_turns:
    - from: 2024-01-01
      value: {every: month, day: 12, on_workday: true}
      source: {title: 试验, clause: 第一条}
      verified: true
  inspections.monthly:
    - from: 2024-01-01
      value:
        - {topic: formalities, manner: open, units: 3, days: 5}
        - {topic: irregular_work, manner: covert, units: 2, days: 4}
      source: {title: 试验, clause: 第二条}
      verified: true
  inspections.public_for:"""


def in_force(cap: int = 6) -> None:
    text = cast.demonstration().replace("  inspections.public_for:", TURNS)
    capped = "inspections.a_year:\n    - from: 2024-01-01\n      value: "
    put_in_force(text.replace(f"{capped}6", f"{capped}{cap}"))


def test_without_turns_none_opens() -> None:
    open_due(NOW + timedelta(days=40))
    assert not Inspection.objects.exists()


def test_each_month_opens_one_round_and_its_visits_are_drawn_within_the_cap() -> None:
    in_force()
    open_due(NOW + timedelta(days=3))
    open_due(NOW + timedelta(days=3))
    (round_,) = Inspection.objects.all()
    assert (round_.state, round_.drawn, round_.topic, round_.first_day.isoformat()) == (
        "to_draw",
        2,
        "irregular_work",
        "2026-03-12",
    )
    at = NOW + timedelta(days=3)
    do("inspections.second", "office_a", round_, at, people=[{"person": cast.person("leader_b").pk}])
    do("inspections.publish_frame", "office_a", round_, at)
    do("inspections.draw", "office_b", round_, at)
    assert Visit.objects.filter(round=round_).count() == 2


def test_units_whose_cap_is_reached_are_left_out_and_with_none_left_it_waits() -> None:
    in_force(cap=1)
    begun(("housing", "education"), topic="eight_rules")
    due = Due(cast.jurisdiction(), MONTH, "2026-03", cast.TODAY + timedelta(days=2))
    units = {row["unit"] for row in wanted(due)["units"]}
    assert units.isdisjoint({cast.unit("housing").pk, cast.unit("education").pk})
    assert cast.unit("township").pk in units
    every = [code for code in cast.UNITS if code not in ("office", "housing", "education")]
    begun(every, topic="formalities")
    with pytest.raises(Barred, match="本年度各单位检查次数均已用完"):
        wanted(due)
    _opened, skipped = duties.open_due(NOW + timedelta(days=3))
    assert [one.duty.code for one in skipped if one.jurisdiction == cast.jurisdiction()] == [
        "inspections.monthly"
    ]
