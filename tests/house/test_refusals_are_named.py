"""That something is refused is not yet that it is refused for this: a test names field, clause or words."""

import ast
from pathlib import Path

WORDLESS = {"NotFound", "KeyDestroyed", "KeyLost", "AmbiguousDay", "KeyboardInterrupt"}
"""What says nothing more by design: what isn't there and what may not be seen read alike; a key that is gone is gone."""


def bare(code: str) -> list[int]:
    """The lines of ``pytest.raises`` that neither name the words nor keep the refusal to be looked at."""
    return [
        item.context_expr.lineno
        for node in ast.walk(ast.parse(code))
        if isinstance(node, ast.With)
        for item in node.items
        if isinstance(item.context_expr, ast.Call)
        if ast.unparse(item.context_expr.func) == "pytest.raises"
        if item.optional_vars is None
        if not any(word.arg in ("match", "check") for word in item.context_expr.keywords)
        if ast.unparse(item.context_expr.args[0]) not in WORDLESS
    ]


def test_a_test_says_what_is_refused() -> None:
    tests = Path(__file__).parents[1]
    found = [
        f"{path.relative_to(tests)}:{line}"
        for path in sorted(tests.rglob("*.py"))
        for line in bare(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"name field, clause or words: {', '.join(found)}"


def test_one_that_names_nothing_is_found() -> None:
    code = "with pytest.raises(Barred): f()\nwith pytest.raises(Barred, match='不是'): f()\n"
    assert bare(code + "with pytest.raises(NotFound): f()\nwith pytest.raises(Barred) as it: f()") == [1]
