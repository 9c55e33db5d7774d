"""The catalogue of facts a scheme may name: unit of measure, decimal places, title (指标目录)."""

from dataclasses import dataclass, field
from pathlib import Path

from qingfeng.assessment.engine.contract import UNITS_OF_MEASURE
from qingfeng.assessment.engine.refusals import NOWHERE, DocumentPlace, EngineRefusal
from qingfeng.assessment.engine.scheme.document import DocumentItem, DocumentMap, read_file, read_text


@dataclass(frozen=True)
class Title:
    """A name in Chinese and in English."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class FactName:
    """A fact as declared: its amounts are integers scaled by 10**scale in ``unit``."""

    name: str
    title: Title
    unit: str
    scale: int
    place: DocumentPlace = field(default=NOWHERE, compare=False)


class Catalogue:
    """All facts that may be named."""

    def __init__(self, facts: dict[str, FactName]) -> None:
        self._facts = facts

    def fact(self, item: DocumentItem) -> FactName:
        """The fact an item of a scheme names; an unknown one is refused."""
        name = item.text()
        if name not in self._facts:
            raise EngineRefusal("unknown_fact", item.place, fact=name)
        return self._facts[name]


def title(item: DocumentItem) -> Title:
    """A title with both languages."""
    with item.map() as words:
        return Title(words.get("zh").text(), words.get("en").text())


def _catalogue(document: DocumentMap) -> Catalogue:
    facts: dict[str, FactName] = {}
    with document, document.get("facts").map() as rows:
        for name, item in rows:
            with item.map() as row:
                unit = row.get("unit")
                if unit.text() not in UNITS_OF_MEASURE:
                    known = ", ".join(sorted(UNITS_OF_MEASURE))
                    raise EngineRefusal("unknown_unit", unit.place, unit=unit.text(), known=known)
                facts[name] = FactName(
                    name, title(row.get("title")), unit.text(), row.get("scale").number(), row.place
                )
    return Catalogue(facts)


def load_catalogue(path: Path) -> Catalogue:
    """Read a catalogue file."""
    return _catalogue(read_file(path))


def catalogue_from(text: str, file: str = "catalogue.yaml") -> Catalogue:
    """Read a catalogue from text."""
    return _catalogue(read_text(text, file))
