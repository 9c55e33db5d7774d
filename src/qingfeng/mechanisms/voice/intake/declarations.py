"""The states, sources, outcomes, reasons, facts and the contract of intake."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.text.translatable import gettext_noop
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import FactKind, State, link_kind
from qingfeng.mechanisms.voice.intake import rules

PROBLEM_FOUND = "problem.found"
"""The contract under which a problem sheet is opened from a message."""
MESSAGE_LINK = link_kind("message", _("opened from a message"))

RECEIVED = State("received", _("received, columns to be confirmed"))
TAKING_IN = State("taking_in", _("being taken in"))
TAKEN_IN = State("taken_in", _("taken in, to be handed out"))
FINISHED = State("finished", _("all handed out"), final=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True)


class Origin(models.TextChoices):
    """Where a file of messages comes from; the codes are the sources of problems 来件渠道."""

    HOTLINE = "hotline", _("hotline cases")
    MESSAGE = "message", _("messages of a message board")
    MEDIA = "media", _("exposures in the media")
    SUPERIOR = "superior", _("handed down from above")


class DayOrder(models.TextChoices):
    """Which comes first where a file writes 5/3/2024 日月顺序."""

    DAY = "dmy", _("the day: 5 March")
    MONTH = "mdy", _("the month: 3 May")


class FirstRow(models.TextChoices):
    """What the first row of a file without heads we know is 首行."""

    HEADS = "heads", _("the heads of the columns")
    MESSAGE = "message", _("a message already")


class ColumnMeaning(models.TextChoices):
    """What a column of a file holds 栏目含义."""

    NUMBER = rules.NUMBER, _("number of the message")
    RECEIVED = rules.RECEIVED, _("when it was received")
    AUTHOR = rules.AUTHOR, _("who wrote it")
    TITLE = rules.TITLE, _("title of the message")
    TEXT = rules.TEXT, _("text of the message")
    PLACE = rules.PLACE, _("place it is about")
    THEIR_KIND = rules.THEIR_KIND, _("kind given by the source")
    CHANNEL = rules.CHANNEL, _("channel")
    ANSWER = rules.ANSWER, _("answer given")
    ANSWERED = rules.ANSWERED, _("when it was answered")


class MessageOutcome(models.TextChoices):
    """What became of a message 分办结果."""

    OPEN = "", _("not yet handed out")
    SHEET = "sheet", _("problem sheet opened")
    SET_ASIDE = "set_aside", _("kept without a sheet")
    DUPLICATE = "duplicate", _("duplicate of another")


REASONS: dict[str, str] = {
    "date": gettext_noop("the date can't be read; write it as 2026-03-10 or 2026/3/10 9:30"),
    "order": gettext_noop(
        "day or month may come first here; say which on the page of columns, or write 2026-03-10"
    ),
    "error": gettext_noop("the cell shows an error of the spreadsheet; write the value itself"),
    "unreckoned": gettext_noop("the formula was never reckoned; write the value itself"),
    "rounded": gettext_noop("of a number over 15 digits the spreadsheet has lost the end; write it anew"),
    "date_outside": gettext_noop("the date lies in the future or before 1990"),
    "too_long": gettext_noop("this is longer than a message can hold here"),
    "empty": gettext_noop("there is neither title nor text"),
    "beyond": gettext_noop("something stands beyond the columns that have a head"),
}
"""Why a cell or a row can't be read, by the code it is kept under."""

HOLDS: dict[str, Words] = {one.value: one.label for one in ColumnMeaning}

MESSAGES_TAKEN_IN = FactKind("intake.messages", pgettext_lazy("count", "Messages taken in"))
MESSAGES_UNREADABLE = FactKind("intake.unreadable", _("Rows of messages that could not be read"))
SHEETS_OPENED = FactKind("intake.sheets", _("Problem sheets opened from messages"))
