"""What the vocabulary of the kernel says once is not written out by hand anywhere else."""

import ast
from functools import cache
from pathlib import Path

import pytest

import qingfeng

ROOT = Path(qingfeng.__file__).parent
KERNEL = "kernel"

BY_HAND = {
    "PARAMETERS.add": ("parameter(…)", {"kernel/regime/policy.py"}),
    "arbitrary_types_allowed": ("Input", {"kernel/acts/inputs.py"}),
    "Prose(500), _('Reason')": ("Reason", {"kernel/acts/inputs.py"}),
    ", time(), ZONE)": ("begin_of(day)", {"kernel/time/periods.py"}),
    "assert do.actor.": ("do.unit, do.person", set[str]()),
    "do.actor.unit_id or 0": ("do.unit", set[str]()),
    "override(settings.LANGUAGE_CODE)": ("in_house(…), do.notify(…)", {KERNEL}),
    "told.perform(": ("Story", {"kernel/demonstration.py"}),
}
"""Code as it was written by hand: the word there is for it, and where the word itself is made."""


@cache
def _code() -> dict[str, str]:
    """Each module as plain code: without comments, on one line a statement."""
    return {
        path.relative_to(ROOT).as_posix(): ast.unparse(ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(ROOT.rglob("*.py"))
        if "migrations" not in path.parts
    }


@pytest.mark.parametrize("written", BY_HAND)
def test_nothing_is_written_by_hand_that_there_is_a_word_for(written: str) -> None:
    word, made = BY_HAND[written]
    found = [where for where, code in _code().items() if written in code]
    wrong = [where for where in found if not any(Path(where).is_relative_to(one) for one in made)]
    assert not wrong, f"write {word} in {', '.join(wrong)}"
    assert found or not made, "the word itself is made elsewhere now"
