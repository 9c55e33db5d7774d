"""Money is read as people write it, or refused: nothing is guessed, nothing rounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingfeng.kernel.money import FenField, UnreadableAmount, Yuan, read_yuan, yuan

AMOUNTS = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1234.5", 123450),
        ("1,234.50", 123450),
        ("￥1,234.50元", 123450),
        ("¥ 1234", 123400),
        ("1.2万元", 1200000),
        ("1.2 万", 1200000),
        ("3.00005万", 3000050),
        ("2亿", 2 * 10**10),
        ("300百万元", 3 * 10**10),
        ("１，２３４．５０元", 123450),
        ("人民币100元整", 10000),
        ("rmb 5", 500),
        ("-12.30", -1230),
        ("¥-1", -100),
        ("0", 0),
    ],
)
def test_the_usual_ways_are_read(text: str, fen: int) -> None:
    assert read_yuan(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "", "元", "1,23", "1,2345", "12,34.5", "1.234,50", "1.234", "1.23456789万", "1 234", "1.", ".5", "约100",
        "100-200", "$5", "5美元", "10²", "½", "一百", "三十元五角", "1e5", "--5", "-¥-5", "(5)", "٣", "1.2万3", "0x10",
    ],
)  # fmt: skip
def test_what_could_be_meant_otherwise_is_refused(text: str) -> None:
    with pytest.raises(UnreadableAmount, match="元"):
        read_yuan(text)


@given(AMOUNTS)
def test_what_is_shown_reads_back(fen: int) -> None:
    assert read_yuan(yuan(fen)) == fen
    assert read_yuan(f"￥{yuan(fen)}元") == fen
    assert read_yuan(yuan(fen).replace(",", "")) == fen


@given(AMOUNTS)
def test_full_width_means_the_same(fen: int) -> None:
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in yuan(fen))
    assert read_yuan(wide) == fen


@given(st.integers(0, 10**9), st.integers(0, 9999))
def test_ten_thousands_are_exact(whole: int, part: int) -> None:
    assert read_yuan(f"{whole}.{part:04}万") == (whole * 10000 + part) * 100


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        said: object = read_yuan(text)
    except UnreadableAmount as refused:
        said = str(refused.sentence)
    assert isinstance(said, int) or said


@given(AMOUNTS, st.integers(-100, 100))
def test_bounds_hold_and_whole_numbers_are_fen(fen: int, most: int) -> None:
    marker = Yuan(least=0, most=most)
    if 0 <= fen <= most:
        assert marker.read(fen) == fen
    else:
        with pytest.raises(UnreadableAmount, match=r"不得(少于|超过)"):
            marker.read(fen)


@pytest.mark.parametrize("raw", [True, 1.5, None, [1], {"yuan": 1}])
def test_no_other_type_is_money(raw: object) -> None:
    with pytest.raises(UnreadableAmount, match="无法确定这是多少金额"):
        Yuan().read(raw)


def test_a_column_of_fen_leaves_no_trace_in_migrations() -> None:
    assert FenField().deconstruct()[1] == "django.db.models.BigIntegerField"
