"""The same submit twice is done once, and whoever acts on an old version is told so."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.time.timekeeper import FixedTime
from tests.faces.api.conftest import PROBLEM, Program, assign, opened, secret
from tests.sheets import plan

KEY = {"Idempotency-Key": "5f3a-1"}


def test_the_same_opening_twice_opens_one_matter(office: Program) -> None:
    first = office.post("/rectification", PROBLEM, headers=KEY)
    again = office.post("/rectification", PROBLEM, headers=KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert len(office.get("/rectification").json()["rows"]) == 1


def test_the_same_act_twice_answers_as_the_first_time_though_the_matter_moved_on(
    clerk: Program, assigned: str
) -> None:
    seen = KEY | {"If-Match": '"3"'}
    first = clerk.post(f"{assigned}/sign", {}, headers=seen)
    clerk.post(f"{assigned}/plan", plan())
    again = clerk.post(f"{assigned}/sign", {}, headers=seen)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json()["entry"] == first.json()["entry"]
    assert again.json()["matter"]["state"]["code"] == "rectifying"


def test_without_a_key_the_second_time_is_refused(clerk: Program, assigned: str) -> None:
    assert clerk.post(f"{assigned}/sign").status_code == 200
    refused = clerk.post(f"{assigned}/sign")
    assert refused.status_code == 403
    assert "已签收" in refused.json()["error"]["reason"]


def test_a_key_used_for_other_content_is_a_conflict(office: Program) -> None:
    office.post("/rectification", PROBLEM, headers=KEY)
    assert office.post("/rectification", PROBLEM | {"title": "另一件"}, headers=KEY).status_code == 409


def test_a_key_used_for_one_matter_does_nothing_to_another(
    office: Program, clerk: Program, assigned: str
) -> None:
    other = assign(office, opened(office))
    assert clerk.post(f"{assigned}/sign", headers=KEY).status_code == 200
    assert clerk.post(f"{other}/sign", headers=KEY).status_code == 409
    assert clerk.get(other).json()["state"]["code"] == "assigned"


def test_twins_sent_at_once_are_done_once(fresh_database: str, clock: FixedTime) -> None:
    office = Program(secret("office_a", clock)[1])
    office.get("/me")

    def send(_: int) -> tuple[int, int]:
        try:
            answered = office.post("/rectification", PROBLEM, headers=KEY)
            return answered.status_code, answered.json()["entry"]["id"]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(send, range(6)))
    assert [status for status, _entry in answers] == [201]
    assert len(office.get("/rectification").json()["rows"]) == 1


def test_the_same_key_of_another_account_is_another_key(office: Program, second: Program) -> None:
    office.post("/rectification", PROBLEM, headers=KEY)
    assert second.post("/rectification", PROBLEM | {"title": "另一件"}, headers=KEY).status_code == 201


@pytest.mark.parametrize("said", ['"1"', 'W/"1"', "1"])
def test_a_stale_version_is_a_conflict_and_leaves_nothing(
    office: Program, clerk: Program, assigned: str, said: str
) -> None:
    before = Entry.objects.count()
    refused = clerk.post(f"{assigned}/sign", {}, headers={"If-Match": said})
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "conflict"
    assert Entry.objects.count() == before
    assert (
        clerk.post(f"{assigned}/sign", {}, headers={"If-Match": clerk.get(assigned)["ETag"]}).status_code
        == 200
    )


@pytest.mark.parametrize("headers", [{"If-Match": "yesterday"}, {"Idempotency-Key": "x" * 81}])
def test_a_header_that_can_not_be_read_is_named(
    clerk: Program, assigned: str, headers: dict[str, str]
) -> None:
    refused = clerk.post(f"{assigned}/sign", {}, headers=headers)
    assert refused.status_code == 422
    assert list(refused.json()["error"]["fields"]) == list(headers)
