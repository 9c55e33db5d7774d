"""Whatever a program sends, it gets an answer that the description promised, and never a fault of ours."""

from __future__ import annotations

import json
import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS

from qingfeng.faces.api.urls import api
from qingfeng.faces.wsgi import application
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.time.timekeeper import FixedTime
from tests.faces.api.conftest import Program, assign, opened, secret
from tools import openapi

FEW = 4
CASES = int(os.environ.get("QINGFENG_CASES", FEW))
"""Requests to each operation, some valid, some not; by hand and at random, say, QINGFENG_CASES=100."""
WHO = ("office_a", "clerk_housing", "system_administrator", "security_administrator")
ELSEWHERE = 2**62


class Draws:
    """What makes a random request meet something: ids of matters that are there, and tokens."""

    def __init__(self, clock: FixedTime) -> None:
        self.secrets = [secret(who, clock)[1] for who in WHO]
        office = Program(self.secrets[0])
        for unit in ("housing", "education"):
            assign(office, opened(office), unit)
        opened(office)

    def matters(self, mechanism: str) -> list[int]:
        found = Matter.objects.filter(mechanism=mechanism).order_by("pk").values_list("pk", flat=True)
        return [*found[:5], ELSEWHERE]


REFUSED = {"checks": {"negative_data_rejection": {"expected-statuses": ["4xx"]}}}
"""Whatever does not fit is refused with some 4xx: 413 too, where it is too much, which is not among the tool's own."""


@pytest.mark.exhaustive
def test_every_answer_is_as_described(fresh_database: str, clock: FixedTime) -> None:
    described = schemathesis.openapi.from_dict(
        anonymous(json.loads(openapi.description())), config=schemathesis.Config.from_dict(REFUSED)
    )
    described.app = closed
    draws = Draws(clock)
    for name in api.operations:
        attempt(described, draws, name)


def closed(environ: Any, start_response: Any) -> list[bytes]:
    """The site, with every answer read and closed as a server does it."""
    answered = application(environ, start_response)
    try:
        return [b"".join(answered)]
    finally:
        answered.close()


def anonymous(description: dict[str, Any]) -> dict[str, Any]:
    """The description without its tokens, so that none are made up: each request carries a real one."""
    for path in description["paths"].values():
        for operation in path.values():
            del operation["security"]
    return description


def attempt(described: Any, draws: Draws, name: str) -> None:
    operation = described.find_operation_by_id(name)
    ids = draws.matters(api.operations[name].tag)
    valid = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    invalid = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(
        max_examples=CASES,
        deadline=None,
        derandomize=CASES == FEW,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(data=st.data(), good=st.booleans(), real=st.booleans(), bearer=st.sampled_from(draws.secrets))
    def send(data: st.DataObject, good: bool, real: bool, bearer: str) -> None:
        case = data.draw(valid if good else invalid)
        # What is valid by its form may still be refused: not there, not theirs, not now.
        unfit = ["positive_data_acceptance"]
        if real and "matter_id" in case.path_parameters:
            unfit.append("negative_data_rejection")
            case.path_parameters["matter_id"] = data.draw(st.sampled_from(ids))
        case.call_and_validate(
            headers={"Authorization": f"Bearer {bearer}"},
            excluded_checks=[CHECKS.get_one(check) for check in unfit],
        )

    send()
