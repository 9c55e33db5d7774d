"""A mutant is a function that does something else: what can't be told apart is none, whatever it is called."""

from pathlib import Path

import pytest

from bench.mutants import mutants


@pytest.mark.parametrize(
    ("body", "changes"),
    [
        ("return a < 3", {"Lt → LtE", "3 → 4", "nothing returned"}),
        ("return a and b", {"and → or", "nothing returned"}),
        ("return a[1:]", {"1 → 2", "nothing returned"}),
        ("return [x for x in a if x]", {"condition left out", "nothing returned"}),
        # Turned round and without its “not” it is the same: one mutant, not two.
        ("if not a:\n        b()", {"condition turned round", "left out"}),
        ("while a:\n        b()", {"condition turned round", "left out"}),
        ("if TYPE_CHECKING:\n        b(a < 1)", set()),
        ("raise NotImplementedError", set()),
        ("raise ValueError", {"left out"}),
        ("return None", set()),
        ("super().f(a)", set()),
        ("return 'a' + b", {"nothing returned"}),
        ("c: 'Literal[1]' = a", set()),
    ],
)
def test_one_thing_is_changed_and_what_stays_the_same_is_left_out(
    tmp_path: Path, body: str, changes: set[str]
) -> None:
    module = tmp_path / "module.py"
    module.write_text(f"class C:\n  @kept(2)\n  def f(self, a=1, b=True):\n    {body}\n", encoding="utf-8")
    made = list(mutants(module))
    assert {one.done for one in made} == changes
    assert len(made) == len(changes)
    assert {one.function for one in made} <= {"C.f"}
