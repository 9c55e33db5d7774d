"""The contract's second reader: the same answers from rows in memory, in plain Python."""

from collections.abc import Iterable

import numpy as np

from qingfeng.assessment.engine.contract import FactRow
from qingfeng.assessment.engine.digest import mix
from qingfeng.assessment.engine.moments import days, micros
from qingfeng.assessment.engine.readers.question import FactQuery, Need, Sums
from qingfeng.assessment.engine.refusals import NOWHERE, EngineRefusal


class PlainReader:
    """Answers from any iterable of facts, of any number of jurisdictions."""

    def __init__(self, facts: Iterable[FactRow]) -> None:
        self._facts = list(facts)

    def sums(self, question: FactQuery) -> Sums:
        subjects = {subject: position for position, subject in enumerate(question.subjects)}
        cells: dict[tuple[int, int, int], list[int]] = {}
        outside: set[str] = set()
        for fact in self._asked(question):
            for position, need in enumerate(question.needs):
                if need.fact.name != fact.name:
                    continue
                _refuse_other_measure(fact, need)
                if fact.subject not in subjects:
                    outside.add(fact.subject)
                    continue
                cell = cells.setdefault((position, subjects[fact.subject], _level(fact, need)), [0, 0, 0, 0])
                cell[0] += 1
                cell[1] += 1 if fact.reverses is None else -1
                cell[2] += fact.quantity
                cell[3] ^= mix(fact)
        if any(abs(cell[2]) >= 2**63 for cell in cells.values()):
            raise EngineRefusal("sum_too_large", NOWHERE, jurisdiction=question.jurisdiction)
        rows = np.array([(*key, *cell) for key, cell in sorted(cells.items())], dtype=np.int64).reshape(-1, 7)
        return Sums.of(list(rows.T), sorted(outside))

    def inputs(self, question: FactQuery) -> list[FactRow]:
        names = {need.fact.name for need in question.needs}
        found = [
            fact
            for fact in self._asked(question)
            if fact.name in names and fact.subject == question.subjects[0]
        ]
        return sorted(found, key=lambda fact: (fact.held_on, fact.id))

    def _asked(self, question: FactQuery) -> Iterable[FactRow]:
        known_at = micros(question.known_at)
        for fact in self._facts:
            if (
                fact.jurisdiction == question.jurisdiction
                and question.first <= fact.held_on <= question.last
                and micros(fact.recorded_at) <= known_at
            ):
                yield fact


def _level(fact: FactRow, need: Need) -> int:
    rating = fact.quantity if fact.reverses is None else -fact.quantity
    return {"total": 0, "rating": rating, "day": days(fact.held_on)}[need.by]


def _refuse_other_measure(fact: FactRow, need: Need) -> None:
    if (fact.unit, fact.scale) != (need.fact.unit, need.fact.scale):
        raise EngineRefusal(
            "other_measure",
            need.fact.place,
            fact=fact.name,
            unit=fact.unit,
            scale=fact.scale,
            declared_unit=need.fact.unit,
            declared_scale=need.fact.scale,
        )
