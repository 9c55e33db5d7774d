"""What the command line says, and in which language: refusals with their remedy, tables, questions."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TextIO

from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Barred, Invalid, Refusal
from qingfeng.kernel.text.words import Words

DONE, REFUSED, MISUSED = 0, 1, 2


class Trouble(Exception):
    """A command can't go on, for a reason its user can do something about."""

    def __init__(self, reason: Words, remedy: Words = "", code: int = REFUSED) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy
        self.code = code


def language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language to speak: ``--lang``, else that of the locale, else Chinese."""
    asked = ""
    for place, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            asked = argument.removeprefix("--lang=")
        elif argument == "--lang" and place + 1 < len(arguments):
            asked = arguments[place + 1]
    locale = next(
        (environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), ""
    )
    return "en" if (asked or locale).startswith("en") else "zh-hans"


def tell(text: Words = "", to: TextIO | None = None) -> None:
    """Say one line."""
    print(text, file=to or sys.stdout, flush=True)


def tell_where() -> None:
    """Say which installation a command is about, beside its answer."""
    described = settings.DATABASES["default"]
    place = "/".join(str(described[part]) for part in ("HOST", "NAME") if described.get(part))
    tell(format_lazy(_("Home {}, database {}."), settings.HOME, place), sys.stderr)


def tell_trouble(reason: Words, *more: Words) -> None:
    """Say why something did not happen, and what to do next."""
    tell(format_lazy(_("Not done: {}"), reason), sys.stderr)
    for line in more:
        if line:
            tell(line, sys.stderr)


def tell_refusal(refusal: Refusal) -> None:
    """Say a refusal: reason, clause, faults of single fields, remedy."""
    clause = format_lazy(_("Under: {}"), refusal.clause) if refusal.clause else ""
    grounds: list[Words] = []
    if isinstance(refusal, Barred):
        grounds = [
            format_lazy("  · {} {}", ground.reason, ground.clause and f"({ground.clause})")
            for ground in refusal.grounds
        ]
    fields: list[Words] = []
    if isinstance(refusal, Invalid):
        fields = [
            f"  {_placed(name) if name else '·'}: {sentence}"
            for name, sentences in refusal.fields.items()
            for sentence in sentences
        ]
    tell_trouble(refusal.reason, clause, *grounds, *fields, refusal.remedy)


def _placed(place: str) -> Words:
    """Where a fault is: an option, or a row and column of it."""
    name, _dot, inside = place.partition(".")
    number, _dot, column = inside.partition(".")
    if not number.isdigit():
        return option(name)
    return format_lazy(_("{}, row {}, {}"), option(name), int(number) + 1, column)


def option(name: str) -> str:
    """How a field is written on the command line."""
    return "--" + name.replace("_", "-")


def width(text: str) -> int:
    """The columns a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def table(heads: Sequence[Words], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under heads, the columns as wide as their widest cell."""
    lines = [[str(head) for head in heads], *([_one_line(str(cell)) for cell in row] for row in rows)]
    widths = [max(width(line[column]) for line in lines) for column in range(len(heads))]
    for line in lines:
        padded = (cell + " " * (wide - width(cell)) for cell, wide in zip(line, widths, strict=True))
        tell("  ".join(padded).rstrip())


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)
