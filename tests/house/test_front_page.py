"""The front page holds: whom it names can be become, and what it says to choose stands in the console under these words."""

import re
from pathlib import Path

import pytest
from django.utils.text import capfirst
from django.utils.translation import override

from qingfeng.faces.invented_district import PASSWORD, PEOPLE, SHOWN
from qingfeng.kernel.matters.registry import acts_of, states_of
from qingfeng.mechanisms.problems.rectification.models import Problem

ROOT = Path(__file__).resolve().parents[2]
PAGES = {"README.md": "en", "README.zh.md": "zh-hans"}


@pytest.mark.parametrize("page", PAGES)
def test_whom_the_front_page_names_can_be_become_with_one_click(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    known = {someone.username for someone in PEOPLE}
    named = {word for word in re.findall(r"`([a-z]+[0-9]?(?:-[a-z]+)?)`", text) if word in known}
    assert {"office1", "clerk-housing", "leader1"} <= named <= set(SHOWN)
    assert f"`{PASSWORD}`" in text


@pytest.mark.parametrize(("page", "language"), PAGES.items())
def test_what_the_front_page_says_to_choose_is_called_so(page: str, language: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    with override(language):
        called = [
            capfirst(str(Problem._meta.verbose_name_plural)),
            str(states_of(Problem)["reported"].label),
            str(acts_of(Problem)["write_off"].label),
            str(acts_of(Problem)["ask_progress"].label),
        ]
    for words in called:
        assert f"“{words}”" in text
    assert acts_of(Problem)["write_off"].starts_from(states_of(Problem)["reported"])
