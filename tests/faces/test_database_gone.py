"""A database that is gone is said at once, and found again as soon as it is back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, connection
from django.db.utils import ConnectionHandler

from qingfeng.config import Configuration
from tests import postgres
from tests.faces.api.conftest import Program, clerk, clock, programs  # noqa: F401
from tests.faces.console.staff import browser


@pytest.fixture
def cluster() -> Iterator[postgres.Cluster]:
    cluster = postgres.Cluster()
    cluster.start()
    yield cluster
    cluster.stop()


def asked(database: Any, within: float) -> bool:
    """Ask something, as each request does on its own; whether it was answered, and in time either way."""
    began = time.monotonic()
    try:
        with database.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    finally:
        database.close()
        assert time.monotonic() - began < within
    return True


def test_a_server_that_goes_and_comes_is_noticed_both_times(
    cluster: postgres.Cluster, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> None:
    monkeypatch.setenv("DATABASE_URL", cluster.url)
    with django_db_blocker.unblock():
        database = ConnectionHandler({"default": Configuration().database()})["default"]
        assert asked(database, 10)
        for outage in (1, 12):
            cluster.kill()
            until = time.monotonic() + outage
            while time.monotonic() < until:
                assert not asked(database, 2.5)
            cluster.resume()
            back = time.monotonic()
            while not asked(database, 5):
                assert time.monotonic() - back < 5
        database.close_pool()


def gone(*_given: object, **_named: object) -> None:
    raise OperationalError("the connection is closed")


@contextmanager
def no_database() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("cursor", "chunked_cursor"):
            patch.setattr(connection, name, gone)
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/inbox/", "/account/password/"])
def test_a_page_says_so_without_the_database(path: str) -> None:
    client = browser("clerk_housing")
    client.raise_request_exception = False
    with no_database():
        answer = client.get(path, headers={"accept-language": "zh-hans"})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "数据库" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_program_is_told_in_the_one_shape(clerk: Program) -> None:  # noqa: F811
    with no_database():
        answer = clerk.get("/inbox")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "away")
    assert answer.headers["Retry-After"]


def test_any_other_fault_is_still_ours(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser("clerk_housing")
    client.raise_request_exception = False

    def fail(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("qingfeng.faces.console.visit.holdings_of", fail)
    assert client.get("/inbox/").status_code == 500
