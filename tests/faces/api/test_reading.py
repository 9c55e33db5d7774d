"""Lists, inbox, search, notices, files and choices, each for whom it concerns, in a constant number of queries."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.people.models import Unit
from qingfeng.kernel.time.timekeeper import FixedTime
from tests import cast
from tests.faces.api.conftest import Program, assign, opened, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def seven(office: Program) -> list[str]:
    """Seven problems assigned to housing, the oldest first."""
    return [assign(office, opened(office, title=f"第{number}个窗口无人")) for number in range(1, 8)]


def ids(page: Any) -> list[int]:
    return [row.get("matter", row)["id"] for row in page["rows"]]


@pytest.mark.parametrize("address", ["/rectification", "/inbox", "/search?q=窗口"])
def test_pages_follow_each_other_without_gap_or_repeat(
    clerk: Program, seven: list[str], address: str
) -> None:
    whole = ids(clerk.get(address).json())
    assert len(whole) == 7
    found, cursor, sizes = [], "", []
    joint = "&" if "?" in address else "?"
    while cursor is not None:
        page = clerk.get(f"{address}{joint}size=3&cursor={cursor}").json()
        assert set(page) == {"rows", "next"}
        found += ids(page)
        sizes.append(len(page["rows"]))
        cursor = page["next"]
    assert found == whole
    assert sizes == [3, 3, 1]


def test_a_list_is_narrowed_by_state_openness_words_and_declared_fields(
    office: Program, clerk: Program, seven: list[str]
) -> None:
    sign(clerk, seven[0])
    other = assign(office, opened(office, kind="formalism", title="会议过多"), "education")
    housing = cast.unit("housing").pk
    for query, many in (
        ("", 8),
        ("state=rectifying", 1),
        ("open=true", 8),
        ("open=false", 0),
        ("kind=formalism", 1),
        (f"responsible={housing}", 7),
        (f"responsible={housing}&state=rectifying", 1),
        (f"q={quote('会议')}", 1),
        (f"q={quote('第3个窗口')}", 1),
    ):
        assert len(office.get(f"/rectification?{query}").json()["rows"]) == many, query
    assert ids(office.get("/rectification?kind=formalism").json()) == [int(other.rpartition("/")[2])]


@pytest.mark.parametrize("address", ["/rectification", "/inbox", "/search?q=窗口", "/notices"])
def test_a_longer_page_takes_no_more_queries(
    office: Program, clerk: Program, problem: str, address: str
) -> None:
    assign(office, problem)
    clerk.get("/me")
    with CaptureQueriesContext(connection) as short:
        assert len(clerk.get(address).json()["rows"]) == 1
    for _ in range(6):
        assign(office, opened(office))
    with CaptureQueriesContext(connection) as long:
        assert len(clerk.get(address).json()["rows"]) == 7
    assert len(long) == len(short) <= 7


def test_the_inbox_tells_what_is_owed_and_by_when(clerk: Program, assigned: str) -> None:
    (row,) = clerk.get("/inbox").json()["rows"]
    assert row["act"] == {"code": "sign", "label": "签收"}
    assert row["due"] == "2026-03-12T16:00:00Z"
    clerk.post(f"{assigned}/sign")
    (row,) = clerk.get("/inbox").json()["rows"]
    assert row["act"]["code"] == "plan"


def test_notices_reach_whom_they_are_for(clerk: Program, stranger: Program, assigned: str) -> None:
    (notice,) = clerk.get("/notices").json()["rows"]
    assert f"/rectification/{notice['matter']}" == assigned
    assert "窗口无人值守" in notice["text"]
    assert stranger.get("/notices").json()["rows"] == []


def test_an_opening_act_says_why_it_is_not_possible(office: Program, clerk: Program) -> None:
    def offered(program: Program) -> Any:
        rows = program.get("/openings").json()["rows"]
        return next(row for row in rows if row["mechanism"] == "rectification")

    assert offered(office)["allowed"]
    assert not offered(clerk)["allowed"]
    assert offered(clerk)["reason"]


def test_a_chooser_offers_what_the_act_would_take(office: Program, clerk: Program, problem: str) -> None:
    units = office.get(f"{problem}/choices/assign/responsible").json()["rows"]
    assert {"value": cast.unit("housing").pk, "label": "住建局"} in units
    assert cast.unit("housing", cast.BESIDE).pk not in {row["value"] for row in units}
    kinds = office.get("/rectification/choices/register/kind").json()["rows"]
    assert {"value": "inaction", "label": "不作为"} in kinds
    assert clerk.get("/rectification/choices/register/kind").status_code == 403
    assign(office, problem)
    assert clerk.get(f"{problem}/choices/assign/responsible").status_code == 403


def test_chosen_values_come_in_pages(office: Program, problem: str) -> None:
    address = f"{problem}/choices/assign/responsible"
    whole = office.get(address).json()["rows"]
    page = office.get(f"{address}?size=2").json()
    rest = office.get(f"{address}?size=200&cursor={page['next']}").json()
    assert page["rows"] + rest["rows"] == whole
    assert rest["next"] is None
    refused = office.get(f"{address}?cursor=next")
    assert (refused.status_code, list(refused.json()["error"]["fields"])) == (422, ["cursor"])


def test_an_entry_is_proved_once_it_is_sealed(
    office: Program, stranger: Program, clock: FixedTime, problem: str
) -> None:
    (_verified, line) = office.get(f"{problem}/timeline").json()["rows"]
    address = f"{problem}/proof/{line['id']}"
    assert office.get(address).status_code == 404
    seal_all(clock.now(), signer())
    proof = office.get(address).json()
    assert {"entry", "path", "checkpoint", "signature", "history", "head", "keys"} <= set(proof)
    assert stranger.get(address).status_code == 404
    other = opened(office)
    assert office.get(f"{other}/proof/{line['id']}").status_code == 404


def picture() -> bytes:
    drawn = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(drawn, "PNG")
    return drawn.getvalue()


def hand_in(program: Program, content: bytes, name: str = "窗口.png", field: str = "file") -> Any:
    file = SimpleUploadedFile(name, content, "image/png")
    headers = {"Authorization": f"Bearer {program.secret}"}
    return program.client.post("/api/v1/attachments", {field: file}, headers=headers)


def read_whole(given_out: Any) -> bytes:
    """The bytes; the file is closed when they are read to the end."""
    return b"".join(given_out.streaming_content)


def test_a_file_is_handed_in_used_in_an_act_and_read_by_the_matters_readers(
    office: Program, clerk: Program, stranger: Program, assigned: str
) -> None:
    handed = hand_in(clerk, picture())
    assert handed.status_code == 201
    address = handed["Location"].removeprefix("/api/v1")
    assert read_whole(clerk.get(address))
    assert office.get(address).status_code == 404
    sign(clerk, assigned)
    done = clerk.post(f"{assigned}/report", {"result": "已安排专人", "evidence": [handed.json()["id"]]})
    assert done.status_code == 200, done.content.decode()
    read = office.get(address)
    assert (read.status_code, read["Content-Type"]) == (200, "image/png")
    assert read_whole(read)
    assert stranger.get(address).status_code == 404
    (report, *_) = office.get(f"{assigned}/timeline").json()["rows"]
    assert [file["name"] for said in report["said"] for file in said["files"]] == ["窗口.png"]


def test_a_file_of_another_account_can_not_be_used(
    clerk: Program, programs: Callable[[str], Program], assigned: str
) -> None:
    handed = hand_in(programs("clerk_housing_b"), picture()).json()["id"]
    sign(clerk, assigned)
    values = {"result": "已安排专人", "evidence": [handed]}
    assert clerk.post(f"{assigned}/report", values).status_code == 422
    values["evidence"] = [hand_in(clerk, picture()).json()["id"]]
    assert clerk.post(f"{assigned}/report", values).status_code == 200


@pytest.mark.parametrize(
    ("content", "name", "field"),
    [
        (b"MZ\x90\x00 a program", "窗口.png", "file"),
        (b"", "窗口.png", "file"),
        (picture(), "窗口.exe", "file"),
        (picture(), "窗口.png", "other"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    clerk: Program, content: bytes, name: str, field: str
) -> None:
    refused = hand_in(clerk, content, name, field)
    assert refused.status_code == 422
    assert refused.json()["error"]["fields"]


def test_three_gigabytes_are_refused_unread(clerk: Program) -> None:
    refused = clerk.client.generic(
        "POST",
        "/api/v1/attachments",
        b"--x",
        content_type="multipart/form-data; boundary=x",
        headers={"Authorization": f"Bearer {clerk.secret}", "Content-Length": str(3 << 30)},
    )
    assert refused.status_code == 413
    assert refused.json()["error"]["code"] == "too_large"


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data", "multipart/form-data; boundary="]
)
def test_what_is_no_form_with_a_file_is_refused(clerk: Program, kind: str) -> None:
    refused = clerk.send("/attachments", b'{"file": "x"}', kind=kind)
    assert refused.status_code in (400, 415)
    assert refused.json()["error"]["code"] in ("malformed", "wrong_type")


def test_statistics_count_what_the_caller_may_read_in_whole_numbers(
    office: Program, clerk: Program, seven: list[str]
) -> None:
    opened(office)
    (units, *_others) = office.get("/rectification/statistics").json()["rows"]
    assert units["columns"][1] == {"label": "已销号", "kind": "count"}
    assert (units["year"], units["rows"]) == (2026, [["住建局", 0, 7, 0], ["尚未交办", 0, 1, 0]])
    assert clerk.get("/rectification/statistics").json()["rows"][0]["rows"] == [["住建局", 0, 7, 0]]
    assert office.get("/rectification/statistics?year=2025").json()["rows"][0]["rows"] == []
    assert office.get("/rectification/statistics?year=2027").status_code == 422


def test_what_may_no_longer_be_chosen_between_two_pages_leaves_nothing_out(
    office: Program, problem: str
) -> None:
    address = f"{problem}/choices/assign/responsible"
    whole = [row["label"] for row in office.get(f"{address}?size=200").json()["rows"]]
    page = office.get(f"{address}?size=3").json()
    gone = page["rows"][0]["value"]
    Unit.objects.filter(pk=gone).update(valid_to=cast.TODAY - timedelta(days=1))
    rest = office.get(f"{address}?size=200&cursor={page['next']}").json()
    assert [row["label"] for row in (*page["rows"], *rest["rows"])] == whole
    Unit.objects.filter(pk=page["next"]).update(valid_to=cast.TODAY - timedelta(days=1))
    assert office.get(f"{address}?cursor={page['next']}").status_code == 422
