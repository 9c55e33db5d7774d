"""`health` finds what is ill, each thing by itself, and nothing where all is well; it writes nothing."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import OperationalError, connection

from qingfeng.faces.cli.health import examination, probes
from qingfeng.faces.cli.health.examination import Probe, illnesses
from qingfeng.kernel.background import outbox, upkeep
from qingfeng.kernel.background.outbox import Message
from qingfeng.kernel.ledger.checkpoints import seal_all, signer
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.regime.models import ActivatedRegime
from qingfeng.kernel.time.clocks import Running
from tests import cast
from tests.cast import NOW
from tests.faces.cli.conftest import Command
from tests.faces.console.staff import problem
from tests.kernel.regime.test_standing import activated_before, in_force


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def sound(fresh_database: str, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with nothing ill; its home."""
    monkeypatch.setattr(examination, "SECONDS", 60)  # a machine that runs tests has more to do
    problem(upto="signed")
    seal_all(NOW, signer())
    home = tmp_path / "home"
    for folder in ("attachments", "heard"):
        (home / folder).mkdir(parents=True, mode=0o700)
    shutil.copytree(settings.KEYS, home / "keys")
    settings.HOME, settings.KEYS, settings.MEDIA_ROOT = home, home / "keys", home / "attachments"
    settings.EMAIL_HOST, settings.WITNESSES = "mail.example.invalid", ("witness@example.invalid",)
    settings.EMAIL_FILE_PATH = home / "letters"
    settings.DEBUG, settings.DEMO, settings.SESSION_COOKIE_SECURE = False, False, True
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage(100 << 30, 50 << 30, 50 << 30))
    for of in ("worker", "backup", "backup_of_keys"):
        upkeep.note(of, NOW)  # type: ignore[arg-type]
    Message.objects.update(sent_at=NOW)
    Message.objects.create(channel="mail", holder="heads@2026-03-10", next_try_at=NOW, sent_at=NOW)
    for row in ActivatedRegime.objects.order_by("id"):
        ActivatedRegime(
            jurisdiction=row.jurisdiction,
            regime=row.regime,
            layer=row.layer,
            digest=f"{row.pk:064x}",
            text=row.text.replace("verified: false", "verified: true"),
            recorded_at=row.recorded_at + timedelta(seconds=1),
            valid_from=row.valid_from,
        ).save(by_act=True)
    return home


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def letter(**given: Any) -> None:
    Message.objects.create(channel="mail", payload={}, next_try_at=NOW - timedelta(hours=1), **given)


def drop_a_trigger(home: Path) -> None:
    sqlite = "DROP TRIGGER kernel_entry_update_refused"
    execute(
        sqlite if connection.vendor == "sqlite" else "DROP TRIGGER kernel_entry_row_refused ON kernel_entry"
    )


def unsealed(home: Path) -> None:
    an_hour_ago = NOW - timedelta(hours=1)
    raw = {"title": "新的一件", "kind": "inaction", "topic": "not_acting", "description": "上午十点无人"}
    cast.do("rectification.register", "office_a", at=an_hour_ago, **raw)


ILL: dict[str, tuple[str, Callable[[Path], object]]] = {
    "a column is gone": ("columns", lambda home: execute("ALTER TABLE kernel_message DROP COLUMN error")),
    "a trigger is gone": ("triggers", drop_a_trigger),
    "the worker was heard of an hour ago": (
        "worker",
        lambda home: upkeep.note("worker", NOW - timedelta(hours=1)),
    ),
    "the worker never ran": ("worker", lambda home: (home / "heard" / "worker").unlink()),
    "the sign of the worker is torn": ("worker", lambda home: (home / "heard" / "worker").write_text("20")),
    "a letter failed once": ("letters", lambda home: letter(tries=1, error="ConnectionRefusedError")),
    "a letter was given up": ("letters", lambda home: letter(tries=outbox.TRIES, error="550 no such user")),
    "letters wait": ("letters", lambda home: letter()),
    "a clock is set aside": ("clocks", lambda home: Running.objects.update(set_aside="ValueError: 1")),
    "a clock waits for its act": (
        "clocks",
        lambda home: Running.objects.update(due_at=NOW - timedelta(hours=2), set_aside=""),
    ),
    "entries are not sealed": ("sealing", unsealed),
    "no head has gone out": (
        "heads",
        lambda home: Message.objects.filter(holder__startswith="heads@").delete(),
    ),
    "the last head is old": (
        "heads",
        lambda home: Message.objects.filter(holder__startswith="heads@").update(
            sent_at=NOW - timedelta(days=9)
        ),
    ),
    "a key is gone": ("keys", lambda home: (home / "keys" / "ledger-signing-key.pem").unlink()),
    "a key is empty": ("keys", lambda home: (home / "keys" / "master.key").write_text("")),
    "others may read a key": ("keys", lambda home: (home / "keys" / "master.key").chmod(0o644)),
    "others may look into the keys": ("keys", lambda home: (home / "keys").chmod(0o755)),
    "the last backup is old": ("backups", lambda home: upkeep.note("backup", NOW - timedelta(days=3))),
    "the keys were never backed up": ("backups", lambda home: (home / "heard" / "backup_of_keys").unlink()),
    "a regime names what is not known": (
        "regimes",
        lambda home: activated_before({"leave.month": "leave.moon"}),
    ),
    "nobody administers security": (
        "administrators",
        lambda home: Account.objects.filter(person__holdings__role="security_administrator").update(
            is_active=False
        ),
    ),
}


