"""Absence without approved leave 旷工、逾期不归: noted, told to the person, who has their word; nothing follows by itself.

More than so many days on end, or a year, are a fact for the organization department to look into (公务员法 art. 88 (5);
of institutions' staff working days, 事业单位人事管理条例 art. 15). What it decides, it decides elsewhere, by the
procedure of the law. Approved leave of any length never counts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.people.actors import office_key, person_key
from qingfeng.kernel.record.facts import Fact
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import written_day
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Concerns,
    Do,
    Holds,
    Input,
    Is,
    Matter,
    Office,
    Parameter,
    Person,
    Prose,
    Role,
    Sealed,
    State,
    System,
    Unit,
    act,
)
from qingfeng.mechanisms.restraint.leave import return_watch, rules
from qingfeng.mechanisms.restraint.leave.declarations import ABSENT_LONG, HEARING, LONG
from qingfeng.mechanisms.restraint.leave.inputs import role_in
from qingfeng.mechanisms.restraint.leave.policy import ABSENT_A_YEAR, ABSENT_ON_END, HEARD_WITHIN, Staff

ONESELF = Is("person")
OFFICE = Office(Role.ORGANIZATION_DEPARTMENT)
OF_THE_UNIT = Holds(Role.UNIT_CLERK, of="unit") | Holds(Role.UNIT_HEAD, of="unit")
OTHERS = ~Concerns("person")
ABSENCE_NOTED = "absence.noted"
"""The contract under which leave that nobody came back from is handed over."""
KEPT = Sealed("10_years", of="person")

ABSENT = State("absent", _("absent, not back"))
BACK = State("back", _("back, to be looked into"))
STANDS = State("stands", _("looked into: without leave"), final=True)
EXPLAINED = State("explained", _("looked into: explained"), final=True, void=True)


class AbsenceNote(Input):
    """An absence as the unit notes it; these are the values of the contract ``absence.noted`` too."""

    person: Annotated[Person, _("Who was absent")]  # type: ignore[valid-type]  # mypy, before Person is analysed
    staff: Annotated[Staff, _("How the days are counted")]
    first_day: Annotated[date, _("First day")]
    last_day: Annotated[date | None, _("Last day; none: not back yet")] = None
    known: Annotated[str, Prose(1000), KEPT, _("What is known")]


class Absence(Matter):
    """Days on which somebody was absent without approved leave (未经批准缺勤), from the note to what was found."""

    code = "absences"
    series = "缺勤"
    retention = "10_years"
    reads: ClassVar = ONESELF | OFFICE | OF_THE_UNIT
    becomes: ClassVar = {"unit": FOLLOWS}
    filters = ("unit", "long")

    person = models.ForeignKey(Person, models.PROTECT, related_name="absences", verbose_name=_("person"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="absences", verbose_name=_("unit"))
    staff = models.CharField(_("how the days are counted"), max_length=20, choices=Staff.choices)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"), null=True)
    long = models.BooleanField(_("to be looked into"), default=False)
    stated = models.BooleanField(_("the person has stated their side"), default=False)

    class Meta:
        verbose_name = _("absence without leave")
        verbose_name_plural = _("absences without leave")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person", "first_day"], name="absences_of_a_person")
        ]

    @act(
        NEW,
        to=(ABSENT, BACK),
        by=OF_THE_UNIT,
        provides=ABSENCE_NOTED,
        starts=HEARING,
        label=_("Note an absence"),
    )
    def note(self, do: Do, noted: AbsenceNote) -> State:
        """Note that somebody of the unit is or was absent without approved leave; the person is told."""
        self.person, self.staff = noted.person, Staff(noted.staff).value
        self.first_day, self.last_day = noted.first_day, noted.last_day
        if do.actor.unit_id is not None:
            role_in(do, noted.person)
        self.unit_id = do.actor.unit_id or return_watch.serving(do, noted.person)
        self.title = f"{self.unit} {noted.first_day.isoformat()}"
        self._demand_days(do, noted.last_day or do.today)
        words = _(
            "Days of absence without approved leave were noted: {}. You may state your side on its page."
        )
        do.notify(person_key(noted.person.pk), words, self)
        if noted.last_day is None:
            self._watch(do)
            return ABSENT
        self._look(do)
        return BACK

    @act((ABSENT, BACK), by=ONESELF, label=_("State my side"))
    def state_side(self, do: Do, words: Annotated[str, Prose(2000), KEPT, _("My side")]) -> None:
        """Say how it was: the leave there was, the reason, what stood in the way of asking."""
        self.stated = True
        do.notify(
            office_key(Role.ORGANIZATION_DEPARTMENT, self.jurisdiction_id),
            _("The person has stated their side: {}"),
            self,
        )

    @act(ABSENT, to=BACK, by=OF_THE_UNIT & OTHERS, owed=True, label=_("Note the return"))
    def come_back(self, do: Do, last_day: Annotated[date, _("Last day of absence")]) -> None:
        """Note that the person is back, and which day of absence was the last."""
        if not self.first_day <= last_day <= do.today:
            raise Invalid({"last_day": [_("The last day lies between the first one and today.")]})
        do.clocks.stop(LONG)
        self.last_day = last_day
        self._demand_days(do, last_day)
        self._look(do)

    @act(ABSENT, by=System("clock"), expires=LONG, label=_("Note that it has grown long"))
    def grow_long(self, do: Do) -> None:
        """Note that there are more days than the law lets pass: a fact for the organization department to look into."""
        if self._grows_long(do, do.today - timedelta(days=1)) is None:
            # Leave was approved meanwhile, and its days don't count.
            self._watch(do)
        else:
            self._be_long(do)

    @act(
        BACK,
        to=(STANDS, EXPLAINED),
        by=OFFICE,
        owed=True,
        stops=HEARING,
        label=_("Conclude"),
    )
    def conclude(
        self,
        do: Do,
        explained: Annotated[bool, _("There was leave, or a reason that holds")],
        finding: Annotated[str, Prose(2000), KEPT, _("What was found")],
    ) -> State:
        """Conclude what it was, once the person has had their word; what may follow is decided elsewhere, by the law."""
        if do.actor.person_id == self.person_id:
            do.refuse(_("This is about your own absence."), remedy=_("A colleague does this."))
        heard = do.clocks.due(HEARING)
        if not explained and not self.stated and heard is not None and heard > do.now:
            do.refuse(
                _("The person has not stated their side, and still has time to."),
                do.clause(HEARD_WITHIN),
                _("Wait until that time is over, or until they have."),
            )
        do.notify(
            person_key(self.person_id), _("What was found about your absence stands on its page: {}"), self
        )
        if not explained:
            return STANDS
        for fact in Fact.objects.filter(entry__matter=self.pk, name__in=ABSENT_LONG.names):
            do.take_back(fact)
        return EXPLAINED

    def _demand_days(self, do: Do, last: date) -> None:
        """Refuse days to come, and days for which there is approved leave or that were noted already."""
        field = "first_day" if do.act.opens else "last_day"
        if self.first_day > last or last > do.today:
            raise Invalid({field: [_("Only days that are past, or today, can be noted.")]})
        leave = return_watch.on_leave(self.person, self.first_day, last)
        if leave is not None:
            words = format_lazy(
                _("There is approved leave {} for {}."), leave.leave.number, written_day(leave.day)
            )
            raise Invalid({field: [words, _("Note only the days without leave.")]})
        others = Absence.objects.filter(person=self.person, first_day__lte=last).exclude(pk=self.pk)
        others = others.exclude(state=EXPLAINED.code).exclude(last_day__lt=self.first_day)
        if others.exists():
            raise Invalid({field: [_("Some of these days were noted already.")]})

    def _watch(self, do: Do) -> None:
        """Have it looked at when it grows long, were the person not back by then."""
        grown = self._grows_long(do, None)
        if grown is not None:
            do.clocks.start(LONG, None, max(rules.day_over(grown), do.now))

    def _look(self, do: Do) -> None:
        """Whether the days, now that they are known, were too many."""
        if not self.long and self._grows_long(do, self.last_day) is not None:
            self._be_long(do)

    def _be_long(self, do: Do) -> None:
        self.long = True
        do.leave(ABSENT_LONG, subject=self.person, held_on=min(self.last_day or do.today, do.today))
        do.notify(
            office_key(Role.ORGANIZATION_DEPARTMENT, self.jurisdiction_id),
            _("An absence without leave is longer than the law lets pass; please look into it: {}"),
            self,
        )
        do.notify(
            person_key(self.person_id),
            _(
                "Your absence is looked into by the organization department. You may state your side on its page: {}"
            ),
            self,
        )

    def _grows_long(self, do: Do, last: date | None) -> date | None:
        """The day on which the days on end, or those of a year, are more than the regime lets pass."""
        counted = self._counts(do)
        others = Absence.objects.filter(person=self.person).exclude(pk=self.pk).exclude(state=EXPLAINED.code)
        ranges = [(row.first_day, row.last_day or do.today) for row in others]
        return rules.grows_long(
            self.first_day,
            last,
            ranges,
            counted,
            return_watch.days_on_leave(self.person),
            _most(do, ABSENT_ON_END[Staff(self.staff)]),
            _most(do, ABSENT_A_YEAR[Staff(self.staff)]),
        )

    def _counts(self, do: Do) -> Callable[[date], bool]:
        if self.staff == Staff.CIVIL_SERVANT:
            return lambda _day: True
        workdays = do.policy.workdays
        return lambda day: day.year in workdays.years and workdays.is_workday(day)


def _most(do: Do, parameter: Parameter) -> int | None:
    """How many days a regime lets pass; none where it says nothing."""
    most: int | None = do.value(parameter) if do.policy.levels(parameter) else None
    return most
