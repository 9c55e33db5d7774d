"""The explanation a unit clerk reads, in both languages, and the same as data."""

import json

import pytest

from qingfeng.assessment.engine import JurisdictionScores, PlainReader, assess
from qingfeng.assessment.engine.explain import explain, explanation
from qingfeng.assessment.engine.explain_words import SENTENCES
from qingfeng.assessment.engine.refusal_words import REFUSALS
from tests.assessment.engine.cases import all_cases
from tests.assessment.engine.test_golden_runs import WORLD


@pytest.fixture(scope="module")
def outcome() -> JurisdictionScores:
    return assess([WORLD.book], WORLD.period, WORLD.known_at, PlainReader(WORLD.facts()))["1"]


def test_a_clerk_reads_each_step_in_chinese(outcome: JurisdictionScores) -> None:
    text = explain(outcome, "golden", "unit:1")
    assert "甲（unit:1）2013Q2《样例》得 68.54 分，在“单位”3 家中列第 2 位。" in text
    assert "完成率：13.89 分（满分 25.00）。完成 33.33，目标 60.01，完成率 55.5407… %" in text
    assert "按权重计 13.8851… 分，四舍六入五成双修约为 13.89 分。 依据：第一条。" in text
    assert "staff 5 票平均 80（权重 60 %），票少，已向同序列均值 77 收缩" in text
    assert "违规2，每项计1.25分" in text


def test_the_same_in_english(outcome: JurisdictionScores) -> None:
    text = explain(outcome, "golden", "unit:1", "en")
    assert "甲 (unit:1) scored 68.54 in 'Golden' for 2013Q2, rank 2 of 3 in 'Units'." in text
    assert (
        "Reached 33.33 of 60.01, 55.5407… %; on the weight 13.8851…, rounded half to even to 13.89." in text
    )
    assert not any("一" <= sign <= "鿿" for sign in text.replace("甲", "").replace("第一条", ""))


def test_what_was_set_aside_is_told_with_both_totals(outcome: JurisdictionScores) -> None:
    text = explain(outcome, "golden", "unit:2")
    assert "经决定属担当保护，本项剔除（决定：考1号）" in text
    assert "剔除 25.00 分权重后" in text
    assert "若不剔除、不容错，总分为" in text


def test_a_veto_is_told(outcome: JurisdictionScores) -> None:
    text = explain(outcome, "golden", "unit:3")
    assert "共 4 件，触发一票否决，总分不高于 59.99 分" in text
    assert "按方案的上限、下限或一票否决，总分定为 59.99 分" in text


def test_linked_and_composite_scores_say_where_they_come_from(outcome: JurisdictionScores) -> None:
    text = explain(outcome, "above", "person:1")
    assert "取自捆绑单位：unit:1 68.54 分（份额 182）；unit:2 86.83 分（份额 46）" in text
    assert "取自《golden》68.54 分" in explain(outcome, "above", "unit:1")


def test_the_data_is_plain_and_holds_every_trace(outcome: JurisdictionScores) -> None:
    data = json.loads(json.dumps(explanation(outcome, "golden", "unit:2")))
    assert [each["indicator"] for each in data["indicators"]] == [
        each.id for each in outcome["golden"].scheme.indicators
    ]
    assert data["decisions"] == {"attainment_1": "考1号"}
    assert (data["total"], data["rank"], data["of"]) == (8683, 1, 3)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_scenarios_scores_can_be_explained(language: str) -> None:
    for case in all_cases():
        if "expect" not in case.case:
            continue
        found = assess([case.book], case.period, case.known_at, PlainReader(case.facts()))
        for each in found.values():
            for id, scores in each.schemes.items():
                for subject in scores.subjects:
                    assert explain(each, id, subject, language)


def test_every_sentence_stands_in_both_languages_with_the_same_blanks() -> None:
    for words in (*SENTENCES.values(), *REFUSALS.values()):
        zh, en = ({part.split("}")[0] for part in words[key].split("{")[1:]} for key in ("zh", "en"))
        assert zh == en
