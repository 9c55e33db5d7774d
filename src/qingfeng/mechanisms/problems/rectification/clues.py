"""The words of a clue 线索内容: taken off the sheet when it is handed over, lying with the transfer, given back with it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Secrecy
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Succession, Unit
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, opened, read_personal
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Do
from qingfeng.mechanisms.problems.rectification.registers import Clue

if TYPE_CHECKING:
    from qingfeng.mechanisms.problems.rectification.problem import Problem
    from qingfeng.mechanisms.problems.rectification.transfers import Transfer

LABELS: dict[str, Words] = {
    "title": _("title"),
    "description": _("what was found"),
    "finding": _("What was verified"),
}


class Content(NamedTuple):
    """What a sheet said before it was handed over."""

    said: list[tuple[Words, str]]
    concerned: Unit | None
    files: list[Attachment]


def take_off(sheet: Problem) -> None:
    """Take the words that accuse off a sheet, and whom they accuse; they stay sealed beside its entries.

    纪检监察机关处理检举控告工作规则, art. 47; 信访工作条例, art. 30.
    """
    sheet.secrecy, sheet.title, sheet.description, sheet.concerned = Secrecy.SEALED, "", "", None


def put_back(sheet: Problem, do: Do) -> None:
    """Put the words back on a sheet that is the office's again."""
    try:
        title, description = (opened(_said_first(sheet, name)) for name in ("title", "description"))
    except KeyDestroyed:
        do.refuse(
            _("The words of this sheet can't be opened any more."),
            remedy=_("Register the problem anew, as far as it is known."),
        )
    sheet.secrecy, sheet.title, sheet.description = Secrecy.INTERNAL, title, description
    sheet.concerned = _concerned(sheet)


def handed_over_in(sheet: Problem) -> Transfer | None:
    """The transfer a sheet went into last."""
    clue = _last(sheet)
    return clue.transfer if clue else None


def words_of(sheet: Problem, transfer: Transfer, actor: Actor, now: datetime) -> Content:
    """The words of a sheet that was sealed, for who reads the transfer; each reading is journalled."""
    why = say("%(transfer)s, the page of its clues") % {"transfer": transfer.number}
    values = SealedValue.objects.filter(entry__matter=sheet.pk, name__in=LABELS).order_by("id")
    said = [(LABELS[value.name], _read(value, actor, now, why)) for value in values]
    return Content(said, _concerned(sheet), list(sheet.attachments.all()))


def _read(value: SealedValue, actor: Actor, now: datetime, why: str) -> str:
    try:
        return read_personal(value, actor, now, why)
    except KeyDestroyed:
        return say("erased")


def _last(sheet: Problem) -> Clue | None:
    return Clue.objects.filter(sheet=sheet.pk).select_related("transfer").order_by("-pk").first()


def _said_first(sheet: Problem, name: str) -> SealedValue:
    # What was registered; the sheet itself says nothing any more.
    return SealedValue.objects.filter(entry__matter=sheet.pk, name=name).earliest("id")


def _concerned(sheet: Problem) -> Unit | None:
    # Out of the first entry: whom a clue accuses stands in no column once it is handed over.
    named = Entry.objects.get(matter=sheet.pk, seq=1).content["input"].get("unit")
    return _standing_now(Unit.objects.get(pk=int(named.partition(":")[2]))) if named else None


def _standing_now(unit: Unit) -> Unit:
    """A unit, or which took its place since."""
    follows = Succession.objects.filter(predecessor=unit).order_by("pk").first()
    return _standing_now(follows.successor) if follows else unit
