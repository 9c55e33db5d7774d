"""What a file says under its mapping 识别预览: its first rows, what is left empty, what is lost."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from qingfeng.kernel.acts.engine import options
from qingfeng.kernel.sheets.cells import Cell
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import Role
from qingfeng.mechanisms.voice.intake import rules
from qingfeng.mechanisms.voice.intake.declarations import (
    HOLDS,
    REASONS,
    RECEIVED,
    TAKEN_IN,
    TAKING_IN,
    ColumnMeaning,
    DayOrder,
    FirstRow,
)
from qingfeng.mechanisms.voice.intake.message_file import opened
from qingfeng.mechanisms.voice.intake.registers import SEALED, Message

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor
    from qingfeng.mechanisms.voice.intake.batch import Batch

FIRST = 10
SAMPLES = 3
LONGEST_SAMPLE = 80
FAULTS = 100
OF_ALL = rules.TEXT
"""What is written in anew where a row as a whole couldn't be read."""


@dataclass
class MappedFile:
    """A file as its mapping reads it."""

    rows: int
    told: list[Words]
    first: list[tuple[int, rules.MessageRow]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    unread: int = 0
    marked: int = 0
    unordered: bool = False

    @property
    def read(self) -> int:
        """How many rows become messages."""
        return self.rows - self.unread


class FaultSeen(BaseModel):
    """A cell or row that can't be read: a message is taken in without it (``lost`` false), or not at all."""

    row: int
    head: str
    stands: str
    why: str
    lost: bool


class FileSeen(BaseModel):
    """What a file says under its mapping: heads, what each holds, how many rows are read, the first faults."""

    heads: list[str]
    columns: dict[str, str]
    rows: int
    read: int
    marked: int
    unread: int
    to_be_said: bool
    order_to_be_said: bool
    told: list[str]
    faults: list[FaultSeen]


def looked_at(batch: Batch, now: datetime) -> MappedFile:
    """Read the whole file as it would be taken in; its first rows and first faults are kept."""
    file = opened(batch.file_digest, batch.file_name, batch.headless)
    found = MappedFile(len(file.rows), file.told)
    for number, cells, row in file.said(batch.columns, batch.order_of_days, day_of(now)):
        found.unread += bool(row.faults)
        found.marked += bool(row.marks)
        flaws = row.faults or row.marks
        found.unordered |= any(flaw.reason == "order" for flaw in flaws)
        if flaws and len(found.faults) < FAULTS:
            texts = [rules.one_line(cell) for cell in cells]
            found.faults.append(_fault(batch, number, flaws, texts, lost=bool(row.faults)))
        if len(found.first) < FIRST:
            found.first.append((number, row))
    return found


def told(batch: Batch, actor: Actor, now: datetime) -> FileSeen:
    """What programs and the command line see of the file of a batch."""
    found = looked_at(batch, now)
    faults = [
        FaultSeen(
            row=line["row"], head=one["column"], stands=one["stands"], why=one["why"], lost=line["lost"]
        )
        for line in found.faults
        for one in line["faults"]
    ]
    return FileSeen(
        heads=batch.heads,
        columns=batch.columns,
        rows=found.rows,
        read=found.read,
        marked=found.marked,
        unread=found.unread,
        to_be_said=batch.asked,
        order_to_be_said=found.unordered,
        told=[str(line) for line in found.told],
        faults=faults[:FAULTS],
    )


def file_page(batch: Batch, actor: Actor, now: datetime, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the columns hold, the first rows as they would be read, and what can't be read."""
    labels = {held: str(label) for held, label in HOLDS.items()}
    by_head = {head: held for held, head in batch.columns.items()}
    may = {option.act.name for option in options(actor, batch, now) if option.decision}
    common: dict[str, Any] = {"may": may, "key": secrets.token_urlsafe(18), "holdings": ColumnMeaning.choices}
    if batch.state != RECEIVED.code:
        after, behind = _number(asked["after"]), _number(asked["marked"])
        lost = list(batch.unread_rows.filter(row__gt=after, mended=False).order_by("row")[: FAULTS + 1])
        halves = list(_not_whole(batch, actor).filter(row__gt=behind).order_by("row")[: FAULTS + 1])
        following = {"after": lost[FAULTS - 1].row if len(lost) > FAULTS else after} | {
            "marked": halves[FAULTS - 1].row if len(halves) > FAULTS else behind
        }
        return common | {
            "columns": [
                {"head": head, "held": labels.get(by_head.get(head, ""), "")} for head in batch.heads
            ],
            "lost": [_fault(batch, one.row, one.faults, one.cells, lost=True) for one in lost[:FAULTS]],
            "marks": [marked(batch, one.row, one.marks or ()) for one in halves[:FAULTS]],
            "following": urlencode(following) if max(len(lost), len(halves)) > FAULTS else "",
            "read": batch.read,
            "unread": batch.unread,
            "marked": batch.marked,
            "done": batch.taken,
            "under_way": batch.state == TAKING_IN.code,
            "mending": batch.state == TAKEN_IN.code and "mend" in may,
            "to_download": bool(lost or halves),
            "halt": getattr(batch, "halt", None),
        }
    file = opened(batch.file_digest, batch.file_name, batch.headless)
    found = looked_at(batch, now)
    shown = [(held, labels[held]) for held in HOLDS if held in batch.columns]
    return common | {
        "columns": [
            {
                "head": head,
                "held": by_head.get(head, ""),
                "samples": _samples(file.rows, at, masked=by_head.get(head) == rules.AUTHOR),
                "number": at,
            }
            for at, head in enumerate(file.heads)
        ],
        "shown": shown,
        "first": [
            {"row": number, "cells": [(label, *_read(row, held)) for held, label in shown]}
            for number, row in found.first
        ],
        "told": found.told,
        "missing": [(labels[held], head) for held, head in batch.missing.items()],
        "unordered": found.unordered and not batch.order,
        "orders": DayOrder.choices,
        "first_rows": FirstRow.choices,
        "lost": [line for line in found.faults if line["lost"]],
        "marks": [line for line in found.faults if not line["lost"]],
        "read": found.read,
        "unread": found.unread,
        "marked": found.marked,
        "to_be_confirmed": True,
    }


def workbook(
    batch: Batch, actor: Actor, now: datetime
) -> list[tuple[Words, Sequence[Words], list[Sequence[object]]]]:
    """The rows that were not read or not whole, as the file had them, to be mended and handed in again."""
    file = opened(batch.file_digest, batch.file_name, batch.headless)
    whys: dict[int, Iterable[str]] = {
        one.row: [reason for _column, reason in one.faults] for one in batch.unread_rows.filter(mended=False)
    }
    whys |= {one.row: [mark[1] for mark in one.marks or ()] for one in _not_whole(batch, actor)}
    rows: list[Sequence[object]] = [
        [
            number,
            "；".join(say(REASONS[reason]) for reason in whys[number]),
            *(rules.prose(cells[at]) if at < len(cells) else "" for at in range(len(file.heads))),
        ]
        for number, cells in file.rows
        if number in whys
    ]
    return [(_("Rows to be mended"), [_("Row of the file"), _("Reason"), *file.heads], rows)]


def _not_whole(batch: Batch, actor: Actor) -> QuerySet[Message]:
    """Messages with something left empty; those whose words are sealed only for the unit that took them in."""
    marked = batch.messages.exclude(marks=None)
    return marked if actor.role == Role.UNIT_CLERK else marked.exclude(SEALED)


def _samples(rows: Sequence[tuple[int, list[Cell]]], at: int, masked: bool) -> list[str]:
    filled = (rules.one_line(cells[at]) for _number, cells in rows[:200] if at < len(cells))
    shown = (rules.masked(text) if masked else text[:LONGEST_SAMPLE] for text in filled if text)
    return list(islice(shown, SAMPLES))


def _read(row: rules.MessageRow, held: str) -> tuple[str, str]:
    """What a row says in a column; or why nothing."""
    why = next((say(REASONS[flaw.reason]) for flaw in (*row.marks, *row.faults) if flaw.column == held), "")
    times = {rules.RECEIVED: row.received, rules.ANSWERED: row.answered}
    if held in times:
        when = times[held]
        return (f"{when.day.isoformat()} {when.at or ''}".strip() if when else ""), why
    said = row.said.get(held, "")
    return (rules.masked(said) if held == rules.AUTHOR else said[:LONGEST_SAMPLE]), why


def _fault(
    batch: Batch, row: int, faults: Sequence[Sequence[str]], cells: Sequence[str], lost: bool
) -> dict[str, Any]:
    """A row that can't be read, or not whole: each column with what stands in it and why."""
    stood = []
    for held, reason in faults:
        head = batch.columns.get(held, "")
        at = batch.heads.index(head) if head in batch.heads else len(cells)
        stood.append((held, reason, cells[at] if at < len(cells) and held != rules.AUTHOR else ""))
    return marked(batch, row, stood) | {"lost": lost}


def marked(batch: Batch, row: int, marks: Sequence[Sequence[str]]) -> dict[str, Any]:
    """A row with what was left empty in it: each column, what stood there, and why."""
    found = [
        {
            "column": batch.columns.get(held or OF_ALL) or str(HOLDS[held or OF_ALL]),
            "holds": held or OF_ALL,
            "stands": stands[:LONGEST_SAMPLE],
            "why": say(REASONS[reason]),
        }
        for held, reason, stands in marks
    ]
    return {"row": row, "faults": found}


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else 0
