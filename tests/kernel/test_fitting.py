"""Program and database are compared, both ways: migrations of either that the other lacks, and columns."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from qingfeng.faces.cli import maintenance
from qingfeng.kernel import versions
from tests.faces.cli.conftest import Command, logging_level, qingfeng, standing_time  # noqa: F401

Harm = Callable[[], None]


def run(*statements: str) -> Harm:
    def harm() -> None:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    return harm


def recorded(app: str, name: str) -> Harm:
    return lambda: MigrationRecorder(connection).record_applied(app, name)


def forgotten(app: str, name: str) -> Harm:
    return lambda: MigrationRecorder(connection).record_unapplied(app, name)


OLDER = {
    "a migration less": (
        forgotten("leave", "0003_asked_to_stand_in"),
        "older version",
        "leave.0003_asked_to_stand_in",
    )
}
NEWER = {
    "a migration more": (recorded("meetings", "0999_rooms"), "newer version", "meetings.0999_rooms"),
    "a mechanism more": (recorded("parking", "0001_initial"), "QINGFENG_MECHANISMS", "parking"),
}
ASTRAY = {
    "one that ran before what it stands on": (
        forgotten("kernel", "0001_initial"),
        "can't take up",
        "kernel.0001_initial",
    ),
}
TORN = {
    "a column less": (
        run("ALTER TABLE kernel_message DROP COLUMN error"),
        "lacks the columns",
        "kernel_message.error",
    ),
    "a column by another name": (
        run("ALTER TABLE django_session RENAME COLUMN session_data TO contents"),
        "lacks the columns",
        "django_session.session_data",
    ),
    "a table less": (run("DROP TABLE api_token"), "lacks the columns", "api_token."),
    "a column more": (
        run("ALTER TABLE kernel_unit ADD COLUMN seal varchar(9) NOT NULL DEFAULT ''"),
        "does not know",
        "kernel_unit.seal",
    ),
}


@pytest.fixture(autouse=True)
def _commands_do_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maintenance, "call_command", lambda *_given, **_named: None)


@pytest.mark.usefixtures("db")
def test_what_fits_fits() -> None:
    assert versions.misfit() == ""


@pytest.mark.usefixtures("fresh_database")
@pytest.mark.parametrize("name", {**OLDER, **NEWER, **ASTRAY, **TORN})
def test_a_misfit_is_one_sentence_and_stops_every_command(qingfeng: Command, name: str) -> None:  # noqa: F811
    harm, kind, place = {**OLDER, **NEWER, **ASTRAY, **TORN}[name]
    harm()
    for command in (["check"], ["worker", "--once"], ["serve"], ["migrate"]):
        said = qingfeng(*command)
        told = said.out + said.err
        assert said.code == 1, command
        assert kind in told, command
        assert place in told, command
        assert "Traceback" not in told
