"""What every test begins with: the migrated database with the cast in it, and the keys under which it was founded.

Made once for the sources as they are, by ``python -m tests.template`` in a process of its own, and kept in ``.state``;
each run and each of its workers begins with a copy. Whoever changes a line of the sources gets a new one.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".state" / "template"
NAME = "founded"
"""Of the database, on PostgreSQL; on SQLite its file is called so."""


def laid(database: str, home: Path, cluster: postgres.Cluster | None) -> None:
    """Copy it to where a run begins: the keys and SQLite's file to its home, PostgreSQL's data to its cluster."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / f"{database}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = KEPT / f"{database}-{digest()}"
        if not kept.exists():
            for former in KEPT.glob(f"{database}-*"):
                shutil.rmtree(former)
            _make(database, kept)
        shutil.copytree(kept / "home", home, dirs_exist_ok=True)
        if cluster is not None:
            cluster.take(kept / "cluster.tar")


def _make(database: str, kept: Path) -> None:
    # Under its name only once it is whole.
    draft = Path(tempfile.mkdtemp(prefix="draft-", dir=KEPT))
    try:
        made = subprocess.run(
            [sys.executable, "-W", "error", "-m", "tests.template", database, str(draft)],
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
            capture_output=True,
            text=True,
        )
        if made.returncode:
            raise RuntimeError(f"The database of the tests could not be made:\n{made.stdout}{made.stderr}")
        draft.rename(kept)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def digest() -> str:
    found = hashlib.sha256(f"{sys.version} {postgres.version()}".encode())
    for path in _sources():
        found.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()[:32]


def _sources() -> Iterator[Path]:
    """All it is made from: the whole platform, what founds the cast, and the libraries' versions."""
    for path in sorted((ROOT / "src").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path
    yield from sorted(ROOT.glob("tests/*.py"))
    yield ROOT / "requirements" / "test.txt"


def main(database: str, folder: Path) -> None:
    home = folder / "home"
    home.mkdir()
    os.environ |= {"QINGFENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    if database == "sqlite":
        _found(home / f"{NAME}.sqlite3")
        return
    cluster = postgres.Cluster()
    try:
        cluster.start()
        os.environ["DATABASE_URL"] = cluster.url
        _found(NAME)
        cluster.give(folder / "cluster.tar")
    finally:
        cluster.stop()


def _found(name: str | Path) -> None:
    import django

    django.setup()
    from django.db import connection

    from tests.cast import found_all
    from tests.databases import leave

    connection.settings_dict["TEST"]["NAME"] = str(name)
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    found_all()
    leave()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
