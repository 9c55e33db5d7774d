"""Every command there is, and what happens to one that fails."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence

from django.db import InterfaceError, OperationalError, ProgrammingError
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.cli import (
    accounts,
    acts,
    demo,
    founding,
    handbook,
    keys,
    ledger,
    maintenance,
    reads,
    server,
    sheet_input,
    tokens,
)
from qingfeng.faces.cli.backup import commands as backup
from qingfeng.faces.cli.backup import restore
from qingfeng.faces.cli.health import commands as health
from qingfeng.faces.cli.parser import Commands, root, translate_argparse
from qingfeng.faces.cli.words import REFUSED, Trouble, language, tell_refusal, tell_trouble, tell_where
from qingfeng.kernel.ledger.signing import KeyUnusable
from qingfeng.kernel.refusals import Refusal

PARTS = (
    server,
    maintenance,
    health,
    demo,
    founding,
    accounts,
    acts,
    sheet_input,
    reads,
    handbook,
    tokens,
    ledger,
    keys,
    backup,
    restore,
)
"""The modules that bring commands, in the order of the help."""


TELL_WHERE = (
    server.serve,
    server.work,
    maintenance.migrate,
    maintenance.check,
    founding.found,
    backup.backup,
    restore.restore,
)
"""The commands on an installation as a whole, which say which one that is: a forgotten setting means another."""


def run(arguments: Sequence[str]) -> int:
    """Parse and run; a user's mistake is told in words and never as a traceback."""
    with translation.override(language(arguments, os.environ)):
        translate_argparse()
        parser = root()
        commands = Commands(parser, arguments)
        for part in PARTS:
            part.add(commands)
        try:
            given = parser.parse_args(arguments)
            if given.run in TELL_WHERE:
                tell_where()
            if given.run not in (server.serve, server.work):
                # What a service logs is no answer to whoever typed a command.
                logging.getLogger().setLevel(logging.ERROR)
            code: int = given.run(given)
            return code
        except SystemExit as stop:
            return stop.code if isinstance(stop.code, int) else REFUSED
        except Refusal as refusal:
            tell_refusal(refusal)
        except Trouble as trouble:
            tell_trouble(trouble.reason, trouble.remedy)
            return trouble.code
        except KeyUnusable as unusable:
            tell_trouble(str(unusable))
        except (OperationalError, InterfaceError, ProgrammingError) as fault:
            tell_trouble(
                _("The database does not answer as it should."),
                str(fault).splitlines()[0],
                _("Check DATABASE_URL and that the server runs; after an upgrade run “qingfeng migrate”."),
            )
        except KeyboardInterrupt:
            return 130
        except BrokenPipeError:
            # Whoever read us has closed the pipe; nothing may be flushed into it at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return REFUSED
