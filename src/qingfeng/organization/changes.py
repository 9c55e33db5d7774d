"""What becomes of units on reorganization day 改革方式, row by row, and what can't happen on one day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.sheets.columns import LANGUAGES
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Input, Line, Unit
from qingfeng.organization.units import CHARACTERS_TAKEN, taken_characters


class UnitChangeKind(models.TextChoices):
    """What becomes of a unit 改革方式."""

    MERGE = "merge", _("merged into")  # 并入
    SPLIT = "split", _("split into")  # 拆分
    CHANGE = "change", _("named or placed anew")  # 更名、改隶


class ChangeRow(Input):
    """What becomes of one unit. One that is split has a row a successor; the first takes what no other takes."""

    unit: Annotated[Unit, _("Unit")]  # type: ignore[valid-type]  # mypy, before Unit is analysed
    kind: Annotated[UnitChangeKind, _("What becomes of it")]
    successor: Annotated[Unit | None, _("Successor")] = None
    takes: Annotated[str, Line(400), _("Open matters a further successor takes, with 、 between")] = ""
    name: Annotated[str, Line(80), _("New name")] = ""
    above: Annotated[Unit | None, _("New unit above")] = None
    sequence: Annotated[str, Line(40), _("New sequence")] = ""
    short_name: Annotated[str, Line(40), _("New short name")] = ""
    code_characters: Annotated[str, Line(20), _("New code characters of its documents")] = ""

    @classmethod
    def together(cls, rows: Sequence[ChangeRow], jurisdiction_id: int, on: date) -> dict[str, list[Words]]:
        """What can't happen on one day; by places such as ``3.successor``."""
        ending = {row.unit.pk for row in rows if row.kind != UnitChangeKind.CHANGE}
        first: dict[int, ChangeRow] = {}
        wrong: dict[str, list[Words]] = {}
        characters = taken_characters((row.code_characters for row in rows), jurisdiction_id, on)
        for place, row in enumerate(rows):
            before = first.setdefault(row.unit.pk, row)
            faults = (
                _changed(row, ending)
                if row.kind == UnitChangeKind.CHANGE
                else _ended(row, ending, row is before)
            )
            if row is not before and not row.kind == before.kind == UnitChangeKind.SPLIT:
                faults.append(("unit", _("This unit stands in a row before.")))
            if row.code_characters in characters:
                faults.append(("code_characters", format_lazy(CHARACTERS_TAKEN, row.code_characters)))
            for column, fault in faults:
                wrong.setdefault(f"{place}.{column}", []).append(fault)
        return wrong


def _changed(row: ChangeRow, ending: set[int]) -> list[tuple[str, Words]]:
    found: list[tuple[str, Words]] = []
    if not _anew(row):
        found.append(("name", _("Give the new name, short name, code characters, unit above or sequence.")))
    if row.successor is not None or row.takes:
        found.append(("successor", _("A unit named or placed anew goes on by itself.")))
    if row.above is not None and row.above.pk in {*ending, row.unit.pk}:
        found.append(("above", _("A unit that ends that day, or the unit itself, can't stand above it.")))
    return found


def _ended(row: ChangeRow, ending: set[int], first: bool) -> list[tuple[str, Words]]:
    found: list[tuple[str, Words]] = []
    if row.successor is None:
        found.append(("successor", _("Name the successor.")))
    elif row.successor.pk in ending:
        found.append(("successor", _("A unit that ends that day succeeds to nothing.")))
    if _anew(row):
        found.append(("name", _("A unit that ends gets no new name or place.")))
    if bool(row.takes) != (row.kind == UnitChangeKind.SPLIT and not first):
        found.append(("takes", _("The second and each further successor of a split says what it takes.")))
    elif row.takes and "" in kinds(row.takes):
        found.append(("takes", _("There are no such matters here; write their names as the menu has them.")))
    return found


def _anew(row: ChangeRow) -> bool:
    return bool(row.name or row.above or row.sequence or row.short_name or row.code_characters)


def kinds(written: str) -> list[str]:
    """The codes of the matters named, each by its code or its name in either language; empty for one unknown."""
    named = {code: code for code in mechanisms()}
    for language in LANGUAGES:
        with override(language):
            for code, matter in mechanisms().items():
                named[str(matter._meta.verbose_name)] = named[str(matter._meta.verbose_name_plural)] = code
    return [named.get(name.strip(), "") for name in written.replace(",", "、").split("、")]
