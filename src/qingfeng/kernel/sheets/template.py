"""The workbook to fill in 导入模板: heads, a line of what is expected, lists to choose from."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.money import yuan
from qingfeng.kernel.people.identification import told_apart
from qingfeng.kernel.people.models import Person
from qingfeng.kernel.sheets.cell_values import ChoiceScope
from qingfeng.kernel.sheets.columns import head
from qingfeng.kernel.sheets.layout import CHOICES, NOTE
from qingfeng.kernel.sheets.limits import OF_AN_ACT
from qingfeng.kernel.text.words import Words

LISTED = 500
"""Most things offered in a list; of more, the name is written in."""
PLAINLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def template(fields: Sequence[InputField], scope: ChoiceScope, title: str) -> bytes:
    """The workbook as XLSX. Choices stand as lists under the cells, taken from a second sheet."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **PLAINLY})
    sheet = book.add_worksheet(_sheet_name(title))
    offered = book.add_worksheet(_sheet_name(str(CHOICES)))
    bold = {"bold": True, "valign": "vcenter", "bottom": 1, "bg_color": "#EEF2F6"}
    heads = {False: book.add_format(bold), True: book.add_format({**bold, "font_color": "#9A3412"})}
    note = book.add_format({"font_color": "#5B6673", "text_wrap": True, "valign": "top", "italic": True})
    for column, spec in enumerate(fields):
        sheet.write_string(0, column, head(spec), heads[spec.required])
        sheet.write_string(1, column, f"{NOTE} {_expected(spec)}", note)
        sheet.set_column(column, column, 24, book.add_format(_format(spec)))
        labels = [str(label) for label in _labels(spec, scope)]
        for line, label in enumerate(labels):
            offered.write_string(line, column, label)
        if labels:
            letter = xlsxwriter.utility.xl_col_to_name(column)
            source = f"='{offered.name}'!${letter}$1:${letter}${len(labels)}"
            sheet.data_validation(
                2, column, OF_AN_ACT.rows - 1, column, {"validate": "list", "source": source}
            )
    sheet.set_row(1, 48)
    sheet.freeze_panes(2, 0)
    book.close()
    return target.getvalue()


def _sheet_name(title: str) -> str:
    return "".join(" " if letter in "[]:*?/\\'" else letter for letter in title).strip()[:31] or "1"


def _format(spec: InputField) -> dict[str, Any]:
    formats = {
        "money": "#,##0.00",
        "day": "yyyy-mm-dd",
        "moment": "yyyy-mm-dd hh:mm",
        "whole": "0",
        "row": "0",
    }
    # What is text stays text: a code such as 0101 would lose its zero.
    return {"num_format": formats.get(spec.kind, "@")}


def _labels(spec: InputField, scope: ChoiceScope) -> Sequence[object]:
    if spec.kind == "choice":
        return [label for _code, label in scope.codes(spec)][:LISTED]
    if spec.kind == "flag":
        return [_("yes"), _("no")]
    if spec.kind == "pick":
        found = list(scope.candidates(spec)[: LISTED + 1])
        return told_apart(found, scope.on) if len(found) <= LISTED else []
    return []


def _expected(spec: InputField) -> str:
    words: dict[str, Words] = {
        "flag": _("yes or no"),
        "day": _("a day, such as 2026-03-10"),
        "moment": _("a day and time, such as 2026-03-10 09:30"),
        "choice": _("one from the list"),
        "pick": _("its name or code"),
    }
    if spec.model is Person:
        words["pick"] = _("the name, with the unit beside it where several have it, or the user name")
    if spec.longest:
        words[spec.kind] = format_lazy(_("text of at most {} characters"), spec.longest)
    if spec.bounds is not None:
        least, most = spec.bounds
        if spec.kind == "money":
            words["money"] = format_lazy(_("in yuan, from {} to {}"), yuan(least), yuan(most))
        else:
            words["whole"] = format_lazy(_("a whole number from {} to {} {}"), least, most, spec.unit)
    need = _("required") if spec.required else _("may stay empty")
    return str(format_lazy(_("{}; {}"), str(words.get(spec.kind, spec.label)).rstrip(), need))
