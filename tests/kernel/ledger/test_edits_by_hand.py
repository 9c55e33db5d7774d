"""Edits by hand in every table that is covered, also after an upgrade, are found and named, one by one.

Release one of an app is laid in a process of its own, release two upgrades it in another (``tests/releases``).
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.databases import administer
from tests.releases.edits import EDITS, ON_DISK
from tests.releases.further import SPELT, UNREADABLE

ROOT = Path(__file__).parents[3]
Told = dict[str, Any]

pytestmark = pytest.mark.database


class Installation:
    """A home, and the database that goes with it."""

    def __init__(self, home: Path, name: str) -> None:
        self.home = home
        self.name = name

    def run(self, release: str, module: str, *arguments: str) -> str:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("QINGFENG_")}
        environment |= {
            "QINGFENG_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": f"tests.releases.{release}_settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
        }
        if "DATABASE_URL" in environment:
            environment["DATABASE_URL"] = environment["DATABASE_URL"].rpartition("/")[0] + f"/{self.name}"
        command = [sys.executable, "-m", f"tests.releases.{module}", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout

    def copied(self, home: Path, name: str) -> "Installation":
        shutil.copytree(self.home, home)
        if "DATABASE_URL" in os.environ:
            administer(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
        return Installation(home, name)


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    home = tmp_path_factory.mktemp("releases") / "home"
    home.mkdir()
    if "DATABASE_URL" in os.environ:
        administer('CREATE DATABASE "releases"')
    made = Installation(home, "releases")
    made.run("one", "lay")
    return made


@pytest.fixture(scope="module")
def gone_wrong(laid: Installation) -> Callable[[str], Told]:
    """An upgrade that went wrong in some way, and what was said of it."""

    def told(way: str) -> Told:
        copy = laid.copied(laid.home.with_name(way), f"releases_{way}")
        said: Told = json.loads(copy.run("two", "by_hand", way))
        return said

    return told


@pytest.fixture(scope="module")
def edited(laid: Installation) -> Told:
    """What was said of the upgrade, and of every edit after it."""
    copy = laid.copied(laid.home.with_name("edited"), "releases_edited")
    said: Told = json.loads(copy.run("two", "trying"))
    return said


def test_an_upgrade_that_was_entered_leaves_nothing_amiss(edited: Told) -> None:
    assert (edited["upgraded"], edited["after"]) == ([], [])


def test_an_upgrade_says_where_it_changed_values_of_columns_that_stayed(edited: Told) -> None:
    assert edited["altered"] == {"barrel": True, "releases.cellar": True, "releases.hoop": False}


def test_there_are_a_hundred_edits_and_more() -> None:
    assert len(EDITS) + len(ON_DISK) + len(SPELT) >= 100


@pytest.mark.parametrize("name", [*EDITS, *ON_DISK])
def test_it_is_found_and_named(name: str, edited: Told) -> None:
    assert edited["said"][name] == "named"


@pytest.mark.parametrize("name", [*SPELT, *UNREADABLE])
def test_what_reads_the_same_is_written_in_one_way(name: str, edited: Told) -> None:
    types = ("refused", "alike") if "DATABASE_URL" in os.environ else ()
    assert edited["said"][name] in ("named", *types)


def test_what_was_changed_before_an_upgrade_stays_a_fault_after_it(gone_wrong: Callable[[str], Told]) -> None:
    told = gone_wrong("faulty")
    barrel, cellar = told["barrels"]["30升"], told["cellars"]["60号库"]
    unit = {where for where in told["after"] if where.startswith("kernel.unit:")}
    assert set(told["after"]) == {f"matter:{barrel}", f"releases.cellar:{cellar}", *unit}
    assert len(unit) == 1


def test_a_migration_that_nothing_heard_of_is_named_and_what_it_took_can_not_be_had_back(
    gone_wrong: Callable[[str], Told],
) -> None:
    told = gone_wrong("passed_by")
    lost = {f"matter:{pk}" for pk in told["barrels"].values()}
    lost |= {f"releases.cellar:{pk}" for pk in told["cellars"].values()}
    assert set(told["before"]) == {*lost, "releases.hoop.width"}
    assert set(told["after"]) == lost
