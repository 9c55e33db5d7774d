"""The books of annual leave: a balance of half days per person and year, opened on first use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.ledger.values import plain
from qingfeng.kernel.people.actors import Actor
from qingfeng.kernel.record import books
from qingfeng.kernel.refusals import Barred
from qingfeng.kernel.regime.policy import Policy
from qingfeng.kernel.text.words import Words
from qingfeng.kernel.time.periods import day_of
from qingfeng.kernel.vocabulary import Do, Person
from qingfeng.mechanisms.restraint.leave import rules
from qingfeng.mechanisms.restraint.leave.declarations import ANNUAL
from qingfeng.mechanisms.restraint.leave.forfeiture import LeaveEntitlement, due
from qingfeng.mechanisms.restraint.leave.inputs import field_of, wrong
from qingfeng.mechanisms.restraint.leave.policy import ANNUAL_DAYS, CARRY_OVER, LOSSES, NEXT_YEAR
from qingfeng.mechanisms.restraint.leave.registers import AnnualGrant, Withheld
from qingfeng.organization.cadres import cadre_of
from qingfeng.organization.rules import years_of_service

MOST_YEARS = 60
"""More than anybody serves."""


def reserve(do: Do, person: Person, wanted: Mapping[rules.Half, bool]) -> None:
    """Reserve half days in the books of the years they fall into. Raises ``Invalid`` for what is not left or not due."""
    counted = [half for half, counts in wanted.items() if counts]
    own = LeaveBooks(do, person)
    for year, amount in sorted(rules.by_year(counted).items()):
        own.open(year, min(day for day, _half in counted if day.year == year))
        own.demand_due(year, amount)
        own.reserve(year, amount)


def days(amount: int) -> str:
    """Half days as days, such as 2.5."""
    return f"{amount // 2}.5" if amount % 2 else str(amount // 2)


def told(actor: Actor, now: datetime) -> list[Words]:
    """What is left of an actor's own annual leave this year, for the form they ask for leave with."""
    if actor.person_id is None or actor.jurisdiction_id is None or actor.instead_of is not None:
        return []
    person, today = Person.objects.get(pk=actor.person_id), day_of(now)
    seen, year = Seen(actor.jurisdiction_id, Policy(actor.jurisdiction_id, today), today, person), today.year
    if AnnualGrant.objects.filter(person=person, year=year).exists():
        return [format_lazy(_("Annual leave of {}: {} days left."), year, days(seen.left(year)))]
    years = seen.years(today)
    if years is None:
        return [
            _("It is not known here since when you are in public service: annual leave can't be counted.")
        ]
    try:
        halves = rules.entitled(seen.policy.value(ANNUAL_DAYS), years)
        over = seen.over(year - 1) if halves else 0
    except Barred:
        return []
    off = min(halves + over, sum(row.halves for row in seen.to_be_taken_off(year)))
    said: list[Words] = [
        format_lazy(
            _("Annual leave of {}: {} days by your years of service, none taken."), year, days(halves)
        )
    ]
    if over:
        said.append(format_lazy(_("{} days of {} go over into it."), days(over), year - 1))
    if off:
        said.append(format_lazy(_("{} days are withheld from it."), days(off)))
    return said


class Seen:
    """The books of one person as they stand."""

    def __init__(self, jurisdiction_id: int, policy: Policy, today: date, person: Person) -> None:
        self.jurisdiction_id = jurisdiction_id
        self.policy = policy
        self.today = today
        self.person = person
        self._standing: dict[int, tuple[int, int]] = {}
        self._granted: dict[int, int] = {}

    def left(self, year: int) -> int:
        """Half days left in a year's book."""
        credited, used = self._stands(year)
        return credited - used

    def years(self, on: date) -> int | None:
        """Full years of service on a day; none where it is not known since when somebody serves."""
        cadre = cadre_of(self.person, self.today)
        return (
            None
            if cadre is None or cadre.service_since is None
            else years_of_service(cadre.service_since, on)
        )

    def had(self, year: int) -> int:
        """Half days granted of a year; 0 where its book is not open."""
        granted = AnnualGrant.objects.filter(person=self.person, year=year).values_list("halves", flat=True)
        return max((*granted, self._granted.get(year, 0)), default=0)

    def own(self, year: int) -> int:
        """What was granted of a year and is due."""
        off = Withheld.objects.filter(person=self.person, year=year, booked=True, lifted=False)
        return max(0, self.had(year) - sum(off.values_list("halves", flat=True)))

    def over(self, year: int) -> int:
        """What may go over out of a year into the next."""
        if not self.policy.value(CARRY_OVER) or self.due(year) is not LeaveEntitlement.DUE:
            return 0
        return rules.carried(self.left(year), self.own(year))

    def due(self, year: int) -> LeaveEntitlement:
        """Whether the leave of a year is due."""
        # Of a balance entered by hand the years may be unknown: then the case that costs leave last holds.
        years = self.years(min(self.today, date(year, 12, 31)))
        return due(self.policy, self.today, self.person, year, MOST_YEARS if years is None else years)

    def to_be_taken_off(self, year: int) -> list[Withheld]:
        """What was withheld of a year before its book was opened."""
        return list(Withheld.objects.filter(person=self.person, year=year, booked=False, lifted=False))

    def _stands(self, year: int) -> tuple[int, int]:
        if year not in self._standing:
            book = books.seen(self.jurisdiction_id, ANNUAL, plain(self.person), str(year))
            self._standing[year] = book.credited, book.used
        return self._standing[year]


