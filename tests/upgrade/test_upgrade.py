"""Every release's home is upgraded to this version, and to one after it, and goes on there."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.upgrade import going_on
from tests.upgrade.homes import RELEASES, laid, url_of

ROOT = Path(__file__).parents[2]
EXPECTED = {"worker", "letters", "heads", "backups", "calendar", "regimes", "settings"}
"""What is ill with any home on trial that nobody watches over."""

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def own_keys() -> None:
    """Each home has the keys it was filled under, and the tests' own database is not asked for."""


def gone_on(release: str, home: Path, settings: str, *arguments: str) -> Any:
    """What is said of a release's home under some settings, in a process of its own."""
    database = f"upgrade_{release}_{home.name}"
    laid(release, home, database)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("QINGFENG_")} | {
        "QINGFENG_HOME": str(home),
        "QINGFENG_DEMO": "true",
        "DJANGO_SETTINGS_MODULE": settings,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
    }
    if "DATABASE_URL" in environment:
        environment["DATABASE_URL"] = url_of(database)
    command = [sys.executable, "-m", "tests.upgrade.going_on", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


def test_the_last_release_is_upgraded_to_this_version(tmp_path: Path) -> None:
    told = gone_on(RELEASES[-1], tmp_path / "this", "qingfeng.settings")
    assert told["migrated"][0] == 0
    assert told["faults"] == []
    assert told["checked"][0] == 0, told["checked"]


@pytest.mark.parametrize("release", RELEASES)
def test_a_release_goes_on_with_a_field_more_a_column_more_and_a_field_less(
    release: str, tmp_path: Path
) -> None:
    told = gone_on(release, tmp_path / "next", "tests.upgrade.next_settings", "work")
    assert told["migrated"][0] == 0
    assert told["faults"] == []
    assert {"rectification", "rectification.slip", "leave"} <= set(told["restated"])
    work = told["work"]
    assert work["refused"] == []
    assert work["pages"] > 60
    assert work["papers"]
    assert set(work["done"]) == set(going_on.ACTS)
    assert work["entries"] > len(work["done"])
    assert work["did"]["clocks"]
    assert work["faults"] == []
    assert work["outside"][0].startswith("All is in order")
    assert {one["probe"] for one in work["health"]} <= EXPECTED, work["health"]
