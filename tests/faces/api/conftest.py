"""Programs that hold tokens of the cast, and a problem for them to work on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from qingfeng.faces.api import auth, tokens
from qingfeng.faces.api.models import Token
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.time.timekeeper import FixedTime
from tests import cast
from tests.sheets import plan

PROBLEM = {
    "title": "窗口无人值守",
    "kind": "inaction",
    "topic": "not_acting",
    "description": "上午十点，两个窗口无人。",
}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedTime:
    time = cast.clock()
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


def secret(name: str, clock: FixedTime, days: int = 30) -> tuple[Token, str]:
    """A token of one of the cast, and its secret."""
    holding = RoleHolding.objects.get(pk=cast.actor(name).holding_id)
    return tokens.issue(
        cast.account(name), holding, "交换平台", days, clock.now(), cast.the_system("command_line")
    )


@pytest.fixture
def programs(db: None, clock: FixedTime) -> Callable[[str], Program]:
    """A program for anyone of the cast."""
    return lambda name: Program(secret(name, clock)[1])


@pytest.fixture
def office(programs: Callable[[str], Program]) -> Program:
    return programs("office_a")


@pytest.fixture
def second(programs: Callable[[str], Program]) -> Program:
    return programs("office_b")


@pytest.fixture
def clerk(programs: Callable[[str], Program]) -> Program:
    """The clerk of the unit a problem is assigned to."""
    return programs("clerk_housing")


@pytest.fixture
def stranger(programs: Callable[[str], Program]) -> Program:
    """A clerk of a unit that has nothing to do with the problem."""
    return programs("clerk_education")


@pytest.fixture
def nobody() -> Program:
    return Program("")


def opened(office: Program, **more: str) -> str:
    """The address of a new problem, verified."""
    problem = f"/rectification/{office.post('/rectification', PROBLEM | more).json()['matter']['id']}"
    assert office.post(f"{problem}/verify", {"finding": "属实"}).status_code == 200
    return problem


def assign(office: Program, problem: str, unit: str = "housing") -> str:
    """Assign a problem, and return its address."""
    values = {"responsible": cast.unit(unit).pk, "requirement": "三日内整改"}
    assert office.post(f"{problem}/assign", values).status_code == 200
    return problem


def sign(clerk: Program, problem: str) -> str:
    """Sign for a problem and plan it, and return its address."""
    assert clerk.post(f"{problem}/sign").status_code == 200
    assert clerk.post(f"{problem}/plan", plan()).status_code == 200
    return problem


@pytest.fixture
def problem(office: Program) -> str:
    """The address of a problem that waits to be assigned."""
    return opened(office)


@pytest.fixture
def assigned(office: Program, problem: str) -> str:
    """The address of a problem that waits for the clerk's signature."""
    return assign(office, problem)
