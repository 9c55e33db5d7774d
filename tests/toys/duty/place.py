"""A jurisdiction of the toys' own, with two people in its office."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from qingfeng.kernel.acts.engine import StoredAct, perform
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.matters.registry import find_act
from qingfeng.kernel.people.actors import Actor, in_role, system
from qingfeng.kernel.people.models import Account, Jurisdiction, Person
from qingfeng.kernel.people.roles import Role, RoleHolding
from qingfeng.kernel.regime.models import ActivatedRegime
from qingfeng.organization.cadres import CadreRecord
from qingfeng.organization.models import Activation, Founding
from tests.toys.duty.models import Sheet

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
"""Monday, 2 March 2026, 09:00 in Shanghai."""

REGIME = """
regime: toys-{code}
title: 演练制度
title_en: Toys
jurisdiction: national
place: {name}
year: 2026
enables: [toys_sheet, toys_meeting, toys_report, toys_year]
values: {{}}
"""


@dataclass(frozen=True)
class Place:
    """The jurisdiction and its two people."""

    jurisdiction: Jurisdiction
    first: Actor
    second: Actor

    def do(
        self, actor: Actor, name: str, now: datetime = NOW, on: int | None = None, **raw: Any
    ) -> StoredAct:
        """Perform an act of a sheet."""
        return perform(find_act(Sheet, name), actor, raw, now, matter_id=on)

    def sheet(self) -> int:
        """Begin a sheet; its id."""
        return int(self.do(self.first, "begin", reason="窗口无人值守").matter.pk)


def found(code: str = "toys", name: str = "松溪县", now: datetime = NOW) -> Place:
    """Found a jurisdiction; user names end with its code."""
    jurisdiction = Jurisdiction.objects.create(code=code, name=name)
    people = [
        {"username": f"{letter}-{code}", "name": person, "role": "supervision_office", "unit": "01"}
        for letter, person in (("a", "甲"), ("b", "乙"))
    ]
    plan = {
        "units": [{"code": "01", "name": f"{name}效能办"}, {"code": "02", "name": "住建局"}],
        "people": people,
    }
    perform(find_act(Founding, "found"), system("founding", [jurisdiction.pk]), plan, now)
    first, second = (in_role(Account.objects.get(username=f"{letter}-{code}"), now.date()) for letter in "ab")
    text = REGIME.format(code=code, name=name)
    proposed = perform(find_act(Activation, "propose"), first, {"text": text}, now)
    perform(find_act(Activation, "activate"), second, {}, now, matter_id=proposed.matter.pk)
    return Place(jurisdiction, first, second)


SOURCE = "source: {title: 演练制度, clause: 第一条}, verified: true"


def put_in_force(place: Place, values: str, at: datetime = NOW) -> None:
    """Put a regime with some values into force, each a line ``name: (first day) value``."""
    written = ""
    for line in values.strip().splitlines():
        name, since, value = re.fullmatch(r"\s*(\S+): \((\S+)\) (.*)", line).groups()  # type: ignore[union-attr]
        written += f"  {name}:\n" if f"  {name}:\n" not in written else ""
        written += f"  - {{from: {since}, value: {value}, {SOURCE}}}\n"
    text = (
        "regime: toys-numbers\ntitle: 演练数值\ntitle_en: Numbers of the toys\njurisdiction: defaults\n"
        f"place: 松溪县\nyear: 2026\nenables: [toys_report, toys_year]\nvalues:\n{written}"
    )
    ActivatedRegime(
        jurisdiction=place.jurisdiction,
        regime="toys-numbers",
        layer=place.jurisdiction.code,
        digest=sm3(text.encode()).hex(),
        text=text,
        recorded_at=at,
        valid_from=at.date(),
    ).save(by_act=True)


def persons(place: Place, number: int, rank: str, since: date = date(2026, 3, 2)) -> list[Person]:
    """Persons of a rank, as a list would enter them with their role."""
    made = Person.objects.bulk_create(
        Person(jurisdiction=place.jurisdiction, name=f"干部{one}", valid_from=since) for one in range(number)
    )
    unit = place.jurisdiction.units.get(code="02")
    CadreRecord.objects.bulk_create(
        CadreRecord(person=person, unit=unit, rank=rank, valid_from=since) for person in made
    )
    RoleHolding.objects.bulk_create(
        RoleHolding(person=person, role=Role.CADRE, unit=unit, valid_from=since) for person in made
    )
    return made
