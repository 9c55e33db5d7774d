"""Custody of the keys 密钥保管: which keys the data need, which of them are there, and what can't be opened."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.signing import FILE_NAME
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.people.actors import system
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.people.outside import OutsideParty
from qingfeng.kernel.record import journal
from qingfeng.kernel.sealing.ballots import polls_without_key
from qingfeng.kernel.sealing.keystore import KeysMissing, KeyStore, unseal
from qingfeng.kernel.sealing.models import (
    LOST,
    SealedValue,
    keys_lost,
    keys_needed,
    keystore,
    signing_key_missing,
)
from qingfeng.kernel.text.words import Words

SECRET_KEY = "secret_key"


@dataclass(frozen=True)
class UnopenedValues:
    """Values of one mechanism and year that one key would open, were it there."""

    key: int
    mechanism: str
    year: int
    values: int
    said: bool
    """Whether somebody said that the key is lost for good."""


def faults() -> Iterator[Words]:
    """What is missing of the keys this installation needs, in words; nothing when all are there."""
    if not (settings.KEYS / SECRET_KEY).exists():
        yield format_lazy(
            _("keys/{} is missing: this home was in use, and its folder keys/ is not here."), SECRET_KEY
        )
    if signing_key_missing():
        yield format_lazy(_("keys/{} is missing, and checkpoints were signed with it."), FILE_NAME)
    try:
        polls = polls_without_key(keystore())
    except KeysMissing as missing:
        yield missing.reason
        return
    if polls:
        yield format_lazy(_("The keys of {} open polls are missing."), len(polls))


def missing_in(directory: Path, needed: set[int]) -> set[int]:
    """Which of the keys needed are not in a folder of keys. Raises ``KeysMissing`` for one that holds no store."""
    return needed - KeyStore(directory).ids() if needed else set()


def lose(why: str, now: datetime, **about: object) -> None:
    """Journal that what is missing is lost for good: what lies under it stays shut, and new keys may be made."""
    keys = sorted(keys_needed() - _there() - keys_lost())
    kind = journal.JournalEntry.Kind.ADMINISTRATION
    journal.write(kind, system("console"), now, did=LOST, keys=keys, why=why, **about)


def erase_again() -> int:
    """Destroy what was destroyed before: keys brought back may be older. Returns of how many.

    It is the keys of everybody erased, and of the lists that are forgotten once they are closed.
    """
    gone = [
        (f"{kind._meta.model_name}:{pk}", at)
        for kind in (Person, OutsideParty)
        for pk, at in kind.objects.filter(erased_at__isnull=False).values_list("pk", "erased_at")
    ]
    forgotten = [matter.code for matter in mechanisms().values() if matter.forgotten]
    lists = Matter.objects.filter(mechanism__in=forgotten, closed=True).values_list("pk", "closed_at")
    gone += [(f"matter:{pk}", at) for pk, at in lists]
    store = keystore()
    return sum(bool(store.destroy(subject, str(at))) for subject, at in gone)


def unopened() -> list[UnopenedValues]:
    """What can't be opened for want of its key; what was erased on purpose is not among it."""
    there = _there()
    gone, said = keys_needed() - there, keys_lost()
    found = (
        SealedValue.objects.filter(key__in=gone)
        .annotate(year=ExtractYear("entry__at"))
        .values_list("key", "entry__matter__mechanism", "year")
        .annotate(values=Count("id"))
        .order_by("year", "entry__matter__mechanism", "key")
    )
    return [
        UnopenedValues(key, mechanism, year, values, key in said) for key, mechanism, year, values in found
    ]


def unfitting() -> Iterator[Words]:
    """The keys that do not open the oldest value under them, in words: the store is not the one they came from."""
    try:
        store = keystore()
    except KeysMissing:
        return
    for key in sorted(keys_needed() & store.ids() - store.destroyed()):
        if not _fits(store, key):
            yield format_lazy(
                _("Key {} does not open what lies under it: the key store is another one."), key
            )


def _there() -> set[int]:
    try:
        return KeyStore(settings.KEYS).ids()
    except KeysMissing:
        return set()


def _fits(store: KeyStore, key: int) -> bool:
    value = SealedValue.objects.filter(key=key).order_by("id").only("box").first()
    assert value is not None
    try:
        unseal(store.by_id(key).secret, b64decode(value.box))
    except ValueError:
        return False
    return True
