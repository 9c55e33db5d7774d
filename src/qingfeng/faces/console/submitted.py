"""What was typed into the form of an act, as the engine takes it.

Names in the form: an input has its own; a file kept from an earlier try stands under the input's name by its
id; the columns of rows are ``<input>-<row>-<column>``, their number stands under ``<input>-count``; what was
typed into the search box over a choice is ``<input>.q``. A button named ``again`` draws the form anew,
unsent: ``more:<input>`` with one row more, ``without:<input>:<row>`` with one less, ``find`` with the choices
found, ``sheet:<input>`` with the rows of a sheet, ``typed:<input>`` without it. That is how rows and searches
work without scripts. A sheet is chosen under ``<input>-file`` and from then on kept by its id under
``<input>-sheet``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict

from qingfeng.faces.console.sheet_input import Filling
from qingfeng.kernel.acts.declaration import Act
from qingfeng.kernel.acts.inputs import InputField
from qingfeng.kernel.acts.scope import ActorScope
from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.time.timekeeper import ZONE

MOST_ROWS = 200


@dataclass
class TypedInput:
    """What was typed: ``data`` as it was posted (none: nothing yet), files, and the sheet that fills the rows."""

    act: Act
    scope: ActorScope
    data: QueryDict = field(default_factory=QueryDict)
    matter_id: int | None = None
    uploaded: Mapping[str, Sequence[Attachment]] = field(default_factory=dict)
    filled: Filling | None = None

    @property
    def fresh(self) -> bool:
        """Whether nothing was typed yet."""
        return not self.data

    def raw(self) -> dict[str, Any]:
        """What was typed, as the engine takes it; what was left empty is left out."""
        said: dict[str, Any] = {}
        for spec in self.act.inputs.fields:
            if spec.kind == "files":
                said[spec.name] = [str(file) for file in self._files(spec)]
            elif self.filled is not None and self.filled.spec is spec:
                said[spec.name] = self.filled.taken.rows
            elif spec.kind == "rows":
                said[spec.name] = [row for _line, row in self._typed_rows(spec)]
            else:
                self._take(said, spec, spec.name)
        return {name: value for name, value in said.items() if value not in ("", [])}

    def again(self) -> bool:
        """Carry out what an ``again`` button asks for; False when the form was sent for good."""
        wish, _colon, rest = self.data.get("again", "").partition(":")
        if not wish:
            return False
        self.data = self.data.copy()
        if wish == "more":
            self.data[f"{rest}-count"] = str(min(self._count(rest) + 1, MOST_ROWS))
        elif wish == "without":
            name, _colon, number = rest.rpartition(":")
            self._drop(name, number)
        return True

    def _take(self, said: dict[str, Any], spec: InputField, name: str) -> None:
        value = self.data.get(name, "")
        if spec.kind == "flag":
            said[spec.name] = bool(value)
        elif spec.kind == "moment":
            said[spec.name] = _aware(value.strip())
        else:
            said[spec.name] = value if spec.kind == "prose" else value.strip()
            if not value.strip():
                said[spec.name] = ""
        if spec.kind == "prose":
            said[spec.name] = said[spec.name].replace("\r\n", "\n")

    def _count(self, name: str) -> int:
        written = self.data.get(f"{name}-count", "")
        return (
            min(int(written), MOST_ROWS)
            if written.isascii() and written.isdigit() and len(written) < 5
            else 1
        )

    def _rows(self, spec: InputField) -> list[dict[str, Any]]:
        rows = []
        for number in range(self._count(spec.name)):
            row: dict[str, Any] = {}
            for inner in spec.rows:
                self._take(row, inner, f"{spec.name}-{number}-{inner.name}")
            rows.append({name: value for name, value in row.items() if value != ""})
        return rows

    def _typed_rows(self, spec: InputField) -> list[tuple[int, dict[str, Any]]]:
        """The rows that something was typed in, each with its line in the form."""
        return [
            (line, row)
            for line, row in enumerate(self._rows(spec))
            if any(value not in ("", False) for value in row.values())
        ]

    def _line(self, spec: InputField, number: int) -> int:
        """The line in the form of a row that was sent: empty lines are not."""
        lines = [line for line, _row in self._typed_rows(spec)]
        return lines[number] if number < len(lines) else number

    def _drop(self, name: str, number: str) -> None:
        spec = next(
            (spec for spec in self.act.inputs.fields if spec.name == name and spec.kind == "rows"), None
        )
        if spec is None or not number.isdigit():
            return
        last = self._count(name) - 1
        for inner in spec.rows:
            for row in range(int(number), last):
                self.data[f"{name}-{row}-{inner.name}"] = self.data.get(f"{name}-{row + 1}-{inner.name}", "")
            self.data.pop(f"{name}-{last}-{inner.name}", None)
        self.data[f"{name}-count"] = str(max(last, 1))

    def _files(self, spec: InputField) -> list[UUID]:
        ids = [file.pk for file in self.uploaded.get(spec.name, ())]
        for written in self.data.getlist(spec.name):
            try:
                ids.append(UUID(written))
            except ValueError:
                continue
        return list(dict.fromkeys(ids))


def _aware(written: str) -> str:
    """A day and time as a browser writes it, taken for the country's one legal time."""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return written
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).isoformat()
