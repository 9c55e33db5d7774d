"""A jurisdiction of the toys' own, with two people in its office."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from qingfeng.kernel.acts.engine import StoredAct, perform
from qingfeng.kernel.matters.registry import find_act
from qingfeng.kernel.people.actors import Actor, in_role, system
from qingfeng.kernel.people.models import Account, Jurisdiction
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
enables: [toys_sheet, toys_meeting]
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
