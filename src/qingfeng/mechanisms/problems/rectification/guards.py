"""Who has a part in a problem sheet, and who must keep out of checking it 核查人回避."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.guards import Decision, Guard, Question
from qingfeng.kernel.guards.base import YES, Not
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Concerns, Did, Holds, Office, Role, SetOver, When
from qingfeng.mechanisms.problems.rectification.declarations import NOT_HANDED_OVER
from qingfeng.mechanisms.problems.rectification.registers import Clue

OFFICE = Office(Role.SUPERVISION_OFFICE)
CLERK = Holds(Role.UNIT_CLERK, of="responsible")
HEAD = Holds(Role.UNIT_HEAD, of="responsible")
LEADER = Holds(Role.LEADER, of="responsible")
THE_UNIT = CLERK | HEAD
INDEPENDENT_OF_UNIT = Not(
    Did("report") | Concerns("rectifier") | SetOver("responsible"),
    _("Whoever put this right, or is set over those who did, does not check it."),
)
INDEPENDENT = OFFICE & INDEPENDENT_OF_UNIT
"""Of the office, and neither the rectifier nor set over them (DOMAIN C1, 核查人回避)."""
ANOTHER = Not(
    Concerns("assigner"),
    _("Whoever handed this out does not close it out; a second person of the office does."),
)
SECOND = INDEPENDENT & ANOTHER
"""Who closes out: another than who handed it out, where the regime says so; over an office of one, the office above."""
LINKED = When(
    lambda question: question.matter is not None and bool(question.matter.rebound),  # type: ignore[attr-defined]
    Q(rebound=True),
    _("a sheet that counts as a rebound"),
    _("This sheet does not count as a rebound."),
)


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
    held = Q(transfer__state__in=NOT_HANDED_OVER, transfer__prepared_by=actor.person_id)
    unanswered = Clue.objects.filter(outcome="")
    return unanswered if actor.person_id is None or actor.instead_of is not None else unanswered.exclude(held)
