"""What a mechanism takes is told by where a test stands, or by what it walks."""

import pytest

from tests.weighed import ELSEWHERE, _whose


@pytest.mark.parametrize(
    ("test", "whose"),
    [
        ("tests/mechanisms/restraint/meetings/test_caps.py::test_one", "meetings"),
        ("tests/scenarios/test_reception.py::test_one[a]", "reception"),
        ("tests/walk/test_walk.py::test_one[transfers]", "rectification"),
        ("tests/walk/test_mutants.py::test_one[statement]", "statement"),
        ("tests/walk/test_walk.py::test_one[units]", ELSEWHERE),
        ("tests/scenarios/test_regimes.py::test_one", ELSEWHERE),
        ("tests/mechanisms/test_sheets.py::test_one", ELSEWHERE),
        ("tests/kernel/acts/test_leave.py::test_one", ELSEWHERE),
    ],
)
def test_a_test_is_the_mechanism_s_whose_folder_scenario_or_walk_it_is(test: str, whose: str) -> None:
    assert _whose(test) == whose
