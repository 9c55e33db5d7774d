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

from tests import postgres

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
        self.home = Path(tempfile.mkdtemp(prefix="qingfeng-test-"))

    def lay(self, database: str) -> None:
        for name in [name for name in os.environ if name.startswith("QINGFENG_")]:
            del os.environ[name]
        os.environ.pop("DATABASE_URL", None)
        os.environ["QINGFENG_HOME"] = str(self.home)
        if database == "postgresql":
            self.cluster = postgres.Cluster()
            self.cluster.start()
            os.environ["DATABASE_URL"] = self.cluster.url

    def pytest_unconfigure(self) -> None:
        if self.cluster is not None:
            self.cluster.stop()
        shutil.rmtree(self.home)


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


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, Any, Any]:
    # pytest-django makes the database only where a test asks for one of its own fixtures: a run of none but
    # ours would copy an empty one.
    from pytest_django import fixtures

    asked_for = fixtures._get_databases_for_test

    def with_ours(test: pytest.Item) -> Any:
        ours = OWN_FIXTURES & set(getattr(test, "fixturenames", ()))
        return (("default",), False) if ours else asked_for(test)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fixtures, "_get_databases_for_test", with_ours)
        return (yield)


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
    template = described["NAME"]
    leave()
    if connection.vendor == "sqlite":
        name = str(directory / "fresh.sqlite3")
        with closing(sqlite3.connect(template)) as source, closing(sqlite3.connect(name)) as target:
            source.backup(target)
    else:
        name = f"{template}_fresh"
        administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    described["NAME"] = name
    try:
        yield name
    finally:
        leave()
        described["NAME"] = template
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
