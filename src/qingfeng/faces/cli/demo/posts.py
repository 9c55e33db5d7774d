"""Who is in charge of which unit of the demonstration, and what the cadre register says of its people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from qingfeng.faces.invented_district import CODE, PEOPLE, WORKING, leader_of
from qingfeng.kernel.acts.engine import StoredAct
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Account, Unit
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.time.periods import day_of
from qingfeng.organization.models import CadreList, PortfolioGrant

RANK = {Role.LEADER: "division", Role.UNIT_HEAD: "section", Role.UNIT_CLERK: "clerk", Role.CADRE: "clerk"}
BEGAN_SERVICE = date(2006, 7, 1)


def fill(perform: Callable[..., StoredAct], actor: Callable[[str], Actor], when: datetime) -> None:
    """Grant the portfolios and enter the cadres, each by two people; before any leader acts."""
    persons = dict(Account.objects.values_list("username", "person_id"))
    units = dict(Unit.objects.filter(jurisdiction__code=CODE).values_list("code", "pk"))
    today = day_of(when).isoformat()
    for number, place in enumerate(WORKING):
        raw = {"person": persons[leader_of(number)], "unit": units[place.code]}
        proposed = perform(PortfolioGrant, "propose", actor("system1"), raw, when)
        perform(PortfolioGrant, "grant", actor("security1"), {"since": today}, when, proposed.matter.pk)
    rows = [
        {
            "person": persons[someone.username],
            "unit": units[someone.unit],
            "rank": RANK[someone.role],
            # One every year, so that some have served long and some have not.
            "service_since": BEGAN_SERVICE.replace(year=BEGAN_SERVICE.year + number % 18).isoformat(),
            "since": today,
            "managed_by": units["04"],
        }
        for number, someone in enumerate(one for one in PEOPLE if one.role in RANK)
    ]
    listed = perform(
        CadreList,
        "propose",
        actor("organization1"),
        {"basis": f"清组发〔{when.year}〕1号（示范）", "rows": rows},
        when,
    )
    perform(CadreList, "confirm", actor("organization2"), {}, when, listed.matter.pk)
