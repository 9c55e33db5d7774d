"""The batch of messages and its acts: from the file handed in to the last message handed out."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, ClassVar, cast

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.reading.rows import MOST_NUMBER
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.sheets.cells import Cell, DayAndTime, Order
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.time.timekeeper import ZONE
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Attachment,
    Choice,
    Do,
    Files,
    Holds,
    Input,
    Line,
    Matter,
    Office,
    OneOfRows,
    Prose,
    Role,
    RowColumn,
    Rows,
    RowState,
    State,
    System,
    Unit,
    Whole,
    act,
)
from qingfeng.mechanisms.voice.intake import rules
from qingfeng.mechanisms.voice.intake.declarations import (
    FINISHED,
    MESSAGE_LINK,
    MESSAGES_TAKEN_IN,
    MESSAGES_UNREADABLE,
    PROBLEM_FOUND,
    REASONS,
    RECEIVED,
    SHEETS_OPENED,
    TAKEN_IN,
    TAKING_IN,
    WITHDRAWN,
    ColumnMeaning,
    DayOrder,
    FirstRow,
    MessageOutcome,
    Origin,
)
from qingfeng.mechanisms.voice.intake.message_file import look, opened
from qingfeng.mechanisms.voice.intake.registers import Layout, Message, Sorting, Unread
from qingfeng.mechanisms.voice.intake.statistics import BY_SOURCE, STATISTICS
from qingfeng.mechanisms.voice.intake.triage import PAGES
from qingfeng.organization.topics import PROBLEM_KINDS, TOPICS

HANDLERS = Office(Role.SUPERVISION_OFFICE) | Holds(Role.UNIT_CLERK, of="unit")
PIECE = 200
"""Rows stored in one act: so few that nobody notices who writes meanwhile."""
AT_ONCE = 200
"""Messages a clerk decides about in one act at most."""
LONGEST_TITLE, LONGEST_TEXT = 100, 2000
"""What the contract of a problem sheet takes."""
LONGEST_STOOD = 80
"""So much of what couldn't be read is kept beside its mark."""
OPEN, SHEET_OPENED, LAID_ASIDE, REPEATED = (
    RowState(one.value or "open", one.label, models.Q(outcome=one)) for one in MessageOutcome
)
TO_HAND_OUT, FILE_ROW = OneOfRows("messages", (OPEN,)), _("Row of the file")
ToHandOut = Annotated[Message, TO_HAND_OUT, FILE_ROW]
ToTakeUp = Annotated[Message, OneOfRows("messages", (LAID_ASIDE, REPEATED)), FILE_ROW]


class ColumnRow(Input):
    """What one column holds."""

    head: Annotated[str, Line(200), _("Head in the file")]
    holds: Annotated[ColumnMeaning | None, _("What it holds")] = None


class HandIn(Input):
    """A file of messages, and where it comes from."""

    file: Annotated[list[Attachment], Files(1, look, sheet=True), _("Workbook or .csv")]
    source: Annotated[str, Line(60), _("name of the source")]
    origin: Annotated[Origin, _("where it comes from")]
    layout: Annotated[Layout | None, _("Saved mapping")] = None
    again: Annotated[bool, _("Take it in though it was handed in before")] = False


class CellCorrection(Input):
    """One cell of a row as it should read."""

    row: Annotated[int, Whole(1, MOST_NUMBER), FILE_ROW]
    holds: Annotated[ColumnMeaning, _("What it holds")]
    value: Annotated[str, Prose(5000), _("What should stand there")]


class KindRow(Input):
    """The kind of one message."""

    row: Annotated[int, TO_HAND_OUT, FILE_ROW]
    kind: Annotated[str, Choice(PROBLEM_KINDS), _("Kind of problem")]


class RowNumber(Input):
    """One message, by its row."""

    row: Annotated[int, TO_HAND_OUT, FILE_ROW]


ROW_ID = RowColumn("id", pgettext_lazy("in a list", "number"), int, null=False)


