"""Golden runs: what each version of each method gave when it was released, to the digit, for ever.

``python -m tests.assessment.engine.test_golden_runs`` writes the runs of new versions and touches no old one.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from qingfeng.assessment.engine import ParquetReader, PlainReader, assess, traces
from qingfeng.assessment.engine.methods import METHODS
from tests.assessment.engine.cases import Case, plain
from tests.assessment.engine.checks import check_outcome
from tests.assessment.engine.support import write_facts

FOLDER = Path(__file__).parent / "golden"
WORLD = Case("world.yaml", plain((FOLDER / "world.yaml").read_text(encoding="utf-8")), {"name": "golden"})
LABELS = sorted(method.label for method in METHODS.values())


def golden(label: str) -> Path:
    return FOLDER / f"{label.replace('/', '-')}.json"


def run(reader: Any) -> dict[str, list[dict[str, Any]]]:
    """The traces of the golden world by method and version."""
    outcome = assess([WORLD.book], WORLD.period, WORLD.known_at, reader)["1"]
    found: dict[str, list[dict[str, Any]]] = {label: [] for label in LABELS}
    for id, scores in outcome.schemes.items():
        for subject in scores.subjects:
            for trace in traces(outcome, id, subject):
                found[trace.method].append(json.loads(json.dumps(trace.data())))
    return found


@pytest.mark.parametrize("label", LABELS)
def test_a_released_version_gives_what_it_gave(label: str, tmp_path: Path) -> None:
    expected = json.loads(golden(label).read_text(encoding="utf-8"))
    assert expected
    assert run(ParquetReader(write_facts(tmp_path, WORLD.facts())))[label] == expected


def test_the_golden_world_recomputes() -> None:
    outcome = assess([WORLD.book], WORLD.period, WORLD.known_at, PlainReader(WORLD.facts()))["1"]
    check_outcome(outcome)
    totals = dict(zip(outcome["golden"].subjects, outcome["golden"].total.tolist(), strict=True))
    assert totals == {"unit:1": 6854, "unit:2": 8683, "unit:3": 5999}


def write() -> None:
    for label, found in run(PlainReader(WORLD.facts())).items():
        if not golden(label).exists():
            text = json.dumps(found, ensure_ascii=False, indent=1)
            golden(label).write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
