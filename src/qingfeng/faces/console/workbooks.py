"""Tables as a workbook: a sheet each, words as words, and every workbook that leaves entered in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import xlsxwriter
from django.http import HttpResponse

from qingfeng.faces.console.lists import SHEET_NAME, WORKBOOK
from qingfeng.faces.console.visit import Visit
from qingfeng.faces.downloads import XLSX, download
from qingfeng.kernel import journal
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.words import Words


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, the heads of its columns, and rows of words and whole numbers."""

    title: Words
    heads: Sequence[Words]
    rows: Sequence[Sequence[object]]


def workbook(visit: Visit, name: str, tables: Sequence[Sheet]) -> HttpResponse:
    """Some tables as XLSX; the journal says what left, and how much of it."""
    rows = sum(len(one.rows) for one in tables)
    journal.write(
        journal.JournalEntry.Kind.EXPORT, visit.actor, visit.now, mechanism=name, rows=rows, filters=""
    )
    target = BytesIO()
    book = xlsxwriter.Workbook(target, WORKBOOK)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    for place, one in enumerate(tables, start=1):
        sheet = book.add_worksheet(f"{place} {SHEET_NAME.sub(' ', str(one.title))}"[:31].strip())
        for column, head in enumerate(one.heads):
            sheet.write_string(0, column, str(head), bold)
            sheet.set_column(column, column, 16 if column else 32)
        for line, row in enumerate(one.rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int):
                    sheet.write_number(line, column, value)
                else:
                    sheet.write_string(line, column, str(value)[:32767])
        sheet.freeze_panes(1, 1)
    book.close()
    return download(target.getvalue(), f"{name}-{day_of(visit.now):%Y%m%d}.xlsx", XLSX)
