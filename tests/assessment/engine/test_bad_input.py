"""Every refusal has a case file of its own that asserts its words, and leaves nothing behind."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from qingfeng.assessment.engine import (
    EngineRefusal,
    FactRow,
    ParquetReader,
    assess,
    catalogue_from,
    roster_from,
    scheme_from,
)
from qingfeng.assessment.engine.ladder import ladder_from, propose, standings_from
from qingfeng.assessment.engine.refusal_words import REFUSALS
from qingfeng.assessment.engine.store import save
from tests.assessment.engine.cases import Case, plain
from tests.assessment.engine.support import write_facts

FOLDER = Path(__file__).parent / "bad_input"
SOUND = (FOLDER / "sound.yaml").read_text(encoding="utf-8")


def read(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = plain(path.read_text(encoding="utf-8"))
    return found


def refusal_of(bad: Mapping[str, Any], folder: Path) -> EngineRefusal | None:
    """Change the sound world as the file says and do what it says refuses."""
    text = SOUND
    for change in bad.get("change", []):
        assert change["from"] in text
        text = text.replace(change["from"], change["to"], 1)
    world = plain(text)
    if "becomes" in bad:
        world["schemes"][0] = bad["becomes"]
    if "roster_goes_on" in bad:
        world["roster"] += bad["roster_goes_on"]
    try:
        attempt(bad, Case("sound.yaml", world, {"name": "bad"}), folder)
    except EngineRefusal as refusal:
        return refusal
    return None


def attempt(bad: Mapping[str, Any], case: Case, folder: Path) -> None:
    """Load, run or store, as the file says."""
    kind, scene = bad["refused_by"], case.scene
    if kind == "catalogue":
        catalogue_from(scene["catalogue"], "catalogue.yaml")
    elif kind == "scheme":
        scheme_from(scene["schemes"][0], case.catalogue, "scheme.yaml")
    elif kind == "roster":
        roster_from(scene["roster"], "roster.yaml")
    else:
        run(bad, case, folder)


def run(bad: Mapping[str, Any], case: Case, folder: Path) -> None:
    facts = case.facts()
    if bad["refused_by"] == "measure":
        first = facts[0]
        facts[0] = FactRow(**{**vars(first), "unit": "fen", "scale": 2})
    write_facts(folder / "facts", facts)
    for path in (folder / "facts").glob("*.parquet"):
        if "file_after" in bad:
            rewrite(path, bad["file_after"])
    outcomes = assess([case.book], case.period, case.known_at, ParquetReader(folder / "facts"))
    if bad["refused_by"] == "store":
        (folder / "results").mkdir()
    if bad["refused_by"] == "ladder":
        ladder = ladder_from(case.scene["ladder"])
        standings = standings_from(case.scene["standings"])
        propose(ladder, outcomes["321311"][ladder.scheme], standings)
    save(outcomes, folder / "results")


def rewrite(path: Path, change: str) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE facts AS SELECT * FROM read_parquet('{path}')")
        connection.execute(change)
        connection.execute(f"COPY facts TO '{path}' (FORMAT parquet)")


BAD = sorted(path for path in FOLDER.glob("*.yaml") if path.name != "sound.yaml")


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_input_is_refused_in_these_words(path: Path, tmp_path: Path) -> None:
    bad = read(path)
    refusal = refusal_of(bad, tmp_path)
    assert refusal is not None
    assert refusal.code == path.stem
    assert refusal.words("zh") == bad["says"]
    assert refusal.words("en") == bad["in_english"]
    left = {each.name for each in tmp_path.iterdir()} - {"facts"}
    assert left == ({"results"} if bad["refused_by"] == "store" else set())


def test_the_sound_world_is_not_refused(tmp_path: Path) -> None:
    assert refusal_of({"refused_by": "run"}, tmp_path) is None
    assert (tmp_path / "results" / "run.json").exists()


def test_every_refusal_has_a_case_file() -> None:
    assert {path.stem for path in BAD} == set(REFUSALS)
