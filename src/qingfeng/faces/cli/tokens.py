"""Tokens for programs: issued to oneself, after signing in; shown, and revoked."""

from __future__ import annotations

import argparse

from django.utils.text import format_lazy
from django.utils.timezone import localtime
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.api import tokens
from qingfeng.faces.api.models import Token
from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.sign_in import add_actor, person_of
from qingfeng.faces.cli.words import DONE, table, tell
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.refusals import NotFound
from qingfeng.kernel.time.timekeeper import SystemTime


def add(commands: Commands) -> None:
    """Hang the commands in."""
    group = commands.group("token", _("tokens by which programs act in one of your roles"))
    new = group.add("issue", issue, _("issue a token to yourself; its secret is shown this once"))
    new.add_argument("name", metavar=say("NAME"), help=say("what it is for"))
    new.add_argument("--days", type=int, default=30, help=say("days it lasts (30)"))
    shown = group.add("list", list_tokens, _("your tokens"))
    end = group.add("revoke", revoke, _("end one of your tokens at once"))
    end.add_argument("token", type=int, metavar="ID", help=say("its id, as “token list” gives it"))
    for parser in (new, shown, end):
        add_actor(parser, token=False)


def issue(given: argparse.Namespace) -> int:
    """Issue a token in the role the person signed in with."""
    actor = person_of(given)
    assert actor.account_id is not None
    assert actor.holding_id is not None
    account = Account.objects.get(pk=actor.account_id)
    holding = RoleHolding.objects.get(pk=actor.holding_id)
    token, secret = tokens.issue(account, holding, given.name, given.days, SystemTime().now(), actor)
    tell(
        format_lazy(_("Issued: {}, for {}, until {:%Y-%m-%d}."), token, holding, localtime(token.expires_at))
    )
    tell(_("Its secret, shown this once; whoever has it acts in your name:"))
    tell(secret)
    return DONE


def list_tokens(given: argparse.Namespace) -> int:
    """List the person's tokens, the newest first."""
    own = Token.objects.filter(account=person_of(given).account_id).select_related("holding__unit")
    table(
        ("ID", _("name"), _("role"), _("expires"), _("last used"), _("revoked")),
        [
            (
                token.pk,
                token.name,
                token.holding,
                f"{localtime(token.expires_at):%Y-%m-%d}",
                token.last_used_on or "",
                f"{localtime(token.revoked_at):%Y-%m-%d}" if token.revoked_at else "",
            )
            for token in own.order_by("-pk")
        ],
    )
    return DONE


def revoke(given: argparse.Namespace) -> int:
    """Revoke one of the person's own tokens."""
    actor = person_of(given)
    token = Token.objects.filter(account=actor.account_id, pk=given.token).first()
    if token is None:
        raise NotFound
    tokens.revoke(token, SystemTime().now(), actor)
    tell(format_lazy(_("Revoked: {}."), token))
    return DONE
