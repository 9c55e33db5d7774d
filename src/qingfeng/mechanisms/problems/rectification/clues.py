"""The words of a clue 线索内容: taken off the sheet when it is handed over, lying with the transfer, given back with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.attachments import Attachment
from qingfeng.kernel.guards import Decision, Guard, Question
from qingfeng.kernel.guards.base import YES
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.matters.models import Secrecy
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.people.models import Succession, Unit
from qingfeng.kernel.sealing.keystore import KeyDestroyed
from qingfeng.kernel.sealing.models import SealedValue, opened, read_personal
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Do
from qingfeng.mechanisms.problems.rectification.registers import Clue
from qingfeng.mechanisms.problems.rectification.sheet import OFFICE

if TYPE_CHECKING:
    from qingfeng.mechanisms.problems.rectification.sheet import Sheet
    from qingfeng.mechanisms.problems.rectification.transfers import Transfer

LABELS: dict[str, Words] = {
    "title": _("title"),
    "description": _("what was found"),
    "finding": _("What was verified"),
}


@dataclass(frozen=True)
class GivenBack(Guard):
    """The office, once no clue of the sheet waits for an answer.

    One that never left somebody's hands is theirs to take back.
    """

    def decide(self, question: Question) -> Decision:
        if not (office := OFFICE.decide(question)):
            return office
        sheet = question.matter
        if sheet is None or not _waiting(question.actor).filter(sheet=sheet.pk).exists():
            return YES
        return Decision(
            False,
            _("The discipline organ has not answered this clue yet."),
            remedy=_("Its words are sealed until then. Wait for the answer."),
        )

    def condition(self, actor: Actor) -> Q:
        return OFFICE.condition(actor) & ~Q(Exists(_waiting(actor).filter(sheet=OuterRef("pk"))))

    def sentence(self) -> Words:
        return format_lazy(_("{}, once every clue of the sheet is answered"), OFFICE.sentence())


GIVEN_BACK = GivenBack()


def _waiting(actor: Actor) -> QuerySet[Clue]:
    """Clues without an answer, but for those that somebody prepared and still holds, or did not hand over."""
    held = Q(transfer__state__in=("prepared", "dropped"), transfer__prepared_by=actor.person_id)
    unanswered = Clue.objects.filter(outcome="")
    return unanswered if actor.person_id is None or actor.instead_of is not None else unanswered.exclude(held)


class Content(NamedTuple):
    """What a sheet said before it was handed over."""

    said: list[tuple[Words, str]]
    concerned: Unit | None
    files: list[Attachment]


def take_off(sheet: Sheet) -> None:
    """Take the words that accuse off a sheet, and whom they accuse; they stay sealed beside its entries.

    纪检监察机关处理检举控告工作规则, art. 47; 信访工作条例, art. 30.
    """
    sheet.secrecy, sheet.title, sheet.description, sheet.concerned = Secrecy.SEALED, "", "", None


def put_back(sheet: Sheet, do: Do) -> None:
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


def handed_over_in(sheet: Sheet) -> Transfer | None:
    """The transfer a sheet went into last."""
    clue = _last(sheet)
    return clue.transfer if clue else None


def words_of(sheet: Sheet, transfer: Transfer, actor: Actor, now: datetime) -> Content:
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


def _last(sheet: Sheet) -> Clue | None:
    return Clue.objects.filter(sheet=sheet.pk).select_related("transfer").order_by("-pk").first()


def _said_first(sheet: Sheet, name: str) -> SealedValue:
    return SealedValue.objects.filter(entry__matter=sheet.pk, name=name).earliest("id")


def _concerned(sheet: Sheet) -> Unit | None:
    named = Entry.objects.get(matter=sheet.pk, seq=1).content["input"].get("unit")
    return _standing_now(Unit.objects.get(pk=int(named.partition(":")[2]))) if named else None


def _standing_now(unit: Unit) -> Unit:
    """A unit, or which took its place since."""
    follows = Succession.objects.filter(predecessor=unit).order_by("pk").first()
    return _standing_now(follows.successor) if follows else unit
