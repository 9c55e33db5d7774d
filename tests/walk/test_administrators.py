"""None of the three administrators sees what a mechanism's matters say, in any state the tables know."""

import pytest

from qingfeng.kernel.people.role import ADMINISTRATORS
from tests import cast
from tests.walk.declared import declared
from tests.walk.table import names, table, who

CONTENT = [code for code in names() if not declared()[code].ground]
"""The mechanisms; what the house itself stands on, such as a role granted, is administration."""


def administrators() -> set[str]:
    """Those who are nothing else besides: what names a leader by person, that leader reads in any role."""
    roles: dict[str, set[str]] = {}
    for part in cast.PARTS.values():
        roles.setdefault(part.account, set()).add(part.role)
    return {
        seat
        for seat in who().seats
        if seat in cast.PARTS and roles[cast.PARTS[seat].account] <= ADMINISTRATORS
    }


def test_the_three_are_three_and_stand_in_every_jurisdiction() -> None:
    roles = {(cast.PARTS[seat].role, cast.PARTS[seat].jurisdiction) for seat in administrators()}
    places = (cast.COUNTY, cast.BESIDE, cast.CITY)
    assert roles == {(role, place) for role in ADMINISTRATORS for place in places}


@pytest.mark.parametrize("code", CONTENT)
def test_no_administrator_reads_or_is_told_anything_of_a_mechanism(code: str) -> None:
    said = table(code)
    concerned = {
        f"{state}: {seat}"
        for state, scene in said.scenes.items()
        for seats in (
            scene.readers,
            scene.told,
            *scene.waits_on.values(),
            *(row.may for row in scene.rows.values()),
        )
        for seat in seats & administrators()
    }
    assert not concerned
