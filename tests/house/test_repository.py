"""The repository's own promises: hashed requirements that name no index, pages whose links lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

PINNED = r"[a-z0-9-]+(\[[a-z0-9, -]+\])?==[^ ;]+( *;.*?)?( +--hash=sha256:[0-9a-f]{64})+ *"


def pinned(name: str) -> set[str]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
    entries = text.replace("\\\n", " ").splitlines()
    assert entries
    for entry in entries:
        assert re.fullmatch(PINNED, entry), entry
    return {re.split(r"\[|==", entry)[0] for entry in entries}


def declared(names: list[str]) -> set[str]:
    return {re.split(r"[^a-z0-9-]", name)[0] for name in names}


def test_every_requirement_is_pinned_with_its_digests_and_names_no_index() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert declared(project["dependencies"]) | {"setuptools"} <= pinned("run")
    assert declared(project["optional-dependencies"]["test"]) <= pinned("test")


def test_the_tests_run_on_the_versions_that_an_office_runs_on() -> None:
    runs, tests = (
        set(re.findall(r"^[a-z0-9-]+==\S+", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
        for name in ("run.txt", "test.txt")
    )
    assert runs <= tests


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_links_of_a_page_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
