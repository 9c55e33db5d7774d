"""The fixed cast 固定角色: three jurisdictions, their units and people, in the template database.

Every test database starts with it, `db` and `fresh_database` alike; ask for one of those and call
`actor("office_a")`. Places and people are made up. Each role of the field stands in the county
(清风区), in the county beside it (林岸县) and in the city above both (云川市).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.engine import StoredAct, perform
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import find_act, matter_class
from qingfeng.kernel.people import actors
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Account, Jurisdiction, Person, Unit
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.record.journal import JournalHead
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import FixedTime
from qingfeng.regimes import shipped

FOUNDED = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
"""Monday, 5 January 2026, 09:00 in Shanghai."""
NOW = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""Tuesday, 10 March 2026, 10:00 in Shanghai; every test begins here."""
TODAY = day_of(NOW)
PASSWORD = "a long enough pass phrase"
"""Everyone's."""

COUNTY, BESIDE, CITY = "qingfeng", "linan", "city"

JURISDICTIONS = [(CITY, "云川市", None), (COUNTY, "清风区", CITY), (BESIDE, "林岸县", CITY)]

UNITS = {
    "office": "效能办",
    "housing": "住建局",
    "education": "教育局",
    "department": "组织部",
    "discipline": "纪委",
    "finance": "财政局",
    "leaders": "党政办",
    "centre": "信息中心",
    "township": "清河镇",
}
"""Codes and names, the same in every jurisdiction. The county had `science` too, merged into education."""

MERGED = ("science", "科技局")


@dataclass(frozen=True)
class Part:
    """One person in one role. Two parts of one account differ in role or unit."""

    account: str
    name: str
    role: str
    unit: str
    jurisdiction: str = COUNTY


PARTS = {
    "office_a": Part("office_a", "甲一", "supervision_office", "office"),
    "office_b": Part("office_b", "甲二", "supervision_office", "office"),
    "discipline": Part("discipline", "乙一", "discipline_organ", "discipline"),
    "department_a": Part("department_a", "丙一", "organization_department", "department"),
    "department_b": Part("department_b", "丙二", "organization_department", "department"),
    "finance": Part("finance", "丁一", "finance", "finance"),
    "leader": Part("leader", "戊一", "leader", "leaders"),
    # Another leader, who is the second security administrator too: nobody grants themselves a portfolio.
    "leader_b": Part("security_administrator_b", "壬四", "leader", "leaders"),
    "head_housing": Part("head_housing", "己一", "unit_head", "housing"),
    "head_education": Part("head_education", "己二", "unit_head", "education"),
    "clerk_housing": Part("clerk_housing", "庚一", "unit_clerk", "housing"),
    "clerk_housing_b": Part("clerk_housing_b", "庚二", "unit_clerk", "housing"),
    "clerk_education": Part("clerk_education", "庚三", "unit_clerk", "education"),
    "clerk_township": Part("clerk_township", "庚四", "unit_clerk", "township"),
    "cadre": Part("cadre", "辛一", "cadre", "housing"),
    "system_administrator": Part("system_administrator", "壬一", "system_administrator", "centre"),
    "system_administrator_b": Part("system_administrator_b", "壬二", "system_administrator", "centre"),
    "security_administrator": Part("security_administrator", "壬三", "security_administrator", "centre"),
    "security_administrator_b": Part("security_administrator_b", "壬四", "security_administrator", "centre"),
    "audit_administrator": Part("audit_administrator", "壬五", "audit_administrator", "centre"),
    # One person, two roles: in the supervision office, and clerk of housing by an appointment. What they
    # reported in the one role they must not check in the other.
    "two_roles": Part("two_roles", "癸一", "supervision_office", "office"),
    "two_roles_clerk": Part("two_roles", "癸一", "unit_clerk", "housing"),
    # One person who administers both system and security, as should not be: four eyes have to hold all the same.
    "both_system": Part("both", "壬六", "system_administrator", "centre"),
    "both_security": Part("both", "壬六", "security_administrator", "centre"),
    # A cadre of the township, who stands in for the clerk of two roles.
    "stand_in": Part("stand_in", "癸二", "cadre", "township"),
    "stand_in_clerk": Part("stand_in", "癸二", "unit_clerk", "housing"),
    # Clerks of the information centre, one of them leader in charge of it too, the other of the finance department:
    # what they asked for in the one role they must not let pass in the other.
    "head_centre": Part("head_centre", "己三", "unit_head", "centre"),
    "leader_clerk": Part("leader", "戊一", "unit_clerk", "centre"),
    "finance_clerk": Part("finance", "丁一", "unit_clerk", "centre"),
}
"""Who acts, by the name tests call them."""

