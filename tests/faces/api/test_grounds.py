"""A refusal that rests on several rules tells a program each with its clause."""

from collections.abc import Callable

from tests.faces.api.conftest import Program
from tests.mechanisms.restraint.meetings.gatherings import wanted


def test_each_ground_stands_in_the_error_with_its_clause(programs: Callable[[str], Program]) -> None:
    answer = programs("clerk_housing").post("/meetings/ask", wanted(starts="2026-03-16T09:00:00+08:00"))
    assert answer.status_code == 403
    error = answer.json()["error"]
    law = "《清风区会议文件管理示范办法》"
    assert [ground["clause"] for ground in error["grounds"]] == [f"{law}第五条第一款", f"{law}第五条第二款"]
    assert all(ground["reason"] for ground in error["grounds"])
    assert "2026-04-01" in error["remedy"]


def test_other_errors_have_none(programs: Callable[[str], Program]) -> None:
    answer = programs("office_a").post("/meetings/ask", wanted())
    assert answer.json()["error"]["grounds"] == []
