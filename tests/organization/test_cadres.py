"""Cadres are entered as a list by one person and confirmed by another; each day has one record of a person."""

from datetime import date
from typing import Any

import pytest

from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.reading import reads
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.sealing.retention import PERSONAL
from qingfeng.organization.cadres import RANKS, CadreRecord, cadre_of
from tests import cast
from tests.cast import NOW, TODAY, actor, do, person, unit
from tests.refusals import invalid

pytestmark = pytest.mark.django_db


def row(who: str = "cadre", **more: Any) -> dict[str, Any]:
    return {
        "person": person(who).pk,
        "unit": unit("housing").pk,
        "rank": "clerk",
        "service_since": "2015-07-01",
        "since": "2026-01-01",
        **more,
    }


def proposed(*rows: dict[str, Any]) -> Matter:
    return do("cadres.propose", "department_a", basis="清组发〔2026〕3号", rows=list(rows)).matter


def entered(*rows: dict[str, Any]) -> Matter:
    return do("cadres.confirm", "department_b", proposed(*rows)).matter


def test_nothing_stands_in_the_register_before_a_second_person_confirmed_it() -> None:
    matter = proposed(row(), row("clerk_housing", rank="section", managed_by=unit("department").pk))
    assert not CadreRecord.objects.exists()
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("cadres.confirm", "department_a", matter)
    do("cadres.confirm", "department_b", matter)
    found = cadre_of(person("clerk_housing"), TODAY)
    assert found is not None
    assert (found.unit, found.rank, found.service_since, found.managed_by) == (
        unit("housing"),
        "section",
        date(2015, 7, 1),
        unit("department"),
    )
    assert len(Entry.objects.filter(matter=matter.pk)) == 2


def test_the_second_person_sees_on_the_timeline_what_was_entered() -> None:
    matter = proposed(row(), row("clerk_housing"))
    (line,) = reads.timeline(actor("department_b"), "cadres", matter.pk)
    (shown,) = [said.rows for said in line.said if said.rows is not None]
    assert len(shown.cells) == 2
    assert {person("cadre").name, "住建局", "科员级", "2015-07-01", "2026-01-01"} <= set(shown.cells[0])


def test_a_change_ends_what_stood_the_day_before() -> None:
    entered(row())
    entered(row(rank="deputy_section", since="2026-03-01"))
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 2, 28), date(2026, 3, 1))
    assert [found and found.rank for found in (cadre_of(person("cadre"), day) for day in days)] == [
        None,
        "clerk",
        "clerk",
        "deputy_section",
    ]


def test_the_same_day_once_more_corrects_what_was_entered() -> None:
    entered(row())
    entered(row(rank="section"))
    assert CadreRecord.objects.get().rank == "section"


def test_a_record_with_a_last_day_ends_with_it() -> None:
    entered(row(until="2026-03-10"))
    assert cadre_of(person("cadre"), date(2026, 3, 10)) is not None
    assert cadre_of(person("cadre"), date(2026, 3, 11)) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": "2025-12-31"},
        {"service_since": "2026-01-02"},
        {"person": "same"},
        {"since": "2025-06-01"},
    ],
    ids=["ends before it begins", "served after", "twice", "older than the register"],
)
def test_a_row_that_can_not_be_is_named_by_its_number_and_nothing_is_stored(wrong: dict[str, Any]) -> None:
    entered(row("clerk_education"))
    raw = row("clerk_education", **wrong)
    if wrong == {"person": "same"}:
        raw = row()
    with pytest.raises(Invalid) as refusal:
        proposed(row(), raw)
    assert "第2行" in str(refusal.value.fields["rows"][-1])
    assert CadreRecord.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "field", "said"),
    [
        ([], "rows", "一份名册为1至1000行"),
        ([{"rank": "minister"}], "rows.0.rank", "请从所列项中选择"),
        ([{"unit": 10**6}], "rows.0.unit", "请从所列项中选择"),
    ],
)
def test_a_list_without_rows_or_with_what_is_not_offered_is_refused(
    rows: list[dict[str, Any]], field: str, said: str
) -> None:
    with invalid(field, said):
        proposed(*(row(**changed) for changed in rows))


def test_nobody_confirms_a_row_about_themselves() -> None:
    matter = proposed(row(), row("department_b", unit=unit("department").pk))
    with pytest.raises(Barred, match="名册中有您本人的信息"):
        do("cadres.confirm", "department_b", matter)
    do("cadres.confirm", "city_department", matter)
    assert cadre_of(person("department_b"), TODAY) is not None


def test_ranks_are_listed_from_the_lowest_to_the_highest() -> None:
    codes = [code for code, _label in Policy(cast.jurisdiction().pk, TODAY).choices(RANKS)]
    assert codes.index("deputy_section") < codes.index("section") < codes.index("division")


def test_personal_values_have_a_retention_class_and_go_with_erasure() -> None:
    assert set(CadreRecord.personal.values()) <= set(PERSONAL)
    entered(row())
    request = {"person": person("cadre").pk, "basis": "个人信息保护法第四十七条"}
    requested = do("erasure.request", "security_administrator", **request).matter
    do("erasure.erase", "security_administrator_b", requested)
    left = CadreRecord.objects.get()
    assert (left.rank, left.service_since) == ("", None)
    seal_all(NOW, signer())
    assert list(verify()) == []


def test_a_merger_takes_the_records_along_with_what_each_names() -> None:
    entered(
        row(managed_by=unit("department").pk),
        row("clerk_education", unit=unit("education").pk, managed_by=unit("housing").pk),
    )
    units = {"predecessor": unit("housing").pk, "successor": unit("township").pk}
    prepared = do("reorganization.prepare", "department_a", **units, on="2026-03-10").matter
    do("reorganization.carry_out", "department_b", prepared)
    before, after = (cadre_of(person("cadre"), day) for day in (date(2026, 3, 9), TODAY))
    assert before is not None
    assert after is not None
    assert (before.unit, after.unit, after.rank) == (unit("housing"), unit("township"), "clerk")
    managed = cadre_of(person("clerk_education"), TODAY)
    assert managed is not None
    assert (managed.unit, managed.managed_by) == (unit("education"), unit("township"))
    entered(row(rank="section", unit=unit("township").pk, since="2026-03-10"))
    corrected = cadre_of(person("cadre"), TODAY)
    assert corrected is not None
    assert corrected.rank == "section"
