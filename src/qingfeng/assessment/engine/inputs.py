"""The facts behind a subject's traces, by query: one scan for each window, whatever the number of
indicators.
"""

import dataclasses
from collections.abc import Mapping

from qingfeng.assessment.engine.assess import JurisdictionScores
from qingfeng.assessment.engine.contract import FactRow
from qingfeng.assessment.engine.readers.question import FactQuery, FactReader


@dataclasses.dataclass(frozen=True)
class InputFact:
    """One fact as an input, and the row that cancelled it, when that was known."""

    fact: FactRow
    reversed_by: int | None
    """Id of the reversing fact."""


def input_facts(outcome: JurisdictionScores, subject: str, reader: FactReader) -> list[InputFact]:
    """All facts the subject's scores rest on, by day and id, each once."""
    return list_facts([question for question, _ in outcome.evidence.answers], subject, reader)


def list_facts(questions: list[FactQuery], subject: str, reader: FactReader) -> list[InputFact]:
    """The same from the questions alone (a stored run keeps them)."""
    found: dict[int, FactRow] = {}
    for question in questions:
        for fact in reader.inputs(dataclasses.replace(question, subjects=(subject,))):
            found[fact.id] = fact
    reversed_by: Mapping[int, int] = {
        fact.reverses: fact.id for fact in found.values() if fact.reverses is not None
    }
    ordered = sorted(found.values(), key=lambda fact: (fact.held_on, fact.id))
    return [InputFact(fact, reversed_by.get(fact.id)) for fact in ordered]
