"""Keeping an installation in order: the schema, the start-up checks, passwords."""

from __future__ import annotations

import argparse
import sys
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core import checks
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.words import DONE, REFUSED, Trouble, tell
from qingfeng.faces.invented_district import another_kind
from qingfeng.kernel import versions
from qingfeng.kernel.background import outbox
from qingfeng.kernel.ledger.checkpoints import refusals
from qingfeng.kernel.people import accounts
from qingfeng.kernel.people.actors import NOBODY
from qingfeng.kernel.people.models import Account
from qingfeng.kernel.reading.figure_keeping import begin_anew
from qingfeng.kernel.reading.figure_recount import recounted
from qingfeng.kernel.record import journal
from qingfeng.kernel.regime import policy
from qingfeng.kernel.time.clocks import Running
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import SystemTime
from qingfeng.organization.appointment import enter as enter_appointments
from qingfeng.organization.appointment import unentered


def add(commands: Commands) -> None:
    """Hang the commands in."""
    commands.add("migrate", migrate, _("bring the database to this version's schema"))
    commands.add("check", check, _("check declarations, database and what the worker had to set aside"))
    parser = commands.add(
        "figures", figures, _("count anew all that is kept of statistics, and name what differs")
    )
    parser.add_argument("--anew", action="store_true", help=say("forget them: the worker keeps them anew"))
    parser = commands.add("password", password, _("set the first password of an account"))
    parser.add_argument("username", metavar=say("USERNAME"), help=say("the name the account signs in with"))
    parser.add_argument(
        "--reason",
        default="",
        metavar=say("REASON"),
        help=say("why one that is in use is replaced; journalled"),
    )


def migrate(given: argparse.Namespace) -> int:
    """Bring the schema up to date and install the append-only triggers."""
    fit()
    if entered := enter_appointments(unentered(), SystemTime().now()):
        tell(
            format_lazy(
                _("{} roles had no appointment yet; each has one now, by an act of its own."), entered
            )
        )
    tell(_("The database has this version's schema."))
    return DONE


def fit() -> None:
    """Migrate, and see that program and database fit then. Raises ``Trouble`` where they can't or don't."""
    if words := versions.unbridged():
        raise Trouble(words)
    call_command("migrate", skip_checks=True, verbosity=0)
    if words := versions.misfit():
        raise Trouble(words)


def check(given: argparse.Namespace) -> int:
    """Say what stands in the way of serving, and what waits for somebody to look."""
    faults = start_up_faults()
    for fault in faults:
        tell(fault, sys.stderr)
    if not versions.misfit():
        for words in left_aside():
            tell(words)
    tell(
        format_lazy(_("{} faults found. Nothing is served until they are mended."), len(faults))
        if faults
        else _("All start-up checks pass.")
    )
    return REFUSED if faults else DONE


def figures(given: argparse.Namespace) -> int:
    """Hold the kept figures against what is counted anew, or have them kept anew."""
    if given.anew:
        begin_anew()
        tell(
            _(
                "The figures are forgotten; until the worker has kept them anew, each is counted when it is asked for."
            )
        )
        return DONE
    faults = 0
    for words in recounted():
        faults += 1
        tell(words, sys.stderr)
    if not faults:
        tell(_("All figures are what is counted anew."))
    return REFUSED if faults else DONE


def password(given: argparse.Namespace) -> int:
    """Ask for a new password twice and store its Argon2 hash.

    Whoever has the machine could do more than this; so one that is in use is replaced for a reason, and it is told.
    """
    account = Account.objects.filter(username=given.username).select_related("person").first()
    if account is None:
        raise Trouble(_("No account has this name."), _("Names are case-sensitive; check the spelling."))
    if account.has_usable_password() and not given.reason.strip():
        raise Trouble(
            _("This account has a password."),
            _(
                "Two administrators reset it (“accounts.ask”). In need say why with --reason; it is journalled."
            ),
        )
    new = asked_secret(say("New password: "))
    try:
        validate_password(new, account)
    except ValidationError as fault:
        raise Trouble(_("This password is too weak."), "\n".join(fault.messages)) from None
    if sys.stdin.isatty() and asked_secret(say("Once more: ")) != new:
        raise Trouble(_("The two differ; the old password stays."), _("Try it again."))
    first = not account.has_usable_password()
    accounts.set_password(account, new)
    kind = journal.JournalEntry.Kind.ADMINISTRATION
    journal.write(
        kind, NOBODY, SystemTime().now(), did="password", account=account.pk, why=given.reason.strip()
    )
    tell(
        _("The first password is set; it holds from now on.")
        if first
        else _("The new password holds from now on; sign-ins and tokens from before have ended.")
    )
    return DONE


def asked_secret(question: str) -> str:
    """Ask without showing what is typed; where there is no terminal, one line of standard input."""
    return getpass(question) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")


def start_up_faults() -> list[str]:
    """Every error of the system checks, those on the database included, in words."""
    if words := versions.misfit():
        return [words]
    if other := another_kind():
        return [str(other)]
    return [
        f"{fault.id}: {fault.msg}" + (f" {fault.hint}" if fault.hint else "")
        for fault in checks.run_checks(databases=["default"])
        if fault.is_serious() and not fault.is_silenced()
    ]


def left_aside() -> list[str]:
    """What the worker could not do and put by, one line each."""
    clocks = Running.objects.exclude(set_aside="").select_related("matter").order_by("id")
    lines = [
        say("Set aside: time limit “%(clock)s” of %(matter)s: %(words)s")
        % {"clock": row.name, "matter": row.matter.number, "words": row.set_aside}
        for row in clocks[:50]
    ]
    lines += [
        say(
            "The regime %(regime)s in force names what this version does not know or can't read: %(names)s. It "
            "counts as not set; have the regime proposed and activated anew with the names of this version."
        )
        % {"regime": found.regime, "names": ", ".join(names)}
        for found, names in policy.unread(day_of(SystemTime().now()))
    ]
    lines += [
        say("Not delivered: message %(id)s: %(words)s") % {"id": message.pk, "words": message.error}
        for message in outbox.failed()[:50]
    ]
    lines += [str(refusal) for refusal in refusals()]
    return lines


def require_sound() -> None:
    """Fail closed: nothing is served by an installation with a fault."""
    faults = start_up_faults()
    if faults:
        raise Trouble(
            format_lazy(_("{} start-up checks fail, so nothing is served."), len(faults)), "\n".join(faults)
        )
