"""A command run as its user would, and what it said."""

import io
import logging
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from qingfeng.faces.cli.commands import run
from qingfeng.kernel.time.timekeeper import SystemTime
from tests.cast import NOW, PASSWORD


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Command = Callable[..., Said]


@pytest.fixture(autouse=True)
def standing_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SystemTime, "now", lambda _self: NOW)


@pytest.fixture
def logging_level() -> Iterator[None]:
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


@pytest.fixture
def qingfeng(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], logging_level: None
) -> Command:
    """Runs a command in English: `qingfeng("list", "rectification", who="office_a")`."""

    def call(*arguments: str, who: str = "", typed: str = "") -> Said:
        lines = [PASSWORD, typed] if who else [typed]
        monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
        named = ("--as", who) if who else ()
        code = run(["--lang", "en", *arguments, *named])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return call
