"""The handbook in docs is the one the declarations give."""

from pathlib import Path

import pytest

from qingfeng.faces.handbook.files import pages
from qingfeng.kernel.matters.registry import mechanisms

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "handbook"
REMEDY = "run: qingfeng handbook docs/handbook (and delete pages of mechanisms that are gone)"


@pytest.fixture(scope="module")
def given() -> dict[str, str]:
    """The files as the declarations of the shipped mechanisms give them; toys of the tests have no page."""
    return pages({code: cls for code, cls in mechanisms().items() if cls.__module__.startswith("qingfeng.")})


def test_every_mechanism_has_its_pages_and_pictures_and_nothing_else_lies_there(
    given: dict[str, str],
) -> None:
    there = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*") if path.is_file()}
    assert there == given.keys(), REMEDY


def test_every_page_and_picture_is_what_the_declarations_give(given: dict[str, str]) -> None:
    stale = [name for name, text in given.items() if (FOLDER / name).read_text(encoding="utf-8") != text]
    assert stale == [], REMEDY


def test_a_page_says_who_may_act_what_is_asked_and_which_limits_hold(given: dict[str, str]) -> None:
    english, chinese = given["en/rectification.md"], given["zh/rectification.md"]
    for said in (
        "### Close out",
        "not whoever did “Report rectification”",
        "Requirement: text of at most 500 characters",
        "**Starts the clock**: Acknowledgement",
        "| Acknowledgement | Time to acknowledge receipt | `rectification.sign_within` |",
        "`problem.overdue`",
        "整改〔2026〕1号",
    ):
        assert said in english
    assert "### 销号" in chinese
    assert "Close out" not in chinese
