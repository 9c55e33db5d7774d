"""The reception and its acts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, ClassVar

from django.db import models
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingfeng.kernel.ledger.digest import sm3
from qingfeng.kernel.people.actors import person_key
from qingfeng.kernel.people.models import standing
from qingfeng.kernel.record.books import reserved_in
from qingfeng.kernel.refusals import Invalid
from qingfeng.kernel.text.words import Words, in_house
from qingfeng.kernel.vocabulary import (
    FOLLOWS,
    NEW,
    Attachment,
    CalendarEvent,
    Choice,
    Did,
    Do,
    FenField,
    Files,
    Given,
    Holds,
    Input,
    Line,
    Matter,
    Office,
    Person,
    Prose,
    Reason,
    Role,
    State,
    System,
    Unit,
    Whole,
    Yuan,
    act,
    begin_of,
)
from qingfeng.mechanisms.restraint.reception.declarations import (
    BUDGET,
    LIMIT,
    MEALS,
    RECEPTION_LATE,
    RECEPTION_SPENT,
    RECEPTION_VIOLATION,
    SETTLING,
    VIOLATION_FOUND,
)
from qingfeng.mechanisms.restraint.reception.expenses import ExpenseBudget, ExpenseReturn
from qingfeng.mechanisms.restraint.reception.policy import (
    A_HEAD,
    ALCOHOL,
    DAYS_AHEAD,
    FEW_COMPANIONS,
    GUESTS_EACH,
    LETTER,
    MOST_A_UNIT,
    MOST_MEALS,
    OWN_LINES,
    SAME_CITY,
    SAME_PLACE,
    SMALL_PARTY,
    VIOLATIONS,
    VOUCHERS,
)
from qingfeng.mechanisms.restraint.reception.registers import Allotment, Spent, in_force
from qingfeng.mechanisms.restraint.reception.rules import (
    letter_key,
    most_companions,
    of_this_city,
    of_this_place,
    yearly_limit,
)
from qingfeng.mechanisms.restraint.reception.statistics import BY_MONTH, STATISTICS
from qingfeng.mechanisms.restraint.reception.violators_page import NAMED

__all__ = ["Allotment", "ExpenseBudget", "ExpenseReturn", "Reception", "Spent"]

CLERK = Holds(Role.UNIT_CLERK, of="unit")
LEADER = Holds(Role.LEADER, of="unit")
HEAD = Holds(Role.UNIT_HEAD, of="unit")
FINANCE = Office(Role.FINANCE)
OFFICE = Office(Role.SUPERVISION_OFFICE)

ASKED = State("asked", _("asked for"))
APPROVED = State("approved", _("approved"))
HELD = State("held", _("held, not settled"))
SUBMITTED = State("submitted", _("handed in for settlement"))
SETTLED = State("settled", _("settled"), final=True)
UNPAID = State("unpaid", _("not paid"), final=True)
REFUSED = State("refused", _("refused"), final=True, void=True)
WITHDRAWN = State("withdrawn", _("withdrawn"), final=True, void=True)
MOST = 10**10
"""More than any reception costs, in fen: a slip of the pen."""
AFTERWARDS = {state.code: state for state in (HELD, SUBMITTED, SETTLED, UNPAID)}


class TableSide(models.TextChoices):
    """On which side of the table somebody sat."""

    GUEST = "guest", _("guest")  # 接待对象
    COMPANION = "companion", _("companion")  # 陪餐人员


WITH_LETTER = Given("has_letter", (True,))


class ReceptionRequest(Input):
    """What a reception is asked for with."""

    letter_organ: Annotated[str, Line(80)]
    has_letter: Annotated[bool, _("It sent a letter")] = False
    letter_number: Annotated[str, Line(60), WITH_LETTER] = ""
    letter_date: Annotated[date | None, WITH_LETTER] = None
    letter: Annotated[list[Attachment], Files(3), WITH_LETTER, _("Copy of the letter")] = []  # noqa: RUF012
    purpose: Annotated[str, Prose(500)]
    day: date
    place: Annotated[str, Line(80)]
    guests: Annotated[int, Whole(1, 1000)]
    companions: Annotated[int, Whole(0, 1000)]
    meals: Annotated[int, Whole(0, 20)]
    estimate: Annotated[int, Yuan(most=MOST)]
    alcohol: Annotated[bool, _("Alcohol will be served")] = False


class ReceptionListRow(Input):
    """One line of the list 接待清单."""

    side: Annotated[TableSide, _("Guest or companion")]
    name: Annotated[str, Line(40), _("Full name")]
    organ: Annotated[str, Line(80), _("Organ or unit")]
    post: Annotated[str, Line(60), _("Post")] = ""


class Violator(Input):
    """Somebody a violation is named with."""

    person: Annotated[Person, _("Person")]  # type: ignore[valid-type]  # mypy, before Person is analysed


class Reception(Matter):
    """An official reception 公务接待: with a letter, approved before, listed and settled after."""

    code = "reception"
    series = "接待"
    reads: ClassVar = CLERK | LEADER | HEAD | FINANCE | OFFICE
    becomes: ClassVar = {"unit": FOLLOWS}
    filters = ("unit",)
    statistics = STATISTICS
    tallies = (BY_MONTH,)
    pages = (NAMED,)
    retention = "10_years"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("receiving unit"))
    letter_organ = models.CharField(_("organ that sent the letter"), max_length=80)
    letter_number = models.CharField(_("number of the letter"), max_length=60)
    letter_date = models.DateField(_("date of the letter"), null=True)
    purpose = models.TextField(_("purpose of the visit"))
    day = models.DateField(_("day of the visit"))
    place = models.CharField(_("place"), max_length=80)
    guests = models.PositiveIntegerField(_("guests"))
    companions = models.PositiveIntegerField(_("companions at table"))
    meals = models.PositiveIntegerField(_("working meals"))
    estimate = FenField(_("estimated cost"))
    reserved = FenField(_("reserved"), default=0)
    cost = models.BigIntegerField(_("cost"), null=True)
    came = models.PositiveIntegerField(_("guests who came"), null=True)
    wrong = models.TextField(_("violations"), blank=True)
    found = models.JSONField(default=list, editable=False)
    sat = models.PositiveIntegerField(_("companions who sat down"), null=True)

    class Meta:
        verbose_name = _("reception")
        verbose_name_plural = _("receptions")

    def occasion(self) -> CalendarEvent | None:
        """The visit, in the calendars of those who may read it, once it is approved."""
        if self.state not in ("approved", *AFTERWARDS):
            return None
        return CalendarEvent(self.day, self.day, str(self), self.place)

    @act(NEW, to=ASKED, by=CLERK, label=_("Ask for a reception"))
    def ask(self, do: Do, asked: ReceptionRequest) -> None:
        """Ask for a reception before the guests come, with their letter; the money is reserved at once."""
        self.unit = do.unit
        for name in set(ReceptionRequest.model_fields) - {"letter", "has_letter", "alcohol"}:
            setattr(self, name, getattr(asked, name))
        self.letter_number = self.letter_number or ""
        self.title = f"{self.letter_organ} · {self.day.isoformat()}"
        self._demand_letter(do, bool(asked.letter))
        self._demand_guests_from_elsewhere(do)
        self._demand_before(do, do.value(DAYS_AHEAD))
        self._demand_plain_table(do, asked.alcohol)
        self.reserved = asked.estimate
        year, limit = str(self.day.year), self._limit(do, self.unit)
        do.reserve(LIMIT, self.unit, year, asked.estimate, *limit)
        do.reserve(BUDGET, self.unit, year, asked.estimate, clause=do.clause(OWN_LINES))

    @act(ASKED, to=APPROVED, by=LEADER & ~Did("ask"), owed=True, starts=SETTLING, label=_("Approve"))
    def approve(self, do: Do) -> None:
        """Approve the reception before the guests come; the time to settle it is counted from their day."""
        self._demand_before(do, 0)
        do.count_from(SETTLING, begin_of(self.day))

    @act(ASKED, to=REFUSED, by=LEADER & ~Did("ask"), owed=True, label=_("Refuse"))
    def refuse(self, do: Do, reason: Reason) -> None:
        """Refuse the reception; the money reserved is given back, and its unit is told."""
        self._give_back(do)
        do.notify(CLERK.holders(self), _("This reception was refused; the reason stands on its page."))

    @act((ASKED, APPROVED), to=WITHDRAWN, by=CLERK, stops=SETTLING, label=_("Withdraw"))
    def withdraw(self, do: Do, reason: Reason) -> None:
        """Withdraw a reception that does not take place; the money reserved is given back."""
        self._give_back(do)

    @act(APPROVED, to=HELD, by=CLERK, owed=True, label=_("Hand in the list"))
    def hand_in_list(
        self,
        do: Do,
        at_table: Annotated[list[ReceptionListRow], _("Guests and companions")],
        alcohol: Annotated[bool, _("Alcohol was served")] = False,
    ) -> None:
        """List who came and who kept them company, as it was; what went beyond the rules is noted as a violation."""
        if do.today < self.day:
            do.refuse(_("The guests have not come yet."), remedy=_("Hand the list in when they have."))
        self.came = sum(row.side == TableSide.GUEST for row in at_table)
        self.sat = len(at_table) - self.came
        if not self.came:
            do.refuse(
                _("The list names no guest."),
                do.clause(VOUCHERS),
                _("Add the guests, or withdraw the reception if nobody came."),
            )
        found = self._violations(do, alcohol, [row.organ for row in at_table if row.side == TableSide.GUEST])
        if found:
            do.leave(RECEPTION_VIOLATION, self.unit, len(found), self.day)
            self.wrong = "\n".join(in_house(_("{} (clause: {})"), *one) for one in found)
            do.notify(
                FINANCE.holders(self),
                _("The list of a reception shows violations; they stand on its page: {}"),
                self,
            )

    @act(HELD, to=SUBMITTED, by=CLERK, owed=True, stops=SETTLING, label=_("Settle"))
    def settle(
        self,
        do: Do,
        cost: Annotated[int, Yuan(most=MOST)],
        invoice: Annotated[list[Attachment], Files(9), _("Invoice")] = [],  # noqa: B006
    ) -> None:
        """Hand the invoice in; what the reception cost beyond the money reserved has to be left still."""
        if cost and not invoice and do.value(VOUCHERS):
            do.refuse(
                _("There is no invoice."),
                do.clause(VOUCHERS),
                _("Attach the invoice; the letter and the list are here already."),
            )
        if cost > self.reserved:
            more, limit = cost - self.reserved, self._limit(do, _payer(self))
            do.reserve_more(LIMIT, more, *limit)
            do.reserve_more(BUDGET, more, clause=do.clause(OWN_LINES))
            self.reserved = cost
        self.cost = cost

    @act(
        SUBMITTED,
        to=HELD,
        by=FINANCE & ~Did("settle"),
        owed=True,
        starts=SETTLING,
        label=pgettext_lazy("settlement", "Send back"),
    )
    def send_back(self, do: Do, reason: Reason) -> None:
        """Send the settlement back: invoice, letter and list don't fit together."""

    @act(SUBMITTED, to=SETTLED, by=FINANCE & ~Did("settle"), owed=True, label=_("Check and pay"))
    def close(
        self, do: Do, why: Annotated[str, Prose(500), _("Why it is paid in spite of violations")] = ""
    ) -> None:
        """Pay, having compared invoice, letter and list; what was reserved beyond the cost is given back."""
        if self.wrong and not why:
            words = format_lazy(_("This reception has violations: {}"), self.wrong)
            raise Invalid({"why": [words, _("Say why it is paid all the same, or refuse to pay.")]})
        if do.actor.person_id == self.opened_by_id:
            do.refuse(
                _("Whoever asked for a reception does not check its settlement."),
                remedy=_("Ask somebody else of the finance department."),
            )
        cost = self.cost or 0
        for book in (LIMIT, BUDGET):
            do.commit(book, cost)
            do.release(book, self.reserved - cost)
        do.leave(RECEPTION_SPENT, self.unit, cost, self.day)

    @act(SUBMITTED, to=UNPAID, by=FINANCE & ~Did("settle"), owed=True, label=_("Refuse to pay"))
    def refuse_payment(self, do: Do, reason: Reason) -> None:
        """Refuse to pay for what broke the rules; the money reserved is given back, and those who ate pay themselves."""
        for book in (LIMIT, BUDGET):
            do.release(book, self.reserved)
        do.notify(
            CLERK.holders(self) | HEAD.holders(self),
            _("This reception is not paid; the reason stands on its page."),
        )

    @act(
        (HELD, SUBMITTED, SETTLED, UNPAID),
        to=(HELD, SUBMITTED, SETTLED, UNPAID),
        by=OFFICE,
        label=_("Note a violation"),
    )
    def find(
        self,
        do: Do,
        kind: Annotated[str, Choice(VIOLATIONS), _("Kind of violation")],
        finding: Annotated[str, Prose(1000), _("What was found")],
        violators: Annotated[list[Violator], _("Whom it names")] = [],  # noqa: B006
    ) -> State:
        """Note what was found wrong with a reception, and whom it names, who are told; nothing follows by itself."""
        label = str(dict(do.policy.choices(VIOLATIONS))[kind])
        people = sorted({row.person.pk for row in violators})
        self.wrong = "\n".join(filter(None, (self.wrong, label)))
        self.found = [*self.found, {"kind": kind, "on": do.today.isoformat(), "people": people}]
        do.notify(
            {person_key(person) for person in people},
            _(
                "You are named with a violation at a reception ({}). Tell the supervision office if it was otherwise."
            ),
            label,
        )
        do.leave(RECEPTION_VIOLATION, self.unit, held_on=self.day)
        do.emit(VIOLATION_FOUND, unit=self.unit_id, kind=kind)
        return AFTERWARDS[self.state]

    @act((APPROVED, HELD), by=System("clock"), expires=SETTLING, label=_("Mark settling overdue"))
    def overdue(self, do: Do) -> None:
        """Note that the reception was not settled in time, and say so to its unit."""
        do.leave(RECEPTION_LATE, self.unit, held_on=self.day)
        do.notify(CLERK.holders(self), _("This reception is not settled yet, and its time is over."))

    def _demand_letter(self, do: Do, copied: bool) -> None:
        clause, remedy = do.clause(LETTER), _("Ask the organ the guests come from for its letter.")
        if not copied and do.value(LETTER):
            do.refuse(
                _("No letter, no reception: its number, date and a copy of it go with the request."),
                clause,
                remedy,
            )
        if self.letter_date and self.letter_date > do.today:
            do.refuse(_("The letter is dated later than today."), clause, remedy)

    def _demand_guests_from_elsewhere(self, do: Do) -> None:
        if not do.value(SAME_PLACE) and self._any_of_here([self.letter_organ]):
            do.refuse(
                format_lazy(
                    _("{} is of this place itself: units of one place don't receive each other."),
                    self.letter_organ,
                ),
                do.clause(SAME_PLACE),
                _("Meet without a reception."),
            )
        if self._barred_by_city(do, [self.letter_organ]):
            do.refuse(
                format_lazy(_("{} is of the same city: it is not received."), self.letter_organ),
                do.clause(SAME_CITY),
                _("Meet without a reception."),
            )

    def _violations(self, do: Do, alcohol: bool, guests: Sequence[str]) -> list[tuple[Words, str]]:
        """What the list shows to be against the rules, each with its clause."""
        found: list[tuple[Words, str]] = []
        allowed = self._allowed(do, self.came or 0)
        if alcohol and not do.value(ALCOHOL):
            found.append((_("Alcohol was served at a working meal"), do.clause(ALCOHOL)))
        if (self.sat or 0) > allowed:
            words = _("{} companions for {} guests, where {} are allowed")
            found.append((format_lazy(words, self.sat, self.came, allowed), do.clause(FEW_COMPANIONS)))
        if not do.value(SAME_PLACE) and self._any_of_here(guests):
            found.append((_("Guests of this place itself"), do.clause(SAME_PLACE)))
        elif self._barred_by_city(do, guests):
            found.append((_("Guests of the same city"), do.clause(SAME_CITY)))
        return found

    def _barred_by_city(self, do: Do, organs: Sequence[str]) -> bool:
        """Whether guests are of the city above or of a place beside, and the regime has them not received."""
        city = self.jurisdiction.parent
        if city is None or not do.policy.levels(SAME_CITY) or do.value(SAME_CITY):
            return False
        beside = city.children.exclude(pk=self.jurisdiction.pk).values_list("name", flat=True)
        units = Unit.objects.filter(standing(self.day), jurisdiction=city).values_list("name", flat=True)
        return any(of_this_city(organ, city.name, list(beside), list(units)) for organ in organs)

    def _any_of_here(self, organs: Sequence[str]) -> bool:
        below = self.jurisdiction.children.values_list("name", flat=True)
        units = Unit.objects.filter(standing(self.day), jurisdiction=self.jurisdiction)
        names = list(units.values_list("name", flat=True))
        return any(of_this_place(organ, self.jurisdiction.name, below, names) for organ in organs)

    def _demand_before(self, do: Do, days: int) -> None:
        if (self.day - do.today).days < days:
            do.refuse(
                format_lazy(
                    _(
                        "A reception is asked for and approved before the guests come; {} is too late for that."
                    ),
                    do.today.isoformat(),
                ),
                do.clause(DAYS_AHEAD),
                _(
                    "What took place without approval can't be paid as a reception; tell finance and the office."
                ),
            )

    def _demand_plain_table(self, do: Do, alcohol: bool) -> None:
        if alcohol and not do.value(ALCOHOL):
            do.refuse(
                _("No alcohol is served at official working meals, at no time of the day."),
                do.clause(ALCOHOL),
                _("Ask for the reception without it."),
            )
        allowed = self._allowed(do, self.guests)
        if self.companions > allowed:
            do.refuse(
                format_lazy(
                    _("With {} guests at most {} may sit at table with them, not {}."),
                    self.guests,
                    allowed,
                    self.companions,
                ),
                do.clause(FEW_COMPANIONS),
                _("Name fewer companions."),
            )
        if self.meals:
            letter = sm3(letter_key(self.letter_organ, self.letter_number).encode()).hex()[:40]
            do.reserve(MEALS, letter, "", self.meals, do.value(MOST_MEALS), do.clause(MOST_MEALS))

    def _allowed(self, do: Do, guests: int) -> int:
        return most_companions(guests, do.value(SMALL_PARTY), do.value(FEW_COMPANIONS), do.value(GUESTS_EACH))

    def _limit(self, do: Do, payer: Unit) -> tuple[int, str]:
        """What the unit may spend in the year, in fen, and the clause that says so."""
        allotted = in_force(payer, self.day)
        if allotted is None:
            do.refuse(
                format_lazy(_("No headcount and budget of {} stand for {}."), payer, self.day.year),
                do.clause(OWN_LINES),
                _("Ask finance to enter the year's budget of the three expenses."),
            )
        a_head, most = do.value(A_HEAD), do.value(MOST_A_UNIT)
        limit = yearly_limit(allotted.headcount, a_head, most)
        return limit, do.clause(MOST_A_UNIT if limit == most else A_HEAD)

    def _give_back(self, do: Do) -> None:
        for book in (LIMIT, BUDGET):
            do.release(book, self.reserved)
        if self.meals:
            do.release(MEALS, self.meals)


def _payer(reception: Reception) -> Unit:
    """The unit whose books the money is reserved in, be it merged meanwhile."""
    return Unit.objects.get(pk=reserved_in(LIMIT, reception).owner.partition(":")[2])
