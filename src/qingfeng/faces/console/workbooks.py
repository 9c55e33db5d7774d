"""Tables as a workbook: a sheet each, words as words, days as days and counts as numbers; each entered in the journal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.faces.console.visit import ConsoleRequest
from qingfeng.faces.downloads import XLSX, download
from qingfeng.kernel.record import journal
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of

MOST_ROWS = 5000
"""Rows of a list in a workbook; more than this is a matter for the export by checkpoint."""
WORKBOOK = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""Every text is written as text: what begins with = + - @ is not a formula."""
LOOKS = {"words": "@", "count": "0", "yuan": "#,##0.00", "day": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}
WIDTHS = {"words": 30, "count": 10, "yuan": 16, "day": 13, "moment": 18}
NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\'\"<>|\x00-\x1f]")
"""What the name of a sheet, or of a file, can't have."""


@dataclass(frozen=True)
class WorkbookSheet:
    """A sheet: its name, the heads of its columns, and rows of words, numbers, yuan (``Decimal``), days and moments.

    ``most``: the limit its rows were cut at, which the sheet then says itself.
    """

    title: Words
    heads: Sequence[Words]
    rows: Sequence[Sequence[object]]
    most: int = 0


def workbook(
    visit: ConsoleRequest, code: str, title: Words, tables: Sequence[WorkbookSheet], filters: str = ""
) -> HttpResponse:
    """Some tables as XLSX, ``title`` the name of the file; the journal says what left, and how much of it."""
    rows = sum(len(one.rows) for one in tables)
    journal.write(
        journal.JournalEntry.Kind.EXPORT, visit.actor, visit.now, mechanism=code, rows=rows, filters=filters
    )
    target = BytesIO()
    book = xlsxwriter.Workbook(target, WORKBOOK)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    looks = {
        kind: book.add_format({"num_format": look, "valign": "top", "text_wrap": kind == "words"})
        for kind, look in LOOKS.items()
    }
    for place, one in enumerate(tables, start=1):
        sheet = book.add_worksheet(sheet_name(one.title, place if len(tables) > 1 else None))
        for column, head in enumerate(one.heads):
            sheet.write_string(0, column, capfirst(str(head)), bold)
            kinds = {_kind(row[column]) for row in one.rows if row[column] != ""} or {"words"}
            sheet.set_column(column, column, max(WIDTHS[kind] for kind in kinds))
        for line, row in enumerate(one.rows, start=1):
            for column, value in enumerate(row):
                kind = _kind(value)
                if isinstance(value, datetime):
                    # A workbook knows no time zones: what stands in it is the country's time.
                    value = timezone.make_naive(value)
                if isinstance(value, date):
                    sheet.write_datetime(line, column, value, looks[kind])
                elif isinstance(value, int | Decimal):
                    sheet.write_number(line, column, value, looks[kind])
                else:
                    sheet.write_string(line, column, str(value)[:32767], looks[kind])
        if one.most:
            sheet.write_string(len(one.rows) + 2, 0, str(_cut(one.most)))
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(one.rows), 1), len(one.heads) - 1)
    book.close()
    return handed_out(target.getvalue(), f"{title} {day_of(visit.now):%Y-%m-%d}")


def handed_out(content: bytes, name: str) -> HttpResponse:
    """A workbook as an answer, under a name in the reader's words."""
    return download(content, f"{NOT_IN_A_NAME.sub(' ', name)}.xlsx", XLSX)


def sheet_name(title: Words, number: int | None = None) -> str:
    """The name of a sheet, numbered where there are several: cut to what a workbook takes, two may be alike."""
    name = NOT_IN_A_NAME.sub(" ", f"{title}" if number is None else f"{number} {title}")
    return name[:31].strip()


def _kind(value: object) -> str:
    if isinstance(value, datetime):
        return "moment"
    if isinstance(value, date):
        return "day"
    if isinstance(value, Decimal):
        return "yuan"
    return "count" if isinstance(value, int) else "words"


def _cut(most: int) -> Words:
    return format_lazy(
        _(
            "This list ends at its limit of {} rows; there may be more. Narrow it, and take it along in parts."
        ),
        f"{most:,}",
    )
