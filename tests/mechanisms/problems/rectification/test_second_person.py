"""Who hands a problem out does not close it out 经办与销号分离; evidence, and the topic, are asked for."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from qingfeng.kernel.acts.engine import options
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.mechanisms.problems.rectification.models import Problem
from tests import cast
from tests.cast import BESIDE, NOW, actor, do, unit
from tests.faces.console.staff import browser
from tests.sheets import FOUND, sheet

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
REGISTER = "/rectification/new/register/"
SEEN: dict[str, Any] = {"finding": "回访三户，均已办结。"}


def waiting(who: str, matter: Problem) -> set[str]:
    return {row.act for row in reads.inbox(actor(who)).rows if row.matter.pk == matter.pk}


def test_who_passed_a_disputed_problem_on_is_barred_and_who_assigned_it_first_no_longer() -> None:
    matter = sheet("assigned", unit="education")
    do("rectification.dispute", "clerk_education", matter, reason="属住建局职责。")
    do("rectification.pass_on", "office_b", matter, to_unit=unit("housing").pk, reason="职责在住建局。")
    reported = _reported(matter, "clerk_housing")
    with pytest.raises(Barred, match="交办人不得销号"):
        do("rectification.write_off", "office_b", reported, **SEEN)
    assert do("rectification.write_off", "office_a", reported, **SEEN).matter.state == "written_off"


def test_who_reopened_a_sheet_does_not_end_it_again_and_sees_why() -> None:
    matter = do("rectification.reopen", "two_roles", sheet("written_off"), reason="又有人反映。").matter
    reported = _reported(matter, "clerk_housing_b")
    told = {one.act.name: one.decision for one in options(actor("two_roles"), reported, NOW)}
    assert not told["write_off"]
    assert do("rectification.write_off", "office_a", reported, **SEEN).matter.state == "written_off"


def test_where_the_regime_says_that_one_person_is_enough_who_assigned_may_write_off() -> None:
    said = "second_person:\n    - from: 2024-01-01\n      value: "
    _activate(cast.demonstration().replace(f"{said}true", f"{said}false"), "office_a", "office_b")
    assert sheet("reported").assigner == cast.person("office_a"), "what the city says is the stricter"
    _activate(cast.citys_own().replace(f"{said}true", f"{said}false"), "city_office", "city_office_b")
    matter = sheet("reported")
    assert matter.assigner_id is None
    assert do("rectification.write_off", "office_a", matter, **SEEN).matter.state == "written_off"


def test_over_an_office_of_one_person_the_office_above_writes_off() -> None:
    RoleHolding.objects.filter(pk=actor(f"{BESIDE}_office_b").holding_id).update(valid_to=cast.TODAY - DAY)
    reported = _reported(_assigned_beside(), f"{BESIDE}_clerk", f"{BESIDE}_cadre")
    with pytest.raises(Barred, match="交办人不得销号"):
        do("rectification.write_off", f"{BESIDE}_office", reported, **SEEN)
    assert do("rectification.write_off", "city_office", reported, **SEEN).matter.state == "written_off"


def test_a_report_without_evidence_says_why_there_is_none() -> None:
    matter = sheet("rectifying")
    with pytest.raises(Invalid) as refusal:
        do("rectification.report", "clerk_housing", matter, result="已约谈。")
    assert set(refusal.value.fields) == {"evidence"}
    done = do(
        "rectification.report", "clerk_housing", matter, result="已约谈。", no_evidence="约谈不留影像。"
    )
    assert done.matter.state == "reported"


def test_a_sheet_without_topic_is_refused_at_the_field_where_the_regime_lists_topics() -> None:
    with pytest.raises(Invalid) as refusal:
        do("rectification.register", "office_b", **{**FOUND, "topic": ""})
    assert set(refusal.value.fields) == {"topic"}


def _reported(matter: Any, clerk: str, rectifier: str = "cadre") -> Problem:
    day = (cast.TODAY + 3 * DAY).isoformat()
    plan = {
        "rectifier": cast.person(rectifier).pk,
        "measures": "逐户回访。",
        "steps": [{"what": "回访", "day": day}],
        "finish_on": day,
    }
    do("rectification.sign", clerk, matter)
    do("rectification.plan", clerk, matter, **plan)
    done = do(
        "rectification.report", clerk, matter, result="已回访。", no_evidence="电话回访，有录音备查。"
    ).matter
    assert isinstance(done, Problem)
    return done


def _assigned_beside() -> Any:
    office = f"{BESIDE}_office"
    matter = do("rectification.register", office, **FOUND).matter
    do("rectification.verify", office, matter, finding="属实。")
    raw = {"responsible": unit("housing", BESIDE).pk, "requirement": "逐户回访。"}
    return do("rectification.assign", office, matter, **raw).matter


def _activate(text: str, one: str, other: str) -> None:
    proposed = do("regime.propose", one, at=NOW - DAY, text=text)
    do("regime.activate", other, proposed.matter, at=NOW - DAY)


def test_where_the_regime_lists_no_topics_none_is_asked_for_and_the_form_says_so() -> None:
    client = browser("office_a")
    assert re.search(r'<select[^>]*name="topic"[^>]* required', client.get(REGISTER).content.decode())
    for text, one, other in (
        (cast.citys_own(), "city_office", "city_office_b"),
        (cast.demonstration(), "office_a", "office_b"),
    ):
        cut = text[: text.index("  problems.topics:")] + text[text.index("  problems.often:") :]
        proposed = do("regime.propose", one, at=NOW - DAY, text=cut)
        do("regime.activate", other, proposed.matter, at=NOW - DAY)
    page = client.get(REGISTER).content.decode()
    assert 'name="topic"' in page
    assert not re.search(r'<select[^>]*name="topic"[^>]* required', page)
    assert do("rectification.register", "office_a", **{**FOUND, "topic": ""}).matter.state == "found"
