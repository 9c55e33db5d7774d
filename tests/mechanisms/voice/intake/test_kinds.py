"""Kinds are suggested from examples: the same ones give the same, and too few give nothing."""

import pytest

from qingfeng.mechanisms.voice.intake.kinds import MessageText, learned

LAMPS = [
    MessageText(f"路灯坏了{at}盏", f"某路第{at}盏路灯不亮，夜里看不清，请派人维修路灯。") for at in range(12)
]
DESKS = [
    MessageText(f"窗口没人{at}次", f"社保窗口无人值守，等了{at}个小时，窗口工作人员不在岗。")
    for at in range(12)
]
FORMS = [
    MessageText(f"表格重复报送{at}张", f"同一数据要填{at}张表格，各科室重复要报表。") for at in range(12)
]
EXAMPLES, KINDS = [*LAMPS, *DESKS, *FORMS], ["lamp"] * 12 + ["desk"] * 12 + ["form"] * 12


def test_a_message_like_the_examples_of_a_kind_is_taken_for_that_kind() -> None:
    model = learned(EXAMPLES, KINDS)
    assert model is not None
    found = model.suggestions(
        [
            MessageText("路灯不亮", "门口路灯坏了"),
            MessageText("窗口", "窗口没有人"),
            MessageText("", "又要填表格"),
        ]
    )
    assert [one.first for one in found] == ["lamp", "desk", "form"]
    for one in found:
        assert one.first != one.second
        assert 1000 >= one.share >= one.second_share >= 0
        assert one.share + one.second_share <= 1000


def test_a_message_like_none_of_them_gets_a_smaller_share() -> None:
    model = learned(EXAMPLES, KINDS)
    assert model is not None
    like, unlike = model.suggestions([LAMPS[0], MessageText("？", "zzz")])
    assert unlike.share < like.share


def test_the_same_examples_give_the_same_suggestions() -> None:
    asked = [MessageText("路灯和窗口", "路灯坏了，窗口没人"), *FORMS[:3]]
    one, other = learned(EXAMPLES, KINDS), learned(list(EXAMPLES), list(KINDS))
    assert one is not None
    assert other is not None
    assert one.suggestions(asked) == other.suggestions(asked)
    assert one.suggestions([]) == []


def test_two_kinds_are_enough() -> None:
    model = learned([*LAMPS, *DESKS], ["lamp"] * 12 + ["desk"] * 12)
    assert model is not None
    assert model.suggestions([MessageText("路灯", "路灯坏了")])[0][::2] == ("lamp", "desk")


@pytest.mark.parametrize("kinds", [["lamp"] * 24, ["lamp"] * 22 + ["desk"] * 2])
def test_from_fewer_than_two_kinds_with_examples_enough_nothing_is_learned(kinds: list[str]) -> None:
    assert learned([*LAMPS, *DESKS], kinds) is None
    assert learned([], []) is None
