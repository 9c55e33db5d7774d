"""What a release promises: landed migrations stay as they are, and every code that was stored is read."""

from pathlib import Path

import pytest
import yaml

from qingfeng.kernel import former_codes
from tests.upgrade import stored
from tests.upgrade.homes import BEFORE, RELEASES, order
from tests.upgrade.release import FOLDER, ROOT, days_of_release

SOURCES = ROOT / "src" / "qingfeng"


@pytest.mark.parametrize("release", RELEASES)
def test_no_landed_migration_was_edited(release: str) -> None:
    lines = (FOLDER / release / "migrations.sha256").read_text("utf-8").splitlines()
    landed = {name: digest for digest, name in map(str.split, lines)}
    today = stored.migrations()
    edited = [name for name, digest in landed.items() if today.get(name) != digest]
    assert not edited, "landed; put what changes into a migration of its own"


@pytest.mark.parametrize("release", RELEASES)
def test_every_code_that_was_stored_is_read(release: str) -> None:
    before = {kind: codes for kind, codes in released(release).items() if kind != "papers"}
    assert not lost(before, stored.codes()), "not renamed without an alias (docs/kernel/former-codes.md)"


def test_a_code_is_lost_that_goes_without_a_former_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(former_codes, "_NOW", {})
    before = {"facts": ["toys.done", "toys.poor"], "states": ["toy.begun"]}
    today = {"facts": ["toys.done", "toys.weak"], "states": ["toy.begun"]}
    assert lost(before, today) == {"facts": ["toys.poor"]}
    former_codes.renamed("facts", "toys.poor", "toys.weak")
    assert lost(before, today) == {}
    assert lost(before, today | {"states": ["toy.started"]}) == {"states": ["toy.begun"]}


def lost(before: stored.Codes, today: stored.Codes) -> stored.Codes:
    """The codes of a release that nothing reads today, by kind."""
    found = {
        kind: [code for code in codes if former_codes.current(kind, code) not in today[kind]]
        for kind, codes in before.items()
    }
    return {kind: codes for kind, codes in found.items() if codes}


@pytest.mark.parametrize("release", RELEASES)
def test_every_paper_that_was_drawn_up_has_its_code_in_the_source(release: str) -> None:
    source = "".join(path.read_text("utf-8") for path in SOURCES.rglob("*.py"))
    codes = [former_codes.current("papers", code) for code in released(release)["papers"]]
    assert [code for code in codes if f'"{code}"' not in source] == []


def test_no_code_takes_the_former_name_of_another() -> None:
    taken = [
        code
        for kind, codes in stored.codes().items()
        for code in codes
        if former_codes.current(kind, code) != code
    ]
    assert taken == []


def released(release: str) -> stored.Codes:
    found: stored.Codes = yaml.safe_load((FOLDER / release / "codes.yaml").read_text("utf-8"))
    return found


def test_every_release_left_its_home() -> None:
    assert sorted(days_of_release(), key=order) == [name for name in RELEASES if not name.startswith(BEFORE)]


def test_releases_follow_each_other_by_number() -> None:
    written = ["0.10.0", "before_0.1.0", "0.2.1", "0.1.0", "0.2.0"]
    assert sorted(written, key=order) == ["before_0.1.0", "0.1.0", "0.2.0", "0.2.1", "0.10.0"]


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in FOLDER.glob("*/home.tar.xz")), ids=lambda path: path.name
)
def test_what_a_release_leaves_is_small(folder: Path) -> None:
    assert sum(path.stat().st_size for path in folder.iterdir()) < 3 << 20
