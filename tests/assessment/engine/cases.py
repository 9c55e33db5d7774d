"""Cases a clerk can read: one YAML file sets a scene, its cases say which facts come and what must follow."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from qingfeng.assessment.engine import (
    AssessmentPeriod,
    FactRow,
    SchemeBook,
    catalogue_from,
    roster_from,
    scheme_from,
)
from qingfeng.assessment.engine.rounding import scaled
from qingfeng.assessment.engine.scheme.catalogue import Catalogue
from tests.assessment.engine.support import moment

FOLDER = Path(__file__).parents[2] / "scenarios" / "assessment"


def plain(text: str) -> Any:
    """YAML with every value as it is written: no number, date or yes and no is guessed."""
    return yaml.load(text, Loader=yaml.BaseLoader)


@dataclass(frozen=True)
class Case:
    """One case with its scene."""

    file: str
    scene: Mapping[str, Any]
    case: Mapping[str, Any]

    @property
    def id(self) -> str:
        return f"{self.file}: {self.case['name']}"

    def get(self, key: str, default: Any = None) -> Any:
        """What the case says, or else the scene."""
        return self.case.get(key, self.scene.get(key, default))

    @property
    def catalogue(self) -> Catalogue:
        return catalogue_from(self.scene["catalogue"], self.file)

    @property
    def book(self) -> SchemeBook:
        schemes = tuple(scheme_from(text, self.catalogue, self.file) for text in self.get("schemes"))
        roster = self.get("roster") + self.case.get("roster_goes_on", "")
        return SchemeBook(schemes, roster_from(roster, self.file))

    @property
    def period(self) -> AssessmentPeriod:
        return AssessmentPeriod.parse(str(self.get("period")))

    @property
    def known_at(self) -> dt.datetime:
        return moment(str(self.get("known_at")))

    def facts(self) -> list[FactRow]:
        """The scene's facts and then the case's, numbered in order; ``times`` repeats, ``cancels``
        reverses.
        """
        declared = plain(self.scene["catalogue"])["facts"]
        facts: list[FactRow] = []
        named: dict[str, FactRow] = {}
        for row in [*self.scene.get("facts", []), *self.case.get("facts", [])]:
            recorded = moment(str(row.get("recorded", self.get("recorded"))))
            if "cancels" in row:
                of = named[row["cancels"]]
                number = len(facts) + 1
                facts.append(
                    FactRow(
                        number,
                        of.jurisdiction,
                        of.name,
                        of.subject,
                        -of.quantity,
                        of.scale,
                        of.unit,
                        of.held_on,
                        recorded,
                        number,
                        of.id,
                    )
                )
                continue
            kind = declared[row["fact"]]
            for subject in row["for"] if isinstance(row["for"], list) else [row["for"]]:
                for _ in range(int(row.get("times", 1))):
                    number = len(facts) + 1
                    fact = FactRow(
                        number,
                        str(row.get("in", plain(self.get("roster"))["jurisdiction"])),
                        row["fact"],
                        subject,
                        scaled(str(row.get("amount", 1)), int(kind["scale"])),
                        int(kind["scale"]),
                        str(kind["unit"]),
                        dt.date.fromisoformat(str(row["on"])),
                        recorded,
                        number,
                    )
                    facts.append(fact)
                    if "as" in row:
                        named[row["as"]] = fact
        return facts


def all_cases() -> Iterator[Case]:
    """Every case of every file."""
    for path in sorted(FOLDER.glob("*.yaml")):
        scene = plain(path.read_text(encoding="utf-8"))
        for case in scene.pop("cases"):
            yield Case(path.name, scene, case)
