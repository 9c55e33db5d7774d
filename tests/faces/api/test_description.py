"""The OpenAPI description is public, valid, in the reader's language, and changes only where it is seen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from qingfeng.faces.api.errors import PLAIN
from qingfeng.faces.api.urls import api
from qingfeng.kernel.matters.registry import acts_of, mechanisms
from qingfeng.kernel.reading.reads import READS
from qingfeng.kernel.reading.rows import rows_of
from tests.faces.api.conftest import Program
from tools import openapi

FACED = {
    "listing": "list",
    "one": "get",
    "timeline": "timeline",
    "steps": "steps",
    "links": "links",
    "entry": "proof",
    "inbox": "inbox",
    "searched": "search",
    "notices": "notices",
    "attachment": "attachments.give_out",
    "papers": "papers",
    "paper": "papers.give_out",
    "notice": "notices",
    "waiting": "inbox",
    "unread": "notices",
    "owed": "inbox",
    "clocks": "get",
    "statistics": "statistics",
    "board": "boards",
    "carried": "carried",
    "own": "own",
    "loads": "loads",
    "awaited": "awaited",
    "late": "late",
    "flow": "flow",
    "looks": "looks",
    "burden": "burden",
    "touchable": "options",
}
"""Every read of the kernel, and the operation that gives it."""
ELSEWHERE = {"page", "occasions", "warned"}
"""Reads that answer no program: pages and forms are drawn for people, the calendar feed is for calendars."""


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "label"), [("zh-CN", "交办"), ("en", "Assign"), ("fr", "交办")])
def test_it_is_public_and_in_the_readers_language(nobody: Program, language: str, label: str) -> None:
    described = nobody.get("/openapi.json", headers={"Accept-Language": language})
    assert described.status_code == 200
    paths = described.json()["paths"]
    assert paths["/api/v1/rectification/{matter_id}/assign"]["post"]["summary"] == label


def test_it_is_valid_openapi_3_1() -> None:
    described = json.loads(openapi.description())
    assert described["openapi"].startswith("3.1.")
    assert [str(fault) for fault in OPENAPI_31_VALIDATOR.iter_errors(described)] == []
    assert set(references(described)) <= {
        f"#/components/{kind}/{name}" for kind, named in described["components"].items() for name in named
    }


def references(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for inner in part.values() for found in references(inner)]
    return [found for inner in part for found in references(inner)] if isinstance(part, list) else []


def test_it_is_the_committed_one(tmp_path: Path) -> None:
    # In a process of its own: here the tests' toy mechanisms are installed too.
    written = tmp_path / "openapi.json"
    source = str(openapi.COPY.parents[3] / "src")
    command = [sys.executable, openapi.__file__, str(written)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONPATH": source})
    assert written.read_text(encoding="utf-8") == openapi.COPY.read_text(encoding="utf-8"), (
        "The interface changed; if that is meant, run: python tools/openapi.py"
    )


def test_every_error_is_in_the_guide() -> None:
    guide = (openapi.COPY.parents[3] / "docs" / "how-to" / "use-the-api.md").read_text(encoding="utf-8")
    for status, plain in PLAIN.items():
        assert f"`{plain().code}`" in guide
        assert str(status) in guide


def test_every_act_and_every_read_is_in_it() -> None:
    wanted = {f"{code}.do.{act}" for code, matter in mechanisms().items() for act in acts_of(matter)}
    wanted |= {f"{code}.{name}" for code, matter in mechanisms().items() for name in rows_of(matter)}
    for read in READS.keys() - ELSEWHERE - {"rows"}:
        name = FACED[read]
        codes = [
            code
            for code, matter in mechanisms().items()
            if (read != "statistics" or matter.statistics) and (read != "board" or matter.boards)
        ]
        wanted |= {name} if name in api.operations else {f"{code}.{name}" for code in codes}
    assert wanted <= set(api.operations)


def test_it_says_what_an_act_is_for_who_does_it_and_what_it_asks() -> None:
    described = json.loads(openapi.description())
    assign = described["paths"]["/api/v1/rectification/{matter_id}/assign"]["post"]
    assert assign["description"] == (
        "Hand the problem to the unit that must put it right.\n\nBy the Supervision office of the jurisdiction."
    )
    asked = described["components"]["schemas"]["rectification.assign"]
    assert asked["required"] == ["responsible", "requirement"]
    assert asked["properties"]["requirement"]["maxLength"] == 500
    assert {"If-Match", "Idempotency-Key"} <= {
        parameter["$ref"].rpartition("/")[2] for parameter in assign["parameters"] if "$ref" in parameter
    }
    assert {"400", "401", "403", "404", "409", "413", "415", "422", "429"} <= set(assign["responses"])