NO_ROLE = Part("no_role", "癸三", "cadre", MERGED[0])
"""Their one role ended with their unit; `actor("no_role")` is refused."""

PORTFOLIOS = (
    ("leader", "housing"),
    ("leader", "centre"),
    ("leader_b", "education"),
    ("leader_b", "centre"),
)
"""Which leader is in charge of which unit of the county."""

BY_DELEGATION = {"stand_in_clerk"}
BY_APPOINTMENT = {"two_roles_clerk"}

ELSEWHERE = {
    "office": ("supervision_office", "office"),
    "office_b": ("supervision_office", "office"),
    "discipline": ("discipline_organ", "discipline"),
    "department": ("organization_department", "department"),
    "finance": ("finance", "finance"),
    "leader": ("leader", "leaders"),
    "head": ("unit_head", "housing"),
    "clerk": ("unit_clerk", "housing"),
    "cadre": ("cadre", "housing"),
    "system_administrator": ("system_administrator", "centre"),
    "security_administrator": ("security_administrator", "centre"),
    "security_administrator_b": ("security_administrator", "centre"),
    "audit_administrator": ("audit_administrator", "centre"),
}
for _place, _stem in ((BESIDE, "子"), (CITY, "丑")):
    for _order, (_short, (_role, _unit)) in enumerate(ELSEWHERE.items(), start=1):
        PARTS[f"{_place}_{_short}"] = Part(f"{_place}_{_short}", f"{_stem}{_order}", _role, _unit, _place)


def clock() -> FixedTime:
    """A clock of the test's own, standing at NOW."""
    return FixedTime(NOW)


def jurisdiction(code: str = COUNTY) -> Jurisdiction:
    return Jurisdiction.objects.get(code=code)


def unit(code: str, place: str = COUNTY) -> Unit:
    return Unit.objects.get(jurisdiction__code=place, code=code)


def account(name: str) -> Account:
    part = NO_ROLE if name == "no_role" else PARTS[name]
    return Account.objects.select_related("person").get(username=part.account)


def person(name: str) -> Person:
    return account(name).person


def actor(name: str, at: datetime = NOW) -> Actor:
    """One of PARTS in their role; `nobody`; `no_role` is refused as a face would refuse them."""
    if name == "nobody":
        return actors.NOBODY
    if name == "no_role":
        return actors.in_role(account(name), day_of(at))
    part = PARTS[name]
    holding = RoleHolding.objects.filter(
        role=part.role, unit__code=part.unit, unit__jurisdiction__code=part.jurisdiction
    )
    owner = "two_roles" if name in BY_DELEGATION else part.account
    found = holding.get(person__account__username=owner)
    return actors.in_role(account(name), day_of(at), found.pk)


def the_system(reason: str, *places: str) -> Actor:
    """The system for a reason, over the places named (none named: the county)."""
    return actors.system(reason, [jurisdiction(code).pk for code in places or (COUNTY,)])


def act(name: str) -> Act:
    """An act by its full name, such as `rectification.assign`."""
    code, _dot, own = name.partition(".")
    return find_act(matter_class(code), own)


def do(
    name: str, who: str | Actor, matter: Matter | int | None = None, at: datetime = NOW, **raw: Any
) -> StoredAct:
    """Perform an act by its full name: `do("rectification.assign", "office_a", sheet, responsible=3)`."""
    acting = actor(who, at) if isinstance(who, str) else who
    pk = matter.pk if isinstance(matter, Matter) else matter
    return perform(act(name), acting, raw, at, matter_id=pk)


def demonstration() -> str:
    """The demonstration regime's text, compared; district meetings are convened by the cast's information centre."""
    text = _compared("demonstration")
    return re.sub(r"(kind: (?:sessions|annual|district), units: )\[[^]]*\]", r"\1[centre]", text)


