"""After a merger people are appointed again as a list, and meanwhile they may end what is theirs."""

from typing import Any

import pytest
from django.test import Client

from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.roles import RoleHolding, holdings_of
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.organization.models import Appointment
from tests import cast
from tests.cast import TODAY, account, do, person, unit
from tests.faces.console.staff import text
from tests.leaves import request

pytestmark = pytest.mark.django_db


def row(who: str, role: str = "cadre", code: str = "education") -> dict[str, Any]:
    return {"person": person(who).pk, "role": role, "unit": unit(code).pk}


def proposed(*rows: dict[str, Any], by: str = "system_administrator") -> Matter:
    raw = {"basis": "清编〔2026〕9号", "since": "2026-03-10", "rows": list(rows)}
    return do("role_lists.propose", by, **raw).matter


def merge(code: str, into: str) -> None:
    raw = {"predecessor": unit(code).pk, "successor": unit(into).pk, "on": TODAY.isoformat()}
    prepared = do("reorganization.prepare", "department_a", **raw).matter
    do("reorganization.carry_out", "department_b", prepared)


def test_people_of_a_merged_unit_are_appointed_together_by_two() -> None:
    merge("township", "housing")
    assert holdings_of(person("clerk_township"), TODAY) == []
    granted = proposed(row("clerk_township", "unit_clerk", "housing"), row("stand_in", code="housing"))
    do("role_lists.grant", "security_administrator", granted)
    for who in ("clerk_township", "stand_in"):
        held = RoleHolding.objects.get(person=person(who), unit=unit("housing"))
        assert held in holdings_of(person(who), TODAY)
        assert Appointment.objects.get(holding=held).state == "standing"


def test_a_merger_closes_the_appointments_of_the_roles_it_ends() -> None:
    merge("township", "housing")
    found = Appointment.objects.filter(person=person("clerk_township"))
    assert set(found.values_list("state", flat=True)) == {"ended"}
    assert {one.unit for one in found} == {unit("township")}


@pytest.mark.parametrize(
    "rows",
    [
        [("cadre", "discipline_organ", "discipline")],
        [("cadre", "cadre", "housing")],
        [("cadre", "cadre", "education"), ("cadre", "cadre", "education")],
    ],
)
def test_privileged_held_and_double_roles_are_refused_by_row(rows: list[tuple[str, str, str]]) -> None:
    with pytest.raises(Invalid) as refusal:
        proposed(*(row(*one) for one in rows))
    assert all(place.endswith(".role") for place in refusal.value.fields)


def test_a_closed_account_is_refused_by_row() -> None:
    do("departures.enter", "system_administrator", person=person("cadre").pk, reason="退休")
    with pytest.raises(Invalid) as refusal:
        proposed(row("cadre"))
    assert list(refusal.value.fields) == ["rows.0.person"]


def test_nobody_grants_a_list_they_proposed_or_stand_in() -> None:
    with pytest.raises(Barred, match="您办理过前一环节或与本事项有利害关系"):
        do("role_lists.grant", "both_security", proposed(row("cadre"), by="both_system"))
    with pytest.raises(Barred, match="名册中有您本人"):
        do("role_lists.grant", "security_administrator_b", proposed(row("security_administrator_b")))


def visitor(who: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(account(who), backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_who_lost_the_role_meanwhile_ends_what_is_theirs_and_reads_nothing_else() -> None:
    asked = request("clerk_township")
    merge("township", "housing")
    client = visitor("clerk_township")
    page = client.get("/")
    assert page.status_code == 200
    assert "You hold no role today" in text(page)
    assert client.get(f"/leave/{asked.pk}/").status_code == 200
    assert client.post(f"/leave/{asked.pk}/withdraw/").status_code == 303
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert client.get("/leave/new/request/").status_code == 403
    other = Matter.objects.filter(mechanism="founding").earliest("pk")
    assert client.get(f"/founding/{other.pk}/").status_code == 404


def test_who_never_held_a_role_is_told_so() -> None:
    RoleHolding.objects.filter(person=person("no_role")).update(
        valid_to=None, valid_from=cast.TODAY.replace(year=2030)
    )
    answer = visitor("no_role").get("/")
    assert answer.status_code == 403
    assert "You hold no role today" in text(answer)
