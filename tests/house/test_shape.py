"""How the code hangs together: what imports what, and where."""

import ast
from collections.abc import Iterator
from pathlib import Path

import qingfeng

ROOT = Path(qingfeng.__file__).parent


def _modules(folder: str) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def _named(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{one.name}" for one in node.names]
    return []


def test_no_function_of_the_kernel_imports() -> None:
    """An app's own module apart: what it imports waits until Django has found the models."""
    found = [
        f"{where}: {name}"
        for where, module in _modules("kernel")
        if where != "kernel/apps.py"
        for function in ast.walk(module)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for node in ast.walk(function)
        for name in _named(node)
    ]
    assert not found


def test_a_mechanism_writes_plain_queries() -> None:
    found = [
        f"{where}: {name}"
        for where, module in _modules("mechanisms")
        for node in ast.walk(module)
        for name in _named(node)
        if name.startswith("qingfeng.kernel.reading.compiled")
    ]
    assert not found
