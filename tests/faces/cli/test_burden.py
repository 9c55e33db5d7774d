"""At the command line: what was asked of units in a month, and words before one asks once more."""

import pytest

from tests import cast
from tests.faces.cli.conftest import Command
from tests.kernel.reads.test_burden import numbers
from tests.mechanisms.duty.dispatch import meetings as dispatch

pytestmark = pytest.mark.django_db

__all__ = ["numbers"]


def test_it_is_shown_and_told_before_the_act(numbers: None, qingfeng: Command) -> None:
    dispatch.task()
    dispatch.task()
    said = qingfeng("burden", "--month", "2026-03", who="office_a")
    (housing,) = [line for line in said.out.splitlines() if "住建局" in line]
    assert housing.split()[-2:] == ["2", "6"]
    raw = [
        "--title",
        "窗口",
        "--unit",
        str(cast.unit("housing").pk),
        "--what",
        "值守",
        "--due-on",
        "2026-03-20",
    ]
    said = qingfeng("act", "tasks.set", *raw, who="office_a")
    assert said.code == 0
    assert "基层减负办法" in said.out
