"""A mechanism that is declared wrong stops every command, in one line that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCES = Path(__file__).parents[3] / "src"
MATTER = """
from typing import Annotated
from qingfeng.kernel.vocabulary import *

GONE = State("gone", "gone", final=True)

class Slip(Matter):
    code, series, reads, retention = "slips", "slip", Office(Role.FINANCE), "records"
"""
ACT = (
    MATTER
    + """
    @act(NEW, to=GONE, by=Office(Role.FINANCE), label="{label}")
    def lay(self, do: Do{inputs}) -> None:
        "Lay it."
"""
)


@pytest.mark.parametrize(
    ("inputs", "named"),
    [
        (", of: Annotated[float, 'Of']", "no form shows"),
        (", of: Annotated[int | str, 'Of']", "one type"),
        (", a", "has no type"),
        (
            "".join(f", {name}: Annotated[str, '{name}']" for name in "abcde"),
            "more than four",
        ),
    ],
)
@pytest.mark.parametrize("command", [["check"], ["migrate"], ["inbox"]])
def test_it_is_one_line_of_any_command(tmp_path: Path, inputs: str, named: str, command: list[str]) -> None:
    package = tmp_path / "slips"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "models.py").write_text(ACT.format(label="Lay", inputs=inputs))
    said = run(tmp_path, command)
    assert said.returncode == 2
    (line,) = said.stderr.splitlines()
    assert named in line
    assert not said.stdout


def test_a_mechanism_that_is_not_there_is_one_line_too(tmp_path: Path) -> None:
    said = run(tmp_path, ["check"])
    assert said.returncode == 2
    (line,) = said.stderr.splitlines()
    assert "slips" in line


def run(folder: Path, command: list[str]) -> "subprocess.CompletedProcess[str]":
    own = {"QINGFENG_HOME": str(folder / "home"), "QINGFENG_MECHANISMS": "slips"}
    there = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "HOME")}
    paths = os.pathsep.join((str(SOURCES), str(folder)))
    return subprocess.run(
        [sys.executable, "-m", "qingfeng.faces.cli", *command],
        env=there | own | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
