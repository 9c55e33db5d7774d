"""Goals 目标数量: a number that each person of a rank is to reach in a period, counted over a fact.

The regime says how much each rank owes; what is done is the sum of the facts that stand, so that one taken back counts
no more. It binds by telling: whom it binds, beforehand; nothing else follows from it. Others are told counts by rank,
never a list of persons in an order (个人信息保护法 art. 24).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NamedTuple

from django.db import models
from django.db.models import Sum
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.acts.access import readable
from qingfeng.kernel.acts.declaration import act
from qingfeng.kernel.acts.inputs import Line
from qingfeng.kernel.guards import System
from qingfeng.kernel.matters.models import Matter
from qingfeng.kernel.matters.registry import mechanisms
from qingfeng.kernel.matters.states import NEW, State
from qingfeng.kernel.people.actors import Actor, person_key
from qingfeng.kernel.people.models import Jurisdiction, Person
from qingfeng.kernel.reading.statistics import Column, Reading, Statistic
from qingfeng.kernel.record.facts import Fact, FactKind
from qingfeng.kernel.record.quotas import Quota, Spell, owed, rank_on
from qingfeng.kernel.regime.parameters import Count, Flag, Parameter
from qingfeng.kernel.regime.policy import Policy, parameter
from qingfeng.kernel.regime.tables import OneOf, Table
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.clocks import Clock
from qingfeng.kernel.time.duties import Due, Duty
from qingfeng.kernel.time.periods import begin_of
from qingfeng.kernel.time.recurrence import days_of

if TYPE_CHECKING:
    from qingfeng.kernel.acts.do import Do

MOST = 1_000_000

ENDING = Clock("ending", _("End of the period"))
REMINDING = Clock("reminding", _("Reminder of what is still to be done"), warns_of=ENDING)

RUNNING = State("running", pgettext_lazy("goal", "running"))
OVER = State("over", pgettext_lazy("goal", "over"), final=True)


@dataclass(frozen=True)
class Ranks:
    """Where the ranks of persons are known 层次来源; the organization has it (``cadres.BY_RANK``).

    :param held: the ranks some persons held from a day to a day, each from a day on, in order; by id
    :param persons: who holds one of some ranks on a day
    :param labels: the parameter that lists the ranks
    """

    held: Callable[[Collection[int], date, date], Mapping[int, Sequence[Spell]]]
    persons: Callable[[Collection[str], date], models.QuerySet[Person]]
    labels: Parameter


class Progress(NamedTuple):
    """How far one is 进度: what is done and what is owed, in the fact's unit, and by what rank."""

    done: int
    owed: int
    rank: str

    @property
    def reached(self) -> bool:
        """Whether the number is reached."""
        return self.done >= self.owed


