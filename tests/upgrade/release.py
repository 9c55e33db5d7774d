"""A release leaves its folder: ``python -m tests.upgrade.release``, once the change log names its day.

``home.tar.xz``: a home with the demonstration of eight units on SQLite, and the tables as PostgreSQL has them.
``migrations.sha256`` and ``codes.yaml``: what the next versions may not edit, and may not lose.
"""

import os
import re
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from qingfeng import __version__
from tests import postgres

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent
UNITS = 8
"""As few as the stories do with: every kind of matter, state and fact is there, in half the room."""
SECTIONS = ("pre-data", "post-data")


def days_of_release() -> dict[str, str]:
    """The day the change log gives each version."""
    heads = r"^## (\d\S*) - (\d{4}-\d\d-\d\d)$"
    return dict(re.findall(heads, (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M))


def filled(home: Path) -> None:
    """Tell the demonstration of a few units into a home; Django is set up for it."""
    from django.core.management import call_command

    from qingfeng.faces import invented_district as district

    district.WORKING = district.WORKING[:UNITS]
    kept = {unit.code for unit in (*district.WORKING, *district.UNITS[:5])}
    district.UNITS = tuple(unit for unit in district.UNITS if unit.code in kept)
    district.PEOPLE = tuple(one for one in district.PEOPLE if one.unit in kept)
    from qingfeng.faces.cli.demo.loading import LAST_DAY, load
    from qingfeng.kernel.time.timekeeper import ZONE, SystemTime

    call_command("migrate", skip_checks=True, verbosity=0)
    load(min(SystemTime().now(), datetime.combine(LAST_DAY, time(18), ZONE)))
    from django.db import connection

    connection.close()
    with closing(sqlite3.connect(home / "database.sqlite3")) as file:
        file.execute("PRAGMA journal_mode = DELETE")
        file.execute("VACUUM")


def drawn(home: Path) -> None:
    """Lay the tables of this version as PostgreSQL has them beside the database, in statements."""
    cluster = postgres.Cluster()
    cluster.start()
    try:
        environment = {**os.environ, "DATABASE_URL": cluster.url, "QINGFENG_HOME": str(home / "aside")}
        migrate = [sys.executable, "-m", "qingfeng.faces.cli", "migrate"]
        subprocess.run(migrate, env=environment, check=True, stdout=subprocess.DEVNULL)
        for section in SECTIONS:
            dump = [
                str(cluster.programs / "pg_dump"),
                "--no-owner",
                "--no-privileges",
                f"--section={section}",
            ]
            said = subprocess.run([*dump, cluster.url], check=True, capture_output=True, text=True).stdout
            # What the program says to itself is another in each of its versions.
            lines = [
                line for line in said.splitlines() if not re.match(r"--|\\|SET |SELECT pg_catalog", line)
            ]
            (home / f"{section}.sql").write_text("\n".join(filter(None, lines)) + "\n", encoding="utf-8")
    finally:
        cluster.stop()


def packed(home: Path, target: Path) -> None:
    """One file of what counts of a home."""
    names = ["database.sqlite3", "keys", "attachments", *(f"{section}.sql" for section in SECTIONS)]
    with tarfile.open(target, "w:xz", preset=9) as archive:
        for name in names:
            archive.add(home / name, name, filter=_anybody)


def _anybody(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return None if entry.name.endswith((".lock", "-wal", "-shm")) else entry


def main() -> None:
    folder = FOLDER / __version__
    if __version__ not in days_of_release():
        sys.exit(f"CHANGELOG.md has no heading “## {__version__} - YYYY-MM-DD”.")
    if folder.exists():
        sys.exit(f"{folder.name} left its folder already; a release leaves one only.")
    with TemporaryDirectory() as made:
        home = Path(made)
        os.environ |= {
            "QINGFENG_HOME": made,
            "QINGFENG_DEMO": "true",
            "DJANGO_SETTINGS_MODULE": "qingfeng.settings",
        }
        import django

        django.setup()
        from tests.upgrade import stored

        filled(home)
        drawn(home)
        codes = stored.codes() | {"papers": stored.papers()}
        lines = [f"{digest}  {name}\n" for name, digest in stored.migrations().items()]
        folder.mkdir()
        (folder / "migrations.sha256").write_text("".join(lines), encoding="utf-8")
        (folder / "codes.yaml").write_text(yaml.safe_dump(codes), encoding="utf-8")
        packed(home, folder / "home.tar.xz")


if __name__ == "__main__":
    main()
