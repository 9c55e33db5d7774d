"""A whole installation, as its keeper meets it: loaded, served, watched over, backed up and made again."""

import fcntl
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

from qingfeng.faces.cli.backup.manifest import digest_of, digests
from qingfeng.faces.cli.backup.sealed_file import BackupReader, read_key
from tests.databases import administer

pytestmark = pytest.mark.database

SOURCES = Path(__file__).parents[3] / "src"
PATIENCE = 60
ERASED_SINCE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "qingfeng.settings"
django.setup()
from qingfeng.kernel.sealing.custody import erase_again
from qingfeng.kernel.people.models import Person

assert erase_again() == 0
Person.objects.filter(pk=1).update(erased_at="2026-01-01T00:00Z")
assert erase_again() == 1
assert erase_again() == 0
"""

WRITES_OFF = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "qingfeng.settings"
django.setup()
from qingfeng.kernel.people.actors import in_role
from qingfeng.kernel.acts.engine import options
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.reading.reads import Filters, listing
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import SystemTime

now = SystemTime().now()
office = in_role(Account.objects.get(username="office1"), day_of(now))
found = listing(office, "rectification", Filters(state="reported")).rows
assert found
for problem in found:
    assert any(one.act.name == "write_off" and one.decision for one in options(office, problem, now))
"""

COUNTS = """
import json, os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "qingfeng.settings"
django.setup()
from qingfeng.kernel.matters.registry import mechanisms

print(json.dumps({code: cls.objects.count() for code, cls in mechanisms().items() if not cls.ground}))
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


def installation(home: Path, database: str, like: str = "template1") -> Installation:
    """An installation in a home of its own and, on PostgreSQL, in a database of its own, made like another."""
    environment = {"QINGFENG_HOME": str(home), "QINGFENG_DEMO": "true", "PYTHONPATH": str(SOURCES)}
    environment["PATH"] = os.environ["PATH"]
    if database == "postgresql":
        parts = urlsplit(os.environ["DATABASE_URL"])
        name = f"cli_{uuid4().hex}"
        administer(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        environment["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
    return Installation(home, environment)


def database_of(place: Installation) -> str:
    return urlsplit(place.environment.get("DATABASE_URL", "")).path.lstrip("/")


def drop(place: Installation) -> None:
    if name := database_of(place):
        administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="module")
def demonstration(
    tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Installation]:
    """The demonstration as loaded: a copy of a worker's own, of what whichever worker came first loaded for the run."""
    database, own = pytestconfig.getoption("database"), tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    kept = shared / "demonstration"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            (shared / "loading").mkdir()
            first = installation(shared / "loading" / "home", database)
            loaded = first.run("demo")
            assert loaded.returncode == 0, loaded.stderr
            assert "clerk-housing" in loaded.stdout
            (first.home.parent / "database").write_text(database_of(first))
            first.home.parent.rename(kept)
        home = shutil.copytree(kept / "home", tmp_path_factory.mktemp("cli") / "home")
        like = (kept / "database").read_text() or "template1"
        place = installation(home, database, like)
    folder = place.home / "attachments" / "files"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "evidence").write_bytes(b"evidence")
    yield place
    drop(place)


