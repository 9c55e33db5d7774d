"""The acceptance scenarios on paper: every case in tests/scenarios/assessment, by both readers,
recomputed.
"""

from pathlib import Path
from typing import Any

import pytest

from qingfeng.assessment.engine import (
    EngineRefusal,
    ParquetReader,
    PlainReader,
    assess,
    decimal,
    growth,
    rate,
)
from qingfeng.assessment.engine.ladder import ladder_from, propose, standings_from
from qingfeng.assessment.engine.rounding import scaled
from qingfeng.assessment.engine.scoring import SchemeScores, Standing, Status
from tests.assessment.engine.cases import Case, all_cases
from tests.assessment.engine.checks import check_outcome, same
from tests.assessment.engine.support import write_facts

CASES = list(all_cases())
FIGURES = {"growth": growth, "rate": rate}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_the_case_says_comes_out(case: Case, tmp_path: Path) -> None:
    facts = case.facts()
    reader = ParquetReader(write_facts(tmp_path, facts))
    if "refused" in case.case:
        with pytest.raises(EngineRefusal) as refusal:
            assess([case.book], case.period, case.known_at, reader)
        assert case.case["refused"] in refusal.value.words()
        return
    for figure in case.case.get("figures", []):
        places = int(figure["places"])
        now, other = (scaled(str(figure[key]), 6) for key in figure["of"])
        for rounding in ("gbt8170", "half_up"):
            value = FIGURES[figure["take"]](now, other, places=places, rounding=rounding)
            assert decimal(value, places) == figure["is"], figure
    if "expect" not in case.case and "ladder" not in case.case:
        return
    outcomes = assess([case.book], case.period, case.known_at, reader)
    same(outcomes, assess([case.book], case.period, case.known_at, PlainReader(facts)))
    outcome = outcomes[case.book.jurisdiction]
    check_outcome(outcome)
    for id, expected in case.case.get("expect", {}).items():
        for subject, says in expected.items():
            assert_score(outcome[id], subject, says)
    if "ladder" in case.case:
        assert_ladder(case, outcome.schemes)


def assert_score(scores: SchemeScores, subject: str, says: dict[str, Any]) -> None:
    at, places = scores.at(subject), scores.scheme.scoring.places
    found: dict[str, Any] = {
        "total": decimal(int(scores.total[at]), places),
        "plain": decimal(int(scores.plain[at]), places),
        "rank": str(scores.ranking.rank[at]),
        "from_below": str(scores.ranking.from_below[at]),
        "of": str(scores.ranking.size[at]),
        "standing": Standing(int(scores.standing[at])).name.lower(),
    }
    for scored in scores.indicators:
        found[f"points of {scored.indicator.id}"] = decimal(int(scored.points[at]), places)
        found[f"status of {scored.indicator.id}"] = Status(int(scored.status[at])).name.lower()
    assert {key: found[key] for key in says} == says, subject


def assert_ladder(case: Case, schemes: dict[str, SchemeScores]) -> None:
    says = case.case["ladder"]
    ladder = ladder_from(case.scene["ladder"], case.file)
    standings = standings_from(says["standings"], case.file) if "standings" in says else ()
    proposals, held = propose(ladder, schemes[ladder.scheme], standings)
    assert {each.subject: f"{each.from_rung} -> {each.to_rung}" for each in proposals} == says["proposes"]
    assert {each.subject: each.reason for each in held} == says.get("holds_back", {})
