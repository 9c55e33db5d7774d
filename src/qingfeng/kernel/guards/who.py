"""The guards themselves: who stands in which relation to a matter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.acts.steps import candidates, holders_of, open_for, seated, waiting_for
from qingfeng.kernel.former_codes import act_names
from qingfeng.kernel.guards.base import EVERYTHING, NOTHING, YES, Decision, Guard, Question
from qingfeng.kernel.ledger.models import Entry
from qingfeng.kernel.people.actors import bearer_key, office_key, person_key, unit_key
from qingfeng.kernel.people.role import Role
from qingfeng.kernel.people.roles import set_over
from qingfeng.kernel.reading.compiled import compiled, int_slot, text_slot
from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter
    from qingfeng.kernel.people.actors import Actor


def field_label(matter: type[Matter], name: str) -> Words:
    """What a field of a matter is called. Raises ``Misdeclared`` where there is no such field."""
    try:
        label: Words = matter._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    except FieldDoesNotExist:
        raise Misdeclared(f"{matter.__name__} has no field “{name}” to name someone") from None
    return label


@dataclass(frozen=True)
class Office(Guard):
    """An office that answers for a whole jurisdiction 主管机关: this role over the matter's jurisdiction."""

    role: Role

    def decide(self, question: Question) -> Decision:
        actor, matter = question.actor, question.matter
        # The role before the place: whose role it isn't learns nothing of where the matter lies.
        if actor.role != self.role:
            return Decision(
                False,
                format_lazy(_("This is for the {}."), self.role.label),
                remedy=_("If you hold that role too, switch to it at the top of the page."),
            )
        if matter is not None and matter.jurisdiction_id not in actor.jurisdictions:
            return Decision(False, _("This matter belongs to another jurisdiction."))
        return YES

    def condition(self, actor: Actor) -> Q:
        if actor.role != self.role:
            return NOTHING
        return Q(jurisdiction_id__in=actor.jurisdictions)

    def sentence(self) -> Words:
        return format_lazy(_("the {} of the jurisdiction"), self.role.label)

    def holders(self, matter: Matter) -> frozenset[str]:
        return frozenset({office_key(self.role, matter.jurisdiction_id)})

    def standing(self, actor: Actor) -> tuple[int, ...]:
        return actor.jurisdictions if actor.role == self.role else ()


@dataclass(frozen=True)
class Holds(Guard):
    """Whoever holds a role in the unit that a field of the matter names 责任单位的任职者, or is in charge of it 分管."""

    role: Role
    of: str
    called: Words = ""

    def bound(self, matter: type[Matter]) -> Guard:
        return replace(self, called=field_label(matter, self.of))

    def decide(self, question: Question) -> Decision:
        actor, matter = question.actor, question.matter
        unit_id = getattr(matter, f"{self.of}_id") if matter is not None else actor.unit_id
        if actor.role == self.role and unit_id in actor.units:
            return YES
        return Decision(
            False,
            format_lazy(_("This is for the {} of the unit it was given to."), self.role.label),
            remedy=_("Ask that unit, or the office that handed it out."),
        )

    def condition(self, actor: Actor) -> Q:
        if actor.role != self.role or not actor.units:
            return NOTHING
        return Q(**{f"{self.of}_id__in": actor.units})

    def sentence(self) -> Words:
        return format_lazy(_("the {} of the unit named as “{}”"), self.role.label, self.called or self.of)

    def holders(self, matter: Matter) -> frozenset[str]:
        unit_id = getattr(matter, f"{self.of}_id")
        return frozenset({unit_key(self.role, unit_id)} if unit_id is not None else ())


@dataclass(frozen=True)
class Is(Guard):
    """The person that a field of the matter names 本人."""

    field: str
    called: Words = ""

    def bound(self, matter: type[Matter]) -> Guard:
        return replace(self, called=field_label(matter, self.field))

    def decide(self, question: Question) -> Decision:
        actor, matter = question.actor, question.matter
        named = getattr(matter, f"{self.field}_id") if matter is not None else actor.person_id
        # Who stands in acts in a role; what is somebody's own (their leave, their statement) no role carries.
        if named is not None and actor.person_id == named and actor.instead_of is None:
            return YES
        return Decision(False, _("This is for the person it concerns."))

    def condition(self, actor: Actor) -> Q:
        if actor.person_id is None or actor.instead_of is not None:
            return NOTHING
        return Q(**{f"{self.field}_id": actor.person_id})

    def sentence(self) -> Words:
        return format_lazy(_("the person named as “{}”"), self.called or self.field)

    def holders(self, matter: Matter) -> frozenset[str]:
        person_id = getattr(matter, f"{self.field}_id")
        return frozenset({person_key(person_id)} if person_id is not None else ())


