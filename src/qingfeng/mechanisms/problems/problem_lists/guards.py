"""Who may check that a problem is put right: somebody else of the unit 本单位他人复核."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.guards import Guard, Question
from qingfeng.kernel.guards.base import YES, Decision
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.text.words import Words
from qingfeng.mechanisms.problems.problem_lists.registers import WAITING, Item


@dataclass(frozen=True)
class SomebodyElse(Guard):
    """Whoever neither answers for the problem nor reported it put right, nor stands in for one who does.

    Before a problem is named: whether there is one waiting that they may check.
    """

    def decide(self, question: Question) -> Decision:
        matter, values = question.matter, question.values
        if matter is None:
            return Decision(False, _("There is no list yet."))
        waiting = Item.objects.filter(WAITING, own_list=matter.pk)
        if values is not None:
            waiting = waiting.filter(number=values["item"])
        found = list(waiting.values_list("person_id", "put_right_by_id"))
        if values is not None and not found:
            return YES  # the act itself says what is wrong with the number
        persons = question.actor.persons
        if any(persons.isdisjoint(involved) for involved in found):
            return YES
        if not found:
            return Decision(False, _("No problem of this list waits for a check."))
        return Decision(
            False,
            _("Who put it right doesn't check it."),
            remedy=_("Let the head, or another clerk of the unit, check it."),
        )

    def condition(self, actor: Actor) -> Q:
        persons = actor.persons
        own = Q(person_id__in=persons) | Q(put_right_by_id__in=persons)
        waiting = Item.objects.filter(WAITING, own_list=OuterRef("pk"))
        return Q(Exists(waiting.exclude(own) if persons else waiting))

    def sentence(self) -> Words:
        return _("somebody other than who put it right")