class LeaveBooks(Seen):
    """The books of one person during one act: what is left in them counts what the act has done to them so far."""

    def __init__(self, do: Do, person: Person) -> None:
        super().__init__(do.matter.jurisdiction_id, do.policy, do.today, person)
        self.do = do

    def demand_due(self, year: int, amount: int) -> None:
        """Refuse annual leave that is not due (art. 4); who records for others is told only that none is left."""
        if self.due(year) is LeaveEntitlement.DUE:
            return
        if self.do.actor.person_id != self.person.pk:
            self._refuse(year, 0, amount)
        wrong(
            field_of(self.do, "kind"),
            format_lazy(_("Annual leave of {} is not due to you."), year),
            self.do.clause(LOSSES),
            _(
                "Ask for another kind of leave; if what is recorded is wrong, tell the organization department."
            ),
        )

    def reserve(self, year: int, amount: int) -> None:
        """Reserve half days of a year; the book itself holds that no other act reserved them meanwhile."""
        if amount > self.left(year):
            self._refuse(year, self.left(year), amount)
        self.do.reserve(ANNUAL, self.person, str(year), amount, clause=self.do.clause(ANNUAL_DAYS))
        self._change(year, 0, amount)

    def open(self, year: int, on: date) -> None:
        """Credit what the person is entitled to in a year, as of a day, and the book doesn't have yet."""
        if AnnualGrant.objects.filter(person=self.person, year=year, entered=True).exists():
            return
        years = self.years(on)
        if years is None:
            wrong(
                field_of(self.do, "kind"),
                _(
                    "It is not known here since when they are in public service, so there is no annual leave to count."
                ),
                remedy=_("Ask the organization department to enter it, or to enter the balance of the year."),
            )
        halves = rules.entitled(self.do.value(ANNUAL_DAYS), years)
        had = self.had(year)
        if halves <= had:
            return
        over, off = (0, 0) if had else (self._carry(year - 1), self._taken_off(year))
        self.do.record_all(
            [
                AnnualGrant(
                    person=self.person, year=year, halves=halves, carried=over, valid_from=self.do.today
                )
            ]
        )
        credit = max(0, halves - had + over - off)
        self.do.credit(ANNUAL, self.person, str(year), credit)
        self._change(year, credit, 0)
        self._granted[year] = halves

    def withhold(self, year: int) -> list[Withheld]:
        """Withhold the leave of a year where it is not due: what is left of it, and of the next what was taken."""
        found = self.due(year)
        known = AnnualGrant.objects.filter(person=self.person, year=year).exists()
        if found is LeaveEntitlement.DUE or not (known or self.years(self.do.today)):
            return []
        self.open(year, min(self.do.today, date(year, 12, 31)))
        now, then = rules.withheld(self.own(year), self.left(year))
        rows = [self._withheld(year, year, now)]
        if found is LeaveEntitlement.NOT_BY_LEAVE and self.do.value(NEXT_YEAR):
            rows.append(self._withheld(year + 1, year, then))
        return [row for row in rows if row.halves]

    def _withheld(self, year: int, found_in: int, halves: int) -> Withheld:
        """Take half days off a year's book where it is open; else its opening will."""
        row = Withheld(
            person=self.person, year=year, found_in=found_in, halves=halves, valid_from=self.do.today
        )
        if self.had(year):
            row.halves, row.booked = rules.carried(self.left(year), min(halves, self.own(year))), True
            self.do.allot(ANNUAL, self.person, str(year), self._stands(year)[0] - row.halves)
            self._change(year, -row.halves, 0)
        return row

    def _taken_off(self, year: int) -> int:
        rows = self.to_be_taken_off(year)
        for row in rows:
            row.booked = True
            self.do.record(row)
        return sum(row.halves for row in rows)

    def _carry(self, year: int) -> int:
        """Take what may go over out of the year before: it stays reserved there, so that nobody takes it twice."""
        over = self.over(year)
        if over:
            self.reserve(year, over)
        return over

    def _change(self, year: int, credited: int, used: int) -> None:
        before = self._stands(year)
        self._standing[year] = before[0] + credited, before[1] + used

    def _refuse(self, year: int, left: int, amount: int) -> None:
        wrong(
            field_of(self.do, "last_day"),
            format_lazy(
                _("Of the annual leave of {} there are {} days left; this takes {}."),
                year,
                days(left),
                days(amount),
            ),
            self.do.clause(ANNUAL_DAYS),
            _("Ask for fewer days, or for another kind of leave."),
        )
