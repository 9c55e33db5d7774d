"""What is measured before it is scored: an amount, a rate, or growth on the year before, as an exact
fraction.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qingfeng.assessment.engine.exact import Flags, Ints, plus, times
from qingfeng.assessment.engine.readers.question import WINDOWS, By, Need, Window
from qingfeng.assessment.engine.refusals import DocumentPlace, EngineRefusal
from qingfeng.assessment.engine.scheme.catalogue import Catalogue
from qingfeng.assessment.engine.scheme.document import DocumentItem
from qingfeng.assessment.engine.sight import Sight

Take = Literal["sum", "count", "last"]
TAKES: tuple[Take, ...] = ("sum", "count", "last")


@dataclass(frozen=True)
class Amount:
    """Sum of a fact's quantities, number of its events, or a series' last published value."""

    take: Take
    need: Need


@dataclass(frozen=True)
class Measure:
    """``amount``: one amount. ``rate``: first / second in per cent. ``growth``: first on second in per
    cent.
    """

    kind: Literal["amount", "rate", "growth"]
    first: Amount
    second: Amount | None
    place: DocumentPlace

    @property
    def amounts(self) -> tuple[Amount, ...]:
        return (self.first,) if self.second is None else (self.first, self.second)

    @property
    def needs(self) -> Iterator[Need]:
        return (amount.need for amount in self.amounts)


@dataclass(frozen=True)
class SubjectRatios:
    """``numerator / denominator`` per subject, denominator above zero; 0/1 where nothing is there."""

    numerator: Ints
    denominator: Ints
    present: Flags


def read_amount(item: DocumentItem, catalogue: Catalogue) -> Amount:
    """``{sum|count|last: fact, over?: window}``."""
    with item.map() as row:
        _, fact = row.one_of(*TAKES)
        over = row.maybe("over")
        window: Window = over.choice(WINDOWS) if over else "period"
        take = next(take for take in TAKES if row.has(take))
        by: By = "day" if take == "last" else "total"
        return Amount(take, Need(catalogue.fact(fact), window, by))


def read_measure(item: DocumentItem, catalogue: Catalogue) -> Measure:
    """An amount, ``{rate: {of: amount, in: amount}}`` or ``{growth: amount}``."""
    whole = item.map()
    if whole.has("rate"):
        with whole, whole.get("rate").map() as row:
            return Measure(
                "rate",
                read_amount(row.get("of"), catalogue),
                read_amount(row.get("in"), catalogue),
                item.place,
            )
    if whole.has("growth"):
        with whole:
            now = read_amount(whole.get("growth"), catalogue)
        if now.need.window.endswith("before"):
            raise EngineRefusal("growth_of_the_past", item.place)
        window: Window = "year_before" if now.need.window == "period" else "year_to_date_before"
        before = Amount(now.take, Need(now.need.fact, window, now.need.by))
        return Measure("growth", now, before, item.place)
    return Measure("amount", read_amount(item, catalogue), None, item.place)


def take(amount: Amount, sight: Sight) -> tuple[Ints, int, Flags]:
    """The amount's integers, their scale as a power of ten, and where there is any."""
    column = sight.evidence.column(amount.need)
    if amount.take == "count":
        return column.count, 1, np.ones(len(column.count), dtype=bool)
    return column.total, 10**amount.need.fact.scale, column.count > 0


def evaluate(measure: Measure, sight: Sight) -> SubjectRatios:
    """The fraction for every subject; a present zero denominator is refused, naming the subject."""
    first, first_scale, first_present = take(measure.first, sight)
    if measure.second is None:
        return _where(first, sight.of(first_scale), first_present)
    second, second_scale, second_present = take(measure.second, sight)
    present = first_present & second_present
    refuse_zero(second == 0, present & sight.included, sight, measure.place)
    if measure.kind == "rate":
        numerator = times(first, 100 * second_scale)
        denominator = times(second, first_scale)
    else:
        numerator = times(plus(first, -second), 100)
        denominator = np.abs(second)
    numerator = np.where(denominator < 0, -numerator, numerator)
    return _where(numerator, np.abs(denominator), present & (second != 0))


def refuse_zero(zero: Flags, counted: Flags, sight: Sight, place: DocumentPlace) -> None:
    """Refuse the first subject whose denominator is zero."""
    wrong = np.flatnonzero(zero & counted)
    if wrong.size:
        raise EngineRefusal(
            "zero_denominator", place, indicator=sight.indicator.id, subject=sight.subjects[int(wrong[0])]
        )


def _where(numerator: Ints, denominator: Ints, present: Flags) -> SubjectRatios:
    return SubjectRatios(np.where(present, numerator, 0), np.where(present, denominator, 1), present)
