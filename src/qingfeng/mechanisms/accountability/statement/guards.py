"""Who asks for statements: the supervision office, the discipline organ, the organization department."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.guards import Decision, Guard, Question
from qingfeng.kernel.guards.base import NOTHING
from qingfeng.kernel.people.actors import Actor, office_key
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Matter, Office, Role

SUPERVISION, DISCIPLINE = Office(Role.SUPERVISION_OFFICE), Office(Role.DISCIPLINE_ORGAN)
ORGANIZATION = Office(Role.ORGANIZATION_DEPARTMENT)
OFFICES = SUPERVISION | DISCIPLINE | ORGANIZATION
MAY_ASK = frozenset({SUPERVISION.role, DISCIPLINE.role, ORGANIZATION.role})


@dataclass(frozen=True)
class WhoAsked(Guard):
    """The office that asked for the statement: it alone gives more time, accepts, returns and calls off."""

    def decide(self, question: Question) -> Decision:
        decision = OFFICES.decide(question)
        matter = question.matter
        if not decision or matter is None or question.actor.role == matter.asked_by:  # type: ignore[attr-defined]
            return decision
        asked_by = Role(matter.asked_by).label  # type: ignore[attr-defined]  # of a statement
        return Decision(
            False,
            format_lazy(_("This was asked for by the {}."), asked_by),
            remedy=_("Talk to that office; the statement is handed in to it."),
        )

    def condition(self, actor: Actor) -> Q:
        return OFFICES.condition(actor) & Q(asked_by=actor.role) if actor.role in MAY_ASK else NOTHING

    def sentence(self) -> Words:
        return _("the office that asked")

    def holders(self, matter: Matter) -> frozenset[str]:
        return frozenset({office_key(matter.asked_by, matter.jurisdiction_id)})  # type: ignore[attr-defined]


WHO_ASKED = WhoAsked()
