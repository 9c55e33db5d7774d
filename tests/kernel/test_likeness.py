"""How alike texts are, and finding those that nearly repeat one another."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingfeng.kernel.reading.likeness import Likenesses, SimilarText, evened, likeness


def repeated(many: list[str], threshold: int, block: int = 7) -> dict[int, SimilarText]:
    """What each text repeats of those before it, taken in block by block."""
    numbered = list(enumerate(many))
    index = Likenesses(threshold)
    found: dict[int, SimilarText] = {}
    for start in range(0, len(many), block):
        found |= index.nearest(
            numbered[start : start + block], lambda numbers: {number: many[number] for number in numbers}
        )
    return found


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
    assert all(near.likeness == 1000 for near in repeated([text, text], 1000).values())


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


def brute(many: list[str], threshold: int) -> dict[int, int]:
    """The best likeness each text has to one before it, where that reaches the threshold."""
    best = {
        at: max((likeness(many[at], many[before]) for before in range(at)), default=0)
        for at in range(len(many))
    }
    return {at: alike for at, alike in best.items() if alike >= threshold}


@pytest.mark.parametrize("threshold", [500, 600, 800])
def test_finds_at_least_nine_in_ten_of_what_comparing_all_with_all_finds_and_nothing_else(threshold):
    many = made(7, 240)
    wanted = brute(many, threshold)
    found = repeated(many, threshold)
    assert found.keys() <= wanted.keys()
    assert len(found) >= 0.9 * len(wanted) > 0
    assert sum(found[at].likeness == wanted[at] for at in found) >= 0.9 * len(found)


@settings(deadline=None, max_examples=25)
@given(st.lists(texts, max_size=12), st.integers(1, 1000))
def test_whatever_it_finds_comes_earlier_and_reaches_the_threshold(many, threshold):
    for at, near in repeated(many, threshold, 3).items():
        assert near.number < at
        assert near.likeness == likeness(many[near.number], many[at]) >= threshold


@settings(deadline=None, max_examples=25)
@given(st.lists(texts, max_size=12))
def test_nothing_that_repeats_an_earlier_text_is_missed(many):
    found = {at for at, near in repeated(many, 900).items() if near.likeness == 1000}
    said = [evened(text) for text in many]
    assert found >= {at for at, text in enumerate(said) if text and text in said[:at]}


def test_a_text_sent_by_thousands_is_told_of_with_the_first_of_them_only():
    found = repeated(["路灯不亮"] * 3000, 600, 250)
    assert found == {at: SimilarText(0, 1000) for at in range(1, 3000)}


def test_a_text_that_thousands_vary_is_found_to_be_like_one_before():
    many = [f"城南路灯第{at}号不亮，请派人核实并尽快修复，谢谢" for at in range(2000)]
    assert len(repeated(many, 600, 250)) == 1999


def test_the_most_alike_is_told_of_and_what_was_only_taken_in_counts():
    earlier = ["朝阳路的路灯坏了三天没人来修", "东风小区夜间施工噪声扰民", "朝阳路路灯坏了三天没人修"]
    index = Likenesses(400)
    index.take(list(enumerate(earlier)))
    found = index.nearest(
        [(3, "朝阳路路灯坏了三天，没人修！"), (4, "补缴社保"), (5, "……")],
        lambda numbers: {at: earlier[at] for at in numbers},
    )
    assert found == {3: SimilarText(2, 1000)}


def test_a_text_that_is_gone_meanwhile_is_passed_over():
    index = Likenesses(500)
    index.take([(0, "朝阳路的路灯坏了三天没人来修")])
    assert index.nearest([(1, "朝阳路的路灯坏了三天没人来修")], lambda numbers: {}) == {}


@pytest.mark.parametrize("block", [1, 16, 120])
def test_the_same_texts_give_the_same_answer_however_they_are_cut(block):
    many = made(11, 120)
    assert repeated(many, 500, block).keys() == repeated(list(many), 500, 40).keys()


def test_an_index_of_nothing_finds_nothing():
    assert repeated([], 500) == repeated(["", "。"], 500) == {}


@pytest.mark.parametrize("threshold", [0, 1001])
def test_a_threshold_outside_the_scale_is_refused(threshold):
    with pytest.raises(ValueError, match="1 to 1000"):
        Likenesses(threshold)
