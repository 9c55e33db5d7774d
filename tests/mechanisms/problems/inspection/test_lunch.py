"""Alcohol at lunch on a working day is found by inspection, wherever it was, and named in the circular."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.papers.issuing import rendition
from qingfeng.kernel.papers.models import Paper
from qingfeng.kernel.reading import reads
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.mechanisms.problems.inspection.models import Visit
from tests import cast
from tests.cast import NOW, do
from tests.mechanisms.problems.inspection.rounds import begun, seen, settled
from tests.mechanisms.restraint.meetings.gatherings import put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "kept"


def drank(visit: Visit, *who: str, on: str = "2026-03-10") -> Visit:
    people = [{"name": cast.person(name).name} for name in who]
    raw = {"on": on, "people": people, "found": "午间在辖区饭店聚餐饮酒。"}
    done = do("inspection_visits.find_drinking", "clerk_township", visit, **raw).matter
    assert isinstance(done, Visit)
    return done


def left() -> int:
    return sum(Fact.objects.filter(name="inspection.found").values_list("quantity", flat=True))


def test_who_is_named_is_told_and_stands_in_the_circular_and_never_in_its_public_version() -> None:
    visit = drank(seen(begun(("education",))["education"]), "clerk_education", "head_education")
    told = [
        one
        for one in Message.objects.filter(channel=Message.Channel.NOTICE)
        if "午间饮酒" in one.payload["text"]
    ]
    assert {one.holder for one in told} == {
        f"person@{cast.person(name).pk}" for name in ("clerk_education", "head_education")
    }
    shown = reads.page(cast.actor("office_a"), "inspection_visits", visit.pk, "findings", NOW).context
    assert str(cast.person("clerk_education")) in str(shown["tables"][0])
    settled(visit, "head_education")
    do("inspections.report", "office_a", visit.round_id)
    paper = Paper.objects.get(matter=visit.round_id)
    page = rendition(paper).decode()
    for name in ("clerk_education", "head_education"):
        assert f"<td>{cast.person(name)}</td>" in page
        assert str(cast.person(name)) not in paper.public_text


def test_what_an_objection_sets_aside_is_named_no_more() -> None:
    visit = drank(drank(seen(begun()["housing"]), "cadre"), "clerk_housing_b")
    assert left() == 2
    do("inspection_visits.feed_back", "office_a", visit, conclusion="属实。")
    do("inspection_visits.object", "head_housing", visit, objection="当日本人请假。")
    raw = {"upheld": True, "reasons": "请假属实。", "set_aside": [{"number": 1}]}
    do("inspection_visits.decide", "city_office", visit, **raw)
    assert left() == 1
    do("inspections.report", "office_a", visit.round_id)
    page = rendition(Paper.objects.get(matter=visit.round_id)).decode()
    assert f"<td>{cast.person('clerk_housing_b')}</td>" in page
    assert f"<td>{cast.person('cadre')}</td>" not in page


def test_a_day_off_days_to_come_and_nobody_are_told_at_their_fields() -> None:
    visit = seen(begun(first_day="2026-03-06")["housing"])
    for on, people, field in (
        ("2026-03-08", ["cadre"], "on"),
        ("2026-03-11", ["cadre"], "on"),
        ("2026-03-09", [], "people"),
    ):
        with pytest.raises(Invalid) as refusal:
            drank(visit, *people, on=on)
        assert list(refusal.value.fields) == [field]


def test_only_who_serves_in_the_unit_is_named() -> None:
    visit = seen(begun()["housing"])
    with pytest.raises(Invalid) as refusal:
        drank(visit, "cadre", "clerk_education")
    assert list(refusal.value.fields) == ["people.1.name"]


@pytest.mark.parametrize("value", ["true", None])
def test_where_it_is_not_forbidden_it_is_no_record(value: str | None) -> None:
    text = cast.demonstration()
    start = text.index("  conduct.lunch_alcohol:")
    end = text.index("  inspections.public_for:")
    entry = text[start:end].replace("value: false", f"value: {value}") if value else ""
    if value is None:
        city = cast.citys_own()
        cut = city[: city.index("  conduct.lunch_alcohol:")] + city[city.index("  inspections.public_for:") :]
        proposed = do("regime.propose", "city_office", text=cut).matter
        do("regime.activate", "city_office_b", proposed)
    else:
        proposed = do(
            "regime.propose", "city_office", text=cast.citys_own().replace(text[start:end], entry)
        ).matter
        do("regime.activate", "city_office_b", proposed)
    put_in_force(text[:start] + entry + text[end:])
    visit = seen(begun()["housing"])
    with pytest.raises(Barred, match="现行制度没有规定工作日午间禁酒"):
        drank(visit, "cadre")
