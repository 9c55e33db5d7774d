"""How alike texts are, and finding those that nearly repeat one another."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingfeng.kernel.likeness import Likenesses, Pair, evened, likeness

texts = st.text("路灯不亮已三天请尽快修复了 ，。Aa1１ａ", max_size=30)


@given(texts, texts)
def test_is_the_same_from_either_side_and_within_its_scale(a, b):
    assert likeness(a, b) == likeness(b, a)
    assert 0 <= likeness(a, b) <= 1000


@given(texts)
def test_a_text_is_wholly_like_itself_unless_it_says_nothing(text):
    assert likeness(text, text) == (1000 if evened(text) else 0)


@given(st.text(max_size=20))
def test_any_text_at_all_has_a_likeness(text):
    assert likeness(text, text) in (0, 1000)
    assert all(near.likeness == 1000 for near in Likenesses([text], 1000).nearest(text))


@given(texts, st.sampled_from((" ", "\n", "，", "！！", "　", "\t-")))
def test_spaces_and_punctuation_do_not_count(text, mark):
    assert likeness(mark.join(text), text) == (1000 if evened(text) else 0)


def test_width_and_case_do_not_count():
    assert likeness("Ｂ座１２０３室漏水", "b座1203室漏水") == 1000


@pytest.mark.parametrize(
    ("a", "b", "alike"),
    [
        ("路灯不亮", "路灯不亮了", 750),
        ("路灯不亮", "噪声扰民", 0),
        ("亮", "亮", 1000),
        ("亮", "亮了", 0),
        ("", "", 0),
        ("一二三四", "一二三五", 500),
    ],
)
def test_counts_the_pairs_of_characters_in_common(a, b, alike):
    assert likeness(a, b) == alike


def made(seed: int, many: int, length: int = 60) -> list[str]:
    """Texts of random characters, each third one a changed copy of one before it, no two the same."""
    draw = random.Random(seed)
    signs = [chr(0x4E00 + at) for at in range(3000)]
    found: list[str] = []
    for at in range(many):
        if at % 3 == 2:
            copied = list(found[draw.randrange(len(found))])
            for _ in range(draw.randrange(1, 12)):
                copied[draw.randrange(len(copied))] = draw.choice(signs)
            found.append("".join(copied))
        else:
            found.append("".join(draw.choices(signs, k=length)))
    return found


def brute(many: list[str], threshold: int) -> set[Pair]:
    pairs = (
        Pair(one, other, likeness(many[one], many[other]))
        for one in range(len(many))
        for other in range(one + 1, len(many))
    )
    return {pair for pair in pairs if pair.likeness >= threshold}


@pytest.mark.parametrize("threshold", [500, 600, 800])
def test_finds_at_least_nine_in_ten_of_what_comparing_all_with_all_finds_and_nothing_else(threshold):
    many = made(7, 240)
    wanted = brute(many, threshold)
    found = set(Likenesses(many, threshold).pairs())
    assert found <= wanted
    assert len(found) >= 0.9 * len(wanted) > 0


@settings(deadline=None, max_examples=25)
@given(st.lists(texts, max_size=12), st.integers(1, 1000))
def test_whatever_it_finds_reaches_the_threshold(many, threshold):
    for pair in Likenesses(many, threshold).pairs():
        assert pair.first < pair.second
        assert pair.likeness == likeness(many[pair.first], many[pair.second]) >= threshold


@settings(deadline=None, max_examples=25)
@given(st.lists(texts, max_size=12))
def test_nothing_that_repeats_an_earlier_text_is_missed(many):
    found = {pair.second for pair in Likenesses(many, 900).pairs() if pair.likeness == 1000}
    said = [evened(text) for text in many]
    assert found >= {at for at, text in enumerate(said) if text and text in said[:at]}


def test_a_text_sent_by_thousands_is_paired_with_the_first_of_them_only():
    assert Likenesses(["路灯不亮"] * 3000, 600).pairs() == [Pair(0, at, 1000) for at in range(1, 3000)]


def test_the_nearest_come_first():
    many = ["朝阳路的路灯坏了三天没人来修", "东风小区夜间施工噪声扰民", "朝阳路路灯坏了三天没人修"]
    found = Likenesses(many, 400).nearest("朝阳路路灯坏了三天，没人修！")
    assert [near.place for near in found] == [2, 0]
    assert found[0].likeness == 1000
    assert Likenesses(many, 400).nearest("补缴社保") == Likenesses(many, 400).nearest("……") == []


def test_the_same_texts_give_the_same_pairs():
    many = made(11, 120)
    assert Likenesses(many, 500).pairs() == Likenesses(list(many), 500).pairs()


def test_an_index_of_nothing_finds_nothing():
    assert Likenesses([], 500).pairs() == Likenesses(["", "。"], 500).pairs() == []
    assert Likenesses([], 500).nearest("路灯") == []


@pytest.mark.parametrize("threshold", [0, 1001])
def test_a_threshold_outside_the_scale_is_refused(threshold):
    with pytest.raises(ValueError, match="1 to 1000"):
        Likenesses([], threshold)
