"""A whole installation, as its keeper meets it: loaded, served, watched over, backed up and made again."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit, urlunsplit
from urllib.request import urlopen
from uuid import uuid4

import pytest

from tests.databases import administer

pytestmark = pytest.mark.database

SOURCES = Path(__file__).parents[3] / "src"
PATIENCE = 60
ERASED_SINCE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "qingfeng.settings"
django.setup()
from qingfeng.faces.cli.backup.commands import erase_again
from qingfeng.kernel.parties.models import Person

assert erase_again() == 0
Person.objects.filter(pk=1).update(erased_at="2026-01-01T00:00Z")
assert erase_again() == 1
assert erase_again() == 0
"""

WRITES_OFF = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "qingfeng.settings"
django.setup()
from qingfeng.kernel.actors import in_role
from qingfeng.kernel.acts.engine import options
from qingfeng.kernel.parties.models import Account
from qingfeng.kernel.reads import Filters, listing
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import SystemTime

now = SystemTime().now()
office = in_role(Account.objects.get(username="office1"), day_of(now))
found = listing(office, "rectification", Filters(state="reported")).rows
assert found
for problem in found:
    assert any(one.act.name == "write_off" and one.decision for one in options(office, problem, now))
"""


@dataclass(frozen=True)
class Installation:
    home: Path
    environment: Mapping[str, str]

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            capture_output=True,
            text=True,
            cwd=self.home.parent,
        )

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "qingfeng.faces.cli", "--lang", "en", *arguments]


def installation(home: Path, database: str) -> Installation:
    """An installation in a home of its own and, on PostgreSQL, in a database of its own."""
    environment = {"QINGFENG_HOME": str(home), "QINGFENG_DEMO": "true", "PYTHONPATH": str(SOURCES)}
    environment["PATH"] = os.environ["PATH"]
    if database == "postgresql":
        parts = urlsplit(os.environ["DATABASE_URL"])
        name = f"cli_{uuid4().hex}"
        administer(f'CREATE DATABASE "{name}"')
        environment["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
    return Installation(home, environment)


def drop(place: Installation) -> None:
    if "DATABASE_URL" in place.environment:
        name = urlsplit(place.environment["DATABASE_URL"]).path.lstrip("/")
        administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def demonstration(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Installation]:
    place = installation(tmp_path_factory.mktemp("cli") / "home", pytestconfig.getoption("database"))
    loaded = place.run("demo")
    assert loaded.returncode == 0, loaded.stderr
    assert "clerk-housing" in loaded.stdout
    folder = place.home / "attachments" / "files"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evidence").write_bytes(b"evidence")
    yield place
    drop(place)


@pytest.fixture
def backed_up(demonstration: Installation, tmp_path: Path) -> Path:
    done = demonstration.run("backup", str(tmp_path / "data"), "--keys", str(tmp_path / "keys"))
    assert done.returncode == 0, done.stderr
    return tmp_path


@pytest.fixture
def empty(tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Installation]:
    place = installation(tmp_path / "other", pytestconfig.getoption("database"))
    yield place
    drop(place)


def test_the_demonstration_is_loaded_once(demonstration: Installation) -> None:
    again = demonstration.run("demo")
    assert again.returncode == 0
    assert "nothing was changed" in again.stdout


def test_the_demonstration_passes_every_check_and_its_ledger_verifies(demonstration: Installation) -> None:
    checked = demonstration.run("check")
    assert checked.returncode == 0, checked.stderr
    verified = demonstration.run("ledger", "verify")
    assert verified.returncode == 0, verified.stdout


def test_whom_the_front_page_names_finds_a_problem_to_write_off(demonstration: Installation) -> None:
    tried = subprocess.run(
        [sys.executable, "-c", WRITES_OFF], env=demonstration.environment, capture_output=True, text=True
    )
    assert tried.returncode == 0, tried.stderr


def test_it_serves_restarts_its_worker_and_stops_when_told(demonstration: Installation) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    said = demonstration.home / "serve.log"
    with said.open("w") as log:
        serving = subprocess.Popen(
            demonstration.command("serve", "--port", str(port), "--workers", "1"),
            env=demonstration.environment,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
        )
    try:
        await_(lambda: answers(port), said)
        first = worker_of(serving.pid, said)
        os.kill(first, signal.SIGKILL)
        await_(lambda: worker_of(serving.pid, said) != first, said)
        second = worker_of(serving.pid, said)
        serving.terminate()
        assert serving.wait(PATIENCE) == 0, said.read_text()
        assert not Path(f"/proc/{second}").exists()
    finally:
        if serving.poll() is None:
            serving.kill()
            serving.wait()


def test_it_is_made_again_from_its_backup(
    backed_up: Path, empty: Installation, demonstration: Installation
) -> None:
    restored = empty.run("restore", str(backed_up / "data"), "--keys", str(backed_up / "keys"))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "its heads are those of the backup" in restored.stdout
    assert (empty.home / "attachments" / "files" / "evidence").read_bytes() == b"evidence"
    for name in ("master.key", "ledger-signing-key.pem", "secret_key"):
        key = empty.home / "keys" / name
        assert key.read_bytes() == (demonstration.home / "keys" / name).read_bytes()
        assert key.stat().st_mode & 0o077 == 0
    assert empty.run("check").returncode == 0
    again = empty.run("restore", str(backed_up / "data"))
    assert again.returncode == 1
    assert "nothing is ever restored over data" in again.stderr


def test_heads_known_here_stay_when_an_older_backup_is_restored(
    backed_up: Path, empty: Installation, demonstration: Installation
) -> None:
    assert not (backed_up / "keys" / "ledger-heads.json").exists()
    known = json.loads((demonstration.home / "keys" / "ledger-heads.json").read_text())
    code, number, _head = known["heads"][0]
    known["heads"][0] = [code, number + 3, "ab" * 32]
    kept = empty.home / "keys" / "ledger-heads.json"
    kept.parent.mkdir(mode=0o700, parents=True)
    kept.write_text(json.dumps(known))
    restored = empty.run("restore", str(backed_up / "data"), "--keys", str(backed_up / "keys"))
    assert restored.returncode == 1
    assert f"head:{code}/{number + 3}" in restored.stdout
    assert "ledger_gaps.declare" in restored.stdout
    assert json.loads(kept.read_text())["heads"][0] == [code, number + 3, "ab" * 32]
    sealed = empty.run("ledger", "checkpoint")
    assert sealed.returncode == 1
    assert "does not go on from head" in sealed.stderr


@pytest.mark.parametrize("kind", ["changed", "missing", "added"])
def test_a_damaged_backup_is_named_and_nothing_is_restored(
    backed_up: Path, empty: Installation, kind: str
) -> None:
    folder = backed_up / "data" / "attachments" / "files"
    evidence = folder / "evidence"
    if kind == "changed":
        evidence.unlink()
        evidence.write_bytes(b"evidencE")
    elif kind == "missing":
        evidence.unlink()
    else:
        evidence = folder / "more"
        evidence.write_bytes(b"more")
    refused = empty.run("restore", str(backed_up / "data"), "--keys", str(backed_up / "keys"))
    assert refused.returncode == 1
    assert f"attachments/files/{evidence.name}" in refused.stderr
    assert not (empty.home / "attachments" / "files").exists()
    assert "Run “qingfeng migrate”" in refused.stderr or empty.run("ledger", "verify").returncode == 1


def test_a_backup_is_never_written_over_and_keys_never_into_it(
    backed_up: Path, demonstration: Installation
) -> None:
    assert demonstration.run("backup", str(backed_up / "data")).returncode == 2
    inside = demonstration.run("backup", str(backed_up / "new"), "--keys", str(backed_up / "new" / "keys"))
    assert inside.returncode == 2
    assert not (backed_up / "new").exists()
    assert {path.name for path in (backed_up / "data").iterdir()}.isdisjoint({"keys", "master.key"})


def test_a_directory_without_manifest_is_no_backup(backed_up: Path, empty: Installation) -> None:
    (backed_up / "data" / "manifest.json").unlink()
    refused = empty.run("restore", str(backed_up / "data"))
    assert refused.returncode == 1
    assert "manifest" in refused.stderr
    swapped = empty.run("restore", str(backed_up / "keys"))
    assert "another kind" in swapped.stderr


def test_keys_of_the_erased_are_destroyed_again_after_a_restore(
    backed_up: Path, empty: Installation, demonstration: Installation
) -> None:
    # As if the keys had been backed up before the erasure that the data know of.
    keys = backed_up / "keys" / "keys.sqlite3"
    with closing(sqlite3.connect(keys)) as store, store:
        store.execute("UPDATE key SET subject = 'person:1' WHERE id = (SELECT min(id) FROM key)")
    shutil.copytree(backed_up / "keys", empty.home / "keys")
    (empty.home / "keys").chmod(0o700)
    (empty.home / "keys" / "manifest.json").unlink()
    restored = empty.run("restore", str(backed_up / "data"))
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "The keys were not restored" in restored.stdout
    erased = subprocess.run(
        [sys.executable, "-c", ERASED_SINCE], env=empty.environment, capture_output=True, text=True
    )
    assert erased.returncode == 0, erased.stderr


def answers(port: int) -> bool:
    try:
        urlopen(f"http://127.0.0.1:{port}/sign-in/").close()
    except URLError as refused:
        return hasattr(refused, "code")
    return True


def worker_of(parent: int, said: Path) -> int:
    """The process id of the worker below a serving process."""
    found: list[int] = []

    def look() -> bool:
        children = Path(f"/proc/{parent}/task").glob("*/children")
        pids = [int(pid) for file in children for pid in file.read_text().split()]
        found[:] = [pid for pid in pids if b"--supervised" in Path(f"/proc/{pid}/cmdline").read_bytes()]
        return bool(found)

    await_(look, said)
    return found[0]


def await_(holds: object, said: Path) -> None:
    """Wait until something holds, for as long as a slow machine may need; then show what was said."""
    assert callable(holds)
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, said.read_text()
        time.sleep(0.1)
