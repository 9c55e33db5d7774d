"""Keys are made before anything is sealed or signed, and never again by themselves; what is missing is named."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core import checks

from qingfeng.config import Configuration
from qingfeng.kernel.ledger.checkpoints import newest_heads, seal_all, signer
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.proofs import proof
from qingfeng.kernel.ledger.signing import FILE_NAME
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.reading.reads import timeline
from qingfeng.kernel.record import journal
from qingfeng.kernel.sealing import custody
from qingfeng.kernel.sealing.keystore import (
    FIRST_ID,
    MASTER,
    STORE,
    KeyDestroyed,
    KeyLost,
    KeysMissing,
    KeyStore,
)
from qingfeng.kernel.sealing.models import SealedValue, keys_needed, keystore, opened
from tests.cast import NOW, actor, do
from tests.sheets import sheet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings: Any, tmp_path: Path) -> Path:
    """The keys of this test alone, with a checkpoint signed and something sealed under a key."""
    settings.KEYS = shutil.copytree(settings.KEYS, tmp_path / "keys")
    sheet("verified")
    seal_all(NOW, signer())
    keystore()
    return Path(settings.KEYS)


def elsewhere(settings: Any, keys: Path, name: str = "later") -> Path:
    """The same keys as another process finds them: nothing of them is open yet."""
    settings.KEYS = shutil.copytree(keys, keys.with_name(name))
    return Path(settings.KEYS)


def faults() -> list[str]:
    found = checks.run_checks(databases=["default"])
    return [str(fault.msg) for fault in found if fault.id == "qingfeng.E045"]


def emptied(keys: Path) -> None:
    for path in keys.iterdir():
        path.unlink()


def without(name: str) -> Callable[[Path], None]:
    return lambda keys: (keys / name).unlink()


def replaced_by_an_empty_store(keys: Path) -> None:
    (keys / STORE).unlink()
    (keys / MASTER).unlink()
    KeyStore(keys, make=True)


def of_no_bytes(keys: Path) -> None:
    (keys / STORE).write_bytes(b"")


def older(keys: Path) -> None:
    """As if the copy were of a day before the last key was made."""
    with closing(sqlite3.connect(keys / STORE)) as store, store:
        store.execute("DELETE FROM key WHERE id = ?", (max(keys_needed()),))


def wrapped_by_another(keys: Path) -> None:
    (keys / MASTER).write_bytes(bytes(16))


def cut_short(keys: Path) -> None:
    (keys / MASTER).write_bytes(b"short")


@pytest.mark.parametrize(
    "harm",
    [
        emptied,
        without(STORE),
        without(MASTER),
        replaced_by_an_empty_store,
        of_no_bytes,
        older,
        wrapped_by_another,
        cut_short,
    ],
)
def test_a_store_that_lacks_a_key_seals_nothing_makes_nothing_and_stops_the_start(
    harm: Callable[[Path], None], settings: Any, keys: Path
) -> None:
    place = elsewhere(settings, keys)
    harm(place)
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    with pytest.raises(KeysMissing) as refused:
        do(
            "rectification.register",
            "office_a",
            title="路灯不亮",
            kind="inaction",
            topic="not_acting",
            description="三盏。",
        )
    assert "keys/" in str(refused.value)
    with pytest.raises(KeysMissing, match="keys/"):
        keystore().destroy("person:1", NOW.isoformat())
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    assert faults()
    # The folder that was not mounted comes back: nothing was lost.
    elsewhere(settings, keys, "back")
    assert faults() == []
    assert do(
        "rectification.register",
        "office_a",
        title="路灯不亮",
        kind="inaction",
        topic="not_acting",
        description="三盏。",
    ).entry


def test_no_checkpoint_is_signed_by_a_new_key_where_one_signed_before(settings: Any, keys: Path) -> None:
    place = elsewhere(settings, keys)
    (place / FILE_NAME).unlink()
    with pytest.raises(KeysMissing, match="台账签名密钥缺失"):
        signer()
    assert not (place / FILE_NAME).exists()
    assert FILE_NAME in "".join(faults())


def test_what_was_signed_is_verified_and_proved_without_the_key_that_signed_it(
    settings: Any, keys: Path
) -> None:
    place = elsewhere(settings, keys)
    entry = Entry.objects.filter(leaf__isnull=False).latest("pk")
    (place / FILE_NAME).unlink()
    assert list(verify(newest_heads())) == []
    assert proof(entry)["entry"] == entry.body
    with pytest.raises(KeysMissing, match="台账签名密钥缺失"):
        seal_all(NOW, signer())


def test_a_home_that_was_in_use_makes_no_new_key_for_cookies(
    settings: Any, keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QINGFENG_HOME", str(tmp_path / "home"))
    home = Configuration()
    first = home.secret_key()
    assert home.secret_key() == first
    home.folder("attachments")
    (tmp_path / "home" / "keys" / "secret_key").unlink()
    assert home.secret_key() not in (first, home.secret_key())
    assert not (tmp_path / "home" / "keys" / "secret_key").exists()
    place = elsewhere(settings, keys)
    (place / "secret_key").unlink(missing_ok=True)
    assert "secret_key" in "".join(faults())


def test_where_nothing_was_sealed_or_signed_keys_are_made(
    settings: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    # The cast can't be unsealed: the one place that asks the data is told that there are none.
    monkeypatch.setattr("qingfeng.kernel.sealing.models.keys_needed", set)
    settings.KEYS = tmp_path / "first"
    made = keystore().key("records:2026", "trip", "10_years")
    assert made.id >= FIRST_ID
    assert {path.name for path in settings.KEYS.iterdir()} == {MASTER, STORE}


def test_copies_that_went_on_apart_never_give_one_number_to_two_keys(keys: Path, tmp_path: Path) -> None:
    other = shutil.copytree(keys, tmp_path / "other")
    here, there = KeyStore(keys), KeyStore(other)
    ours = {here.key(f"records:{year}", "trip", "10_years").id for year in range(2030, 2040)}
    theirs = {there.key(f"records:{year}", "trip", "10_years").id for year in range(2030, 2040)}
    assert not ours & theirs


def test_the_keys_needed_are_those_under_which_something_lies() -> None:
    assert keys_needed() == set(SealedValue.objects.values_list("key", flat=True))
    assert len(keys_needed()) > 1


def test_what_is_lost_is_counted_by_mechanism_and_year_and_told_from_what_is_erased(
    settings: Any, keys: Path
) -> None:
    lost, kept = _lose_sheets(elsewhere(settings, keys))
    found = custody.unopened()
    assert {one.key for one in found} == {lost}
    assert sum(one.values for one in found) == SealedValue.objects.filter(key=lost).count()
    assert {(one.mechanism, one.year, one.said) for one in found} == {("rectification", NOW.year, False)}
    erased = SealedValue.objects.filter(key=kept)
    with closing(sqlite3.connect(settings.KEYS / STORE)) as store, store:
        store.execute("UPDATE key SET wrapped = NULL, destroyed_at = '2026-01-01' WHERE id = ?", (kept,))
    assert {one.key for one in custody.unopened()} == {lost}
    custody.lose("机房失火。", NOW)
    with pytest.raises(KeyDestroyed) as gone:
        opened(erased[0])
    assert not isinstance(gone.value, KeyLost)
    with pytest.raises(KeyLost):
        opened(SealedValue.objects.filter(key=lost)[0])


def test_a_loss_that_was_said_is_journalled_and_work_goes_on_under_new_keys(
    settings: Any, keys: Path
) -> None:
    matter = sheet("found")
    place = elsewhere(settings, keys)
    lost, _kept = _lose_sheets(place)
    custody.lose("机房失火，副本亦毁。", NOW)
    line = journal.JournalEntry.objects.latest("seq")
    assert "机房失火" in line.body
    assert str(lost) in line.body
    assert faults() == []
    do(
        "rectification.register",
        "office_a",
        title="路灯不亮",
        kind="inaction",
        topic="not_acting",
        description="三盏。",
    )
    assert signer().key_id
    # The key that signs follows its predecessor by the act of two, and is never declared away.
    (place / FILE_NAME).unlink()
    custody.lose("签名密钥也没有了。", NOW)
    assert faults() != []
    assert all(one.said for one in custody.unopened())
    said = timeline(actor("office_a"), "rectification", matter.pk)[0].said
    assert {str(one.gone) for one in said if one.text is None} == {"无法打开：密钥缺失"}


def test_a_key_that_opens_nothing_of_its_own_is_named(settings: Any, keys: Path) -> None:
    place = elsewhere(settings, keys)
    first, *others = sorted(keys_needed())
    with closing(sqlite3.connect(place / STORE)) as store, store:
        store.execute(
            "UPDATE key SET wrapped = (SELECT wrapped FROM key WHERE id = ?) WHERE id = ?", (others[0], first)
        )
    assert faults() == []
    named = list(custody.unfitting())
    assert len(named) == 1
    assert str(first) in str(named[0])


def _lose_sheets(place: Path) -> tuple[int, int]:
    """Take the key of the sheets out of a store; its number, and that of another that stays."""
    lost = SealedValue.objects.filter(entry__matter__mechanism="rectification").latest("id").key
    kept = SealedValue.objects.exclude(key=lost).latest("id").key
    with closing(sqlite3.connect(place / STORE)) as store, store:
        store.execute("DELETE FROM key WHERE id = ?", (lost,))
    return lost, kept
