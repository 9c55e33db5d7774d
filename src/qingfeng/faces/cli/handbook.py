"""The handbook of this installation's mechanisms, written to files."""

from __future__ import annotations

import argparse
from pathlib import Path

from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli.parser import Commands
from qingfeng.faces.cli.words import DONE, Trouble, tell
from qingfeng.faces.handbook.files import write


def add(commands: Commands) -> None:
    """Hang the command in."""
    parser = commands.add(
        "handbook", handbook, _("write the handbook of every mechanism, in each language, as Markdown")
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help=say("where it is written; made if need be"))


def handbook(given: argparse.Namespace) -> int:
    """Write the handbook; pages of mechanisms that are gone are left for their reader to delete."""
    try:
        count = write(given.folder)
    except OSError as fault:
        raise Trouble(format_lazy(_("{} can't be written: {}"), given.folder, fault.strerror or "")) from None
    tell(format_lazy(_("{} files written to {}."), count, given.folder))
    return DONE