@pytest.fixture(scope="module")
def safe(demonstration: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the key of backups is kept, away from the machine."""
    key = tmp_path_factory.mktemp("safe") / "key.pem"
    made = demonstration.run("backup-key", str(key))
    assert made.returncode == 0, made.stderr
    return key


@pytest.fixture
def backed_up(demonstration: Installation, safe: Path, tmp_path: Path) -> Path:
    done = demonstration.run("backup", str(tmp_path / "data"), "--keys", str(tmp_path / "keys"))
    assert done.returncode == 0, done.stderr
    return tmp_path


def restored(place: Installation, backup: Path, safe: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    """The data of a backup, made an installation again."""
    return place.run("restore", str(backup / "data"), "--backup-key", str(safe), *more)


@pytest.fixture
def empty(tmp_path: Path, pytestconfig: pytest.Config) -> Iterator[Installation]:
    place = installation(tmp_path / "other", pytestconfig.getoption("database"))
    yield place
    drop(place)


def test_the_demonstration_tells_some_of_everything_and_no_more_than_can_be_looked_through(
    demonstration: Installation,
) -> None:
    told = subprocess.run(
        [sys.executable, "-c", COUNTS],
        env=demonstration.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    counts = json.loads(told.stdout)
    assert {code: count for code, count in counts.items() if not 1 <= count <= 150} == {}


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
    backed_up: Path, safe: Path, empty: Installation, demonstration: Installation
) -> None:
    made = restored(empty, backed_up, safe, "--keys", str(backed_up / "keys"))
    assert made.returncode == 0, made.stdout + made.stderr
    assert "its heads are those of the backup" in made.stdout
    assert (empty.home / "attachments" / "files" / "evidence").read_bytes() == b"evidence"
    for name in ("master.key", "ledger-signing-key.pem", "secret_key", "backup-key.pub"):
        key = empty.home / "keys" / name
        assert key.read_bytes() == (demonstration.home / "keys" / name).read_bytes()
        assert key.stat().st_mode & 0o077 == 0
    assert empty.run("check").returncode == 0
    again = restored(empty, backed_up, safe)
    assert again.returncode == 1
    assert "nothing is ever restored over data" in again.stderr


def test_heads_known_here_stay_when_an_older_backup_is_restored(
    backed_up: Path, safe: Path, empty: Installation, demonstration: Installation
) -> None:
    assert not (backed_up / "keys" / "ledger-heads.json").exists()
    known = json.loads((demonstration.home / "keys" / "ledger-heads.json").read_text())
    code, number, _head = known["heads"][0]
    known["heads"][0] = [code, number + 3, "ab" * 32]
    kept = empty.home / "keys" / "ledger-heads.json"
    kept.parent.mkdir(mode=0o700, parents=True)
    kept.write_text(json.dumps(known))
    made = restored(empty, backed_up, safe, "--keys", str(backed_up / "keys"))
    assert made.returncode == 1
    assert f"head:{code}/{number + 3}" in made.stdout
    assert "ledger_gaps.declare" in made.stdout
    assert json.loads(kept.read_text())["heads"][0] == [code, number + 3, "ab" * 32]
    sealed = empty.run("ledger", "checkpoint")
    assert sealed.returncode == 1
    assert "does not go on from head" in sealed.stderr


def test_nothing_of_a_backup_is_read_without_its_key(
    backed_up: Path, safe: Path, empty: Installation, demonstration: Installation
) -> None:
    """No name, no sheet, no piece of the database in it, and none left beside it or at home."""
    content = (backed_up / "data").read_bytes()
    for words in (b"SQLite format", b"PGDMP", b"clerk-housing", b"evidence", b"manifest", "临川".encode()):
        assert words not in content
    assert {path.name for path in backed_up.iterdir()} - {"other"} == {"data", "keys"}
    assert not [path for path in demonstration.home.iterdir() if path.name.startswith("tmp")]
    unnamed = empty.run("restore", str(backed_up / "data"), "--keys", str(backed_up / "keys"))
    assert unnamed.returncode == 2
    assert "--backup-key" in unnamed.stderr
    other = backed_up / "other-key.pem"
    assert demonstration.run("backup-key", str(other)).returncode == 0
    wrong = restored(empty, backed_up, other, "--keys", str(backed_up / "keys"))
    assert wrong.returncode == 1
    assert "was sealed for the key" in wrong.stderr
    assert "Nothing" not in wrong.stdout
    # The new key holds for the backups that follow; put the first one back for the other tests.
    assert demonstration.run("backup", str(backed_up / "next")).returncode == 0
    assert empty.run("restore", str(backed_up / "next"), "--backup-key", str(safe)).returncode == 1
    shutil.copy(backed_up / "keys" / "backup-key.pub", demonstration.home / "keys" / "backup-key.pub")


@pytest.mark.parametrize("kind", ["changed", "cut", "longer"])
def test_a_damaged_backup_is_named_and_nothing_is_restored(
    backed_up: Path, safe: Path, empty: Installation, kind: str
) -> None:
    data = backed_up / "data"
    content = bytearray(data.read_bytes())
    if kind == "changed":
        content[-100] ^= 1
    elif kind == "cut":
        del content[-70000:]
    else:
        content += b"more"
    data.write_bytes(content)
    refused = restored(empty, backed_up, safe, "--keys", str(backed_up / "keys"))
    assert refused.returncode == 1
    assert str(data) in refused.stderr
    assert "altered or cut off" in refused.stderr
    assert not (empty.home / "attachments" / "files").exists()
    assert "Run “qingfeng migrate”" in refused.stderr or empty.run("ledger", "verify").returncode == 1


def test_data_newer_than_the_keys_are_refused_and_with_a_reason_restored_without_being_called_whole(
    backed_up: Path, safe: Path, empty: Installation
) -> None:
    # As if the keys had been backed up before the last of them was made.
    keys = backed_up / "keys"
    with closing(sqlite3.connect(keys / "keys.sqlite3")) as store, store:
        (lost,) = store.execute("SELECT id FROM key WHERE subject LIKE 'records:%' ORDER BY id").fetchone()
        store.execute("DELETE FROM key WHERE id = ?", (lost,))
    manifest = json.loads((keys / "manifest.json").read_text())
    manifest["files"]["keys.sqlite3"] = [
        (keys / "keys.sqlite3").stat().st_size,
        digest_of(keys / "keys.sqlite3"),
    ]
    (keys / "manifest.json").write_text(json.dumps(manifest))
    refused = restored(empty, backed_up, safe, "--keys", str(keys))
    assert refused.returncode == 1
    assert str(lost) in refused.stderr
    assert "--keys-lost" in refused.stderr
    assert not (empty.home / "keys" / "keys.sqlite3").exists()
    without = restored(empty, backed_up, safe)
    assert without.returncode == 1
    made = restored(empty, backed_up, safe, "--keys", str(keys), "--keys-lost", "burnt")
    assert made.returncode == 1
    assert f"under key {lost}" in made.stdout
    assert "not all of them can be read" in made.stdout
    # It was said and journalled: the installation works again, and says for ever what is shut.
    assert empty.run("check").returncode == 0
    verified = empty.run("ledger", "verify")
    assert verified.returncode == 0, verified.stdout
    assert f"under key {lost}" in verified.stdout


def test_an_installation_whose_keys_are_gone_serves_nothing_and_makes_none(
    demonstration: Installation, tmp_path: Path
) -> None:
    keys, away = demonstration.home / "keys", tmp_path / "away"
    keys.rename(away)
    try:
        for command in (
            ("check",),
            ("worker", "--once"),
            ("serve", "--no-worker"),
            ("ledger", "checkpoint"),
            ("ledger", "verify"),
            ("keys", "show"),
            ("backup", str(tmp_path / "data"), "--keys", str(tmp_path / "copy")),
        ):
            told = demonstration.run(*command)
            assert told.returncode == 1, (command, told.stdout)
            assert "missing" in told.stdout + told.stderr
        assert list(keys.iterdir()) == []
        assert not (tmp_path / "copy").exists()
    finally:
        keys.rmdir()
        away.rename(keys)
    assert demonstration.run("check").returncode == 0


def test_an_open_backup_of_before_is_restored_and_called_unsealed(
    backed_up: Path, safe: Path, empty: Installation, tmp_path: Path
) -> None:
    first = tmp_path / "first"
    opened(backed_up / "data", safe, first)
    made = empty.run("restore", str(first), "--keys", str(backed_up / "keys"))
    assert made.returncode == 0, made.stdout + made.stderr
    assert "This backup is not sealed" in made.stdout
    assert (empty.home / "attachments" / "files" / "evidence").read_bytes() == b"evidence"


@pytest.mark.parametrize("kind", ["changed", "missing", "added"])
def test_a_damaged_file_of_an_open_backup_is_named(
    backed_up: Path, safe: Path, empty: Installation, tmp_path: Path, kind: str
) -> None:
    first = tmp_path / "first"
    opened(backed_up / "data", safe, first)
    evidence = first / "attachments" / "files" / "evidence"
    if kind == "changed":
        evidence.write_bytes(b"evidencE")
    elif kind == "missing":
        evidence.unlink()
    else:
        evidence = evidence.with_name("more")
        evidence.write_bytes(b"more")
    refused = empty.run("restore", str(first), "--keys", str(backed_up / "keys"))
    assert refused.returncode == 1
    assert f"attachments/files/{evidence.name}" in refused.stderr
    assert not (empty.home / "attachments" / "files").exists()


def test_a_backup_is_never_written_over_and_keys_never_into_it(
    backed_up: Path, demonstration: Installation
) -> None:
    assert demonstration.run("backup", str(backed_up / "data")).returncode == 2
    inside = demonstration.run("backup", str(backed_up / "new"), "--keys", str(backed_up / "new" / "keys"))
    assert inside.returncode == 2
    assert not (backed_up / "new").exists()
    home = demonstration.run("backup-key", str(demonstration.home / "key.pem"))
    assert home.returncode == 2
    assert not (demonstration.home / "key.pem").exists()


def test_a_backup_that_is_killed_leaves_no_file_under_its_name(
    demonstration: Installation, safe: Path, tmp_path: Path
) -> None:
    large = demonstration.home / "attachments" / "large"
    with large.open("wb") as file:
        file.truncate(2 << 30)
    try:
        taking = subprocess.Popen(
            demonstration.command("backup", str(tmp_path / "data")), env=demonstration.environment
        )
        draft = tmp_path / ".data.partial"
        await_(lambda: draft.exists() and draft.stat().st_size > 1 << 20, Path(os.devnull))
        taking.kill()
        taking.wait()
    finally:
        large.unlink()
    assert not (tmp_path / "data").exists()
    assert not [path for path in demonstration.home.iterdir() if path.name.startswith("tmp")]
    again = demonstration.run("backup", str(tmp_path / "data"))
    assert again.returncode == 1
    assert str(draft) in again.stderr
    draft.unlink()
    assert demonstration.run("backup", str(tmp_path / "data")).returncode == 0


def test_a_directory_without_manifest_is_no_backup(backed_up: Path, safe: Path, empty: Installation) -> None:
    swapped = empty.run("restore", str(backed_up / "keys"))
    assert "another kind" in swapped.stderr
    (backed_up / "keys" / "manifest.json").unlink()
    refused = restored(empty, backed_up, safe, "--keys", str(backed_up / "keys"))
    assert refused.returncode == 1
    assert "manifest" in refused.stderr


def test_keys_of_the_erased_are_destroyed_again_after_a_restore(
    backed_up: Path, safe: Path, empty: Installation, demonstration: Installation
) -> None:
    # As if the keys had been backed up before the erasure that the data know of.
    keys = backed_up / "keys" / "keys.sqlite3"
    with closing(sqlite3.connect(keys)) as store, store:
        store.execute("UPDATE key SET subject = 'person:1' WHERE id = (SELECT min(id) FROM key)")
    shutil.copytree(backed_up / "keys", empty.home / "keys")
    (empty.home / "keys").chmod(0o700)
    (empty.home / "keys" / "manifest.json").unlink()
    made = restored(empty, backed_up, safe)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "The keys were not restored" in made.stdout
    erased = subprocess.run(
        [sys.executable, "-c", ERASED_SINCE], env=empty.environment, capture_output=True, text=True
    )
    assert erased.returncode == 0, erased.stderr


def opened(data: Path, safe: Path, directory: Path) -> None:
    """What a sealed backup holds, as an open folder of the first format."""
    for name, content in BackupReader(data, read_key(safe)).files():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(content))
    manifest = json.loads((directory / "manifest.json").read_text())
    del manifest["keys"]
    manifest |= {"format": 1, "files": digests(directory)}
    (directory / "manifest.json").write_text(json.dumps(manifest))


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
