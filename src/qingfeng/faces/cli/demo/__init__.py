"""The demonstration: a made-up district, with invented people, at work."""

from __future__ import annotations

import argparse
import time

from django.conf import settings
from django.core.management import call_command
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.faces.cli.demo.loading import load
from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.words import DONE, Trouble, table, tell
from qingfeng.faces.invented_district import CODE, PASSWORD, PEOPLE, UNITS, WORKING
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.people.role import PRIVILEGED, Role
from qingfeng.kernel.time.timekeeper import SystemTime


def add(commands: Commands) -> None:
    """Hang the command in."""
    commands.add("demo", demo, _("fill an empty installation with a made-up district and invented people"))


def demo(given: argparse.Namespace) -> int:
    """Load the demonstration unless it is there, and say who can sign in."""
    if not settings.DEMO:
        raise Trouble(
            _("Invented people belong in a demonstration only, and records can never be taken out again."),
            _("For a demonstration set QINGFENG_DEMO=true and a QINGFENG_HOME of its own."),
        )
    call_command("migrate", skip_checks=True, verbosity=0)
    others = Jurisdiction.objects.exclude(code=CODE)
    if others.exists():
        raise Trouble(
            format_lazy(_("This installation holds {} already."), others[0]),
            _("Give the demonstration a QINGFENG_HOME, and where set a database, of its own."),
        )
    if Jurisdiction.objects.exists():
        tell(_("The demonstration is there already; nothing was changed."))
    else:
        began = time.monotonic()
        count = load(SystemTime().now())
        tell(
            format_lazy(
                _("The demonstration is loaded: {} matters, in {} s."),
                count,
                round(time.monotonic() - began, 1),
            )
        )
    table(
        (_("user name"), pgettext_lazy("person", "name"), _("role"), _("second factor")),
        [
            (
                person.username,
                person.name,
                Role(person.role).label,
                _("yes") if person.role in PRIVILEGED else _("no"),
            )
            for person in PEOPLE
            if person.unit == WORKING[0].code or "-" not in person.username
        ],
    )
    elsewhere = ", ".join(unit.short for unit in (*WORKING[1:], *UNITS[1:5]))
    tell(
        format_lazy(_("Whoever is named -{} stands in other units too, as: {}"), WORKING[0].short, elsewhere)
    )
    tell(format_lazy(_("The password of them all: {}"), PASSWORD))
    return DONE
