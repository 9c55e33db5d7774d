"""A regime comes into force by two people; the stricter of city and county holds; an earlier view can be had."""

from datetime import timedelta
from typing import Any

import pytest

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.models import ActivatedRegime
from qingfeng.kernel.regime.policy import Policy
from qingfeng.mechanisms.problems.rectification.policy import RECTIFY_WITHIN, SIGN_WITHIN
from qingfeng.organization.topics import PROBLEM_KINDS
from tests import cast
from tests.cast import NOW, TODAY, demonstration, do
from tests.sheets import rows, sheet

pytestmark = pytest.mark.django_db

NATIONAL = """
regime: national_cap
title: 全国示范上限
title_en: Demonstration of a national cap
jurisdiction: national
place: 全国（虚构）
year: 2026
enables: []
values:
  rectification.sign_within:
    - from: 2026-03-01
      value: {n: 1, unit: workday}
      source: {title: 全国示范上限, clause: 第一条}
      verified: true
"""


def activated(text: str, one: str = "office_a", other: str = "office_b", at: Any = NOW) -> ActivatedRegime:
    proposed = do("regime.propose", one, at=at, text=text)
    do("regime.activate", other, proposed.matter, at=at)
    return ActivatedRegime.objects.latest("id")


def county(known_at: Any = None) -> Policy:
    return Policy(cast.jurisdiction().pk, TODAY, known_at)


def test_of_city_and_county_the_stricter_time_holds() -> None:
    valued = county().valued(SIGN_WITHIN)
    assert (valued.value.n, valued.layer) == (2, "demonstration")
    beside = Policy(cast.jurisdiction(cast.BESIDE).pk, TODAY).valued(SIGN_WITHIN)
    assert (beside.value.n, beside.layer) == (5, "city_demonstration")


def test_a_national_cap_holds_over_a_county_that_gives_more_and_under_one_that_gives_less() -> None:
    activated(NATIONAL, "city_office", "city_office_b")
    assert (county().value(SIGN_WITHIN).n, county().valued(SIGN_WITHIN).layer) == (1, "national_cap")
    assert county().value(RECTIFY_WITHIN).n == 15
    assert dict(county().choices(PROBLEM_KINDS))["inaction"] == "不作为"


def test_a_new_version_holds_from_its_activation_and_the_earlier_view_can_be_had_again() -> None:
    later = NOW + timedelta(hours=1)
    before = sheet("assigned")
    activated(demonstration().replace("n: 2,", "n: 1,"), at=later)
    assert county().value(SIGN_WITHIN).n == 1
    assert county(known_at=NOW).value(SIGN_WITHIN).n == 2
    assert Entry.objects.get(matter=before, act="assign").content["policy"][0][1]["n"] == 2


def test_a_value_before_its_first_day_is_an_error_and_none_is_guessed() -> None:
    with pytest.raises(Barred) as refusal:
        Policy(cast.jurisdiction().pk, TODAY.replace(year=2023)).value(SIGN_WITHIN)
    assert refusal.value.remedy


def test_a_faulty_document_is_refused_by_line_and_stores_nothing() -> None:
    before = rows()
    before_fault, fault, _rest = demonstration().partition("verified: true")
    faulty = demonstration().replace(fault, "verified: maybe", 1)
    with pytest.raises(Barred, match=f":{before_fault.count(chr(10)) + 1}:"):
        do("regime.propose", "office_a", text=faulty)
    assert rows() == before


def test_a_code_in_a_table_that_no_list_has_is_refused_with_those_there_are() -> None:
    monthly = """
  inspections.monthly:
    - from: 2024-01-01
      value: [{topic: %s, manner: open, units: 2, days: 5}]
      source: {title: 示范, clause: 第一条}
      verified: true
"""
    text = demonstration() + monthly.lstrip("\n") % "parking"
    with pytest.raises(Barred) as refusal:
        do("regime.propose", "office_a", text=text)
    (ground,) = refusal.value.grounds
    assert "“parking”" in str(ground.reason)
    assert "major_projects" in str(ground.reason)
    list_ = "        - {code: three_battles,"
    listed = text.replace(list_, "        - {code: parking, zh: 停车管理, en: Parking}\n" + list_, 1)
    assert do("regime.propose", "office_a", text=listed).matter.state == "proposed"


def test_who_proposed_a_regime_does_not_activate_it() -> None:
    proposed = do("regime.propose", "office_a", text=demonstration())
    before = rows()
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("regime.activate", "office_a", proposed.matter)
    assert rows() == before
    assert do("regime.activate", "office_b", proposed.matter).matter.closed


def test_a_withdrawn_regime_never_holds() -> None:
    proposed = do("regime.propose", "office_a", text=demonstration().replace("n: 2,", "n: 1,"))
    do("regime.withdraw", "office_b", proposed.matter, reason="第七条尚需修改。")
    assert county().value(SIGN_WITHIN).n == 2
    with pytest.raises(Barred, match="本事项现为"):
        do("regime.activate", "office_b", proposed.matter)


def test_an_activated_regime_is_kept_whole_under_its_digest() -> None:
    text = demonstration().replace("n: 2,", "n: 1,")
    kept = activated(text)
    assert kept.text.strip() == text.strip()
    assert county().valued(SIGN_WITHIN).digest.hex() == kept.digest
