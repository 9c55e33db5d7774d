"""An installation's settings: documented, typed, safe where nothing was set, private on disk."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from qingfeng.config import Configuration

OPERATIONS = Path(__file__).resolve().parents[2] / "docs" / "operations.md"


def variables() -> set[str]:
    fields = Configuration.model_fields.items()
    return {str(field.validation_alias or f"QINGFENG_{name.upper()}") for name, field in fields}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QINGFENG_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \|", OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(rows) == sorted(variables())


def test_documented_defaults_are_the_defaults(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QINGFENG_HOME")
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE)
    unset = Configuration()
    for variable, default in rows:
        if default not in ("empty", "unset"):
            monkeypatch.setenv(variable, default.strip("`"))
    assert Configuration() == unset


def test_cookies_are_kept_to_https_unless_said_otherwise_or_in_a_demonstration(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Configuration().secure
    monkeypatch.setenv("QINGFENG_DEMO", "true")
    assert not Configuration().secure
    monkeypatch.setenv("QINGFENG_HTTPS", "true")
    assert Configuration().secure


def test_a_list_is_written_with_commas(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGFENG_HOSTS", "qf.example, www.example ,")
    assert Configuration().hosts == ("qf.example", "www.example")


def test_a_wrong_value_stops_the_start_and_says_which(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGFENG_SESSION_MINUTES", "half an hour")
    with pytest.raises(ValidationError, match="session_minutes"):
        Configuration()


def test_a_database_that_was_never_tried_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://somewhere/qingfeng")
    with pytest.raises(ValueError, match="neither SQLite nor PostgreSQL"):
        Configuration().database()


def test_the_secret_key_is_made_once_and_its_owner_alone_may_read_it(home: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: Configuration().secret_key(), range(8)))
    assert len(keys) == 1
    assert [path.name for path in (home / "keys").iterdir()] == ["secret_key"]
    assert (home / "keys" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert (home / "keys").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("QINGFENG_WITNES_EMAIL", "QINGFENG_WITNESS_EMAIL"),
        ("QINGFENG_DATABASE_URL", "QINGFENG_DATABASE_CONNECTIONS"),
        ("qingfeng_token_day", "QINGFENG_TOKEN_DAYS"),
    ],
)
def test_a_name_that_is_no_setting_stops_the_start_and_the_nearest_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch, misspelt: str, meant: str
) -> None:
    monkeypatch.setenv(misspelt, "5")
    with pytest.raises(ValidationError, match=f"{misspelt}.*{meant}"):
        Configuration()


def test_proxies_are_addresses_or_networks_and_nothing_else(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGFENG_PROXIES", "10.0.0.5, fd00::/8")
    assert [str(one) for one in Configuration().proxies] == ["10.0.0.5/32", "fd00::/8"]
    monkeypatch.setenv("QINGFENG_PROXIES", "gateway")
    with pytest.raises(ValidationError, match="proxies"):
        Configuration()


@pytest.mark.parametrize("named", ["qingfeng.mechanisms.leave", "qingfeng.mechanisms.restraint.leave"])
def test_a_mechanism_that_is_shipped_is_told_where_it_is_now(
    home: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("QINGFENG_MECHANISMS", f"suggestion,{named}")
    with pytest.raises(ValidationError, match=r"shipped as qingfeng\.mechanisms\.restraint\.leave"):
        Configuration()
    monkeypatch.setenv("QINGFENG_MECHANISMS", "suggestion")
    assert Configuration().mechanisms == ("suggestion",)


def test_a_mechanism_that_was_never_shipped_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGFENG_MECHANISMS", "qingfeng.mechanisms.tea")
    with pytest.raises(ValidationError, match=r"qingfeng\.mechanisms\.tea.*There is no such mechanism"):
        Configuration()
