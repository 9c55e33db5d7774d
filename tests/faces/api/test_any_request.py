"""Whatever a program sends, it gets an answer that the description promised, and never a fault of ours."""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks

from qingfeng.faces.api.urls import api, description
from qingfeng.faces.wsgi import application
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.time.timekeeper import FixedTime
from tests import cast
from tests.faces.api.conftest import Program, assign, opened, secret

CASES = int(os.environ.get("SCHEMATHESIS_CASES", "4"))
"""Cases for each operation, valid and invalid: some 400 in all; thousands by hand."""
ROLES = ("office_a", "clerk_housing", "system_administrator", "security_administrator")

load_all_checks()


@pytest.fixture
def described(fresh_database: str, clock: FixedTime) -> Any:
    return schemathesis.openapi.from_dict(__import__("json").loads(description.write("en")), app=application)


@pytest.mark.parametrize("name", [op for op in api.operations])
def test_every_answer_is_as_described(described: Any, clock: FixedTime, name: str) -> None:
    operation = described.find_operation_by_id(name)
    declared = api.operations[name]
    secrets = [secret(who, clock)[1] for who in ROLES]
    office = Program(secrets[0])
    for unit in ("housing", "education"):
        assign(office, opened(office), unit)
    opened(office)
    ids = [*Matter.objects.filter(mechanism=declared.tag).values_list("pk", flat=True)[:5], 2**62]

    @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(data=st.data(), mode=st.sampled_from(list(GenerationMode)))
    def send(data: st.DataObject, mode: GenerationMode) -> None:
        try:
            case = data.draw(operation.as_strategy(generation_mode=mode))
        except schemathesis.errors.Unsatisfiable:
            return
        if "matter_id" in (case.path_parameters or {}) and data.draw(st.booleans()):
            case.path_parameters["matter_id"] = data.draw(st.sampled_from(ids))
        bearer = data.draw(st.sampled_from(secrets))
        case.call_and_validate(
            headers={"Authorization": f"Bearer {bearer}"},
            excluded_checks=[schemathesis.checks.CHECKS.get_one("positive_data_acceptance")],
        )

    send()
