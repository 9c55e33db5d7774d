"""A client that a public generator makes of the description does acts as it is; nothing is left out of it."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client

from qingfeng.faces.api.urls import description
from qingfeng.kernel.time.timekeeper import FixedTime
from tests import cast
from tests.faces.api.conftest import secret
from tests.mechanisms.problems.problem_lists.lists import row
from tests.sheets import plan

BYTES = {"attachments", "papers"}
"""What answers with a file as it is, of whatever type: a generator gives the bytes, and says so."""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The name of the generated package, and what the generator had to say."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(description.written("en"), encoding="utf-8")
    (folder / "plain.yml").write_text("post_hooks: []\n", encoding="utf-8")
    command = [
        "-m",
        "openapi_python_client",
        "generate",
        "--meta",
        "none",
        "--output-path",
        "qingfeng_client",
    ]
    told = subprocess.run(
        [sys.executable, *command, "--path", "openapi.json", "--config", "plain.yml"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    sys.path.insert(0, str(folder))
    yield "qingfeng_client", told.stdout + told.stderr
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == "qingfeng_client"]:
        del sys.modules[name]


def test_every_operation_and_every_input_is_in_the_generated_client(generated: tuple[str, str]) -> None:
    package, told = generated
    warned = [line for line in told.splitlines() if line.startswith("WARNING")]
    assert [line for line in warned if not any(f"/api/v1/{name}/" in line for name in BYTES)] == []
    assert "Unable to parse" not in told
    described = json.loads(description.written("en"))["paths"]
    names = {
        operation["operationId"]
        for path in described.values()
        for method, operation in path.items()
        if method in ("get", "post")
    }
    home = Path(str(importlib.import_module(package).__file__)).parent / "api"
    made = {file.stem for file in home.glob("*/*.py") if file.stem != "__init__"}
    assert len(made) == len(names)


class Person:
    """Somebody of the cast who works by the generated client."""

    def __init__(self, package: str, client: Any) -> None:
        self.package, self.client = package, client

    def do(self, act: str, body: Any = None, matter_id: int | None = None) -> Any:
        """Do an act; the matter after it."""
        code, name = act.split(".")
        called = importlib.import_module(f"{self.package}.api.{code}.{code}_do_{name}")
        given = {"client": self.client} if body is None else {"client": self.client, "body": body}
        done = called.sync_detailed(*(() if matter_id is None else (matter_id,)), **given)
        assert done.status_code in (200, 201), done.content.decode()
        return done.parsed.matter


@contextmanager
def working(package: str, name: str, clock: FixedTime) -> Iterator[Person]:
    client = importlib.import_module(f"{package}.client")
    made = client.AuthenticatedClient(base_url="http://localhost", token=secret(name, clock)[1])
    headers = {"Authorization": f"Bearer {made.token}"}
    with httpx.Client(
        transport=httpx.MockTransport(_served), base_url="http://localhost", headers=headers
    ) as session:
        yield Person(package, made.set_httpx_client(session))


def _served(request: httpx.Request) -> httpx.Response:
    """The site's answer, within the transaction of the test."""
    kind = request.headers.get("Content-Type", "")
    headers = {name: value for name, value in request.headers.items() if name != "content-type"}
    answer = Client().generic(
        request.method, request.url.raw_path.decode(), request.content, content_type=kind, headers=headers
    )
    return httpx.Response(answer.status_code, headers=dict(answer.items()), content=answer.content)


@pytest.mark.django_db
def test_ten_acts_are_done_by_it(generated: tuple[str, str], clock: FixedTime) -> None:
    package = generated[0]
    made = importlib.import_module(f"{package}.models")
    with (
        working(package, "office_a", clock) as office,
        working(package, "office_b", clock) as second,
        working(package, "clerk_housing", clock) as clerk,
        working(package, "head_housing", clock) as head,
    ):
        # What may be left out is left to the class: it is sent as the description says it is by default.
        problem = made.ProblemRegisterInput(
            title="窗口无人值守", kind="inaction", topic="not_acting", description="上午十点，两个窗口无人。"
        )
        sheet = office.do("rectification.register", problem).id
        office.do("rectification.verify", made.ProblemVerifyInput(finding="属实"), sheet)
        handed = made.ProblemAssignInput(responsible=cast.unit("housing").pk, requirement="三日内整改")
        office.do("rectification.assign", handed, sheet)
        clerk.do("rectification.sign", None, sheet)
        clerk.do("rectification.plan", made.ProblemPlanInput.from_dict(plan()), sheet)
        clerk.do(
            "rectification.report",
            made.ProblemReportInput(result="已安排专人值守。", no_evidence="已由科室现场看过。"),
            sheet,
        )
        second.do(
            "rectification.send_back", made.ProblemSendBackInput(reason="午间仍无人，再查一次。"), sheet
        )
        clerk.do(
            "rectification.report",
            made.ProblemReportInput(result="已公示替岗名单。", no_evidence="已由科室现场看过。"),
            sheet,
        )
        done = second.do(
            "rectification.write_off", made.ProblemWriteOffInput(finding="现场复核属实。"), sheet
        )
        assert done.state.code == "written_off"
        # Rows of which two acts have some of one name.
        listed = made.OwnListDrawUpInput.from_dict({"year": cast.TODAY.year, "rows": [row()]})
        own = clerk.do("problem_lists.draw_up", listed)
        assert head.do("problem_lists.approve", None, own.id).state.code == "in_force"
