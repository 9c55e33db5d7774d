"""Handing out accounts 账号发放: a link for everyone who has no password yet, to set it themselves."""

from __future__ import annotations

import argparse

from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.sign_in import add_actor, person_of
from qingfeng.faces.cli.words import DONE, MISUSED, Trouble, table, tell
from qingfeng.faces.first_links import first_link
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.record import journal
from qingfeng.kernel.refusals import NotFound
from qingfeng.kernel.time.timekeeper import SystemTime

LOCAL = "http://127.0.0.1:8000"


def add(commands: Commands) -> None:
    """Hang the command in."""
    group = commands.group("account", _("accounts of those who have no password yet"))
    parser = group.add(
        "hand-out",
        hand_out,
        _("print a link a person, good for three days and one use, to set the first password"),
    )
    parser.add_argument("whose", nargs="*", metavar=say("USERNAME"), help=say("whose; unset: everybody's"))
    parser.add_argument(
        "--unit",
        action="append",
        default=[],
        metavar=say("CODE"),
        help=say("only those who serve in this unit"),
    )
    parser.add_argument(
        "--address", default=LOCAL, metavar="URL", help=say("where the console is reached, as https://name")
    )
    add_actor(parser, token=False)


def hand_out(given: argparse.Namespace) -> int:
    """Print the links of those without a password; who has one is left alone. By a system administrator, journalled."""
    actor = person_of(given)
    if actor.role != Role.SYSTEM_ADMINISTRATOR:
        raise NotFound
    waiting = Account.objects.filter(
        is_active=True, password__startswith="!", person__jurisdiction_id__in=actor.jurisdictions
    )
    if given.whose:
        waiting = waiting.filter(username__in=given.whose)
    if given.unit:
        waiting = waiting.filter(person__holdings__unit__code__in=given.unit)
    accounts = list(waiting.select_related("person").order_by("username").distinct())
    if not accounts:
        raise Trouble(
            _("Nobody named here is without a password."), _("“accounts.ask” has one reset, by two."), MISUSED
        )
    kind = journal.JournalEntry.Kind.ADMINISTRATION
    journal.write(
        kind, actor, SystemTime().now(), did="hand out", accounts=[account.pk for account in accounts]
    )
    table(
        (_("user name"), pgettext_lazy("person", "name"), _("link")),
        [(account.username, account.person, first_link(account, given.address)) for account in accounts],
    )
    tell(
        format_lazy(
            _("{} links, good for three days and one use each; nobody else may see them."), len(accounts)
        )
    )
    return DONE
