"""The messages of batches, the rows that could not be read, and mappings that are kept for the next file."""

from __future__ import annotations

from copy import copy
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.matters.models import Secrecy
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Jurisdiction
from qingfeng.kernel.vocabulary import Register, Role
from qingfeng.mechanisms.voice.intake.declarations import DayOrder, MessageOutcome


class Layout(Register):
    """Which column of a source's files holds what 导入映射, kept under a name."""

    jurisdiction = models.ForeignKey(Jurisdiction, models.PROTECT, related_name="+")
    name = models.CharField(_("name of the mapping"), max_length=60)
    columns = models.JSONField(default=dict)
    order = models.CharField(_("order of day and month"), max_length=3, choices=DayOrder.choices, blank=True)

    taken: ClassVar = (
        _("Somebody saved a mapping under this name at the same moment."),
        "",
        _("Please try again."),
    )

    class Meta:
        verbose_name = _("saved mapping")
        verbose_name_plural = _("saved mappings")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["jurisdiction", "name"], name="intake_layout_once_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def choosable(cls, actor: Any, on: Any) -> models.QuerySet[Layout]:
        """The mappings an actor may choose: those of the jurisdictions it covers."""
        return cls.objects.filter(jurisdiction_id__in=actor.jurisdictions).order_by("name", "id")


class Message(Register):
    """A citizen's message or hotline case 来件, as its row said it, and what became of it.

    ``author`` is masked; the name lies under seal. A day without a time of day has no moment. ``marks`` are
    triples of a column by what it holds, the reason's code and what stood there; none: nothing was left empty.
    """

    batch = models.ForeignKey("intake.Batch", models.PROTECT, related_name="messages", db_index=False)
    row = models.PositiveIntegerField(_("row of the file"))
    number = models.CharField(_("number of the message"), max_length=60, blank=True)
    received_on = models.DateField(_("day it was received"), null=True)
    received_at = models.DateTimeField(_("moment it was received"), null=True)
    author = models.CharField(_("who wrote it (masked)"), max_length=10, blank=True)
    title = models.CharField(_("title of the message"), max_length=500)
    text = models.TextField(_("text of the message"), blank=True)
    place = models.CharField(_("place it is about"), max_length=200, blank=True)
    their_kind = models.CharField(_("kind given by the source"), max_length=100, blank=True)
    channel = models.CharField(_("channel"), max_length=100, blank=True)
    answer = models.TextField(_("answer given"), blank=True)
    answered_on = models.DateField(_("day it was answered"), null=True)
    marks = models.JSONField(_("left empty, and why"), null=True)
    kind = models.CharField(_("kind confirmed"), max_length=60, blank=True)
    outcome = models.CharField(
        _("what became of it"), max_length=20, choices=MessageOutcome.choices, blank=True
    )
    reason = models.CharField(_("why it was set aside"), max_length=200, blank=True)
    sheet = models.ForeignKey("kernel.Matter", models.PROTECT, null=True, related_name="+")
    original = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "row"], name="intake_message_once_a_row"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["number"], name="intake_by_number", condition=~models.Q(number="")),
            models.Index(fields=["valid_from"], name="intake_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    told_by: ClassVar = ("sheet", "original__sheet")

    def told(self, actor: Actor) -> Message:
        """Without its words where the sheet it led to, or that of the message it repeats, was sealed.

        A unit that took it in has the file itself; that its words vanished would say that a clue was handed over.
        """
        if actor.role == Role.UNIT_CLERK:
            return self
        sheets = (self.sheet, self.original.sheet if self.original else None)
        if not any(sheet is not None and sheet.secrecy == Secrecy.SEALED for sheet in sheets):
            return self
        shown = copy(self)
        shown.author = shown.text = shown.place = shown.answer = shown.reason = ""
        shown.title = say("(sealed)")
        shown.marks = None
        return shown

    @classmethod
    def choosable(cls, actor: Any, on: Any) -> models.QuerySet[Message]:
        """The messages an actor may name: an office those of its jurisdictions, a clerk those of the own unit."""
        if actor.role == Role.SUPERVISION_OFFICE:
            found = cls.objects.filter(batch__jurisdiction_id__in=actor.jurisdictions).exclude(SEALED)
        elif actor.role == Role.UNIT_CLERK:
            found = cls.objects.filter(batch__unit_id__in=actor.units)
        else:
            found = cls.objects.none()
        return found.order_by("-id")


SEALED = models.Q(sheet__secrecy=Secrecy.SEALED) | models.Q(original__sheet__secrecy=Secrecy.SEALED)
"""Messages whose words are not told to the office: no search of its finds one by them."""


class Unread(Register):
    """A row that could not be read 未能识别的行: its number, its cells as text, and what is wrong with which."""

    batch = models.ForeignKey("intake.Batch", models.PROTECT, related_name="unread_rows", db_index=False)
    row = models.PositiveIntegerField(_("row of the file"))
    cells = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    mended = models.BooleanField(_("mended since"), default=False)

    class Meta:
        verbose_name = _("row that could not be read")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["batch", "row"], name="intake_unread_once_a_row"),
        ]


