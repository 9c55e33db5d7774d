"""Who is on a round's team, and who must keep out of a unit because they belong to it 回避."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.guards import Decision, Guard, Question
from qingfeng.kernel.guards.base import NOTHING, YES
from qingfeng.kernel.guards.who import field_label
from qingfeng.kernel.people.actors import person_key
from qingfeng.kernel.people.roles import RoleHolding
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.vocabulary import Do, Matter
from qingfeng.mechanisms.problems.inspection.registers import TeamMember

if TYPE_CHECKING:
    from qingfeng.kernel.people.actors import Actor


def belonging(persons: Collection[int]) -> QuerySet[RoleHolding]:
    """The roles that persons hold or held, and those they stand in for."""
    return RoleHolding.objects.filter(Q(person_id__in=persons) | Q(delegations__delegate_id__in=persons))


def members(round_id: int | None, unit_id: int | None = None) -> frozenset[int]:
    """Ids of the team of a round; of one that visits a unit, without those who belong to that unit."""
    team = TeamMember.objects.filter(round_id=round_id)
    if unit_id is not None:
        own = RoleHolding.objects.filter(
            Q(person_id=OuterRef("person_id")) | Q(delegations__delegate_id=OuterRef("person_id")),
            unit_id=unit_id,
        )
        team = team.exclude(Exists(own))
    return frozenset(team.values_list("person_id", flat=True))


@dataclass(frozen=True)
class OnTeam(Guard):
    """Whoever was seconded to the round 检查组成员, in person; ``of`` names the visited unit, whose own people are left out.

    ``through``: the field of the matter that names the round; none: it is the round.
    """

    through: str = ""
    of: str = ""

    def _team(self, matter: Matter) -> frozenset[int]:
        round_id = getattr(matter, f"{self.through}_id") if self.through else matter.pk
        return members(round_id, getattr(matter, f"{self.of}_id") if self.of else None)

    def decide(self, question: Question) -> Decision:
        actor, matter = question.actor, question.matter
        person = actor.person_id if actor.instead_of is None else None
        if matter is not None and person is not None and person in self._team(matter):
            return YES
        return Decision(
            False,
            _("This is for the team of the round; nobody inspects their own unit."),
            remedy=_("Ask the office who is on the team."),
        )

    def condition(self, actor: Actor) -> Q:
        if actor.person_id is None or actor.instead_of is not None:
            return NOTHING
        rounds = TeamMember.objects.filter(person_id=actor.person_id).values("round_id")
        on_team = Q(**{f"{self.through}_id__in" if self.through else "pk__in": rounds})
        if not self.of:
            return on_team
        return on_team & ~Q(**{f"{self.of}_id__in": belonging([actor.person_id]).values("unit_id")})

    def sentence(self) -> Words:
        if self.of:
            return _("the team of the round, but for those who belong to the unit")
        return _("the team of the round")

    def holders(self, matter: Matter) -> frozenset[str]:
        return frozenset(map(person_key, self._team(matter)))


@dataclass(frozen=True)
class BelongsTo(Guard):
    """Whoever holds or held a role in the unit a field names, in any role they act in 本单位人员."""

    of: str
    called: Words = ""

    def bound(self, matter: type[Matter]) -> Guard:
        return replace(self, called=field_label(matter, self.of))

    def decide(self, question: Question) -> Decision:
        actor, matter = question.actor, question.matter
        unit_id = getattr(matter, f"{self.of}_id") if matter is not None else None
        own = belonging(actor.persons)
        if unit_id is not None and own.filter(unit_id=unit_id).exists():
            return YES
        return Decision(False, _("This is for the unit's own people."))

    def condition(self, actor: Actor) -> Q:
        return Q(**{f"{self.of}_id__in": belonging(actor.persons).values("unit_id")})

    def sentence(self) -> Words:
        return format_lazy(_("whoever belongs or belonged to the unit named as “{}”"), self.called or self.of)


def demand_another(do: Do) -> None:
    """Refuse to let whoever asked for a thing approve it, in whatever role (author is not approver)."""
    if do.matter.opened_by_id in do.actor.persons:
        do.refuse(_("Whoever asked for it does not approve it."), remedy=_("Have another leader look at it."))
