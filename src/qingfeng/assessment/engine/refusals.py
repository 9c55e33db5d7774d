"""What the engine refuses, and the words it refuses with, in Chinese and English.

A refusal names the file and the line that must be changed, and says what to do next. The words are public:
each has a test that asserts them.
"""

from dataclasses import dataclass
from typing import Literal

from qingfeng.assessment.engine.refusal_words import REFUSALS

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class DocumentPlace:
    """Where in a document something was declared: file name and line (from 1; 0 for the whole file)."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


NOWHERE = DocumentPlace("-", 0)


class EngineRefusal(Exception):
    """The engine will not go on; nothing was stored.

    ``code`` is a key of ``refusal_words.REFUSALS``; ``place`` the file and line; ``facts`` fill the words.
    """

    def __init__(self, code: str, place: DocumentPlace = NOWHERE, **facts: object) -> None:
        self.code = code
        self.place = place
        self.facts = facts
        super().__init__(self.words())

    def words(self, language: Language = "zh") -> str:
        """One line: ``file:line: what is wrong; what to do``."""
        text = REFUSALS[self.code][language].format(**self.facts)
        return text if self.place == NOWHERE else f"{self.place}: {text}"
