"""Fields of a text file 分隔符文本: which sign parts them, and a field that begins with a bare quotation mark."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.attachments.kinds import refused

SEPARATORS = (",", "\t", ";", "；", "|")
LOOKED_AT = 20
"""Lines the separator is told by: over the heads may stand a title without any."""
FIELDS = {
    ",": re.compile(r'"((?:[^"]|"")*+)"(?=,|\r?\n|\r|\Z)|([^,\r\n]*+)'),
    "\t": re.compile(r'"((?:[^"]|"")*+)"(?=\t|\r?\n|\r|\Z)|([^\t\r\n]*+)'),
    ";": re.compile(r'"((?:[^"]|"")*+)"(?=;|\r?\n|\r|\Z)|([^;\r\n]*+)'),
    "；": re.compile(r'"((?:[^"]|"")*+)"(?=；|\r?\n|\r|\Z)|([^；\r\n]*+)'),
    "|": re.compile(r'"((?:[^"]|"")*+)"(?=\||\r?\n|\r|\Z)|([^|\r\n]*+)'),
}


def separated(path: Path, charset: str) -> Iterator[Sequence[str]]:
    """The rows of a text file. Raises ``Invalid`` under ``file``: a quotation mark that is opened and never closed."""
    with path.open(encoding="utf-8-sig" if charset == "utf-8" else charset, newline="") as file:
        separator = _separator([file.readline() for _line in range(LOOKED_AT)])
        file.seek(0)
        done = 0
        try:
            for row in csv.reader(file, delimiter=separator, strict=True):
                yield row
                done += 1
        except csv.Error:
            file.seek(0)
            for at, row in enumerate(_leniently(file.read(), separator)):
                if at >= done:
                    yield row


def _separator(lines: Sequence[str]) -> str:
    """The sign that parts the first line with several fields, else with two; a comma where no line has any."""
    for least in (2, 1):
        for line in lines:
            count, sign = max((line.count(sign), -at) for at, sign in enumerate(SEPARATORS))
            if count >= least:
                return SEPARATORS[-sign]
    return SEPARATORS[0]


def _leniently(text: str, separator: str) -> Iterator[list[str]]:
    """Rows of a text in which a quotation mark at the head of a field may be no more than that."""
    field = FIELDS[separator]
    at, row, number = 0, list[str](), 1
    while at <= len(text):
        found = field.match(text, at)
        assert found is not None, "an empty field matches everywhere"
        quoted, bare = found.groups()
        if quoted is None and bare.startswith('"') and bare.count('"') == 1:
            raise refused(
                format_lazy(
                    _("Row {}: a quotation mark is opened there and not closed; close it, or take it out."),
                    number,
                )
            )
        row.append(quoted.replace('""', '"') if quoted is not None else bare)
        at = found.end()
        if text.startswith(separator, at):
            at += len(separator)
            continue
        if row != [""] or at < len(text):
            yield row
        row, number = [], number + 1
        if at >= len(text):
            return
        at += 2 if text.startswith("\r\n", at) else 1
