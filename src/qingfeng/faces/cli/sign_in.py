"""Who acts at the command line: an account, by its password, and by its second factor where the role asks for one.

An account on this machine opens no door by itself: what is done is entered under a person's name,
so that person signs in here as in the browser, with the same lock-out, or lends a token. A token comes
by the environment and never as an argument: those stand in the list of processes.
"""

from __future__ import annotations

import argparse
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django_otp import devices_for_user

from qingfeng.faces.api import tokens
from qingfeng.faces.cli.maintenance import asked_secret
from qingfeng.faces.cli.parser import Parser
from qingfeng.faces.cli.words import MISUSED, Trouble
from qingfeng.faces.door import by_password, code_fits, is_locked
from qingfeng.kernel.people.actors import NOBODY, Actor, in_role
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.roles import RoleHolding, holdings_of, with_second_factor
from qingfeng.kernel.record import journal
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import SystemTime


def add_actor(parser: Parser, token: bool = True) -> None:
    """The options by which a command is told who acts; ``token``: a token serves in place of a person."""
    parser.add_argument(
        "--as",
        dest="username",
        metavar=say("USERNAME"),
        help=say("who acts; the password is asked for. Unset: the bearer of QINGFENG_TOKEN")
        if token
        else say("who acts; the password is asked for, and no token serves"),
    )
    parser.add_argument(
        "--in-role",
        metavar=say("ROLE"),
        default="",
        help=say("the role to act in, as role or role@unit code; unset: the first held"),
    )


def actor_of(given: argparse.Namespace, now: datetime) -> Actor:
    """The actor a command line names. Raises ``Trouble``, or the refusal of a token or role."""
    token = settings.CONFIGURATION.token.get_secret_value()
    if not given.username and token:
        return tokens.used(token, now)[1]
    if not given.username:
        raise Trouble(
            _("It isn't said who acts."), _("Add --as with your user name, or set QINGFENG_TOKEN."), MISUSED
        )
    return signed_in(given, now)


def person_of(given: argparse.Namespace) -> Actor:
    """A person who signed in: no token makes or ends tokens, or hands out accounts."""
    if not given.username:
        raise Trouble(_("It isn't said who acts."), _("Add --as with your user name."), MISUSED)
    return signed_in(given, SystemTime().now())


def signed_in(given: argparse.Namespace, now: datetime) -> Actor:
    """The actor named by ``--as``, having given password and, where the role asks for it, second factor."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    account = _account(request, given.username, now)
    holding = _holding(account, given.in_role, now)
    actor = in_role(account, day_of(now), holding.pk if holding else None)
    if with_second_factor(holdings_of(account.person, day_of(now))):
        _second_factor(request, account)
    journal.write(journal.JournalEntry.Kind.SIGN_IN, actor, now, outcome="in", by="command line")
    return actor


def _account(request: HttpRequest, username: str, now: datetime) -> Account:
    password = asked_secret(say("Password of %(username)s: ") % {"username": username})
    account = by_password(request, username, password)
    if account is None:
        tried = Account.objects.filter(username=username).first()
        actor = Actor(account_id=tried.pk, person_id=tried.person_id) if tried else NOBODY
        journal.write(journal.JournalEntry.Kind.SIGN_IN, actor, now, outcome="failed", by="command line")
        raise Trouble(
            _("Name and password don't fit, or the account is closed."),
            _("After five wrong passwords the account is locked for fifteen minutes."),
        )
    return account


def _holding(account: Account, wanted: str, now: datetime) -> RoleHolding | None:
    if not wanted:
        return None
    role, _at, unit = wanted.partition("@")
    held = holdings_of(account.person, day_of(now))
    for holding in held:
        if holding.role == role and unit in ("", holding.unit.code):
            return holding
    raise Trouble(
        _("You hold no such role today."),
        say("Your roles: %(roles)s")
        % {"roles": ", ".join(f"{one.role}@{one.unit.code}" for one in held) or "–"},
        MISUSED,
    )


def _second_factor(request: HttpRequest, account: Account) -> None:
    devices = list(devices_for_user(account))
    if not devices:
        raise Trouble(
            _("One of your roles asks for a second factor, and none is set up."),
            _("Set it up in the browser first, then try again."),
        )
    code = asked_secret(say("Code of the second factor: ")).strip()
    if is_locked(request, account) or not code_fits(request, account, code, devices):
        raise Trouble(_("The code doesn't fit."), _("Wait for the next code and try again."))
