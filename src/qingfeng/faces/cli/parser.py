"""The parser, speaking the reader's language."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from django.utils.translation import gettext, gettext_noop, ngettext
from django.utils.translation import gettext_lazy as _

from qingfeng import __version__
from qingfeng.faces.cli.words import MISUSED
from qingfeng.kernel.text.words import Words

Command = Callable[[argparse.Namespace], int]

OF_ARGPARSE = (
    gettext_noop("usage: "),
    gettext_noop("options"),
    gettext_noop("positional arguments"),
    gettext_noop("show this help message and exit"),
    gettext_noop("expected one argument"),
    gettext_noop("the following arguments are required: %s"),
    gettext_noop("unrecognized arguments: %s"),
    gettext_noop("argument %(argument_name)s: %(message)s"),
    gettext_noop("invalid %(type)s value: %(value)r"),
    gettext_noop("invalid choice: %(value)r (choose from %(choices)s)"),
    gettext_noop("not allowed with argument %s"),
    gettext_noop("one of the arguments %s is required"),
)
"""What argparse says, so that it is translated with the rest."""


class Parser(argparse.ArgumentParser):
    """A parser whose faults end in a hint, and which takes no abbreviated options."""

    def __init__(self, *args: object, **settings: object) -> None:
        settings.setdefault("allow_abbrev", False)
        super().__init__(*args, **settings)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(
            MISUSED,
            gettext("Not understood: %(message)s\n“%(program)s --help” says what there is.\n")
            % {"message": message, "program": self.prog},
        )


class Commands:
    """Commands are hung into the parser here, each with the function that carries it out."""

    def __init__(self, parser: Parser, arguments: Sequence[str]) -> None:
        self.arguments = arguments
        self._parsers = parser.add_subparsers(
            title=gettext("commands"), metavar=gettext("COMMAND"), parser_class=Parser, required=True
        )

    def add(self, name: str, run: Command, help: Words) -> Parser:
        """A command; returns its parser for its arguments."""
        parser: Parser = self._parsers.add_parser(name, help=str(help), description=str(help))
        parser.set_defaults(run=run)
        return parser

    def group(self, name: str, help: Words) -> Commands:
        """A word under which further commands stand."""
        parser: Parser = self._parsers.add_parser(name, help=str(help), description=str(help))
        return Commands(parser, self.arguments)


def translate_argparse() -> None:
    """Have argparse ask our catalogue: it looks its words up by these two names of its module."""
    vars(argparse).update(_=lambda words: words and gettext(words), ngettext=ngettext)


def root() -> Parser:
    """The parser of `qingfeng`, with what every command takes."""
    parser = Parser(prog="qingfeng", description=str(_("Qingfeng: conduct and effectiveness of officials.")))
    parser.add_argument(
        "--lang",
        choices=("zh", "en"),
        help=str(_("the language to speak; unset: that of the locale, else Chinese")),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"qingfeng {__version__}",
        help=str(_("say which version this is")),
    )
    return parser