def statutory(name: str) -> str:
    """The text of a national regime, compared; the city's activation of it holds for the counties below."""
    return _compared(f"statutory_{name}")


def _compared(code: str) -> str:
    return shipped()[code].replace("verified: false", "verified: true")


def citys_own() -> str:
    """The city's regime: the same list of kinds, longer times, larger meetings, so that the county's are the stricter."""
    text = demonstration().replace("regime: demonstration", "regime: city_demonstration")
    text = text.replace("jurisdiction: qingfeng", "jurisdiction: city").replace("n: 2,", "n: 5,")
    text = text.replace("value: 200\n", "value: 500\n")
    people = "discussion_people:\n    - from: 2024-01-01\n      value: "
    text = text.replace(f"{people}100\n", f"{people}300\n")
    once = "department_a_year:\n    - from: 2024-01-01\n      value: "
    text = text.replace(f"{once}1\n", f"{once}3\n")
    return text.replace("n: 15,", "n: 30,")


def found_all() -> None:
    """Found the three jurisdictions, put their regimes in force, and let the county's history begin."""
    for code, name, above in JURISDICTIONS:
        Jurisdiction.objects.create(
            code=code, name=name, parent=Jurisdiction.objects.get(code=above) if above else None
        )
        do(
            "founding.found",
            the_system("founding", code),
            at=FOUNDED,
            units=_units(code),
            people=_people(code),
        )
    for name in ("reception", "leave", "inspection"):
        _activate(statutory(name), "city_office", "city_office_b")
    _activate(citys_own(), "city_office", "city_office_b")
    _activate(demonstration(), "office_a", "office_b")
    _appoint()
    _put_in_charge()
    _merge()
    Account.objects.update(password=make_password(PASSWORD))
    # As in any house that runs: the journal has begun.
    JournalHead.objects.create()


def _units(place: str) -> list[dict[str, str]]:
    units = {**UNITS, MERGED[0]: MERGED[1]} if place == COUNTY else UNITS
    return [{"code": code, "name": name} for code, name in units.items()]


def _people(place: str) -> list[dict[str, str]]:
    parts = [
        part
        for name, part in {**PARTS, "no_role": NO_ROLE}.items()
        if part.jurisdiction == place and name not in BY_DELEGATION | BY_APPOINTMENT
    ]
    return [
        {
            "username": part.account,
            "name": part.name,
            "role": part.role,
            "unit": part.unit,
            "email": f"{part.account}@example.invalid",
        }
        for part in parts
    ]


def _activate(text: str, one: str, other: str) -> None:
    proposed = do("regime.propose", one, at=FOUNDED, text=text)
    do("regime.activate", other, proposed.matter, at=FOUNDED + timedelta(hours=1))


def _appoint() -> None:
    part = PARTS["two_roles_clerk"]
    proposed = do(
        "appointment.propose",
        "system_administrator",
        at=FOUNDED,
        person=person("two_roles").pk,
        role=part.role,
        unit=unit(part.unit).pk,
    )
    do("appointment.grant", "security_administrator", proposed.matter, at=FOUNDED, since="2026-01-06")
    do(
        "appointment.delegate",
        "two_roles",
        proposed.matter,
        at=FOUNDED + timedelta(days=1),
        delegate=person("stand_in").pk,
        since="2026-02-02",
        until="2026-11-30",
    )


def _put_in_charge() -> None:
    for leader, code in PORTFOLIOS:
        raw = {"person": person(leader).pk, "unit": unit(code).pk}
        proposed = do("portfolio.propose", "system_administrator", at=FOUNDED, **raw)
        do("portfolio.grant", "security_administrator", proposed.matter, at=FOUNDED, since="2026-01-06")


def _merge() -> None:
    at = FOUNDED + timedelta(days=28)
    prepared = do(
        "reorganization.prepare",
        "department_a",
        at=at,
        predecessor=unit(MERGED[0]).pk,
        successor=unit("education").pk,
        on="2026-02-02",
    )
    do("reorganization.carry_out", "department_b", prepared.matter, at=at)
