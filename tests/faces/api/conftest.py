"""An office of invented people, and a client for each of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from qingfeng.faces.api import auth, tokens
from qingfeng.kernel.actors import in_role, system
from qingfeng.kernel.acts.engine import perform
from qingfeng.kernel.matters.registry import acts_of
from qingfeng.kernel.parties.models import Account, Jurisdiction
from qingfeng.kernel.parties.roles import RoleHolding
from qingfeng.kernel.time.timekeeper import FixedTime
from qingfeng.organization.models import Activation, Founding

NOW = datetime(2026, 3, 16, 1, 30, tzinfo=UTC)
PEOPLE = {
    "office1": ("supervision_office", "01"),
    "office2": ("supervision_office", "01"),
    "clerk2": ("unit_clerk", "02"),
    "clerk3": ("unit_clerk", "03"),
    "security": ("security_administrator", "01"),
    "administrator": ("system_administrator", "01"),
}
PROBLEM = {"title": "窗口无人值守", "kind": "inaction", "description": "上午十点，两个窗口无人。"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedTime:
    time = FixedTime(NOW)
    monkeypatch.setattr(auth, "clock", time)
    cache.clear()
    return time


class Program:
    """A program that holds one token."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.client = Client(raise_request_exception=False)

    def get(self, address: str, /, **more: Any) -> Any:
        return self.client.get(f"/api/v1{address}", headers=self._headers(more.pop("headers", {})), **more)

    def post(self, address: str, values: Any = None, /, **more: Any) -> Any:
        body = b"" if values is None else json.dumps(values).encode()
        return self.send(address, body, **more)

    def send(self, address: str, body: bytes, /, kind: str = "application/json", **more: Any) -> Any:
        headers = self._headers(more.pop("headers", {}))
        return self.client.post(f"/api/v1{address}", body, content_type=kind, headers=headers, **more)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return ({"Authorization": f"Bearer {self.secret}"} if self.secret else {}) | more


class House:
    """A founded jurisdiction under the demonstration regime."""

    def __init__(self, clock: FixedTime) -> None:
        self.clock = clock
        self.jurisdiction = Jurisdiction.objects.create(code="qingfeng", name="清风区")
        rows = [
            {"username": name, "name": name, "role": role, "unit": unit}
            for name, (role, unit) in PEOPLE.items()
        ]
        units = [
            {"code": code, "name": name}
            for code, name in (("01", "效能办"), ("02", "住建局"), ("03", "教育局"))
        ]
        founding = acts_of(Founding)["found"]
        found = system("founding", [self.jurisdiction.pk])
        perform(founding, found, {"units": units, "people": rows}, clock.now())
        text = files("qingfeng.regimes").joinpath("demonstration/regime.yaml").read_text(encoding="utf-8")
        acts = acts_of(Activation)
        proposed = perform(acts["propose"], self.actor("office1"), {"text": text}, clock.now()).matter
        perform(acts["activate"], self.actor("office2"), {}, clock.now(), matter_id=proposed.pk)

    def account(self, name: str) -> Account:
        return Account.objects.select_related("person").get(username=name)

    def holding(self, name: str) -> RoleHolding:
        return RoleHolding.objects.get(person__account__username=name)

    def actor(self, name: str) -> Any:
        return in_role(self.account(name), self.clock.now().date())

    def unit(self, name: str) -> int:
        return self.holding(name).unit_id

    def token(self, name: str, days: int = 30) -> tuple[Any, str]:
        by = system("command_line", [self.jurisdiction.pk])
        return tokens.issue(self.account(name), self.holding(name), "交换平台", days, self.clock.now(), by)

    def program(self, name: str) -> Program:
        return Program(self.token(name)[1])


@pytest.fixture
def house(db: None, clock: FixedTime) -> House:
    return House(clock)


@pytest.fixture
def office(house: House) -> Program:
    return house.program("office1")


@pytest.fixture
def second(house: House) -> Program:
    return house.program("office2")


@pytest.fixture
def clerk(house: House) -> Program:
    return house.program("clerk2")


@pytest.fixture
def stranger(house: House) -> Program:
    """A clerk of a unit that has nothing to do with the problem."""
    return house.program("clerk3")


@pytest.fixture
def nobody() -> Program:
    return Program("")


@pytest.fixture
def problem(house: House, office: Program) -> str:
    """The address of a problem that waits to be assigned."""
    return f"/rectification/{office.post('/rectification', PROBLEM).json()['matter']['id']}"


@pytest.fixture
def assigned(house: House, office: Program, problem: str) -> str:
    """The address of a problem that waits for the clerk's signature."""
    office.post(f"{problem}/assign", {"responsible": house.unit("clerk2"), "requirement": "三日内整改"})
    return problem


Sent = Callable[[], HttpResponse]
