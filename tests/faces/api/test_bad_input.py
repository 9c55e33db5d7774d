"""What is sent wrong is told in one sentence a field, in one shape, and leaves nothing behind."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from qingfeng.kernel.ledger.models import Entry
from qingfeng.mechanisms.restraint.leave.models import Leave
from tests import cast
from tests.faces.api.conftest import PROBLEM, Program, assign, opened, sign
from tests.leaves import asked

pytestmark = pytest.mark.django_db


def error(answered: Any) -> dict[str, Any]:
    """The error, having checked that it has the one shape."""
    body: dict[str, Any] = answered.json()
    assert list(body) == ["error"]
    assert list(body["error"]) == ["code", "reason", "remedy", "clause", "grounds", "fields"]
    assert body["error"]["reason"]
    assert body["error"]["remedy"]
    return body["error"]


GOOD = {"responsible": None, "requirement": "三日内整改"}
"""A good assignment, once ``responsible`` is filled in."""

WRONG = {
    "missing": ({"requirement": None}, "requirement"),
    "empty": ({"requirement": "  "}, "requirement"),
    "too long": ({"requirement": "改" * 501}, "requirement"),
    "wrong type": ({"requirement": 3}, "requirement"),
    "an object for text": ({"requirement": {"a": 1}}, "requirement"),
    "NUL": ({"requirement": "三日\x00内"}, "requirement"),
    "a number beyond all bounds": ({"responsible": 10**30}, "responsible"),
    "a negative id": ({"responsible": -1}, "responsible"),
    "not whole": ({"responsible": 1.5}, "responsible"),
    "not a number": ({"responsible": "housing"}, "responsible"),
    "a unit that is not there": ({"responsible": 2**40}, "responsible"),
    "a field nobody asked for": ({"state": "written_off"}, "state"),
}


def assignment(more: dict[str, Any]) -> dict[str, Any]:
    values = GOOD | {"responsible": cast.unit("housing").pk} | more
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize(("more", "field"), WRONG.values(), ids=WRONG)
def test_a_field_that_does_not_hold_is_named_and_nothing_is_done(
    office: Program, problem: str, more: dict[str, Any], field: str
) -> None:
    before = Entry.objects.count()
    refused = office.post(f"{problem}/assign", assignment(more))
    assert refused.status_code == 422
    assert list(error(refused)["fields"]) == [field]
    assert Entry.objects.count() == before
    assert office.post(f"{problem}/assign", assignment({})).status_code == 200


def test_a_unit_one_may_not_see_reads_like_one_that_is_not_there(office: Program, problem: str) -> None:
    elsewhere = cast.unit("housing", cast.BESIDE).pk
    unseen = office.post(f"{problem}/assign", assignment({"responsible": elsewhere}))
    absent = office.post(f"{problem}/assign", assignment({"responsible": 2**40}))
    assert unseen.status_code == 422
    assert unseen.json() == absent.json()


def test_a_code_the_regime_does_not_list_is_refused(office: Program) -> None:
    refused = office.post("/rectification", PROBLEM | {"kind": "made_up"})
    assert refused.status_code == 422
    assert list(error(refused)["fields"]) == ["kind"]


def test_null_reads_like_what_is_left_out(programs: Callable[[str], Program]) -> None:
    left_out = programs("clerk_housing").post("/leave/request", asked())
    null = programs("clerk_education").post("/leave/request", asked(first_half=None, last_half=None))
    assert left_out.status_code == null.status_code == 201
    one, other = (Leave.objects.get(pk=sent.json()["matter"]["id"]) for sent in (left_out, null))
    assert (one.first_half, one.last_half) == (other.first_half, other.last_half)


def test_several_faults_are_told_at_once(office: Program) -> None:
    refused = office.post("/rectification", {"kind": 3, "title": "x" * 101})
    assert set(error(refused)["fields"]) == {"kind", "title", "description"}


UNREADABLE = {
    "no JSON": b"title=x",
    "half an object": b'{"title": "x"',
    "a list": b"[]",
    "text": b'"x"',
    "null": b"null",
    "not a number": b'{"title": NaN}',
    "not UTF-8": b'{"title": "\xff\xfe"}',
    "a lone surrogate": b'{"title": "\\ud800"}',
    "a lone surrogate as a name": b'{"\\ud800": 1}',
    "nested without end": b"[" * 100_000,
    "nested without end, closed": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "UTF-16": '{"title": "x"}'.encode("utf-16"),
}


@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_json_object_is_refused_whole(office: Program, body: bytes) -> None:
    before = Entry.objects.count()
    refused = office.send("/rectification", body)
    assert refused.status_code == 400
    assert error(refused)["code"] == "malformed"
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_another_content_type_is_refused(office: Program, kind: str) -> None:
    refused = office.send("/rectification", json.dumps(PROBLEM).encode(), kind=kind)
    assert refused.status_code == 415
    assert error(refused)["code"] == "wrong_type"


def test_a_body_of_three_megabytes_is_refused(office: Program) -> None:
    refused = office.post("/rectification", PROBLEM | {"description": "x" * 3_000_000})
    assert refused.status_code == 413
    assert error(refused)["code"] == "too_large"


def test_what_is_not_theirs_reads_like_what_is_not_there(
    office: Program, stranger: Program, problem: str
) -> None:
    assert office.get(problem).status_code == 200
    absent = stranger.get("/rectification/99999999")
    assert absent.status_code == 404
    for part in ("", "/timeline", "/options", "/steps", "/links", "/choices/assign/responsible"):
        hidden = stranger.get(problem + part)
        assert (hidden.status_code, hidden.content) == (404, absent.content)
    for act in ("assign", "sign", "write_off"):
        hidden = stranger.post(f"{problem}/{act}", {})
        assert (hidden.status_code, hidden.content) == (404, absent.content)


def test_what_is_read_but_not_theirs_to_do_comes_with_the_reason_before_the_input_is_looked_at(
    clerk: Program, assigned: str
) -> None:
    refused = clerk.post(f"{assigned}/assign", {"nonsense": 1})
    assert refused.status_code == 403
    assert error(refused)["fields"] == {}
    offered = {row["act"]["code"]: row for row in clerk.get(f"{assigned}/options").json()["rows"]}
    assert offered["assign"]["reason"] == error(refused)["reason"]
    assert not offered["assign"]["allowed"]
    assert offered["sign"]["allowed"]


def test_a_closed_matter_takes_no_more_acts(
    office: Program, second: Program, clerk: Program, assigned: str
) -> None:
    sign(clerk, assigned)
    clerk.post(f"{assigned}/report", {"result": "已安排专人", "no_evidence": "已由科室现场看过。"})
    assert second.post(f"{assigned}/write_off", {"finding": "属实"}).status_code == 200
    refused = second.post(f"{assigned}/write_off", {"finding": "属实"})
    assert refused.status_code == 403
    assert "已销号" in error(refused)["reason"]


@pytest.mark.parametrize(
    "address",
    ["/", "/nothing", "/rectification/x", "/rectification/-1", "/rectification/", "/rectification/1/no_such"],
)
def test_an_unknown_address_has_the_same_shape(office: Program, address: str) -> None:
    refused = office.get(address)
    assert refused.status_code == 404
    assert error(refused)["code"] == "not_found"


@pytest.mark.parametrize("number", [0, 2**63, 10**40])
def test_a_number_no_matter_can_have_is_not_there(office: Program, number: int) -> None:
    assert office.get(f"/rectification/{number}").status_code == 404
    assert office.post(f"/rectification/{number}/sign").status_code == 404


def test_a_wrong_method_says_which_are_right(office: Program) -> None:
    refused = office.client.delete(
        "/api/v1/rectification", headers={"Authorization": f"Bearer {office.secret}"}
    )
    assert refused.status_code == 405
    assert error(refused)["code"] == "wrong_method"
    assert set(refused["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("state=no_such", "state"),
        ("size=0", "size"),
        ("size=201", "size"),
        ("size=many", "size"),
        ("cursor=x", "cursor"),
        ("open=perhaps", "open"),
        ("responsible=0", "responsible"),
        (f"responsible={10**30}", "responsible"),
        ("kind=%00", "kind"),
        ("q=%00", "q"),
        (f"q={'x' * 201}", "q"),
        ("responsibel=1", "responsibel"),
    ],
)
def test_a_filter_that_does_not_hold_is_named_and_never_left_out(
    office: Program, problem: str, query: str, field: str
) -> None:
    assert len(office.get("/rectification").json()["rows"]) == 1
    refused = office.get(f"/rectification?{query}")
    assert refused.status_code == 422
    assert list(error(refused)["fields"]) == [field]


def test_errors_are_in_the_readers_language(office: Program) -> None:
    chinese = error(office.get("/nothing"))
    english = error(office.get("/nothing", headers={"Accept-Language": "en-GB,en;q=0.8"}))
    assert english["reason"] == "There is nothing here under this address."
    assert "一" <= chinese["reason"][0] <= "鿿"
    assert chinese["code"] == english["code"]


def test_a_fault_of_ours_has_the_same_shape_and_tells_nothing(
    office: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("inner workings")

    monkeypatch.setattr("qingfeng.kernel.reading.reads.inbox", broken)
    refused = office.get("/inbox")
    assert refused.status_code == 500
    assert error(refused)["code"] == "broken"
    assert b"inner" not in refused.content


def test_fifty_characters_of_chinese_are_fifty(office: Program) -> None:
    problem = opened(office, title="窗" * 100)
    assert assign(office, problem) == problem
    assert office.get(problem).json()["title"] == "窗" * 100