class Sorting(models.Model):
    """How far the hints for a batch are made. Hints are made anew at any time, so no ledger speaks of them.

    ``claim``: which worker has the batch in hand, until ``claimed_until``; it alone does the next piece. Likely
    duplicates were looked for up to the message ``compared_to``; ``looked_at`` of ``to_look_at`` messages, those of
    earlier batches among them, have been gone through.
    ``topics`` are hot topics 热点话题, the surest first: names, rows, place and time span; none: not looked for yet.
    """

    batch = models.OneToOneField("intake.Batch", models.PROTECT, primary_key=True, related_name="sorting")
    claim = models.CharField(max_length=32, blank=True)
    claimed_until = models.DateTimeField(null=True)
    compared_to = models.BigIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    to_look_at = models.PositiveIntegerField(default=0)
    compared = models.BooleanField(default=False)
    upto = models.PositiveIntegerField(default=0)
    learned_from = models.PositiveIntegerField(default=0)
    done = models.BooleanField(default=False)
    topics = models.JSONField(null=True)

    no_record: ClassVar[str] = "the sorting of messages is made anew at any time"


class Halt(models.Model):
    """What keeps the worker from going on with a batch 导入受阻: how often it tried, when it tries again, and why.

    It is the worker's own note, gone as soon as it can go on; no row taken in turns on it.
    """

    batch = models.OneToOneField("intake.Batch", models.PROTECT, primary_key=True, related_name="halt")
    tries = models.PositiveSmallIntegerField(default=0)
    again_at = models.DateTimeField()
    lost = models.BooleanField()

    no_record: ClassVar[str] = "the worker's own note"

    class Meta:
        verbose_name = _("batch the worker can't go on with")


class Hint(models.Model):
    """The two kinds suggested for a message 类别建议, each with its share in thousandths."""

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="hint")
    first = models.CharField(max_length=60)
    share = models.PositiveSmallIntegerField()
    second = models.CharField(max_length=60)
    second_share = models.PositiveSmallIntegerField()
    sure = models.BooleanField()

    no_record: ClassVar[str] = Sorting.no_record


class Twin(models.Model):
    """An earlier message that one likely repeats 疑似重复: likeness in thousandths, and whether the number is the same.

    ``numbered`` is another earlier one of that source that bears the same number. ``perhaps``: the likeness is too
    slight to call it likely.
    """

    message = models.OneToOneField(Message, models.CASCADE, primary_key=True, related_name="twin")
    other = models.ForeignKey(Message, models.CASCADE, related_name="+")
    likeness = models.PositiveSmallIntegerField()
    same_number = models.BooleanField()
    numbered = models.ForeignKey(Message, models.CASCADE, null=True, related_name="+")
    perhaps = models.BooleanField(default=False)

    no_record: ClassVar[str] = Sorting.no_record
