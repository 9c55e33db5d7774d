"""The documentation's own promises: every page can be found, and what is shown to be typed is there to be typed."""

import argparse
import re
from pathlib import Path

import pytest

from qingfeng.faces.cli.commands import PARTS
from qingfeng.faces.cli.parsing import Commands, root

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
CODE = re.compile(r"```[a-z]*\n.*?```|`[^`\n]+`", re.DOTALL)


def links(page: Path) -> set[Path]:
    found = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    return {(page.parent / link).resolve() for link in found}


def code(page: Path) -> str:
    return "\n".join(CODE.findall(page.read_text(encoding="utf-8")))


def choices(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    hung = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return dict(hung[0].choices) if hung else {}


@pytest.fixture(scope="module")
def commands() -> dict[str, argparse.ArgumentParser]:
    parser = root()
    hung = Commands(parser, ())
    for part in PARTS:
        part.add(hung)
    return choices(parser)


def test_every_page_is_reached_from_the_front_page() -> None:
    reached, next_up = set(), {ROOT / "README.md"}
    while next_up:
        page = next_up.pop()
        reached.add(page)
        next_up |= {link for link in links(page) if link.suffix == ".md" and link.exists()} - reached
    assert sorted(str(page.relative_to(ROOT)) for page in set(PAGES) - reached) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_a_page_shows_exists(page: Path, commands: dict[str, argparse.ArgumentParser]) -> None:
    wrong = []
    for first, second in re.findall(
        r"(?<![\w/.-])(?:\.venv/bin/)?qingfeng ([a-z]+)(?: ([a-z]+))?", code(page)
    ):
        under = choices(commands[first]) if first in commands else None
        if under is None or (under and second not in under):
            wrong.append(f"qingfeng {first} {second}".rstrip())
    assert wrong == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_a_page_shows_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?<![\w-])make ([a-z]+)", code(page))) <= targets
