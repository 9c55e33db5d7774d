"""An anonymous ballot: issued and redeemed without a row that joins voter and vote."""

import sqlite3
from contextlib import closing

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from qingfeng.kernel.background.outbox import Message, deliver
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.ledger.verify import verify
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.record.batches.models import BatchRow
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.sealing import custody
from qingfeng.kernel.sealing.ballots import Cast, Issued, issue, redeem
from qingfeng.kernel.sealing.keystore import STORE, KeysMissing
from qingfeng.kernel.sealing.models import keystore
from tests.cast import NOW, TODAY, do, person

pytestmark = pytest.mark.django_db

VOTERS = ["cadre", "head_housing", "clerk_housing", "clerk_education", "leader"]


@pytest.fixture
def poll() -> Matter:
    return do("poll.start", "office_a", title="年终测评").matter


def test_each_voter_has_one_token_and_each_token_one_vote(poll: Matter) -> None:
    token = issue(poll.pk, person("cadre"), TODAY)
    with pytest.raises(Barred, match="本次投票的凭证已发给您"):
        issue(poll.pk, person("cadre"), TODAY)
    redeem(poll.pk, token, {"rating": 5})
    with pytest.raises(Barred, match="该凭证已投票"):
        redeem(poll.pk, token, {"rating": 1})


@pytest.mark.parametrize("token", ["", "zz", "00" * 16, "00" * 48])
def test_a_token_that_was_not_issued_does_not_vote(poll: Matter, token: str) -> None:
    with pytest.raises(Barred, match="该凭证不属于本次投票"):
        redeem(poll.pk, token, {"rating": 5})


def test_a_token_of_another_poll_does_not_vote(poll: Matter) -> None:
    other = do("poll.start", "office_a", title="另一次").matter
    with pytest.raises(Barred, match="该凭证不属于本次投票"):
        redeem(poll.pk, issue(other.pk, person("cadre"), TODAY), {"rating": 5})


def test_no_row_anywhere_joins_voter_and_vote(poll: Matter) -> None:
    entries = Entry.objects.count()
    tokens = {name: issue(poll.pk, person(name), TODAY) for name in VOTERS}
    for rating, token in enumerate(reversed(tokens.values())):
        redeem(poll.pk, token, {"rating": rating})
    assert Entry.objects.count() == entries
    columns = {model: {field.name for field in model._meta.concrete_fields} for model in (Issued, Cast)}
    assert columns[Issued] & columns[Cast] == {"id", "poll"}
    assert not any(
        isinstance(field, models.DateTimeField) for model in columns for field in model._meta.fields
    )
    for model in apps.get_models():
        if model._meta.managed and not model._meta.proxy:
            text = str(list(model._default_manager.values_list()))
            assert not any(token in text or token[:32] in text for token in tokens.values()), model


def test_closing_shuffles_both_sides_releases_one_batch_and_lets_no_token_in(poll: Matter) -> None:
    tokens = [issue(poll.pk, person(name), TODAY) for name in VOTERS]
    for rating, token in enumerate(tokens[:-1]):
        redeem(poll.pk, token, {"rating": rating})
    before = {model: set(model.objects.values_list("pk", flat=True)) for model in (Issued, Cast)}
    do("poll.release", "office_b", poll)
    (event,) = Message.objects.filter(channel="event")
    assert deliver(event, NOW)
    for model, keys in before.items():
        assert not keys & set(model.objects.values_list("pk", flat=True))
    assert sorted(row.body for row in BatchRow.objects.filter(entry__matter=poll.pk)) == [
        f'{{"vote":{{"rating":{rating}}}}}' for rating in range(4)
    ]
    with pytest.raises(Barred, match="本次投票已截止"):
        redeem(poll.pk, tokens[-1], {"rating": 5})
    assert list(verify()) == []


def test_a_poll_whose_key_is_missing_gives_and_takes_no_token_and_is_named(poll: Matter) -> None:
    """Made anew, the key would call every token false that was given out before."""
    token = issue(poll.pk, person("cadre"), TODAY)
    other = do("poll.start", "office_a", title="另一次").matter
    assert list(custody.faults()) == []
    with closing(sqlite3.connect(settings.KEYS / STORE)) as store, store:
        store.execute("DELETE FROM key WHERE subject = ?", (f"poll:{poll.pk}",))
    for tried in (
        lambda: issue(poll.pk, person("leader"), TODAY),
        lambda: redeem(poll.pk, token, {"rating": 5}),
    ):
        with pytest.raises(KeysMissing, match="这次投票的密钥缺失"):
            tried()
    assert not keystore().holds(f"poll:{poll.pk}")
    assert len(list(custody.faults())) == 1
    assert issue(other.pk, person("cadre"), TODAY)
