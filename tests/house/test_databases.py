"""The tests' own ground: a copied database is real, apart, and gone afterwards."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.db import connection, connections

from tests import postgres, template
from tests.conftest import FIRST, TESTS


def write(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_session VALUES (%s, '', '2026-01-01')", [word])


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_session")
        return int(cursor.fetchone()[0])


def in_a_thread(word: str) -> int:
    try:
        write(word)
        return count()
    finally:
        connections.close_all()


@pytest.mark.parametrize("attempt", [1, 2])
def test_a_fresh_database_starts_from_the_migrated_template_each_time(
    fresh_database: str, attempt: int
) -> None:
    write(f"attempt {attempt}")
    assert count() == 1


def test_threads_see_what_the_others_committed(fresh_database: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(in_a_thread, "abcdefgh"))
    assert count() == 8


@pytest.mark.django_db
def test_nothing_of_a_fresh_database_reaches_the_template() -> None:
    assert count() == 0


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_asked_for(pytestconfig: pytest.Config) -> None:
    assert connection.vendor == pytestconfig.getoption("database")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            assert {
                name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("journal_mode", "synchronous", "foreign_keys")
            } == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        else:
            cursor.execute(
                "SELECT current_setting('fsync'), datcollate FROM pg_database"
                " WHERE datname = current_database()"
            )
            assert cursor.fetchone() == ("on", "C.UTF-8")


def test_a_served_site_reads_the_database_of_its_test(served: str) -> None:
    with pytest.raises(HTTPError) as answer:
        urlopen(f"{served}/no/such/page")
    with answer.value as response:
        assert response.code == 404


def test_what_begins_first_is_there() -> None:
    assert [name for name in FIRST if not (TESTS / name).is_file()] == []


def test_each_source_that_changes_changes_the_template(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sources = [tmp_path / name for name in ("src/qingfeng/a.yaml", "tests/cast.py", "requirements/test.txt")]
    for source in sources:
        source.parent.mkdir(parents=True)
        source.write_text("1")
    monkeypatch.setattr(template, "ROOT", tmp_path)
    seen = {template.digest()}
    for source in sources:
        source.write_text("2")
        seen.add(template.digest())
    sources[0].rename(sources[0].with_name("b.yaml"))
    seen.add(template.digest())
    assert len(seen) == 5
    assert template.digest() in seen


def test_what_a_killed_run_left_is_taken_away() -> None:
    with subprocess.Popen(["true"]) as gone:
        gone.wait()
    own = postgres.folder()
    left = own.with_name(f"qingfeng-run-{gone.pid}-left")
    left.mkdir()
    other = postgres.folder()
    assert not left.exists()
    own.rmdir()
    other.rmdir()
