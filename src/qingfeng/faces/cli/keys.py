"""The keys at the command line: which are missing, and that some are lost for good."""

from __future__ import annotations

import argparse
import os

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.words import DONE, REFUSED, Trouble, tell
from qingfeng.kernel.sealing import custody
from qingfeng.kernel.sealing.models import keystore
from qingfeng.kernel.time.timekeeper import SystemTime


def add(commands: Commands) -> None:
    """Hang the commands in."""
    group = commands.group("keys", _("what is missing of the keys, and what is lost for good"))
    group.add("show", show, _("say which keys are missing, and what can't be opened without them"))
    lost = group.add(
        "lost", lose, _("say that missing keys are lost for good; new ones are made from then on")
    )
    lost.add_argument("--reason", required=True, metavar=say("REASON"), help=say("what happened; journalled"))


def show(given: argparse.Namespace) -> int:
    """Name what is missing, and what lies shut for want of it."""
    faults = list(custody.faults())
    for fault in faults:
        tell(fault)
    tell_unopened()
    if not faults:
        tell(_("All keys that the data need are there."))
    return REFUSED if faults else DONE


def lose(given: argparse.Namespace) -> int:
    """Give missing keys up: what lies under them stays shut, and the installation starts again with new ones."""
    if not list(custody.faults()):
        raise Trouble(_("No key is missing."), _("Nothing is lost; “qingfeng keys show” says what there is."))
    if not given.reason.strip():
        raise Trouble(_("A loss without a reason is not entered."), _("Say what happened with --reason."))
    custody.lose(given.reason.strip(), SystemTime().now(), os_user=os.getuid())
    settings.CONFIGURATION.make_secret_key()
    keystore()
    tell_unopened()
    tell(
        _(
            "Entered in the journal. What lies under these keys stays shut for good; new keys are made from now on."
        )
    )
    return DONE


def tell_unopened() -> None:
    """Say how many values of which mechanism and year can't be opened by which key."""
    for one in custody.unopened():
        words = (
            _("Said to be lost: {} values of {} from {}, under key {}.")
            if one.said
            else _("Can't be opened: {} values of {} from {}; key {} is missing.")
        )
        tell(format_lazy(words, one.values, one.mechanism, one.year, one.key))
