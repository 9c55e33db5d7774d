"""Tokens issued, revoked and used, each entered in the journal."""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.api.errors import Unauthenticated
from qingfeng.faces.api.models import Token
from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.people.actors import Actor, in_role
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.roles import RoleHolding, holdings_of
from qingfeng.kernel.reading.compiled import compiled, text_slot
from qingfeng.kernel.record import journal
from qingfeng.kernel.refusals import Barred, Invalid
from qingfeng.kernel.time.periods import day_of

PREFIX = "qf_"
SIGN_IN = journal.JournalEntry.Kind.SIGN_IN


def issue(
    account: Account, holding: RoleHolding, name: str, days: int, now: datetime, by: Actor
) -> tuple[Token, str]:
    """Issue a token for an account in one of its holdings; returns it and its secret, which is shown this once.

    :raises Barred: the account is closed, or does not hold that role today
    :raises Invalid: no name, or more days than the installation allows
    """
    in_role(account, day_of(now), holding.pk)
    wrong = {}
    if not 1 <= len(name.strip()) <= 60:
        wrong["name"] = [_("Give it a name of at most 60 characters.")]
    if not 1 <= days <= settings.TOKEN_DAYS:
        wrong["days"] = [format_lazy(_("A token lasts 1 to {} days."), settings.TOKEN_DAYS)]
    if wrong:
        raise Invalid(wrong)
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        token = Token.objects.create(
            account=account,
            holding=holding,
            name=name.strip(),
            digest=_digest(secret),
            epoch=account.epoch,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        journal.write(SIGN_IN, by, now, token=token.pk, event="issued", holder=account.pk, holding=holding.pk)
    return token, secret


def revoke(token: Token, now: datetime, by: Actor) -> None:
    """Revoke a token; revoking one that was revoked changes nothing."""
    with transaction.atomic():
        if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
            journal.write(SIGN_IN, by, now, token=token.pk, event="revoked", holder=token.account_id)
    token.refresh_from_db()


def holding_in(account: Account, role: str, on: date, unit: str = "") -> RoleHolding:
    """The one holding an account has of a role that day, in the unit of that code where one is given.

    :raises Barred: there is none, or more than one
    """
    held = [holding for holding in holdings_of(account.person, on) if holding.role == role]
    found = [holding for holding in held if unit in ("", holding.unit.code)]
    if len(found) != 1:
        raise Barred(
            _("You hold no such role today.") if not found else _("This role is held in several units."),
            remedy=_("Name the role, and the unit it is held in."),
        )
    return found[0]


def used(secret: str, now: datetime) -> tuple[Token, Actor]:
    """The token behind a secret, and who acts by it.

    :raises Unauthenticated: there is no such token, or it stands no more
    :raises Barred: the role it was issued for is not held today
    """
    found = compiled(_of_digest)(_digest(secret))
    if not found:
        raise Unauthenticated
    token: Token = found[0]
    try:
        if not token.stands(now):
            raise Unauthenticated
        actor = in_role(token.account, day_of(now), token.holding_id)
    except (Unauthenticated, Barred) as refusal:
        bearing = Actor(account_id=token.account_id, person_id=token.account.person_id)
        kind = journal.JournalEntry.Kind.REFUSAL
        journal.write(kind, bearing, now, token=token.pk, refused=refusal.code)
        raise
    _enter(token, actor, now)
    return token, actor


def _of_digest() -> QuerySet[Token]:
    return Token.objects.select_related("account__person").filter(digest=text_slot(0))


def _enter(token: Token, actor: Actor, now: datetime) -> None:
    """Enter its first use of a day as a sign-in."""
    today = day_of(now)
    if token.last_used_on == today:
        return
    with transaction.atomic():
        if Token.objects.filter(pk=token.pk).exclude(last_used_on=today).update(last_used_on=today):
            journal.write(SIGN_IN, actor, now, token=token.pk, event="used")
    token.last_used_on = today


def _digest(secret: str) -> str:
    return sm3(secret.encode(errors="replace")).hex()