class Batch(Matter):
    """A file of citizens' messages or hotline cases, taken in as one batch and handed out (来件批次)."""

    code = "intake"
    series = "来件"
    reads: ClassVar = HANDLERS
    becomes: ClassVar = {"unit": FOLLOWS}
    filters = ("origin", "unit")
    statistics = STATISTICS
    tallies = (BY_SOURCE,)
    pages = PAGES
    messages_told = Rows(
        Message,
        label=_("Messages of the batch"),
        columns=(
            "title",
            ROW_ID,
            "number",
            "received_on",
            "received_at",
            "author",
            "text",
            "place",
            "their_kind",
            "channel",
            "answer",
            "answered_on",
            "marks",
            "kind",
            "outcome",
            "reason",
        ),
        states=(OPEN, SHEET_OPENED, LAID_ASIDE, REPEATED),
        by="row",
        name="messages",
        drawn_on="messages",
    )
    unread_told = Rows(
        Unread,
        label=_("Rows that could not be read"),
        columns=(
            ROW_ID,
            RowColumn("cells", _("Cells of the row"), list, null=False),
            RowColumn("faults", _("What is wrong with it"), list, null=False),
            "mended",
        ),
        by="row",
        name="unread",
        drawn_on="file",
    )
    said_ahead = frozenset({"mend"})

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit that took it in"))
    source = models.CharField(_("name of the source"), max_length=60)
    origin = models.CharField(_("where it comes from"), max_length=20, choices=Origin.choices)
    file_name = models.CharField(_("file name"), max_length=200, editable=False)
    file_digest = models.CharField(max_length=64, editable=False)
    heads = models.JSONField(_("heads of the file"), default=list, editable=False)
    columns = models.JSONField(_("columns by what they hold"), default=dict, editable=False)
    headless = models.BooleanField(_("no heads: the first row is a message"), default=False)
    order = models.CharField(_("order of day and month"), max_length=3, choices=DayOrder.choices, blank=True)
    asked = models.BooleanField(_("what the columns hold is still to be said"), default=False, editable=False)
    missing = models.JSONField(_("heads of the mapping that the file lacks"), default=dict, editable=False)
    rows = models.PositiveIntegerField(_("rows of the file"), default=0)
    taken = models.PositiveIntegerField(_("rows taken in so far"), default=0)
    read = models.PositiveIntegerField(_("messages"), default=0)
    marked = models.PositiveIntegerField(_("messages with something left empty"), default=0)
    unread = models.PositiveIntegerField(_("rows that could not be read"), default=0)

    class Meta:
        verbose_name = _("batch of messages")
        verbose_name_plural = _("messages taken in")

    @act(NEW, to=RECEIVED, by=HANDLERS, label=_("Hand in a file of messages"))
    def receive(self, do: Do, handed: HandIn) -> None:
        """Hand in a file of messages. What each column holds is suggested; nothing is stored before it is confirmed."""
        (held,) = handed.file
        self.unit_id = do.actor.unit_id  # type: ignore[assignment]  # who passes the guard serves in a unit
        if not handed.again and (before := self._handed_in_before(held.digest)):
            raise Invalid(
                {
                    "file": [
                        format_lazy(
                            _(
                                "This file was handed in before, as {} on {}; say so if it is to be taken in again."
                            ),
                            before.number,
                            day_of(before.opened_at),
                        )
                    ]
                }
            )
        found = opened(held.digest, held.name)
        self.source, self.origin = handed.source, handed.origin
        self.title = f"{handed.source}：{held.name}"[:200]
        self.file_name, self.file_digest = held.name, held.digest
        self.headless, self.heads, self.rows = found.headless, found.heads, len(found.rows)
        kept = handed.layout or self._of_this_source(found.heads)
        known = kept.columns if kept else {}
        self.order = kept.order if kept else ""
        self.columns = {held: head for held, head in known.items() if head in found.heads}
        self.missing = {held: head for held, head in known.items() if head not in found.heads}
        self.asked = not found.known and (not self.columns or bool(self.missing))
        suggested = found.suggested()
        if not {rules.TITLE, rules.TEXT} & set(self.columns):
            self.columns = suggested
        for name in self.missing:
            if (
                name in suggested
                and name not in self.columns
                and suggested[name] not in self.columns.values()
            ):
                self.columns[name] = suggested[name]

    @act(RECEIVED, by=HANDLERS, label=_("Set the columns"))
    def set_columns(
        self,
        do: Do,
        columns: Annotated[list[ColumnRow], _("Columns")],
        save_as: Annotated[str, Line(60), _("Save the mapping as")] = "",
        order: Annotated[DayOrder | None, _("Which comes first in 5/3/2024")] = None,
        first_row: Annotated[FirstRow | None, _("What the first row is")] = None,
    ) -> None:
        """Say what each column holds, and keep it for the next file of this source. What holds nothing is left out."""
        headless = self.headless if first_row is None else first_row == FirstRow.MESSAGE
        if headless != self.headless:
            found = opened(self.file_digest, self.file_name, headless)
            names = dict(zip(self.heads, found.heads, strict=False))
            columns = [ColumnRow(head=names.get(row.head, row.head), holds=row.holds) for row in columns]
            self.headless, self.heads, self.rows = headless, found.heads, len(found.rows)
        chosen: dict[str, str] = {}
        for at, row in enumerate(columns):
            if row.holds is None:
                continue
            if row.head not in self.heads:
                raise Invalid({f"columns.{at}.head": [_("The file has no such head.")]})
            if row.holds in chosen or row.head in chosen.values():
                raise Invalid(
                    {
                        f"columns.{at}.holds": [
                            _("Each column holds one thing, and each thing stands in one column.")
                        ]
                    }
                )
            chosen[str(row.holds)] = row.head
        _demand_words(chosen, "columns")
        self.columns, self.asked, self.missing = chosen, False, {}
        self.order = order or self.order
        if save_as:
            kept = Layout.objects.filter(jurisdiction_id=self.jurisdiction_id, name=save_as).first()
            layout = kept or Layout(jurisdiction_id=self.jurisdiction_id, name=save_as, valid_from=do.today)
            layout.columns, layout.order = chosen, self.order
            do.record(layout)

    @act(RECEIVED, to=TAKING_IN, by=HANDLERS, owed=True, label=_("Take the messages in"))
    def take_in(self, do: Do) -> None:
        """Confirm the columns. The rows are then taken in, some at a time, while others go on working."""
        if self.asked:
            do.refuse(
                _("No row of this file has heads we know, so what its columns hold is a guess."),
                remedy=_("Look at the columns, say whether the first row is a message, and set them."),
            )
        _demand_words(self.columns, "")

    @act(RECEIVED, to=WITHDRAWN, by=HANDLERS, label=_("Withdraw"))
    def withdraw(self, do: Do) -> None:
        """Withdraw a file that is not to be taken in."""

    @act(TAKING_IN, to=(TAKING_IN, TAKEN_IN), by=System("intake"), label=_("Take in some rows"))
    def take_some(self, do: Do) -> State:
        """Take in the next rows of the file: each becomes a message, or stands among those that could not be read."""
        found = opened(self.file_digest, self.file_name, self.headless)
        messages: list[Message] = []
        unread: list[Unread] = []
        authors: dict[str, str] = {}
        account: list[dict[str, Any]] = []
        for number, cells, row in found.said(
            self.columns, self.order_of_days, do.today, self.taken, self.taken + PIECE
        ):
            if author := self._author(cells):
                authors[str(number)] = author
            if row.faults:
                unread.append(self._unread(do, number, cells, row))
                account.append(
                    {"row": number, "unread": [[fault.column, fault.reason] for fault in row.faults]}
                )
                continue
            messages.append(self._message(do, number, row, self._stood(cells)))
            account.append({"row": number, "message": True})
        do.record_all(messages)
        do.record_all(unread)
        do.batch(account)
        if authors:
            do.seal("authors", json.dumps(authors, ensure_ascii=False), self, "contact")
        self.taken += len(account)
        self.read += len(messages)
        self.marked += sum(message.marks is not None for message in messages)
        self.unread += len(unread)
        if self.taken < self.rows:
            return TAKING_IN
        assert self.read + self.unread == self.taken == self.rows, "every row is read, or named as unread"
        do.leave(MESSAGES_TAKEN_IN, subject=self.unit, quantity=self.read)
        if self.unread:
            do.leave(MESSAGES_UNREADABLE, subject=self.unit, quantity=self.unread)
        return TAKEN_IN

    @act(TAKEN_IN, by=HANDLERS, label=_("Mend a row"))
    def mend(self, do: Do, mended: CellCorrection) -> None:
        """Write what a cell of the file should have said: a row that was not read becomes a message, a mark goes."""
        message = self.messages.filter(row=mended.row).first()
        unread = self.unread_rows.filter(row=mended.row, mended=False).first()
        held = str(mended.holds)
        if message is not None:
            if held not in [column for column, *_more in message.marks or ()]:
                raise Invalid({"holds": [_("Nothing was left empty there in this row.")]})
            said: dict[str, Cell] = {rules.TITLE: message.title, rules.TEXT: message.text}
        elif unread is not None:
            places = {name: self.heads.index(head) for name, head in self.columns.items()}
            said = {name: unread.cells[at] for name, at in places.items() if at < len(unread.cells)}
        else:
            raise Invalid({"row": [_("This row was read whole, or mended already.")]})
        row = rules.read(said | {held: mended.value}, do.today, self.order_of_days)
        if row.faults or held in [flaw.column for flaw in row.marks]:
            reasons = {flaw.reason for flaw in (*row.faults, *row.marks) if flaw.column in ("", held)} or {
                "empty"
            }
            raise Invalid({"value": [_(REASONS[reason]) for reason in sorted(reasons)]})
        if message is None:
            assert unread is not None
            unread.mended = True
            do.record(unread)
            self.unread, self.read = self.unread - 1, self.read + 1
            message = self._message(do, mended.row, row, self._stood(unread.cells))
            self.marked += message.marks is not None
        else:
            new = self._message(do, mended.row, row, {})
            for name in OF_A_COLUMN.get(held, (held,)):
                setattr(message, name, getattr(new, name))
            message.marks = [mark for mark in message.marks or () if mark[0] != held] or None
            self.marked -= message.marks is None
        do.record(message)

    @act(TAKEN_IN, by=HANDLERS, label=_("Confirm kinds"))
    def confirm(self, do: Do, rows: Annotated[list[KindRow], _("Messages of the batch")]) -> None:
        """Confirm what kind of problem messages are about; from what is confirmed the suggestions are learned."""
        for message, row in zip(self._named(rows), rows, strict=True):
            message.kind = row.kind
            do.record(message)

    @act(TAKEN_IN, by=HANDLERS, label=_("Open a problem sheet"))
    def open_sheet(
        self,
        do: Do,
        row: ToHandOut,
        kind: Annotated[str, Choice(PROBLEM_KINDS), _("Kind of problem")],
        topic: Annotated[str, Choice(TOPICS, where_listed=True), _("Focus topic")] = "",
        unit: Annotated[Unit | None, _("Unit it concerns")] = None,
    ) -> None:
        """Open a problem sheet from a message; the office verifies and assigns it."""
        values = {
            "title": _cut(row.title, LONGEST_TITLE),
            "kind": kind,
            "source": self.origin,
            "description": _cut(row.text or row.title, LONGEST_TEXT),
        }
        more = {"topic": topic, "unit": unit.pk if unit else None}
        done = do.open(
            PROBLEM_FOUND, values | {name: said for name, said in more.items() if said}, kind=MESSAGE_LINK
        )
        row.kind, row.outcome, row.sheet_id = kind, MessageOutcome.SHEET, done.matter.pk
        do.record(row)
        do.leave(SHEETS_OPENED, subject=unit or self.unit)

    @act(TAKEN_IN, by=HANDLERS, label=_("File without action"))
    def set_aside(
        self,
        do: Do,
        rows: Annotated[list[RowNumber], _("Messages of the batch")],
        reason: Annotated[str, Line(200), _("Reason")],
    ) -> None:
        """Set messages aside that no sheet is opened from, such as thanks or questions answered at once."""
        for message in self._named(rows):
            message.outcome, message.reason = MessageOutcome.SET_ASIDE, reason
            do.record(message)

    @act(TAKEN_IN, by=HANDLERS, label=_("Mark as a duplicate"))
    def mark_duplicate(
        self,
        do: Do,
        row: ToHandOut,
        of: Annotated[Message, _("Message it repeats")],  # type: ignore[valid-type]  # mypy, before Message is analysed
    ) -> None:
        """Join a message to an earlier one that says the same. Both stay."""
        if of.pk >= row.pk:
            raise Invalid({"of": [_("Choose a message that came before this one.")]})
        row.outcome, row.original_id = MessageOutcome.DUPLICATE, of.original_id or of.pk
        do.record(row)

    @act(TAKEN_IN, by=HANDLERS, label=_("Reopen for triage"))
    def take_up(
        self,
        do: Do,
        row: ToTakeUp,
    ) -> None:
        """Take up a message again that was set aside or marked as a duplicate."""
        row.outcome, row.reason, row.original_id = MessageOutcome.OPEN, "", None
        do.record(row)

    @act(TAKEN_IN, by=HANDLERS, label=_("Suggest kinds anew"))
    def suggest_anew(self, do: Do) -> None:
        """Have kinds suggested anew, from all that was confirmed meanwhile."""
        Sorting.objects.filter(batch=self).update(done=False, upto=0)

    @act(TAKEN_IN, to=FINISHED, by=HANDLERS, owed=True, label=_("Finish"))
    def finish(self, do: Do, reason: Annotated[str, Line(200), _("Why the rest is set aside")] = "") -> None:
        """Close the batch once something became of every message; a few that are left are set aside with a reason."""
        if self.unread and not reason:
            do.refuse(
                format_lazy(_("Rows of this file that could not be read: {}."), self.unread),
                remedy=_("Mend them, hand them in again, or write why they are left."),
            )
        left = list(self.messages.filter(outcome=MessageOutcome.OPEN).order_by("row")[: AT_ONCE + 1])
        if left and (not reason or len(left) > AT_ONCE):
            do.refuse(
                _("Messages of this batch are not handed out yet."),
                remedy=format_lazy(
                    _(
                        "Open a sheet from each, set it aside, or join it; the last {} may be set aside here together."
                    ),
                    AT_ONCE,
                ),
            )
        for message in left:
            message.outcome, message.reason = MessageOutcome.SET_ASIDE, reason
            do.record(message)

    def _named(self, rows: list[Any]) -> list[Message]:
        """The messages of some rows, all still to be handed out. Raises ``Invalid``."""
        if not 1 <= len(rows) <= AT_ONCE:
            raise Invalid({"rows": [format_lazy(_("Choose 1 to {} messages."), AT_ONCE)]})
        wanted = [row.row for row in rows]
        found = {one.row: one for one in self.messages.filter(row__in=wanted, outcome=MessageOutcome.OPEN)}
        wrong = [number for number in wanted if number not in found]
        if wrong or len(set(wanted)) < len(wanted):
            said = ", ".join(map(str, wrong[:10])) or str(wanted[0])
            raise Invalid(
                {
                    "rows": [
                        format_lazy(
                            _("No message to be handed out stands in row {}, or it is named twice."), said
                        )
                    ]
                }
            )
        return [found[number] for number in wanted]

    @property
    def order_of_days(self) -> Order:
        """Which of day and month comes first where both could; empty: nobody said."""
        return cast(Order, self.order)

    def _handed_in_before(self, digest: str) -> Batch | None:
        """The latest batch of this unit of the very same file."""
        same = Batch.objects.filter(unit_id=self.unit_id, file_digest=digest)
        return same.exclude(state=WITHDRAWN.code).order_by("-pk").first()

    def _of_this_source(self, heads: list[str]) -> Batch | None:
        """The latest batch of this source with these heads: what was said of its columns holds for this one too."""
        same = Batch.objects.filter(jurisdiction_id=self.jurisdiction_id, source=self.source, asked=False)
        latest = same.exclude(state__in=(RECEIVED.code, WITHDRAWN.code)).order_by("-pk").first()
        return latest if latest is not None and latest.heads == heads else None

    def _stood(self, cells: list[Cell]) -> dict[str, str]:
        """What stands in a row, in one line, by what its columns hold."""
        places = {held: self.heads.index(head) for held, head in self.columns.items()}
        return {held: rules.one_line(cells[at]) for held, at in places.items() if at < len(cells)}

    def _author(self, cells: list[Cell]) -> str:
        return self._stood(cells).get(rules.AUTHOR, "") if rules.AUTHOR in self.columns else ""

    def _message(self, do: Do, number: int, row: rules.MessageRow, stood: dict[str, str]) -> Message:
        said = row.said
        stood = stood | {rules.AUTHOR: rules.masked(stood.get(rules.AUTHOR, ""))}
        return Message(
            batch=self,
            valid_from=do.today,
            row=number,
            author=rules.masked(said.get(rules.AUTHOR, "")),
            received_on=row.received.day if row.received else None,
            received_at=_moment(row.received),
            answered_on=row.answered.day if row.answered else None,
            marks=[[*flaw, stood.get(flaw.column, "")[:LONGEST_STOOD]] for flaw in row.marks] or None,
            **{name: said.get(name, "") for name in PLAIN},
        )

    def _unread(self, do: Do, number: int, cells: list[Cell], row: rules.MessageRow) -> Unread:
        author = self.columns.get(rules.AUTHOR)
        hidden = self.heads.index(author) if author in self.heads else None
        said = [rules.prose(cell) for cell in cells]
        return Unread(
            batch=self,
            valid_from=do.today,
            row=number,
            cells=[rules.masked(text) if at == hidden else text for at, text in enumerate(said)],
            faults=[[fault.column, fault.reason] for fault in row.faults],
        )


PLAIN = (
    rules.NUMBER,
    rules.TITLE,
    rules.TEXT,
    rules.PLACE,
    rules.THEIR_KIND,
    rules.CHANNEL,
    rules.ANSWER,
)
"""What a message keeps word for word."""
OF_A_COLUMN = {rules.RECEIVED: ("received_on", "received_at"), rules.ANSWERED: ("answered_on",)}
"""The fields a column fills that is not kept word for word."""


def _demand_words(columns: dict[str, str], name: str) -> None:
    if not {rules.TITLE, rules.TEXT} & set(columns):
        raise Invalid({name: [_("Say which column holds the title or the text of a message.")]})


def _moment(when: DayAndTime | None) -> datetime | None:
    return datetime.combine(when.day, when.at, ZONE) if when and when.at else None


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
