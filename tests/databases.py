"""The database the tests run on: `pytest --database=sqlite` (so by default) or `--database=postgresql`.

A plugin and not a conftest, because the choice must stand before Django's settings are read.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import postgres, template

OWN_FIXTURES = {"fresh_database", "served"}
DJANGO_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the database to run the tests on",
    )


class Ground:
    """What the whole run stands on, made once by the process that the person started."""

    def __init__(self) -> None:
        self.cluster: postgres.Cluster | None = None
        self.folder = postgres.folder()

    def lay(self, database: str) -> None:
        for name in [name for name in os.environ if name.startswith("QINGFENG_")]:
            del os.environ[name]
        os.environ.pop("DATABASE_URL", None)
        home = self.folder / "home"
        if database == "postgresql":
            self.cluster = postgres.Cluster()
        template.laid(database, home, self.cluster)
        os.environ["QINGFENG_HOME"] = str(home)
        # What tests put down lies there too, and goes with it.
        os.environ["TMPDIR"] = tempfile.tempdir = str(self.folder)
        if self.cluster is not None:
            os.environ["DATABASE_URL"] = self.cluster.url

    def pytest_unconfigure(self) -> None:
        if self.cluster is not None:
            self.cluster.stop()
        shutil.rmtree(self.folder)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, Any, Any]:
    # A wrapper stands outside pytest-django's hook of the same name, which reads the settings.
    # The workers of xdist inherit the environment.
    if "PYTEST_XDIST_WORKER" in os.environ:
        return (yield)
    ground = Ground()
    try:
        ground.lay(early_config.known_args_namespace.database)
        early_config.pluginmanager.register(ground)
        return (yield)
    except postgres.Unavailable as missing:
        ground.pytest_unconfigure()
        raise pytest.UsageError(str(missing)) from None
    except BaseException:
        ground.pytest_unconfigure()
        raise


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & (OWN_FIXTURES | DJANGO_FIXTURES):
            item.add_marker("database")


def own_copy() -> None:
    """The template copied for this process, and every connection led to the copy."""
    from django.db import connection, connections

    name = connection.creation._get_test_db_name()
    if connection.vendor == "sqlite":
        shutil.copyfile(Path(os.environ["QINGFENG_HOME"]) / f"{template.NAME}.sqlite3", name)
    else:
        administer(f'CREATE DATABASE "{name}" TEMPLATE "{template.NAME}"')
    connections.settings["default"]["NAME"] = name


@pytest.fixture
def fresh_database(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """A real database of the test's own, copied from the migrated one; its name.

    For what must truly commit: threads, several connections, triggers that refuse to be emptied. Every
    connection opened meanwhile, in whatever thread, leads to it; a thread closes its own when it ends
    (`django.db.connections.close_all()`).
    """
    if DJANGO_FIXTURES.intersection(request.fixturenames):
        raise pytest.UsageError("fresh_database goes with no other database fixture")
    with django_db_blocker.unblock(), copied(tmp_path) as name:
        yield name


@pytest.fixture
def served(fresh_database: str) -> Iterator[str]:
    """The site, served by threads on a database of the test's own; its address."""
    from pytest_django.live_server_helper import LiveServer

    # Not pytest-django's own fixture: it would empty the tables afterwards, which ours refuse.
    server = LiveServer("localhost")
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def copied(directory: Path) -> Iterator[str]:
    from django.db import connection, connections

    described = connections.settings["default"]
    usual = described["NAME"]
    leave()
    if connection.vendor == "sqlite":
        name = str(directory / "fresh.sqlite3")
        with closing(sqlite3.connect(usual)) as source, closing(sqlite3.connect(name)) as target:
            source.backup(target)
    else:
        name = f"{usual}_fresh"
        administer(f'CREATE DATABASE "{name}" TEMPLATE "{usual}"')
    described["NAME"] = name
    try:
        yield name
    finally:
        leave()
        described["NAME"] = usual
        if connection.vendor == "postgresql":
            administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def leave() -> None:
    """Closes this thread's connection and, on PostgreSQL, the pool it came from."""
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        connection.close_pool()


def administer(statement: str) -> None:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(statement)
