"""Rows of a form taken from a sheet 表格导入: looked at before anything is stored, done as one act or not at all.

Between looking and confirming, the sheet lies with the files that were handed in and not yet used; the form
carries its id alone. So five thousand rows go to and fro as one hidden field, and what nobody confirms is
swept away after a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from qingfeng.faces.console import components
from qingfeng.faces.design.components import ColumnHead, DataTable, FlashMessage, TableRow
from qingfeng.kernel import sheets
from qingfeng.kernel.acts.inputs import InputField, Inputs
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.attachments.intake import FILES
from qingfeng.kernel.money import UnreadableAmount, read_yuan, yuan
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words

FIRST = 20
"""So many rows are shown for a look."""
FAULTS = 100
GONE: Words = _("This sheet is no longer here; choose it again.")


@dataclass(frozen=True)
class Filling:
    """A sheet that fills the rows of a form."""

    spec: InputField
    file: Attachment
    table: sheets.SheetTable
    taken: sheets.FilledRows

    def faults(self, inputs: Inputs, raw: Mapping[str, Any], scope: ActorScope) -> dict[str, list[Words]]:
        """What is wrong inside the rows, as the act would say, without doing it."""
        found: dict[str, list[Words]] = {}
        try:
            inputs.parse(raw, scope)
        except Invalid as refusal:
            name = self.spec.name
            found = {
                at: said for at, said in refusal.fields.items() if at == name or at.startswith(f"{name}.")
            }
        return found | {f"{self.spec.name}.{at}": said for at, said in self.taken.wrong.items()}

    def drawn(self, anew: components.Upload, errors: Mapping[str, Sequence[Words]]) -> components.Preview:
        """The rows as they were read, and what is wrong by row and column."""
        faults, rest = sheets.placed(errors, self.spec, self.table.numbers)
        total = len(self.table.rows)
        read = ngettext(
            "%(number)s row read from “%(file)s”.", "%(number)s rows read from “%(file)s”.", total
        )
        title = read % {"number": f"{total:,}", "file": self.file.name}
        return components.Preview(
            id=anew.id,
            label=self.spec.label,
            name=self.spec.name,
            sheet=str(self.file.pk),
            told=_told(title, len(faults), self.table.told),
            faults=self._faults(faults) if faults else None,
            rows=self._rows(),
            errors=rest.get(self.spec.name, ()),
            anew=anew,
        )

    def _faults(self, faults: list[sheets.SheetFault]) -> DataTable:
        lines = dict(zip(self.table.numbers, self.table.rows, strict=True))
        specs = {inner.name: inner for inner in self.spec.rows}
        more = len(faults) - FAULTS
        caption = format_lazy(_("What needs another look; {} more not shown"), more) if more > 0 else None
        return DataTable(
            caption=caption or _("What needs another look"),
            columns=[
                ColumnHead(label=_("Row")),
                ColumnHead(label=_("Column")),
                ColumnHead(label=_("In the sheet")),
                ColumnHead(label=_("What to do")),
            ],
            rows=[
                TableRow(
                    cells=[
                        format_lazy(_("Row {}"), fault.row),
                        fault.column,
                        _shown(specs[fault.name], lines[fault.row]) if fault.name in specs else "",
                        fault.sentence,
                    ]
                )
                for fault in faults[:FAULTS]
            ],
            tight=True,
        )

    def _rows(self) -> DataTable:
        beyond = len(self.table.rows) - FIRST
        numbered = list(zip(self.table.numbers, self.table.rows, strict=True))[:FIRST]
        return DataTable(
            caption=format_lazy(_("The first {} rows as they were read"), FIRST)
            if beyond > 0
            else _("The rows as they were read"),
            columns=[
                ColumnHead(label=_("Row"), numeric=True),
                *(
                    ColumnHead(label=one.label, numeric=one.kind in ("whole", "money"))
                    for one in self.spec.rows
                ),
            ],
            rows=[
                TableRow(cells=[number, *(_shown(spec, row) for spec in self.spec.rows)])
                for number, row in numbered
            ],
            tight=True,
            stack=False,
        )


def filling(scope: ActorScope, spec: InputField, written: str) -> Filling:
    """The sheet that was handed in under an id. Raises ``Invalid`` under ``file``."""
    try:
        (file,) = scope.resolve(InputField("sheet", "files", "", True), [UUID(written)])
        with FILES.open(file.digest) as held:
            grid = sheets.read(Path(held.name), file.name)
    except (ValueError, FileNotFoundError):
        raise Invalid({"file": [GONE]}) from None
    table = sheets.table(grid, spec.rows)
    return Filling(spec, file, table, sheets.taken(table, spec.rows, scope))


def _told(title: str, faults: int, notes: Sequence[Words]) -> FlashMessage:
    read = [str(note) for note in notes]
    if not faults:
        text = " ".join([*read, say("Nothing is stored until you confirm.")])
        return FlashMessage(title=title, text=text, tone="near" if notes else "done")
    needs = ngettext("%d place needs another look.", "%d places need another look.", faults) % faults
    return FlashMessage(
        title=f"{title} {needs}",
        text=" ".join([*read, say("Correct it in the sheet and choose it again. Nothing was stored.")]),
        tone="near",
    )


def _shown(spec: InputField, row: Mapping[str, sheets.Cell]) -> str:
    cell = row.get(spec.name)
    if cell is None:
        return ""
    if spec.kind == "money":
        try:
            return yuan(read_yuan(str(cell)))
        except UnreadableAmount:
            return str(cell)
    return str(cell)[:200]