@dataclass(frozen=True)
class Concerns(Guard):
    """The person a field names in whatever role they act, and who stands in for them; turned round, recusal 回避."""

    field: str
    called: Words = ""

    def bound(self, matter: type[Matter]) -> Guard:
        return replace(self, called=field_label(matter, self.field))

    def decide(self, question: Question) -> Decision:
        actor, matter = question.actor, question.matter
        named = getattr(matter, f"{self.field}_id") if matter is not None else None
        # Both of them: recusal that ended with a delegation would be no recusal (公务员法 art. 76).
        if named in actor.persons:
            return YES
        return Decision(False, _("This is for the person it concerns."))

    def condition(self, actor: Actor) -> Q:
        persons = actor.persons
        return Q(**{f"{self.field}_id__in": persons}) if persons else NOTHING

    def sentence(self) -> Words:
        return format_lazy(
            _("the person named as “{}”, in any role, or who stands in for them"), self.called or self.field
        )


@dataclass(frozen=True)
class Outside(Guard):
    """The party outside the staff that a field of the matter names, by an account of its own 外部主体本人."""

    field: str
    called: Words = ""

    def bound(self, matter: type[Matter]) -> Guard:
        return replace(self, called=field_label(matter, self.field))

    def decide(self, question: Question) -> Decision:
        actor, matter = question.actor, question.matter
        if matter is not None and actor.outside and self._person(matter) == actor.person_id:
            return YES
        return Decision(False, _("This is for the party outside the staff that it names."))

    def condition(self, actor: Actor) -> Q:
        return Q(**{f"{self.field}__person": actor.person_id}) if actor.outside else NOTHING

    def sentence(self) -> Words:
        return format_lazy(_("the party outside the staff named as “{}”"), self.called or self.field)

    def holders(self, matter: Matter) -> frozenset[str]:
        person_id = self._person(matter)
        return frozenset({person_key(person_id)} if person_id is not None else ())

    def _person(self, matter: Matter) -> int | None:
        party = getattr(matter, self.field)
        person_id: int | None = party.person_id if party is not None else None
        return person_id


@dataclass(frozen=True)
class SetOver(Guard):
    """Whoever works for the unit a field names as its clerk, or is set over it, in whatever role they act 利害关系.

    Set over it is its head, the head of a unit above, who has either in their portfolio, and who stands in for
    one of these. Turned round: whoever verifies is neither the rectifier nor above them 核查人回避.
    """

    of: str
    called: Words = ""

    def bound(self, matter: type[Matter]) -> Guard:
        return replace(self, called=field_label(matter, self.of))

    def decide(self, question: Question) -> Decision:
        actor, matter = question.actor, question.matter
        unit_id = getattr(matter, f"{self.of}_id") if matter is not None else None
        if unit_id is not None:
            asked = (actor.persons, day_of(question.now))
            if unit_id in question.once((SetOver, *asked), lambda: set_over(*asked)):
                return YES
        return Decision(False, _("This is for those who work for the unit or are set over it."))

    def condition(self, actor: Actor) -> Q:
        units = set_over(actor.persons, actor.on) if actor.on is not None else ()
        return Q(**{f"{self.of}_id__in": units}) if units else NOTHING

    def sentence(self) -> Words:
        return format_lazy(
            _(
                "whoever works for the unit named as “{}” or is set over it, in any role, or stands in for such"
            ),
            self.called or self.of,
        )


@dataclass(frozen=True)
class Did(Guard):
    """Whoever did a named act on this matter before; turned round, the rule of four eyes 回避."""

    act: str
    called: Words = ""
    names: tuple[str, ...] = ()
    """The act in entries: as it is named, and as it was."""

    def bound(self, matter: type[Matter]) -> Guard:
        declared = next((vars(cls)[self.act] for cls in matter.__mro__ if self.act in vars(cls)), None)
        if declared is None:
            raise Misdeclared(f"{matter.__name__} has no act “{self.act}” to speak of")
        return replace(self, called=declared.label, names=act_names(matter.code, self.act))

    def decide(self, question: Question) -> Decision:
        actor, matter = question.actor, question.matter
        if matter is None or actor.person_id is None:
            return Decision(False, _("Nobody did this yet."))
        doers = question.once((Did, self.act), lambda: _doers(matter.pk, self.names))
        if actor.person_id in doers:
            return YES
        return Decision(False, _("This is for the person who did the earlier step."))

    def condition(self, actor: Actor) -> Q:
        if actor.person_id is None:
            return NOTHING
        done = Entry.objects.filter(matter_id=OuterRef("pk"), person_id=actor.person_id)
        return Q(Exists(done.filter(act__in=self.names)))

    def sentence(self) -> Words:
        return format_lazy(_("whoever did “{}”"), self.called or self.act)