@dataclass(frozen=True)
class Goal:
    """A goal as declared by ``goal``: ``numbers`` is the table of the regime, ``early`` and ``late`` days from the end."""

    code: str
    label: Words
    of: FactKind
    ranks: Ranks
    numbers: Parameter
    early: Parameter
    late: Parameter

    def bound(self, jurisdiction: Jurisdiction, on: date) -> models.QuerySet[Person]:
        """Whom it binds in a jurisdiction on a day."""
        return self.ranks.persons([quota.rank for quota in _quotas(self, jurisdiction.pk, on)], on)

    def duty(self, code: str, label: Words, recurrence: Parameter, opens: str) -> Duty:
        """The duty that opens it for each person it binds, to be registered by ``recurring``."""
        return Duty(code, label, recurrence, opens, _inputs, self.bound, over_period=True)

    def progress(self, matters: Iterable[PersonalGoal], today: date) -> dict[int, Progress]:
        """How far each of some matters is, by id; those of a rank that owes nothing are left out."""
        together: dict[tuple[int, str], list[PersonalGoal]] = defaultdict(list)
        for matter in matters:
            together[matter.jurisdiction_id, matter.period].append(matter)
        found: dict[int, Progress] = {}
        for (jurisdiction, period), some in together.items():
            first, last = days_of(period)
            quotas = _quotas(self, jurisdiction, min(today, last))
            held = self.ranks.held([one.person_id for one in some], first, min(today, last))
            done = self._done(jurisdiction, [_subject(one) for one in some], first, last)
            for one in some:
                spells = held.get(one.person_id, ())
                number = owed(quotas, spells, first, last) if spells else None
                if number is not None:
                    rank = rank_on(spells, last)
                    found[one.pk] = Progress(done.get(_subject(one), 0) // 10**self.of.scale, number, rank)
        return found

    def _done(self, jurisdiction: int, subjects: Collection[str], first: date, last: date) -> dict[str, int]:
        """The sums of the facts that held from a day to a day; one taken back stands in it twice, and adds nothing."""
        facts = Fact.objects.filter(
            name__in=self.of.names,
            jurisdiction=jurisdiction,
            subject__in=subjects,
            held_on__gte=first,
            held_on__lte=last,
        )
        return dict(facts.order_by().values_list("subject").annotate(Sum("quantity")))

    def reached(self) -> Statistic:
        """How many of each rank are bound and have reached it, by the periods of the year; no person by name."""

        def rows(reading: Reading) -> list[tuple[Words, int, int, int]]:
            matters = reading.queryset.filter(period__startswith=f"{reading.year}")
            policy = Policy(reading.actor.jurisdiction_id or 0, reading.today)
            labels = policy.labels(self.ranks.labels)
            by_rank: dict[str, list[bool]] = {rank: [] for rank in labels}
            for one in self.progress(matters, reading.today).values():
                by_rank.setdefault(one.rank, []).append(one.reached)
            return [
                (labels.get(rank, rank), len(each), sum(each), 1000 * sum(each) // len(each))
                for rank, each in by_rank.items()
                if each
            ]

        columns = (
            Column(pgettext_lazy("of cadres", "Rank"), "words"),
            Column(_("Bound")),
            Column(_("Reached"), look="done"),
            Column(_("Share reached"), "share"),
        )
        return Statistic("reached", self.label, columns, rows)


def goal(code: str, label: Words, *, of: FactKind, by: Ranks) -> Goal:
    """Declare a goal, with what the regime sets for it: the numbers by rank, ``<code>_early`` and ``<code>_late``."""
    numbers = parameter(
        code,
        label,
        Table(
            Quota,
            {
                "rank": OneOf(listed=by.labels.name),
                "number": Count(of.unit, least=1, most=MOST),
                "by_day": Flag(),
            },
            unique=("rank",),
            told=_told,
        ),
        _("How much each rank owes in a period; with by_day in proportion to the days it was held."),
    )
    early = parameter(
        f"{code}_early",
        format_lazy(_("{}: reminder"), label),
        Count("days", least=1, most=366),
        _("How many days before the period ends whoever has not reached the number is reminded of it."),
    )
    late = parameter(
        f"{code}_late",
        format_lazy(_("{}: late entry"), label),
        Count("days", least=0, most=366),
        _("For how many days after the period what was done in it may still be entered and mended."),
    )
    return Goal(code, label, of, by, numbers, early, late)


class PersonalGoal(Matter):
    """One person's goal in one period 个人年度任务: opened by a duty, reminded of once, over with the period.

    A subclass names its ``goal``, and adds the acts that leave the facts it is counted from. ``goal.duty`` opens it,
    by the contract ``<code>.open``.
    """

    goal: ClassVar[Goal]
    filters: ClassVar[tuple[str, ...]] = ("period", "person")

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    period = models.CharField(_("period"), max_length=10)

    if TYPE_CHECKING:
        person_id: int

    class Meta:
        abstract = True

    @property
    def first(self) -> date:
        """The first day of the period."""
        return days_of(self.period)[0]

    @property
    def last(self) -> date:
        """The last day of the period."""
        return days_of(self.period)[1]

    def progress(self, today: date) -> Progress | None:
        """How far the person is; none where their rank owes nothing."""
        return self.goal.progress([self], today).get(self.pk)

    @act(
        NEW, to=RUNNING, by=System("duty"), provides="{code}.open", starts=ENDING, label=_("Open the period")
    )
    def open(self, do: Do, person: Person, period: Annotated[str, Line(10)]) -> None:
        """Open a person's goal for a period; the system does so when the period begins, or the person comes under it."""
        self.person, self.period = person, period
        self.title = f"{self.goal.label} {period}"
        late = do.value(self.goal.late) if do.policy.seen(self.goal.late) is not None else 0
        do.count_from(ENDING, _end_of(self.last + timedelta(days=late)))
        if do.policy.seen(self.goal.early) is not None:
            early = timedelta(days=do.value(self.goal.early))
            do.clocks.start(REMINDING, None, max(do.now, _end_of(self.last - early)))

    @act(RUNNING, by=System("clock"), expires=REMINDING, label=_("Remind"))
    def remind(self, do: Do) -> None:
        """Remind the person of what is still to be done before the period ends; who has reached the number is left alone."""
        far = self.progress(do.today)
        if far is not None and not far.reached:
            words = _("{}: {} of {} so far. The period ends with {}.")
            do.notify(person_key(self.person_id), words, self.goal.label, far.done, far.owed, self.last)

    @act(RUNNING, to=OVER, by=System("clock"), expires=ENDING, stops=REMINDING, label=_("End the period"))
    def end(self, do: Do) -> None:
        """End the period; what was done stands, and nothing follows from it by itself."""


def own_goals(actor: Actor, today: date) -> list[tuple[PersonalGoal, Progress]]:
    """The goals that bind whoever looks, in the periods that run, and how far they are; who stands in has none."""
    if actor.person_id is None or actor.instead_of is not None:
        return []
    found: list[tuple[PersonalGoal, Progress]] = []
    for cls in goals():
        mine: list[PersonalGoal] = list(readable(_running(cls).filter(person=actor.person_id), actor))
        far = cls.goal.progress(mine, today)
        found += [(one, far[one.pk]) for one in mine if one.pk in far]
    return found


class GoalCount(NamedTuple):
    """Of a goal and a period: how many it binds, and how many have reached it."""

    goal: type[PersonalGoal]
    period: str
    bound: int
    reached: int


def goal_counts(actor: Actor, today: date) -> list[GoalCount]:
    """How many reached the goals of the periods that run, where one reads those of a whole jurisdiction."""
    found: list[GoalCount] = []
    for cls in goals():
        covered = cls.reads.standing(actor)
        by_period: dict[str, list[PersonalGoal]] = defaultdict(list)
        for matter in _running(cls).filter(jurisdiction_id__in=covered) if covered else ():
            by_period[matter.period].append(matter)
        for period, some in by_period.items():
            far = list(cls.goal.progress(some, today).values())
            found.append(GoalCount(cls, period, len(far), sum(one.reached for one in far)))
    return found


def goals() -> list[type[PersonalGoal]]:
    """The mechanisms that have a goal."""
    return [cls for cls in mechanisms().values() if issubclass(cls, PersonalGoal)]


def _running(cls: type[PersonalGoal]) -> models.QuerySet[Any]:
    running: models.QuerySet[Any] = cls._default_manager.filter(closed=False)
    return running.order_by("period", "pk")


def _quotas(one: Goal, jurisdiction: int, on: date) -> Sequence[Quota]:
    """The numbers in force on a day; none where the regime says nothing."""
    found = Policy(jurisdiction, on).seen(one.numbers)
    return found.value if found is not None else ()  # type: ignore[return-value]  # a table of quotas


def _inputs(due: Due) -> dict[str, Any]:
    assert due.subject is not None
    return {"person": due.subject.pk, "period": due.period}


def _told(quota: Quota) -> Words:
    words = _("{}: {}, by the days it was held") if quota.by_day else _("{}: {}")
    return format_lazy(words, quota.rank, quota.number)


def _subject(matter: PersonalGoal) -> str:
    """The person as facts name them."""
    return f"person:{matter.person_id}"


def _end_of(day: date) -> datetime:
    """24:00 of a day."""
    return begin_of(day + timedelta(days=1))
