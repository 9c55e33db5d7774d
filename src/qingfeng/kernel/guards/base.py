"""The algebra of guards: ``&``, ``|``, ``~``, and what each must render.

A guard says the same thing three ways: a decision with its reason, for one question;
a condition in SQL, for a list; a sentence, for the handbook. A fourth, the holders it
names for a matter, is what the access rows are written from.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.refusals import Misdeclared
from qingfeng.kernel.text.words import Words

if TYPE_CHECKING:
    from qingfeng.kernel.matters.models import Matter
    from qingfeng.kernel.people.actors import Actor

NOTHING = Q(pk__in=())
EVERYTHING = ~NOTHING


def is_nothing(condition: Q) -> bool:
    """Whether no row can meet a condition, told by its form: to build a query for it takes a hundred times as long."""
    return _always(condition) is False


def _always(part: Any) -> bool | None:
    """Whether every row meets a part of a condition (or none, False); none where that depends on the row."""
    if isinstance(part, Q):
        if not part:  # what asks nothing is met by every row, turned round too: so Django reads it
            return True
        parts = {_always(one) for one in part.children}
        # One that always holds decides an “or”, one that never does an “and”.
        decides = part.connector == Q.OR
        found = decides if decides in parts else None if None in parts else not decides
        return found if found is None else found != part.negated
    if isinstance(part, tuple) and part[0].endswith("__in"):
        return None if _any(part[1]) else False
    return None


def _any(one_of: Any) -> bool:
    """Whether there can be anything among the values a column is compared with."""
    if not isinstance(one_of, QuerySet):
        return bool(one_of)
    try:
        one_of.query.sql_with_params()
    except EmptyResultSet:
        return False
    return True


@dataclass(frozen=True)
class Question:
    """May ``actor`` do this to ``matter`` (none: opening one), at this time, with this input (none: not yet known)?"""

    actor: Actor
    matter: Matter | None
    now: datetime
    values: Mapping[str, Any] | None = None
    found: dict[Hashable, frozenset[int]] = field(default_factory=dict, compare=False, repr=False)
    """What guards read for it already, by what they asked for: the acts of a matter ask the same."""

    def once(self, asked: Hashable, read: Callable[[], frozenset[int]]) -> frozenset[int]:
        """What ``read`` gives, read once for one question and those made from it."""
        if asked not in self.found:
            self.found[asked] = read()
        return self.found[asked]


@dataclass(frozen=True)
class Decision:
    """Yes, or no with the reason, the clause it rests on and what to do next."""

    allowed: bool
    reason: Words = ""
    clause: str = ""
    remedy: Words = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)


class Guard(ABC):
    """A condition on who may act 权限条件."""

    @abstractmethod
    def decide(self, question: Question) -> Decision:
        """Decide one question in Python."""

    @abstractmethod
    def condition(self, actor: Actor) -> Q:
        """The matters for which it would decide yes, as a condition on ``Matter`` rows."""

    @abstractmethod
    def sentence(self) -> Words:
        """The guard in words, fit to follow 'by'."""

    def holders(self, matter: Matter) -> frozenset[str]:
        """Holder keys it names for a matter; empty where it names none of its own."""
        return frozenset()

    def standing(self, actor: Actor) -> tuple[int, ...]:
        """Ids of the jurisdictions whose matters it opens as a whole, without a row each."""
        return ()

    def beside_standing(self, actor: Actor) -> bool:
        """Whether it names the actor for matters outside its standing grant, which then have rows."""
        return not self.standing(actor) and self.condition(actor) != NOTHING

    def bound(self, matter: type[Matter]) -> Guard:
        """The guard as it is for one class of matter; only ``Per`` differs."""
        return self

    def __and__(self, other: Guard) -> Guard:
        return All((self, other))

    def __or__(self, other: Guard) -> Guard:
        return Either((self, other))

    def __invert__(self) -> Guard:
        return Not(self)


@dataclass(frozen=True)
class All(Guard):
    """Every part must decide yes."""

    parts: tuple[Guard, ...]

    def decide(self, question: Question) -> Decision:
        return next((no for part in self.parts if not (no := part.decide(question))), YES)

    def condition(self, actor: Actor) -> Q:
        joined = Q()
        for part in self.parts:
            joined &= part.condition(actor)
        return joined

    def sentence(self) -> Words:
        return _join(_("{} and {}"), self.parts)

    def holders(self, matter: Matter) -> frozenset[str]:
        # A part that names nobody (a recusal, a condition) narrows who may, and takes no holder away.
        naming = [named for part in self.parts if (named := part.holders(matter))]
        return frozenset.intersection(*naming) if naming else frozenset()

    def bound(self, matter: type[Matter]) -> Guard:
        return All(tuple(part.bound(matter) for part in self.parts))


@dataclass(frozen=True)
class Either(Guard):
    """One part that decides yes is enough; else the first part's reason is given."""

    parts: tuple[Guard, ...]

    def decide(self, question: Question) -> Decision:
        # All are asked, so that the first one's reason can be given: it is the one declared for the usual case.
        decisions = [part.decide(question) for part in self.parts]
        return next((decision for decision in decisions if decision), decisions[0])

    def condition(self, actor: Actor) -> Q:
        # From nothing upward: an alternative without parts lets nobody pass.
        joined = NOTHING
        for part in self.parts:
            joined |= part.condition(actor)
        return joined

    def sentence(self) -> Words:
        return _join(_("{} or {}"), self.parts)

    def holders(self, matter: Matter) -> frozenset[str]:
        return frozenset().union(*(part.holders(matter) for part in self.parts))

    def standing(self, actor: Actor) -> tuple[int, ...]:
        return tuple({covered for part in self.parts for covered in part.standing(actor)})

    def beside_standing(self, actor: Actor) -> bool:
        return any(part.beside_standing(actor) for part in self.parts)

    def bound(self, matter: type[Matter]) -> Guard:
        return Either(tuple(part.bound(matter) for part in self.parts))


@dataclass(frozen=True)
class Not(Guard):
    """The guard turned round."""

    part: Guard
    reason: Words = field(
        default=_("You must recuse yourself here: you did an earlier step, or it concerns you.")
    )

    def decide(self, question: Question) -> Decision:
        if self.part.decide(question):
            return Decision(False, self.reason, remedy=_("Someone else has to do it."))
        return YES

    def condition(self, actor: Actor) -> Q:
        return ~self.part.condition(actor)

    def sentence(self) -> Words:
        return format_lazy(_("not {}"), self.part.sentence())

    def bound(self, matter: type[Matter]) -> Guard:
        return Not(self.part.bound(matter), self.reason)


@dataclass(frozen=True)
class Per(Guard):
    """The guard that a class of matter names itself: what a pattern leaves to the mechanism that uses it."""

    name: str

    def bound(self, matter: type[Matter]) -> Guard:
        guard = getattr(matter, self.name, None)
        if not isinstance(guard, Guard):
            raise Misdeclared(f"{matter.__name__} has to name a guard “{self.name}”")
        return guard.bound(matter)

    def decide(self, question: Question) -> Decision:
        raise Misdeclared(f"“{self.name}” decides nothing until it is bound to a matter")

    def condition(self, actor: Actor) -> Q:
        raise Misdeclared(f"“{self.name}” decides nothing until it is bound to a matter")

    def sentence(self) -> Words:
        return self.name


def _join(pattern: Any, parts: tuple[Guard, ...]) -> Words:
    first, *rest = parts
    words = first.sentence()
    for part in rest:
        words = format_lazy(pattern, words, part.sentence())
    return words
