"""Anonymous ballots 无记名票: who was given a token is known, what a token voted is known, nothing joins the two.

A token is random and carries its own proof (a MAC under the poll's key), so no row is written that
names both it and its holder. Issuing writes only that a person was given one, on a day; redeeming
writes only the token's hash and the vote, under a random key and without a time. When the poll is
released both tables are written anew in shuffled order, so that neither row order nor transaction
numbers tell anything, and the worker destroys the poll's key.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from cryptography.hazmat.primitives.hashes import SM3
from cryptography.hazmat.primitives.hmac import HMAC
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.links import Event, listen
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.sealing.keystore import KeyDestroyed, KeysMissing, KeyStore
from qingfeng.kernel.sealing.models import keystore

if TYPE_CHECKING:
    from qingfeng.kernel.acts.do import Do

TOKEN_BYTES = 16
POLL_CLOSED = Event("poll.closed", _("Poll closed"), ("poll",))


class Issued(models.Model):
    """A person was given a token for a poll; which, nobody can say."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    poll = models.ForeignKey("kernel.Matter", models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    on = models.DateField()

    recorded: ClassVar[bool] = True
    awaiting: ClassVar[models.Q] = models.Q(poll__closed=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["poll", "person"], name="one_token_a_person"),
        ]


class Cast(models.Model):
    """A vote in the urn, under its token's hash; no person, no time."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    poll = models.ForeignKey("kernel.Matter", models.PROTECT, related_name="+")
    spent = models.CharField(max_length=64, unique=True)
    vote = models.JSONField()

    recorded: ClassVar[bool] = True
    awaiting: ClassVar[models.Q] = models.Q(poll__closed=False)


def issue(poll_id: int, person: Person, on: date) -> str:
    """Give a person their token (hex); it is shown once and kept nowhere.

    :raises Barred: they were given one already, or the poll is closed
    """
    nonce = secrets.token_bytes(TOKEN_BYTES)
    token = nonce + _mac(poll_id, nonce)
    try:
        with transaction.atomic():
            _demand_open(poll_id)
            Issued.objects.create(poll_id=poll_id, person=person, on=on)
    except IntegrityError:
        raise Barred(
            _("You were given your token for this poll already."),
            remedy=_("It can't be shown again: nobody kept it."),
        ) from None
    return token.hex()


def redeem(poll_id: int, token: str, vote: dict[str, Any]) -> None:
    """Put a vote into the urn. Raises ``Barred`` for a token that is false, spent, or of a closed poll."""
    try:
        raw = bytes.fromhex(token)
    except ValueError:
        raw = b""
    nonce, mac = raw[:TOKEN_BYTES], raw[TOKEN_BYTES:]
    if len(raw) <= TOKEN_BYTES or not hmac.compare_digest(mac, _mac(poll_id, nonce)):
        raise Barred(_("This token is not one of this poll."), remedy=_("Type it again as it was shown."))
    try:
        with transaction.atomic():
            _demand_open(poll_id)
            Cast.objects.create(poll_id=poll_id, spent=sm3(raw).hex(), vote=vote)
    except IntegrityError:
        raise Barred(_("This token has voted."), remedy=_("A vote that is cast can't be changed.")) from None


def release(do: Do) -> list[dict[str, Any]]:
    """Within the act that closes a poll: its votes, shuffled. Issuing and redeeming wait, then find it closed."""
    do.effects.records += _rewrite(Issued, do.matter.pk)
    cast = _rewrite(Cast, do.matter.pk)
    do.effects.records += cast
    do.emit(POLL_CLOSED, poll=do.matter)
    return [one.vote for one in cast]


@listen(POLL_CLOSED.name)
def destroy_key(event: Mapping[str, Any], now: datetime) -> None:
    """Destroy the key of the poll an event names, so that none of its tokens can be made or checked again."""
    keystore().destroy(_subject(event["matter"]), now.isoformat())


def _rewrite(model: type[Any], poll_id: int) -> list[Any]:
    rows = list(model.objects.filter(poll_id=poll_id))
    model.objects.filter(poll_id=poll_id).delete()
    secrets.SystemRandom().shuffle(rows)
    for row in rows:
        row.pk = uuid4()
    model.objects.bulk_create(rows)
    return rows


def _demand_open(poll_id: int) -> None:
    """Hold the poll, so that nothing is issued or cast while it is being released."""
    if not Matter.objects.select_for_update().filter(pk=poll_id, closed=False).exists():
        raise _closed()


def _closed() -> Barred:
    return Barred(_("This poll is closed."), remedy=_("Its result is published when it is released."))


def _subject(poll_id: int) -> str:
    return f"poll:{poll_id}"


def polls_without_key(store: KeyStore) -> list[int]:
    """Open polls whose tokens were given out, and whose key is not in a store."""
    given = Issued.objects.filter(poll__closed=False).values_list("poll_id", flat=True).distinct()
    return [poll for poll in given.order_by("poll_id") if not store.holds(_subject(poll))]


def _mac(poll_id: int, nonce: bytes) -> bytes:
    store = keystore()
    if not store.holds(_subject(poll_id)) and Issued.objects.filter(poll_id=poll_id).exists():
        raise KeysMissing(_("The key of this poll is missing, so no token can be given or checked."))
    try:
        key = store.key(_subject(poll_id), "token", "poll")
    except KeyDestroyed:
        raise _closed() from None
    maker = HMAC(key.secret, SM3())
    maker.update(nonce)
    return maker.finalize()
