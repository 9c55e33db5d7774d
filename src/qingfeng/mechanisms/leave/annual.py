"""The books of annual leave: a balance of half days per person and year, opened on first use."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from qingfeng.kernel.books import Book
from qingfeng.kernel.declaring import Do, Person
from qingfeng.kernel.ledger.values import plain
from qingfeng.mechanisms.leave import rules
from qingfeng.mechanisms.leave.asking import field_of, wrong
from qingfeng.mechanisms.leave.declared import ANNUAL
from qingfeng.mechanisms.leave.policy import ANNUAL_DAYS, CARRY_OVER
from qingfeng.mechanisms.leave.registers import AnnualGrant
from qingfeng.organization.cadres import cadre_of
from qingfeng.organization.rules import years_of_service


def reserve(do: Do, person: Person, wanted: Mapping[rules.Half, bool]) -> None:
    """Reserve half days in the books of the years they fall into. Raises ``Barred`` for what is not left."""
    counted = [half for half, counts in wanted.items() if counts]
    books = _Books(do, person)
    for year, amount in sorted(rules.by_year(counted).items()):
        books.open(year, min(day for day, _half in counted if day.year == year))
        books.reserve(year, amount)


def days(amount: int) -> str:
    """Half days as days, such as 2.5."""
    return f"{amount // 2}.5" if amount % 2 else str(amount // 2)


class _Books:
    """The books of one person during one act: what is left in them counts what the act has done to them so far."""

    def __init__(self, do: Do, person: Person) -> None:
        self.do = do
        self.person = person
        self._left: dict[int, int] = {}
        self._granted: dict[int, int] = {}

    def left(self, year: int) -> int:
        """Half days left in a year's book."""
        if year not in self._left:
            book = Book.objects.filter(
                jurisdiction_id=self.do.matter.jurisdiction_id,
                kind=ANNUAL.name,
                owner=plain(self.person),
                period=str(year),
            ).first()
            self._left[year] = book.credited - book.used if book else 0
        return self._left[year]

    def reserve(self, year: int, amount: int) -> None:
        """Reserve half days of a year; the book itself holds that no other act reserved them meanwhile."""
        source = self.do.policy.valued(ANNUAL_DAYS).source
        clause = f"{source.title} {source.clause}"
        left = self.left(year)
        if amount > left:
            wrong(
                field_of(self.do, "last_day"),
                format_lazy(
                    _("Of the annual leave of {} there are {} days left; this takes {}."),
                    year,
                    days(left),
                    days(amount),
                ),
                clause,
                _("Ask for fewer days, or for another kind of leave."),
            )
        self.do.reserve(ANNUAL, self.person, str(year), amount, clause=clause)
        self._left[year] = left - amount

    def open(self, year: int, on: date) -> None:
        """Credit what the person is entitled to in a year, as of a day, and the book doesn't have yet."""
        own = AnnualGrant.objects.filter(person=self.person, year=year)
        if own.filter(entered=True).exists():
            return
        cadre = cadre_of(self.person, self.do.today)
        if cadre is None or cadre.service_since is None:
            wrong(
                field_of(self.do, "kind"),
                _(
                    "It is not known here since when they are in public service, so there is no annual leave to count."
                ),
                remedy=_("Ask the organization department to enter it, or to enter the balance of the year."),
            )
        halves = rules.entitled(self.do.value(ANNUAL_DAYS), years_of_service(cadre.service_since, on))
        had = self._had(year)
        if halves <= had:
            return
        over = 0 if had else self._carry(year - 1)
        self.do.record_all(
            [
                AnnualGrant(
                    person=self.person, year=year, halves=halves, carried=over, valid_from=self.do.today
                )
            ]
        )
        self.do.credit(ANNUAL, self.person, str(year), halves - had + over)
        self._left[year] = self.left(year) + halves - had + over
        self._granted[year] = halves

    def _had(self, year: int) -> int:
        granted = AnnualGrant.objects.filter(person=self.person, year=year).values_list("halves", flat=True)
        return max((*granted, self._granted.get(year, 0)), default=0)

    def _carry(self, year: int) -> int:
        """Take what may go over out of the year before: it stays reserved there, so that nobody takes it twice."""
        if not self.do.value(CARRY_OVER):
            return 0
        over = rules.carried(self.left(year), self._had(year))
        if over:
            self.reserve(year, over)
        return over