@pytest.mark.parametrize("name", ILL)
def test_each_illness_is_found_and_no_other(sound: Path, qingfeng: Command, name: str) -> None:
    probe, fall_ill = ILL[name]
    fall_ill(sound)
    said = qingfeng("health", "--json")
    assert said.code == 1
    found = json.loads(said.out)
    assert {one["probe"] for one in found["ill"]} == {probe}
    assert all(one["words"] for one in found["ill"])


SET: dict[str, tuple[str, dict[str, Any]]] = {
    "no witness": ("heads", {"WITNESSES": ()}),
    "the working of errors is shown": ("settings", {"DEBUG": True}),
    "anybody is let in": ("settings", {"DEMO": True}),
    "passwords cross the net readable": ("settings", {"SESSION_COOKIE_SECURE": False}),
}


@pytest.mark.parametrize("name", SET)
def test_an_ill_setting_is_found(sound: Path, qingfeng: Command, settings: Any, name: str) -> None:
    probe, given = SET[name]
    for one, value in given.items():
        setattr(settings, one, value)
    assert {one["probe"] for one in json.loads(qingfeng("health", "--json").out)["ill"]} == {probe}


def test_a_sound_one_has_nothing(sound: Path, qingfeng: Command) -> None:
    said = qingfeng("health", "--json")
    assert json.loads(said.out)["ill"] == []
    assert said.code == 0
    assert qingfeng("health").out == "All is well.\n"


def test_a_full_disk_and_an_unverified_number_are_found(
    sound: Path, qingfeng: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage(100 << 30, 99 << 30, 1 << 30))
    row = in_force()
    text = row.text.replace("verified: true", "verified: false", 2)
    ActivatedRegime(
        jurisdiction=row.jurisdiction,
        regime=row.regime,
        layer=row.layer,
        digest="f" * 64,
        text=text,
        recorded_at=row.recorded_at + timedelta(seconds=1),
        valid_from=row.valid_from,
    ).save(by_act=True)
    said = qingfeng("health")
    assert "disk: Only 1024 MB are free" in said.out
    assert "values of the regime" in said.out


@pytest.mark.parametrize(("month", "ill"), [(10, False), (11, True)])
def test_the_calendar_of_next_year_is_asked_for_in_november(month: int, ill: bool, sound: Path) -> None:
    last = max(probes.policy.calendar().years)
    at = NOW.replace(year=last, month=month)
    assert bool(list(probes.calendar(at))) == ill


def test_nothing_is_written(sound: Path, qingfeng: Command) -> None:
    def write(now: Any) -> Iterator[str]:
        Message.objects.create(channel="mail", payload={}, next_try_at=now)
        yield "written"

    (found,) = illnesses((Probe("writer", write),), NOW)
    assert found.words != "written"
    assert not Message.objects.filter(sent_at=None).exists()
    before = sorted((path, path.stat().st_mtime_ns) for path in sound.rglob("*"))
    qingfeng("health")
    assert sorted((path, path.stat().st_mtime_ns) for path in sound.rglob("*")) == before
    letter(sent_at=NOW)  # and afterwards the connection writes as before


def test_each_probe_fails_by_itself_and_counts_as_ill(sound: Path) -> None:
    def broken(_now: Any) -> Iterator[str]:
        raise ZeroDivisionError("by nought")
        yield ""

    found = list(illnesses((*probes.PROBES, Probe("broken", broken)), NOW))
    assert [one.probe for one in found] == ["broken"]
    assert "by nought" in found[0].words


def test_a_database_that_is_away_is_asked_once(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_given: object, **_named: object) -> None:
        raise OperationalError("connection refused")

    began = time.monotonic()
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", gone)
        found = {one.probe for one in illnesses(probes.PROBES, NOW)}
    assert found == {probe.name for probe in probes.PROBES if probe.asks_database}
    assert time.monotonic() - began < 2


def test_what_is_not_looked_at_in_time_counts_as_ill(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination, "SECONDS", -1)
    assert len(list(illnesses(probes.PROBES, NOW))) == len(probes.PROBES)
