"""A small sound world for tests that need one: the sound world of the bad-input cases."""

import datetime as dt
from dataclasses import dataclass, replace
from pathlib import Path

from qingfeng.assessment.engine import AssessmentPeriod, FactRow, SchemeBook
from tests.assessment.engine.cases import Case, plain
from tests.assessment.engine.support import moment

SOUND = Path(__file__).parent / "bad_input" / "sound.yaml"


@dataclass(frozen=True)
class World:
    """A book, its facts, the period and the moment."""

    book: SchemeBook
    facts: list[FactRow]
    period: AssessmentPeriod
    known_at: dt.datetime

    def with_fact(self, name: str, subject: str, quantity: int, held_on: str, recorded: str) -> "World":
        """The same with one more fact."""
        like = next(fact for fact in self.facts if fact.name == name)
        number = len(self.facts) + 1
        extra = replace(
            like,
            id=number,
            entry=number,
            subject=subject,
            quantity=quantity,
            held_on=dt.date.fromisoformat(held_on),
            recorded_at=moment(recorded),
        )
        return replace(self, facts=[*self.facts, extra])


def sound_world(*changes: tuple[str, str]) -> World:
    """The sound world, with words changed."""
    text = SOUND.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    case = Case("sound.yaml", plain(text), {"name": "sound"})
    return World(case.book, case.facts(), case.period, case.known_at)