def _doers(matter_id: int, names: tuple[str, ...]) -> frozenset[int]:
    """Ids of the persons who did an act on a matter, by whatever name it went then."""
    return frozenset(person for name in names for (person,) in compiled(_done)(matter_id, name))


def _done() -> QuerySet[Entry, tuple[int]]:
    # From the ledger, not from a column: a field can be set anew, an entry can't.
    done = Entry.objects.filter(matter_id=int_slot(0), act=text_slot(1), person_id__isnull=False)
    return done.values_list("person_id").distinct()


@dataclass(frozen=True)
class OnStep(Guard):
    """A candidate of the approval step that is open 当前审批环节的审批人."""

    def decide(self, question: Question) -> Decision:
        if question.matter is not None and open_for(question.matter, question.actor):
            return YES
        return Decision(
            False,
            _("The step that is open now is not yours, or you have had your say."),
            remedy=_("The matter's page shows whose turn it is."),
        )

    def condition(self, actor: Actor) -> Q:
        return Q(pk__in=waiting_for(actor))

    def sentence(self) -> Words:
        return _("a candidate of the approval step that is open")

    def holders(self, matter: Matter) -> frozenset[str]:
        return candidates(matter)


@dataclass(frozen=True)
class Seated(Guard):
    """Whoever has a seat in the approval steps, whether it is their turn, still to come or past 审批链上的人."""

    def decide(self, question: Question) -> Decision:
        actor, matter = question.actor, question.matter
        if matter is not None and not holders_of(matter).isdisjoint(actor.keys):
            return YES
        return Decision(False, _("This is for those who have a seat in its approval steps."))

    def condition(self, actor: Actor) -> Q:
        return Q(pk__in=seated(actor))

    def sentence(self) -> Words:
        return _("those who have a seat in the approval steps")

    def holders(self, matter: Matter) -> frozenset[str]:
        return holders_of(matter)


REASONS: dict[str, Words] = {
    "clock": _("when a time limit runs out"),
    "duty": _("at its turn"),
    "calendar": _("when the working days are known"),
    "succession": _("when a unit is reorganized"),
    "founding": _("when a jurisdiction is founded"),
    "upgrade": _("with an upgrade"),
    "intake": _("when it takes in messages"),
}
"""The kernel's own reasons in words; a mechanism says its own where it names it, as ``told``."""


@dataclass(frozen=True)
class System(Guard):
    """The system itself, for one reason, ``told`` in words 系统; never a person's act or about a person's standing."""

    reason: str
    told: Words = field(default="", compare=False)

    def decide(self, question: Question) -> Decision:
        if question.actor.reason == self.reason:
            return YES
        return Decision(False, _("The system does this by itself when it is due."))

    def condition(self, actor: Actor) -> Q:
        return EVERYTHING if actor.reason == self.reason else NOTHING

    def sentence(self) -> Words:
        return format_lazy(_("the system ({})"), self.told or REASONS.get(self.reason, self.reason))


@dataclass(frozen=True)
class Bearer(Guard):
    """The bearer of a token for one purpose 凭证持有人."""

    purpose: str

    def decide(self, question: Question) -> Decision:
        if question.actor.bearer == self.purpose:
            return YES
        return Decision(False, _("This needs the token that was handed out for it."))

    def condition(self, actor: Actor) -> Q:
        return EVERYTHING if actor.bearer == self.purpose else NOTHING

    def sentence(self) -> Words:
        return format_lazy(_("the bearer of a token for “{}”"), self.purpose)

    def holders(self, matter: Matter) -> frozenset[str]:
        return frozenset({bearer_key(self.purpose)})


@dataclass(frozen=True)
class Anyone(Guard):
    """Any account that acts in a role 任何在岗人员."""

    def decide(self, question: Question) -> Decision:
        if question.actor.role:
            return YES
        return Decision(False, _("Sign in first."))

    def condition(self, actor: Actor) -> Q:
        return EVERYTHING if actor.role else NOTHING

    def sentence(self) -> Words:
        return _("anyone signed in")


@dataclass(frozen=True)
class When(Guard):
    """A condition on the matter or the input, not on who asks 业务条件; ``test`` returns whether it holds."""

    test: Callable[[Question], bool]
    query: Q
    says: Words
    reason: Words
    clause: str = ""
    remedy: Words = ""

    def decide(self, question: Question) -> Decision:
        if self.test(question):
            return YES
        return Decision(False, self.reason, self.clause, self.remedy)

    def condition(self, actor: Actor) -> Q:
        return self.query

    def sentence(self) -> Words:
        return self.says
