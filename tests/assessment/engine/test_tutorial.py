"""The tutorial's code is run, in order, in both languages."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[3] / "docs"


def blocks(name: str) -> list[str]:
    return re.findall(r"```python\n(.*?)```", (DOCS / name).read_text(encoding="utf-8"), re.DOTALL)


def test_every_block_of_the_tutorial_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    names: dict[str, object] = {}
    for number, block in enumerate(blocks("assessment-engine.md"), start=1):
        exec(compile(block, f"block {number}", "exec"), names)


def test_the_chinese_tutorial_has_the_same_code() -> None:
    assert blocks("assessment-engine.zh.md") == blocks("assessment-engine.md")
