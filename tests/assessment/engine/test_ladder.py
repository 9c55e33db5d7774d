"""The ladder proposes with its rank, list, chance and clause, and changes nothing."""

import copy

import pytest

from qingfeng.assessment.engine import PlainReader, assess, chances_for, ladder_from, propose, standings_from
from qingfeng.assessment.engine.scoring import SchemeScores
from tests.assessment.engine.test_golden_runs import WORLD

LADDER = """
ladder: last-place
title: {zh: 末位淘汰, en: Bottom-rank ladder}
clause: 末位淘汰办法
scheme: above
lists: overall
applies_to: ranked
tied: all
rungs:
  - {id: in_post, title: {zh: 在职, en: In post}, falls: {last_places: 1, to: acting}}
  - id: acting
    title: {zh: 代理, en: Acting}
    term_months: 3
    falls: {last_places: 2, to: removed}
    otherwise: in_post
  - {id: removed, title: {zh: 淘汰, en: Removed}}
"""


@pytest.fixture(scope="module")
def schemes() -> dict[str, SchemeScores]:
    found = assess([WORLD.book], WORLD.period, WORLD.known_at, PlainReader(WORLD.facts()))["1"]
    return dict(found.schemes)


def test_one_list_over_all_groups_has_one_last(schemes: dict[str, SchemeScores]) -> None:
    ladder = ladder_from(LADDER)
    proposals, held = propose(ladder, schemes["above"], (), chances_for(ladder, schemes["above"], schemes))
    last = [each.subject for each in proposals]
    assert last == ["person:2", "unit:3"]
    assert {(each.from_below, each.size, each.total) for each in proposals} == {(1, 5, 300)}
    assert all(each.clause == "末位淘汰办法" and 0 < each.chance <= 1 for each in proposals)
    assert held == []


def test_each_group_has_a_last_of_its_own(schemes: dict[str, SchemeScores]) -> None:
    ladder = ladder_from(LADDER.replace("lists: overall", "lists: by_group"))
    proposals, _ = propose(ladder, schemes["above"], ())
    assert {(each.subject, each.size) for each in proposals} == {("person:2", 2), ("unit:3", 3)}
    assert [each.chance for each in proposals] == [None, None]


def test_a_tie_reaching_beyond_the_places_is_held_back_where_the_ladder_says_so(
    schemes: dict[str, SchemeScores],
) -> None:
    ladder = ladder_from(LADDER.replace("tied: all", "tied: none"))
    proposals, held = propose(ladder, schemes["above"], ())
    assert proposals == []
    assert {(each.subject, each.reason) for each in held} == {("person:2", "tied"), ("unit:3", "tied")}


def test_the_end_of_the_ladder_is_the_end(schemes: dict[str, SchemeScores]) -> None:
    standings = standings_from(
        'standings: [{subject: "unit:3", rung: removed, from: 2013-01-01, recorded_at: 2013-01-01T00:00:00Z}]'
    )
    _, held = propose(ladder_from(LADDER), schemes["above"], standings)
    assert [(each.subject, each.reason) for each in held] == [("unit:3", "end_of_ladder")]


def test_a_proposal_changes_nothing(schemes: dict[str, SchemeScores]) -> None:
    before = copy.deepcopy(schemes["above"])
    propose(ladder_from(LADDER), schemes["above"], ())
    assert before.total.tolist() == schemes["above"].total.tolist()
    assert before.ranking.rank.tolist() == schemes["above"].ranking.rank.tolist()
