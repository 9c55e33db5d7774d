"""The cast is what it says: every role in every jurisdiction, and the odd ones."""

import pytest

from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.refusals import Barred
from tests.cast import BESIDE, CITY, COUNTY, NOW, PARTS, actor, unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("place", [COUNTY, BESIDE, CITY])
def test_every_role_of_the_field_stands_in_every_jurisdiction(place: str) -> None:
    assert {part.role for part in PARTS.values() if part.jurisdiction == place} == set(Role.values)


def test_each_part_acts_in_its_own_role_and_unit() -> None:
    for name, part in PARTS.items():
        acting = actor(name)
        assert (acting.role, acting.unit_id) == (part.role, unit(part.unit, part.jurisdiction).pk), name


def test_the_city_covers_its_counties_and_a_county_only_itself() -> None:
    assert set(actor("office_a").jurisdictions) < set(actor("city_office").jurisdictions)
    assert len(actor("office_a").jurisdictions) == 1


def test_who_stands_in_answers_to_the_role_and_not_to_the_person() -> None:
    standing_in, holder = actor("stand_in_clerk"), actor("two_roles_clerk")
    assert set(holder.keys) - set(standing_in.keys) == {f"person@{holder.person_id}"}


def test_whose_only_unit_was_merged_holds_no_role_any_more() -> None:
    with pytest.raises(Barred, match="您目前不任该角色"):
        actor("no_role")


def test_everyone_can_sign_in_with_the_cast_password() -> None:
    from tests.cast import PASSWORD

    assert Account.objects.get(username="office_a").check_password(PASSWORD)
    assert NOW.tzinfo is not None
